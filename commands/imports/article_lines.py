"""Reads articles from JSON Lines, as `shopwire export` writes them."""

import json
import re
from datetime import UTC, datetime
from typing import Any, Final

from shopwire.pipelines.article import COLUMNS, Article
from shopwire.pipelines.deduplication.fingerprint import hash_text
from shopwire.pipelines.metadata.byline import resolve_image_url
from shopwire.pipelines.metadata.dates.clocks import find_zone
from shopwire.pipelines.metadata.dates.date_candidates import WIDEST_ZONE
from shopwire.pipelines.metadata.dates.find_dates import CHINA_ZONE
from shopwire.pipelines.metadata.dates.machine_dates import parse_machine_date
from shopwire.pipelines.nlp.language import detect_language
from shopwire.pipelines.parsing.visible_text import tidy_line
from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.spiders.page import FROM_FEED
from shopwire.storage.text.characters import SURROGATES
from shopwire.storage.text.markdown import read_plain_lines
from shopwire.storage.text.site import find_site
from shopwire.storage.timestamps import assume_utc
from shopwire.storage.warc.web_page import EARLIEST

EXTRACTOR: Final = "import"
# Strings that a line may contain, besides tags and counts; `url` and `text` are required.
STRINGS: Final = tuple(
    name for name, column in COLUMNS.items() if column.importable and column.export_type == "VARCHAR"
)
LARGEST_COUNT: Final = 2**63 - 1
LANGUAGE = re.compile("([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE)

# JSON can contain half of a surrogate pair, which cannot be encoded. It is replaced as in HTML (13.2.5.80).
LONE_SURROGATE = re.compile(f"[{SURROGATES}]")
# The offset behind a clock.
OFFSET = re.compile(r"\d:\d\d(?:[.,]\d+)?\s?([+-]\d\d:?\d\d)$")


class RejectedError(Exception):
    """Raised for a line without an article; the message says why."""


def read_article(line: bytes, now: str) -> Article:
    """Return the article of a JSON line; `now` is the time of the import (ISO 8601 with offset).

    Raises `RejectedError` if the line has none.
    """
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RejectedError(f"not JSON: {error}") from error
    if not isinstance(row, dict):
        raise RejectedError("not a JSON object")
    values = {name: _get_text(row, name) for name in STRINGS}
    url = get_canonical_url(values["url"])
    if not url:
        raise RejectedError(f"url is not a valid HTTP URL: {values['url'][:100]!r}")
    text = "\n".join(filter(None, map(tidy_line, values["text"].splitlines())))
    if not text:
        raise RejectedError("text is empty")
    markdown = "\n".join(map(_clean_indented, values["markdown"].splitlines()))
    if markdown and read_plain_lines(markdown) != text.split("\n"):
        raise RejectedError("markdown has other lines than text: correct it, or leave it out")
    values = {name: tidy_line(value) for name, value in values.items()}
    if values["text_from"] not in ("", FROM_FEED):
        raise RejectedError(f"text_from is not {FROM_FEED!r}: {values['text_from'][:100]!r}")
    code = LANGUAGE.fullmatch(values["language"])
    language = code[1].lower() if code else detect_language(text, values["title"])
    published = _parse_date("published", values["published"], language, now)
    return Article(
        url=url,
        source=values["source"] or find_site(url),
        title=values["title"],
        text=text,
        markdown=markdown,
        language=language,
        fetched=_parse_fetched(values["fetched"], now),
        extractor=EXTRACTOR,
        text_hash=hash_text(text),
        author=values["author"],
        text_from=values["text_from"],
        editor=values["editor"],
        origin=values["origin"],
        image=resolve_image_url(url, values["image"]),
        tags=_get_tags(row),
        published=published,
        published_from="import" if published else "",
        updated=_parse_date("updated", values["updated"], language, now),
        views=_get_count(row, "views"),
        comments=_get_count(row, "comments"),
        likes=_get_count(row, "likes"),
    )


def _clean_indented(line: str) -> str:
    """Return a line of Markdown as `tidy_line` does, with the blanks before it."""
    content = line.lstrip(" ")
    return line[: len(line) - len(content)] + tidy_line(content)


def _get_text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RejectedError(f"{name} is not a string: {value!r:.100}")
    return LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value)


def _get_count(row: dict[str, Any], name: str) -> int | None:
    value = row.get(name)
    if value is not None and (type(value) is not int or not 0 <= value <= LARGEST_COUNT):
        raise RejectedError(f"{name} is not a number of times: {value!r:.100}")
    return value


def _get_tags(row: dict[str, Any]) -> tuple[str, ...]:
    tags = row.get("tags") or []
    if not isinstance(tags, list):
        raise RejectedError(f"tags is not a list of strings: {tags!r:.100}")
    return tuple(filter(None, (tidy_line(_get_text({"a tag": tag}, "a tag")) for tag in tags)))


def _parse_date(name: str, written: str, language: str, now: str) -> str:
    if not written:
        return ""
    moment = parse_machine_date(written)
    offset = OFFSET.search(written)
    if moment is None or (offset and find_zone(offset[1]) is None):
        raise RejectedError(f"{name} is not a date: {written[:100]!r}")
    zone = CHINA_ZONE if language == "zh" else UTC
    if moment.to_datetime(zone) > datetime.fromisoformat(now) + WIDEST_ZONE:
        raise RejectedError(f"{name} is in the future: {written[:100]!r}")
    return moment.format(zone)


def _parse_fetched(written: str, now: str) -> str:
    """Return the time at which the page was fetched, `now` where the line has none."""
    if not written:
        return now
    try:
        moment = assume_utc(datetime.fromisoformat(written))
        fetched = moment.astimezone(UTC).isoformat()
    except (ValueError, OverflowError) as error:
        raise RejectedError(f"fetched is not a time in ISO 8601: {written[:100]!r}") from error
    if not EARLIEST <= moment <= datetime.fromisoformat(now) + WIDEST_ZONE:
        raise RejectedError(f"fetched is in the future, or before the web: {written[:100]!r}")
    return fetched
