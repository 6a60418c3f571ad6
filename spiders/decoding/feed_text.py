"""Text and dates as feeds, sitemaps and lists contain them."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from w3lib.html import remove_tags, replace_entities

from shopwire.storage.timestamps import assume_utc

LONGEST_LINE = 300
# Server clocks are wrong by hours. A later date, or one older than the web, is not a page's date.
TOMORROW = timedelta(days=1)
OLDEST = datetime(1991, 1, 1, tzinfo=UTC)


def sanitize_line(text: str, most: int = LONGEST_LINE) -> str:
    """Return a text as one line that can be stored and logged, cut to `most` characters: no control
    characters, no lone surrogates, one space between words."""
    plain = "".join(char if char.isprintable() else " " for char in text[: 2 * most])
    plain = " ".join(plain.split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def strip_tags(html: str) -> str:
    """Return a title that may contain tags and entities as one line of text."""
    # Cut first: with many `<` and no `>`, removing tags takes quadratic time.
    return sanitize_line(replace_entities(remove_tags(html[: 4 * LONGEST_LINE])))


def parse_feed_date(text: str) -> datetime | None:
    """Return a date in RFC 822 or ISO 8601 format with its time zone, UTC if it has none.

    Return None for any other format, a future date, and one older than the web: the extraction, which
    sees the page too, then interprets the text.
    """
    text = text[:100].strip()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        try:
            found = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
    found = assume_utc(found)
    return found if OLDEST <= found <= datetime.now(UTC) + TOMORROW else None
