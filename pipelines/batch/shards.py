"""Shards: the months of a very large import, each placed in a store of its own with the days before it.

A shard finds the copies and stories of its month as one store would, for whatever lies no further apart than
the days before; `merge_shard` brings the shards together, `link_missed` finds what lies further apart.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from shopwire.pipelines.batch.across import WARM_UP_DAYS, link_missed
from shopwire.pipelines.batch.merge import forget_merged, merge_shard
from shopwire.pipelines.batch.parts import copy_whole, delete_part, name_part_of
from shopwire.pipelines.batch.place import Parts, place_parts
from shopwire.pipelines.batch.terms import count_terms_of_parts
from shopwire.pipelines.store_article import StoreResult
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.storage.database import Store

# So many pages one writer stores in a day or less.
MOST_PAGES: Final = 5_000_000
# What a new shard must know of the store.
KNOWN: Final = ("lines", "terms", "address_parts", "forgotten")
# How much was counted before the month began: what is counted later belongs to the month.
MARK: Final = (
    """CREATE TABLE before_month AS SELECT (SELECT coalesce(max(id), 0) FROM articles) AS article,
    (SELECT coalesce(max(id), 0) FROM fetches) AS fetch""",
    "CREATE TABLE before_terms AS SELECT * FROM terms",
    "CREATE TABLE before_lines AS SELECT * FROM lines",
)


class Shard(NamedTuple):
    """A month, such as `2026-11`, and its limits as dates: of the warm-up, of the month, and its end."""

    month: str
    warm: str
    first: str
    end: str


def list_shards(parts: Parts) -> list[Shard]:
    """Return the months in which there are pages, the earliest first."""
    return [build_shard(month) for month in parts.list_months()]


def build_shard(month: str) -> Shard:
    """Return the shard of a month. Raises `ValueError` for what is none."""
    first = date.fromisoformat(f"{month}-01")
    end = (first + timedelta(days=31)).replace(day=1)
    # There is no date before this one.
    warm = max(first.toordinal() - WARM_UP_DAYS, 1)
    return Shard(month, date.fromordinal(warm).isoformat(), first.isoformat(), end.isoformat())


def write_seed(store: Store, parts: Parts, path: Path) -> None:
    """Write an empty store that knows what this one does about sites and terms, the terms of the parts too,
    and up to which article this one was filled."""
    with TemporaryDirectory(prefix="shopwire-seed-") as folder:
        written = Path(folder) / "seed.db"
        with Store(written) as seed, seed.writing():
            for table in KNOWN:
                rows = [tuple(row) for row in store.rows(f"SELECT * FROM {table}")]
                if rows:
                    marks = ", ".join("?" * len(rows[0]))
                    seed.db.conn.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", rows)
            count_terms_of_parts(store, parts, seed)
            last = store.row("SELECT coalesce(max(id), 0) FROM articles")
            seed.db.execute("CREATE TABLE before_import (article INTEGER)")
            seed.db.execute("INSERT INTO before_import VALUES (?)", [last[0] if last else 0])
        _leave_no_log(written)
        copy_whole(written, path)


def place_shard(paths: Sequence[Path], shard: Shard, seed: Path, path: Path, workers: WorkerPool) -> None:
    """Write the store of a shard: a copy of the seed with the pages of the month and of the days before."""
    with TemporaryDirectory(prefix="shopwire-shard-") as folder:
        written = Path(folder) / "shard.db"
        copyfile(seed, written)
        with Store(written) as store:
            _place(store, paths, (shard.warm, shard.first), workers)
            with store.writing():
                for statement in MARK:
                    store.db.execute(statement)
            _place(store, paths, (shard.first, shard.end), workers)
        _leave_no_log(written)
        copy_whole(written, path)


def _place(store: Store, paths: Sequence[Path], days: tuple[str, str], workers: WorkerPool) -> None:
    with Parts(paths, *days) as parts:
        for _ in place_parts(store, parts, workers):
            pass


def _leave_no_log(path: Path) -> None:
    """Make a store one file, without a log beside it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def place_in_shards(
    store: Store,
    paths: Sequence[Path],
    parts: Parts,
    folder: Path,
    make: Callable[[Mapping[Path, Shard], Path], None],
) -> Iterator[StoreResult]:
    """Yield the result of each page of some parts once its shard is merged, after `learn_frames`.

    `make` writes the shards that are not there, from a seed. An interrupted call can be repeated: shards are
    kept in the folder until all are merged.
    """
    said = " ".join(path.name for path in paths)
    seed = folder / name_part_of("seed", said)
    made = {folder / name_part_of(shard.month, said): shard for shard in list_shards(parts)}
    if not seed.exists():
        write_seed(store, parts, seed)
    make({path: shard for path, shard in made.items() if not path.exists()}, seed)
    for path in made:
        yield from merge_shard(store, path)
    with closing(sqlite3.connect(seed)) as connection:
        (last,) = connection.execute("SELECT article FROM before_import").fetchone()
    link_missed(store, last + 1)
    with store.writing():
        for path in made:
            forget_merged(store, path)
    for path in (seed, *made):
        delete_part(path)
