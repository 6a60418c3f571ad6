"""DuckDB's join over texts and keys that names the articles with a copy which no month of an import knew."""

import resource
import sys
import tempfile
import time
from pathlib import Path
from subprocess import run

from bench.measure import print_table
from shopwire.pipelines.batch.across import COLUMNS, MISSED, WARM_UP_DAYS
from shopwire.pipelines.deduplication.fingerprint_index import COMMON_KEY, RARE_KEY

SIZES = (10_000, 100_000, 1_000_000)
# Keys of a text as `sample_keys` takes them. Of ten articles one is an exact copy of any before, and two are
# edited ones. Articles of a site have keys of its frame in common.
KEYS, SITES, FRAME_KEYS = 50, 400, 4
DAYS = 365
# In a process that runs no file DuckDB prints a bar.
QUIET = {"enable_progress_bar": False}

DRAW = """
CREATE TABLE originals AS
WITH drawn AS (SELECT range AS id, hash(range, 1) % 10 AS draw FROM range($articles))
SELECT id, draw, CASE WHEN draw < 3 AND id > 0 THEN hash(id, 3) % id ELSE id END AS of_id,
    hash(id, 2) % $sites AS site, (id * $days // $articles)::BIGINT AS day FROM drawn
"""
MAKE = (
    """
INSERT INTO articles
SELECT id, id, (hash(CASE draw WHEN 0 THEN of_id ELSE id END, 8) >> 2)::BIGINT, day, day - day % 30 - $warm_up
FROM originals
""",
    """
INSERT INTO keys
SELECT (CASE WHEN draw IN (1, 2) AND hash(id, n) % 5 = 0 THEN hash(id, n, 4)
             ELSE hash(of_id, n, 5) END >> 2)::BIGINT, id
FROM originals, range($keys) AS numbers(n)
UNION ALL SELECT (hash(site, n, 6) >> 2)::BIGINT, id FROM originals, range($frame_keys) AS numbers(n)
""",
)


def measure_growth(*sizes: int) -> None:
    """Print CPU seconds and memory of the join for each number of articles, each in a process of its own."""
    rows = []
    for size in sizes or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            for code in (f"make_articles({size}, {folder!r})", f"join_articles({folder!r})"):
                words = [sys.executable, "-c", f"from bench.cluster import growth; growth.{code}"]
                done = run(words, capture_output=True, text=True, check=True)
        rows.append((f"{size:,}", *done.stdout.split()))
    print_table(("articles", "keys", "articles to look at", "CPU s of the join", "peak MB"), rows)


def make_articles(articles: int, folder: str) -> None:
    """Write the tables that are joined, with made-up articles of a year."""
    import duckdb  # noqa: PLC0415 - an extra

    with duckdb.connect(str(Path(folder) / "keys"), config=QUIET) as connection:
        for table, columns in COLUMNS.items():
            declared = ", ".join(f"{column} BIGINT" for column in columns)
            connection.execute(f"CREATE TABLE {table} ({declared})")
        connection.execute(DRAW, {"articles": articles, "sites": SITES, "days": DAYS})
        for statement, values in zip(
            MAKE, ({"warm_up": WARM_UP_DAYS}, {"keys": KEYS, "frame_keys": FRAME_KEYS}), strict=True
        ):
            connection.execute(statement, values)


def join_articles(folder: str) -> None:
    """Print keys, articles to look at, CPU seconds and megabytes of the join."""
    import duckdb  # noqa: PLC0415 - an extra

    with duckdb.connect(str(Path(folder) / "keys"), config=QUIET) as connection:
        keys = connection.execute("SELECT count(*) FROM keys").fetchone()
        begun = time.process_time()
        limits = {"common": COMMON_KEY, "rare": RARE_KEY, "first": 0}
        found = connection.execute(MISSED, limits).fetchall()
        seconds = time.process_time() - begun
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert keys
    print(f"{keys[0]:,} {len(found):,} {seconds:.1f} {megabytes:.0f}")
