"""Makes scraped text safe to show: it stays text, and cannot change the display of what is around it."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from shopwire.storage.text.characters import UNSAFE


def strip_controls(text: str) -> str:
    """Return the text without control characters."""
    return UNSAFE.sub("", text)


def shorten(text: str, most: int = 200) -> str:
    """Return at most `most` characters of a text without control characters, with … if it was cut."""
    stripped = strip_controls(text)
    return stripped if len(stripped) <= most else f"{stripped[: most - 1]}…"


def web_url(url: str) -> str:
    """Return the URL if it is a link to the web, else an empty string: `javascript:` is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""


def format_local_time(time: str | None) -> str:
    """Return a stored time as 2026-11-22 08:30, or the day if it has no hour."""
    return (time or "")[:16].replace("T", " ")


def format_time_with_zone(time: str) -> str:
    """Return a stored time with the zone it was written in, as 2026-11-22 08:30 +08:00."""
    return f"{format_local_time(time)} {time[16:]}".rstrip()


def format_hours(hours: float) -> str:
    """Return a duration in hours as text: 7.9 hours, 16 days."""
    if hours >= 48:
        return f"{hours / 24:.0f} days"
    return f"{hours:.0f} hours" if hours >= 10 else f"{hours:.1f} hours"


def format_amount(value: float) -> str:
    """Return a large number with separators and without decimals, a small one without zeros at its end."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:g}"


def name_in_words(name: str) -> str:
    """Return the name of a table or column as words: last_seen is "last seen", atom_title "title"."""
    return name.removeprefix("atom_").replace("_", " ")


def name_heading(column: str, compared: Mapping[str, str]) -> str:
    """Return the heading of a column; some have the name of a parameter which says what they count."""
    return compared.get(column) or name_in_words(column)


LANGUAGES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pt": "Portuguese",
    "ru": "Russian",
    "th": "Thai",
    "vi": "Vietnamese",
    "zh": "Chinese",
}


def name_language(code: object) -> object:
    """Return the English name of a language code, and a code without one as it is."""
    return LANGUAGES.get(str(code), code)


def name_languages(codes: object) -> str:
    """Return the English names of the language codes in a text."""
    return ", ".join(str(name_language(code)) for code in re.findall(r"\w+", str(codes or "")))


FILTERS = (
    name_language,
    name_languages,
    format_amount,
    name_in_words,
    name_heading,
    strip_controls,
    shorten,
    web_url,
    format_local_time,
    format_time_with_zone,
    format_hours,
)
