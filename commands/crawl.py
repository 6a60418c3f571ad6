"""`shopwire crawl`: crawls many sources in one process, with one pool of workers."""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, cast

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from scrapy import Request, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from twisted.internet.base import ReactorBase

from shopwire.commands.common.arguments import COUNT, DateArgument
from shopwire.commands.common.article_table import build_article_table
from shopwire.commands.common.exit_codes import INTERRUPTED, get_exit_code
from shopwire.commands.common.interrupt import CrawlInterrupt
from shopwire.commands.common.source_registry import (
    find_crawlable_sources,
    find_sources,
    load_settings,
)
from shopwire.commands.common.terminal import Terminal, announce_new_store
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
from shopwire.storage.crawl_log.runs import (
    OFFLINE_WINDOW,
    SHUTDOWN,
    close_all_dead_runs,
    close_own_runs,
    count_lost_sources,
)
from shopwire.storage.database import Store
from shopwire.storage.paths import get_archive_folder, get_store_path
from shopwire.storage.text.site import find_site

SHOWN_ARTICLES = 12
NO_NETWORK = "no host could be found: this machine seems to have no network; no source is blamed for it"


@click.command("crawl")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--since",
    metavar="DAY",
    type=DateArgument(),
    help="Skip pages with an earlier date on their list, as 2026-11-01.",
)
@click.option("--limit", type=COUNT, help="Maximum number of new pages per source.")
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
        announce_new_store(store)
        close_all_dead_runs(store)
        wanted = list(find_crawlable_sources(store, names))
    prepare_archive(get_archive_folder())
    reports, is_interrupted = run_crawls(wanted, arguments, settings, progress=not (as_json or verbose))
    with Store(get_store_path()) as store:
        now = datetime.now(UTC)
        is_offline = count_lost_sources(store, now - OFFLINE_WINDOW, now) > 1
        update_health(store, now)
        newest = load_newest_articles(store, SHOWN_ARTICLES)
    if as_json:
        click.echo(json.dumps({"runs": [asdict(one) for one in reports], "newest": newest}))
    else:
        print_summary(Terminal(), reports, newest)
    if is_offline:
        click.echo(NO_NETWORK, err=True)
    if is_interrupted:
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
    sys.exit(get_run_exit_code(reports))


def run_crawls(
    names: Iterable[str], arguments: dict[str, str], settings: Settings, progress: bool
) -> tuple[list[RunReport], bool]:
    """Crawl sources concurrently. Return the report of each run, in the order of the names, and whether it
    was interrupted by Ctrl-C."""
    process = AsyncCrawlerProcess(settings)
    crawlers = [process.create_crawler(name) for name in names]
    by_site = defaultdict(list)
    for crawler in crawlers:
        by_site[find_site(getattr(crawler.spidercls, "home", ""))].append(crawler)
    console = Terminal(stderr=True)
    interrupt = CrawlInterrupt()
    with ProgressBars(console, enabled=progress and console.is_terminal) as bars:
        for crawler in crawlers:
            bars.add_crawler(crawler)
        for queue in by_site.values():
            _crawl_in_turn(process, iter(queue), arguments)
        _call_when_running(interrupt.install)
        process.start()
    runs = [
        (str(crawler.spidercls.name), crawler.get_extension(CrawlSession))
        for crawler in crawlers
        if crawler.extensions is not None
    ]
    with Store(get_store_path()) as store:
        close_own_runs(store)
        reports = [
            load_run_report(store, crawl.run) if crawl.run else report_unrecorded_run(source)
            for source, crawl in runs
            if crawl is not None
        ]
    return reports, interrupt.has_happened


def _crawl_in_turn(
    process: AsyncCrawlerProcess, crawlers: Iterator[Crawler], arguments: dict[str, str]
) -> None:
    """Crawl sources of one site, each when the one before has ended, until one is interrupted."""
    crawler = next(crawlers, None)
    if crawler is None:
        return

    def go_on(_: object) -> None:
        if crawler.stats and crawler.stats.get_value("finish_reason") != SHUTDOWN:
            _crawl_in_turn(process, crawlers, arguments)

    process.crawl(crawler, **arguments).add_done_callback(go_on)


def _call_when_running(function: Callable[[], None]) -> None:
    """Call a function once the reactor runs and Scrapy has installed its handlers of signals."""
    from twisted.internet import reactor  # noqa: PLC0415 - Scrapy installs it when a crawler is created

    loop = cast("ReactorBase", reactor)
    loop.callWhenRunning(lambda: loop.callLater(0, function))


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
