"""Services that take messages, such as chats and mail servers, each named by an Apprise URL."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from shopwire.storage.errors import StoreError
from shopwire.storage.schema.migrations import hash_listener

OVERFLOW = "overflow="
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
        # What is too long for a service comes in parts, not cut off.
        with _silencing(logging.getLogger("apprise")):
            one = apprise.Apprise.instantiate(url if OVERFLOW in url else _add_overflow(url), asset=asset)
        if one is None:
            raise StoreError(
                f"apprise: URL {number} is not one that Apprise knows; see https://appriseit.com"
            )
        target = apprise.Apprise(asset=asset)
        target.add(one)
        services.append(Service(hash_listener(url), f"{one.service_name} (URL {number})", target))
    return services


def _add_overflow(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{OVERFLOW}split"


@contextmanager
def _silencing(log: logging.Logger) -> Iterator[None]:
    """Keep a logger silent that would write a URL which it does not know."""
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = False
