"""Limits for bytes that a parser is to read."""

import re
from typing import Self

from shopwire.storage.crawl_log.outcomes import Outcome

# Bytes. No article is larger than this.
LARGEST_PAGE = 8 * 1024 * 1024
# Bytes. The protocol of sitemaps allows 50 MiB; some have all pages of a site in one file.
LARGEST_LIST = 128 * 1024 * 1024
# libxml2 compares each attribute of a tag with all before it: 40,000 of them take 18 seconds that nothing
# can interrupt.
MOST_ATTRIBUTES = 2_000
# A sitemap of 50,000 URLs, the most that its protocol allows, has half as many.
MOST_TAGS = 1_000_000
LONG_TAG = re.compile(rb"<([^<]{%d,})" % (3 * MOST_ATTRIBUTES))
ATTRIBUTES = re.compile(
    rb"[a-zA-Z_:\x80-\xff][^\s<>/]*+"
    rb"(?:[\s/]++[^\s<>=\"'/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'<>]++))?+){%d}" % MOST_ATTRIBUTES
)


class UnreadableListError(Exception):
    """Raised for a list that cannot be read; has the outcome for the crawl log, and a reason."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome

    def __reduce__(self) -> tuple[type[Self], tuple[Outcome, str]]:
        """Return what a copy is made of, in another process for example."""
        return type(self), (self.outcome, str(self))


def has_too_many_attributes(body: bytes) -> bool:
    """Return whether a tag has more than `MOST_ATTRIBUTES` attributes; linear in the body's length."""
    return any(ATTRIBUTES.match(tag[1]) for tag in LONG_TAG.finditer(body))


def check_list(body: bytes) -> None:
    """Raise `UnreadableListError` if no parser may read this list; linear in its length."""
    if body.count(b"<") > MOST_TAGS:
        raise UnreadableListError(Outcome.BAD_HTML, f"more than {MOST_TAGS:,} tags")
    if has_too_many_attributes(body):
        reason = f"a tag has more than {MOST_ATTRIBUTES:,} attributes"
        raise UnreadableListError(Outcome.BAD_HTML, reason)
