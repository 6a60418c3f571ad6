"""Run the soak or one of the processes it starts: `python -m bench.soak [daemon NAME... | crawl NAME...]`."""

import sys
from importlib import import_module

PROCESSES = ("daemon", "crawl")

if __name__ == "__main__":
    part = next((name for name in PROCESSES if name in sys.argv[1:2]), "run")
    import_module(f"bench.soak.{part}").main()
