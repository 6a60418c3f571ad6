"""Change the code in one place at a time, and see whether a test notices: `make mutate`, or `python -m
bench.mutants [GROUP...]`.

mutmut (group `mutate` of the dependencies) makes the mutants of each function, and runs the tests that reach
it. It wants packages where they are imported, so they are copied to build/mutants/GROUP; a mutant that a test
has noticed is not tried again until its function changes, one that lives and is not named is in each run.
What stands outside of functions, such as a threshold, is not changed. `equivalent_mutants.tsv` names mutants
that do what the code does. Prints how many of each file are noticed, and those that are not and are not
named; exits with 1 if more than a tenth of a file are not.
"""

import ast
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

import pytest

from bench.measure import print_table

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "mutants"
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.tsv")
PACKAGES = ("commands", "pipelines", "scheduler", "spiders", "storage")
# Exit codes of the tests of a mutant: 1 is a failure, the others are signals to what takes too long. Whatever
# else happens, such as an error of mutmut or no test, has noticed nothing.
FAILED, TOO_SLOW = (1,), (-signal.SIGXCPU, -signal.SIGKILL)
# Seconds. A test that takes longer is not run: each mutant that lives would run it.
SLOW = 3.0
FEWEST_KILLED = 0.9
HEADINGS = ("file", "mutants", "killed", "of these by time", "equivalent", "alive", "killed of all others")
CONFIGURATION = """
[tool.pytest.ini_options]
addopts = "--import-mode=importlib --strict-markers -q"
pythonpath = ["."]
markers = ["fault(number, case, expected): a row of docs/faults.md"]

[tool.mutmut]
source_paths = ["shopwire"]
also_copy = ["bench"]
only_mutate = {files}
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-p", "bench.mutants"]
use_git_change_detection = false
# Otherwise the tests of a mutant find what the code has cached in tests before.
process_isolation = "forkserver"
# Tests may take ten times as long as without a change, and fifty seconds.
timeout_constant = 5.0
timeout_multiplier = 10.0
"""


@dataclass(frozen=True, slots=True)
class Group:
    """Files below `shopwire`, and the tests that are to notice a change in them."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


GROUPS: dict[str, Group] = {
    "robots": Group(
        ("spiders/http/resolver.py", "spiders/http/robots.py", "spiders/decoding/robots_groups.py"),
        ("spiders/http/test_resolver.py", "spiders/http/test_robots.py", "spiders/decoding"),
    ),
    "schedule": Group(
        ("scheduler/next_crawl.py", "scheduler/health.py"),
        (
            "scheduler/test_publishing_rate.py",
            "scheduler/test_next_crawl.py",
            "scheduler/test_health.py",
            "scheduler/test_health_bounds.py",
            "scheduler/test_source_stats.py",
        ),
    ),
    "duplicates": Group(
        ("pipelines/deduplication/duplicate_groups.py",),
        ("pipelines/deduplication/test_duplicate_groups.py",),
    ),
    "search": Group(("storage/search/*.py",), ("storage/search",)),
    "archive": Group(("storage/archive.py",), ("storage/test_archive.py", "storage/test_archive_records.py")),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of a file: the lines before and after it, without blanks around them."""

    file: str
    before: str
    after: str


def copy_packages(group: Group, folder: Path) -> None:
    """Write what mutmut needs for a group; files that have not changed keep their time."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / "shopwire" / package, dirs_exist_ok=True)
    for package in ("tests", "bench"):
        for copied in (folder / package, folder / "mutants" / package):
            shutil.rmtree(copied, ignore_errors=True)
        shutil.copytree(ROOT / package, folder / package)
    for path in (path for file in group.files for path in ROOT.glob(file)):
        copy = folder / "shopwire" / path.relative_to(ROOT)
        copy.write_text(decorate_later(path.read_text(encoding="utf-8")), encoding="utf-8")
        shutil.copystat(path, copy)
    files = [f"shopwire/{file}" for file in group.files]
    tests = [f"tests/{test}" for test in group.tests]
    written = CONFIGURATION.format(files=json.dumps(files), tests=json.dumps(tests))
    (folder / "pyproject.toml").write_text(written, encoding="utf-8")


def decorate_later(code: str) -> str:
    """Return code whose functions are decorated by an assignment after them: mutmut changes no function that
    has a decorator."""
    lines = code.splitlines(keepends=True)
    functions = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)]
    for node in sorted(functions, key=lambda node: node.lineno, reverse=True):
        decorators = [ast.unparse(one) for one in node.decorator_list]
        if not decorators or decorators == ["classmethod"]:
            continue
        decorated = node.name
        for one in reversed(decorators):
            decorated = f"{one}({decorated})"
        lines.insert(node.end_lineno or 0, f"{' ' * node.col_offset}{node.name} = {decorated}\n")
        del lines[node.decorator_list[0].lineno - 1 : node.lineno - 1]
    return "".join(lines)


def pytest_runtest_setup() -> None:
    """Forget what functions have cached while mutmut finds out which tests reach them. Called by pytest."""
    if os.environ.get("MUTANT_UNDER_TEST") != "stats":
        return
    ours = [vars(module) for name, module in list(sys.modules.items()) if name.startswith("shopwire.")]
    for names in (names for names in ours if "_mutmut_mutated" in names):
        for cached in (value for value in names.values() if hasattr(value, "cache_clear")):
            cached.cache_clear()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the quick tests of a mutant run first, and slow ones not at all. Called by pytest."""
    stats = Path("mutmut-stats.json")
    if stats.exists():
        seconds = json.loads(stats.read_text(encoding="utf-8"))["duration_by_test"]
        items[:] = [item for item in items if seconds.get(item.nodeid, 0) < SLOW]
        items.sort(key=lambda item: (round(seconds.get(item.nodeid, 0)), item.nodeid))


def read_results(folder: Path) -> dict[str, dict[str, int | None]]:
    """Return the exit code of each mutant, by file."""
    mutants = folder / "mutants"
    results = {}
    for path in sorted(mutants.glob("shopwire/**/*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        if codes:
            results[str(path.relative_to(mutants / "shopwire")).removesuffix(".meta")] = codes
    return results


def forget_alive(folder: Path, named: set[Mutant]) -> None:
    """Have the mutants tried again that no test has noticed and that are not named, by the tests of now."""
    (folder / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
    for file, codes in read_results(folder).items():
        path = folder / "mutants" / "shopwire" / f"{file}.meta"
        results = json.loads(path.read_text(encoding="utf-8"))
        alive = [name for name, code in codes.items() if code not in FAILED + TOO_SLOW]
        for name, mutant in zip(alive, show_mutants(folder, file, alive), strict=True):
            if mutant not in named:
                results["exit_code_by_key"][name] = None
        path.write_text(json.dumps(results), encoding="utf-8")


def show_mutants(folder: Path, file: str, names: Iterable[str]) -> list[Mutant]:
    """Return what some mutants of a file change."""
    code = (folder / "mutants" / "shopwire" / file).read_text(encoding="utf-8")
    lines = code.splitlines()
    functions = {
        node.name: lines[node.lineno - 1 : node.end_lineno]
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    mutants = []
    for name in (name.rpartition(".")[2] for name in names):
        original = f"{name.rpartition('_')[0]}_orig"
        mutated = [line.replace(name, original) for line in functions[name]]
        changed = list(unified_diff(functions[original], mutated, n=0))[2:]
        before, after = ("; ".join(one[1:].strip() for one in changed if one[0] == sign) for sign in "-+")
        mutants.append(Mutant(file, before, after))
    return mutants


def read_equivalent() -> set[Mutant]:
    """Return the mutants that do what the code does."""
    with EQUIVALENT.open(encoding="utf-8", newline="") as file:
        return {Mutant(*row[:3]) for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def count_mutants(codes: Iterable[int | None], equivalent: int) -> tuple[list[object], bool]:
    """Return the figures of a file as `HEADINGS` has them, and whether enough are killed."""
    kinds = Counter("failed" if code in FAILED else "slow" if code in TOO_SLOW else "alive" for code in codes)
    killed, alive = kinds["failed"] + kinds["slow"], kinds["alive"] - equivalent
    share = killed / max(1, killed + alive)
    figures = [kinds.total(), killed, kinds["slow"], equivalent, alive, f"{share:.1%}"]
    return figures, share >= FEWEST_KILLED


def main() -> int:
    """Try the mutants, print, and return the exit code."""
    named = read_equivalent()
    rows, left, is_good = [], [], True
    for name in sys.argv[1:] or GROUPS:
        folder = FOLDER / name
        folder.mkdir(parents=True, exist_ok=True)
        copy_packages(GROUPS[name], folder)
        forget_alive(folder, named)
        subprocess.run([sys.executable, "-m", "mutmut", "run"], cwd=folder, stdout=sys.stderr, check=True)
        for file, codes in read_results(folder).items():
            alive = show_mutants(folder, file, (one for one in codes if codes[one] not in FAILED + TOO_SLOW))
            figures, is_enough = count_mutants(codes.values(), sum(one in named for one in alive))
            is_good &= is_enough
            rows.append((file, *figures))
            left += [one for one in alive if one not in named]
    print_table(HEADINGS, rows)
    print(*(f"{one.file}\t{one.before}\t{one.after}" for one in left), sep="\n")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
