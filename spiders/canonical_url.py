"""Canonical URLs: one URL for each page."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote_plus, unquote_to_bytes, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

from shopwire.storage.addresses.parts import is_list_above, is_same_site

# Session ids of servlets and ASP.NET.
SESSION_IN_PATH = re.compile(r";(jsessionid|phpsessid|sid)=[^/?#;]*|/\(S\([a-z0-9]{24}\)\)", re.IGNORECASE)
ESCAPED_BYTE = re.compile("%[0-9a-f]{2}", re.IGNORECASE)
# https://url.spec.whatwg.org/#forbidden-domain-code-point; browsers and libraries disagree about the
# host of a URL that contains one.
FORBIDDEN_IN_HOST = re.compile(r"[\x00-\x20\x7f%<>\\^`{|}]")
DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST_URL = 2083


def _compile_tracking(table: str) -> re.Pattern[str]:
    """Return a pattern of `name=value` for the rows of `tracking_parameters.tsv`."""
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    pairs = (f"{'.*'.join(map(re.escape, name.split('*')))}=(?:{values or '.*'})" for name, values, _ in rows)
    return re.compile("|".join(pairs), re.IGNORECASE | re.DOTALL)


TRACKING = _compile_tracking(Path(__file__).with_name("tracking_parameters.tsv").read_text(encoding="utf-8"))
"""Matches a parameter that does not identify a page."""


def get_canonical_url(url: str, aliases: Mapping[str, str] | None = None) -> str:
    """Return the canonical form of a URL (RFC 3986, 6.2); empty if it is not a valid HTTP URL.

    Scheme and host are in lower case, an alias is replaced by its host, default port, fragment, session
    and tracking parameters are removed, the other parameters sorted by name. The rest of a query that is not
    `name=value` in UTF-8 stays byte for byte, as the site has a form or charset of its own.
    """
    if len(url) > LONGEST_URL:
        return ""
    try:
        # Raises for lone surrogates, ports that are not numbers and incomplete IPv6 addresses.
        return _canonicalize(url, aliases or {})
    except ValueError:
        return ""


def get_declared_url(url: str, declared: str) -> str:
    """Return the canonical URL that the page at the canonical URL `url` declares as `rel=canonical`
    (RFC 6596), `url` if it declares nothing that can be its own.

    On another site it names the original of a copy; the front page or a list above the page is a mistake.
    """
    try:
        other = get_canonical_url(urljoin(url, declared)) if declared else ""
        is_own = bool(other) and is_same_site(other, url) and not is_list_above(other, url)
    except ValueError:
        return url
    return other if is_own else url


def _canonicalize(url: str, aliases: Mapping[str, str]) -> str:
    parts = urlsplit(url.strip())
    host, port = parts.hostname or "", parts.port
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS or not host or FORBIDDEN_IN_HOST.search(parts.netloc):
        return ""
    host = aliases.get(host, host)
    netloc = f"[{host}]" if ":" in host else host
    if port not in (None, DEFAULT_PORTS[scheme]):
        netloc = f"{netloc}:{port}"
    path = SESSION_IN_PATH.sub("", parts.path)
    page = canonicalize_url(urlunsplit((scheme, netloc, path, "", "")))
    query = _canonicalize_query(urlsplit(safe_url_string(url.strip())).query)
    return f"{page}?{query}" if query else page


def _canonicalize_query(query: str) -> str:
    pairs = [pair for pair in query.split("&") if not _is_tracking(pair)]
    if not all(map(_is_utf8_pair, filter(None, pairs))):
        return "&".join(pairs)
    pairs = sorted(filter(None, pairs), key=lambda pair: pair.partition("=")[0])
    return ESCAPED_BYTE.sub(lambda byte: byte[0].upper(), "&".join(pairs))


def _is_utf8_pair(pair: str) -> bool:
    """Return whether a part of a query is `name=value` in UTF-8."""
    try:
        unquote_to_bytes(pair).decode()
    except UnicodeDecodeError:
        return False
    return "=" in pair


def _is_tracking(pair: str) -> bool:
    name, _, value = pair.partition("=")
    return bool(TRACKING.fullmatch(f"{unquote_plus(name)}={unquote_plus(value)}"))
