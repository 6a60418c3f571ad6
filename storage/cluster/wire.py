"""The messages of a cluster: JSON with a version. What comes in is a stranger's data until it is checked."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from shopwire.storage.crawl_log.outcomes import parse_outcome
from shopwire.storage.timestamps import format_time

WIRE_VERSION: Final = 1
KINDS: Final = ("page", "feed", "sitemap", "listing")
"""The values of `fetches.kind` that a crawl writes."""
ROLES: Final = ("crawls", "refines", "daemon", "import")
"""What a process of a cluster does: a worker crawls or refines files, the daemon and an import take in."""
# Characters of a text, and entries of a list.
LONGEST_TEXT: Final = 8192
LONGEST_LIST: Final = 10_000
LARGEST_NUMBER: Final = 2**63 - 1


class WireError(ValueError):
    """Raised for a message that is not as documented; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One request of a crawl, as its row in the crawl log. `record` is the record of the page in the archive,
    a finished gzip member, empty where none was archived."""

    run: int
    source: str
    kind: str
    url: str
    at: str
    outcome: str
    reason: str
    status: int | None = None
    size: int | None = None
    links: int | None = None
    rest: float | None = None
    modified: str | None = None
    record: bytes = b""


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a crawl, behind all that it fetched.

    `is_complete` says that the crawl ended by itself, `known` is how many links needed no download.
    `validators` are URL, ETag and Last-Modified of lists to be asked for conditionally next time,
    `unreliable` the lists whose 304 was wrong.
    """

    run: int
    source: str
    known: int
    reason: str
    is_complete: bool
    validators: tuple[tuple[str, str, str], ...] = ()
    unreliable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Beat:
    """A worker is alive: its name and version, how many crawls it takes at once, the runs that it crawls."""

    worker: str
    version: str
    slots: int
    runs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """A process of a cluster is alive, for whoever asks what the cluster does.

    `role` is one of `ROLES`, `busy` how much of `slots` it has in hand. `oldest` is when the oldest message
    was sent that it has not settled, `trouble` what keeps it from that.
    """

    name: str
    role: str
    version: str
    at: str
    slots: int
    busy: int
    oldest: str | None = None
    trouble: str = ""


Message = Fetched | Ended | Beat | Sign
CLASSES: Final = {"fetched": Fetched, "ended": Ended, "beat": Beat, "sign": Sign}


def encode_message(message: Message) -> bytes:
    """Return a message as it is sent."""
    name = next(name for name, kind in CLASSES.items() if isinstance(message, kind))
    values = asdict(message)
    if isinstance(message, Fetched):
        values["record"] = base64.b64encode(message.record).decode("ascii")
    return json.dumps({"wire": WIRE_VERSION, "message": name, **values}).encode()


def decode_message(body: bytes) -> Message:
    """Return the message that was sent. Raises `WireError`."""
    try:
        values = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {error}") from error
    if not isinstance(values, dict):
        raise WireError("not a JSON object")
    if (version := values.pop("wire", None)) != WIRE_VERSION:
        raise WireError(f"wire version {version!r:.20}, not {WIRE_VERSION}")
    name = values.pop("message", None)
    if not isinstance(name, str) or name not in CLASSES:
        raise WireError(f"unknown message {name!r:.40}")
    checks = CHECKS[name]
    if values.keys() != checks.keys():
        raise WireError(f"{name}: has other fields than {', '.join(checks)}")
    try:
        made: Message = CLASSES[name](**{key: check(values[key]) for key, check in checks.items()})
    except (ValueError, TypeError) as error:
        raise WireError(f"{name}: {error}") from error
    return made


def check_text(value: object) -> str:
    """Return a text that can be stored. Raises `ValueError`."""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ValueError(f"not a text of up to {LONGEST_TEXT} characters: {value!r:.40}")
    value.encode()
    return value


def check_name(value: object) -> str:
    """Return a name of a source or worker: printable and not empty. Raises `ValueError`."""
    text = check_text(value)
    if not text or len(text) > 255 or not text.isprintable():
        raise ValueError(f"not a name: {text!r:.40}")
    return text


def check_number(value: object) -> int:
    """Return a number of things. Raises `ValueError`."""
    if type(value) is not int or not 0 <= value <= LARGEST_NUMBER:
        raise ValueError(f"not a number of things: {value!r:.40}")
    return value


def check_moment(value: object) -> str:
    """Return a time as the store writes it. Raises `ValueError`."""
    text = check_text(value)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or format_time(moment) != text:
        raise ValueError(f"not a time in UTC with whole seconds: {text!r:.40}")
    return text


def _check_seconds(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= LARGEST_NUMBER:
        raise ValueError(f"not a number of seconds: {value!r:.40}")
    return float(value)


def _check_truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"neither true nor false: {value!r:.40}")  # noqa: TRY004 - all checks raise the same
    return value


def _check_kind(value: object) -> str:
    if value not in KINDS:
        raise ValueError(f"not a kind of request: {value!r:.40}")
    return str(value)


def _check_role(value: object) -> str:
    if value not in ROLES:
        raise ValueError(f"not a role: {value!r:.40}")
    return str(value)


def _check_outcome(value: object) -> str:
    return str(parse_outcome(check_text(value)))


def _check_record(value: object) -> bytes:
    if not isinstance(value, str):
        raise ValueError("record: not a text in Base64")  # noqa: TRY004 - all checks raise the same
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError(f"record: {error}") from error


def _check_list(check: Callable[[object], Any]) -> Callable[[object], tuple[Any, ...]]:
    def check_all(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > LONGEST_LIST:
            raise ValueError(f"not a list of up to {LONGEST_LIST} entries")
        return tuple(map(check, value))

    return check_all


def _check_validators(value: object) -> tuple[str, str, str]:
    url, etag, last_modified = _check_list(check_text)(value)
    return url, etag, last_modified


def _or_null(check: Callable[[object], Any]) -> Callable[[object], Any]:
    return lambda value: None if value is None else check(value)


CHECKS: Final[Mapping[str, Mapping[str, Callable[[object], Any]]]] = {
    "fetched": {
        "run": check_number,
        "source": check_name,
        "kind": _check_kind,
        "url": check_text,
        "at": check_moment,
        "outcome": _check_outcome,
        "reason": check_text,
        "status": _or_null(check_number),
        "size": _or_null(check_number),
        "links": _or_null(check_number),
        "rest": _or_null(_check_seconds),
        "modified": _or_null(check_moment),
        "record": _check_record,
    },
    "ended": {
        "run": check_number,
        "source": check_name,
        "known": check_number,
        "reason": check_text,
        "is_complete": _check_truth,
        "validators": _check_list(_check_validators),
        "unreliable": _check_list(check_text),
    },
    "beat": {
        "worker": check_name,
        "version": check_name,
        "slots": check_number,
        "runs": _check_list(check_number),
    },
    "sign": {
        "name": check_name,
        "role": _check_role,
        "version": check_name,
        "at": check_moment,
        "slots": check_number,
        "busy": check_number,
        "oldest": _or_null(check_moment),
        "trouble": check_text,
    },
}
"""How each field of each message is checked."""
