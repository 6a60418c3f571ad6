"""Lets workers extract archived pages again, for `shopwire reextract --cluster`."""

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby, islice
from pathlib import Path
from typing import Final

import click

from shopwire.commands.cluster.app import reextract_archived
from shopwire.commands.cluster.refine import Work, make_parts
from shopwire.commands.cluster.shared_folder import get_cluster_folder
from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.batch.archived import Zones, name_archived_page
from shopwire.pipelines.batch.parts import FOLDER, delete_part, name_part_of
from shopwire.pipelines.batch.place import Parts
from shopwire.pipelines.extraction.site_boilerplate import load_site_boilerplate
from shopwire.storage.crawl_log.reextraction import ArchivedFetch
from shopwire.storage.database import Store
from shopwire.storage.in_order import yield_in_order
from shopwire.storage.paths import get_archive_folder

# Fetches of one task, by their ids, so that an interrupted run asks for the same tasks again; and tasks that
# are with the workers while the pages of as many are stored.
SPAN: Final = 1_000
WINDOW: Final = 64

Span = list[ArchivedFetch]
Planned = tuple[Span, Path, Work]
Extracted = tuple[ArchivedFetch, Article | Refusal | None]


def extract_archived_on_workers(
    store: Store, pages: Iterable[ArchivedFetch], zones: Mapping[str, Zones]
) -> Iterator[Extracted]:
    """Yield each archived page with what workers have extracted from it, None where none could read it.

    Raises `click.UsageError` if the archive is not in the folder that all machines share.
    """
    folder, archive = get_cluster_folder(), get_archive_folder().resolve()
    if folder not in archive.parents:
        raise click.UsageError(f"{archive} is not in {folder}, where the workers could read it")
    (folder / FOLDER).mkdir(exist_ok=True)
    spans = (list(span) for _, span in groupby(pages, lambda one: one.fetch // SPAN))
    windows = iter(lambda: list(islice(spans, WINDOW)), [])
    with ThreadPoolExecutor(1) as thread:
        begun = (
            thread.submit(_extract, folder, _plan(store, folder, archive, one, zones)).result
            for one in windows
        )
        # The next window is with the workers while this one is stored.
        for window in yield_in_order(begun, 2):
            for span, path in window:
                yield from _read_span(span, path)
                delete_part(path)


def find_span_start(fetch: int) -> int:
    """Return the id above which the fetches of a span begin, for one of them."""
    return fetch // SPAN * SPAN - 1


def _plan(
    store: Store, folder: Path, archive: Path, window: list[Span], zones: Mapping[str, Zones]
) -> list[Planned]:
    """Return each span with its part, and the task that makes it."""
    planned = []
    for span in window:
        names = (name_archived_page(one, zones) for one in span)
        pages = [[text for text in name if text is not None] for name in names]
        lines = {one.source: sorted(load_site_boilerplate(store, one.source)) for one in span}
        name = name_part_of(f"reextract-{span[0].fetch // SPAN}", json.dumps(pages))
        values = {"archive": str(archive.relative_to(folder)), "pages": pages, "lines": lines}
        planned.append((span, folder / FOLDER / name, Work(reextract_archived, values)))
    return planned


def _extract(folder: Path, planned: list[Planned]) -> list[tuple[Span, Path]]:
    """Return spans with their parts once workers have made these, or could not."""
    make_parts(folder, {path: work for _, path, work in planned}, lambda _: None)
    return [(span, path) for span, path, _ in planned]


def _read_span(span: Span, path: Path) -> Iterator[Extracted]:
    if not path.exists():
        yield from ((stored, None) for stored in span)
        return
    with Parts([path]) as part:
        results = {row.url: row.result for row in part.read_by_site()}
    for stored in span:
        yield stored, results.get(stored.url)
