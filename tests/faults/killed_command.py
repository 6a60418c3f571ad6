"""Run a command of ours that kills itself at its n-th SQL statement: `python -m tests.faults.killed_command N
WORDS...`. With N = 0 it ends by itself and prints how many statements it took."""

import contextlib
import itertools
import os
import signal
import sqlite3
import sys
from typing import Any

from shopwire.commands.cli import cli


def main() -> None:
    """Run the command."""
    fatal = int(sys.argv[1])
    counter = itertools.count(1)
    taken = [0]
    connect = sqlite3.connect

    def count(_: str) -> None:
        taken[0] = next(counter)
        if taken[0] == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def connect_counted(*values: Any, **named: Any) -> sqlite3.Connection:
        connection = connect(*values, **named)
        connection.set_trace_callback(count)
        return connection

    sqlite3.connect = connect_counted
    with contextlib.suppress(SystemExit):
        cli(sys.argv[2:], prog_name="shopwire", standalone_mode=False)
    print(f"statements: {taken[0]}")


if __name__ == "__main__":
    main()
