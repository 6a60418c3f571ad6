"""What a list says of one page or of a further list."""

import re
from dataclasses import dataclass

LINE_BREAKS = re.compile(r"[\r\n\t]+")
# Characters. A shorter text of a feed is a teaser.
LEAST_CONTENT = 200
SITEMAP_FILE = re.compile(r"[^?#]+\.xml(?:\.gz)?(?:[?#].*)?", re.IGNORECASE)
ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One entry of a list, its texts as they were written.

    `urls` are the addresses that it names, the one that most likely is the page's first; `is_list` marks a
    further list. `text` is the whole article as HTML, empty if the list does not have it. `rank` orders the
    entries of one list without dates: the newest has the highest.
    """

    urls: tuple[str, ...]
    is_list: bool = False
    title: str = ""
    author: str = ""
    published: str = ""
    updated: str = ""
    categories: tuple[str, ...] = ()
    text: str = ""
    rank: int = 0


def clean_url(text: str) -> str:
    """Return an address of a list without line breaks, and with each `&` that was escaped twice."""
    return LINE_BREAKS.sub("", text).strip().replace("&amp;", "&")


def is_address(text: str) -> bool:
    """Return whether a text is an absolute HTTP address and nothing else."""
    return ADDRESS.fullmatch(text) is not None


def is_sitemap_file(url: str) -> bool:
    """Return whether an address in a sitemap names a further one, which some sites list like a page."""
    return SITEMAP_FILE.fullmatch(url) is not None
