"""Services that take messages, such as chats and mail servers, each named by an Apprise URL."""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from shopwire.storage.errors import StoreError
from shopwire.storage.schema.migrations import hash_listener

DEFAULTS = {
    # What is too long for a service comes in parts, not cut off.
    "overflow": "split",
    # Seconds to wait for an answer: a message whose answer comes later is sent again.
    "rto": "30",
}
"""Options of an Apprise URL that does not set them."""
BODY_SHARE = 0.75
"""The share of a service's longest message that the title, and marks such as of HTML, leave for the body."""
MISSING = "messages need the package Apprise, which is not installed: pip install '.[notify]'"


class DeliveryError(Exception):
    """Raised when a service has not accepted a message."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service, an `Apprise` object of one URL. As this may hold a secret, the store has its hash, `name`,
    and the log its `title`."""

    name: str
    title: str
    target: Any
    longest_body: int
    """How many characters it takes as one message; a longer body comes in parts."""

    def send(self, title: str, body: str) -> None:
        """Send a message of plain text. Raises `DeliveryError`."""
        if not self.target.notify(title=title, body=body, body_format="text"):
            raise DeliveryError(f"{self.title} has not accepted a message")


def open_services(urls: Iterable[str]) -> list[Service]:
    """Return the services of Apprise URLs. Raises `StoreError` for one that is unknown or wrong, and without
    Apprise."""
    wanted = list(dict.fromkeys(urls))
    if not wanted:
        return []
    try:
        apprise = import_module("apprise")
    except ImportError as error:
        raise StoreError(MISSING) from error
    # A redirect that is followed turns a POST into a GET without the message.
    asset = apprise.AppriseAsset(app_id="shopwire", app_desc="E-commerce news", http_redirects=False)
    services = []
    for number, url in enumerate(wanted, start=1):
        with _silencing(logging.getLogger("apprise")):
            one = apprise.Apprise.instantiate(_add_defaults(url), asset=asset)
        if one is None:
            raise StoreError(
                f"apprise: URL {number} is not one that Apprise knows; see https://appriseit.com"
            )
        target = apprise.Apprise(asset=asset)
        target.add(one)
        title = f"{one.service_name} (URL {number})"
        longest = int(one.body_maxlen * BODY_SHARE)
        services.append(Service(hash_listener(url), title, target, longest))
    return services


def _add_defaults(url: str) -> str:
    for name, value in DEFAULTS.items():
        if not re.search(rf"[?&]{name}=", url):
            url = f"{url}{'&' if '?' in url else '?'}{name}={value}"
    return url


@contextmanager
def _silencing(log: logging.Logger) -> Iterator[None]:
    """Keep a logger silent that would write a URL which it does not know."""
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = False
