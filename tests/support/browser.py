"""Drive a headless Chromium that can reach loopback only and records its requests."""

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
    """The browser, and the base URL of the site it opens."""

    chrome: Chrome
    home: str

    def open(self, path: str) -> None:
        """Open a path of the site."""
        self.chrome.get(self.home + path.removeprefix("/"))

    def resize(self, width: int, height: int) -> None:
        """Set the size of the page, which may be smaller than the smallest window."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def set_scheme(self, scheme: str) -> None:
        """Prefer `light` or `dark` pages."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def texts(self, selector: str) -> list[str]:
        """Return the visible text of every element that a CSS selector finds."""
        return [found.text for found in self.chrome.find_elements(By.CSS_SELECTOR, selector)]

    def text(self) -> str:
        """Return the visible text of the page."""
        return self.chrome.find_element(By.TAG_NAME, "body").text

    def read_console(self) -> list[str]:
        """Return the console messages since the last call."""
        return [entry["message"] for entry in self.chrome.get_log("browser")]

    def list_requests(self) -> list[str]:
        """Return the URLs of all requests since the last call."""
        events = (json.loads(entry["message"])["message"] for entry in self.chrome.get_log("performance"))
        return [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        ]


@contextmanager
def chromium(home: str) -> Iterator[Browser]:
    """Start a browser, and close it at the end of the block."""
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
def served(folder: Path, *arguments: str) -> Iterator[str]:
    """Run `shopwire serve` with arguments on the store in a folder; yields its URL."""
    with subprocess.Popen(
        [Path(sys.executable).with_name("shopwire"), "serve", "--port", "0", *arguments],
        env={**os.environ, "SHOPWIRE_HOME": str(folder)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        try:
            yield process.stderr.readline().split(" is at ")[1].split()[0]
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=120)
