"""Scraped text made fit to be shown: it stays text, and only text."""

import re
from urllib.parse import urlsplit

# Signs that turn the direction of what follows (Unicode TR9, explicit formatting) or do not show at all:
# they let one title rearrange the page round it. No XML takes the last two.
HIDDEN = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]"
)


def plain(text: str) -> str:
    """The text without signs that steer its display."""
    return HIDDEN.sub("", text)


def short(text: str, most: int = 200) -> str:
    """At most so many characters of a plain text, with … for the rest."""
    seen = plain(text)
    return seen if len(seen) <= most else f"{seen[: most - 1]}…"


def web_url(url: str) -> str:
    """The URL when it leads to a page of the web, else nothing: `javascript:` is no link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""


def minute(moment: str | None) -> str:
    """A moment of the store, as 2026-11-22 08:30, or the day where no more is known."""
    return (moment or "")[:16].replace("T", " ")


def zoned(moment: str) -> str:
    """A moment to the minute with the zone it is written in, as 2026-11-22 08:30 +08:00."""
    return f"{minute(moment)} {moment[16:]}".rstrip()


def span(hours: float) -> str:
    """A length of time as a person says it: 7.9 hours, 16 days."""
    if hours >= 48:
        return f"{hours / 24:.0f} days"
    return f"{hours:.0f} hours" if hours >= 10 else f"{hours:.1f} hours"
