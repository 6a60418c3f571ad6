"""Check the values of a table against the annotations of the attributes of a source class."""

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, get_args, get_origin, get_type_hints
from zoneinfo import available_timezones

from lxml.cssselect import CSSSelector, ExpressionError, SelectorError
from lxml.etree import XPath, XPathError

from shopwire.spiders.base import TOPICS, Source
from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.spiders.discovery.cms_presets import PRESETS
from shopwire.spiders.http.resolver import is_private_url
from shopwire.spiders.lists.json_values import list_paths
from shopwire.spiders.readers.link_text import XPATH_STARTS
from shopwire.storage.text.host_names import is_host_name

# Keys of a table that no class has as an attribute.
EXTRA_KEYS: Mapping[str, Any] = {
    "cms": str,
    "enabled": bool,
    "delay": float,
    "cookies": dict[str, str],
    "headers": dict[str, str],
    "proxy": str,
}
# Set from the name of the table, from `enabled`, and from `delay` and others.
NO_KEYS = ("name", "on_by_default", "custom_settings")
ADDRESS_KEYS = ("feeds", "sitemaps", "lists", "watch")
URL_KEYS = ("home", "proxy", *ADDRESS_KEYS)
EXPRESSION_KEYS = ("links", "next_page", "titled", "dated", "parts")
# RFC 9110, 5.6.2.
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# Headers that name the host that is asked, say how a message is sent, or ask for a part of it.
OWN_HEADERS = frozenset(
    (
        *("connection", "content-length", "expect", "host", "if-modified-since", "if-none-match"),
        *("keep-alive", "proxy-authorization", "proxy-connection", "range", "te", "trailer"),
        *("transfer-encoding", "upgrade"),
    )
)
# Seconds between two requests: the least as in every crawl by default, the most as in shopwire.toml.
LEAST_DELAY, LONGEST_DELAY = 1.0, 3600.0
TYPE_NAMES = {
    str: "a string",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    Any: "a value",
}


def list_keys(kind: type[Source]) -> dict[str, Any]:
    """Return the keys that a table for a kind of source may have, with the type of each."""
    hints = get_type_hints(kind)
    classes = [one for one in kind.__mro__ if one.__module__.startswith("shopwire.")]
    declared = {name for one in classes for name in vars(one).get("__annotations__", {})}
    # What has no default is set by a crawl.
    names = sorted(name for name in declared if hasattr(kind, name) and name not in NO_KEYS)
    return {**{name: hints[name] for name in names}, **EXTRA_KEYS}


def find_mistakes(
    values: Mapping[str, Any], kind: type[Source], allows_loopback: bool
) -> Iterator[tuple[str, str]]:
    """Yield each key with a wrong name or value, and what is wrong with it."""
    keys = list_keys(kind)
    for key, value in values.items():
        if key not in keys:
            known = {name for one in (kind, *Source.__subclasses__()) for name in list_keys(one)}
            what = f"{key!r} is not for a {kind.__name__}" if key in known else f"unknown key {key!r}"
            is_near = bool(difflib.get_close_matches(key.lower(), list(keys)))
            yield key, what + suggest_name(key, sorted(keys if is_near or key in known else known))
        elif not has_type(value, keys[key]):
            yield key, f"{key!r} must be {describe_type(keys[key])}, not {value!r:.60}"
        elif mistake := _find_mistake(key, value, kind, allows_loopback):
            yield key, f"{key!r}: {mistake}"


def suggest_name(name: str, names: list[str], example: str = "") -> str:
    """Return `; did you mean 'feeds'?`, or an example, by default all names, if none is near."""
    folded = {one.lower(): one for one in names}
    near = difflib.get_close_matches(name.lower(), list(folded), n=1, cutoff=0.6)
    shown = f"; one is {example!r}" if example else f"; known are {', '.join(names)}"
    return f"; did you mean {folded[near[0]]!r}?" if near else shown


def has_type(value: Any, wanted: Any) -> bool:
    """Return whether a value of TOML has a type such as `list[str]`."""
    origin, inner = get_origin(wanted), get_args(wanted)
    if wanted is Any:
        return True
    if origin is dict:
        return isinstance(value, dict) and all(has_type(one, inner[1]) for one in value.values())
    if origin in (list, tuple):
        return isinstance(value, list) and all(has_type(one, inner[0]) for one in value)
    if origin is not None:
        return any(has_type(value, one) for one in inner)
    if wanted is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))


def describe_type(wanted: Any) -> str:
    """Return a type in words."""
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin is dict:
        return "a table of strings" if inner[1] is str else "a table"
    if origin in (list, tuple):
        return "a list of strings" if inner[0] is str else "a list"
    if origin is not None:
        return " or ".join(map(describe_type, inner))
    return TYPE_NAMES.get(wanted, str(wanted))


def _find_mistake(key: str, value: Any, kind: type[Source], allows_loopback: bool) -> str:
    """Return what is wrong with a value of the right type; empty if nothing is."""
    if key in URL_KEYS:
        urls = [value] if isinstance(value, str) else value
        return next(filter(None, (_find_url_mistake(key, url, allows_loopback) for url in urls)), "")
    # Of a JSON list these are paths.
    if key in EXPRESSION_KEYS and not hasattr(kind, "rows"):
        return _find_expression_mistake(value)
    if key == "pages" or (key == "about" and isinstance(value, str)):
        return _find_pattern_mistake(value)
    return CHECKS[key](value) if key in CHECKS else ""


def _find_url_mistake(key: str, url: str, allows_loopback: bool) -> str:
    if not get_canonical_url(url):
        return f"{url!r:.80} is not an http or https address"
    # Nothing is requested from `home`, and the operator's proxy may be on this machine.
    if key in ADDRESS_KEYS and is_private_url(url, allows_loopback):
        return f"{url[:80]} is on this machine or in a private network"
    return ""


def _find_header_mistake(values: dict[str, str]) -> str:
    for name in values:
        if name.lower() in OWN_HEADERS:
            more = ", and a password belongs into 'proxy'" if name.lower().startswith("proxy") else ""
            return f"{name!r} is set by the crawler for each request{more}: leave it out"
    return _find_pair_mistake(values)


def _find_pair_mistake(values: dict[str, str]) -> str:
    for name, value in values.items():
        if not TOKEN.fullmatch(name):
            return f"{name!r:.80} is no name: write letters, digits, - and _ only"
        if not value.isprintable():
            return f"the value of {name!r} must be printable, in one line"
    return ""


def _find_link_mistake(link: str) -> str:
    if list_paths(link):
        return ""
    example = "https://example.com/news/{id}"
    return f"{link!r} has no name in braces, such as {example}; a CSS or XPath expression is 'links'"


def _find_zone_mistake(zone: str) -> str:
    zones = available_timezones()
    return (
        "" if zone in zones else f"unknown zone {zone!r}{suggest_name(zone, sorted(zones), 'Europe/Berlin')}"
    )


def _find_name_mistake(what: str, names: Collection[str]) -> Callable[[str], str]:
    """Return a function that returns what is wrong with a name that must be one of several."""
    return lambda name: "" if name in names else f"unknown {what} {name!r}{suggest_name(name, list(names))}"


def _find_language_mistake(code: str) -> str:
    is_code = re.fullmatch("[a-z]{2}", code)
    return "" if is_code else f"{code!r} is not a code of two letters such as 'en' (ISO 639-1)"


def _find_host_mistake(hosts: Iterable[str]) -> str:
    wrong = [host for host in hosts if not is_host_name(host) or host != host.lower()]
    how = "in lower case, without scheme and port"
    return f"{wrong[0]!r} is no host such as 'm.example.com', {how}" if wrong else ""


def _find_delay_mistake(seconds: float) -> str:
    is_right = LEAST_DELAY <= seconds <= LONGEST_DELAY
    return "" if is_right else f"from {LEAST_DELAY:.0f} to {LONGEST_DELAY:.0f} seconds between two requests"


CHECKS: Mapping[str, Callable[[Any], str]] = {
    "headers": _find_header_mistake,
    "cookies": _find_pair_mistake,
    "link": _find_link_mistake,
    "zone": _find_zone_mistake,
    "cms": _find_name_mistake("system", PRESETS),
    "topic": _find_name_mistake("topic", TOPICS),
    "language": _find_language_mistake,
    "delay": _find_delay_mistake,
    "most_pages": lambda number: "" if number > 0 else "at least 1 page",
    "hosts": _find_host_mistake,
    "aliases": lambda names: _find_host_mistake([*names, *names.values()]),
}


def _find_expression_mistake(expression: str) -> str:
    try:
        XPath(expression) if expression.startswith(XPATH_STARTS) else CSSSelector(expression)
    except (XPathError, SelectorError, ExpressionError) as error:
        return f"{expression!r} is neither CSS nor XPath: {error}"
    return ""


def _find_pattern_mistake(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        return f"{pattern!r} is not a regular expression: {error}"
    return ""
