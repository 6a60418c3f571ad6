"""`shopwire source` as a person has it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from shopwire.commands.cli import cli
from shopwire.commands.common.source_registry import load_sources
from tests.newsroom.document import Document
from tests.newsroom.server import newsroom
from tests.support.crawling import shopwire


def test_no_name_and_no_home_is_cut_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = CliRunner().invoke(cli, ["source", "list"]).output
    words = shown.split()
    for name, source in load_sources().items():
        assert name in words
        assert source.home.split("/")[2] in words
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
