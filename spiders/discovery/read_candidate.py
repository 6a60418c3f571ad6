"""Make a candidate of the body of a feed or a sitemap."""

import json
import re
from collections.abc import Iterable
from urllib.parse import urljoin

from scrapy.http import Response

from shopwire.spiders.base import ListedLink
from shopwire.spiders.decoding.charset import convert_to_utf8
from shopwire.spiders.decoding.feed_text import parse_feed_date, strip_tags
from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.discovery.answers import Answer, Shape
from shopwire.spiders.discovery.candidate import Candidate
from shopwire.spiders.discovery.sitemaps import build_pattern
from shopwire.spiders.feed import read_feed
from shopwire.spiders.page import Listed
from shopwire.spiders.sitemap import read_sitemap


def read_feed_candidate(rung: str, answer: Answer, shape: Shape) -> Candidate:
    """Return the candidate of a feed, or of the posts of WordPress as JSON."""
    assert answer.response is not None
    if shape is Shape.WORDPRESS:
        attributes = {"lists": [answer.url], "link": "{link}", "titled": "", "dated": "date_gmt"}
        return Candidate(rung, attributes, _read_posts(answer.response))
    return Candidate(rung, {"feeds": [answer.url]}, _collect(answer.response, read_feed(answer.response)))


def read_sitemap_candidate(rung: str, answer: Answer, shape: Shape) -> Candidate:
    """Return the candidate of a sitemap; one without news has a pattern of its articles."""
    assert answer.response is not None
    entries = list(read_sitemap(convert_to_utf8(answer.response.body)))
    pattern = "" if shape is Shape.NEWS_SITEMAP else build_pattern([one.location for one in entries])
    attributes = {"sitemaps": [answer.url], **({"pages": pattern} if pattern else {})}
    is_plain = shape is Shape.SITEMAP and not pattern
    links = (
        ListedLink(
            one.location,
            Listed(strip_tags(one.title), published=one.published, modified=parse_feed_date(one.modified)),
        )
        for one in entries
        if not one.is_index and not is_plain
    )
    found = _collect(answer.response, links)
    return Candidate(rung, attributes, tuple(link for link in found if re.search(pattern, link.url)))


def _read_posts(response: Response) -> tuple[ListedLink, ...]:
    rows = json.loads(response.body)
    return tuple(
        ListedLink(
            str(row["link"]),
            Listed(
                title=strip_tags(str(row["title"].get("rendered", ""))),
                published=str(row.get("date_gmt", "")),
                modified=parse_feed_date(str(row.get("date_gmt", ""))),
            ),
        )
        for row in rows
        if isinstance(row, dict) and row.get("link") and isinstance(row.get("title"), dict)
    )


def _collect(response: Response, links: Iterable[ListedLink]) -> tuple[ListedLink, ...]:
    """Return links with absolute URLs; none if the list cannot be read."""
    try:
        return tuple(ListedLink(urljoin(response.url, link.url.strip()), link.listed) for link in links)
    except (UnreadableListError, ValueError):
        return ()
