"""Runs a module as a process that ends with the one which started it, also when that is killed or hangs.

`python -m shopwire.scheduler.cluster.tied SECONDS scrapy crawl NAME`: its standard input is a pipe of the
parent, which must write something every SECONDS unless that is 0.
"""

import os
import runpy
import signal
import subprocess
import sys
from contextlib import suppress
from select import select
from threading import Thread

from shopwire.scheduler.crawls.crawl_process import build_python_command, kill_process_group

MODULE = "shopwire.scheduler.cluster.tied"


def build_tied_command(*words: str, seconds: float = 0.0) -> list[str]:
    """Return the command that runs a module with arguments, tied to the process that starts it.

    With `seconds` it must be let live at least as often, see `let_live`.
    """
    return build_python_command(MODULE, str(seconds), *words)


def let_live(process: subprocess.Popen[bytes]) -> None:
    """Let a tied process live for its seconds again, if it has not ended."""
    assert process.stdin
    with suppress(BrokenPipeError, ValueError):
        os.write(process.stdin.fileno(), b".")


def _end_with_parent(seconds: float) -> None:
    while select([0], [], [], seconds or None)[0] and os.read(0, 1):
        pass
    if os.getpgrp() == os.getpid():
        # The worker processes too, which belong to the group of this one.
        kill_process_group(os.getpid())
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Run the module that the arguments name."""
    Thread(target=_end_with_parent, args=(float(sys.argv[1]),), daemon=True).start()
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
