"""The checksum of an article, which shows that the disk has changed what was stored."""

import json
from collections.abc import Mapping
from typing import Any

import xxhash

# What an article says, as far as no other column of the store is computed from it.
COLUMNS = (
    "url",
    "source",
    "title",
    "author",
    "editor",
    "published",
    "updated",
    "fetched",
    "language",
    "origin",
    "tags",
    "image",
    "text",
    "markdown",
)


def compute_checksum(*values: str | None) -> int:
    """Return a 63-bit hash of the values of `COLUMNS`, in their order. Unlike `text_hash`, it changes with
    every character."""
    return xxhash.xxh3_64_intdigest(json.dumps(values).encode("ascii")) >> 1


def is_intact(row: Mapping[str, Any]) -> bool:
    """Return whether a row of `articles` has the values that were stored; True if it has no checksum."""
    expected = row["checksum"]
    return expected is None or expected == compute_checksum(*(row[name] for name in COLUMNS))
