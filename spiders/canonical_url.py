"""Canonical URLs: one URL for each page."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

# Query parameters that track where a reader came from; they do not identify a page.
TRACKING = re.compile(
    r"(utm_\w+|spm|spss|scm|from_?spm|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_hs\w+|vero_\w+"
    r"|isappinstalled|sharefrom|share_?source|share_?token|shareuid|referfrom|scene|nsukey|wfr|bd_vid"
    r"|ref_?src|ref_?url|cmpid|ncid|oly_\w+|mkt_tok|_ga|_gl)",
    re.IGNORECASE,
)
# Names that are ambiguous: tracking parameters only with these values.
TRACKING_VALUES: Mapping[str, re.Pattern[str]] = {
    "from": re.compile(r"(timeline|singlemessage|groupmessage|rss|feed|share|weixin|wechat|app)"),
    "source": re.compile(r"(rss|feed|share|weixin|wechat)"),
    "ref": re.compile(r"(rss|feed|home|share)"),
    "sid": re.compile(r"[0-9a-f]{16,64}", re.IGNORECASE),
}
# Session ids, in the path (servlets, ASP.NET) or in the query.
SESSION_IN_PATH = re.compile(r";(jsessionid|phpsessid|sid)=[^/?#;]*|/\(S\([a-z0-9]{24}\)\)", re.IGNORECASE)
SESSION = re.compile(
    r"(phpsessid|jsessionid|aspsessionid\w*|session_?id|sess_?id|zenid|oscsid|cftoken|cfid)", re.IGNORECASE
)
# https://url.spec.whatwg.org/#forbidden-domain-code-point; browsers and libraries disagree about the
# host of a URL that contains one.
FORBIDDEN_IN_HOST = re.compile(r"[\x00-\x20\x7f%<>\\^`{|}]")
DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST_URL = 2083


def get_canonical_url(url: str, aliases: Mapping[str, str] | None = None) -> str:
    """Return the canonical form of a URL (RFC 3986, 6.2); empty if it is not a valid HTTP URL.

    Scheme and host are in lower case, an alias is replaced by its host, default port, fragment, session
    and tracking parameters are removed, the other parameters sorted.
    """
    if len(url) > LONGEST_URL:
        return ""
    try:
        # Raises for lone surrogates, ports that are not numbers and incomplete IPv6 addresses.
        return _canonicalize(url, aliases or {})
    except ValueError:
        return ""


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
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(*pair)]
    path = SESSION_IN_PATH.sub("", parts.path)
    return canonicalize_url(urlunsplit((scheme, netloc, path, urlencode(query), "")))


def _is_tracking(name: str, value: str) -> bool:
    values = TRACKING_VALUES.get(name)
    known = TRACKING.fullmatch(name) or SESSION.fullmatch(name)
    return bool(known or (values and values.fullmatch(value)))
