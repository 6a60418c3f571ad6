"""Reads the dates of lists in the forms of the pages' dates."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from shopwire.pipelines.metadata.dates.clocks import HOME_ZONES, find_zone
from shopwire.pipelines.metadata.dates.date_formats import (
    Moment,
    find_absolute_dates,
    find_relative_dates,
    find_yearless_dates,
)
from shopwire.pipelines.metadata.dates.machine_dates import normalize_machine_date, parse_machine_date
from shopwire.storage.text.country_zones import find_country_zone

# Characters.
LONGEST_DATE, LONGEST_LINE, LONGEST_LABEL = 100, 80, 24
# Server clocks are wrong by hours. A later date, or one older than the web, is not a page's date.
TOMORROW = timedelta(days=1)
FIRST_PAGE = datetime(1991, 1, 1, tzinfo=UTC)
# Most dates of feeds; these two forms are read ten times as fast by the standard library.
RFC_822 = re.compile(
    r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d(?::\d\d)? "
    r"(?:[+-](?:0\d|1[0-4])[0-5]\d|GMT|UTC?|Z)"
)
ISO_8601 = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?")
DAY_FIRST_DOMAINS = (".uk", ".ie", ".au", ".nz", ".in", ".za", ".sg", ".hk", ".my", ".ph", ".ng", ".ke")
"""Domains of countries that write English dates with the day first."""


@dataclass(frozen=True, slots=True)
class ListDates:
    """How a source writes dates: the zone of those without one, and the order of day and month."""

    zone: tzinfo
    month_first: bool

    def read(self, text: str) -> datetime | None:
        """Return the date in a value of a list with its zone; None without one, and for a date that is in the
        future or older than the web."""
        text = text.strip()[:LONGEST_DATE]
        if not text:
            return None
        if (found := self._read_quickly(text)) is None:
            now = datetime.now(UTC)
            moment = parse_machine_date(text, self.zone, month_first=self.month_first)
            if moment is None:
                moment = next(iter(find_relative_dates(text, now, self.zone)), None)
            if moment is None:
                moment = next(iter(find_yearless_dates(text, now, self.zone)), None)
            found = self._complete(moment) if moment else None
        return found if found and FIRST_PAGE <= found <= datetime.now(UTC) + TOMORROW else None

    def find(self, text: str) -> datetime | None:
        """Return the first date in a short line, as beside a link; None without one, and if it may be part of
        a sentence."""
        text = normalize_machine_date(text[:LONGEST_LINE])
        now = datetime.now(UTC)
        found = (
            find_absolute_dates(text, self.month_first)
            or find_relative_dates(text, now, self.zone)
            or find_yearless_dates(text, now, self.zone)
        )
        if not found or len(text[: found[0].start] + text[found[0].end :]) > LONGEST_LABEL:
            return None
        moment = self._complete(found[0])
        return moment if moment and FIRST_PAGE <= moment <= now + TOMORROW else None

    def _read_quickly(self, text: str) -> datetime | None:
        try:
            if ISO_8601.fullmatch(text):
                found = datetime.fromisoformat(text)
            elif RFC_822.fullmatch(text):
                found = parsedate_to_datetime(text)
            else:
                return None
        except (ValueError, OverflowError):
            return None
        return found if found.tzinfo else found.replace(tzinfo=self.zone)

    def _complete(self, moment: Moment) -> datetime | None:
        """Return a date with its zone: CST on a Chinese source is China's, not that of the US."""
        if moment.zone is find_zone("cst") and self.zone is HOME_ZONES["zh"]:
            moment = Moment(moment.day, moment.clock)
        try:
            return moment.to_datetime(self.zone).astimezone(UTC)
        except OverflowError:
            return None


def build_list_dates(language: str, home: str, zone_name: str = "", region: str = "") -> ListDates:
    """Return how a source of a language with this front page writes dates. Its zone is the named one, else
    that of its language or country. Raises `ZoneInfoNotFoundError`."""
    own = ZoneInfo(zone_name) if zone_name else None
    country = find_country_zone(home, region, language)
    zone = own or HOME_ZONES.get(language[:2].lower()) or country or UTC
    host = urlsplit(home).hostname or ""
    return ListDates(zone, language[:2].lower() == "en" and not host.endswith(DAY_FIRST_DOMAINS))
