"""Two writers and a reader for a minute, in which the store is locked for 30 s: `python -m bench.crowd`.

The tests do the same for five seconds; what is counted stands in `tests/faults/crowd.py`.
"""

import sys

from tests.faults.crowd import main

if __name__ == "__main__":
    sys.argv[1:] = sys.argv[1:] or ["--seconds", "60", "--locked", "30"]
    main()
