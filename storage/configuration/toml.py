"""Parses TOML that a person has written."""

import tomllib
from collections.abc import Iterator
from typing import Any

INTEGERS = range(-(2**63), 2**63)
"""The integers that TOML has (https://toml.io/en/v1.0.0#integer)."""


def parse_toml(text: str) -> dict[str, Any]:
    """Return the table that a text contains. Raises `ValueError` for whatever is wrong with it."""
    try:
        found = tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    # Python reads larger ones, but neither shows nor converts them.
    if any(number not in INTEGERS for number in _list_integers(found)):
        raise ValueError("an integer has more than 64 bits")
    return found


def _list_integers(value: Any) -> Iterator[int]:
    if isinstance(value, int):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _list_integers(one)
