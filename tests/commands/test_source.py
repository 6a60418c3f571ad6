"""`shopwire source` as a person has it."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from shopwire.commands.cli import cli
from shopwire.commands.common.source_registry import find_sources, load_sources
from shopwire.commands.sources.verdict import has_answer, judge_source
from tests.newsroom.document import Document
from tests.newsroom.server import newsroom
from tests.support.crawling import shopwire


def test_no_name_and_no_home_is_cut_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = CliRunner().invoke(cli, ["source", "list"]).output
    words = shown.split()
    for name, source in load_sources().items():
        assert name in words
        assert source.home.partition("://")[2].removeprefix("www.").rstrip("/") in words
    assert max(map(len, shown.splitlines())) <= 80


def test_a_test_shows_what_a_source_yields_and_stores_nothing(tmp_path: Path) -> None:
    with newsroom() as room:
        told = shopwire("source", "test", "newsroom_crown", home=tmp_path, port=room.port)
    assert "published  20" in told
    assert not any("…" in line for line in told.splitlines() if "crown.localhost" in line)
    assert list(tmp_path.iterdir()) == []


def test_a_source_that_leads_elsewhere_only_fails_its_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = Document(b'<ul class="newslist"><a href="https://elsewhere.example/1">x</a></ul>')
    with newsroom() as room:
        monkeypatch.setattr(room, "answer", lambda *_: foreign)
        told = shopwire("source", "test", "newsroom_crown", home=tmp_path, port=room.port, code=1)
    assert "No article was extracted." in told


def list_names(*options: str) -> list[str]:
    shown = CliRunner().invoke(cli, ["source", "list", "--json", *options])
    assert shown.exit_code == 0, shown.output
    return [json.loads(line)["name"] for line in shown.output.splitlines()]


def test_the_list_is_filtered_by_language_region_topic_and_what_is_read() -> None:
    sources = load_sources()
    assert list_names("--language", "ja") == sorted(n for n, s in sources.items() if s.language == "ja")
    assert (
        list_names("--language", "JA") == list_names("--language", "ja-JP") == list_names("--language", "ja")
    )
    assert list_names("--region", "tw") == sorted(n for n, s in sources.items() if s.region == "TW")
    assert list_names("--kind", "government") == ["federal_register", "ustr"]
    assert list_names("--kind", "sitemap", "--language", "pt") == ["ecommercebrasil"]


def test_a_source_of_low_confidence_is_crawled_only_by_name() -> None:
    assert not load_sources()["dsb"].on_by_default
    assert "dsb" not in find_sources([])
    assert "dsb" in find_sources(["dsb"])


TODAY = date(2026, 11, 30)


def build_attempt(kind: str, outcome: str, status: int | None = None, reason: str = "") -> dict[str, object]:
    return {"kind": kind, "outcome": outcome, "status": status, "reason": reason}


@pytest.mark.parametrize(
    ("attempts", "verdict"),
    [
        ([build_attempt("feed", "blocked", 403)], "blocked here"),
        ([build_attempt("feed", "error", 405)], "blocked here"),
        ([build_attempt("feed", "not_found", 404)], "dead"),
        ([build_attempt("feed", "error", None, "host not found")], "unreachable"),
        ([build_attempt("feed", "not_found", 404), build_attempt("feed", "blocked", 403)], "blocked here"),
        ([build_attempt("feed", "timeout")], "unreachable"),
        ([build_attempt("feed", "robots")], "robots.txt forbids it"),
        ([build_attempt("listing", "empty_list", 200)], "empty list"),
        ([build_attempt("feed", "listed", 200), build_attempt("page", "blocked", 403)], "blocked here"),
        ([build_attempt("feed", "listed", 200), build_attempt("page", "thin", 200)], "no article"),
        ([build_attempt("feed", "listed", 200), build_attempt("page", "not_found", 404)], "no article"),
        ([build_attempt("feed", "listed", 200)], "no article"),
    ],
)
def test_a_test_tells_a_source_that_refuses_this_machine_from_a_dead_one(
    attempts: list[dict[str, object]], verdict: str
) -> None:
    assert judge_source(attempts, [], TODAY)[0] == verdict


@pytest.mark.parametrize(
    ("days", "verdict"),
    [(["2026-11-20T10:00+00:00", ""], "works"), (["2025-10-20", "2025-10-19"], "stale"), ([None], "works")],
)
def test_a_source_without_new_articles_is_stale(days: list[str | None], verdict: str) -> None:
    assert judge_source([], [{"published": day} for day in days], TODAY)[0] == verdict


def test_a_host_that_is_not_found_is_dead_only_where_others_are_found() -> None:
    gone = [build_attempt("feed", "error", None, "host not found")]
    assert judge_source(gone, [], TODAY, is_online=has_answer(gone))[0] == "unreachable"
    others = [*gone, build_attempt("feed", "not_found", 404)]
    assert judge_source(gone, [], TODAY, is_online=has_answer(others))[0] == "dead"


def test_several_sources_give_a_table_to_paste(tmp_path: Path) -> None:
    with newsroom() as room:
        shown = shopwire(
            "source",
            "test",
            "newsroom_crown",
            "newsroom_meigong",
            home=tmp_path,
            port=room.port,
        )
    lines = shown.splitlines()
    assert re.match(r"Tested on \d{4}-\d\d-\d\d \d\d:\d\d [+-]\d{4} from \S+\.", lines[0])
    assert [line.split(" | ")[0] for line in lines[4:]] == ["| newsroom_crown", "| newsroom_meigong"]
    # The sample sites have fixed dates.
    assert {line.split(" | ")[2] for line in lines[4:]} <= {"works", "stale"}
