"""A headless Chromium that is let to loopback only and tells what it asked for."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
MISSING = "no chromium and chromedriver here: `apt-get install chromium chromium-driver`"
WIDE, PHONE = (1280, 900), (390, 844)


@dataclass
class Browser:
    """The browser, and the address of the desk it looks at."""

    chrome: Chrome
    home: str

    def open(self, path: str) -> None:
        """Go to a path of the desk."""
        self.chrome.get(self.home + path.removeprefix("/"))

    def resize(self, width: int, height: int) -> None:
        """Make the page so wide and high, whatever the smallest window of the browser is."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def texts(self, selector: str) -> list[str]:
        """What is read at every place a CSS selector finds."""
        return [found.text for found in self.chrome.find_elements(By.CSS_SELECTOR, selector)]

    def text(self) -> str:
        """The whole page as it is read."""
        return self.chrome.find_element(By.TAG_NAME, "body").text

    def complaints(self) -> list[str]:
        """What the console said since it was last asked."""
        return [entry["message"] for entry in self.chrome.get_log("browser")]

    def asked_for(self) -> list[str]:
        """The URLs of every request since it was last asked."""
        events = (
            json.loads(entry["message"])["message"] for entry in self.chrome.get_log("performance")
        )
        return [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        ]


@contextmanager
def chromium(home: str) -> Iterator[Browser]:
    """A fresh browser, ended with the block."""
    assert CHROMIUM
    assert DRIVER
    options = ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = Chrome(options=options, service=Service(DRIVER))
    try:
        yield Browser(chrome, home)
    finally:
        chrome.quit()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """`shopwire serve` over the store in a folder; gives its address."""
    with subprocess.Popen(
        [Path(sys.executable).with_name("shopwire"), "serve", "--port", "0"],
        env={**os.environ, "SHOPWIRE_HOME": str(folder)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        try:
            yield process.stderr.readline().split(" is at ")[1].split()[0]
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)
