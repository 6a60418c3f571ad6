"""`shopwire crawl`: many sources in one process, with one pool of workers."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from scrapy import Request, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from shopwire.commands.common.article_table import build_article_table
from shopwire.commands.common.source_registry import find_sources, load_settings
from shopwire.commands.common.terminal import Terminal
from shopwire.pipelines.store_article import StoreResult
from shopwire.scheduler.store_health import update_health
from shopwire.spiders.crawl_session import CrawlSession
from shopwire.storage.archive import prepare_archive
from shopwire.storage.crawl_log.run_report import RunReport, load_newest_articles, load_run_report
from shopwire.storage.database import Store
from shopwire.storage.paths import get_archive_folder, get_store_path

ALL_FAILED, USAGE, PARTLY_FAILED = 1, 2, 3
NEWEST = 12


class Day(click.ParamType[str]):
    """A day, or a moment of one, as ISO 8601 has it."""

    name = "day"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The words themselves, once they are known to be a day."""
        try:
            datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day such as 2026-11-01", param, ctx)
        return value


@click.command("crawl")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--since",
    metavar="DAY",
    type=Day(),
    help="Leave out what a list dates earlier, as 2026-11-01.",
)
@click.option("--limit", type=click.IntRange(1), help="End each source after so many new pages.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@click.option("-v", "--verbose", is_flag=True, help="Show the log on standard error.")
def command(names: Sequence[str], since: str | None, limit: int | None, as_json: bool, verbose: bool) -> None:
    """Crawl all sources, or the named ones, and say what came of it.

    Only what is new is fetched, and a few known pages are looked at again. Exit code 0: all went well,
    1: all failed, 3: some failed.
    """
    wanted = list(find_sources(names))
    arguments = {"since": since or "", "limit": str(limit or "")}
    settings = load_settings({"LOG_LEVEL": "INFO" if verbose else "ERROR"})
    # What is wrong with store and archive is said now, by one line, and not by each crawl.
    Store(get_store_path()).close()
    prepare_archive(get_archive_folder())
    reports = run_crawls(wanted, arguments, settings, progress=not (as_json or verbose))
    with Store(get_store_path()) as store:
        update_health(store, datetime.now(UTC))
        newest = load_newest_articles(store, NEWEST)
    if as_json:
        click.echo(json.dumps({"runs": [asdict(one) for one in reports], "newest": newest}))
    else:
        print_summary(Terminal(), reports, newest)
    sys.exit(exit_code(reports))


def run_crawls(
    names: Iterable[str], arguments: dict[str, str], settings: Settings, progress: bool
) -> list[RunReport]:
    """Crawl sources, all at once; gives how each run went, in the order of the names."""
    process = AsyncCrawlerProcess(settings)
    crawlers = [process.create_crawler(name) for name in names]
    console = Terminal(stderr=True)
    with Bars(console, enabled=progress and console.is_terminal) as bars:
        for crawler in crawlers:
            bars.follow(crawler)
            process.crawl(crawler, **arguments)
        process.start()
    runs = [crawler.get_extension(CrawlSession) for crawler in crawlers]
    with Store(get_store_path()) as store:
        return [load_run_report(store, crawl.run) for crawl in runs if crawl is not None]


class Bars:
    """A progress bar for each source; on anything but a terminal, nothing."""

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

    def follow(self, crawler: Crawler) -> None:
        """Show how far a crawl is: its total grows with each page it wants."""
        bar = self.progress.add_task(str(crawler.spidercls.name), total=0)
        pages = {"wanted": 0}

        def wanted(request: Request) -> None:
            if "name" in request.cb_kwargs:
                pages["wanted"] += 1
                self.progress.update(bar, total=pages["wanted"])

        def kept(item: StoreResult) -> None:
            if item.is_page:
                self.progress.advance(bar)

        # Scrapy holds receivers weakly, and these two are nobody else's.
        crawler.signals.connect(wanted, signals.request_scheduled, weak=False)
        crawler.signals.connect(kept, signals.item_scraped, weak=False)

    def __enter__(self) -> "Bars":
        self.progress.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.progress.stop()


def print_summary(
    console: Terminal, reports: Sequence[RunReport], newest: Sequence[dict[str, object]]
) -> None:
    """What became of each source, what was refused and why, and the newest articles."""
    runs = Table(title="What became of each source", title_justify="left")
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
        console.print("Nothing new: everything these sources list is in the store already.")
    console.print()
    console.print(build_article_table(newest, "The newest articles"))


def exit_code(reports: Sequence[RunReport]) -> int:
    """0 when no run failed, 1 when all did, else 3."""
    bad = [one for one in reports if one.outcome != "ok"]
    if not bad:
        return 0
    all_failed = all(one.outcome in ("failed", "interrupted") for one in reports)
    return ALL_FAILED if all_failed else PARTLY_FAILED
