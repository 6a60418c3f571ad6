"""A server that answers 304 whatever is new is found out, and believed no more."""

from datetime import UTC, datetime, timedelta

import pytest

from shopwire.storage.ledger import PROOF, Validators, distrust, remember_validators, validators
from shopwire.storage.store import Store

URL = "https://blog.example/feed"
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(("age", "expected"), [(PROOF, True), (PROOF / 2, False)])
def test_proof_is_wanted_now_and_then(age: timedelta, expected: bool) -> None:
    assert Validators('"a"', at=NOW - age).want_proof(NOW) is expected


def test_a_list_never_read_in_full_wants_no_proof() -> None:
    assert not Validators().want_proof(NOW)


def test_distrust_outlives_the_next_validators(store: Store) -> None:
    with store.writing():
        remember_validators(store, URL, Validators('"a"'))
        assert validators(store, URL).may_be_sent()
        distrust(store, URL)
        remember_validators(store, URL, Validators('"b"'))
    assert not validators(store, URL).may_be_sent()
