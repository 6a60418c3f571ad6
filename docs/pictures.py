"""Take the screenshots of Datasette for the documentation, and write its briefing: `python -m docs.pictures`.

Needs chromium and chromedriver. The argument `png` makes PNG files instead of WebP. The store is the one that
a first `make demo` fills.
"""

import base64
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait
from tests.support.browser import CHROMIUM, DRIVER, MISSING, Browser, chromium, served

from shopwire.storage.briefing.build import build_briefing, find_period
from shopwire.storage.briefing.render import render_markdown
from shopwire.storage.database import Store

HERE = Path(__file__).parent
FOLDER = HERE / "pictures"
WIDE, PHONE = (1180, 760), (390, 760)
PORT = "8421"
QUALITY = 85
WATCHES = """
[watches.taobao]
words = "淘宝"

[watches.parcels]
words = "快递 OR parcel"
language = "zh"

[watches."several sources"]
least_sources = 3
"""
LARGEST = """
SELECT stories.id, articles.id FROM stories JOIN articles ON story_id = stories.id
ORDER BY stories.sources DESC, stories.articles DESC, time LIMIT 1
"""
NEWEST_STORY = (
    "SELECT substr(last_seen, 1, 10) FROM stories WHERE articles > 1 ORDER BY last_seen DESC LIMIT 1"
)


@dataclass(frozen=True)
class Picture:
    """A screenshot: its file without the suffix, the path of the page, the size of the page, the colours.

    `{story}` in the path is the largest story, `{article}` its first one, `{day}` the newest day of a story.
    """

    name: str
    path: str
    size: tuple[int, int] = WIDE
    scheme: str = "light"


PICTURES = [
    Picture("front", "/"),
    Picture("front_dark", "/", scheme="dark"),
    Picture("front_phone", "/", PHONE),
    Picture("briefing", "/brief/{day}"),
    Picture("search", "/search?q=淘宝"),
    Picture("article", "/article/{article}"),
    Picture("story", "/story/{story}"),
    Picture("entity", "/entity/Taobao"),
    Picture("compare", "/compare?names=Temu,SHEIN,TikTok+Shop"),
    Picture("watch", "/watch/taobao"),
    Picture("latest", "/shopwire/latest?language=zh"),
    Picture("latest_phone", "/shopwire/latest", PHONE),
    Picture("figures", "/shopwire/biggest_figures"),
    Picture("charts", "/-/dashboards/charts"),
]


def take_screenshots(browser: Browser, shown: dict[str, str], suffix: str = "webp") -> None:
    """Write all pictures to `FOLDER`; `shown` has what paths leave open."""
    FOLDER.mkdir(exist_ok=True)
    for one in PICTURES:
        browser.resize(*one.size)
        browser.set_scheme(one.scheme)
        browser.open(one.path.format(**shown))
        if one.name == "charts":
            WebDriverWait(browser.chrome, 60).until(are_charts_drawn)
        options = {"format": suffix, **({"quality": QUALITY} if suffix == "webp" else {})}
        taken = browser.chrome.execute_cdp_cmd("Page.captureScreenshot", options)
        (FOLDER / f"{one.name}.{suffix}").write_bytes(base64.b64decode(taken["data"]))


def are_charts_drawn(chrome: WebDriver) -> bool:
    """Return whether Vega has drawn the charts of a page, which it does after the page has been loaded."""
    return len(chrome.find_elements(By.CSS_SELECTOR, ".vega-embed svg")) > 3


def find_shown(folder: Path) -> dict[str, str]:
    """Return what the paths of pictures leave open, from the store in a folder."""
    with Store(folder / "shopwire.db") as store:
        story, article = store.rows(LARGEST)[0]
        (day,) = store.rows(NEWEST_STORY)[0]
    return {"story": str(story), "article": str(article), "day": str(day)}


def crawl_newsroom(folder: Path) -> None:
    """Fill the store in a folder by `make demo`. Raise `CalledProcessError` if it fails."""
    environment = {**os.environ, "SHOPWIRE_HOME": str(folder), "SHOPWIRE_NEWSROOM_PORT": PORT}
    command = [sys.executable, "-m", "tests.newsroom.demo"]
    subprocess.run(command, cwd=HERE.parent, env=environment, stdout=subprocess.DEVNULL, check=True)


def write_briefing(folder: Path) -> None:
    """Write the briefing of the last days of the store in a folder to the folder of this file."""
    with Store(folder / "shopwire.db") as store:
        _, until = find_period(store.db.conn)
        briefing = build_briefing(store.db.conn, until - timedelta(days=3), until)
    (HERE / "briefing.md").write_text(render_markdown(briefing), encoding="utf-8")


def main() -> None:
    """Fill a store, serve it, and take the screenshots."""
    if not (CHROMIUM and DRIVER):
        sys.exit(MISSING)
    with TemporaryDirectory() as folder:
        crawl_newsroom(Path(folder))
        write_briefing(Path(folder))
        Path(folder, "shopwire.toml").write_text(WATCHES, encoding="utf-8")
        with served(Path(folder)) as url, chromium(url) as browser:
            take_screenshots(browser, find_shown(Path(folder)), *sys.argv[1:])


if __name__ == "__main__":
    main()
