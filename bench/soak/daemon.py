"""A daemon that lives in the world's time and orders its crawls instead of starting them."""

import logging
import sys
from unittest import mock

from bench.soak.warm import WarmCrawl
from bench.soak.world import clock_of_environment
from shopwire.scheduler import crawl_process
from shopwire.scheduler.crawl_process import Limits
from shopwire.scheduler.daemon import Daemon, Options
from shopwire.storage.paths import store_path


def main() -> None:
    """Run until told to stop."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    options = Options(at_once=6, tick=0.1, limits=Limits(crawl=90, grace=5))
    clock = clock_of_environment()
    with mock.patch.object(crawl_process.subprocess, "Popen", WarmCrawl):
        Daemon(store_path(), sys.argv[2:], options, clock, steady=lambda: clock().timestamp()).run()
