"""`kill -9` at 200 random points of writing: `python -m bench.kills [--trials 200] [--seed 1]`.

The tests do the same 20 times; what is counted stands in `tests/faults/kills.py`.
"""

import sys

from tests.faults.kills import main

if __name__ == "__main__":
    if "--trials" not in sys.argv:
        sys.argv += ["--trials", "200"]
    main()
