"""A real browser opens Datasette: what a user sees, and that no scraped markup is active."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from shopwire.commands.cli import cli
from shopwire.pipelines.article import Article
from shopwire.pipelines.extract_article import extract_article
from shopwire.pipelines.store_article import store_page
from shopwire.storage.crawl_log.ledger import declare_source
from shopwire.storage.database import Store
from tests.support import browser, sample_store
from tests.support.browser import PHONE, WIDE, Browser, chromium, served
from tests.support.makers import a_page, an_article

pytestmark = [
    pytest.mark.skipif(not (browser.CHROMIUM and browser.DRIVER), reason=browser.MISSING),
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
# Halves of characters, as JSON and HTML can write them; a sign stands for them in the store.
HALF_LINE = {
    "url": f"{EVIL}/imported",
    "source": "evil",
    "title": "half \ud800 sign, imported",
    "text": "hostilebody imported \udc00\n"
    + "Parcels reached buyers in nine days, the platform said. " * 4,
}
HALF_PAGE = """<title>half &#xD800; sign, crawled</title><article><h1>half &#55296; sign, crawled</h1>
<p>hostilebody crawled &#xDC00; Parcels reached buyers in nine days, the platform said on Monday, and
the sellers of the town had never seen that many leave their warehouses in a week before.</p></article>"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser on Datasette with the sample articles and hostile ones."""
    folder: Path = tmp_path_factory.mktemp("desk")
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
            store_page(store, a_page(source="evil"), article, None)
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
def quiet(desk: Browser) -> Iterator[None]:
    """Whatever a test opens, the console has no message and only loopback gets requests."""
    desk.resize(*WIDE)
    desk.read_console(), desk.list_requests()
    yield
    assert desk.read_console() == []
    strange = [url for url in desk.list_requests() if not url.startswith((desk.home, "data:"))]
    assert strange == []


def number_of(desk: Browser, title: str) -> str:
    """Return the id of an article, by a request to Datasette."""
    desk.open(f"/search?q=%22{title}%22")
    link = desk.chrome.find_element(By.CSS_SELECTOR, ".hits a").get_attribute("href")
    assert link
    return link.rsplit("/", 1)[1]


def test_the_front_page_answers_at_once(desk: Browser) -> None:
    desk.open("/")
    seen = desk.text()
    assert "new in 24 hours" in seen
    assert "Most written about" in seen
    assert len(desk.texts("section.wide .list > li")) == 14
    drawn = desk.chrome.find_elements(By.CSS_SELECTOR, ".chart rect.zh, .chart rect.en")
    assert sum(float(bar.get_attribute("height") or 0) > 1 for bar in drawn) > 10


@pytest.mark.parametrize("words", ["淘宝", "双11", '"live broadcast"'])
def test_the_search_box_finds_the_right_articles(desk: Browser, words: str) -> None:
    desk.open("/")
    box = desk.chrome.find_element(By.NAME, "q")
    box.send_keys(words)
    box.submit()
    WebDriverWait(desk.chrome, 10).until(lambda chrome: "/search" in chrome.current_url)
    hits = desk.texts(".hits > li")
    assert hits
    bare = words.strip('"').lower()
    assert all(bare in hit.lower() for hit in hits)
    assert all(mark.lower() in bare for mark in desk.texts("mark"))


@pytest.mark.parametrize("words", ["淘宝", "双11"])
def test_the_search_box_of_the_table_finds_them_too(desk: Browser, words: str) -> None:
    desk.open(f"/search?q={words}")
    ranked = {link.rsplit("/", 1)[1] for link in hrefs(desk, ".hits li > a")}
    desk.open("/shopwire/latest")
    box = desk.chrome.find_element(By.NAME, "_search")
    box.send_keys(words)
    box.submit()
    WebDriverWait(desk.chrome, 10).until(lambda chrome: "_search=" in chrome.current_url)
    assert {link.rsplit("/", 1)[1] for link in hrefs(desk, "td.col-title a")} == ranked


def hrefs(desk: Browser, selector: str) -> list[str]:
    found = desk.chrome.find_elements(By.CSS_SELECTOR, selector)
    return [one.get_attribute("href") or "" for one in found]


def test_a_story_shows_both_languages_and_leads_to_its_articles(desk: Browser) -> None:
    desk.open(f"/article/{number_of(desk, '天猫官方账号首次')}")
    desk.chrome.find_element(By.CSS_SELECTOR, ".note a[href*='/story/']").click()
    assert "天猫官方账号" in desk.text()
    assert "Tmall’s official broadcast" in desk.text()
    assert set(desk.texts(".timeline > li > small"))
    desk.chrome.find_element(By.CSS_SELECTOR, ".timeline li a").click()
    assert "/article/" in desk.chrome.current_url


def test_an_article_is_there_to_be_read(desk: Browser) -> None:
    desk.open(f"/article/{number_of(desk, '天猫官方账号首次')}")
    assert desk.texts("h1") == ["天猫官方账号首次在抖音开启了直播,观看人数破百万"]
    assert len(desk.texts(".text p")) > 8
    original = desk.chrome.find_element(By.PARTIAL_LINK_TEXT, ".warc.gz#")
    original.click()
    assert "<h1>天猫官方账号" in desk.text()
    assert desk.chrome.find_elements(By.TAG_NAME, "h1") == []


def test_a_chart_of_the_dashboard_is_really_drawn(desk: Browser) -> None:
    desk.open("/-/dashboards/desk")
    bars = "#chart-articles svg path[aria-roledescription=bar]"
    WebDriverWait(desk.chrome, 20).until(lambda chrome: chrome.find_elements(By.CSS_SELECTOR, bars))
    drawn = desk.chrome.find_elements(By.CSS_SELECTOR, bars)
    assert len({bar.get_attribute("fill") for bar in drawn}) == 2
    assert sum(bar.size["height"] > 5 for bar in drawn) > 10


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_article_is_shown_as_text(desk: Browser, name: str) -> None:
    words = HOSTILE[name]
    visible = words.replace("\u202e", "").replace("\u2066", "")
    desk.open(f"/search?q=hostilebody+{name}")
    assert len(desk.texts(".hits > li")) == 1
    number = hrefs(desk, ".hits li > a")[0].rsplit("/", 1)[1]
    for path in (f"/article/{number}", f"/shopwire/articles/{number}"):
        desk.open(path)
        assert visible[:100] in desk.text()
        assert "owned" not in desk.chrome.title or name in ("markup", "link")
        assert desk.chrome.execute_script("return document.title") != "owned"
        assert not any(link.startswith("javascript:") for link in hrefs(desk, "a"))
        assert not any("evil" in image for image in hrefs(desk, "img"))
        assert (
            desk.chrome.find_elements(By.CSS_SELECTOR, "main script, main img, .text *:not(p)")
            == []
        )


@pytest.mark.parametrize("name", ["imported", "crawled"])
def test_half_a_character_is_shown_as_the_sign_for_it(desk: Browser, name: str) -> None:
    desk.open(f"/search?q=hostilebody+{name}")
    (link,) = hrefs(desk, ".hits li > a")
    number = link.rsplit("/", 1)[1]
    for path in (f"/article/{number}", f"/shopwire/articles/{number}", "/shopwire/latest"):
        desk.open(path)
        assert f"half \ufffd sign, {name}" in desk.text()
    desk.open(f"/article/{number}")
    assert f"hostilebody {name} \ufffd" in desk.text()


@pytest.mark.parametrize("size", [WIDE, PHONE])
@pytest.mark.parametrize(
    "path",
    [
        "/",
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
def test_no_page_runs_or_bursts(desk: Browser, path: str, size: tuple[int, int]) -> None:
    desk.resize(*size)
    desk.open(path)
    assert desk.chrome.execute_script("return document.title") != "owned"
    assert not any(link.startswith("javascript:") for link in hrefs(desk, "a"))
    if not path.startswith("/shopwire"):
        wide = desk.chrome.execute_script("return document.documentElement.scrollWidth")
        assert wide <= size[0]
