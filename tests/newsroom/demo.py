"""Serve the newsroom on loopback and crawl all of it with the real spiders: `make demo`.

The first run crawls the first edition. Once there is a store, later runs crawl the second edition, in
which two articles are new and one has changed. The articles are dated relative to the day of the first run.
"""

import os
import subprocess
import sys
from datetime import UTC, date, datetime

from shopwire.storage.database import Store
from shopwire.storage.paths import get_store_path
from tests.newsroom.server import newsroom
from tests.newsroom.sites import SITES

PORT = int(os.environ.get("SHOPWIRE_NEWSROOM_PORT", "8420"))
NEXT = """What to do next:
  make serve                               open the store in Datasette
  .venv/bin/shopwire search 淘宝 双11     search it in the terminal
  .venv/bin/shopwire status                see how each source is doing
  .venv/bin/shopwire source list           the real sources; `shopwire crawl NAME` crawls one
  make demo                                once more: only what is new is fetched
"""


def main() -> int:
    """Run the demo; returns the exit code of the crawl."""
    first = not get_store_path().exists()
    words = "first edition" if first else "second edition: two new articles, one updated"
    print(f"The newsroom, {words}: {len(SITES)} sites on http://localhost:{PORT}/\n", flush=True)
    try:
        with newsroom(PORT, 1 if first else 2, find_first_day()):
            done = crawl()
    except OSError as error:
        print(
            f"make demo: cannot serve on port {PORT} ({error.strerror}): end what uses it, "
            "or take another with SHOPWIRE_NEWSROOM_PORT=8421 make demo",
            file=sys.stderr,
        )
        return 2
    print(f"\nEverything is in {get_store_path()}, the raw pages in archive/.\n\n{NEXT}", end="")
    return done


def find_first_day() -> date:
    """Return the day (UTC) of the first crawl into the store, today if there is none.

    A second run must find the dates of the first.
    """
    today = datetime.now(UTC).date()
    if not get_store_path().exists():
        return today
    with Store(get_store_path()) as store:
        first = store.db.execute("SELECT min(started) FROM runs").fetchone()[0]
    return datetime.fromisoformat(first).date() if first else today


def crawl() -> int:
    """Run `shopwire crawl` on all sites in a process of its own; returns its exit code."""
    environment = {
        **os.environ,
        "SCRAPY_SETTINGS_MODULE": "tests.newsroom.settings",
        "SHOPWIRE_NEWSROOM_PORT": str(PORT),
    }
    command = [sys.executable, "-m", "shopwire.commands", "crawl"]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
