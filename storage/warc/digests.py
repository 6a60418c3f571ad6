"""Digests of WARC records (ISO 28500, 5.8 and 5.9): many programs compute them in a way of their own."""

import base64
import binascii
import hashlib
from collections.abc import Iterable

# Names of algorithms that hashlib has in another form.
SPELLING = str.maketrans("", "", "-_")


def compute_digest(content: bytes) -> str:
    """Return the digest of a content as most programs write it: SHA-1 in base 32."""
    digest = hashlib.sha1(content, usedforsecurity=False).digest()
    return f"sha1:{base64.b32encode(digest).decode('ascii')}"


def agrees(digest: str, contents: Iterable[bytes]) -> bool | None:
    """Return whether a digest such as `sha1:B2LT…` is that of one of the contents, None if it is of no known
    form. Its value may be in base 16, 32 or 64."""
    name, _, written = digest.strip().partition(":")
    name = name.strip().lower().translate(SPELLING)
    if name not in hashlib.algorithms_guaranteed or name.startswith("shake"):
        return None
    size = hashlib.new(name, usedforsecurity=False).digest_size
    values = list(_list_values(written.strip(), size))
    if not values:
        return None
    return any(hashlib.new(name, one, usedforsecurity=False).digest() in values for one in contents)


def _list_values(written: str, size: int) -> Iterable[bytes]:
    """Yield the values of so many bytes that a text may mean."""
    padded = written + "=" * (-len(written) % 8)
    for decode, text in (
        (bytes.fromhex, written),
        (base64.b32decode, padded.upper()),
        (base64.urlsafe_b64decode, padded.replace("+", "-").replace("/", "_")),
    ):
        try:
            value = decode(text)
        except (ValueError, binascii.Error):
            continue
        if len(value) == size:
            yield value
