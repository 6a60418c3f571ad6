"""Kill commands at each of many SQL statements: `python -m bench.kills [KILLS]`.

Each command is run on a copy of one store, in a process that kills itself at its n-th statement; KILLS is how
many times for each command, spread evenly. After each kill `shopwire check` must find nothing, every article
must be as it was before the command or as it is after it, and the command, run again, must come to the same
end. Writers that store and archive pages are killed as often (see `tests.faults.killed_writer`). Prints a row
for each command, and exits with 1 if anything is lost, doubled, half or back again.
"""

import json
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.faults import killed_command
from tests.faults.killed_writer import run_trials
from tests.test_kill_maintenance import fill

import shopwire.commands.export
import shopwire.commands.imports.articles
import shopwire.commands.maintenance.backup
import shopwire.commands.maintenance.forget
import shopwire.commands.maintenance.prune
import shopwire.commands.story  # noqa: F401 - loaded once, before the forks
from bench.measure import print_table
from shopwire.storage.database import Store
from shopwire.storage.errors import StoreError
from shopwire.storage.maintenance.check import find_problems

KILLS = 50
COMMANDS: dict[str, tuple[str, ...]] = {
    "import": ("import", "more.jsonl"),
    "export": ("export", "--jsonl", "-o", "out.jsonl"),
    "merge": ("story", "merge", "1", "2"),
    "split": ("story", "split", "2"),
    "prune": ("prune",),
    "forget a source": ("forget", "s0"),
    "forget an article": ("forget", "https://s1.example/1"),
    "backup": ("backup", "copy.db"),
}
# What the check says of files whose rows are deleted already; the command, run again, deletes them.
UNFINISHED = "is still to be erased"
STATE = """
SELECT url, text, canonical_id, story_id, archived_in FROM articles ORDER BY url
"""

Row = tuple[object, ...]


def build_home(home: Path) -> None:
    """Fill a store, and write a file to import: new articles, and one that is stored already."""
    fill(home)
    text = "Notice {} about ports and fees. "
    lines = [
        {"url": f"https://s{n % 3}.example/{n}", "title": f"Notice {n}", "text": text.format(n) * 9}
        for n in range(5, 13)
    ]
    run_forked(home, 0, ("story", "split", "6"))
    (home / "more.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))


def run_forked(home: Path, statement: int, words: Sequence[str]) -> tuple[bool, int]:
    """Run a command that is killed at a statement, 0 for none; return whether it was, and its statements."""
    receiver, sender = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.chdir(home)
            os.environ["SHOPWIRE_HOME"] = str(home)
            os.dup2(sender, 1)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            sys.argv = ["killed", str(statement), *words]
            killed_command.main()
            sys.stdout.flush()
        finally:
            os._exit(0)
    os.close(sender)
    with os.fdopen(receiver) as output:
        words_out = output.read()
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status), int(words_out.rpartition("statements: ")[2] or 0)


def read_state(home: Path) -> dict[object, Row]:
    """Return what is stored of each article."""
    with closing(sqlite3.connect(home / "shopwire.db")) as db:
        return {row[0]: row for row in db.execute(STATE)}


def judge(home: Path, before: dict[object, Row], after: dict[object, Row]) -> list[str]:
    """Return what is wrong after a kill."""
    now = read_state(home)
    found = [
        f"{url}: neither as before nor as after"
        for url in now
        if now[url] not in (before.get(url), after.get(url))
    ]
    found += [f"{url}: lost" for url in before if url not in now and url in after]
    found += [f"{url}: appeared" for url in now if url not in before and url not in after]
    return [*found, *(problem for problem in list_problems(home) if UNFINISHED not in problem)]


def list_problems(home: Path) -> list[str]:
    """Return what the check finds in the store and in its backup."""
    found = []
    for path in (home / "shopwire.db", home / "copy.db"):
        if path.exists():
            try:
                with Store(path) as store:
                    found += find_problems(store, home / "archive")
            except StoreError as error:
                found.append(str(error))
    return found


def try_command(folder: Path, begun: Path, words: Sequence[str], kills: int) -> tuple[int, int, list[str]]:
    """Kill a command; return its number of statements, how often it was killed, and what was wrong."""
    model = folder / "model"
    shutil.copytree(begun, model)
    before = read_state(model)
    _, statements = run_forked(model, 0, words)
    after = read_state(model)
    killed, problems = 0, []
    for number in range(kills):
        home = folder / str(number)
        shutil.copytree(begun, home)
        was_killed, _ = run_forked(home, 1 + number * statements // kills, words)
        killed += was_killed
        found = judge(home, before, after)
        run_forked(home, 0, words)
        end = read_state(home)
        found += [f"afterwards: {problem}" for problem in list_problems(home)]
        found += [f"{url}: another end" for url in {*end, *after} if end.get(url) != after.get(url)]
        problems += [f"{' '.join(words)}, kill {number}: {one}" for one in found]
        shutil.rmtree(home)
    return statements, killed, problems


def main() -> int:
    """Kill, print, and return the exit code."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    rows, problems = [], []
    with tempfile.TemporaryDirectory() as name:
        begun = Path(name) / "begun"
        begun.mkdir()
        build_home(begun)
        for label, words in COMMANDS.items():
            folder = Path(name) / label
            folder.mkdir()
            statements, killed, found = try_command(folder, begun, words, kills)
            rows.append((label, statements, killed, len(found)))
            print(rows[-1], file=sys.stderr, flush=True)
            problems += found
        writer = Path(name) / "writer"
        writer.mkdir()
        trials = run_trials(writer, kills, seed=2)
    rows.append(("archive and store", "", trials.trials, trials.bad))
    print_table(("command", "statements", "kills", "problems"), rows)
    print("\n".join(problems))
    return int(bool(problems or trials.bad))


if __name__ == "__main__":
    sys.exit(main())
