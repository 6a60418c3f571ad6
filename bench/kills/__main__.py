"""Kill commands at each of many SQL statements: `python -m bench.kills [KILLS] [COMMAND...]`.

Each command is run on a copy of one store, in a process that kills itself at its n-th statement; KILLS is how
many times for each command, spread evenly. After each kill `shopwire check` must find nothing, every article
must be as it was before the command or as it is after it, and the command, run again, must come to the same
end. Crawls and the daemon are killed beside a site, and crawl it to its end afterwards: every page must be
there once, with the text that it has without a kill. Writers that store and archive pages are killed as often
(see `tests.faults.killed_writer`). Prints a row for each command, and exits with 1 if anything is lost,
doubled, half or back again.
"""

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.faults.killed_writer import run_trials

import shopwire.commands.crawl
import shopwire.commands.daemon
import shopwire.commands.export
import shopwire.commands.imports.articles
import shopwire.commands.maintenance.backup
import shopwire.commands.maintenance.forget
import shopwire.commands.maintenance.prune
import shopwire.commands.reextract
import shopwire.commands.story  # noqa: F401 - loaded once, before the forks
from bench.kills.commands import COMMANDS, try_command
from bench.kills.crawls import try_crawl, try_daemon
from bench.measure import print_table

KILLS = 50

Trial = Callable[[Path, int], tuple[int, int, list[str]]]


def try_writer(folder: Path, kills: int) -> tuple[int, int, list[str]]:
    """Kill a writer; return 0, as its moments are random, how often it was killed, and what was wrong."""
    found = run_trials(folder, kills, seed=2)
    return 0, found.trials, [f"writer: {found}"] if found.bad else []


TRIALS: dict[str, Trial] = {
    **{
        label: partial(lambda folder, kills, command: try_command(folder, command, kills), command=command)
        for label, command in COMMANDS.items()
    },
    "crawl": try_crawl,
    "daemon": try_daemon,
    "archive and store": try_writer,
}


def main() -> int:
    """Kill, print, and return the exit code."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    rows, problems = [], []
    for label in sys.argv[2:] or TRIALS:
        with tempfile.TemporaryDirectory() as name:
            statements, killed, found = TRIALS[label](Path(name), kills)
        rows.append((label, statements or "", killed, len(found)))
        print(rows[-1], file=sys.stderr, flush=True)
        problems += found
    print_table(("command", "statements", "kills", "problems"), rows)
    print("\n".join(problems))
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
