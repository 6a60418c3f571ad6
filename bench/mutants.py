"""Change the code in one place at a time, and see whether a test notices: `make mutate`, or `python -m
bench.mutants [GROUP...]`.

mutmut (group `mutate` of the dependencies) makes the mutants of each file, and runs the tests that reach the
changed function. It wants packages where they are imported, so they are copied to build/mutants/GROUP; what
was tried there is not tried again until its function or a test changes. `equivalent_mutants.tsv` names
mutants that do what the code does. Prints how many of each file are noticed, and those that are not and are
not named; exits with 1 if a tenth or more of a file are not.
"""

import csv
import json
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bench.measure import print_table

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "mutants"
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.tsv")
PACKAGES = ("commands", "pipelines", "scheduler", "spiders", "storage")
# Exit codes of mutmut's workers: 0 is a mutant that passes all tests, 33 one that no test reaches.
ALIVE = (0, 33)
FEWEST_KILLED = 0.9
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
use_git_change_detection = false
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
            "scheduler/test_source_stats.py",
        ),
    ),
    "duplicates": Group(
        ("pipelines/deduplication/duplicate_groups.py",),
        ("pipelines/deduplication/test_deduplicate.py", "pipelines/test_forget.py"),
    ),
    "search": Group(("storage/search/*.py",), ("storage/search",)),
    "archive": Group(
        ("storage/archive.py",), ("storage/test_archive.py", "pipelines/test_item_pipelines.py")
    ),
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
        shutil.copytree(ROOT / package, folder / package, dirs_exist_ok=True)
    files = [f"shopwire/{file}" for file in group.files]
    tests = [f"tests/{test}" for test in group.tests]
    written = CONFIGURATION.format(files=json.dumps(files), tests=json.dumps(tests))
    (folder / "pyproject.toml").write_text(written, encoding="utf-8")


def read_results(folder: Path) -> dict[str, dict[str, int | None]]:
    """Return the exit code of each mutant, by file."""
    mutants = folder / "mutants"
    results = {}
    for path in sorted(mutants.glob("shopwire/**/*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        if codes:
            results[str(path.relative_to(mutants / "shopwire")).removesuffix(".meta")] = codes
    return results


def show_mutant(folder: Path, file: str, name: str) -> Mutant:
    """Return what a mutant changes."""
    command = [sys.executable, "-m", "mutmut", "show", name]
    shown = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    lines = [line for line in shown.splitlines() if not line.startswith(("---", "+++"))]
    before, after = ("; ".join(one[1:].strip() for one in lines if one.startswith(sign)) for sign in "-+")
    return Mutant(file, before, after)


def read_equivalent() -> set[Mutant]:
    """Return the mutants that do what the code does."""
    with EQUIVALENT.open(encoding="utf-8", newline="") as file:
        return {Mutant(*row[:3]) for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def main() -> int:
    """Try the mutants, print, and return the exit code."""
    equivalent = read_equivalent()
    rows, left, is_good = [], [], True
    for name in sys.argv[1:] or GROUPS:
        folder = FOLDER / name
        folder.mkdir(parents=True, exist_ok=True)
        copy_packages(GROUPS[name], folder)
        subprocess.run([sys.executable, "-m", "mutmut", "run"], cwd=folder, stdout=sys.stderr, check=True)
        for file, codes in read_results(folder).items():
            alive = [show_mutant(folder, file, one) for one, code in codes.items() if code in ALIVE]
            kinds = Counter("equivalent" if one in equivalent else "alive" for one in alive)
            changed = len(codes) - kinds["equivalent"]
            killed = changed - kinds["alive"]
            is_good &= killed > FEWEST_KILLED * changed
            rows.append((file, len(codes), killed, kinds["equivalent"], f"{killed / max(1, changed):.0%}"))
            left += [one for one in alive if one not in equivalent]
    print_table(("file", "mutants", "killed", "equivalent", "killed of the others"), rows)
    print(*(f"{one.file}\t{one.before}\t{one.after}" for one in left), sep="\n")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
