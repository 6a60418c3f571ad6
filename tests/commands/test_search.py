"""`shopwire search` as a person types it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shopwire.commands.cli import cli
from shopwire.storage.database import Store
from tests.support.makers import an_article, store_article

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
    assert any("https://blog.example/2" in line for line in lines)


def test_a_name_finds_its_other_names(home: Path) -> None:
    titles = [json.loads(line)["title"] for line in search("Taobao", "--json").output.splitlines()]
    assert set(titles) == {"One", "Two"}
    assert search('"Taobao"').exit_code == 1


def test_nothing_found_is_said(home: Path) -> None:
    result = search("拼多多")
    assert (result.exit_code, result.output) == (1, "nothing found\n")
