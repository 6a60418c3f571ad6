"""Write briefings as an Atom feed (RFC 4287) with one entry a day."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from feedgen.feed import FeedGenerator

from shopwire.storage.briefing.build import Briefing
from shopwire.storage.briefing.render import write_sections, write_title
from shopwire.storage.text.markdown import render_html


def build_feed(briefings: Iterable[Briefing], home: str) -> bytes:
    """Return the feed of the briefings of single days, newest first; `home` is the address of our site.

    An entry is of the midnight (UTC) that ends its day.
    """
    feed = FeedGenerator()
    feed.id(f"{home}brief.atom")
    feed.title("shopwire: daily briefing")
    feed.link(href=f"{home}brief.atom", rel="self")
    feed.link(href=f"{home}brief", rel="alternate")
    newest = None
    for briefing in briefings:
        ended = datetime.combine(briefing.until + timedelta(days=1), time(), UTC)
        newest = max(newest, ended) if newest else ended
        entry = feed.add_entry(order="append")
        entry.id(f"urn:shopwire:brief:{briefing.until}")
        entry.title(write_title(briefing))
        entry.link(href=f"{home}brief/{briefing.until}")
        entry.updated(ended)
        entry.content(render_html(write_sections(briefing, home)), type="html")
    feed.updated(newest or datetime(1970, 1, 1, tzinfo=UTC))
    return bytes(feed.atom_str(pretty=True))
