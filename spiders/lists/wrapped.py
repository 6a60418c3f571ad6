"""Finds the address of a page inside the link of a service that counts clicks or alerts."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

INNER = re.compile(r"https?://", re.IGNORECASE)
# Alerts wrap short links that wrap an address.
MOST_LAYERS = 3
LONGEST_URL = 2_083


def list_wrapped_urls(url: str) -> Iterator[str]:
    """Yield the addresses in the path or query of a URL, percent-encoded or not, the outermost first."""
    text = url[: 2 * LONGEST_URL].partition("://")[2]
    for _ in range(MOST_LAYERS):
        for match in INNER.finditer(text):
            inner = text[match.start() :]
            # A value that is not encoded ends where the next parameter begins.
            yield inner.partition("&")[0]
            yield inner
        plain = unquote(text)
        if plain == text:
            return
        text = plain
