"""Finds the address of a page inside the link of a service that counts clicks or alerts."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

INNER = re.compile(r"https?://", re.IGNORECASE)
# Alerts wrap short links that wrap an address.
MOST_LAYERS = 3
LONGEST_URL = 2_083


def list_wrapped_urls(url: str, layers: int = MOST_LAYERS) -> Iterator[str]:
    """Yield the addresses in the path or query of a URL, percent-encoded or not, the outermost first."""
    path, _, query = url[:LONGEST_URL].partition("://")[2].partition("?")
    # An address that is not encoded may have parameters of its own, or end where the next one begins.
    parts = (*query.split("&"), f"{path}?{query}" if INNER.search(path) else path, query)
    texts = map(unquote, filter(None, parts))
    found = dict.fromkeys(text[match.start() :] for text in texts if (match := INNER.search(text)))
    yield from found
    if layers > 1:
        for inner in found:
            yield from list_wrapped_urls(inner, layers - 1)
