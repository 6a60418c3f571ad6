"""Deletes what is older than the retention: archived pages, earlier versions, rows of the crawl log."""

import json
import re
import shutil
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shopwire.storage.archive import BEGUN_FORMAT
from shopwire.storage.configuration.options import Retention
from shopwire.storage.crawl_log.forgotten import delete_fetches
from shopwire.storage.crawl_log.outcomes import NEW, format_sql_list
from shopwire.storage.database import Store
from shopwire.storage.maintenance.erase import add_erasures
from shopwire.storage.timestamps import format_time

# The end of a file's name, which says when it was begun: NAME-20261122T080000-RUN.warc.gz.
BEGUN = re.compile(r"-(\d{8}T\d{6})-\d+\.warc\.gz$")
# A file that is being written is not deleted, however little space is left.
SHORTEST_AGE = timedelta(days=1)

# What later crawls need stays: of an article its first fetch, by which it is requested again, and its last
# one, and the one whose page is archived; of a list its last one; of a source its last run.
OLD_FETCHES = f"""
at < ? AND id <> (SELECT max(id) FROM fetches) AND NOT (
    (article_id IS NOT NULL AND outcome IN {format_sql_list(NEW)})
    OR archived_in IS NOT NULL
    OR ((article_id IS NOT NULL OR kind <> 'page')
        AND NOT EXISTS (SELECT 1 FROM fetches AS later
            WHERE later.url = fetches.url AND later.id > fetches.id))
)
"""
# Files with bodies to which revisit records in other files refer.
NEEDED_FILES = """
SELECT DISTINCT substr(body_in, 1, instr(body_in, '#') - 1) FROM fetches WHERE body_in IS NOT NULL
AND substr(archived_in, 1, instr(archived_in, '#') - 1) NOT IN (SELECT value FROM json_each(?))
"""
OLD_RUNS = """
finished < ? AND id NOT IN (SELECT max(id) FROM runs GROUP BY source)
AND NOT EXISTS (SELECT 1 FROM fetches WHERE run_id = runs.id)
"""
OLD_EVENTS = "at < ? AND id NOT IN (SELECT max(id) FROM events GROUP BY kind)"


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A file of the archive: its name in the folder, when it was begun, and its bytes."""

    name: str
    begun: datetime
    size: int


def prune_store(store: Store, archive: Path, retention: Retention, now: datetime) -> dict[str, int]:
    """Delete what is older than the retention, and name the archived files to be erased. Return how many
    there are of each kind, named in the singular.

    Articles stay. Call `erase_pending` afterwards.
    """
    archived = sorted(_list_files(archive), key=lambda one: (one.begun, one.name))
    free = shutil.disk_usage(archive).free if archive.exists() else 0
    with store.writing():
        files = _choose_files(store, archived, retention, now, free)
        _clear_places(store, files)
        add_erasures(store, files)
        return {"archived file": len(files), **_prune_rows(store, retention, now)}


def _choose_files(
    store: Store, archived: Sequence[ArchiveFile], retention: Retention, now: datetime, free: int
) -> list[str]:
    """Return the names of the files to delete, where `free` is how many bytes are free on the disk.

    A file stays while a body in it belongs to a page that was archived again in a file that stays.
    """
    needed: set[str] = set()
    while True:
        old = _list_old(archived, retention, now, free, needed)
        more = {row[0] for row in store.rows(NEEDED_FILES, json.dumps(old))}.intersection(old)
        if not more:
            return old
        needed |= more


def _list_old(
    archived: Sequence[ArchiveFile], retention: Retention, now: datetime, free: int, needed: Container[str]
) -> list[str]:
    wanted = retention.free_megabytes * 10**6 - free
    found = []
    for file in archived:
        age = now - file.begun
        is_old = retention.archive_days and age > timedelta(days=retention.archive_days)
        is_in_the_way = retention.free_megabytes and wanted > 0 and age > SHORTEST_AGE
        if (is_old or is_in_the_way) and file.name not in needed:
            found.append(file.name)
            wanted -= file.size
    return found


def _list_files(archive: Path) -> Iterator[ArchiveFile]:
    for path in archive.glob("**/*.warc.gz"):
        stat = path.stat()
        match = BEGUN.search(path.name)
        begun = (
            datetime.strptime(match[1], BEGUN_FORMAT).replace(tzinfo=UTC)
            if match
            else datetime.fromtimestamp(stat.st_mtime, UTC)
        )
        yield ArchiveFile(str(path.relative_to(archive)), begun, stat.st_size)


def _clear_places(store: Store, files: list[str]) -> None:
    """Let no row name a place in these files."""
    for table, empty in (("articles", "archived_in = ''"), ("fetches", "archived_in = NULL, body_in = NULL")):
        store.db.execute(
            f"UPDATE {table} SET {empty} WHERE archived_in <> '' "
            "AND substr(archived_in, 1, instr(archived_in, '#') - 1) IN (SELECT value FROM json_each(?))",
            [json.dumps(files)],
        )


def _prune_rows(store: Store, retention: Retention, now: datetime) -> dict[str, int]:
    pruned = {"version": 0, "count": 0, "log row": 0, "run": 0, "event": 0}
    if retention.version_days:
        before = format_time(now - timedelta(days=retention.version_days))
        pruned["version"] = _delete(store, "versions", "replaced < ?", before)
        pruned["count"] = _delete(store, "counts", "at < ?", before)
    if retention.log_days:
        before = format_time(now - timedelta(days=retention.log_days))
        pruned["log row"] = delete_fetches(store, OLD_FETCHES, before)
        pruned["run"] = _delete(store, "runs", OLD_RUNS, before)
        pruned["event"] = _delete(store, "events", OLD_EVENTS, before)
    return pruned


def _delete(store: Store, table: str, condition: str, before: str) -> int:
    return store.db.execute(f"DELETE FROM {table} WHERE {condition}", [before]).rowcount
