"""No command interprets scraped text as markup, an emoji's name or a terminal control sequence."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from shopwire.commands.cli import cli
from shopwire.commands.common.terminal import Terminal
from shopwire.commands.crawl import print_summary
from shopwire.commands.sources.testing import print_test
from shopwire.pipelines.store_article import store_fetch_result
from shopwire.spiders.page import FetchResult
from shopwire.storage.crawl_log.events import add_event
from shopwire.storage.crawl_log.run_report import load_newest_articles, load_run_report
from shopwire.storage.crawl_log.runs import begin_run, finish_run
from shopwire.storage.database import Store
from tests.faults import pages
from tests.support.makers import FETCHED, an_article, store_article

SHOWN = "[/b] [bold red] :smile: [link=x]"
HOSTILE = f"{SHOWN}\x1b[2J\x9b31m\x1b]0;owned\x07\u202e"
ORDER = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def crawl_summary(store: Store) -> None:
    print_summary(Terminal(), [load_run_report(store, 1)], load_newest_articles(store, 1))


def source_test(store: Store) -> None:
    attempts = [dict(row) for row in store.rows("SELECT * FROM fetches")]
    articles = [dict(row) for row in store.rows("SELECT * FROM articles")]
    print_test(Terminal(), attempts, articles)


@pytest.fixture
def hostile(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with hostile text wherever a page's own text can occur."""
    monkeypatch.setenv("SHOPWIRE_HOME", str(store.path.parent))
    monkeypatch.setenv("COLUMNS", "300")
    article = an_article(title=HOSTILE, text=f"parcel {HOSTILE}", author=HOSTILE)
    run = begin_run(store, "blog")
    store_fetch_result(
        store,
        FetchResult(f"https://blog.example/{SHOWN}", "blog", "page", FETCHED, "error", HOSTILE),
        run,
    )
    with store.writing():
        store_article(store, article)
        add_event(store, FETCHED, "health", HOSTILE, "blog")
    finish_run(store, run, 0, HOSTILE)
    return store


def check(said: str) -> None:
    assert SHOWN in said
    assert not ORDER.search(said)


@pytest.mark.fault("38b", "Markup, emoji names and orders to the terminal in a title", "shown as text")
@pytest.mark.parametrize("words", ["search parcel", "story show 1", "status --source blog"])
def test_a_command_shows_hostile_text_as_text(hostile: Store, words: str) -> None:
    done = CliRunner().invoke(cli, words.split(), catch_exceptions=False)
    assert done.exit_code == 0
    check(done.output)


@pytest.mark.fault("38c", "The same after a crawl or a source's test", "shown as text")
@pytest.mark.parametrize("show", [crawl_summary, source_test])
def test_a_summary_shows_hostile_text_as_text(
    hostile: Store, capsys: pytest.CaptureFixture[str], show: Callable[[Store], None]
) -> None:
    show(hostile)
    check(capsys.readouterr().out)


@pytest.mark.fault("38d", "The same in a page that is extracted", "shown as text")
def test_extract_shows_hostile_text_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    page = tmp_path / "page.html"
    title = SHOWN.replace("[/b]", "A sale [/b]")
    page.write_text(f"<h1>{title} \x1b[2J</h1><p>{SHOWN}\x1b[2J {pages.SENTENCE * 2}</p>")
    done = CliRunner().invoke(cli, ["extract", str(page), "--processes", "1"])
    assert done.exit_code == 0, done.output
    check(done.output)


def test_half_a_character_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().print("half \ud800 a character")
    assert capsys.readouterr().out == "half  a character\n"
