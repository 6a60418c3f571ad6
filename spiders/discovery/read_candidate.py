"""Make a candidate of the body of a feed or a sitemap."""

import json
import re
from collections import deque
from contextlib import suppress
from urllib.parse import urljoin

from scrapy.http import Response

from shopwire.spiders.decoding.feed_text import sanitize_line, strip_tags
from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.discovery.answers import Answer, Shape, get_content_type
from shopwire.spiders.discovery.candidate import Candidate
from shopwire.spiders.discovery.sitemaps import build_pattern
from shopwire.spiders.lists.entries import ListEntry
from shopwire.spiders.lists.list_dates import build_list_dates
from shopwire.spiders.lists.read_list import read_list
from shopwire.spiders.lists.reading import ListedLink
from shopwire.spiders.page import Listed

# The last entries of a list are looked at: a sitemap may have 50,000.
MOST_ENTRIES = 5_000
# Not `#!/news/1` and `#/news/1`, which are addresses of pages.
PART_OF_PAGE = re.compile(r"#[\w-]+$")


def read_entries(answer: Answer) -> list[ListEntry]:
    """Return the entries of a list up to an error in it; none if there is no list."""
    # A sitemap may begin with the oldest.
    found: deque[ListEntry] = deque(maxlen=MOST_ENTRIES)
    if answer.is_ok and answer.response is not None:
        with suppress(UnreadableListError):
            found.extend(read_list(answer.response.body, get_content_type(answer.response)))
    return list(found)


def read_feed_candidate(rung: str, answer: Answer, shape: Shape) -> Candidate:
    """Return the candidate of a feed, or of the posts of WordPress as JSON."""
    assert answer.response is not None
    if shape is Shape.WORDPRESS:
        attributes = {
            "lists": [answer.url],
            "link": "{link}",
            "titled": "title.rendered",
            "dated": "date_gmt",
        }
        return Candidate(rung, attributes, _read_posts(answer.response))
    links = _build_links(answer.response, read_entries(answer))
    if 2 * sum(bool(PART_OF_PAGE.search(link.url)) for link in links) > len(links):
        # Comments, or the answers in a forum.
        return Candidate(rung, {"feeds": [answer.url]}, (), "its links lead to parts of pages, as comments")
    return Candidate(rung, {"feeds": [answer.url]}, links)


def read_sitemap_candidate(rung: str, answer: Answer, shape: Shape) -> Candidate:
    """Return the candidate of a sitemap; one without news has a pattern of its articles."""
    assert answer.response is not None
    entries = [one for one in read_entries(answer) if not one.is_list]
    pattern = "" if shape is Shape.NEWS_SITEMAP else build_pattern([one.urls[0] for one in entries])
    attributes = {"sitemaps": [answer.url], **({"pages": pattern} if pattern else {})}
    if shape is Shape.SITEMAP and entries and not pattern:
        lack = f"no common form among its {len(entries)} addresses: a table with `pages` can read it"
        return Candidate(rung, attributes, (), lack)
    wanted = [one for one in entries if re.search(pattern, one.urls[0])]
    left = len(entries) - len(wanted)
    lack = f"{left} of its {len(entries)} addresses do not match `pages`" if left else ""
    return Candidate(rung, attributes, _build_links(answer.response, wanted), lack)


def _read_posts(response: Response) -> tuple[ListedLink, ...]:
    rows = json.loads(response.body)
    return _build_links(
        response,
        [
            ListEntry(
                (str(row["link"]),),
                title=strip_tags(str(row["title"].get("rendered", ""))),
                published=str(row.get("date_gmt", "")),
            )
            for row in rows
            if isinstance(row, dict) and row.get("link") and isinstance(row.get("title"), dict)
        ],
    )


def _build_links(response: Response, entries: list[ListEntry]) -> tuple[ListedLink, ...]:
    """Return links with absolute URLs."""
    dates = build_list_dates("", response.url)
    links = []
    for entry in entries:
        modified = dates.read(entry.updated) or dates.read(entry.published)
        listed = Listed(entry.title, entry.author, sanitize_line(entry.published), modified)
        try:
            links.append(ListedLink(urljoin(response.url, entry.urls[0]), listed, rank=entry.rank))
        except ValueError:
            continue
    return tuple(links)
