"""`shopwire import`: articles that were extracted elsewhere go through the same steps as crawled ones."""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import click
from rich.progress import track

from shopwire.commands.imports.pages import BrokenFileError, import_pages, is_warc
from shopwire.pipelines.article import COLUMNS, Article
from shopwire.pipelines.deduplication.fingerprint import hash_text
from shopwire.pipelines.metadata.date_candidates import WIDEST_ZONE
from shopwire.pipelines.metadata.date_formats import parse_machine_date
from shopwire.pipelines.metadata.dates import CHINA_ZONE
from shopwire.pipelines.nlp.language import detect_language
from shopwire.pipelines.store_article import StoreResult, load_stored, upsert_article
from shopwire.pipelines.sweep_boilerplate import sweep_boilerplate
from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.storage.crawl_log.fetches import record_fetch
from shopwire.storage.crawl_log.runs import declare_host
from shopwire.storage.database import Store
from shopwire.storage.paths import get_store_path
from shopwire.storage.text.characters import SURROGATES
from shopwire.storage.text.site import find_site
from shopwire.storage.timestamps import format_now
from shopwire.storage.writer import StoreWriter

ALL_FAILED, PARTLY_FAILED = 1, 3
EXTRACTOR: Final = "import"
# What a line may give as text; it must give `url` and `text`.
FIELDS: Final = tuple(name for name, column in COLUMNS.items() if column.importable)

# JSON can write half of a surrogate pair, which no file takes. As in HTML (13.2.5.80) a sign stands for it.
HALF = re.compile(f"[{SURROGATES}]")


class RejectedError(Exception):
    """A line that holds no article; the message says why."""


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(file: Path, as_json: bool) -> None:
    """Take the articles of FILE: one JSON object a line, or the pages of a WARC file.

    Pages (.warc, .warc.gz, such as those of CC-NEWS) are refined as crawled ones are; those that are
    stored already are passed over. A JSON object has url and text, and may have source, title,
    published, author, origin and image; what it does not say of an article that is stored already
    stays as it was. Without a source an article belongs to the host of its address. Lines that are
    no article are named and left out. Exit code 0: all were taken, 1: none, 3: some were not.
    """
    outcomes: Counter[str] = Counter()
    breaks_off = False
    with Store(get_store_path()) as store:
        if is_warc(file):
            try:
                outcomes.update(kept.outcome for kept in import_pages(store, file))
            except BrokenFileError as error:
                click.echo(error, err=True)
                breaks_off = True
        else:
            _import_lines(store, file, outcomes)
        for site in store.rows("SELECT name FROM sources"):
            sweep_boilerplate(store, site["name"])
    click.echo(json.dumps(outcomes) if as_json else _summary(outcomes))
    taken = outcomes.total() - outcomes["rejected"]
    if outcomes["rejected"] or breaks_off:
        sys.exit(PARTLY_FAILED if taken else ALL_FAILED)


def _import_lines(store: Store, file: Path, outcomes: Counter[str]) -> None:
    with file.open("rb") as lines, closing(StoreWriter(store.path)) as writer:
        count = sum(1 for _ in lines)
        lines.seek(0)
        wanted = track(lines, "articles", total=count, disable=not sys.stderr.isatty())
        for kept in writer.write_all(_articles(file, wanted, outcomes)):
            outcomes[kept.outcome] += 1


def _articles(
    file: Path, lines: Iterable[bytes], outcomes: Counter[str]
) -> Iterator[Callable[[Store], StoreResult]]:
    """What stores the article of each line. Of those that hold none it is said, and they are counted."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            article = read_article(line, format_now())
        except RejectedError as error:
            outcomes["rejected"] += 1
            click.echo(f"{file}:{number}: {error}", err=True)
        else:
            yield partial(import_article, article=article, size=len(line))


def import_article(store: Store, article: Article, size: int) -> StoreResult:
    """Store an article of so many bytes with its copies and its row in the crawl log."""
    with store.writing():
        declare_host(store, article.source, article.url, article.language)
        stored = load_stored(store, article.url)
        if stored is not None:
            article = _complete(article, stored.article)
        kept = upsert_article(store, stored, article, stored.archived_in if stored else "")
        record_fetch(
            store,
            {
                "run_id": None,
                "source": article.source,
                "kind": "import",
                "url": article.url,
                "at": article.fetched,
                "outcome": kept.outcome,
                "reason": kept.reason,
                "bytes": size,
                "article_id": kept.article_id,
            },
        )
    return kept


def read_article(line: bytes, fetched: str) -> Article:
    """The article of one JSON line, seen first at `fetched` (ISO 8601 with offset).

    Raises `RejectedError` where the line holds none.
    """
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RejectedError(f"this is no JSON: {error}") from error
    if not isinstance(said, dict):
        raise RejectedError("this is no JSON object")
    values = {name: _text(said, name) for name in FIELDS}
    url = get_canonical_url(values["url"])
    if not url:
        raise RejectedError(f"url is no address of the web: {values['url'][:100]!r}")
    text = "\n".join(part for row in values["text"].splitlines() if (part := row.strip()))
    if not text:
        raise RejectedError("text is empty")
    language = detect_language(text, values["title"])
    published = _published(values["published"], language, fetched)
    return Article(
        url=url,
        source=values["source"] or find_site(url),
        title=values["title"],
        text=text,
        language=language,
        fetched=fetched,
        extractor=EXTRACTOR,
        text_hash=hash_text(text),
        author=values["author"],
        origin=values["origin"],
        image=values["image"],
        published=published,
        published_from="import" if published else "",
    )


def _complete(article: Article, stored: Article) -> Article:
    """Return the article with the stored value of each field that the line does not give."""
    missing = {name: getattr(stored, name) for name in COLUMNS if getattr(article, name) in ("", None, ())}
    return replace(article, fetched=stored.fetched, **missing)


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RejectedError(f"{name} is no text: {value!r:.100}")
    return HALF.sub("\N{REPLACEMENT CHARACTER}", value).strip()


def _published(written: str, language: str, fetched: str) -> str:
    if not written:
        return ""
    moment = parse_machine_date(written)
    if moment is None:
        raise RejectedError(f"published is no date: {written[:100]!r}")
    zone = CHINA_ZONE if language == "zh" else UTC
    if moment.to_datetime(zone) > datetime.fromisoformat(fetched) + WIDEST_ZONE:
        raise RejectedError(f"published lies in the future: {written[:100]!r}")
    return moment.format(zone)


def _summary(outcomes: Counter[str]) -> str:
    if not outcomes:
        return "no articles in this file"
    return ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
