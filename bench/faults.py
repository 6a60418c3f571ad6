"""One crawl over the whole fault server together with 300 healthy pages: `python -m bench.faults`.

Prints how many of the healthy pages were stored, whether each bad one has its row, how late the event
loop was, the peak of the crawl's memory (without its worker processes) and the time it took. Ends with
1 when a healthy page is missing or a bad one has no row, or two.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import monotonic

from tests.faults.answers import ANSWERS, MIB
from tests.faults.crawl import crawl
from tests.faults.robots import ROBOTS
from tests.faults.server import fault_server

HEALTHY = 300
# `article` is a healthy page, and what asks for a long rest would end the crawl of its host.
NOT_BAD = {"article", "private", "robots2.txt", "reached-by-refresh", "go-away", "to"}
SETTINGS = {"RETRY_TIMES": 1, "DOWNLOAD_TIMEOUT": 10, "CONCURRENT_REQUESTS": 32}


def main() -> int:
    """Crawl, print, and say whether all went as it should."""
    with fault_server(ANSWERS, ROBOTS) as server, tempfile.TemporaryDirectory() as folder:
        good = [server.url(f"/article/{number}") for number in range(HEALTHY)]
        bad = [server.url(f"/{path}") for path in ANSWERS if path not in NOT_BAD]
        bad += [server.url("/article/1", f"{host}.localhost") for host in ROBOTS]
        step = HEALTHY // len(bad)
        mixed = [
            url for at, url in enumerate(good) for url in (url, *bad[at // step : at // step + 1])
        ]
        started = monotonic()
        done = crawl(Path(folder), list(dict.fromkeys([*mixed, *bad])), SETTINGS)
        seconds = monotonic() - started
    rows = Counter(row["url"] for row in done.rows)
    stored = sum(1 for row in done.rows if row["url"] in set(good) and row["article_id"])
    outcomes = Counter(row["outcome"] for row in done.rows if row["url"] not in set(good))
    wrong = [url for url in (*good, *bad) if rows[url] != 1]
    print(f"healthy pages stored   {stored} of {HEALTHY}")
    print(f"bad answers            {len(bad)}, of which without just one row: {len(wrong)} {wrong}")
    print(f"their outcomes         {dict(outcomes.most_common())}")
    print(
        f"event loop late        p99 {done.lag_p99 * 1000:.0f} ms, at most {done.lag_max * 1000:.0f} ms"
    )
    print(f"peak memory            {done.peak / MIB:.0f} MiB")
    print(f"wall time              {seconds:.0f} s")
    return int(stored != HEALTHY or bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
