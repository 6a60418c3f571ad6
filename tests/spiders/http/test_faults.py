"""Every bad response leaves one row in the crawl log, with the right outcome and reason; the crawl goes on.

One crawl fetches all bad pages with some healthy ones between them, another the lists.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shopwire.spiders.lists.reading import MAX_LISTS_PER_CRAWL
from shopwire.storage.database import Store
from tests.faults.crawl import Crawled, crawl, run_spider
from tests.faults.responses import ANSWERS
from tests.faults.robots import ROBOTS
from tests.faults.server import FaultServer, fault_server

HEALTHY = [f"/article/healthy-{number}" for number in range(20)]
# One try each: how often is asked is Scrapy's to test, and the waits would add up.
SETTINGS = {"RETRY_TIMES": 0, "DOWNLOAD_TIMEOUT": 5, "CONCURRENT_REQUESTS": 32}


def case(path: str, number: int | str, outcome: str, reason: str, title: str) -> object:
    """Return a test case: a path of the fault server, and the row expected; `number` is that of the case."""
    expected = f"one row, `{outcome}`"
    mark = pytest.mark.fault(str(number), title, expected)
    return pytest.param(path, outcome, reason, marks=mark, id=path)


BAD_PAGES = [
    case("many-headers", 6, "too_big", "headers exceed 262,144 bytes", "20 MB of headers"),
    case("endless-headers", "6a", "too_big", "headers exceed 262,144 bytes", "Headers without end"),
    case("endless-interim", "6b", "too_big", "headers exceed 262,144 bytes", "103 without end"),
    case("endless-line", 7, "error", "invalid HTTP response", "A header line without end"),
    case("slow-head", 4, "timeout", "took longer than", "Slow-loris header"),
    case("slow-body", "4a", "timeout", "took longer than", "Slow-loris body"),
    case("never", 5, "timeout", "took longer than", "A server that never answers"),
    case("circle", 13, "error", "redirect loop", "Redirect loop"),
    case("bad-location", 14, "error", "Invalid IPv6 URL", "Malformed Location"),
    case("odd-location", "14a", "not_found", "HTTP status 404", "Location of control characters"),
    case("short", 15, "error", "body is incomplete", "Short body"),
    case("cut-chunk", "15a", "error", "body is incomplete", "A chunk cut off"),
    case("cut-gzip", "15b", "error", "gzip data without its end", "gzip data that break off"),
    case("cut-deflate", "15c", "error", "deflate data without its end", "deflate data that break off"),
    case("cut-br", "15d", "error", "br data without its end", "brotli data that break off"),
    case("cut-zstd", "15e", "error", "zstd data without its end", "zstd data that break off"),
    case("partial", "15f", "error", "status 206, a part", "A part of a page (206)"),
    case("no-http", 17, "error", "invalid HTTP response", "Another protocol"),
    case("noise", "17a", "error", "invalid HTTP response", "Garbage"),
    case("silence", "17b", "error", "invalid HTTP response", "Empty reply"),
    case("odd-status", "17c", "error", "HTTP status 999999999999", "A status of twelve digits"),
    case("negative", "17d", "error", "invalid HTTP response", "Negative Content-Length"),
    case("bad-gzip", "1a", "error", "gzip", "Content-Encoding gzip that is none"),
    case("s403", "17e", "blocked", "HTTP status 403", "403"),
    case("s404", "17f", "not_found", "HTTP status 404", "404"),
    case("s410", "17g", "not_found", "HTTP status 410", "410"),
    case("s451", "17h", "blocked", "HTTP status 451", "451"),
    case("s500", "17i", "error", "HTTP status 500", "500"),
    case("refresh", 10, "thin", "are left", "Meta-refresh to a private address"),
    case("soft404", 18, "not_found", "nothing here", "Soft 404"),
    case("login", "18a", "thin|blocked", "login|before it shows", "Login page"),
    case("attributes", 24, "bad_html", "2,000 attributes", "40,000 attributes in one tag"),
    case("attributes16", "24a", "bad_html", "2,000 attributes", "The same in UTF-16"),
    case("pdf", 30, "bad_html", "PDF", "PDF called HTML"),
    case("binary", "30a", "bad_html", "binary", "Binary data called HTML"),
    case("empty", "30b", "thin", "are left", "Empty page"),
]
READABLE = [
    case("gbk-as-utf8", 27, "stored", "跨境平台公布 gbk 物流新规", "GBK declared UTF-8"),
    case("utf8-as-latin1", 28, "stored", "跨境平台公布 utf-8", "UTF-8 with a Latin-1 header"),
    case("gb18030-as-gb2312", 29, "stored", "跨境平台公布 gb18030", "GB18030 called GB2312"),
    case("big5", "29a", "stored", "跨境平臺公布", "Big5"),
    case("utf16", "29b", "stored", "跨境平台公布 utf-16", "UTF-16"),
    case("nul", "29c", "stored", "nul sale", "Null bytes"),
    case("surrogates", 40, "stored", "half", "Lone surrogates in JSON-LD"),
    case("markup", 38, "stored", "DROP TABLE", "SQL, tags, markup and escapes in a title"),
]


def test_no_two_cases_have_one_number() -> None:
    numbers = [one.marks[0].args[0] for one in (*BAD_PAGES, *READABLE)]
    assert len(numbers) == len(set(numbers))


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with fault_server(ANSWERS, ROBOTS) as running:
        yield running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def pages(server: FaultServer, home: Path) -> Crawled:
    bad = [f"/{one.values[0]}" for one in (*BAD_PAGES, *READABLE)]
    paths = [path for pair in zip(HEALTHY, bad, strict=False) for path in pair]
    paths += bad[len(HEALTHY) :]
    return crawl(home, [server.url(path) for path in paths], SETTINGS)


@pytest.mark.parametrize(("path", "outcome", "reason"), BAD_PAGES)
def test_a_bad_answer_has_one_row_with_its_reason(
    server: FaultServer, pages: Crawled, path: str, outcome: str, reason: str
) -> None:
    row = pages.row(server.url(f"/{path}"))
    assert re.fullmatch(outcome, row["outcome"]), row
    assert re.search(reason, row["reason"]), row
    assert row["article_id"] is None
    assert row["reason"].isprintable()


@pytest.mark.parametrize(("path", "outcome", "title"), READABLE)
def test_an_odd_page_is_read_all_the_same(
    pages: Crawled, home: Path, path: str, outcome: str, title: str
) -> None:
    (row,) = (row for row in pages.rows if row["url"].endswith(f"/{path}"))
    assert row["outcome"] in (outcome, "copy"), row
    with Store(home / "shopwire.db") as store:
        article = store.row("SELECT title, text FROM articles WHERE id = ?", row["article_id"])
    assert article is not None
    assert title in article["title"]
    assert "\x1b" not in article["title"]
    assert "\ufffd" not in article["text"]


@pytest.mark.fault("38e", "Orders to a terminal in pages and headers", "none in the log")
def test_the_log_takes_no_orders_from_pages(server: FaultServer, tmp_path: Path) -> None:
    urls = [server.url(path) for path in ("/markup", "/odd-location", "/nul", "/binary")]
    log = crawl(tmp_path, urls, {**SETTINGS, "LOG_LEVEL": "DEBUG"}).log
    assert "Scraped from" in log
    assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", log) is None


@pytest.mark.fault("44a", "Healthy pages among bad ones", "all stored")
def test_healthy_pages_are_stored_beside_the_bad(server: FaultServer, pages: Crawled) -> None:
    rows = [pages.row(server.url(path)) for path in HEALTHY]
    assert all(row["article_id"] for row in rows)
    assert len(pages.rows) == len(HEALTHY) + len(BAD_PAGES) + len(READABLE)


@pytest.mark.fault("10a", "Meta-refresh to a private address", "its target is never asked for")
def test_a_refresh_is_not_followed(server: FaultServer, pages: Crawled) -> None:
    assert server.times("/refresh")
    assert server.times("/reached-by-refresh") == []


FEEDS = ["laughs", "xxe", "gbk-feed", "hostile-links", "odd-dates", "markup-feed", "many-items"]
FEEDS += ["attribute-feed", "cut-feed", "html-feed", "deep-json", "surrogate-json"]
SITEMAPS = ["nest", "bad-gz", "bomb-gz", "big-gz"]
LISTINGS = ["calendar", "sessions"]
BAD_LISTS = [
    case("laughs", 31, "listed", "1 links", "Billion laughs"),
    case("html-feed", "31a", "empty_list", "an HTML page", "HTML in place of a feed"),
    case("deep-json", "31b", "empty_list", "no JSON", "JSON nested 200,000 deep"),
    case("attribute-feed", "31c", "bad_html", "2,000 attributes", "40,000 attributes in a feed"),
    case("xxe", 32, "listed", "1 links", "XXE"),
    case("gbk-feed", 33, "listed", "1 links, 1 new", "GBK feed declared UTF-8"),
    case("odd-dates", 35, "listed", "4 links, 4 new", "pubDate in 2100, 99999, 年月日, none"),
    case("hostile-links", 36, "listed", "9 links, 1 new", "`javascript:` and other odd links"),
    case("markup-feed", 37, "listed", "1 links, 1 new", "HTML and script in a feed's title"),
    case("many-items", 39, "foreign_list", "20000 links, 20000 to elsewhere", "A feed of 20,000 items"),
    case("cut-feed", "39a", "listed", "1 links, 1 new", "A feed cut off"),
    case("surrogate-json", "40a", "listed", "1 links, 1 new", "Lone surrogate and 2⁶³ in JSON"),
    case("bad-gz", "1b", "error", "damaged gzip", "A sitemap that is no gzip"),
    case("bomb-gz", "1c", "too_big", "larger than 268,435,456", "A sitemap of 257 MiB in 260 kB"),
    case("big-gz", "39b", "listed", "50000 links, 1 new", "50,000 entries for one page"),
    case("nest", 46, "listed", "61 further lists", "Sitemaps that nest for ever"),
    case("sessions", "46a", "listed", "5 links, 1 new", "Session ids in addresses"),
]


@pytest.fixture(scope="module")
def lists(server: FaultServer, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    kinds = {"feeds": FEEDS, "sitemaps": SITEMAPS, "listings": LISTINGS}
    arguments = {kind: [server.url(f"/{path}") for path in paths] for kind, paths in kinds.items()}
    settings = {**SETTINGS, "DOWNLOAD_TIMEOUT": 30}
    return run_spider(tmp_path_factory.mktemp("lists"), "lists", arguments, settings)


@pytest.mark.parametrize(("path", "outcome", "reason"), BAD_LISTS)
def test_a_bad_list_has_one_row_with_its_reason(
    server: FaultServer, lists: Crawled, path: str, outcome: str, reason: str
) -> None:
    row = lists.row(server.url(f"/{path}"))
    assert row["outcome"] == outcome, row
    assert re.search(reason, row["reason"]), row


@pytest.mark.fault("46b", "Sitemaps that nest for ever", f"{MAX_LISTS_PER_CRAWL} lists at most")
def test_nested_sitemaps_come_to_an_end(server: FaultServer, lists: Crawled) -> None:
    nested = [one for one in server.requests if one.path.startswith("/nest")]
    assert 10 < len(nested) <= MAX_LISTS_PER_CRAWL
    assert len({one.path for one in nested}) == len(nested)


@pytest.mark.fault("46c", "Calendar trap", "five lists at most")
def test_a_calendar_is_left_after_five_months(server: FaultServer, lists: Crawled) -> None:
    asked = [one for one in server.requests if one.path.startswith("/calendar")]
    assert 1 <= len(asked) <= 5
