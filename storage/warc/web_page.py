"""The web page of a WARC record, or why it has none that is whole."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from shopwire.storage.warc.digests import agrees
from shopwire.storage.warc.http_message import HttpMessage, decode_body, parse_response
from shopwire.storage.warc.records import Record, RecordError

# ISO 8601, also of lower precision, as WARC 1.1 has it, or without separators: some programs write 14 digits.
DATE = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?",
    re.IGNORECASE | re.ASCII,
)
# The first web page; clocks are wrong by hours.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
TOMORROW = timedelta(days=1)
# A record of these types has a document of its own; others are requests, metadata or copies.
PAGE_TYPES = frozenset(("response", "resource"))


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page: its URL as it was recorded, its decoded body, and a remark for people, "" if there is none."""

    url: str
    fetched: datetime
    content_type: str
    body: bytes
    remark: str = ""


def read_web_page(record: Record, most: int) -> WebPage | None:
    """Return the HTML page of a record; None if the record is of another kind, status or content type.

    Raises `RecordError` if the page is not whole, is larger than `most` bytes, or lacks its URL or date.
    """
    if record.fault:
        raise RecordError(record.fault)
    headers = record.headers
    kind = headers.get("warc-type", "").lower()
    url = headers.get("warc-target-uri", "").strip().removeprefix("<").removesuffix(">").strip()
    if kind not in PAGE_TYPES or (url and not url.lower().startswith(("http:", "https:"))):
        return None
    message = parse_response(record.block) if kind == "response" else HttpMessage(200, {}, record.block)
    content_type = (headers if kind == "resource" else message.headers).get("content-type", "text/html")
    if message.status != 200 or "html" not in content_type.lower():
        return None
    _check_wholeness(record)
    if not url:
        raise RecordError("it has no WARC-Target-URI")
    fetched = parse_date(headers.get("warc-date", ""))
    body = decode_body(message, most)
    remark = check_digests(record, message.payload, body)
    return WebPage(url, fetched, content_type, body, remark)


def _check_wholeness(record: Record) -> None:
    if truncated := record.headers.get("warc-truncated", ""):
        raise RecordError(f"it was truncated when it was written (WARC-Truncated: {truncated})")
    if "warc-segment-number" in record.headers:
        raise RecordError("it is only a segment of a page")
    if record.is_cut:
        raise RecordError("it is larger than a page may be")


def parse_date(written: str) -> datetime:
    """Return a WARC-Date with its zone, UTC if it has none.

    Raises `RecordError` if there is none, or if it is before the web or in the future.
    """
    if not written:
        raise RecordError("it has no WARC-Date")
    wrong = RecordError(f"its WARC-Date is no date of a page: {written[:40]!r}")
    match = DATE.fullmatch(written.strip())
    if not match:
        raise wrong
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=_read_zone(match[7]))
    except ValueError:
        raise wrong from None
    if not EARLIEST <= moment <= datetime.now(UTC) + TOMORROW:
        raise wrong
    return moment


def _read_zone(written: str | None) -> timezone:
    """Return a zone such as `+08:00`, UTC for a name. Raises `ValueError` for an offset of a day or more."""
    if not written or written[0].isalpha():
        return UTC
    offset = timedelta(hours=int(written[1:3]), minutes=int(written[-2:]))
    return timezone(-offset if written[0] == "-" else offset)


def check_digests(record: Record, *payloads: bytes) -> str:
    """Return a remark if one of the digests disagrees and the other does not, "" if none disagrees.

    Programs compute the payload digest of the body as sent, or decoded, so it is compared with all
    `payloads`; the digest of the whole block then shows that the record is as it was written. Raises
    `RecordError` if a digest disagrees and none agrees.
    """
    verdicts = {
        "block": _judge(record, "warc-block-digest", [record.block]),
        "payload": _judge(record, "warc-payload-digest", [*payloads, record.block]),
    }
    wrong = [name for name, agreed in verdicts.items() if agreed is False]
    if wrong and True not in verdicts.values():
        raise RecordError(f"its {' and '.join(wrong)} digest does not agree")
    return f"its {wrong[0]} digest does not agree" if wrong else ""


def _judge(record: Record, header: str, contents: Iterable[bytes]) -> bool | None:
    digest = record.headers.get(header, "")
    return agrees(digest, contents) if digest else None
