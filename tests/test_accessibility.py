"""No page has a serious violation that axe-core finds, wide and on a phone, in light and in dark.

The rules are those of the package axe-core-python; SHOPWIRE_AXE names the axe.min.js of a newer version.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from shopwire.storage.crawl_log.events import record_health
from shopwire.storage.database import Store
from tests.support import sample_store
from tests.support.browser import CHROMIUM, DRIVER, MISSING, PHONE, Browser, chromium, served

pytestmark = [
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason=MISSING),
    pytest.mark.xdist_group("browser"),
]
WIDE = 1400, 900
GRAVE = ("serious", "critical")
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"]}).then(
    found => done(JSON.stringify(found.violations.filter(one => arguments[0].includes(one.impact)).map(
        one => [one.id, one.nodes.slice(0, 5).map(node => node.html.slice(0, 200) + " " + node.any.map(
            why => why.message).join("; "))]))),
    error => done(JSON.stringify([["error", [String(error)]]])));
"""
WATCH = '[watches.taobao]\nwords = "淘宝"\n'
PAGES = [
    "/",
    "/-/dashboards",
    "/-/dashboards/charts",
    "/-/dashboards/charts/named",
    "/article/1",
    "/brief",
    "/brief/2026-11-21",
    "/compare",
    "/compare?names=Taobao,JD.com",
    "/entity/Taobao",
    "/nonsense",
    "/search",
    "/search?q=淘宝",
    "/search?q=nothingatall",
    "/search?q=直播&sort=date&language=zh&after=3",
    "/shopwire",
    "/shopwire/articles",
    "/shopwire/articles/1",
    "/shopwire/biggest_figures",
    "/shopwire/copies",
    "/shopwire/figures?kind=percent",
    "/shopwire/headlines?articles__gt=1",
    "/shopwire/latest?_search=淘宝",
    "/shopwire/latest?language=zh&id__gt=2",
    "/shopwire/mentions",
    "/shopwire/named_per_week?one=Taobao&other=Temu",
    "/shopwire/one_against_another",
    "/shopwire/search?q=Taobao",
    "/shopwire/sources_health",
    "/shopwire?sql=select+1",
    "/shopwire?sql=select+wrong",
    "/story/1",
    "/watch/taobao",
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Yield a browser and Datasette over a store with sample articles, a sick source and a watch."""
    folder: Path = tmp_path_factory.mktemp("store")
    with Store(folder / "shopwire.db") as store:
        sample_store.fill(store)
        (source,) = store.rows("SELECT name FROM sources LIMIT 1")
        with store.writing():
            record_health(store, source["name"], datetime.now(UTC), "blocked", "the server said 403")
    (folder / "shopwire.toml").write_text(WATCH, encoding="utf-8")
    with served(folder) as home, chromium(home) as opened:
        yield opened


def read_axe() -> str:
    """Return the script of axe-core."""
    path = os.environ.get("SHOPWIRE_AXE", "")
    return (
        Path(path).read_text(encoding="utf-8")
        if path
        else files("axe_core_python").joinpath("axe.min.js").read_text()
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_no_serious_violation(browser: Browser, size: tuple[int, int], scheme: str) -> None:
    browser.resize(*size)
    browser.set_scheme(scheme)
    browser.read_console(), browser.list_requests()
    script, wrong = read_axe(), {}
    for path in PAGES:
        browser.open(path)
        browser.chrome.execute_script(script)
        if found := json.loads(browser.chrome.execute_async_script(RUN, GRAVE)):
            wrong[path] = found
        wide = browser.chrome.execute_script("return document.documentElement.scrollWidth")
        if wide > size[0]:
            wrong[f"{path} is too wide"] = wide
    assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)
    # An unknown page and a wrong query are errors that the browser reports by themselves.
    assert [one for one in browser.read_console() if "/nonsense" not in one and "sql=" not in one] == []
    strange = [url for url in browser.list_requests() if not url.startswith((browser.home, "data:"))]
    assert strange == []
