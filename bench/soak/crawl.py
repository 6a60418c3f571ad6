"""What the soak starts as processes: `daemon`, or `crawl NAME` as the daemon calls it."""

import logging
import os
import sys
from collections.abc import Sequence

import time_machine
from scrapy.cmdline import execute

from bench.soak_world import clock_of_environment
from shopwire.scheduler.crawls import Limits
from shopwire.scheduler.daemon import Daemon, Options
from shopwire.storage.home import store_path

# A site on this machine that has not answered in a second will not.
SETTINGS = {"DOWNLOAD_TIMEOUT": 1.5, "RETRY_TIMES": 1, "LOG_LEVEL": "WARNING"}
# Pages looked at again would treble the work of the machine and show nothing.
SETTINGS |= {"SPIDER_MIDDLEWARES": "{}"}


def crawl_command(name: str) -> Sequence[str]:
    """A crawl that lives in the world's time."""
    return [sys.executable, "-m", "bench.soak_run", "crawl", name]


def main() -> None:
    """Do as told."""
    clock = clock_of_environment()
    if sys.argv[1] == "daemon":
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        options = Options(at_once=3, tick=0.1, limits=Limits(crawl=90, grace=5))
        Daemon(store_path(), sys.argv[2:], options, clock, crawl_command).run()
        return
    os.environ["SCRAPY_SETTINGS_MODULE"] = "shopwire.spiders.settings"
    changes = [word for name, value in SETTINGS.items() for word in ("-s", f"{name}={value}")]
    with time_machine.travel(clock(), tick=True):
        execute(["scrapy", "crawl", sys.argv[2], *changes])


if __name__ == "__main__":
    main()
