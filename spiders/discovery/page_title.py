"""The name of a site, for people."""

import re

from lxml.html import HtmlElement

SEPARATOR = re.compile(r"\s+[|\-–—·»:]\s+|[_|｜－—]")
LONGEST_TITLE = 60


def find_site_title(root: HtmlElement | None, host: str) -> str:
    """Return the name that a page gives its site, else the last short part of its title, else the host."""
    host = host.removeprefix("www.")
    if root is None:
        return host
    declared = root.xpath("string(//meta[@property='og:site_name']/@content)")
    title = str(declared).strip() or " ".join((root.findtext(".//title") or "").split())
    parts = [part.strip() for part in SEPARATOR.split(title) if part.strip()]
    if len(title) > LONGEST_TITLE and parts:
        title = min(parts, key=len)
    return title[:LONGEST_TITLE] or host
