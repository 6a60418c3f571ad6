"""Take the screenshots of Datasette for the documentation, and write its briefing: `python -m docs.pictures`.

Needs chromium and chromedriver. The store is the one that a first `make demo` fills.
"""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.browser import CHROMIUM, DRIVER, MISSING, Browser, chromium, served

from shopwire.storage.briefing.build import build_briefing, find_period
from shopwire.storage.briefing.render import render_markdown
from shopwire.storage.database import Store

HERE = Path(__file__).parent
SIZE = 1180, 760
PORT = "8421"
STORY = "天猫官方账号首次"


def take_screenshots(browser: Browser) -> None:
    """Write the screenshots to the folder of this file."""
    browser.resize(*SIZE)
    browser.open("/")
    browser.chrome.save_screenshot(str(HERE / "datasette.png"))
    browser.open(f"/search?q={STORY}")
    browser.chrome.find_element("css selector", ".hits a").click()
    browser.chrome.save_screenshot(str(HERE / "article.png"))


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
        with served(Path(folder)) as url, chromium(url) as browser:
            take_screenshots(browser)


if __name__ == "__main__":
    main()
