"""Arguments of `scrapy crawl NAME -a ...`."""

from datetime import datetime

from shopwire.spiders.lists.list_dates import ListDates


def parse_since(since: str, dates: ListDates) -> datetime | None:
    """Return the moment of an argument such as 2026-11-01; None if it is empty. Raises `ValueError`."""
    if not since:
        return None
    try:
        moment = datetime.fromisoformat(since)
    except ValueError as error:
        raise ValueError(f"since={since}: not a date such as 2026-11-01") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=dates.zone)


def parse_limit(limit: str) -> int:
    """Return how many pages may be requested; below 0 without a limit. Raises `ValueError`."""
    if not limit:
        return -1
    if not limit.isdigit() or int(limit) == 0:
        raise ValueError(f"limit={limit}: not a number above 0")
    return int(limit)
