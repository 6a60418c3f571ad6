"""Commands in forked processes that kill themselves at a statement."""

import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults import killed_command
from tests.support.crawling import environment


@dataclass(frozen=True, slots=True)
class Forked:
    """A running command, with the end of a pipe that gets its output."""

    pid: int
    output: int

    def wait(self) -> tuple[bool, int]:
        """Wait for its end; return whether it was killed, and how many statements it took, 0 if killed."""
        with os.fdopen(self.output) as output:
            said = output.read()
        _, status = os.waitpid(self.pid, 0)
        is_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        return is_killed, int(said.rpartition("statements: ")[2] or 0)


def fork_command(home: Path, statement: int, words: Sequence[str], port: int = 0) -> Forked:
    """Start a command that is killed at a statement, 0 for none, beside the newsroom on a port."""
    receiver, sender = os.pipe()
    pid = os.fork()
    if pid:
        os.close(sender)
        return Forked(pid, receiver)
    try:
        os.chdir(home)
        os.environ.update(environment(home, port))
        os.dup2(sender, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.argv = ["killed", str(statement), *words]
        killed_command.main()
        sys.stdout.flush()
    finally:
        os._exit(0)


def run_forked(home: Path, statement: int, words: Sequence[str], port: int = 0) -> tuple[bool, int]:
    """Run a command as `fork_command` does; return whether it was killed, and its statements."""
    return fork_command(home, statement, words, port).wait()
