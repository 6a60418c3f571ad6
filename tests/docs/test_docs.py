"""The documentation agrees with the code."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from bench.performance import PAGE, build_page, read_sections
from docs.generate import FOLDER, PAGES

from shopwire.commands.cli import COMMANDS, cli

ROOT = Path(__file__).parents[2]
PROSE = sorted([*ROOT.glob("*.md"), *FOLDER.glob("*.md")])


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    # In a process of its own: click remembers how a command was called before, and shows its help so.
    code = f"from docs.generate import PAGES; print(PAGES[{name!r}](), end='')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == done.stdout, f"run `make docs`: docs/{name} is not what the code says"


def test_the_page_of_benchmarks_keeps_the_sections_that_are_not_measured_anew() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert read_sections(written)
    assert build_page(read_sections(written)) == written


@pytest.mark.parametrize("page", PROSE, ids=lambda page: page.name)
def test_every_link_and_picture_of_a_page_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_subcommand_is_there_and_says_what_it_does(name: str) -> None:
    command = cli.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    assert command.name == name
    assert command.help


def test_every_subcommand_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"shopwire {name}" not in readme] == []
