"""Posts changes of health to a webhook, as JSON."""

import json
import logging
import sqlite3
import threading
import urllib.request
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from shopwire.storage.crawl_log.events import list_pending_events, mark_delivered, subscribe
from shopwire.storage.database import Store
from shopwire.storage.schema.daemon_tables import listener_name

logger = logging.getLogger(__name__)
EVERY_SECONDS = 15.0
TIMEOUT_SECONDS = 10.0
KIND = "health"
# What keeps a post from being taken, as an answer that is no HTTP does; URLError is an OSError.
FAILURES = (OSError, HTTPException, ValueError, sqlite3.Error)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Takes a redirect for the failure it is: followed, a post becomes a GET that says nothing."""

    def redirect_request(self, *_: object) -> None:
        """Gives no request to go on with."""


OPENER = urllib.request.build_opener(NoRedirect)


def is_web_address(text: str) -> bool:
    """Whether something can be posted there: http or https, a host, a port that can be one, and
    nothing that `http.client` refuses or takes for a part of the host."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and " " not in text
    usual = parts.scheme in {"http", "https"} and port != 0 and "@" not in parts.netloc
    return plain and usual and bool(parts.hostname)


class Webhook:
    """Posts each change of health as JSON `{"id", "at", "source", "kind", "text"}`, in order, once it
    was taken never again; what is not taken is tried again with the next round.

    The address is a secret of whoever gave it: neither the store nor the log has it."""

    def __init__(self, path: Path, address: str) -> None:
        """`address` is an http or https one. Raises `ValueError` for any other."""
        if not is_web_address(address):
            raise ValueError("a webhook has an http or https address with a host and no user name")
        self.path, self.address = path, address
        self.name = listener_name(address)
        self.trouble = ""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhook", daemon=True)

    def start(self) -> None:
        """Begin to tell what changes from now on, or since an earlier daemon told of it last."""
        with Store(self.path) as store:
            self.listen(store)
        self._thread.start()

    def stop(self) -> None:
        """End after the post that is under way."""
        self._stopping.set()
        self._thread.join(TIMEOUT_SECONDS + 1)

    def listen(self, store: Store) -> None:
        """Have a place in the ledger; a new listener's is at its end."""
        with store.writing():
            subscribe(store, self.name)

    def _run(self) -> None:
        with Store(self.path) as store:
            while not self._stopping.wait(EVERY_SECONDS):
                try:
                    self.tell(store)
                except FAILURES as error:
                    self._in_trouble(f"{type(error).__name__}: {error}")
                else:
                    self._in_trouble("")

    def _in_trouble(self, message: str) -> None:
        """Log a trouble when it begins, changes or ends, not with each round."""
        if message and message != self.trouble:
            logger.warning("webhook: %s; trying again", message)
        elif self.trouble and not message:
            logger.warning("webhook: it takes what it is told again")
        self.trouble = message

    def tell(self, store: Store) -> int:
        """Post what is new; gives how many were taken. Raises one of `FAILURES` when one is not."""
        told = 0
        for event in list_pending_events(store, self.name, KIND):
            body = json.dumps(event, ensure_ascii=False).encode()
            request = urllib.request.Request(  # noqa: S310 - the scheme was checked
                self.address, body, {"Content-Type": "application/json; charset=utf-8"}
            )
            with OPENER.open(request, timeout=TIMEOUT_SECONDS):
                told += 1
            with store.writing():
                mark_delivered(store, self.name, event["id"])
        return told
