"""Commands that read work where they may not write: another user's store, a read-only volume, a full disk."""

import json
import resource
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlite_utils import Database

from shopwire.storage.database import Store, open_to_read
from shopwire.storage.schema.migrations import STEP_NAMES, migrations
from tests.support.crawling import bound_by_permissions, environment
from tests.support.makers import an_article, store_article

READERS = [
    (("search", "parcel"), "Parcel fees"),
    (("status",), "blog"),
    (("status", "--source", "blog"), "no daemon"),
    (("export",), "Parcel fees"),
    (("story", "show", "1"), "Parcel fees"),
]


def forbid_writing() -> None:
    """Let no file of the next program grow, as on a full disk."""
    bound_by_permissions()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


@pytest.fixture
def home(store: Store) -> Path:
    """The folder of a closed store of one article."""
    with store.writing():
        store_article(store, an_article(title="Parcel fees", text="Fees for a parcel rise."))
    store.close()
    return store.path.parent


@contextmanager
def unwritable(home: Path) -> Iterator[None]:
    """Take away all permissions to write in a folder."""
    paths = [*home.iterdir(), home]
    for path in paths:
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        yield
    finally:
        for path in reversed(paths):
            path.chmod(path.stat().st_mode | 0o200)


def run(
    home: Path, *words: str, limit: Callable[[], None] = bound_by_permissions
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shopwire.commands", *words],
        env=environment(home, 1),
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.fault("u40", "A reader without permission to write", "reads, and changes no file")
@pytest.mark.parametrize(("words", "shown"), READERS)
@pytest.mark.parametrize("has_writer", [False, True], ids=["alone", "beside a writer"])
def test_readers_need_no_permission_to_write(
    home: Path, words: tuple[str, ...], shown: str, has_writer: bool
) -> None:
    path = home / "shopwire.db"
    before = path.read_bytes()
    with closing(Store(path)) if has_writer else open_to_read(path), unwritable(home):
        done = run(home, *words)
    assert (done.returncode, shown in done.stdout) == (0, True), done.stderr
    assert path.read_bytes() == before


@pytest.mark.fault("u41", "A reader on a full disk", "reads")
@pytest.mark.parametrize(("words", "shown"), READERS)
def test_readers_need_no_space(home: Path, words: tuple[str, ...], shown: str) -> None:
    done = run(home, *words, limit=forbid_writing)
    assert (done.returncode, shown in done.stdout) == (0, True), done.stderr


@pytest.mark.fault("u42", "Datasette without permission to write", "shows what a writer adds later")
def test_datasette_reads_a_store_of_somebody_else(home: Path) -> None:
    path = home / "shopwire.db"
    with unwritable(home):
        process = subprocess.Popen(
            [sys.executable, "-m", "shopwire.commands", "serve", "--port", "0"],
            env=environment(home, 1),
            preexec_fn=bound_by_permissions,  # noqa: PLW1509 - no other thread runs
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stderr
            try:
                url = process.stderr.readline().split(" is at ")[1].split()[0]
                titles = [read_titles(url)]
                with Store(path) as store, store.writing():
                    store_article(store, an_article("https://blog.example/2", "Other text.", title="Second"))
                titles.append(read_titles(url))
            finally:
                process.terminate()
    assert titles == [{"Parcel fees"}, {"Parcel fees", "Second"}]


def read_titles(url: str) -> set[str]:
    with urllib.request.urlopen(f"{url}shopwire/latest.json?_shape=array") as answer:
        return {row["title"] for row in json.load(answer)}


def test_a_reader_migrates_an_older_store_if_it_may(tmp_path: Path) -> None:
    path = tmp_path / "shopwire.db"
    with closing(sqlite3.connect(path)) as older:
        migrations.apply(Database(older), stop_before=STEP_NAMES[-1])
    with unwritable(tmp_path):
        done = run(tmp_path, "search", "parcel")
    assert done.returncode == 2
    assert done.stderr.startswith(f"shopwire: cannot use the store {path}: ")
    assert "; check the permissions" in done.stderr
    with open_to_read(path) as store:
        assert migrations.pending(store.db) == []
