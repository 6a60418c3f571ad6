"""`shopwire import`: what it takes, what it names and leaves out, and what it exits with."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shopwire.commands.cli import cli
from shopwire.commands.export import EXPORTED
from shopwire.pipelines.deduplication.fingerprint import hash_text
from shopwire.pipelines.store_article import store_page
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from tests.support.crawling import environment
from tests.support.makers import a_page, an_article

SENTENCES = (
    "Orders from small towns grew fastest, the company said on Friday. "
    "Workshops sold more lamps and kitchen knives than the famous brands did."
)


def run(home: Path, *lines: object, options: tuple[str, ...] = ()) -> Result:
    file = home / "articles.jsonl"
    file.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    return CliRunner().invoke(cli, ["import", str(file), *options])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    Store(tmp_path / "shopwire.db").close()
    return tmp_path


def test_articles_go_through_the_same_steps_as_crawled_ones(home: Path) -> None:
    result = run(
        home,
        {
            "url": "https://www.trade.example/1?utm_source=feed",
            "title": "Small towns buy most",
            "text": SENTENCES,
            "published": "2026-11-20T09:30:00+08:00",
        },
        {"url": "https://copy.example/1", "source": "copyist", "text": f" {SENTENCES}\n\n"},
        {
            "url": "https://news.example/1",
            "text": "平台表示，小城镇订单增长最快。",
            "published": "2026-11-20 10:00",
        },
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "2 stored, 1 copy\n"
    with Store(home / "shopwire.db") as store:
        rows = store.rows("SELECT url, source, language, published, canonical_id FROM articles")
        assert [tuple(row) for row in rows] == [
            ("https://www.trade.example/1", "trade.example", "en", "2026-11-20T09:30+08:00", 1),
            ("https://copy.example/1", "copyist", "en", None, 1),
            ("https://news.example/1", "news.example", "zh", "2026-11-20T10:00+08:00", 3),
        ]
        assert store.row("SELECT home FROM sources WHERE name = 'copyist'")[0] == "https://copy.example/"
        fetches = store.rows("SELECT kind, outcome, article_id FROM fetches ORDER BY id")
        assert [tuple(row) for row in fetches] == [
            ("import", "stored", 1),
            ("import", "copy", 2),
            ("import", "stored", 3),
        ]


def test_a_packed_file_is_unpacked_up_to_where_it_is_damaged(home: Path) -> None:
    lines = [json.dumps({"url": f"https://trade.example/{n}", "text": f"{SENTENCES} {n}"}) for n in range(3)]
    packed = gzip.compress("\n".join(lines).encode())
    for data, code, words in ((packed, 0, ""), (packed[:-4], 3, "damaged gzip data")):
        file = home / "articles.jsonl.gz"
        file.write_bytes(data)
        result = CliRunner().invoke(cli, ["import", str(file)])
        assert (result.exit_code, words in result.stderr) == (code, True)
    with Store(home / "shopwire.db") as store:
        assert store.row("SELECT count(*) FROM articles")[0] == 3


def test_the_same_file_again_is_known(home: Path) -> None:
    line = {"url": "https://trade.example/1", "text": SENTENCES}
    assert run(home, line).stdout == "1 stored\n"
    result = run(home, line, options=("--json",))
    assert json.loads(result.stdout) == {"known": 1}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        ({"text": SENTENCES}, "url is not a valid"),
        ({"url": "javascript:alert(1)", "text": SENTENCES}, "url is not a valid"),
        ({"url": "https://trade.example/1", "text": "  \n "}, "text is empty"),
        ({"url": "https://trade.example/1", "text": ["a"]}, "text is not a string"),
        ({"url": "https://trade.example/1", "text": SENTENCES, "published": "soon"}, "not a date"),
        ({"url": "https://trade.example/1", "text": SENTENCES, "published": "2999"}, "not a date"),
        (
            {"url": "https://trade.example/1", "text": SENTENCES, "published": "2099-01-01"},
            "published is in the future",
        ),
        ({"url": "https://trade.example/1", "text": SENTENCES, "updated": "soon"}, "updated is not a date"),
        ({"url": "https://trade.example/1", "text": SENTENCES, "fetched": "soon"}, "fetched is not a time"),
        (
            {"url": "https://trade.example/1", "text": SENTENCES, "fetched": "2099-01-01"},
            "fetched is in the future",
        ),
        ({"url": "https://trade.example/1", "text": SENTENCES, "fetched": "0001-01-01"}, "before the web"),
        ({"url": "https://trade.example/1", "text": SENTENCES, "text_from": "us"}, "text_from is not 'feed'"),
        ({"url": "https://trade.example/1", "text": SENTENCES, "tags": "a, b"}, "tags is not a list"),
        ({"url": "https://trade.example/1", "text": SENTENCES, "tags": [1]}, "a tag is not a string: 1"),
        ({"url": "https://trade.example/1", "text": SENTENCES, "views": "7"}, "views is not a number"),
        ({"url": "https://trade.example/1", "text": SENTENCES, "likes": -1}, "likes is not a number"),
        ({"url": "https://trade.example/1", "text": SENTENCES, "comments": True}, "comments is not a number"),
        ({"url": "https://trade.example/1", "text": SENTENCES, "views": 2**63}, "views is not a number"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_is_taken(home: Path, line: object, says: str) -> None:
    good = {"url": "https://trade.example/good", "text": SENTENCES}
    result = run(home, line, good)
    assert result.exit_code == 3
    assert "articles.jsonl: line 1: " in result.stderr
    assert says in result.stderr
    assert result.stdout == "1 rejected, 1 stored\n"
    assert run(home, line).exit_code == 1


@pytest.mark.parametrize(
    ("written", "stored"),
    [("/1.jpg", "https://trade.example/1.jpg"), ("javascript:alert(1)", ""), ("data:text/html,x", "")],
)
def test_an_image_has_an_address_of_the_web(home: Path, written: str, stored: str) -> None:
    run(home, {"url": "https://trade.example/1", "text": SENTENCES, "image": written})
    with Store(home / "shopwire.db") as store:
        assert store.row("SELECT image FROM articles")[0] == stored


def test_half_a_character_costs_no_article(home: Path) -> None:
    line = {"url": "https://trade.example/1", "title": "Half \ud83d", "text": f"\udc00 {SENTENCES}"}
    assert "\\ud83d" in json.dumps(line)
    assert run(home, line).stdout == "1 stored\n"
    with Store(home / "shopwire.db") as store:
        (row,) = store.rows("SELECT title, text FROM articles")
    assert (row["title"], row["text"]) == ("Half \ufffd", f"\ufffd {SENTENCES}")


def test_an_empty_file_is_said_to_be_empty(home: Path) -> None:
    result = run(home, "")
    assert (result.exit_code, result.stdout) == (0, "no articles in this file\n")


def test_what_a_line_does_not_say_stays_as_it_was(home: Path) -> None:
    url = "https://blog.example/1"
    known = an_article(
        url,
        SENTENCES,
        title="Small towns buy most",
        text_hash=hash_text(SENTENCES),
        author="Lin Miao",
        editor="Tang Wei",
        published="2026-11-20T09:30+08:00",
        published_from="byline",
        tags=("retail", "towns"),
        views=812,
    )
    with Store(home / "shopwire.db") as store:
        with store.writing():
            declare_source(store, "blog", "A blog", "https://blog.example/", "en")
        store_page(store, a_page(url, archived_in="2026-11/blog-1.warc.gz#0"), known, None)
        before = dict(store.row("SELECT * FROM articles"))
    line = {"url": url, "source": "blog", "title": known.title, "text": SENTENCES}
    assert run(home, line).stdout == "1 known\n"
    assert run(home, {**line, "author": "Ruth Adler"}).stdout == "1 updated\n"
    with Store(home / "shopwire.db") as store:
        after = dict(store.row("SELECT * FROM articles"))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"author", "checksum", "extractor"}
    assert after["author"] == "Ruth Adler"


MARKED = {
    "url": "https://www.trade.example/1",
    "text": "What sells\nlamps\nThe shop | Its fee",
    "markdown": "## What *sells*\n\n- [lamps](https://a.example/)\n\n| The shop | Its fee |\n|---|---|",
}


def read_markdown(home: Path) -> list[str | None]:
    with Store(home / "shopwire.db") as store:
        return [row["markdown"] for row in store.rows("SELECT markdown FROM articles ORDER BY id")]


def test_markdown_is_exported_and_imported_as_it_was(
    home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    plain = {"url": "https://www.trade.example/2", "text": SENTENCES}
    assert run(home, MARKED, plain).exit_code == 0
    exported = CliRunner().invoke(cli, ["export"]).stdout.splitlines()
    assert [json.loads(line)["markdown"] for line in exported] == [MARKED["markdown"], None]
    other = tmp_path_factory.mktemp("other")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHOPWIRE_HOME", str(other))
        assert run(other, *exported).exit_code == 0
    assert read_markdown(other) == [MARKED["markdown"], None]


WHOLE = {
    "url": "https://www.trade.example/1",
    "source": "trade",
    "title": 'What "small" towns buy 小镇',
    "author": "Lin Miao",
    "editor": "Tang Wei",
    "published": "2026-11-20T09:30+05:30",
    "updated": "2026-11-21",
    "fetched": "2026-11-22T00:00:00.123456+00:00",
    "language": "zh",
    "origin": "Trade Wire",
    "tags": ["retail", "小镇, 乡村"],
    "views": 812,
    "comments": 0,
    "likes": 2**63 - 1,
    "image": "https://www.trade.example/1.jpg",
    "text": MARKED["text"],
    "text_from": "feed",
    "markdown": MARKED["markdown"],
}


def test_every_field_is_exported_and_imported_as_it_was(
    home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made_by_the_store = {"id", "day", "canonical_id", "story_id"}
    assert set(EXPORTED) - made_by_the_store == set(WHOLE)
    assert run(home, WHOLE).exit_code == 0
    (line,) = CliRunner().invoke(cli, ["export"]).stdout.splitlines()
    exported = json.loads(line)
    assert {name: value for name, value in exported.items() if name in WHOLE} == WHOLE
    other = tmp_path_factory.mktemp("other")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHOPWIRE_HOME", str(other))
        assert run(other, line).stdout == "1 stored\n"
        again = CliRunner().invoke(cli, ["export"]).stdout
        assert run(other, line).stdout == "1 known\n"
    assert json.loads(again) == exported
    rows = []
    for folder in (home, other):
        with Store(folder / "shopwire.db") as store:
            rows.append(dict(store.row("SELECT * FROM articles")))
    assert rows[0] == rows[1]


@pytest.mark.parametrize(
    ("written", "language"), [("de", "de"), ("ZH-cn", "zh"), ("en_US", "en"), ("", "en"), ("Chinese", "en")]
)
def test_a_language_is_a_code_or_is_recognized(home: Path, written: str, language: str) -> None:
    run(home, {"url": "https://trade.example/1", "text": SENTENCES, "language": written})
    with Store(home / "shopwire.db") as store:
        assert store.row("SELECT language FROM articles")[0] == language


def test_long_lines_and_literal_entities_stay(home: Path) -> None:
    text = "\n".join(
        ["The price rose again in the week. " * 400 + "The last words count.", "Write &amp; for &."]
    )
    run(home, {"url": "https://trade.example/1", "title": "What &lt;b&gt; means", "text": text})
    with Store(home / "shopwire.db") as store:
        assert tuple(store.row("SELECT title, text FROM articles")) == ("What &lt;b&gt; means", text)


def test_markdown_of_another_text_is_refused(home: Path) -> None:
    result = run(home, {**MARKED, "markdown": "## What sells"})
    assert (result.exit_code, read_markdown(home)) == (1, [])
    assert "1: markdown has other lines than text" in result.stderr


@pytest.mark.parametrize(("text", "kept"), [(MARKED["text"], MARKED["markdown"]), (SENTENCES, None)])
def test_stored_markdown_stays_with_its_text(home: Path, text: str, kept: str | None) -> None:
    run(home, MARKED)
    run(home, {"url": MARKED["url"], "title": "What sells", "text": text})
    assert read_markdown(home) == [kept]


def test_one_page_at_many_addresses_is_one_article(home: Path) -> None:
    addresses = (
        "http://m.trade.example/2026/parcels.html",
        "http://www.trade.example/2026/parcels.html?zz=1",
        "https://www.trade.example/2026/parcels.html",
        "https://news.trade.example/2026/parcels.html#comments",
        "https://www.trade.example/2026/parcels.html?from=singlemessage",
    )
    result = run(home, *({"url": url, "title": "Parcels", "text": SENTENCES} for url in addresses))
    assert result.exit_code == 0, result.output
    with Store(home / "shopwire.db") as store:
        assert [row["url"] for row in store.rows("SELECT url FROM articles")] == [addresses[2]]
        aliases = {row["url"] for row in store.rows("SELECT url FROM aliases")}
        assert aliases == {*addresses[:2], addresses[3].removesuffix("#comments")}
        assert store.rows("SELECT 1 FROM copies") == []
    again = run(home, {"url": addresses[1], "title": "Parcels", "text": SENTENCES})
    assert "1 known" in again.output


FRAME = "Follow our channel and read the news before others do."


STORIES = [
    "A warehouse in Yiwu ships parcels to sellers in forty countries.",
    "Retailers in Jakarta still prefer cash when the courier rings.",
    "Freight rates from Shenzhen fell for the sixth week in a row.",
    "An orchard near Yantai sells its apples from the packing hall.",
    "The tax office opens a portal for people who sell by live stream.",
    "Customs officers found nine hundred false watches in one container.",
]


def frame_lines(stories: list[str]) -> list[dict[str, str]]:
    """Return lines of unrelated articles of one site, each with the same line at its end."""
    return [
        {"url": f"https://trade.example/{hash_text(story)}", "title": story[:20], "text": f"{story}\n{FRAME}"}
        for story in stories
    ]


@pytest.mark.fault("47g", "Articles with a frame line, imported twice", "the second time nothing changes")
def test_the_same_file_again_changes_no_article_and_learns_nothing(home: Path) -> None:
    lines = frame_lines(STORIES)
    assert run(home, *lines).stdout == "6 stored\n"
    queries = (
        "SELECT * FROM articles ORDER BY id",
        "SELECT * FROM lines ORDER BY hash, site",
        "SELECT * FROM copies",
    )
    with Store(home / "shopwire.db") as store:
        before = [list(map(tuple, store.rows(sql))) for sql in queries]
        assert store.row("SELECT count(*) FROM articles WHERE instr(text, ?)", FRAME)[0] == 0
    assert run(home, *lines).stdout == "6 known\n"
    with Store(home / "shopwire.db") as store:
        assert [list(map(tuple, store.rows(sql))) for sql in queries] == before


def test_a_later_file_loses_the_lines_that_are_known_by_then(home: Path) -> None:
    lines = frame_lines(STORIES)
    run(home, *lines[:4])
    assert run(home, *lines[4:]).stdout == "2 stored\n"
    with Store(home / "shopwire.db") as store:
        assert store.row("SELECT count(*) FROM articles WHERE instr(text, ?)", FRAME)[0] == 0


def test_an_article_that_is_nothing_but_a_known_line_is_stored(home: Path) -> None:
    run(home, *frame_lines(STORIES))
    only = {"url": "https://trade.example/only", "text": FRAME}
    assert run(home, only).stdout == "1 stored\n"
    assert run(home, only).stdout == "1 known\n"


@pytest.mark.fault("47h", "Control and bidi characters in imported fields", "none is stored")
def test_no_control_character_is_stored(home: Path) -> None:
    bad = "\x1b[31m\x07\x00\x9b\u202e\u2066\u200b\u061c\u206a\ufff9\uffff\U000e0041"
    line = {
        "url": "https://trade.example/1",
        "title": f"Small{bad} towns\r\nbuy\tmost",
        "author": f"{bad}Lin Miao",
        "source": f"trade{bad}",
        "origin": f"Wire{bad}",
        "text": f"{SENTENCES}{bad}\x85Second\x0cparagraph.",
    }
    assert run(home, line).stdout == "1 stored\n"
    with Store(home / "shopwire.db") as store:
        (row,) = store.rows("SELECT title, author, source, origin, text FROM articles")
    assert tuple(row) == (
        "Small[31m towns buy most",
        "[31mLin Miao",
        "trade[31m",
        "Wire[31m",
        f"{SENTENCES}[31m\nSecond\nparagraph.",
    )
    result = run(home, {"url": "https://trade.example/2", "text": "\x00\u200b"})
    assert "text is empty" in result.stderr


@pytest.mark.fault("47j", "A date with an offset that no zone has", "refused")
@pytest.mark.parametrize("offset", ["+99:99", "+24:00", "-9999"])
def test_an_offset_that_no_zone_has_is_no_date(home: Path, offset: str) -> None:
    line = {"url": "https://trade.example/1", "text": SENTENCES, "published": f"2026-11-20T09:30:00{offset}"}
    assert "not a date" in run(home, line).stderr
    assert run(home, {**line, "published": "2026-11-20T09:30:00+0530"}).stdout == "1 stored\n"


@pytest.mark.fault("47i", "Orders to the terminal in a line that is refused", "none in the message")
def test_an_error_of_a_line_has_no_control_character(home: Path) -> None:
    result = run(home, {"url": "https://trade.example/1", "text": SENTENCES, "published": "\x1b]0;x\x07"})
    assert result.exit_code == 1
    assert not set("\x1b\x07") & set(result.stderr)


def test_lines_come_from_a_pipe(home: Path) -> None:
    line = json.dumps({"url": "https://trade.example/1", "text": SENTENCES})
    result = CliRunner().invoke(cli, ["import", "-"], input=f"{line}\n".encode())
    assert (result.exit_code, result.stdout) == (0, "1 stored\n")


@pytest.mark.fault("u58", "Import of a program, a database or a file in UTF-16", "one line")
@pytest.mark.parametrize("data", [b"\x7fELF\x02\0\0\n" * 99, '{"url": "x"}\n'.encode("utf-16"), bytes(99)])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_file_that_is_no_text_is_refused_in_one_line(
    home: Path, data: bytes, pack: Callable[[bytes], bytes]
) -> None:
    file = home / "articles.jsonl"
    file.write_bytes(pack(data))
    result = CliRunner().invoke(cli, ["import", str(file)])
    assert (result.exit_code, result.stdout) == (1, "1 rejected\n")
    assert result.stderr.splitlines() == [
        f"{file}: neither JSON Lines in UTF-8 nor a WARC file, packed with gzip at most"
    ]


@pytest.mark.fault("u59", "Import from standard input that is closed", "one line")
def test_a_closed_standard_input_is_named(home: Path) -> None:
    command = [sys.executable, "-m", "shopwire.commands", "import", "-"]
    shell = ["bash", "-c", '"$@" <&-', "bash", *command]
    done = subprocess.run(shell, env=environment(home, 0), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.endswith("Error: standard input is closed; name a FILE\n")
