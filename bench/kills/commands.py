"""Kills commands that end by themselves, and compares the store with what it was and is to be."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.kills.forked import run_forked
from bench.kills.homes import (
    OLD_STATE,
    STATE,
    UNFINISHED,
    State,
    build_home,
    build_old_home,
    build_poor_home,
    list_problems,
    read_state,
)


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its store, and the query for what is compared."""

    words: tuple[str, ...]
    build: Callable[[Path], None] = build_home
    state: str = STATE


COMMANDS: dict[str, Command] = {
    "import": Command(("import", "more.jsonl")),
    "export": Command(("export", "--jsonl", "-o", "out.jsonl")),
    "reextract": Command(("reextract",), build_poor_home),
    # Any writer migrates; this one has nothing else to do.
    "migration": Command(("prune",), build_old_home, OLD_STATE),
    "merge": Command(("story", "merge", "1", "2")),
    "split": Command(("story", "split", "2")),
    "prune": Command(("prune",)),
    "forget a source": Command(("forget", "s0")),
    "forget an article": Command(("forget", "https://s1.example/1")),
    "backup": Command(("backup", "copy.db")),
}


def try_command(folder: Path, command: Command, kills: int) -> tuple[int, int, list[str]]:
    """Kill a command; return its number of statements, how often it was killed, and what was wrong."""
    begun, model = folder / "begun", folder / "model"
    begun.mkdir()
    command.build(begun)
    shutil.copytree(begun, model)
    before = read_state(model, command.state)
    _, statements = run_forked(model, 0, command.words)
    after = read_state(model, command.state)
    killed, problems = 0, []
    for number in range(kills):
        home = folder / str(number)
        shutil.copytree(begun, home)
        was_killed, _ = run_forked(home, 1 + number * statements // kills, command.words)
        killed += was_killed
        found = _judge(read_state(home, command.state), before, after)
        found += [problem for problem in list_problems(home) if UNFINISHED not in problem]
        run_forked(home, 0, command.words)
        found += _judge_end(home, read_state(home, command.state), after)
        problems += [f"{' '.join(command.words)}, kill {number}: {one}" for one in found]
        shutil.rmtree(home)
    return statements, killed, problems


def _judge(now: State, before: State, after: State) -> Sequence[str]:
    """Return what is wrong after a kill."""
    found = [
        f"{url}: neither as before nor as after"
        for url in now
        if now[url] not in (before.get(url), after.get(url))
    ]
    found += [f"{url}: lost" for url in before if url not in now and url in after]
    found += [f"{url}: appeared" for url in now if url not in before and url not in after]
    return found


def _judge_end(home: Path, end: State, after: State) -> list[str]:
    """Return what is wrong once the command has come to its end."""
    found = [f"afterwards: {problem}" for problem in list_problems(home)]
    return found + [f"{url}: another end" for url in {*end, *after} if end.get(url) != after.get(url)]
