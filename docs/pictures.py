"""Take the screenshots of Datasette for the documentation: `python -m docs.pictures`.

Needs chromium and chromedriver. The store is the newsroom's, see `tests/support/sample_store.py`.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support import sample_store
from tests.support.browser import CHROMIUM, DRIVER, MISSING, Browser, chromium, served

from shopwire.storage.database import Store

HERE = Path(__file__).parent
SIZE = 1180, 700
STORY = "天猫官方账号首次"


def take_screenshots(browser: Browser) -> None:
    """Write the screenshots to the folder of this file."""
    browser.resize(*SIZE)
    browser.open("/")
    browser.chrome.save_screenshot(str(HERE / "datasette.png"))
    browser.open(f"/search?q={STORY}")
    browser.chrome.find_element("css selector", ".hits a").click()
    browser.chrome.save_screenshot(str(HERE / "article.png"))


def main() -> None:
    """Fill a store, serve it, and take the screenshots."""
    if not (CHROMIUM and DRIVER):
        sys.exit(MISSING)
    with TemporaryDirectory() as folder:
        with Store(Path(folder) / "shopwire.db") as store:
            sample_store.fill(store)
        with served(Path(folder)) as url, chromium(url) as browser:
            take_screenshots(browser)


if __name__ == "__main__":
    main()
