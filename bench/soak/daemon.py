"""Run a daemon on simulated time that orders its crawls from `warm.py` instead of starting them."""

import logging
import sys
from unittest import mock

from bench.soak.warm import WarmCrawl
from bench.soak.world import read_clock
from shopwire.scheduler.crawls import crawl_process
from shopwire.scheduler.crawls.running_crawl import Limits
from shopwire.scheduler.crawls.starter import CrawlStarter
from shopwire.scheduler.daemon import Daemon, Options
from shopwire.scheduler.jobs import build_scheduler, catch_stop_signals
from shopwire.storage.paths import get_store_path


def main() -> None:
    """Run until stopped."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    options = Options(at_once=6, tick=0.1, limits=Limits(crawl=90, grace=5))
    clock = read_clock()
    with mock.patch.object(crawl_process.subprocess, "Popen", WarmCrawl):
        Daemon(
            get_store_path(),
            sys.argv[2:],
            options,
            clock,
            CrawlStarter(get_store_path().parent / "logs", shared_command=None),
            steady=lambda: clock().timestamp(),
            stopping=catch_stop_signals(),
        ).run(build_scheduler())
