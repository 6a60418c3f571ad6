"""The site that a URL belongs to."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

VARIANT = re.compile(r"^(?:www|m|wap|3g|4g|h5|touch|mobi|mobile|amp|mip)\.(?=.+\.)")
"""Labels of hosts that serve the same site in another form."""


def find_site(url: str) -> str:
    """Return the host of a URL in lower case without such a label as `www.` or `m.`, "" without a host.

    Raises `ValueError` for a malformed URL.
    """
    return VARIANT.sub("", urlsplit(url).hostname or "")


def is_on_hosts(url: str, hosts: Iterable[str]) -> bool:
    """Return whether the host of a URL is one of these, or below one."""
    host = urlsplit(url).hostname or ""
    return any(host == own or host.endswith(f".{own}") for own in hosts)
