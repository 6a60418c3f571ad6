"""`shopwire story` as a person uses it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from shopwire.commands.cli import cli
from shopwire.storage.database import Store
from tests.pipelines.stories.test_event_similarity import OTHER_EVENT, OUTLET
from tests.support.makers import an_article, store_article


@pytest.fixture
def home(store: Store, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHOPWIRE_HOME", str(store.path.parent))
    with store.writing():
        store_article(store, an_article("https://blog.example/1", OUTLET, title="One"))
        store_article(store, an_article("https://blog.example/2", OTHER_EVENT, title="Two"))
    return store.path.parent


def test_show_merge_and_split(home: Path) -> None:
    run = CliRunner().invoke
    shown = run(cli, ["story", "show", "1", "--json"])
    assert [json.loads(line)["title"] for line in shown.output.splitlines()] == ["One"]
    assert run(cli, ["story", "merge", "1", "2"]).output.startswith("moved 1 articles from story 2")
    table = run(cli, ["story", "show", "1"], env={"COLUMNS": "80"}).output
    for shown in ("One · A blog", "Two · A blog", "https://blog.example/1", "first article of the story"):
        assert shown in table
    assert "new story 2" in run(cli, ["story", "split", "2"]).output


def test_parts_and_mentions_are_shown(home: Path, store: Store) -> None:
    with store.writing():
        store.db.execute("INSERT INTO digest_items VALUES (2, 1, 'Two lines\u202e about one', 1)")
    run = CliRunner(env={"COLUMNS": "100"}).invoke
    assert "first report" in run(cli, ["story", "show", "1"]).output
    assert run(cli, ["story", "show", "1"]).output.endswith("mentioned in Two (article 2)\n")
    assert run(cli, ["story", "show", "2"]).output.endswith("mentions story 1: Two lines about one\n")
    assert json.loads(run(cli, ["story", "show", "1", "--json"]).output)["part"] == "first report"


def test_what_a_person_ruled_is_said(home: Path) -> None:
    def because() -> list[str]:
        shown = CliRunner().invoke(cli, ["story", "show", "1", "--json"]).output
        return [json.loads(line)["because"] for line in shown.splitlines()]

    assert because() == ["first article of the story"]
    CliRunner().invoke(cli, ["story", "merge", "1", "2"])
    assert because() == ["first article of the story", "first article of the story; assigned manually"]


def test_a_likeness_is_explained_in_words_of_the_text(home: Path, store: Store) -> None:
    why = json.dumps({"words": ["transact"], "marks": ["amount:5e+06", "platform:Taobao"]})
    with store.writing():
        store.insert("story_links", {"article_id": 2, "like_id": 1, "score": 1.0, "why": why})
        store.update_article(2, {"text": "All transactions of the day."})
    (line,) = CliRunner().invoke(cli, ["story", "show", "2", "--json"]).output.splitlines()
    assert json.loads(line)["because"] == "like 1: 5,000,000, Taobao, transactions"
    assert "text" not in json.loads(line)


@pytest.mark.parametrize("words", [["show", "9"], ["merge", "1", "9"], ["split", "9"], ["show", "9" * 20]])
def test_what_is_not_there_is_a_usage_error(home: Path, words: list[str]) -> None:
    result = CliRunner().invoke(cli, ["story", *words])
    assert result.exit_code == 2
    assert "9" in result.output
