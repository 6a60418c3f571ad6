"""`shopwire source add` as a person has it, with sites on loopback."""

import json
import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from bench.discovery.server import SiteServer, serve_sites
from click.testing import CliRunner
from scrapy.http import HtmlResponse, Response

from shopwire.commands.cli import cli
from shopwire.commands.sources.check_candidate import is_product_page, judge_samples
from shopwire.commands.sources.run_discovery import MOST_REQUESTS, StepSpider
from shopwire.commands.sources.searches import build_search, choose_site
from shopwire.spiders.discovery.candidate import Candidate, Discovery, Ending, Sample, Step, Verdict
from shopwire.spiders.user_sources.write_table import append_tables, build_name, format_table
from tests.newsroom.server import newsroom
from tests.support.crawling import environment, shopwire

NOTHING, BLOCKED, KNOWN = 3, 4, 8


@pytest.fixture(scope="module")
def sites() -> SiteServer:  # type: ignore[misc]
    with serve_sites() as server:
        yield server


def test_a_site_is_found_added_and_crawled(sites: SiteServer, tmp_path: Path) -> None:
    own = tmp_path / "sources.toml"
    own.write_text('# mine\n[sources.first]\nfeeds = ["https://first.example/feed"] # good')
    shown = shopwire("source", "add", sites.get_url("wordpress"), "--yes", home=tmp_path)
    assert "declared feed: " in shown
    assert "Invented marketplace lowers fees" in shown
    assert f"Added wordpress to {own}" in shown
    written = own.read_text()
    assert written.startswith('# mine\n[sources.first]\nfeeds = ["https://first.example/feed"] # good\n\n')
    assert f'feeds = ["{sites.base.format("wordpress")}/feed/"]' in written
    assert 'language = "en"' in written
    command = [sys.executable, "-m", "scrapy", "crawl", "wordpress"]
    subprocess.run(command, env=environment(tmp_path, 0), check=True, capture_output=True, timeout=120)
    assert "wordpress" in shopwire("status", home=tmp_path)
    assert shopwire("search", "merchants", home=tmp_path).count("wordpress") > 1


def test_a_wall_is_named_and_left_alone(sites: SiteServer, tmp_path: Path) -> None:
    shown = shopwire("source", "add", sites.get_url("wall"), "--yes", home=tmp_path, code=BLOCKED)
    assert "blocked: HTTP status 403" in shown
    assert sites.count_requests("wall") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_list_is_described_as_json_and_not_written_by_a_dry_run(sites: SiteServer, tmp_path: Path) -> None:
    url = sites.get_url("gbklist")
    shown = json.loads(shopwire("source", "add", url, "--dry-run", "--json", home=tmp_path))
    assert (shown["ending"], shown["is_added"], shown["rung"]) == ("added", False, "list")
    assert shown["table"] == {
        "title": "样例网",
        "home": sites.base.format("gbklist") + "/",
        "language": "zh",
        "lists": [url],
        "links": ".left a",
    }
    assert [bool(one["title"] and one["published"]) for one in shown["samples"]] == [True] * 3
    assert list(tmp_path.iterdir()) == []


def test_an_address_of_this_machine_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "shopwire.commands", "source", "add", "http://127.0.0.1:9/", "--yes"],
        env={**environment(tmp_path, 0), "SCRAPY_SETTINGS_MODULE": "", "SHOPWIRE_ALLOW_LOOPBACK": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == BLOCKED
    assert "127.0.0.1 resolves to 127.0.0.1, which is not public" in done.stdout.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://www.ebrun.com/", "ebrun"),
        ("ebrun.com", "ebrun"),
        ("https://www.retaildive.com/feeds/news/", "retaildive"),
    ],
)
def test_a_known_source_is_named_without_a_request(url: str, source: str) -> None:
    done = CliRunner().invoke(cli, ["source", "add", url, "--yes"])
    assert done.exit_code == KNOWN
    assert f"known: source {source} reads this site already" in done.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ftp://a.example/"], "is not an http or https address"),
        (["https://a.example/", "--name", "ebrun"], "the name 'ebrun' is taken"),
        (["https://a.example/", "--name", "My Site"], "a to z, 0 to 9 and _ only"),
        (["https://a.example/", "--json"], "--json cannot ask"),
        (["https://a.example/", "--search", " "], "--search needs words"),
        (["https://a.example/", "--cms", "dedecm"], "'dedecms'"),
        (["https://news.google.com/", "--search", "trade"], "Google News is left out"),
    ],
)
def test_wrong_usage_is_one_line(arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(cli, ["source", "add", *arguments])
    assert done.exit_code == 2
    assert says in done.output


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_a_no_writes_nothing_and_is_no_success(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str
) -> None:
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    candidate = Candidate("declared feed", {"feeds": ["https://new.example/feed"]}, ())
    found = Discovery(Ending.ADDED, "", candidate, Verdict(Ending.ADDED), "New", "https://new.example/")
    monkeypatch.setattr("shopwire.commands.sources.adding.find_source", lambda *_: found)
    done = CliRunner().invoke(cli, ["source", "add", "https://new.example/"], input=answer)
    assert done.exit_code == 1
    assert "Nothing is written." in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_search_is_a_source_of_the_words() -> None:
    known = build_search("https://www.gelonghui.com/", "跨境电商")
    assert known["lists"][0].startswith("https://www.gelonghui.com/api/post/search/v4?keyword=%E8%B7%A8")
    assert build_search("https://blog.example/news", "small shops") == {
        "feeds": ["https://blog.example/?s=small%20shops&feed=rss2"]
    }


@pytest.mark.parametrize(
    ("words", "home", "language"),
    [
        ("跨境电商", "https://www.gelonghui.com/", "zh"),
        ("de minimis", "https://www.federalregister.gov/", "en"),
    ],
)
def test_words_without_a_site_are_searched_for_in_one_of_their_language(
    words: str, home: str, language: str
) -> None:
    assert choose_site(words) == home
    assert build_search(home, words)["language"] == language


def test_chinese_words_alone_make_a_source(tmp_path: Path) -> None:
    shopwire("source", "add", "--search", "跨境电商", "--yes", home=tmp_path)
    (table,) = tomllib.loads((tmp_path / "sources.toml").read_text())["sources"].values()
    assert table["language"] == "zh"
    assert "keyword=%E8%B7%A8%E5%A2%83" in table["lists"][0]


GOOD = Sample("u", "A title", "2026-11-20T08:00+08:00", "en")
BAD = Sample("u", "A title", problem="only 20 characters of text")


@pytest.mark.parametrize(
    ("samples", "ending"),
    [
        ([GOOD, GOOD, BAD], Ending.ADDED),
        ([GOOD, BAD, BAD], Ending.THIN),
        ([GOOD], Ending.ADDED),
        ([], Ending.THIN),
        ([Sample("u", problem="robots.txt forbids it")] * 3, Ending.ROBOTS),
        ([Sample("u", "A title", "2026-01-05", "en")] * 3, Ending.STALE),
        ([Sample("u", problem="refused: HTTP status 403")] * 3, Ending.BLOCKED),
        ([Sample("u", problem="refused: HTTP status 403"), BAD, BAD], Ending.THIN),
    ],
)
def test_two_of_three_pages_must_be_articles_of_these_days(samples: list[Sample], ending: Ending) -> None:
    assert judge_samples(samples, date(2026, 11, 30)).ending is ending


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<meta property='og:type' content='product.item'>", True),
        ('<script type="application/ld+json">{"@type": ["Product"], "name": "Chair"}</script>', True),
        ('<script type="application/ld+json">[{"@type":"NewsArticle"},{"@type":"Product"}]</script>', False),
        ("<meta property='og:type' content='article'>", False),
    ],
)
def test_a_product_is_no_article(head: str, expected: bool) -> None:
    response = HtmlResponse("https://a.example/1", body=f"<head>{head}</head>".encode(), encoding="utf-8")
    assert is_product_page(response) is expected


def test_names_come_from_the_host_and_are_not_taken() -> None:
    assert build_name("https://www.example.co.uk/", ()) == "example"
    assert build_name("https://news.my-site.com.cn/x", ()) == "my_site"
    assert build_name("https://www.example.com/", {"example", "example_2"}) == "example_3"


def test_a_table_is_written_so_that_it_can_be_read(tmp_path: Path) -> None:
    values = {
        "title": 'a "b" \\ \x7f\n☃',
        "feeds": ["https://a.example/?x=1&y='2'"],
        "aliases": {"m.a.example": "a.example"},
        "json_body": {"page": 1, "all": True, "ratio": 0.5},
    }
    path = tmp_path / "folder" / "sources.toml"
    append_tables(path, format_table("one", values))
    append_tables(path, format_table("two", {}))
    assert tomllib.loads(path.read_text()) == {"sources": {"one": values, "two": {}}}


def test_no_more_requests_are_sent_than_the_limit() -> None:
    def ask_on() -> Step[Discovery]:
        while True:
            yield "https://a.example/"

    spider = StepSpider(ask_on())
    spider.sent = 1
    next(spider.steps)
    sent = [list(spider.read_response(Response("https://a.example/"), "x")) for _ in range(2 * MOST_REQUESTS)]
    assert sum(map(len, sent)) == MOST_REQUESTS - 1


@pytest.mark.parametrize(
    ("name", "key"),
    [("meigong", "feeds"), ("eastgate", "feeds"), ("xiaoxi", "sitemaps"), ("mirror", "lists")],
)
def test_a_site_of_the_newsroom_is_added_by_its_address(name: str, key: str, tmp_path: Path) -> None:
    with newsroom(day=datetime.now(UTC).date()) as room:
        url = f"http://{name}.localhost:{room.port}/"
        shown = json.loads(shopwire("source", "add", url, "--dry-run", "--json", home=tmp_path))
    assert (shown["ending"], key in shown["table"]) == ("added", True)
