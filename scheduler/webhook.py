"""Posts changes of health to a webhook, as JSON."""

import json
import logging
import sqlite3
import threading
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from shopwire.storage.crawl_log.events import list_pending_events, mark_delivered, subscribe
from shopwire.storage.database import Store
from shopwire.storage.schema.migrations import hash_listener

logger = logging.getLogger(__name__)
WEBHOOK_SECONDS = 15.0
TIMEOUT_SECONDS = 10.0
KIND = "health"
# What prevents a delivery; HTTPException is an answer that is no HTTP, URLError is an OSError.
FAILURES = (OSError, HTTPException, ValueError, sqlite3.Error)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Makes a redirect a failure: followed, a POST would become a GET without the event."""

    def redirect_request(self, *_: object) -> None:
        """Return no request to follow."""


OPENER = urllib.request.build_opener(NoRedirect)


def is_web_url(text: str) -> bool:
    """Return whether events can be posted there: http or https, a host, a valid port, no user name, and
    nothing that `http.client` refuses or mistakes for a part of the host."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    is_plain = text.isascii() and text.isprintable() and " " not in text
    is_web = parts.scheme in {"http", "https"} and port != 0 and "@" not in parts.netloc
    return is_plain and is_web and bool(parts.hostname)


class Webhook:
    """Posts each change of health as JSON `{"id", "at", "source", "kind", "text", "was", "is",
    "evidence"}`, in order, until it is
    accepted once.

    The URL may hold a secret: neither the store nor the log contains it."""

    def __init__(self, url: str, stopping: threading.Event) -> None:
        """`stopping` ends deliveries after the current post. Raises `ValueError` for a URL that is not
        an http or https one."""
        if not is_web_url(url):
            raise ValueError("a webhook needs an http or https URL with a host and no user name")
        self.url, self.stopping = url, stopping
        self.name = hash_listener(url)
        self.trouble = ""
        # Posted, though perhaps not stored as delivered because the store was locked.
        self._last_posted = 0

    def subscribe(self, store: Store) -> None:
        """Register for future events, or continue after the last one that was delivered."""
        with store.writing():
            subscribe(store, self.name)

    def run(self, store: Store) -> None:
        """Deliver what is pending; log a failure when it begins, changes or ends. This is a job."""
        try:
            self.deliver(store)
        except FAILURES as error:
            self._log_trouble(f"{type(error).__name__}: {error}")
        else:
            self._log_trouble("")

    def deliver(self, store: Store) -> int:
        """Post pending events and return how many were accepted. Raises one of `FAILURES` when one is
        not; the rest is left to the next call."""
        count = 0
        for event in list_pending_events(store, self.name, KIND):
            if self.stopping.is_set():
                break
            if event["id"] > self._last_posted:
                self._post(event)
                self._last_posted = event["id"]
                count += 1
            with store.writing():
                mark_delivered(store, self.name, event["id"])
        return count

    def _post(self, event: dict[str, Any]) -> None:
        was, _, rest = event["text"].partition(" → ")
        status, _, evidence = rest.partition(": ")
        more = {"was": was, "is": status, "evidence": evidence}
        body = json.dumps({**event, **more}, ensure_ascii=False).encode()
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked
            self.url, body, {"Content-Type": "application/json; charset=utf-8"}
        )
        with OPENER.open(request, timeout=TIMEOUT_SECONDS):
            pass

    def _log_trouble(self, message: str) -> None:
        if message and message != self.trouble:
            logger.warning("webhook: %s; trying again", message)
        elif self.trouble and not message:
            logger.warning("webhook: events are delivered again")
        self.trouble = message
