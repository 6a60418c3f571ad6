"""Times as the crawl log stores them."""

from datetime import UTC, datetime


def format_time(moment: datetime) -> str:
    """Return a time in ISO 8601, UTC, whole seconds, so that times sort as text."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
