"""`shopwire extract`: what is left of pages, files or addresses. Nothing is stored."""

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

from shopwire.commands.common.fetch_pages import fetch_pages
from shopwire.commands.common.terminal import Terminal
from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.spiders.page import Page
from shopwire.storage.crawl_log.outcomes import Outcome

ALL_FAILED, PARTLY_FAILED = 1, 3
LARGEST = 32 * 1024 * 1024
"""Bytes read of a file, after decompression."""
NO_URL = "https://example.com/"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing to extract: its path or address as given, and the page or why there is none."""

    path: str
    url: str
    page: Page | None
    reason: str = ""


@click.command("extract")
@click.argument("places", nargs=-1, metavar="[PATH|URL]...")
@click.option("--jsonl", is_flag=True, help='Read {"path", "url"} lines on standard input.')
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines instead of text.")
@click.option("--processes", type=click.IntRange(1), help="Worker processes (default: all cores).")
def command(places: Sequence[str], jsonl: bool, as_json: bool, processes: int | None) -> None:
    """Show what is left of pages once everything that is not the article is gone.

    A PATH is a .html, .html.gz or .txt file. A page that is no article comes out with "text": ""
    and its "outcome" and "reason". Exit code 0: all are articles, 1: none is, 3: some are not.
    """
    if jsonl == bool(places):
        raise click.UsageError("give PATHs and URLs, or --jsonl and lines on standard input")
    wanted = read_lines(sys.stdin) if jsonl else read_places(places)
    found = failed = 0
    for row in extract_all(wanted, processes):
        failed += not row["text"]
        found += bool(row["text"])
        if jsonl or as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            show(row)
    if failed:
        sys.exit(PARTLY_FAILED if found else ALL_FAILED)


def read_lines(lines: Iterable[str]) -> Iterator[Wanted]:
    """Pages named by JSON lines; a line or file that cannot be read stops no other."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            path, url = str(row["path"]), str(row.get("url") or NO_URL)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            yield Wanted("", "", None, f"line {number} is no JSON object with a path: {error}")
        else:
            yield read_file(path, url)


def read_places(places: Iterable[str]) -> Iterator[Wanted]:
    """Pages named on the command line: all files first, then what has to be fetched."""
    urls = []
    for place in places:
        if not place.lower().startswith(("http://", "https://")):
            yield read_file(place, NO_URL)
        elif get_canonical_url(place):
            urls.append(place)
        else:
            yield Wanted(place, place, None, "this is no address of the web")
    if urls:
        for url, result in fetch_pages(urls):
            if isinstance(result, Page):
                yield Wanted(url, result.url, result)
            else:
                yield Wanted(url, url, None, result)


def read_file(path: str, url: str) -> Wanted:
    """A page from a file, compressed or not."""
    try:
        host = urlsplit(url).hostname or ""
        file = Path(path)
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as source:
            body = source.read(LARGEST)
    except (OSError, EOFError, ValueError) as error:
        place = f" as {url}" if url != NO_URL else ""
        return Wanted(path, url, None, f"cannot read {path}{place}: {error}")
    plain = file.name.removesuffix(".gz").endswith(".txt")
    kind = "text/plain" if plain else "text/html"
    return Wanted(path, url, Page(url, host, body, datetime.now(UTC), kind))


def extract_all(wanted: Iterable[Wanted], processes: int | None) -> Iterator[dict[str, Any]]:
    """A row for each, in their order; the pages are refined in parallel, each under a deadline."""
    with WorkerPool(processes) as workers:
        for one, processed in workers.process_all((one, one.page) for one in wanted):
            yield _row(one, processed.result if processed else None)


def _row(wanted: Wanted, result: Article | Refusal | None) -> dict[str, Any]:
    place = {"path": wanted.path, "url": wanted.url}
    nothing = {"title": "", "author": "", "published": "", "text": ""}
    if result is None:
        return place | nothing | {"outcome": Outcome.ERROR, "reason": wanted.reason}
    if isinstance(result, Refusal):
        return place | nothing | {"outcome": result.outcome, "reason": result.reason}
    return place | asdict(result)


def show(row: dict[str, Any]) -> None:
    """One article for people: its headline, what is known of it, and its text."""
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
