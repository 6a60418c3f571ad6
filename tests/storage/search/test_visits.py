"""What is new to a reader."""

from datetime import UTC, datetime, timedelta

import pytest

from shopwire.storage.search.visits import continue_visit, parse_visit

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def test_a_visit_lasts_until_half_an_hour_without_a_request() -> None:
    first = continue_visit(None, 10, NOW)
    assert (first.after, first.before) == (10, None)
    later = continue_visit(first, 12, NOW + timedelta(minutes=29))
    assert (later.after, later.seen, later.before) == (10, 12, None)
    next_day = continue_visit(parse_visit(later.write()), 20, NOW + timedelta(days=1))
    assert (next_day.after, next_day.before) == (12, NOW + timedelta(minutes=29))
    same = continue_visit(parse_visit(next_day.write()), 25, NOW + timedelta(days=1, minutes=5))
    assert (same.after, same.seen, same.before) == (12, 25, next_day.before)


def test_a_marker_from_the_future_is_ignored() -> None:
    last = continue_visit(None, 10, NOW + timedelta(days=1))
    assert continue_visit(last, 12, NOW).after == 12


@pytest.mark.parametrize("marker", ["", "1.2.3", "1.2.3.x", "-1.2.3.4", "1.2.3.999999999999", "9" * 99])
def test_what_is_no_marker_is_ignored(marker: str) -> None:
    assert parse_visit(marker) is None
