"""Lose power, and let writes fail, at many points: `python -m bench.power_loss [POINTS]` (Linux, with `cc`).

Pages are archived and stored as a crawl does, in a new store and in one that has some. The power is cut at
POINTS calls of each, twice at each: what was not synced is gone, or a random part of it is left, with torn
sectors. Then each of a quarter as many calls fails in four ways: with an error of the disk or without space,
once or from there on. After each, `shopwire check` must find nothing: no damage and no row whose page is not
in the archive. No article may be lost that was on the disk at an earlier point, or that was reported while
writes fail. Prints the numbers and each problem, and exits with 1 if there is one.
"""

import sys
import tempfile
from pathlib import Path

from tests.faults.disk import FAULTS, build_shim, cut_power, fail_writes

# Pages in the store at the beginning, and of those that are stored.
STORES = ((0, 8), (12, 24))
POINTS = 300


def main() -> int:
    """Cut the power, let writes fail, print, and return the exit code."""
    points = int(sys.argv[1]) if len(sys.argv) > 1 else POINTS
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        shim = build_shim(Path(folder))
        for before, pages in STORES:
            calls, lasting, found = cut_power(shim, before, pages, points)
            print(
                f"{before:2} pages + {pages}  power cuts    {2 * points} at {points} of {calls} calls, "
                f"{lasting} articles on the disk at the end, problems: {len(found)}",
                flush=True,
            )
            problems += found
            failing = list(range(1, calls, max(1, 4 * calls // points)))
            found = fail_writes(shim, before, pages, failing)
            print(
                f"{before:2} pages + {pages}  failed writes {len(failing) * len(FAULTS)} at {len(failing)} "
                f"calls, problems: {len(found)}",
                flush=True,
            )
            problems += found
    print("\n".join(problems))
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
