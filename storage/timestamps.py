"""Times as the store writes them: ISO 8601 in UTC with whole seconds, so that they sort as text."""

from datetime import UTC, datetime


def format_time(moment: datetime) -> str:
    """Return a time with zone as the store writes it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def format_now() -> str:
    """Return the current time as the store writes it."""
    return format_time(datetime.now(UTC))


def assume_utc(moment: datetime) -> datetime:
    """Return a time as it is if it has a zone, else as a time in UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
