"""Files and folders that may not be read or written: one line that says what, where and what to do."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shopwire.storage.database import Store
from tests.support.crawling import bound_by_permissions, environment

READ_ONLY, FOLDER_READ_ONLY, CLOSED = 0o444, 0o555, 0o000


def run(home: Path, words: str) -> subprocess.CompletedProcess[str]:
    """A command of ours whom permissions bind."""
    return subprocess.run(
        [sys.executable, "-m", "shopwire.commands", *words.split()],
        env=environment(home, 1),
        preexec_fn=bound_by_permissions,
        capture_output=True,
        text=True,
        check=False,
    )


def read_only_store(home: Path) -> None:
    for path in home.iterdir():
        path.chmod(READ_ONLY)


def read_only_store_and_folder(home: Path) -> None:
    read_only_store(home)
    home.chmod(FOLDER_READ_ONLY)


def closed_store(home: Path) -> None:
    (home / "shopwire.db").chmod(CLOSED)


def read_only_folder_without_a_store(home: Path) -> None:
    (home / "shopwire.db").unlink()
    home.chmod(FOLDER_READ_ONLY)


def read_only_archive(home: Path) -> None:
    (home / "archive").mkdir(FOLDER_READ_ONLY)


CASES = [
    ("import HOME/../a.jsonl", read_only_store, "shopwire.db", "A read-only store, written"),
    (
        "crawl newsroom_crown",
        read_only_store_and_folder,
        "shopwire.db",
        "A read-only store in a crawl",
    ),
    ("serve --port 0", closed_store, "shopwire.db", "A store that may not be read"),
    (
        "crawl newsroom_crown",
        read_only_folder_without_a_store,
        "shopwire.db",
        "No permission to make a store",
    ),
    (
        "daemon newsroom_crown",
        read_only_folder_without_a_store,
        "shopwire.db",
        "The same for the daemon",
    ),
    ("crawl newsroom_crown", read_only_archive, "archive", "No permission to write the archive"),
    ("daemon newsroom_crown", read_only_archive, "archive", "The same archive for the daemon"),
]


@pytest.mark.parametrize(
    ("words", "prepare", "where"),
    [
        pytest.param(*case, id=title, marks=pytest.mark.fault(f"u{at}", title, "one line, exit 2"))
        for at, (*case, title) in enumerate(CASES, 20)
    ],
)
def test_no_permission_is_one_line_that_says_so(
    store: Store, words: str, prepare: Callable[[Path], None], where: str
) -> None:
    home = store.path.parent / "home"
    home.mkdir()
    Store(home / "shopwire.db").close()
    (home.parent / "a.jsonl").write_text('{"url": "http://a.example/1", "title": "T", "text": "x"}\n')
    prepare(home)
    done = run(home, words.replace("HOME", str(home)))
    home.chmod(0o755)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("shopwire: ")
    assert str(home / where) in done.stderr
    assert "; check the " in done.stderr
    assert done.stderr.count("\n") == 1
