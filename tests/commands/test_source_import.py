"""`shopwire source import` and `export` as a person has them."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shopwire.commands.cli import cli
from shopwire.commands.common.source_registry import load_sources
from shopwire.spiders.user_sources.imported import LARGEST_FILE

FEEDS = """<opml version="2.0"><body>
<outline text="Sample A" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/>
<outline text="Inside" xmlUrl="http://10.0.0.1/feed"/>
<outline text="Retail Dive" xmlUrl="https://www.retaildive.com/feeds/news/"/>
</body></opml>"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["source", *map(str, arguments)])


def test_an_import_shows_first_and_writes_only_when_told_to(home: Path) -> None:
    path = home / "feeds.opml"
    path.write_text(FEEDS)
    shown = run("import", path)
    assert shown.exit_code == 3
    assert "[sources.a]" in shown.output
    assert (
        "refused: Inside: 'feeds': http://10.0.0.1/feed is on this machine or in a private network"
        in shown.output
    )
    assert "known: Retail Dive is source retaildive" in shown.output
    assert "1 new, 1 known, 1 refused." in shown.output
    assert not (home / "sources.toml").exists()
    run("import", path, "--write")
    assert load_sources()["a"].title == "Sample A"
    again = run("import", path, "--write")
    assert "0 new, 2 known, 1 refused." in again.output


def test_a_file_of_500_megabytes_is_not_read(home: Path) -> None:
    path = home / "large.opml"
    with path.open("wb") as file:
        file.write(b"<opml>")
        os.truncate(path, 500_000_000)
    done = run("import", path)
    assert done.exit_code == 1
    assert f"it is larger than {LARGEST_FILE:,} bytes: split it" in done.output


def test_a_page_instead_of_a_list_is_one_line(home: Path) -> None:
    path = home / "page.opml"
    path.write_text("<!DOCTYPE html><html><body>Not found</body></html>")
    done = run("import", path)
    assert done.exit_code == 1
    assert "is it an OPML file?" in done.output


def test_a_bad_file_of_own_sources_is_not_lost_by_an_import(home: Path) -> None:
    own = home / "sources.toml"
    own.write_text('[sources.bad]\nfeed = "x"\n# a comment')
    path = home / "urls"
    path.write_text("https://b.example/feed\n")
    assert run("import", path, "--write").exit_code == 0
    assert own.read_text().startswith('[sources.bad]\nfeed = "x"\n# a comment\n\n[sources.b]\n')
    assert "b" in load_sources()


def test_an_export_holds_every_source_and_no_secret(home: Path) -> None:
    own = home / "sources.toml"
    own.write_text('[sources.mine]\nfeeds = ["https://m.example/feed"]\ncookies = { session = "s3cret" }\n')
    path = home / "all.opml"
    assert run("export", "--opml", "-o", path).exit_code == 0
    text = path.read_text()
    assert all(f'shopwire:name="{name}"' in text for name in load_sources())
    assert "s3cret" not in text
    assert run("export", "--opml", "mine").output.count("<outline") == 2


def test_an_invalid_table_is_listed_and_hides_no_other(home: Path) -> None:
    (home / "sources.toml").write_text(
        '[sources.bad]\nfeed = "x"\n[sources.ok]\nfeeds = ["https://ok.example/f"]\n'
    )
    rows = run("list", "--json").output
    assert '{"name": "bad", "status": "invalid"}' in rows
    assert '"name": "ok"' in rows
    assert '"name": "ebrun"' in rows
