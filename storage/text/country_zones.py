"""The time zones of countries, by the domain of a site: pages rarely say theirs."""

from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DOMAIN_ZONES: Mapping[str, str] = {
    **dict.fromkeys(("de", "at", "ch"), "Europe/Berlin"),
    **dict.fromkeys(("fr", "be", "lu"), "Europe/Paris"),
    **dict.fromkeys(("uk", "ie"), "Europe/London"),
    "nl": "Europe/Amsterdam",
    "it": "Europe/Rome",
    "es": "Europe/Madrid",
    "pl": "Europe/Warsaw",
    "dk": "Europe/Copenhagen",
    "se": "Europe/Stockholm",
    "no": "Europe/Oslo",
    "fi": "Europe/Helsinki",
    "cz": "Europe/Prague",
    "tr": "Europe/Istanbul",
    "br": "America/Sao_Paulo",
    "ar": "America/Argentina/Buenos_Aires",
    "pe": "America/Lima",
    "co": "America/Bogota",
    "in": "Asia/Kolkata",
    "th": "Asia/Bangkok",
    "vn": "Asia/Ho_Chi_Minh",
    "ph": "Asia/Manila",
    "sg": "Asia/Singapore",
    "my": "Asia/Kuala_Lumpur",
    "hk": "Asia/Hong_Kong",
    "tw": "Asia/Taipei",
    "jp": "Asia/Tokyo",
    "kr": "Asia/Seoul",
    "cn": "Asia/Shanghai",
}
"""The zone of a country's domain; not of countries with several, or whose domain is used by everybody."""


REGION_DOMAINS: Mapping[str, str] = {"GB": "uk"}
"""The domains of regions whose ISO 3166 code is another one."""

LANGUAGE_ZONES: Mapping[str, str] = {
    "de": "Europe/Berlin",
    "it": "Europe/Rome",
    "nl": "Europe/Amsterdam",
    "pl": "Europe/Warsaw",
    "da": "Europe/Copenhagen",
    "sv": "Europe/Stockholm",
    "fi": "Europe/Helsinki",
    "cs": "Europe/Prague",
    "tr": "Europe/Istanbul",
    "th": "Asia/Bangkok",
    "vi": "Asia/Ho_Chi_Minh",
}
"""The zone of a language whose countries have one time."""


def find_country_zone(home: str, region: str = "", language: str = "") -> ZoneInfo | None:
    """Return the zone of a site by the domain of its front page, else by its region (an ISO 3166 code), else
    by its language (ISO 639-1); None if none of them has one."""
    domain = REGION_DOMAINS.get(region.upper(), region.lower())
    name = DOMAIN_ZONES.get(domain) or LANGUAGE_ZONES.get(language[:2].lower())
    return find_domain_zone(home) or (find_named_zone(name) if name else None)


@cache
def find_named_zone(name: str) -> ZoneInfo | None:
    """Return the zone of a name such as `Asia/Tokyo`, None if there is none of this name."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def find_domain_zone(url: str) -> ZoneInfo | None:
    """Return the zone of the country whose domain a URL has, None if it has none of `DOMAIN_ZONES`."""
    labels = (urlsplit(url).hostname or "").split(".")
    # `.co` without a second level is used for `company`.
    name = DOMAIN_ZONES.get(labels[-1]) if labels[-1] != "co" or labels[-2:-1] == ["com"] else None
    return ZoneInfo(name) if name else None
