"""What Datasette answers over a store, requested as a browser does but without a socket."""

import asyncio
import re
import sqlite3
from codecs import BOM_UTF8
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import datasette
import feedparser
import pytest
from datasette.app import Datasette
from datasette.plugins import get_plugins
from openpyxl import load_workbook

from shopwire.pipelines.store_article import store_page
from shopwire.storage.crawl_log.events import add_event, record_health
from shopwire.storage.crawl_log.run_report import load_newest_articles
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from shopwire.storage.datasette import live_database, table_search
from shopwire.storage.datasette.app import build_datasette
from shopwire.storage.datasette.pages import rendering
from shopwire.storage.datasette.plugin import METADATA, TEMPLATES
from shopwire.storage.search.full_text import search
from tests.support.makers import FETCHED, a_page, an_article

Get = Callable[..., Any]


@pytest.fixture
def get(store: Store) -> Get:
    """Return a function that requests a path of Datasette over `store`; keyword arguments go to httpx."""
    return build_getter(store)


def build_getter(store: Store, password: str | None = None) -> Get:
    return ask_datasette(build_datasette(store.path, password))


def ask_datasette(datasette: Datasette) -> Get:
    """Return a function that requests a path of Datasette."""

    def ask(path: str, **more: Any) -> Any:
        async def once() -> Any:
            await datasette.invoke_startup()
            return await datasette.client.get(path, **more)

        return asyncio.run(once())

    return ask


def write(store: Store, *articles: dict[str, Any]) -> None:
    for number, fields in enumerate(articles, start=1):
        article = an_article(**{"url": f"https://blog.example/{number}"} | fields)
        store_page(store, a_page(article.url), article, None)


def change_health(store: Store, *statuses: str) -> None:
    for status in statuses:
        with store.writing():
            record_health(store, "blog", FETCHED, status, 'the server said <no> & "never"\x0b')


@pytest.mark.parametrize("words", ["淘宝", "双11", "直播带货", "Temu", '"live streaming"'])
@pytest.mark.parametrize("table", ["latest", "articles"])
def test_the_search_box_finds_chinese_words(store: Store, get: Get, table: str, words: str) -> None:
    write(
        store,
        {"title": "淘宝与双11", "text": "直播带货 by Temu, with live streaming."},
        {"title": "宝淘 11双", "text": "带货直播 and streaming live."},
    )
    rows = get(f"/shopwire/{table}.json", params={"_search": words, "_shape": "array"}).json()
    assert [row["id"] for row in rows] == [1]


@pytest.mark.parametrize("table", table_search.TABLES)
def test_only_the_newest_of_too_many_hits_are_shown(
    store: Store, get: Get, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    monkeypatch.setattr(table_search, "MAX_HITS", 2)
    days = [f"2026-11-0{day}" for day in range(1, 5)]
    write(store, *({"title": "电商", "text": day, "published": day} for day in days))
    write(store, {"url": "https://blog.example/5", "text": "something else"})
    assert ids(get, table, _search="电商") == [4, 3]
    assert ids(get, table, _search="电商", day="2026-11-01") == [1]
    assert ids(get, table, _search="电商", day__lt="2026-11-04") == [3, 2]
    assert ids(get, table, _search="电商", _where="day < '2026-11-04'") == [3, 2]
    assert ids(get, table, _search="电商", _where="0", day="2026-11-01") == []
    assert "only the newest 2 of 4 hits that pass" in get(f"/shopwire/{table}?_search=电商").text
    assert "the newest" not in get(f"/shopwire/{table}?_search=else").text


def ids(get: Get, table: str, **filters: str) -> list[int]:
    rows = get(f"/shopwire/{table}.json", params={**filters, "_shape": "array"}).json()
    return [row["id"] for row in rows]


def test_an_article_is_counted_under_the_platform_that_it_names_first(store: Store, get: Get) -> None:
    write(
        store,
        {"title": "Temu and SHEIN", "text": "Both."},
        {"title": "Nobody", "text": "First a line.\nThen 淘宝 and Douyin.\nAnd Amazon."},
        {"title": "抖音", "text": "比淘宝更快"},
        {"title": "Weather", "text": "It rains."},
    )
    facets = get("/shopwire/latest.json").json()["facet_results"]["platform"]["results"]
    assert {facet["value"]: facet["count"] for facet in facets} == {
        "Douyin": 1,
        "Taobao": 1,
        "Temu": 1,
    }


def test_a_search_for_punctuation_only_finds_nothing(store: Store, get: Get) -> None:
    write(store, {"text": "words"})
    answer = get("/shopwire/latest.json", params={"_search": '"?!', "_shape": "array"})
    assert (answer.status_code, answer.json()) == (200, [])


def test_committed_rows_appear_at_once(store: Store, get: Get) -> None:
    def titles() -> list[str]:
        rows = get("/shopwire/latest.json?_shape=array").json()
        return [row["title"] for row in rows]

    assert titles() == []
    write(store, {"title": "Fresh"})
    assert titles() == ["Fresh"]


def test_large_tables_are_not_counted(store: Store, get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_database, "MAX_COUNTED", 2)
    write(store, {"title": "1"}, {"title": "2", "text": "2"})
    tables = {table["name"]: table["count"] for table in get("/shopwire.json").json()["tables"]}
    assert tables["articles"] == 2
    write(store, *({"title": number, "text": number} for number in "123"))
    tables = {table["name"]: table["count"] for table in get("/shopwire.json").json()["tables"]}
    assert tables["articles"] is None
    assert tables["runs"] == 0


def test_the_store_cannot_be_written(store: Store, get: Get) -> None:
    write(store, {"title": "Unchanged"})
    get("/shopwire", params={"sql": "delete from articles"})
    get("/shopwire", params={"sql": "select writefile('x', 'y')"})
    assert store.row("SELECT title FROM articles")[0] == "Unchanged"  # type: ignore[index]


def test_the_file_cannot_be_downloaded(get: Get) -> None:
    assert get("/shopwire.db").status_code == 403


@pytest.mark.parametrize("path", ["/", "/shopwire", "/shopwire/latest", "/nowhere", "/-/login"])
def test_every_response_has_security_headers(get: Get, path: str) -> None:
    headers = get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"


def test_internal_tables_are_hidden(get: Get) -> None:
    tables = get("/shopwire.json").json()["tables"]
    shown = {table["name"] for table in tables if not table["hidden"]}
    assert {"articles", "copies", "fetches", "runs", "sources", "stories"} <= shown
    assert not shown & {"_sqlite_migrations", "fingerprints", "lines", "validators", "articles_fts"}


def test_a_password_is_required_everywhere(store: Store) -> None:
    get = build_getter(store, password="open sesame")
    write(store, {"title": "Secret"})
    for path in ("/", "/search?q=x", "/article/1", "/article/1/original", "/shopwire/latest"):
        asked = get(path, headers={"accept": "text/html"})
        assert (asked.status_code, asked.headers["location"]) == (302, "/-/login")
    assert get("/-/dashboards/charts").status_code == 403
    assert get("/shopwire/latest.json").status_code == 403
    assert get("/shopwire/latest.json", auth=("shopwire", "wrong")).status_code == 403
    assert get("/shopwire/latest.json", auth=("shopwire", "open sesame")).status_code == 200


def test_reading_does_not_block_writers(store: Store, get: Get) -> None:
    get("/shopwire/latest")
    with sqlite3.connect(store.path, timeout=0) as other:
        other.execute("UPDATE sources SET title = 'changed'")
    assert get("/shopwire/sources.json?_shape=array").json()[0]["title"] == "changed"


def test_the_front_page_of_an_empty_store_says_how_to_fill_it(get: Get) -> None:
    answer = get("/")
    assert answer.status_code == 200
    assert "shopwire crawl" in answer.text


def test_the_front_page_of_an_old_store_shows_its_newest_weeks(store: Store, get: Get) -> None:
    text = "Taobao buys a warehouse of 380,000 square metres in Yiwu, the platform said on Monday. " * 3
    write(
        store,
        {"title": "Taobao in Yiwu", "text": text, "published": "2020-05-11T08:00+08:00"},
        {"title": "Taobao in Yiwu", "text": text, "published": "2020-05-12T08:00+08:00"},
        {"title": "It rains", "text": "All day.", "published": "2020-07-01"},
    )
    page = get("/").text
    assert "Top stories, week of 2020-05-06" in page
    assert "<b>1</b> story with several articles, week of 2020-05-06" in page
    assert "Most mentioned, week of 2020-05-06" in page
    assert "Taobao <small>2</small>" in page
    assert "30 days to 2020-07-01" in page


def test_the_front_page_of_a_current_store_shows_this_week(store: Store, get: Get) -> None:
    now = datetime.now(UTC)
    days = [(now - timedelta(days=back)).isoformat(timespec="minutes") for back in (1, 400)]
    write(store, *({"title": f"Taobao {day}", "text": day, "published": day} for day in days))
    page = get("/").text
    assert "Most mentioned, this week" in page
    assert "Taobao <small>1</small>" in page


def test_a_briefing_is_a_page_of_a_day_and_an_entry_of_a_feed(store: Store, get: Get) -> None:
    write(store, {"title": "Temu pays", "text": "Temu paid 1.5 billion yuan.", "published": "2026-11-20"})
    page = get("/brief/2026-11-20").text
    assert "<h1>E-commerce news of 2026-11-20</h1>" in page
    assert "1,500,000,000 CNY" in page
    assert '<a href="http://localhost/article/1"' in page
    assert "Temu pays" not in get("/brief/2026-11-21").text
    assert "from 2026-11-20 to 2026-11-22" in get("/brief").text
    feed = feedparser.parse(get("/brief.atom").content)
    assert [entry.link for entry in feed.entries] == ["http://localhost/brief/2026-11-20"]


@pytest.mark.parametrize("path", ["/brief/2026-02-30", "/brief/yesterday", "/brief/0001-01-01"])
def test_a_briefing_of_no_day_is_not_found(get: Get, path: str) -> None:
    assert get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/shopwire/latest.xlsx", "/shopwire/search.xlsx?q=Temu", "/shopwire.xlsx?sql=select+*+from+latest"],
)
def test_tables_and_queries_are_workbooks_too(store: Store, get: Get, path: str) -> None:
    write(store, {"title": "=Temu", "text": "Temu pays.", "published": "2026-11-20"})
    answer = get(path)
    assert "attachment" in answer.headers["content-disposition"]
    (sheet,) = load_workbook(BytesIO(answer.content)).worksheets
    head, row = sheet.iter_rows()
    values = {name.value: cell for name, cell in zip(head, row, strict=True)}
    assert (values["title"].value, values["title"].data_type) == ("=Temu", "s")
    assert values["day"].value == datetime.fromisoformat("2026-11-20")
    assert values["url"].hyperlink.target == "https://blog.example/1"


def test_pages_of_tables_queries_and_charts_offer_workbooks(store: Store, get: Get) -> None:
    write(store, {"title": "Temu", "text": "Temu pays."})
    assert '<a href="/shopwire/latest.xlsx?_size=max">Excel</a>' in get("/shopwire/latest").text
    assert '<a href="/shopwire/search.xlsx?q=Temu">Excel</a>' in get("/shopwire/search?q=Temu").text
    chart = get("/-/dashboards/charts/articles").text
    assert re.search('<a href="/shopwire.xlsx[?]sql=[^"]+">Excel</a>', chart)


def test_an_article_has_a_citation_with_its_archived_copy(store: Store, get: Get) -> None:
    article = an_article(title="Small towns", author="Lin Miao", published="2026-11-20T08:30+08:00")
    store_page(store, a_page(archived_in="2026-11/blog-1.warc.gz#0"), article, None)
    write(store, {"url": "https://blog.example/2", "title": "<b>", "text": "Undated and by nobody."})
    first, second = (
        re.findall('class="citation"><bdi>(.*)</bdi>', get(f"/article/{number}").text)[0] for number in (1, 2)
    )
    assert first == (
        "Lin Miao: “Small towns”, A blog, 2026-11-20, https://blog.example/1. Fetched 2026-11-22, archived "
        'as <a href="/article/1/original">2026-11/blog-1.warc.gz#0</a>, urn:shopwire:article:1.'
    )
    assert second == (
        "“&lt;b&gt;”, A blog, undated, https://blog.example/2. Fetched 2026-11-22, urn:shopwire:article:2."
    )


def test_an_article_without_a_date_is_marked_undated(store: Store, get: Get) -> None:
    write(store, {"title": "When?"}, {"title": "Then", "text": "x", "published": "2026-11-11"})
    assert get("/").text.count("undated, fetched") == 1
    for page, undated in (("/article/1", True), ("/story/1", True), ("/article/2", False)):
        assert ("undated, fetched <time>2026-11-22 08:00" in get(page).text) == undated
    assert [row["day"] for row in load_newest_articles(store, 5)] == ["undated", "2026-11-11"]


def test_our_own_pages_run_no_script(store: Store, get: Get) -> None:
    write(store, {"title": "<script>alert(1)</script>"})
    for path in ("/", "/search?q=alert", "/article/1"):
        answer = get(path)
        assert answer.status_code == 200
        assert "script-src" not in answer.headers["content-security-policy"]
        assert "<script" not in answer.text


@pytest.mark.parametrize(
    "path", ["/article/99", "/story/1", "/article/99/original", "/article/abc", "/story/1x"]
)
def test_an_unknown_id_is_not_found(get: Get, path: str) -> None:
    answer = get(path)
    assert answer.status_code == 404
    assert '<a href="/">Front page</a>' in answer.text


def test_an_article_shows_its_other_addresses(store: Store, get: Get) -> None:
    write(store, {"text": "A report."}, {"text": "A report.", "url": "https://www.blog.example/1?zz=<b>"})
    shown = get("/article/1").text
    assert "Also at" in shown
    assert "<bdi>https://www.blog.example/1?zz=&lt;b&gt;</bdi> <small>the same text</small>" in shown


def test_an_article_shows_its_views_comments_and_likes_over_time(store: Store, get: Get) -> None:
    write(store, {"views": 9, "comments": 1})
    assert "9 views · 1 comment · <a" in get("/article/1").text
    assert "Views, comments and likes over time" not in get("/article/1").text
    later = a_page(fetched=FETCHED + timedelta(hours=3))
    store_page(store, later, an_article(views=1200, comments=4, likes=0), None)
    shown = get("/article/1").text
    assert "1,200 views · 4 comments · 0 likes · <a" in shown
    assert "<td>9</td><td>1</td><td></td>" in shown
    assert "<td>1,200</td><td>4</td><td>0</td>" in shown


def test_a_page_missing_from_the_archive_is_not_found(store: Store, get: Get) -> None:
    write(store, {"title": "Lost"})
    store.update_article(1, {"archived_in": "../../etc/passwd#0"})
    store.db.conn.commit()
    assert get("/article/1/original").status_code == 404


@pytest.mark.parametrize("words", ["", "sentence", "absent"])
def test_the_feed_is_atom_even_when_it_is_empty(store: Store, get: Get, words: str) -> None:
    write(
        store,
        {"title": "A \u202etitle\x0b & more"},
        {"text": "Another sentence.", "published": "2026-11-11"},
    )
    answer = get("/shopwire/feed.atom", params={"q": words})
    assert answer.status_code == 200
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    assert len(feed.entries) == (0 if words == "absent" else 2)
    if feed.entries:
        assert feed.entries[0].title == "A title & more"
        assert feed.entries[1].updated == "2026-11-11T00:00:00+00:00"


def test_who_logged_in_can_log_out(store: Store) -> None:
    served = build_datasette(store.path, "open sesame")
    cookies = {"ds_actor": served.sign({"a": {"id": "shopwire"}}, "actor")}
    seen = ask_datasette(served)("/shopwire/latest", cookies=cookies)
    assert "Log out" in seen.text
    assert "Log in" not in seen.text


def test_all_pages_are_one_site_with_titles_in_words(store: Store, get: Get) -> None:
    write(store, {"title": "One", "text": "淘宝 grew 5 percent"})
    paths = ["/", "/search", "/shopwire", "/shopwire?sql=select+1", "/shopwire/articles/1", "/absent"]
    paths += [f"/shopwire/{table}" for table in store.db.table_names() + store.db.view_names()]
    paths += [f"/shopwire/{query}" for query in QUERIES]
    for path in paths:
        seen = get(path).text
        assert '<nav aria-label="Pages">' in seen, path
        title = seen.split("<title>")[1].split("</title>")[0]
        assert "shopwire" in title
        assert "_" not in title.replace("_fts", ""), path
        assert "(view)" not in seen
        assert "Custom SQL query" not in seen


def test_weeks_without_a_mention_are_zeros(store: Store, get: Get) -> None:
    write(
        store,
        {"title": "One", "text": "Taobao said so.", "published": "2026-05-11"},
        {"title": "Two", "text": "Taobao and Temu, again.", "published": "2026-06-01"},
    )
    for query, names in (("named_per_week", ("Taobao", "Temu")), ("one_against_another", ("Taobao", "Temu"))):
        rows = get(f"/shopwire/{query}.json", params={"_shape": "array", "one": names[0], "other": names[1]})
        assert [(row["one"], row["other"]) for row in rows.json()] == [(1, 1), (0, 0), (0, 0), (1, 0)]


def test_a_long_answer_begins_with_fifty_rows(store: Store, get: Get) -> None:
    write(
        store,
        {"title": "One", "text": "Taobao said so.", "published": "2024-05-13"},
        {"title": "Two", "text": "Taobao and Temu, again.", "published": "2026-05-11"},
    )
    path = "/shopwire/named_per_week?one=Taobao&other=Temu"
    first = get(path).text
    assert first.count("<td") == 3 * 50
    assert '<a href="?one=Taobao&amp;other=Temu&amp;_all=1">All 105 rows</a>' in first
    everything = get(f"{path}&_all=1").text
    assert everything.count("<td") == 3 * 105
    assert "All 105 rows" not in everything
    assert get(path.replace("?", ".csv?")).text.count("\n") == 106


def test_a_source_is_shown_by_its_title(store: Store, get: Get) -> None:
    with store.writing():
        declare_source(store, "trade", "Trade & Sons", "https://trade.example/", "en")
    write(store, {"title": "One", "text": "once", "source": "trade"})
    assert "Trade &amp; Sons" in get("/shopwire/latest").text
    assert "Trade &amp; Sons" in get("/search?q=once").text
    for page in ("/shopwire/articles", "/shopwire/articles/1"):
        assert '<bdi title="trade">Trade &amp; Sons</bdi>' in get(page).text


def test_a_new_title_of_a_source_is_shown_after_some_seconds(
    store: Store, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, {"title": "One"})
    assert ">A blog</bdi>" in get("/shopwire/latest").text
    with store.writing():
        declare_source(store, "blog", "Another title", "https://blog.example/", "en")
    assert ">A blog</bdi>" in get("/shopwire/latest").text
    monkeypatch.setattr(rendering, "SECONDS_KEPT", 0.0)
    assert ">Another title</bdi>" in get("/shopwire/latest").text


def test_an_article_names_the_others_of_its_story_and_its_figures(store: Store, get: Get) -> None:
    text = "Temu pays 12.5 billion dollars to 3,000 people. Temu pays 12.5 billion dollars again."
    write(store, {"title": "First", "text": text}, {"title": "Second <b>", "text": "Something else."})
    with store.writing():
        store.db.execute("UPDATE articles SET story_id = 1")
        store.db.execute(
            "INSERT OR REPLACE INTO stories (id, title, first_seen, last_seen, articles, sources, languages) "
            "VALUES (1, 'First', '2026-11-22', '2026-11-22', 2, 1, 'en')"
        )
    shown = get("/article/1").text
    assert '<a href="/article/2"><bdi>Second &lt;b&gt;</bdi></a> (<bdi>A blog</bdi>)</p>' in shown
    assert 'href="https://blog.example/1" rel="noreferrer nofollow">Read it on the web</a></p>' in shown
    assert shown.count("<b>12,500,000,000</b> USD") == 1
    assert "Figures" not in get("/article/2").text


def test_what_readers_see_is_words(store: Store, get: Get) -> None:
    write(store, {"title": "Temu", "text": "Temu pays 12.5 billion dollars."})
    shown = get("/shopwire/named_per_week?one=淘宝&other=Temu").text
    assert '<th class="col-one" scope="col">淘宝</th><th class="col-other" scope="col">Temu</th>' in shown
    assert '<a href="/compare?names=%E6%B7%98%E5%AE%9D%2CTemu">As a chart</a>' in shown
    assert ">title</th>" in get("/shopwire/feed?q=").text
    assert 'data-label="languages">English</td>' in get("/shopwire/headlines").text
    # Other parameters are no headings.
    assert ">articles</th>" in get("/shopwire/untranslated_stories?language=&articles=1").text


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/nonsense", 404, "Page not found"),
        ("/shopwire/nonsense", 404, "Page not found"),
        ("/shopwire/articles/99", 404, "Page not found"),
        ("/shopwire/latest?_sort=nonsense", 500, "This page cannot be shown"),
    ],
)
def test_an_error_has_a_title_in_words(store: Store, get: Get, path: str, status: int, title: str) -> None:
    write(store, {})
    answer = get(path)
    assert answer.status_code == status
    assert f"<title>{title} · shopwire</title>" in answer.text
    assert ("There is nothing at this address." in answer.text) == (status == 404)


def test_every_table_that_is_shown_has_a_title(store: Store) -> None:
    known = METADATA["databases"]["shopwire"]["tables"]
    names = {*store.db.table_names(), *store.db.view_names()}
    names = {name for name in names if not name.startswith(("articles_fts", "sqlite_"))}
    assert {name for name in names if not known.get(name, {}).keys() & {"title", "hidden"}} == set()


def test_plain_datasette_over_a_store_has_our_pages_and_search(store: Store) -> None:
    write(store, {"title": "One", "text": "淘宝 grew"}, {"title": "Two", "text": "京东 grew"})
    get = ask_datasette(Datasette([str(store.path)]))
    assert "Newest articles" in get("/").text
    rows = get("/shopwire/latest.json?_search=淘宝&_shape=array").json()
    assert [row["title"] for row in rows] == ["One"]
    assert get("/shopwire/who_mentioned.json?words=淘宝&_shape=array").json()
    assert "Sources that mention words" in get("/shopwire").text


def test_other_databases_of_datasette_are_as_without_us(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "shopwire.db")) as db:
        db.execute("CREATE TABLE trees (title TEXT)")
    get = ask_datasette(Datasette([str(tmp_path / "shopwire.db")]))
    answer = get("/shopwire/trees")
    assert answer.status_code == 200
    assert "Newest articles" not in get("/").text
    assert "assets" not in answer.text
    assert "content-security-policy" not in answer.headers


QUERIES = {
    "search": {"q": "淘宝"},
    "who_mentioned": {"words": "淘宝"},
    "one_against_another": {"one": "淘宝", "other": "抖音"},
    "new_stories": {"since": "2026-01-01"},
    "untranslated_stories": {"language": "", "articles": "1"},
    "who_copies_whom": {},
    "articles_naming": {"name": "Taobao"},
    "named_per_week": {"one": "Taobao", "other": "Douyin"},
    "the_same_figure": {"number": "540300000000"},
    "biggest_figures": {},
    "feed": {"q": ""},
    "health_changes": {},
}


# The first title has a character that XML does not allow.
QUERIED_ARTICLES = (
    {"title": "淘宝\ufffe", "text": "same", "language": "zh", "published": "2026-11-02"},
    {"title": "Copied", "text": "same", "published": "2026-11-03"},
    {"title": "抖音", "text": "天猫成交额5403亿元。", "published": "2026-11-04"},
)


def test_every_query_is_tested(get: Get) -> None:
    queries = {query["name"] for query in get("/shopwire.json").json()["queries"]}
    assert queries == set(QUERIES)


def test_the_first_article_of_a_story_is_found_across_time_zones(store: Store, get: Get) -> None:
    write(
        store,
        {"title": "Later", "text": "same", "published": "2026-05-11T20:00-05:00"},
        {"title": "Sooner", "text": "same", "published": "2026-05-12T08:00+08:00"},
    )
    (row,) = get("/shopwire/headlines.json", params={"_shape": "array"}).json()
    page = get(f"/story/{row['story']}").text
    assert row["english"] == "Sooner"
    assert page.index("Sooner</bdi></a>") < page.index("2026-05-12 01:00")
    assert "-1" not in page.split("<main")[1].replace("-12", "")


def test_a_story_page_says_what_part_each_article_plays(store: Store, get: Get) -> None:
    write(
        store,
        {"title": "First", "text": "same", "published": "2026-05-11T20:00+08:00"},
        {"title": "Soon", "text": "a", "published": "2026-05-12T01:00+08:00"},
        {"title": "Undated", "text": "b", "published": ""},
        {"title": "Later", "text": "c", "published": "2026-05-12"},
        {"title": "Latest", "text": "d", "published": "2026-05-13T01:00+08:00"},
    )
    with store.writing():
        store.db.execute("UPDATE articles SET story_id = 1")
    rows = get("/shopwire/story_parts.json", params={"_shape": "array", "_sort": "article_id"}).json()
    parts = ["first report", "report", "report", "follow-up", "follow-up"]
    assert [row["part"] for row in rows] == parts
    assert get("/story/1").text.count("<b>follow-up</b>") == 2


def test_articles_are_sorted_by_time_across_time_zones(store: Store, get: Get) -> None:
    write(
        store,
        {"title": "Second", "text": "a", "published": "2026-05-12T08:00+08:00"},
        {"title": "First", "text": "b", "published": "2026-05-11T20:00-05:00"},
        {"title": "Third", "text": "c", "published": "2026-05-11T23:59+00:00"},
    )
    rows = get("/shopwire/latest.json", params={"_shape": "array"}).json()
    assert [(row["title"], row["time"], row["day"]) for row in rows] == [
        ("First", "2026-05-12T01:00:00+00:00", "2026-05-11"),
        ("Second", "2026-05-12T00:00:00+00:00", "2026-05-12"),
        ("Third", "2026-05-11T23:59:00+00:00", "2026-05-11"),
    ]
    front = get("/").text
    assert front.index("First") < front.index("Second") < front.index("Third")
    assert "2026-05-11 20:00 -05:00" in get("/article/2").text


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_returns_rows(store: Store, get: Get, name: str) -> None:
    write(store, *QUERIED_ARTICLES)
    change_health(store, "ok")
    rows = get(f"/shopwire/{name}.json", params=QUERIES[name] | {"_shape": "array"}).json()
    assert rows
    page = get(f"/shopwire/{name}", params=QUERIES[name])
    assert page.status_code == 200
    assert re.search(r"<title>[^{}]{5,60} · shopwire</title>", page.text)
    table = get(f"/shopwire/{name}.csv", params=QUERIES[name])
    assert table.status_code == 200
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.content.startswith(BOM_UTF8)
    assert table.content.count(BOM_UTF8) == 1


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_has_a_feed(store: Store, get: Get, name: str) -> None:
    write(store, *QUERIED_ARTICLES)
    change_health(store, "ok")
    assert f"/shopwire/{name}.atom" in get(f"/shopwire/{name}", params=QUERIES[name]).text
    rows = get(f"/shopwire/{name}.json", params=QUERIES[name] | {"_shape": "array"}).json()
    answer = get(f"/shopwire/{name}.atom", params=QUERIES[name])
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    assert len(feed.entries) == len(rows)
    assert len({entry.id for entry in feed.entries}) == len(rows)
    assert all(entry.title and entry.updated_parsed for entry in feed.entries)


def test_a_feed_entry_links_to_its_story_or_article(store: Store, get: Get) -> None:
    write(
        store,
        {"title": "Two", "text": "same", "published": "2026-11-02T08:30+08:00"},
        {"title": "Two", "text": "same", "published": "2026-11-03"},
    )
    (story,) = feedparser.parse(get("/shopwire/new_stories.atom?since=2026-01-01").content).entries
    assert (story.id, story.link) == ("urn:shopwire:story:1", "http://localhost/story/1")
    assert story.updated == "2026-11-02T00:30:00+00:00"
    (hit,) = feedparser.parse(get("/shopwire/search.atom?q=same").content).entries
    assert (hit.id, hit.link) == ("urn:shopwire:article:1", "https://blog.example/1")


def test_changes_of_health_are_a_feed_with_the_newest_first(store: Store, get: Get) -> None:
    change_health(store, "ok", "blocked")
    with store.writing():
        add_event(store, FETCHED, "daemon", "stopped")
    feed = feedparser.parse(get("/shopwire/health_changes.atom").content)
    assert not feed.bozo
    assert [(entry.id, entry.title) for entry in feed.entries] == [
        ("urn:shopwire:event:2", 'A blog: ok → blocked: the server said <no> & "never"'),
        ("urn:shopwire:event:1", 'A blog: new → ok: the server said <no> & "never"'),
    ]
    assert feed.entries[0].updated == FETCHED.isoformat(timespec="seconds")
    assert feed.entries[0].author == "A blog"


def test_a_feed_of_no_changes_of_health_is_a_feed(get: Get) -> None:
    feed = feedparser.parse(get("/shopwire/health_changes.atom").content)
    assert (feed.bozo, feed.entries) == (False, [])


def test_one_against_another_counts_per_week(store: Store, get: Get) -> None:
    write(
        store,
        {"title": "淘宝", "text": "1", "published": "2026-11-02T08:00+08:00"},
        {"title": "淘宝 抖音", "text": "2", "published": "2026-11-08T23:00+08:00"},
        {"title": "抖音", "text": "3", "published": "2026-11-09"},
    )
    path = "/shopwire/one_against_another.json"
    rows = get(path, params={"one": "淘宝", "other": "抖音", "_shape": "array"}).json()
    assert rows == [
        {"week": "2026-11-09", "one": 0, "other": 1},
        {"week": "2026-11-02", "one": 2, "other": 1},
    ]


def test_the_search_page_and_the_query_agree_with_the_terminal(store: Store, get: Get) -> None:
    write(store, {"title": "淘宝", "text": "直播"}, {"title": "直播", "text": "和淘宝"}, {"text": "x"})
    expected = [row["id"] for row in search(store.db, "淘宝", 10)]
    rows = get("/shopwire/search.json", params={"q": "淘宝", "_shape": "array"}).json()
    assert [row["id"] for row in rows] == expected == [1, 2]
    assert [row["snippet"] for row in rows] == ["直播", "和【淘宝】"]


SITE_TEMPLATES = {
    "_table.html",
    "base.html",
    "dashboard_chart.html",
    "database.html",
    "error.html",
    "query.html",
    "row.html",
    "table.html",
}


def test_no_template_of_datasette_is_overridden_by_accident() -> None:
    folders = {Path(datasette.__file__).with_name("templates")}
    folders |= {Path(plugin["templates_path"]) for plugin in get_plugins() if plugin["templates_path"]}
    theirs = {path.name for folder in folders for path in folder.iterdir()}
    ours = {path.name for path in TEMPLATES.iterdir()}
    assert theirs & ours == SITE_TEMPLATES


def test_an_article_is_shown_with_its_structure(store: Store, get: Get) -> None:
    markdown = (
        "## Fees <i>now</i>\u202e\n\n- [Temu](https://temu.example/?a=1&b=2)\n"
        "- [Shein](javascript:alert(1))\n\n> he said\n\n"
        "| Shop | Fee |\n|---|---|\n| **Temu** | 5 % |\n\n<script>alert(1)</script>"
    )
    long = "**word** " * 30_000
    write(store, {"markdown": markdown}, {"text": "One.\n<b>Two.</b>"}, {"text": "Short.", "markdown": long})
    shown = get("/article/1").text.partition('<div class="text"')[2].partition("<footer>")[0]
    for expected in (
        '<h2 dir="auto">Fees &lt;i&gt;now&lt;/i&gt;</h2>',
        '<a href="https://temu.example/?a=1&amp;b=2" rel="nofollow noopener">Temu</a>',
        "[Shein](javascript:alert(1))",
        '<blockquote dir="auto">',
        '<td dir="auto"><strong>Temu</strong></td>',
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ):
        assert expected in shown
    assert "<script" not in shown
    assert '<p dir="auto">Short.</p>' in get("/article/3").text
    plain = get("/article/2").text
    assert '<p dir="auto">One.</p>\n\n<p dir="auto">&lt;b&gt;Two.&lt;/b&gt;</p>' in plain


def test_the_largest_amounts_are_ranked_in_each_currency_and_kind(store: Store, get: Get) -> None:
    amounts = ("128亿越南盾", "3亿元", "5亿元", "6亿用户", "2亿美元", "7亿件包裹", "9亿")
    write(store, *({"title": f"第{n}条", "text": f"共{one}。"} for n, one in enumerate(amounts)))
    rows = get("/shopwire/biggest_figures.json", params={"_shape": "array"}).json()
    found = [(row["counts"], row["unit"], row["value"]) for row in rows]
    assert found == [
        ("money", "cny", 5e8),
        ("money", "cny", 3e8),
        ("money", "usd", 2e8),
        ("money", "vnd", 1.28e10),
        ("parcels", "", 7e8),
        ("people", "", 6e8),
    ]
