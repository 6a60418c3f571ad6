"""Tells people of changes of health: a JSON webhook, and an Atom feed. No mail server needed."""

import json
import logging
import sqlite3
import threading
import urllib.request
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from shopwire.storage.schedule import mark_told, untold
from shopwire.storage.store import Store

logger = logging.getLogger(__name__)
EVERY_SECONDS = 15.0
TIMEOUT_SECONDS = 10.0
KIND = "health"

FEED = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>shopwire: changes of health</title>
<id>tag:shopwire,2026:{store}</id>
<updated>{updated}</updated>
<author><name>shopwire</name></author>
{entries}
</feed>
"""
ENTRY = """<entry>
<title>{source}: {text}</title>
<id>tag:shopwire,2026:{store}/event/{id}</id>
<updated>{at}</updated>
<content type="text">{text}</content>
</entry>"""


def atom(events: Sequence[dict[str, Any]], store: str, now: datetime) -> str:
    """An Atom feed (RFC 4287) of events, newest first."""
    entries = [
        ENTRY.format(
            **{name: escape(str(value)) for name, value in {**one, "store": store}.items()}
        )
        for one in events
    ]
    updated = events[0]["at"] if events else now.isoformat(timespec="seconds")
    return FEED.format(store=escape(store), updated=updated, entries="\n".join(entries))


class Webhook:
    """Posts each change of health as JSON `{"id", "at", "source", "kind", "text"}`, in order, once it
    was taken never again; what is not taken is tried again with the next round."""

    def __init__(self, path: Path, address: str) -> None:
        """`address` is an http or https one. Raises `ValueError` for any other."""
        if not address.startswith(("http://", "https://")):
            raise ValueError(f"{address}: a webhook has an http or https address")
        self.path, self.address = path, address
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhook", daemon=True)

    def start(self) -> None:
        """Begin to tell, from now on."""
        self._thread.start()

    def stop(self) -> None:
        """End after the post that is under way."""
        self._stopping.set()
        self._thread.join(TIMEOUT_SECONDS + 1)

    def _run(self) -> None:
        with Store(self.path) as store:
            while not self._stopping.wait(EVERY_SECONDS):
                try:
                    self.tell(store)
                except (OSError, sqlite3.Error) as error:  # URLError is an OSError
                    logger.warning("webhook %s: %s; trying again", self.address, error)

    def tell(self, store: Store) -> int:
        """Post what is new; gives how many were taken. Raises `OSError` when one is not."""
        told = 0
        for event in untold(store, self.address, KIND):
            body = json.dumps(event, ensure_ascii=False).encode()
            request = urllib.request.Request(  # noqa: S310 - the scheme was checked
                self.address, body, {"Content-Type": "application/json; charset=utf-8"}
            )
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310
                told += 1
            with store.writing():
                mark_told(store, self.address, event["id"])
        return told
