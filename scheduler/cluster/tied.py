"""Runs a module as a process that ends with the one which started it, also when that is killed.

`python -m shopwire.scheduler.cluster.tied scrapy crawl NAME`: its standard input is a pipe of the parent.
"""

import os
import runpy
import signal
import sys
from threading import Thread

from shopwire.scheduler.crawls.crawl_process import build_python_command, kill_process_group

MODULE = "shopwire.scheduler.cluster.tied"


def build_tied_command(*words: str) -> list[str]:
    """Return the command that runs a module with arguments, tied to the process that starts it."""
    return build_python_command(MODULE, *words)


def _end_with_parent() -> None:
    while os.read(0, 1):
        pass
    if os.getpgrp() == os.getpid():
        # The worker processes too, which belong to the group of this one.
        kill_process_group(os.getpid())
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Run the module that the arguments name."""
    Thread(target=_end_with_parent, daemon=True).start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
