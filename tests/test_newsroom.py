"""The newsroom serves what it declares: every page, validator, edition and charset."""

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import SequenceMatcher
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest

from tests.newsroom import expected
from tests.newsroom.content import Article, load
from tests.newsroom.server import LOOPBACK, Newsroom, newsroom
from tests.newsroom.sites import SITES

GOLD = Path(expected.__file__).parent / "gold"
VALIDATED = (
    ("meigong.localhost", "/rss.xml"),
    ("eastgate.localhost", "/feed.atom"),
    ("xiaoxi.localhost", "/sitemap.xml"),
    ("xiaoxi.localhost", "/sitemaps/articles.xml.gz"),
    ("xiaoxi.localhost", "/sitemaps/news.xml"),
    ("mirror.localhost", "/api/articles"),
)
DAY = date(2028, 1, 1)
ATOM = "{http://www.w3.org/2005/Atom}"


class Answer(NamedTuple):
    """What came back over the wire."""

    status: int
    headers: Message
    body: bytes


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as opened:
        yield opened


def get(room: Newsroom, host: str, path: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Fetch without a resolver, because not every machine resolves names below .localhost."""
    connection = HTTPConnection(LOOPBACK, room.port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": f"{host}:{room.port}"} | dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def article_of(page: expected.Expected, edition: int = 2) -> Article:
    site = page.host.partition(".")[0]
    return next(article for article in load(site, edition) if article.path == page.path)


@pytest.mark.parametrize("page", expected.ARTICLES, ids=lambda page: page.host + page.path)
def test_every_expected_article_is_served_with_its_title_and_text(
    room: Newsroom, page: expected.Expected
) -> None:
    room.edition = page.edition
    answer = get(room, page.host, page.path)
    article = article_of(page, page.edition)
    text = answer.body.decode(article.charset)
    assert answer.status == 200
    assert page.title in text
    assert [line for line in article.paragraphs if line not in text] == []


def test_the_expected_table_names_every_address_the_sites_list() -> None:
    listed = {(site.host, article.path) for site in SITES for article in load(site.name, 2)}
    articles = {(page.host, page.path) for page in expected.ARTICLES}
    refused = {(page.host, page.path) for page in expected.REFUSED}
    assert listed == articles | refused


def test_each_site_has_enough_articles_to_learn_its_repeated_lines_from() -> None:
    seeds = {seed.path for seed in expected.SEEDS}
    own = [page for page in expected.ARTICLES if page.kind == "article" and page.edition == 1]
    for site in SITES:
        more = [page for page in own if page.host == site.host and page.path not in seeds]
        assert len(more) >= 6, site.name


def test_expected_dates_are_those_of_the_articles_as_precise_as_printed() -> None:
    for page in expected.ARTICLES:
        published = article_of(page).published
        assert (published is None) == (not page.published)
        if published:
            assert published.isoformat().startswith(page.published.partition("+")[0])


@pytest.mark.parametrize("seed", expected.SEEDS, ids=lambda seed: seed.name)
def test_seed_pages_hold_their_gold_body_and_the_chrome_around_it(
    room: Newsroom, seed: expected.Seed
) -> None:
    text = get(room, seed.host, seed.path).body.decode()
    gold = (GOLD / f"{seed.name}.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in gold if line not in text] == []
    assert [line for line in seed.chrome if line not in text] == []
    assert [line for line in seed.chrome if line in "\n".join(gold)] == []


def test_refused_addresses_behave_as_their_outcomes_say(room: Newsroom) -> None:
    login, private, missing, redirect = (
        get(room, refused.host, refused.path) for refused in expected.REFUSED
    )
    assert login.status == 200
    assert 'type="password"' in login.body.decode()
    assert private.status == 200
    assert "Disallow: /private/" in get(room, "crown.localhost", "/robots.txt").body.decode()
    assert missing.status == 200
    assert "页面不存在" in missing.body.decode()
    assert (redirect.status, redirect.headers["Location"]) == (302, "http://10.0.0.1/manual.html")


@pytest.mark.parametrize(("host", "path"), VALIDATED)
def test_validators_give_a_bare_304_until_the_list_changes(room: Newsroom, host: str, path: str) -> None:
    first = get(room, host, path)
    by_tag = {"If-None-Match": first.headers["ETag"]}
    by_date = {"If-Modified-Since": first.headers["Last-Modified"]}
    for condition in (by_tag, by_date):
        again = get(room, host, path, condition)
        assert (again.status, again.body) == (304, b"")
    room.edition = 2
    changed = 304 if host == "mirror.localhost" else 200
    assert get(room, host, path, by_tag).status == changed
    assert get(room, host, path, by_date).status == changed


def test_a_stale_tag_wins_over_a_fresh_date_and_a_bad_date_is_ignored(room: Newsroom) -> None:
    host, path = VALIDATED[0]
    fresh = get(room, host, path).headers["Last-Modified"]
    stale_tag = {"If-None-Match": '"0"', "If-Modified-Since": fresh}
    assert get(room, host, path, stale_tag).status == 200
    assert get(room, host, path, {"If-Modified-Since": "yesterday"}).status == 200


def test_edition_two_adds_articles_and_changes_one(room: Newsroom) -> None:
    new = [page for page in expected.ARTICLES if page.edition == 2]
    assert [get(room, page.host, page.path).status for page in new] == [404] * len(new)
    changing = [page for page in expected.ARTICLES if page.changes_in == 2]
    before = [get(room, page.host, page.path).body for page in changing]
    room.edition = 2
    assert [get(room, page.host, page.path).status for page in new] == [200] * len(new)
    after = [get(room, page.host, page.path).body for page in changing]
    assert len(new) == 2
    assert [old == now for old, now in zip(before, after, strict=True)] == [False]


def test_a_gbk_page_claims_utf8_and_a_big5_page_tells_the_truth(room: Newsroom) -> None:
    gbk = get(room, "zhuanzai.localhost", "/post/33.html")
    assert gbk.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "山货进城记" in gbk.body.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        gbk.body.decode("utf-8")
    big5 = get(room, "zhuanzai.localhost", "/post/41.html")
    assert big5.headers["Content-Type"] == "text/html; charset=big5"
    assert "臺灣中小賣家" in big5.body.decode("big5")


def test_with_a_day_articles_are_a_few_days_old_and_seeds_keep_their_dates() -> None:
    seeds = {(seed.host, seed.path) for seed in expected.SEEDS}
    moved = {(site.host, one.slug): one for site in SITES for one in load(site.name, 2, DAY) if one.published}
    written = {(site.host, one.slug): one for site in SITES for one in load(site.name, 2) if one.published}
    assert moved.keys() == written.keys()
    for key, one in moved.items():
        before = written[key]
        assert one.published
        assert before.published
        assert one.published.timetz() == before.published.timetz()
        if (one.site + ".localhost", before.path) in seeds or one.origin == "疯狂的美工":
            assert one == before
        else:
            assert 1 <= (DAY - one.published.date()).days <= 31
            assert one.modified
            assert one.modified.date() < DAY


def test_with_a_day_the_date_in_an_address_is_that_of_its_article(room: Newsroom) -> None:
    room.day = DAY
    assert get(room, "xiaoxi.localhost", "/2026/0805/shuang-biaoqian.html").status == 404
    moved = get(room, "xiaoxi.localhost", "/2027/1230/shuang-biaoqian.html")
    assert "2027年12月30日 09:30" in moved.body.decode()
    assert get(room, "eastgate.localhost", "/2027/12/lanhai-yiwu-warehouse").status == 200
    assert b"/2027/12/lanhai-yiwu-warehouse" in get(room, "eastgate.localhost", "/feed.atom").body


def test_copies_hold_the_text_they_copy() -> None:
    by_address = {page.host + page.path: page for page in expected.ARTICLES}
    pairs = {
        page.kind: (article_of(page).paragraphs, article_of(by_address[page.of]).paragraphs)
        for page in expected.ARTICLES
        if page.of
    }
    exact, original = pairs["exact"]
    assert exact == original
    round_up, quoted = pairs["contains"]
    assert set(quoted) < set(round_up)
    near, edited = ("".join(lines) for lines in pairs["near"])
    assert 0.9 < SequenceMatcher(None, near, edited, autojunk=False).ratio() < 1.0


def test_the_feeds_list_every_article_of_their_site(room: Newsroom) -> None:
    rss = ET.fromstring(get(room, "meigong.localhost", "/rss.xml").body)
    links = [item.findtext("link", "") for item in rss.iter("item")]
    assert len(links) == len(load("meigong", 1))
    assert all(link.startswith(room.url("meigong.localhost", "/news/")) for link in links)
    atom = ET.fromstring(get(room, "eastgate.localhost", "/feed.atom").body)
    assert len(list(atom.iter(f"{ATOM}entry"))) == len(load("eastgate", 1))
    sitemap = gzip.decompress(get(room, "xiaoxi.localhost", "/sitemaps/articles.xml.gz").body)
    assert sitemap.count(b"<lastmod>") == len(load("xiaoxi", 1))


def test_every_front_page_is_served(room: Newsroom) -> None:
    for site in SITES:
        page = room.answer(site.host, "/")
        assert page.status == 200
        assert b"<a " in page.body


def test_the_api_and_the_listings_lead_to_every_article(room: Newsroom) -> None:
    numbers, path = [], "/api/articles"
    while path:
        answer = json.loads(get(room, "mirror.localhost", path).body)
        numbers += [item["id"] for item in answer["items"]]
        path = answer["next"]
    assert {f"/article/{number}.htm" for number in numbers} == {a.path for a in load("mirror", 1)}
    for host, first in (("crown.localhost", "/news/"), ("zhuanzai.localhost", "/list.php")):
        seen, path = 0, first
        for number in range(1, 4):
            text = get(room, host, path).body.decode()
            seen += len(re.findall(r"<li><a href=", text))
            following = re.search(r'class="next" href="([^"]+)"', text)
            assert (following is not None) == (number < 3)
            path = first.rpartition("/")[0] + "/" + following[1] if following else ""
        assert seen == len(load(host.partition(".")[0], 1))


def test_links_keep_the_port_of_the_host_header_and_requests_are_recorded(room: Newsroom) -> None:
    connection = HTTPConnection(LOOPBACK, room.port, timeout=5)
    connection.request("HEAD", "/robots.txt", headers={"Host": "xiaoxi.localhost:80"})
    assert connection.getresponse().read() == b""
    connection.close()
    assert "http://xiaoxi.localhost:80/sitemap.xml" in (
        room.answer("xiaoxi.localhost:80", "/robots.txt").body.decode()
    )
    assert get(room, "nowhere.localhost", "/").status == 404
    assert get(room, "localhost", "/").status == 200
    assert room.requests == [
        ("xiaoxi.localhost", "/robots.txt", 200),
        ("nowhere.localhost", "/", 404),
        ("localhost", "/", 200),
    ]
