"""Messages arrive as they were sent, and what is none is refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwire.storage.cluster.wire import (
    CHECKS,
    CLASSES,
    WIRE_VERSION,
    Beat,
    Ended,
    Fetched,
    Sign,
    WireError,
    decode_message,
    encode_message,
)
from shopwire.storage.crawl_log.outcomes import Outcome

AT = "2026-11-22T08:00:00+00:00"
FETCHED = Fetched(
    3, "blog", "page", "https://blog.example/1", AT, "stored", "", 200, 12, record=b"\x1f\x8b\0"
)
ENDED = Ended(3, "blog", 5, "finished", is_complete=True, validators=(("https://blog.example/f", "a", ""),))
BEAT = Beat("one", "0.1.0", 4, (3, 4))
SIGN = Sign("one", "daemon", "0.1.0", AT, 64, 3, AT, "database is locked")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
numbers = st.integers(0, 2**63 - 1)
fetches = st.builds(
    Fetched,
    run=numbers,
    source=st.just("blog"),
    kind=st.sampled_from(["page", "feed", "sitemap", "listing"]),
    url=texts,
    at=st.datetimes().map(lambda moment: moment.replace(microsecond=0).isoformat() + "+00:00"),
    outcome=st.sampled_from([str(one) for one in Outcome]),
    reason=texts,
    status=st.none() | numbers,
    size=st.none() | numbers,
    rest=st.none() | st.floats(0, 1e6),
    record=st.binary(max_size=60),
)


@given(fetches)
def test_a_message_arrives_as_it_was_sent(message: Fetched) -> None:
    assert decode_message(encode_message(message)) == message


@pytest.mark.parametrize("message", [FETCHED, ENDED, BEAT, SIGN])
def test_each_kind_arrives_as_it_was_sent(message: Any) -> None:
    assert decode_message(encode_message(message)) == message


def test_every_field_of_every_message_is_checked() -> None:
    assert {name: set(checks) for name, checks in CHECKS.items()} == {
        name: set(kind.__dataclass_fields__) for name, kind in CLASSES.items()
    }


@pytest.mark.parametrize(
    ("message", "field", "value"),
    [
        (FETCHED, "run", -1),
        (FETCHED, "run", True),
        (FETCHED, "run", 2**63),
        (FETCHED, "source", ""),
        (FETCHED, "source", "a\nb"),
        (FETCHED, "kind", "import"),
        (FETCHED, "kind", []),
        (FETCHED, "url", "x" * 9000),
        (FETCHED, "url", "\ud800"),
        (FETCHED, "at", "yesterday"),
        (FETCHED, "at", "2026-11-22T08:00:00"),
        (FETCHED, "at", "2026-11-22T09:00:00+01:00"),
        (FETCHED, "outcome", "eaten"),
        (FETCHED, "rest", float("nan")),
        (FETCHED, "record", "no base64!"),
        (FETCHED, "record", None),
        (ENDED, "is_complete", 1),
        (ENDED, "validators", [["one", "two"]]),
        (ENDED, "unreliable", ["x"] * 10_001),
        (BEAT, "runs", "123"),
        (BEAT, "worker", 7),
        (BEAT, "wire", 2),
        (BEAT, "message", "order"),
        (BEAT, "more", 1),
    ],
)
def test_what_no_worker_sends_is_refused(message: Any, field: str, value: object) -> None:
    values = {**json.loads(encode_message(message)), field: value}
    with pytest.raises(WireError):
        decode_message(json.dumps(values).encode())


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"null", b"[" * 100_000, b'{"wire": 1}'])
def test_what_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(WireError):
        decode_message(body)


@given(
    st.dictionaries(
        st.sampled_from(sorted({*CHECKS["fetched"], "wire", "message"})), st.none() | texts | numbers
    )
)
def test_anything_is_refused_or_understood(values: dict[str, Any]) -> None:
    try:
        decode_message(json.dumps({"wire": WIRE_VERSION, **values}).encode())
    except WireError:
        return
