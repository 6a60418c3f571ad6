"""Crawl the whole fault server together with 300 healthy pages: `python -m bench.faults`.

Prints how many healthy pages were stored, whether each bad response has the one row in the crawl log
that the tests expect, the delay of the event loop, the peak memory of the crawl without its workers, and
the time it took. Exits with 1 if a healthy page is missing or a bad response has no row, two rows, or an
unexpected one.
"""

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from tests.faults.crawl import crawl
from tests.faults.responses import ANSWERS, MIB
from tests.faults.robots import ROBOTS
from tests.faults.server import fault_server
from tests.spiders.http.test_faults import BAD_PAGES

HEALTHY = 300
# `article` is a healthy page; the Retry-After of `go-away` would end the crawl of its host.
NOT_BAD = {"article", "private", "robots2.txt", "reached-by-refresh", "go-away", "to"}
LATE_MS, MEMORY_MIB = 100, 400
EXPECTED: dict[str, tuple[str, str]] = {one.values[0]: one.values[1:] for one in BAD_PAGES}
SETTINGS = {"RETRY_TIMES": 1, "DOWNLOAD_TIMEOUT": 10, "CONCURRENT_REQUESTS": 32}


def main() -> int:
    """Crawl, print, and return the exit code."""
    with fault_server(ANSWERS, ROBOTS) as server, tempfile.TemporaryDirectory() as folder:
        good = [server.url(f"/article/{number}") for number in range(HEALTHY)]
        bad = [server.url(f"/{path}") for path in ANSWERS if path not in NOT_BAD]
        bad += [server.url("/article/1", f"{host}.localhost") for host in ROBOTS]
        step = HEALTHY // len(bad)
        mixed = [url for at, url in enumerate(good) for url in (url, *bad[at // step : at // step + 1])]
        started = monotonic()
        done = crawl(Path(folder), list(dict.fromkeys([*mixed, *bad])), SETTINGS)
        seconds = monotonic() - started
    rows = Counter(row["url"] for row in done.rows)
    stored = sum(1 for row in done.rows if row["url"] in set(good) and row["article_id"])
    outcomes = Counter(row["outcome"] for row in done.rows if row["url"] not in set(good))
    wrong = [url for url in (*good, *bad) if rows[url] != 1]
    odd = [row["url"] for row in done.rows if not is_expected(row)]
    print(f"healthy pages stored   {stored} of {HEALTHY}")
    print(f"bad responses          {len(bad)}, without exactly one row: {len(wrong)} {wrong}")
    print(f"unexpected outcomes    {len(odd)} of {len(EXPECTED)} {odd}")
    print(f"their outcomes         {dict(outcomes.most_common())}")
    print(
        f"event loop delay       p99 {done.lag_p99 * 1000:.0f} ms (wanted: under {LATE_MS}), "
        f"at most {done.lag_max * 1000:.0f} ms"
    )
    print(f"peak memory            {done.peak / MIB:.0f} MiB (wanted: under {MEMORY_MIB})")
    print(f"wall time              {seconds:.0f} s")
    return int(stored != HEALTHY or bool(wrong or odd))


def is_expected(row: Mapping[str, Any]) -> bool:
    """Return whether a row has the outcome and reason that the tests expect of its URL, if any."""
    outcome, reason = EXPECTED.get(urlsplit(row["url"]).path[1:], ("", ""))
    if not outcome:
        return True
    return bool(re.fullmatch(outcome, row["outcome"]) and re.search(reason, row["reason"]))


if __name__ == "__main__":
    sys.exit(main())
