"""`shopwire search` as a person types it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result

from shopwire.commands.cli import cli
from shopwire.pipelines.store_article import store_page
from shopwire.storage.database import Store
from tests.support.makers import a_page, an_article, store_article

ARTICLES = {"One": "淘宝的直播间开了。", "Two": "京东收购了一家仓储企业,淘宝开屏没有提到它。"}


@pytest.fixture
def home(store: Store, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHOPWIRE_HOME", str(store.path.parent))
    with store.writing():
        for number, (title, text) in enumerate(ARTICLES.items(), start=1):
            store_article(store, an_article(f"https://blog.example/{number}", text, title=title))
    return store.path.parent


def search(*words: str) -> Result:
    return CliRunner().invoke(cli, ["search", *words], terminal_width=120)


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (("淘宝",), {"One", "Two"}),
        (("淘宝", "-开屏"), {"One"}),
        (("-开屏", "淘宝", "--limit", "1"), {"One"}),
        (("开屏", "OR", "直播间"), {"One", "Two"}),
    ],
)
def test_a_word_with_a_minus_excludes(home: Path, words: tuple[str, ...], titles: set[str]) -> None:
    found = search(*words, "--json").output.splitlines()
    assert {json.loads(line)["title"] for line in found} == titles


def test_a_mistyped_option_is_no_word(home: Path) -> None:
    result = search("淘宝", "--limti", "5")
    assert result.exit_code == 2
    assert "--limti" in result.output


def test_a_hit_has_its_id_and_story_and_address(home: Path) -> None:
    lines = search("开屏").output.splitlines()
    (row,) = (line for line in lines if "Two" in line)
    assert row.split()[1:4:2] == ["2", "2"]
    assert "Two · A blog" in row
    assert any("https://blog.example/2" in line for line in lines)


def test_a_name_finds_its_other_names(home: Path) -> None:
    titles = [json.loads(line)["title"] for line in search("Taobao", "--json").output.splitlines()]
    assert set(titles) == {"One", "Two"}
    assert search('"Taobao"').exit_code == 1


def test_nothing_found_is_said(home: Path) -> None:
    result = search("拼多多")
    assert (result.exit_code, result.output) == (1, "nothing found\n")


def test_since_last_shows_what_was_stored_since_the_last_visit(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SHOPWIRE_HOME", str(store.path.parent))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def add(number: int) -> None:
        url = f"https://blog.example/{number}"
        text = f"Taobao {number}."
        store_page(store, a_page(url), an_article(url, text, title=f"Title {number}"), None)

    def find() -> list[str]:
        done = CliRunner().invoke(cli, ["search", "淘宝", "--since", "last", "--json"])
        return sorted(json.loads(line)["title"] for line in done.stdout.splitlines())

    add(1)
    with time_machine.travel(datetime(2026, 11, 22, 8, 0, tzinfo=UTC), tick=False) as world:
        assert find() == ["Title 1"], "all is new to somebody who was never here"
        add(2)
        world.shift(timedelta(days=1))
        assert find() == ["Title 2"]
        add(3)
        world.shift(timedelta(minutes=10))
        assert find() == ["Title 2", "Title 3"], "this is the same visit"
        world.shift(timedelta(hours=1))
        assert find() == []


@pytest.mark.parametrize(("since", "found"), [("2026-11-22", 1), ("2026-11-23", 0)])
def test_since_a_day(store: Store, monkeypatch: pytest.MonkeyPatch, since: str, found: int) -> None:
    monkeypatch.setenv("SHOPWIRE_HOME", str(store.path.parent))
    store_page(store, a_page(), an_article(text="Taobao", published="2026-11-22"), None)
    done = CliRunner().invoke(cli, ["search", "Taobao", "--since", since, "--json"])
    assert len(done.stdout.splitlines()) == found


def test_since_something_else_is_named() -> None:
    done = CliRunner().invoke(cli, ["search", "x", "--since", "yesterday"])
    assert done.exit_code == 2
    assert "is not a date such as 2026-11-01" in done.stderr
