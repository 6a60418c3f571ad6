"""`shopwire brief` as a person uses it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shopwire.commands.cli import cli
from shopwire.pipelines.store_article import store_page
from shopwire.storage.database import Store
from tests.support.makers import a_page, an_article


@pytest.fixture
def home(store: Store, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHOPWIRE_HOME", str(store.path.parent))
    texts = {
        "2026-11-19": "Snow delays the ferries of the north.",
        "2026-11-21": "Temu pays 1.5 billion yuan for a warehouse.",
        "2026-11-22": "Florists of Yunnan sell by auction.",
    }
    for number, (day, text) in enumerate(texts.items(), start=1):
        url = f"https://blog.example/{number}"
        store_page(store, a_page(url), an_article(url, text, title=f"On {day}", published=day), None)
    return store.path.parent


def brief(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["brief", *arguments])


def test_it_begins_the_day_before_the_newest_fetch(home: Path) -> None:
    text = brief().output
    assert text.startswith("# E-commerce news from 2026-11-21 to 2026-11-22\n\n2 articles from 1 source.")
    assert "[On 2026-11-21](https://blog.example/2)" in text
    assert "On 2026-11-19" not in text
    assert brief().output == text


def test_since_and_a_format_are_obeyed_in_a_file(home: Path) -> None:
    file = home / "brief.json"
    assert brief("--since", "2026-11-19", "--format", "json", "-o", str(file)).output == ""
    assert json.loads(file.read_text(encoding="utf-8"))["articles"] == 3
    page = brief("--since", "2026-11-19", "--format", "html").output
    assert page.startswith("<!DOCTYPE html>")
    assert '<a href="https://blog.example/2"' in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--since", "2026-11-23"], "the newest fetch is of 2026-11-22: --since must not be later"),
        (["--since", "monday"], "does not match the format"),
        (["-o", "no/such/folder/brief.md"], "cannot write no/such/folder/brief.md: No such file"),
    ],
)
def test_bad_input_is_named(home: Path, arguments: list[str], message: str) -> None:
    done = brief(*arguments)
    assert done.exit_code == 2
    assert message in " ".join(done.output.split())
