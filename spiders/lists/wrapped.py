"""Finds the address of a page inside the link of a service that counts clicks or alerts."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from urllib.parse import unquote

INNER = re.compile(r"https?://", re.IGNORECASE)
# What may be base64, and how an address begins in it, unless other data come first.
BASE64, BASE64_START = re.compile(r"[\w+/-]{16,}", re.ASCII), "aHR0c"
PRINTABLE = re.compile(r"https?://[!-~]+")
# Alerts wrap short links that wrap an address.
MOST_LAYERS = 3
LONGEST_URL = 2_083


def list_wrapped_urls(url: str, layers: int = MOST_LAYERS) -> Iterator[str]:
    """Yield the addresses in the path or query of a URL, percent-encoded, in base64 or plain, the outermost
    first."""
    path, _, query = url[:LONGEST_URL].partition("://")[2].partition("?")
    # An address that is not encoded may have parameters of its own, or end where the next one begins; an
    # encoded one ends with its segment of the path.
    parts = (*query.split("&"), *path.split("/"), f"{path}?{query}" if INNER.search(path) else path, query)
    texts = map(_decode, filter(None, parts))
    found = dict.fromkeys(text[match.start() :] for text in texts if (match := INNER.search(text)))
    yield from found
    if layers > 1:
        for inner in found:
            yield from list_wrapped_urls(inner, layers - 1)


def _decode(text: str) -> str:
    """Return a part of a URL decoded until an address is found in it, at most `MOST_LAYERS` times."""
    for _ in range(MOST_LAYERS):
        text = unquote(text)
        if INNER.search(text):
            return text
    for packed in BASE64.findall(text):
        if inner := PRINTABLE.search(_decode_base64(packed[max(0, packed.find(BASE64_START)) :])):
            return inner[0]
    return text


def _decode_base64(text: str) -> str:
    """Return the text in base64 of either alphabet, with padding or without."""
    # A last character of its own is no byte; padding that is not needed is ignored.
    whole = text[: len(text) - (len(text) % 4 == 1)].replace("+", "-").replace("/", "_")
    return urlsafe_b64decode(f"{whole}==").decode("latin-1")
