"""`shopwire source list` as a person has it."""

import pytest
from click.testing import CliRunner

from shopwire.commands.cli import cli
from shopwire.commands.sources import all_sources


def test_no_name_and_no_home_is_cut_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = CliRunner().invoke(cli, ["source", "list"]).output
    words = shown.split()
    for name, source in all_sources().items():
        assert name in words
        assert source.home.split("/")[2] in words
    assert max(map(len, shown.splitlines())) <= 80
