"""`shopwire reextract`: extracts all archived pages again with the current version."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial

import click
from rich.progress import track
from rich.table import Table

from shopwire.commands.common.arguments import check_source
from shopwire.commands.common.exit_codes import get_exit_code
from shopwire.commands.common.extras import require_extra
from shopwire.commands.common.source_registry import load_zones
from shopwire.commands.common.terminal import Terminal
from shopwire.pipelines.article import Article, Processed
from shopwire.pipelines.batch.archived import Zones, load_archived_page, name_archived_page
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
from shopwire.spiders.page import Page
from shopwire.storage.archive import ArchiveError
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

Extracted = tuple[tuple[ArchivedFetch, Page | None], Processed | None]
Extract = Callable[[Store, int, str | None, WorkerPool], Iterator[Extracted]]


@click.command("reextract")
@click.option("--source", metavar="NAME", help="Only pages of this source.")
@click.option("--cluster", "is_cluster", is_flag=True, help="Let workers extract the pages.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
def reextract_pages(source: str | None, *, is_cluster: bool, as_json: bool) -> None:
    """Extract all archived pages again, and count the changes of each field.

    Stored articles are updated by the rules of this version, and by the boilerplate learned since. An
    interrupted run continues at the same page. With --cluster the machines of `shopwire cluster work
    --refines` extract the pages; the archive must be in SHOPWIRE_CLUSTER_DIR, see docs/cluster.md. Exit code
    0: all pages were read, 1: none, 3: some were not.
    """
    if is_cluster:
        require_extra("cluster", "celery", "a cluster")
    outcomes: Counter[str] = Counter()
    changes: Counter[str] = Counter()
    with Store(find_store()) as store:
        if source:
            check_source(store, source)
        extract = _extract_on_workers if is_cluster else _extract_here
        for outcome, fields in _reextract(store, source, extract):
            outcomes[outcome] += 1
            changes.update(fields)
    if as_json:
        click.echo(json.dumps({"pages": outcomes, "changed": changes}))
    else:
        _print_summary(outcomes, changes)
    damaged = outcomes["damaged"]
    sys.exit(get_exit_code(outcomes.total() - damaged, damaged))


def _reextract(store: Store, source: str | None, extract: Extract) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield outcome and changed fields of each page once it is stored."""
    task = f"reextract {source or ''}".strip()
    after = load_position(store, task)
    with closing(StoreWriter(store.path)) as writer, WorkerPool(analyzes=True) as workers:
        yield from writer.write_all(
            partial(_replace, task=task, stored=stored, page=page, processed=one)
            for (stored, page), one in extract(store, after, source, workers)
        )
    with store.writing():
        delete_position(store, task)


def _list_pages(store: Store, after: int, source: str | None) -> Iterable[ArchivedFetch]:
    """Return the archived pages above a fetch; on a terminal with a progress bar."""
    total = count_archived_urls(store, after, source)
    pages = find_archived_fetches(store, after, source)
    return track(pages, "pages", total=total, disable=not sys.stderr.isatty())


def _extract_here(store: Store, after: int, source: str | None, workers: WorkerPool) -> Iterator[Extracted]:
    """Yield each archived page above a fetch with its result, in processes of this machine."""
    zones, said = load_zones(), set[str]()
    read = ((stored, _load_page(stored, zones, said)) for stored in _list_pages(store, after, source))
    wanted = ((one, one[1]) for one in read)
    return workers.process_all(wanted, lambda page: load_site_boilerplate(store, page.source))


def _extract_on_workers(
    store: Store, after: int, source: str | None, workers: WorkerPool
) -> Iterator[Extracted]:
    """Yield what `_extract_here` does, with what workers have extracted."""
    # It imports Celery, which is an extra.
    from shopwire.commands.cluster.reextract import (  # noqa: PLC0415
        extract_archived_on_workers,
        find_span_start,
    )

    zones, said = load_zones(), set[str]()
    pages = _list_pages(store, find_span_start(after), source)
    extracted = (
        ((stored, result), result if isinstance(result, Article) else None)
        for stored, result in extract_archived_on_workers(store, pages, zones)
        if stored.fetch > after
    )
    for (stored, result), analyzed in workers.analyze_all(extracted):
        page = _load_page(stored, zones, said)
        if page and not result:
            click.echo(f"shopwire reextract: {stored.place}: no worker could read it", err=True)
        yield (stored, page), analyzed or (Processed(result, None) if result else None)


def _load_page(stored: ArchivedFetch, zones: Mapping[str, Zones], said: set[str]) -> Page | None:
    """Return an archived page, None if its record is missing or damaged, which is printed unless `said`."""
    try:
        return load_archived_page(name_archived_page(stored, zones), get_archive_folder())
    except ArchiveError as error:
        if str(error) not in said:
            said.add(str(error))
            click.echo(f"shopwire reextract: {error}", err=True)
        return None


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
