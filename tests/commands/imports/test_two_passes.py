"""Two passes: frames are known from the first article on, and the order of the files changes nothing."""

import random
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from shopwire.commands.cli import cli
from shopwire.commands.imports import two_passes
from shopwire.pipelines.article import Article, Processed, Refusal
from shopwire.pipelines.batch.place import Parts
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.database import Store
from tests.commands.imports.test_pages import write
from tests.support.site_server import write_page

FRAMES = ("Our readers like the letter on trade.", "More from the harbour every week.")
HOSTS = ("one.example", "two.example")


def build_pages() -> list[tuple[str, str, str, bytes]]:
    """Pages of two sites with their frames; some of the second are reposts of the first."""
    pages = []
    for number in range(24):
        host = HOSTS[number % 2]
        # A repost has the text of the page before.
        page = write_page(HOSTS[0], number - number % 2 if number % 6 == 1 else number)
        frame = "".join(f"<p>{line} {host}</p>" for line in FRAMES)
        body = page.replace("</article>", f"{frame}</article>").encode()
        pages.append((f"https://{host}/news/{number}-report", "200 OK", "text/html; charset=utf-8", body))
    return pages


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["import", *words])


def describe(home: Path) -> list[Any]:
    """Articles with text, and address of the front of their group and of a member of their story."""
    with Store(home / "shopwire.db") as store:
        return [
            tuple(row)
            for row in store.rows(
                "SELECT articles.url, articles.text, articles.text_hash, front.url AS front, "
                "(SELECT min(url) FROM articles AS other WHERE other.story_id = articles.story_id) AS story "
                "FROM articles JOIN articles AS front ON front.id = articles.canonical_id "
                "ORDER BY articles.url"
            )
        ]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    pages = build_pages()
    random.Random(1).shuffle(pages)
    return [str(write(tmp_path / f"{part}.warc.gz", *pages[part::3])) for part in range(3)]


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes a new home the current one."""

    def make(name: str) -> Path:
        monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path / name))
        return tmp_path / name

    return make


def test_the_order_of_the_files_changes_nothing(files: list[str], homes: Any) -> None:
    stores = []
    for number in range(3):
        home = homes(f"home{number}")
        random.Random(number).shuffle(files)
        result = run("--two-pass", *files)
        assert result.exit_code == 0, result.output
        stores.append(describe(home))
        assert not list((home / two_passes.FOLDER).iterdir())
    assert len(stores[0]) == 24
    assert stores[0] == stores[1] == stores[2]
    assert not [row for row in stores[0] if any(frame in row[1] for frame in FRAMES)]
    assert [row for row in stores[0] if row[0] != row[3]]


def test_an_interrupted_import_goes_on_where_it_was(
    files: list[str], homes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = homes("whole")
    assert run("--two-pass", *files).exit_code == 0
    broken = homes("broken")
    read = Parts.read_in_order

    def break_off(parts: Parts) -> Any:
        yield from islice(read(parts), 9)
        raise OSError("no space")

    monkeypatch.setattr(Parts, "read_in_order", break_off)
    assert run("--two-pass", *files).exit_code != 0
    assert len(list((broken / two_passes.FOLDER).iterdir())) == 3
    assert len(describe(broken)) == 9
    monkeypatch.setattr(Parts, "read_in_order", read)
    monkeypatch.setattr(two_passes, "extract_file", None)
    assert run("--two-pass", *files).exit_code == 0
    assert describe(broken) == describe(whole)
    with Store(broken / "shopwire.db") as store:
        repeated = store.rows(
            "SELECT url FROM fetches WHERE outcome <> 'known' GROUP BY url HAVING count(*) > 1"
        )
        assert [tuple(row) for row in repeated] == []


def test_what_cannot_be_read_is_reported_each_time(tmp_path: Path, homes: Any) -> None:
    homes("home")
    file = tmp_path / "cut.warc.gz"
    write(file, *build_pages()[:4])
    file.write_bytes(file.read_bytes()[:-40])
    result = run("--two-pass", str(file), "--json")
    assert result.exit_code == 3
    assert "cut.warc.gz: byte" in result.output
    assert '"rejected": 1' in result.output


@pytest.mark.parametrize(
    ("content", "said"), [(b'{"url": "https://a.example/"}\n', "is no WARC file"), (None, "read again")]
)
def test_other_files_are_refused(tmp_path: Path, homes: Any, content: bytes | None, said: str) -> None:
    homes("home")
    name = "-"
    if content:
        (tmp_path / "a.jsonl").write_bytes(content)
        name = str(tmp_path / "a.jsonl")
    result = run("--two-pass", name)
    assert result.exit_code == 2
    assert said in result.output


def test_several_files_without_two_passes(files: list[str], homes: Any) -> None:
    home = homes("home")
    assert run(*files).exit_code == 0
    assert len(describe(home)) == 24


def test_a_damaged_part_is_an_error(files: list[str], homes: Any) -> None:
    home = homes("home")
    (home / two_passes.FOLDER).mkdir(parents=True)
    (home / two_passes.FOLDER / two_passes.name_part(Path(files[0]))).write_bytes(b"no database" * 100)
    result = run("--two-pass", files[0])
    assert isinstance(result.exception, sqlite3.DatabaseError)


def test_an_article_that_cannot_be_analyzed_in_time_costs_itself_alone(
    files: list[str], homes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def analyze_most(
        _: WorkerPool, wanted: Iterable[tuple[Any, Article | None]]
    ) -> Iterator[tuple[Any, Any]]:
        for number, (thing, article) in enumerate(wanted):
            late = article is not None and number == 1
            refusal = Refusal(article.url, Outcome.TIMEOUT, "took too long") if late and article else article
            yield thing, Processed(refusal) if refusal else None

    monkeypatch.setattr(WorkerPool, "analyze_all", analyze_most)
    home = homes("home")
    assert "1 timeout" in run("--two-pass", *files).output
    with Store(home / "shopwire.db") as store:
        (late,) = store.rows("SELECT url, reason FROM fetches WHERE outcome = 'timeout'")
        assert late["reason"] == "took too long"
        assert store.row("SELECT count(*) FROM articles")[0] == len(build_pages()) - 1  # type: ignore[index]
