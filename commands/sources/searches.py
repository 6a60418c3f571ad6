"""Searches of sites that can be read as a list, for `shopwire source add --search`.

Only searches that a site documents for programs, or that its own pages use. Google News is not among them:
its feeds are for personal, non-commercial use in a feed reader only.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import click

from shopwire.spiders.discovery.candidate import Candidate, Discovery, Ending, Verdict
from shopwire.storage.text.characters import HAN

# Host: the attributes of a source; `{words}` is replaced in its addresses.
SEARCHES: Mapping[str, Mapping[str, Any]] = {
    # https://www.federalregister.gov/developers/documentation/api/v1
    "federalregister.gov": {
        "language": "en",
        "feeds": ["https://www.federalregister.gov/api/v1/documents.rss?conditions[term]={words}"],
    },
    # As the shipped source `gelonghui_ec`.
    "gelonghui.com": {
        "language": "zh",
        "lists": [
            "https://www.gelonghui.com/api/post/search/v4?keyword={words}&count=20&page=1&searchArea=all"
        ],
        "rows": "result",
        "link": "{link}",
        "dated": "timestamp",
    },
}
# The search of every WordPress site is a feed (https://wordpress.org/documentation/article/wordpress-feeds/).
WORDPRESS = "{origin}/?s={words}&feed=rss2"


CHINESE = re.compile(f"[{HAN}]")


def choose_site(words: str) -> str:
    """Return the front page of the known site whose search is in the language of these words."""
    language = "zh" if CHINESE.search(words) else "en"
    return next(f"https://www.{host}/" for host, one in SEARCHES.items() if one["language"] == language)


def build_search(url: str, words: str) -> dict[str, Any]:
    """Return the attributes of a source for a site's search. Raise `click.UsageError` without words,
    and for a search that no program may use."""
    if not words.strip():
        raise click.UsageError("--search needs words")
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if host == "news.google.com":
        raise click.UsageError(
            "Google News is left out: its feeds are for personal use in a feed reader only"
        )
    known = SEARCHES.get(host, {"feeds": [WORDPRESS.replace("{origin}", f"{parts.scheme}://{parts.netloc}")]})
    quoted = quote(words.strip())
    return {
        key: [one.replace("{words}", quoted) for one in value] if key in ("feeds", "lists") else value
        for key, value in known.items()
    }


def take_search(url: str, attributes: dict[str, Any]) -> Discovery:
    """Return a search that gives JSON as found, without a test: `shopwire source test` makes one."""
    parts = urlsplit(url)
    return Discovery(
        Ending.ADDED,
        candidate=Candidate("search", attributes, ()),
        verdict=Verdict(Ending.ADDED),
        title=(parts.hostname or "").removeprefix("www."),
        home=f"{parts.scheme}://{parts.netloc}/",
        tried=["search: not tested; `shopwire source test` does"],
    )
