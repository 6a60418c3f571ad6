"""Commands that only read say that there is no store, and make none."""

from pathlib import Path

import pytest

from shopwire.commands import cli as commands

READING = (
    ["search", "Temu"],
    ["status"],
    ["export"],
    ["reextract"],
    ["serve"],
    ["story", "show", "1"],
    ["story", "merge", "1", "2"],
    ["story", "split", "1"],
)


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_it_is_said_where_none_is_and_what_to_do(
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["shopwire", *words])
    with pytest.raises(SystemExit) as ended:
        commands.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == (
        f"shopwire: there is no store at {tmp_path}/shopwire.db; run `shopwire crawl` first, "
        "or point SHOPWIRE_HOME at the folder that has one\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_without_a_store_no_daemon_is_at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["shopwire", "status", "--alive"])
    with pytest.raises(SystemExit) as ended:
        commands.main()
    assert ended.value.code == 1
    assert list(tmp_path.iterdir()) == []
