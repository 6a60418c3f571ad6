"""DuckDB's join over the keys of near-duplicate detection: which articles share keys that few others have."""

import resource
import sys
import tempfile
import time
from pathlib import Path
from subprocess import run

from bench.measure import print_table

SIZES = (10_000, 100_000, 1_000_000)
# Keys of a text as `sample_keys` takes them. Of ten articles one is an exact copy, and two are edited ones.
KEYS = 50
MOST_HOLDERS = 200
# Articles of a site have keys of its frame in common.
SITES, FRAME_KEYS = 400, 4

MAKE = """
CREATE TABLE keys AS
WITH articles AS (SELECT range AS id, hash(range, 1) % 10 AS draw, hash(range, 2) % ? AS site FROM range(?)),
originals AS (SELECT id, site, CASE WHEN draw < 3 AND id > 0 THEN hash(id, 3) % id ELSE id END AS of_id, draw
              FROM articles)
SELECT id, CASE WHEN draw IN (1, 2) AND hash(id, n) % 5 = 0 THEN hash(id, n, 4)
                ELSE hash(of_id, n, 5) END AS key
FROM originals, range(?) AS numbers(n)
UNION ALL SELECT id, hash(site, n, 6) FROM originals, range(?) AS numbers(n)
"""
JOIN = """
WITH rare AS (SELECT key FROM keys GROUP BY key HAVING count(*) BETWEEN 2 AND ?),
held AS (SELECT keys.* FROM keys JOIN rare USING (key))
SELECT count(*) FROM (
    SELECT one.id, other.id FROM held AS one JOIN held AS other ON one.key = other.key AND one.id < other.id
    GROUP BY ALL HAVING count(*) >= 2)
"""


def measure_growth(*sizes: int) -> None:
    """Print CPU seconds and memory of the join for each number of articles, each in a process of its own."""
    rows = []
    for size in sizes or SIZES:
        code = f"from bench.cluster.growth import join_keys; join_keys({size})"
        done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        rows.append((f"{size:,}", *done.stdout.split()))
    print_table(("articles", "keys", "pairs", "CPU s of the join", "peak MB"), rows)


def join_keys(articles: int) -> None:
    """Print keys, pairs, CPU seconds and megabytes of the join over made-up articles."""
    import duckdb  # noqa: PLC0415 - an extra

    with tempfile.TemporaryDirectory() as folder, duckdb.connect(str(Path(folder) / "keys.db")) as connection:
        connection.execute("SET threads = 2; SET enable_progress_bar = false")
        connection.execute(MAKE, [SITES, articles, KEYS, FRAME_KEYS])
        keys = connection.execute("SELECT count(*) FROM keys").fetchone()
        begun = time.process_time()
        pairs = connection.execute(JOIN, [MOST_HOLDERS]).fetchone()
        seconds = time.process_time() - begun
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert keys
    assert pairs
    print(f"{keys[0]:,} {pairs[0]:,} {seconds:.1f} {megabytes:.0f}")
