"""`shopwire watch` as a person uses it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shopwire.commands.cli import cli
from shopwire.pipelines.store_article import store_page
from shopwire.storage.database import Store
from tests.support.listener import Listener, listening
from tests.support.makers import a_page, an_article

TOML = """
[notifications]
apprise = ["{url}"]
[watches.taobao]
words = "淘宝"
language = "en"
[watches."双 11"]
entities = ["双11"]
digest_at = "08:30"
apprise = []
"""


@pytest.fixture
def listener(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    monkeypatch.setenv("SHOPWIRE_HOME", str(store.path.parent))
    for number, text in enumerate(("Taobao opened an office.", "Ferries were late."), start=1):
        url = f"https://blog.example/{number}"
        now = datetime.now(UTC).isoformat(timespec="seconds")
        store_page(store, a_page(url), an_article(url, text, title=f"Title {number}", fetched=now), None)
    with listening() as opened:
        write(store.path.parent, TOML.format(url=opened.url))
        yield opened


def write(home: Path, text: str) -> None:
    (home / "shopwire.toml").write_text(text, encoding="utf-8")


def watch(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["watch", *arguments], terminal_width=120)


def test_a_test_shows_what_would_be_told_and_sends_nothing(listener: Listener) -> None:
    done = watch("test", "taobao")
    assert done.exit_code == 0
    assert done.output.startswith("shopwire: taobao: 1 new article\n\nTitle 1\nA blog · ")
    assert "https://blog.example/1" in done.output
    assert "Title 2" not in done.output
    assert (listener.heard, listener.refused) == ([], [])


def test_a_test_without_a_match_says_so(listener: Listener) -> None:
    done = watch("test", "双 11")
    assert (done.exit_code, done.output) == (1, "nothing of the last 7 days matches\n")


def test_an_unknown_watch_is_named_with_the_known_ones(listener: Listener) -> None:
    done = watch("test", "temu")
    assert done.exit_code == 2
    assert "no watch 'temu' in shopwire.toml; known are taobao, 双 11" in done.output


def test_a_list_has_what_each_watch_asks_for_and_no_secret(store: Store, listener: Listener) -> None:
    words = " ".join(watch("list").output.split())
    assert "words: 淘宝;" in words
    assert "1 service" in words
    assert "08:30" in words
    assert "s3cr3t" not in words
    write(store.path.parent, "")
    assert watch("list").output == "no watches: write a section [watches.NAME] in shopwire.toml\n"
