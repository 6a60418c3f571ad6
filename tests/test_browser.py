"""Datasette in a real browser: what a person sees, and that scraped content never runs."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from shopwire.commands.cli import cli
from shopwire.pipelines.article import Article
from shopwire.pipelines.extract_article import extract_article
from shopwire.pipelines.store_article import store_page
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from tests.support import sample_store
from tests.support.browser import (
    CHROMIUM,
    DRIVER,
    MISSING,
    PHONE,
    WIDE,
    Browser,
    chromium,
    served,
)
from tests.support.makers import a_page, an_article

pytestmark = [
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason=MISSING),
    pytest.mark.xdist_group("browser"),
]

EVIL = "https://evil.example"
SCRIPT = f"<script>document.title='owned'</script><img src={EVIL}/a.png onerror=alert(1)>"
HOSTILE = {
    "markup": SCRIPT,
    "link": "javascript:document.title='owned'",
    "json": f'{{"href": "{EVIL}", "label": "x", "img_src": "{EVIL}/pixel.gif"}}',
    "direction": "invoice \u202egpj.exe\u2066 and on",
    "long": "淘" * 10_000,
    "template": "{{ 7 * 7 }}{% raw %}",
}
# Lone surrogates, as JSON and HTML can write them; the store replaces them by U+FFFD.
HALF_LINE = {
    "url": f"{EVIL}/imported",
    "source": "evil",
    "title": "half \ud800 sign, imported",
    "text": "hostilebody imported \udc00\n" + "Parcels reached buyers in nine days, the platform said. " * 4,
}
HALF_PAGE = """<title>half &#xD800; sign, crawled</title><article><h1>half &#55296; sign, crawled</h1>
<p>hostilebody crawled &#xDC00; Parcels reached buyers in nine days, the platform said on Monday, and
the sellers of the town had never seen that many leave their warehouses in a week before.</p></article>"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Yield a browser and Datasette over a store with sample articles and hostile ones."""
    folder: Path = tmp_path_factory.mktemp("store")
    with Store(folder / "shopwire.db") as store:
        sample_store.fill(store)
        with store.writing():
            declare_source(store, "evil", SCRIPT, "javascript:alert(1)", "en")
        for name, words in HOSTILE.items():
            article = an_article(
                url=f"javascript:{name}" if name == "link" else f"{EVIL}/{name}",
                source="evil",
                title=words,
                text=f"{words}\nhostilebody {name}\n{words[:2000]}",
                author=words[:200],
                origin=words[:200],
                tags=(words[:50],),
            )
            store_page(store, a_page(f"{EVIL}/{name}", source="evil"), article, None)
        page = a_page(f"{EVIL}/crawled", HALF_PAGE.encode(), source="evil")
        crawled = extract_article(page)
        assert isinstance(crawled, Article)
        store_page(store, page, crawled, None)
    lines = folder / "halves.jsonl"
    lines.write_text(json.dumps(HALF_LINE))
    imported = CliRunner().invoke(cli, ["import", str(lines)], env={"SHOPWIRE_HOME": str(folder)})
    assert imported.output == "1 stored\n"
    with served(folder) as home, chromium(home) as opened:
        yield opened


@pytest.fixture(autouse=True)
def check_requests(browser: Browser) -> Iterator[None]:
    """Fail a test whose pages write to the console or send a request to another host."""
    browser.resize(*WIDE)
    browser.read_console(), browser.list_requests()
    yield
    assert browser.read_console() == []
    strange = [url for url in browser.list_requests() if not url.startswith((browser.home, "data:"))]
    assert strange == []


def find_article(browser: Browser, title: str) -> str:
    """Return the id of the article with this title, found by search."""
    browser.open(f"/search?q=%22{title}%22")
    link = browser.chrome.find_element(By.CSS_SELECTOR, ".hits a").get_attribute("href")
    assert link
    return link.rsplit("/", 1)[1]


def test_the_front_page_shows_articles_and_a_chart(browser: Browser) -> None:
    browser.open("/")
    seen = browser.text()
    assert "new in 24 hours" in seen
    assert "Top stories" in seen
    assert len(browser.texts("section.wide .list > li")) == 14
    drawn = browser.chrome.find_elements(By.CSS_SELECTOR, ".chart rect.zh, .chart rect.en")
    assert sum(float(bar.get_attribute("height") or 0) > 1 for bar in drawn) > 10


@pytest.mark.parametrize("words", ['"淘宝"', '"双11"', '"live broadcast"'])
def test_the_search_box_finds_the_right_articles(browser: Browser, words: str) -> None:
    browser.open("/")
    box = browser.chrome.find_element(By.NAME, "q")
    box.send_keys(words)
    box.submit()
    WebDriverWait(browser.chrome, 10).until(lambda chrome: "/search" in chrome.current_url)
    hits = browser.texts(".hits > li")
    assert hits
    bare = words.strip('"').lower()
    assert all(bare in hit.lower() for hit in hits)
    assert all(mark.lower() in bare for mark in browser.texts("mark"))


@pytest.mark.parametrize("words", ["淘宝", "双11"])
def test_the_search_box_of_the_table_finds_the_same_articles(browser: Browser, words: str) -> None:
    browser.open(f"/search?q={words}")
    ranked = {link.rsplit("/", 1)[1] for link in list_links(browser, ".hits li > a")}
    browser.open("/shopwire/latest")
    box = browser.chrome.find_element(By.NAME, "_search")
    box.send_keys(words)
    box.submit()
    WebDriverWait(browser.chrome, 10).until(lambda chrome: "_search=" in chrome.current_url)
    # The page shows one hit a story.
    assert ranked
    assert {link.rsplit("/", 1)[1] for link in list_links(browser, "td.col-title a")} >= ranked


def list_links(browser: Browser, selector: str) -> list[str]:
    found = browser.chrome.find_elements(By.CSS_SELECTOR, selector)
    return [one.get_attribute("href") or "" for one in found]


def test_a_story_shows_both_languages_and_links_to_its_articles(browser: Browser) -> None:
    browser.open(f"/article/{find_article(browser, '天猫官方账号首次')}")
    browser.chrome.find_element(By.CSS_SELECTOR, ".note a[href*='/story/']").click()
    assert "天猫官方账号" in browser.text()
    assert "Tmall’s official broadcast" in browser.text()
    assert set(browser.texts(".timeline > li > small"))
    browser.chrome.find_element(By.CSS_SELECTOR, ".timeline li a").click()
    assert "/article/" in browser.chrome.current_url


def test_an_article_is_shown_with_its_archived_page_as_text(browser: Browser) -> None:
    browser.open(f"/article/{find_article(browser, '天猫官方账号首次')}")
    assert browser.texts("h1") == ["天猫官方账号首次在抖音开启了直播,观看人数破百万"]
    assert len(browser.texts(".text p")) > 8
    original = browser.chrome.find_element(By.PARTIAL_LINK_TEXT, ".warc.gz#")
    original.click()
    assert "<h1>天猫官方账号" in browser.text()
    assert browser.chrome.find_elements(By.TAG_NAME, "h1") == []


def test_a_chart_of_the_dashboard_is_drawn(browser: Browser) -> None:
    browser.open("/-/dashboards/charts")
    bars = "#chart-articles svg path[aria-roledescription=bar]"
    WebDriverWait(browser.chrome, 20).until(lambda chrome: chrome.find_elements(By.CSS_SELECTOR, bars))
    drawn = browser.chrome.find_elements(By.CSS_SELECTOR, bars)
    assert len({bar.get_attribute("fill") for bar in drawn}) == 2
    assert sum(bar.size["height"] > 5 for bar in drawn) > 10


def test_a_chart_counts_in_whole_numbers_by_the_mondays_of_its_weeks(browser: Browser) -> None:
    browser.open("/-/dashboards/charts/named")
    labels = ".vega-embed .role-axis-label text"
    WebDriverWait(browser.chrome, 20).until(lambda chrome: chrome.find_elements(By.CSS_SELECTOR, labels))
    weeks, counts = [], []
    for label in filter(None, browser.texts(labels)):
        (counts if label.isdigit() else weeks).append(label)
    today = datetime.now(UTC).date()
    days = (today - timedelta(days=back) for back in range(200))
    mondays = {f"{day.day} {day:%b}" for day in days if day.weekday() == 0}
    assert len(counts) > 1
    assert weeks
    assert set(weeks) <= mondays


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_have_the_colours_of_the_page(browser: Browser, scheme: str) -> None:
    browser.set_scheme(scheme)
    browser.open("/-/dashboards/charts/articles")
    words = ".vega-embed svg text"
    WebDriverWait(browser.chrome, 20).until(lambda chrome: chrome.find_elements(By.CSS_SELECTOR, words))
    ink, behind = browser.chrome.execute_script(
        "const style = (one) => getComputedStyle(document.querySelector(one));"
        f"return [[style('{words}').fill, style('body').color],"
        "[style('.dashboard-card').backgroundColor, style('header').backgroundColor]]"
    )
    browser.set_scheme("light")
    assert ink[0] == ink[1]
    assert behind[0] == behind[1]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_article_is_shown_as_text(browser: Browser, name: str) -> None:
    words = HOSTILE[name]
    visible = words.replace("\u202e", "").replace("\u2066", "")
    browser.open(f"/search?q=hostilebody+{name}")
    assert len(browser.texts(".hits > li")) == 1
    number = list_links(browser, ".hits li > a")[0].rsplit("/", 1)[1]
    for path in (f"/article/{number}", f"/shopwire/articles/{number}"):
        browser.open(path)
        assert visible[:100] in browser.text()
        assert "owned" not in browser.chrome.title or name in ("markup", "link")
        assert browser.chrome.execute_script("return document.title") != "owned"
        assert not any(link.startswith("javascript:") for link in list_links(browser, "a"))
        assert not any("evil" in image for image in list_links(browser, "img"))
        assert browser.chrome.find_elements(By.CSS_SELECTOR, "main script, main img, .text *:not(p)") == []


@pytest.mark.parametrize("name", ["imported", "crawled"])
def test_a_lone_surrogate_is_shown_as_a_replacement_character(browser: Browser, name: str) -> None:
    browser.open(f"/search?q=hostilebody+{name}")
    (link,) = list_links(browser, ".hits li > a")
    number = link.rsplit("/", 1)[1]
    for path in (f"/article/{number}", f"/shopwire/articles/{number}", "/shopwire/latest"):
        browser.open(path)
        assert f"half \ufffd sign, {name}" in browser.text()
    browser.open(f"/article/{number}")
    assert f"hostilebody {name} \ufffd" in browser.text()


@pytest.mark.parametrize("path", ["/shopwire/latest", "/shopwire/headlines", "/shopwire/sources_health"])
def test_fifty_rows_are_short_on_a_phone(browser: Browser, path: str) -> None:
    browser.resize(*PHONE)
    browser.open(path)
    rows = browser.chrome.find_elements(By.CSS_SELECTOR, ".rows-and-columns tbody tr")
    height = browser.chrome.execute_script("return document.documentElement.scrollHeight")
    assert rows
    assert height + (50 - len(rows)) * (height / len(rows)) * (len(rows) > 20) <= 6000


@pytest.mark.parametrize("size", [WIDE, PHONE])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/brief",
        "/brief/2026-11-22",
        "/search?q=hostilebody",
        "/shopwire",
        "/shopwire/articles?source=evil",
        "/shopwire/headlines",
        "/shopwire/latest?source=evil",
        "/shopwire/search?q=hostilebody",
        "/shopwire/sources_health",
        "/story/1",
    ],
)
def test_no_page_runs_scraped_scripts_or_is_too_wide(
    browser: Browser, path: str, size: tuple[int, int]
) -> None:
    browser.resize(*size)
    browser.open(path)
    assert browser.chrome.execute_script("return document.title") != "owned"
    assert not any(link.startswith("javascript:") for link in list_links(browser, "a"))
    wide = browser.chrome.execute_script("return document.documentElement.scrollWidth")
    assert wide <= size[0]
