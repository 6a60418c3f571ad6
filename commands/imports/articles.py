"""`shopwire import`: stores articles that were extracted elsewhere, as if they had been crawled."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from shopwire.commands.common.exit_codes import get_exit_code
from shopwire.commands.common.extras import require_extra
from shopwire.commands.common.terminal import announce_new_store
from shopwire.commands.imports.article_lines import RejectedError, read_article
from shopwire.commands.imports.file_list import list_names
from shopwire.commands.imports.input_file import is_text, is_warc, list_lines, open_input
from shopwire.commands.imports.pages import import_pages
from shopwire.commands.imports.two_passes import (
    import_in_two_passes,
    place_files,
    place_here,
    refuse_other_files,
)
from shopwire.pipelines.article import COLUMNS, Article
from shopwire.pipelines.batch.place import Parts, clean_article
from shopwire.pipelines.batch.read_pages import Report
from shopwire.pipelines.batch.shards import MOST_PAGES
from shopwire.pipelines.locate_article import LocatedArticle, locate_article
from shopwire.pipelines.parsing.visible_text import tidy_line
from shopwire.pipelines.store_article import (
    StoreResult,
    record_addresses,
    record_other_address,
    upsert_article,
)
from shopwire.pipelines.sweep_boilerplate import sweep_boilerplate
from shopwire.storage.crawl_log.fetches import record_fetch
from shopwire.storage.crawl_log.forgotten import is_forgotten
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.crawl_log.runs import declare_host
from shopwire.storage.database import Store
from shopwire.storage.paths import get_store_path
from shopwire.storage.timestamps import format_now
from shopwire.storage.writer import StoreWriter


@click.command("import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
)
@click.option("--two-pass", is_flag=True, help="Read all WARC files before the first article is stored.")
@click.option(
    "--cluster", "is_cluster", is_flag=True, help="As --two-pass, but let workers extract the pages."
)
@click.option(
    "--shards-above",
    type=click.IntRange(min=0),
    default=MOST_PAGES,
    show_default=True,
    help="With --cluster: the number of pages above which workers place each month apart.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_files(
    files: tuple[Path, ...],
    *,
    two_pass: bool,
    is_cluster: bool,
    shards_above: int,
    as_json: bool,
) -> None:
    """Import the articles of each FILE: one JSON object a line, or the pages of a WARC file.

    FILE may be - for standard input; all may be gzip data. Pages (.warc, .warc.gz, such as those of CC-NEWS)
    are extracted like crawled ones; pages that are stored already are skipped. With --two-pass all pages are
    extracted first, so that the lines which repeat over a site are known before the first of its articles is
    stored, and the copies are the same whatever the order of the files. With --cluster the machines of
    `shopwire cluster work --refines` do that. The files must be in SHOPWIRE_CLUSTER_DIR; a FILE may also be a
    list of such, one name a line, as Common Crawl publishes them: see docs/cluster.md.
    A JSON object has url and text, and may have the other fields of `shopwire export`, whose files can be
    imported: source, title, author, editor, published, updated, fetched, language, origin, tags, views,
    comments, likes, image, and markdown (of the same text). If the article is stored already, missing fields
    keep their stored value. The default source is the host of the URL.
    Invalid lines, and records that hold no whole page, are reported and skipped. Exit code 0: all were
    imported, 1: none, 3: only some.
    """
    if is_cluster:
        require_extra("cluster", "celery", "a cluster")
    outcomes: Counter[str] = Counter()

    def remark(sentence: str) -> None:
        click.echo(tidy_line(sentence), err=True)

    def reject(sentence: str) -> None:
        outcomes["rejected"] += 1
        remark(sentence)

    with Store(get_store_path()) as store:
        announce_new_store(store)
        if two_pass or is_cluster:
            if is_cluster:
                results = _import_on_cluster(store, files, shards_above, reject, remark)
            else:
                refuse_other_files(files)
                results = import_in_two_passes(store, files, reject, remark)
            outcomes.update(result.outcome for result in results)
        else:
            for file in files:
                _import_file(store, file, outcomes, reject, remark)
        for site in store.rows("SELECT name FROM sources"):
            sweep_boilerplate(store, site["name"])
    click.echo(json.dumps(outcomes) if as_json else _format_summary(outcomes))
    sys.exit(get_exit_code(outcomes.total() - outcomes["rejected"], outcomes["rejected"]))


def _import_on_cluster(
    store: Store, files: Sequence[Path], most_pages: int, reject: Report, remark: Report
) -> Iterator[StoreResult]:
    # They import Celery, which is an extra.
    from shopwire.commands.cluster.months import place_by_month  # noqa: PLC0415
    from shopwire.commands.cluster.refine import refine_on_workers  # noqa: PLC0415

    def place(store: Store, paths: Sequence[Path], parts: Parts) -> Iterator[StoreResult]:
        return (place_by_month if parts.count() > most_pages else place_here)(store, paths, parts)

    yield from place_files(store, refine_on_workers(list_names(files), reject), reject, remark, place)


def _import_file(store: Store, file: Path, outcomes: Counter[str], reject: Report, remark: Report) -> None:
    def reject_here(sentence: str) -> None:
        reject(f"{file}: {sentence}")

    with open_input(file) as opened:
        if is_warc(opened, file.name):
            results = import_pages(store, opened, reject_here, lambda sentence: remark(f"{file}: {sentence}"))
            outcomes.update(result.outcome for result in results)
        elif not is_text(opened):
            reject_here("neither JSON Lines in UTF-8 nor a WARC file, packed with gzip at most")
        else:
            _import_lines(store, list_lines(opened, reject_here), outcomes, reject_here)


def _import_lines(store: Store, lines: Iterable[bytes], outcomes: Counter[str], reject: Report) -> None:
    with closing(StoreWriter(store.path)) as writer:
        for result in writer.write_all(_read_articles(lines, reject)):
            outcomes[result.outcome] += 1


def _read_articles(lines: Iterable[bytes], reject: Report) -> Iterator[Callable[[Store], StoreResult]]:
    """Yield a function that stores the article of each line; reject invalid lines."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            article = read_article(line, format_now())
        except RejectedError as error:
            reject(f"line {number}: {error}")
        else:
            yield partial(import_article, article=article, size=len(line))


def import_article(store: Store, article: Article, size: int) -> StoreResult:
    """Store an article of so many bytes with its copies and its row in the crawl log."""
    with store.writing():
        article = clean_article(store, article)
        located = locate_article(store, article, article.url)
        if any(is_forgotten(store, url, article.source) for url in (article.url, located.article.url)):
            return StoreResult(article.url, Outcome.FORGOTTEN, "taken down")
        declare_host(store, article.source, article.url, article.language)
        result = _store_located(store, located)
        record_fetch(
            store,
            {
                "run_id": None,
                "source": article.source,
                "kind": "import",
                "url": article.url,
                "at": format_now(),
                "outcome": result.outcome,
                "reason": result.reason,
                "bytes": size,
                "article_id": result.article_id,
            },
        )
    return result


def _store_located(store: Store, located: LocatedArticle) -> StoreResult:
    if located.is_other_address:
        return record_other_address(store, located)
    article, stored = located.article, located.stored
    if stored is not None:
        article = _fill_from_stored(article, stored.article)
    result = upsert_article(store, stored, article, stored.archived_in if stored else "")
    record_addresses(store, located, result)
    return result


def _fill_from_stored(article: Article, stored: Article) -> Article:
    """Return the article with the stored value of each field that is missing in the line.

    Stored Markdown is that of the stored text only.
    """
    missing = {name: getattr(stored, name) for name in COLUMNS if getattr(article, name) in ("", None, ())}
    if article.text != stored.text:
        missing.pop("markdown", None)
    return replace(article, fetched=stored.fetched, **missing)


def _format_summary(outcomes: Counter[str]) -> str:
    if not outcomes:
        return "no articles in this file"
    return ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
