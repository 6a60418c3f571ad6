"""Redirects of pages that a site has removed: they lead to a list, or to a page that says so."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from shopwire.storage.addresses.parts import is_list_above, is_section

# The paths of pages that say that a page is gone.
ERROR_PAGE = re.compile(r"/(?:error|40[34]|410|(?:page-?)?not-?found)(?:\.\w+)?/?$", re.IGNORECASE)


def is_redirect_of_removed(url: str, page: str, lists: Iterable[str]) -> bool:
    """Return whether a redirect of `page` to `url` says that the page was removed: it leads to a list, which
    is one of `lists`, above the page or a section of the site, or to an error message. All URLs are
    canonical."""
    is_list = url in lists or is_list_above(url, page) or is_section(url, page)
    return (url != page and is_list) or bool(ERROR_PAGE.search(urlsplit(url).path))
