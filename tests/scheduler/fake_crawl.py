"""Fake `scrapy crawl NAME`: open a run, behave as the argument says, close it.

`python fake_crawl.py STORE BEHAVIOUR crawl NAME`
"""

import signal
import sys
import time
from pathlib import Path

from shopwire.storage.crawl_log.fetches import record_fetch
from shopwire.storage.crawl_log.runs import begin_run, finish_run
from shopwire.storage.database import Store
from shopwire.storage.timestamps import format_now


def record_list(store: Store, run: int, source: str, outcome: str = "listed") -> None:
    """Record one fetch of the source's list."""
    attempt = {"run_id": run, "source": source, "kind": "feed", "url": f"https://{source}/feed"}
    with store.writing():
        record_fetch(store, {**attempt, "at": format_now(), "outcome": outcome, "reason": "as told"})


def main(store: Store, behaviour: str, source: str) -> None:
    """Run the behaviour."""
    if behaviour == "dies":
        sys.exit("cannot even begin")
    run = begin_run(store, source)
    if behaviour == "leaves":
        print("good bye")
        sys.exit(0)
    if behaviour == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if behaviour == "polite":
        signal.signal(signal.SIGTERM, lambda *_: finish(store, run, "shutdown"))
    if behaviour in {"deaf", "polite", "hangs"}:
        print("running", flush=True)
        time.sleep(60)
    record_list(store, run, source, "error" if behaviour == "fails" else "listed")
    finish(store, run, "finished")


def finish(store: Store, run: int, reason: str) -> None:
    """Close the run and exit."""
    finish_run(store, run, known=0, reason=reason)
    sys.exit(0)


if __name__ == "__main__":
    main(Store(Path(sys.argv[1])), sys.argv[2], sys.argv[4])
