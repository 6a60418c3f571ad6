"""The table of a source: the attributes that differ from the defaults of its kind."""

import re
from typing import Any

from shopwire.spiders.base import Source
from shopwire.spiders.user_sources.build_source import KEYS_OF_KINDS
from shopwire.spiders.user_sources.check_values import EXTRA_KEYS, list_keys

# Names of headers that may prove who sends them, such as `X-Api-Key`.
SECRET_HEADER = re.compile("auth|cookie|key|password|secret|session|token", re.IGNORECASE)


def describe_values(source: type[Source]) -> dict[str, Any]:
    """Return the table from which a source can be built again.

    Cookies, proxies and headers that may hold a password are left out: they are secrets of this machine.
    """
    kind = find_kind(source)
    values: dict[str, Any] = {}
    for key in list_keys(kind):
        if key not in EXTRA_KEYS or hasattr(kind, key):
            value = getattr(source, key)
            if value != getattr(kind, key):
                values[key] = list(value) if isinstance(value, tuple) else value
    settings = source.custom_settings or {}
    if "DOWNLOAD_DELAY" in settings:
        values["delay"] = settings["DOWNLOAD_DELAY"]
    headers = values.pop("headers", {})
    if shown := {name: value for name, value in headers.items() if not SECRET_HEADER.search(name)}:
        values["headers"] = shown
    if not source.on_by_default:
        values["enabled"] = False
    return values


def find_kind(source: type[Source]) -> type[Source]:
    """Return the base class that reads a source."""
    return next(one for one in source.__mro__ if one in KEYS_OF_KINDS.values())


def describe_changes(source: type[Source], shipped: type[Source]) -> dict[str, Any]:
    """Return the table that makes a source of a shipped one; empty if they are the same."""
    values, before, kind = describe_values(source), describe_values(shipped), find_kind(source)
    if kind is not find_kind(shipped):
        return values
    back: dict[str, Any] = {key: True if key == "enabled" else getattr(kind, key, {}) for key in before}
    changed = {**back, **values}
    return {key: value for key, value in changed.items() if value != before.get(key)}
