"""Parts of archived pages, which are extracted again on another machine than that of the store."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from shopwire.pipelines.batch.parts import write_part
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.spiders.page import Page, restore_page
from shopwire.storage.archive import ArchiveError, read_archived_page

if TYPE_CHECKING:
    # A worker has no store.
    from shopwire.storage.crawl_log.reextraction import ArchivedFetch

# A zone and the zone of a country, see `Page`.
Zones = tuple[str, str]


class ArchivedName(NamedTuple):
    """A page of the archive: the URL that was asked for, the source, its place, and the zones that its source
    has now (see `Page`; None: those that it had)."""

    url: str
    source: str
    place: str
    zone: str | None = None
    country_zone: str | None = None


def name_archived_page(fetch: "ArchivedFetch", zones: Mapping[str, Zones]) -> ArchivedName:
    """Return the name of the page of a fetch; `zones` has those of each declared source."""
    return ArchivedName(fetch.url, fetch.source, fetch.place, *zones.get(fetch.source, (None, None)))


def load_archived_page(name: ArchivedName, folder: Path) -> Page:
    """Return a page of the archive in a folder. Raises `ArchiveError`."""
    raw = read_archived_page(folder, name.place)
    page = replace(restore_page(raw, name.url), source=name.source, archived_in=name.place)
    if name.zone is None or name.country_zone is None:
        return page
    return replace(page, zone=name.zone, country_zone=name.country_zone)


def extract_archived(
    names: Sequence[ArchivedName],
    folder: Path,
    lines: Mapping[str, frozenset[int]],
    path: Path,
    workers: WorkerPool,
) -> None:
    """Write the part of archived pages, each under the URL that was asked for; `lines` are the boilerplate
    lines of sources."""
    remarks: list[tuple[str, bool]] = []

    def read() -> Iterator[tuple[Page, Page]]:
        for name in names:
            try:
                page = load_archived_page(name, folder)
            except ArchiveError as error:
                remarks.append((str(error), True))
            else:
                yield replace(page, url=name.url), page

    processed = workers.process_all(read(), lambda page: lines.get(page.source, frozenset()))
    write_part(path, processed, remarks)
