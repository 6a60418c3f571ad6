"""`shopwire crawl`: crawls many sources in one process, with one pool of workers."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from scrapy import Request, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from shopwire.commands.common.article_table import build_article_table
from shopwire.commands.common.exit_codes import get_exit_code
from shopwire.commands.common.source_registry import (
    find_crawlable_sources,
    find_sources,
    load_settings,
)
from shopwire.commands.common.terminal import Terminal
from shopwire.scheduler.store_health import update_health
from shopwire.spiders.crawl_session import CrawlSession
from shopwire.spiders.page import FetchResult, Page
from shopwire.storage.archive import prepare_archive
from shopwire.storage.crawl_log.run_report import (
    RunReport,
    load_newest_articles,
    load_run_report,
    report_unrecorded_run,
)
from shopwire.storage.database import Store
from shopwire.storage.paths import get_archive_folder, get_store_path

SHOWN_ARTICLES = 12


class DateArgument(click.ParamType[str]):
    """A date, or a date and time, in ISO 8601 format."""

    name = "day"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text unchanged. Raises `click.BadParameter` if it is not a date."""
        try:
            datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2026-11-01", param, ctx)
        return value


@click.command("crawl")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--since",
    metavar="DAY",
    type=DateArgument(),
    help="Skip pages with an earlier date on their list, as 2026-11-01.",
)
@click.option("--limit", type=click.IntRange(1), help="Maximum number of new pages per source.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@click.option("-v", "--verbose", is_flag=True, help="Show the log on standard error.")
def crawl_sources(
    names: Sequence[str], since: str | None, limit: int | None, as_json: bool, verbose: bool
) -> None:
    """Crawl all sources, or the named ones, and print a summary.

    Fetches new pages, and a few known ones again. Exit code 0: all succeeded, 1: all failed, 3: some
    failed.
    """
    find_sources(names)
    arguments = {"since": since or "", "limit": str(limit or "")}
    settings = load_settings({"LOG_LEVEL": "INFO" if verbose else "ERROR"})
    # Report a fault of store or archive once, not in each crawl.
    with Store(get_store_path()) as store:
        wanted = list(find_crawlable_sources(store, names))
    prepare_archive(get_archive_folder())
    reports = run_crawls(wanted, arguments, settings, progress=not (as_json or verbose))
    with Store(get_store_path()) as store:
        update_health(store, datetime.now(UTC))
        newest = load_newest_articles(store, SHOWN_ARTICLES)
    if as_json:
        click.echo(json.dumps({"runs": [asdict(one) for one in reports], "newest": newest}))
    else:
        print_summary(Terminal(), reports, newest)
    sys.exit(get_run_exit_code(reports))


def run_crawls(
    names: Iterable[str], arguments: dict[str, str], settings: Settings, progress: bool
) -> list[RunReport]:
    """Crawl sources concurrently. Return the report of each run, in the order of the names."""
    process = AsyncCrawlerProcess(settings)
    crawlers = [process.create_crawler(name) for name in names]
    console = Terminal(stderr=True)
    with ProgressBars(console, enabled=progress and console.is_terminal) as bars:
        for crawler in crawlers:
            bars.add_crawler(crawler)
            process.crawl(crawler, **arguments)
        process.start()
    runs = [(str(crawler.spidercls.name), crawler.get_extension(CrawlSession)) for crawler in crawlers]
    with Store(get_store_path()) as store:
        return [
            load_run_report(store, crawl.run) if crawl.run else report_unrecorded_run(source)
            for source, crawl in runs
            if crawl is not None
        ]


class ProgressBars:
    """A progress bar for each source; nothing if not enabled."""

    def __init__(self, console: Terminal, enabled: bool) -> None:
        self.progress = Progress(
            TextColumn("{task.description:<24}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("pages"),
            TimeElapsedColumn(),
            console=console,
            disable=not enabled,
        )

    def add_crawler(self, crawler: Crawler) -> None:
        """Show the progress of a crawl; its total grows with each requested page."""
        bar = self.progress.add_task(str(crawler.spidercls.name), total=0)
        pages = {"requested": 0}

        def count_requested(request: Request) -> None:
            if "name" in request.cb_kwargs:
                pages["requested"] += 1
                self.progress.update(bar, total=pages["requested"])

        def count_article() -> None:
            self.progress.advance(bar)

        def count_dropped(item: Any) -> None:
            if isinstance(item, Page) or (isinstance(item, FetchResult) and item.kind == "page"):
                self.progress.advance(bar)

        # Scrapy holds receivers by weak references, and there is no other reference to these.
        crawler.signals.connect(count_requested, signals.request_scheduled, weak=False)
        crawler.signals.connect(count_article, signals.item_scraped, weak=False)
        crawler.signals.connect(count_dropped, signals.item_dropped, weak=False)

    def __enter__(self) -> "ProgressBars":
        self.progress.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.progress.stop()


def print_summary(
    console: Terminal, reports: Sequence[RunReport], newest: Sequence[dict[str, object]]
) -> None:
    """Print a table of the runs, the refused pages by reason, and the newest articles."""
    runs = Table(title="Crawl summary", title_justify="left")
    runs.add_column("source", no_wrap=True)
    for heading in ("fetched", "stored", "updated", "copies", "known", "refused"):
        runs.add_column(heading, justify="right", no_wrap=True)
    for one in reports:
        refused = sum(one.refused.values())
        numbers = (one.fetched, one.stored, one.updated, one.copies, one.known, refused)
        runs.add_row(one.source, *(str(number or "·") for number in numbers))
    console.print(runs)
    for one in reports:
        for refusal in one.list_refusals():
            console.print(f"  {one.source}: {refusal}")
    has_news = any(one.stored or one.updated or one.copies for one in reports)
    if not has_news and all(one.outcome == "ok" for one in reports):
        console.print("Nothing new: all listed pages are in the store already.")
    console.print()
    console.print(build_article_table(newest, "Newest articles"))


def get_run_exit_code(reports: Sequence[RunReport]) -> int:
    """Return 0 if all runs are ok, 1 if all failed or were interrupted, else 3."""
    not_ok = sum(one.outcome != "ok" for one in reports)
    failed = sum(one.outcome in ("failed", "interrupted") for one in reports)
    return get_exit_code(len(reports) - failed, not_ok)
