"""Fake process for many crawls: obeys orders as `crawl_host` does, but behaves as told.

`python fake_host.py STORE '{"SOURCE": "BEHAVIOUR", ...}' crawl`
"""

import json
import os
import sys
from pathlib import Path

from shopwire.storage.crawl_log.runs import begin_run, finish_run
from shopwire.storage.database import Store
from tests.scheduler.fake_crawl import record_list


def answer(**words: str | int) -> None:
    print(json.dumps({**words, "memory": 1000}), flush=True)


def main(store: Store, behaviours: dict[str, str]) -> None:
    """Obey until there are no more orders."""
    runs: dict[str, int] = {}
    for line in sys.stdin:
        order = json.loads(line)
        name = order.get("crawl") or order["stop"]
        behaviour = behaviours[name]
        if "crawl" in order:
            Path(order["log"]).write_text("running\n")
            runs[name] = begin_run(store, name)
            if behaviour == "dies":
                os._exit(3)
            if behaviour == "works":
                record_list(store, runs[name], name)
                finish_run(store, runs[name], known=0, reason="finished")
                answer(ended=name, code=0)
        elif behaviour == "polite":
            finish_run(store, runs[name], known=0, reason="shutdown")
            answer(ended=name, code=0)


if __name__ == "__main__":
    main(Store(Path(sys.argv[1])), json.loads(sys.argv[2]))
