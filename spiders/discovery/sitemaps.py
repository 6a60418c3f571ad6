"""Choose among the sitemaps of a site, and write the pattern of its articles."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from shopwire.spiders.lists.entries import ListEntry
from shopwire.spiders.lists.newest import read_numbers

MOST_CHILDREN = 3
# Words of a path, the most promising first. Only of the path: a host `newsmap.` says nothing of its sitemaps.
PROMISING = ("news", "post", "article", "blog", "content")
LEAST_PAGES = 5
LEAST_SHARE = 0.1
MOST_FORMS = 5


def choose_children(entries: Iterable[ListEntry]) -> list[str]:
    """Return the children of an index to read, the most promising first, then the newest: by their date,
    else by the numbers in their path."""
    children = [one for one in entries if one.is_list]
    children.sort(key=lambda one: (one.updated, read_numbers(one.urls[0])), reverse=True)
    return sort_sitemaps(one.urls[0] for one in children)[:MOST_CHILDREN]


def sort_sitemaps(urls: Iterable[str]) -> list[str]:
    """Return URLs by the words of their path."""
    return sorted(dict.fromkeys(urls), key=_rank_path)


def _rank_path(url: str) -> int:
    path = urlsplit(url).path.lower()
    return next((rank for rank, word in enumerate(PROMISING) if word in path), len(PROMISING))


def build_pattern(urls: Sequence[str]) -> str:
    """Return a regular expression of the URLs of articles: their most frequent forms, with digits as `\\d+`
    and a title as `[^/]+`; empty if none is frequent."""
    forms = Counter(filter(None, map(_build_form, urls)))
    total = sum(forms.values())
    common = [
        form
        for form, count in forms.most_common(MOST_FORMS)
        if count >= LEAST_PAGES and count >= LEAST_SHARE * total
    ]
    return "|".join(common)


def _build_form(url: str) -> str:
    """Return the form of an article's URL; empty if it is more likely a page of the menu."""
    segments = [one for one in urlsplit(url).path.split("/") if one]
    if not segments:
        return ""
    *folders, last = segments
    stem, dot, extension = last.partition(".")
    is_title = stem.count("-") + stem.count("_") > 1 or len(stem) > 25
    if not is_title and not re.search(r"\d", last) and not any(one.isdigit() for one in folders):
        return ""
    parts = [r"\d+" if one.isdigit() else re.escape(one) for one in folders]
    end = r"\d+" if stem.isdigit() else "[^/]+" if is_title else re.sub(r"\d+", r"\\d+", re.escape(stem))
    tail = re.escape(dot + extension) if dot else "/?"
    return "/" + "/".join([*parts, end]) + tail + "$"
