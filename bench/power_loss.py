"""Lose power, and let writes fail, at many points: `python -m bench.power_loss [POINTS]` (Linux, with `cc`).

Pages are archived and stored as a crawl does. The power is cut at POINTS calls, twice at each: what was not
synced is gone, or a random part of it is left, with torn sectors. Then each of a quarter as many calls fails
in four ways: with an error of the disk or without space, once or from there on. After each, `shopwire check`
must find nothing: no damage and no row whose page is not in the archive, and no article that was reported may
be lost. Prints the numbers and each problem, and exits with 1 if there is one.
"""

import sys
import tempfile
from pathlib import Path

from tests.faults.disk import FAULTS, build_shim, cut_power, fail_writes

POINTS, PAGES = 600, 8


def main() -> int:
    """Cut the power, let writes fail, print, and return the exit code."""
    points = int(sys.argv[1]) if len(sys.argv) > 1 else POINTS
    with tempfile.TemporaryDirectory() as folder:
        shim = build_shim(Path(folder))
        calls, problems = cut_power(shim, PAGES, points)
        print(
            f"power cuts     {2 * points} at {points} of {calls} calls, problems: {len(problems)}", flush=True
        )
        failing = list(range(1, calls, max(1, 4 * calls // points)))
        found = fail_writes(shim, PAGES, failing)
        print(f"failed writes  {len(failing) * len(FAULTS)} at {len(failing)} calls, problems: {len(found)}")
    print("\n".join([*problems, *found]))
    return int(bool(problems or found))


if __name__ == "__main__":
    sys.exit(main())
