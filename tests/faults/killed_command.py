"""Run a command of ours that kills itself at its n-th SQL statement: `python -m tests.faults.killed_command N
WORDS...`. With N = 0 it ends by itself and prints how many statements it took."""

import contextlib
import itertools
import os
import signal
import sys
from pathlib import Path

from shopwire.commands.cli import cli
from shopwire.storage.database import Store


def main() -> None:
    """Run the command."""
    fatal = int(sys.argv[1])
    counter = itertools.count(1)
    taken = [0]
    begin = Store.__init__

    def count(_: str) -> None:
        taken[0] = next(counter)
        if taken[0] == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def open_counted(self: Store, path: Path, read_only: bool = False) -> None:
        begin(self, path, read_only)
        self.db.conn.set_trace_callback(count)

    Store.__init__ = open_counted  # type: ignore[method-assign]
    with contextlib.suppress(SystemExit):
        cli(sys.argv[2:], prog_name="shopwire", standalone_mode=False)
    print(f"statements: {taken[0]}")


if __name__ == "__main__":
    main()
