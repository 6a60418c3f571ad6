"""`shopwire extract`: extracts the article from HTML files or URLs. Nothing is stored."""

import gzip
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from shopwire.commands.common.exit_codes import get_exit_code
from shopwire.commands.common.fetch_pages import fetch_pages
from shopwire.commands.common.terminal import Terminal
from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.spiders.page import Page
from shopwire.storage.crawl_log.outcomes import Outcome

LARGEST_FILE = 32 * 1024 * 1024
"""Bytes read of a file, after decompression."""
NO_URL = "https://example.com/"


@dataclass(frozen=True, slots=True)
class PageInput:
    """One page to extract: its path or URL as given, and the page, or the reason why it cannot be read."""

    path: str
    url: str
    page: Page | None
    reason: str = ""


@click.command("extract")
@click.argument("places", nargs=-1, metavar="[PATH|URL]...")
@click.option("--jsonl", is_flag=True, help='Read {"path", "url"} lines on standard input.')
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines instead of text.")
@click.option("--processes", type=click.IntRange(1), help="Worker processes; default: one per core.")
def extract_pages(places: Sequence[str], jsonl: bool, as_json: bool, processes: int | None) -> None:
    """Extract the article from HTML files or URLs.

    A PATH is a .html, .html.gz or .txt file. A page that is not an article has an empty "text" in the
    output, with "outcome" and "reason". Exit code 0: all are articles, 1: none is, 3: some are not.
    """
    if jsonl == bool(places):
        raise click.UsageError("use PATHs and URLs, or --jsonl and lines on standard input")
    wanted = read_lines(sys.stdin) if jsonl else read_places(places)
    found = failed = 0
    if processes and places:
        processes = min(processes, len(places))
    for row in extract_all(wanted, processes):
        failed += not row["text"]
        found += bool(row["text"])
        if jsonl or as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            print_article(row)
    sys.exit(get_exit_code(found, failed))


def read_lines(lines: Iterable[str]) -> Iterator[PageInput]:
    """Yield the pages of JSON lines, also those that cannot be read."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            path, url = str(row["path"]), str(row.get("url") or NO_URL)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            yield PageInput("", "", None, f"line {number} is not a JSON object with a path: {error}")
        else:
            yield read_file(path, url)


def read_places(places: Iterable[str]) -> Iterator[PageInput]:
    """Yield the pages of the command line: first the files, then the URLs."""
    urls = []
    for place in places:
        if not place.lower().startswith(("http://", "https://")):
            yield read_file(place, NO_URL)
        elif get_canonical_url(place):
            urls.append(place)
        else:
            yield PageInput(place, place, None, "not a valid HTTP URL")
    if urls:
        for url, result in fetch_pages(urls):
            if isinstance(result, Page):
                yield PageInput(url, result.url, result)
            else:
                yield PageInput(url, url, None, result)


def read_file(path: str, url: str) -> PageInput:
    """Return the page of a file, which may be compressed with gzip."""
    try:
        host = urlsplit(url).hostname or ""
        file = Path(path)
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as source:
            body = source.read(LARGEST_FILE)
    except (OSError, EOFError, ValueError) as error:
        place = f" as {url}" if url != NO_URL else ""
        return PageInput(path, url, None, f"cannot read {path}{place}: {error}")
    plain = file.name.removesuffix(".gz").endswith(".txt")
    kind = "text/plain" if plain else "text/html"
    return PageInput(path, url, Page(url, host, body, datetime.now(UTC), kind))


def extract_all(wanted: Iterable[PageInput], processes: int | None) -> Iterator[dict[str, Any]]:
    """Yield the result of each page in their order. Worker processes extract them, with a time limit."""
    with WorkerPool(processes) as workers:
        for one, processed in workers.process_all((one, one.page) for one in wanted):
            yield _build_result(one, processed.result if processed else None)


def _build_result(wanted: PageInput, result: Article | Refusal | None) -> dict[str, Any]:
    place = {"path": wanted.path, "url": wanted.url}
    nothing = {"title": "", "author": "", "published": "", "text": ""}
    if result is None:
        return place | nothing | {"outcome": Outcome.ERROR, "reason": wanted.reason}
    if isinstance(result, Refusal):
        return place | nothing | {"outcome": result.outcome, "reason": result.reason}
    return place | asdict(result)


def print_article(row: dict[str, Any]) -> None:
    """Print title, metadata and text of an article; the reason to standard error if there is none."""
    console = Terminal()
    if not row["text"]:
        Terminal(stderr=True).print(
            f"{row['path']}: {row['outcome']}: {row['reason']}", style="red", soft_wrap=True
        )
        return
    console.print(row["title"], style="bold")
    known = [row[key] for key in ("published", "author", "origin", "language") if row.get(key)]
    console.print(" · ".join(known), style="dim")
    console.print()
    console.print(row["text"].replace("\n", "\n\n"))
    console.print()
