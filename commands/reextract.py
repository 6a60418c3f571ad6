"""`shopwire reextract`: extracts all archived pages again with the current version."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import click
from rich.progress import track
from rich.table import Table

from shopwire.commands.common.arguments import check_source
from shopwire.commands.common.exit_codes import get_exit_code
from shopwire.commands.common.source_registry import load_sources
from shopwire.commands.common.terminal import Terminal
from shopwire.pipelines.analyze_article import Processed
from shopwire.pipelines.article import Article
from shopwire.pipelines.extraction.site_boilerplate import load_site_boilerplate
from shopwire.pipelines.locate_article import locate_article
from shopwire.pipelines.lost_fields import restore_lost_fields
from shopwire.pipelines.store_article import (
    get_counts,
    record_addresses,
    record_other_address,
    upsert_article,
)
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.spiders.base import Source
from shopwire.spiders.page import Page, restore_page
from shopwire.storage.archive import ArchiveError, read_archived_page
from shopwire.storage.crawl_log.forgotten import is_forgotten
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.crawl_log.reextraction import (
    ArchivedFetch,
    count_archived_urls,
    delete_position,
    find_archived_fetches,
    load_position,
    save_position,
)
from shopwire.storage.database import Store
from shopwire.storage.paths import find_store, get_archive_folder
from shopwire.storage.timestamps import format_time
from shopwire.storage.versions import save_counts
from shopwire.storage.writer import StoreWriter


@click.command("reextract")
@click.option("--source", metavar="NAME", help="Only pages of this source.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
def reextract_pages(source: str | None, as_json: bool) -> None:
    """Extract all archived pages again, and count the changes of each field.

    Stored articles are updated by the rules of this version, and by the boilerplate learned since. An
    interrupted run continues at the same page. Exit code 0: all pages were read, 1: none, 3: some were not.
    """
    outcomes: Counter[str] = Counter()
    changes: Counter[str] = Counter()
    with Store(find_store()) as store:
        if source:
            check_source(store, source)
        for outcome, fields in _reextract(store, source):
            outcomes[outcome] += 1
            changes.update(fields)
    if as_json:
        click.echo(json.dumps({"pages": outcomes, "changed": changes}))
    else:
        _print_summary(outcomes, changes)
    damaged = outcomes["damaged"]
    sys.exit(get_exit_code(outcomes.total() - damaged, damaged))


def _reextract(store: Store, source: str | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield outcome and changed fields of each page once it is stored."""
    sources = load_sources()
    task = f"reextract {source or ''}".strip()
    after = load_position(store, task)
    total = count_archived_urls(store, after, source)
    pages = find_archived_fetches(store, after, source)
    tracked = track(pages, "pages", total=total, disable=not sys.stderr.isatty())
    with closing(StoreWriter(store.path)) as writer, WorkerPool(analyzes=True) as workers:
        processed = workers.process_all(
            _read_archived_pages(tracked, sources), lambda page: load_site_boilerplate(store, page.source)
        )
        yield from writer.write_all(
            partial(_replace, task=task, stored=stored, page=page, processed=one)
            for (stored, page), one in processed
        )
    with store.writing():
        delete_position(store, task)


def _read_archived_pages(
    pages: Iterable[ArchivedFetch], sources: Mapping[str, type[Source]]
) -> Iterator[tuple[tuple[ArchivedFetch, Page | None], Page | None]]:
    """Yield each record with its archived page, or None (reported) if the archive entry is damaged."""
    for stored in pages:
        try:
            page = set_zones(_load_archived_page(stored, get_archive_folder()), sources)
        except ArchiveError as error:
            click.echo(f"shopwire reextract: {error}", err=True)
            page = None
        yield (stored, page), page


def _load_archived_page(stored: ArchivedFetch, folder: Path) -> Page:
    raw = read_archived_page(folder, stored.place)
    return replace(restore_page(raw, stored.url), source=stored.source, archived_in=stored.place)


def set_zones(page: Page, sources: Mapping[str, type[Source]]) -> Page:
    """Return a page with the zones that its source has now; one of an unknown source keeps its own."""
    source = sources.get(page.source)
    if source is None:
        return page
    return replace(page, zone=source.zone, country_zone=source.name_country_zone())


def _replace(
    store: Store, task: str, stored: ArchivedFetch, page: Page | None, processed: Processed | None
) -> tuple[str, tuple[str, ...]]:
    if page is None or processed is None:
        return "damaged", ()
    with store.writing():
        save_position(store, task, stored.fetch)
        article = processed.result
        if not isinstance(article, Article):
            # Keep the stored article: when it was fetched, the page was accepted.
            return "refused", ()
        located = locate_article(store, article, page.url, page.requested, page.archived_in)
        if located.is_other_address:
            return record_other_address(store, located, page.requested).outcome, ()
        article, before = located.article, located.stored
        if is_forgotten(store, article.url, article.source):
            return Outcome.FORGOTTEN, ()
        # Restore only fields that the page had lost when it was fetched; others may become empty.
        article, _ = restore_lost_fields(article, before.article if before else None, may_lack=stored.lost)
        result = upsert_article(store, before, article, page.archived_in, processed.analysis)
        record_addresses(store, located, result, page.requested)
        if result.article_id is not None:
            at = format_time(page.fetched)
            save_counts(store, result.article_id, get_counts(article), at)
    return result.outcome, result.changed


def _print_summary(outcomes: Counter[str], changes: Counter[str]) -> None:
    table = Table("pages", "outcome")
    for outcome, count in outcomes.most_common():
        table.add_row(str(count), outcome)
    console = Terminal()
    console.print(table if outcomes else "No archived pages.")
    for name, count in changes.most_common():
        console.print(f"  {name}: changed in {count}")
