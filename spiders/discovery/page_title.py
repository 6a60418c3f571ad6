"""The name of a site, for people."""

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

SEPARATOR = re.compile(r"\s+[|\-–—·»:]\s+|[_|｜－—]")
LONGEST_TITLE = 60


def find_site_title(root: HtmlElement | None, url: str) -> str:
    """Return the name that a page gives its site, else part of its title, else the host.

    A front page has the name first, then a slogan; a section has its own name first.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if root is None:
        return host
    if declared := str(root.xpath("string(//meta[@property='og:site_name']/@content)")).strip():
        return declared[:LONGEST_TITLE]
    title = " ".join((root.findtext(".//title") or "").split())
    names = [name.strip() for name in SEPARATOR.split(title) if name.strip()] or [host]
    return names[-1 if parts.path.strip("/") else 0][:LONGEST_TITLE]
