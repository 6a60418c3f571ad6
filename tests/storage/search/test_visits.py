"""What is new to a reader."""

from datetime import UTC, datetime, timedelta

import pytest

from shopwire.storage.search.visits import LARGEST_TIME, PAUSE, Visit, continue_visit, parse_visit

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


def test_a_visit_ends_after_a_pause_of_half_an_hour_and_a_clock_may_be_off_by_as_much() -> None:
    last, second = Visit(5, 10, NOW, NOW - timedelta(days=1)), timedelta(seconds=1)
    for at in (NOW - PAUSE, NOW + PAUSE):
        assert continue_visit(last, 12, at) == Visit(5, 12, at, last.before)
    assert continue_visit(last, 12, NOW + PAUSE + second) == Visit(10, 12, NOW + PAUSE + second, NOW)
    assert continue_visit(last, 12, NOW - PAUSE - second) == Visit(12, 12, NOW - PAUSE - second)


def test_a_visit_is_read_as_it_was_written() -> None:
    for visit in (Visit(5, 10, NOW), Visit(5, 10, NOW, NOW - timedelta(days=1))):
        assert parse_visit(visit.write()) == visit
    assert Visit(5, 10, NOW).write() == f"5.10.{NOW.timestamp():.0f}.0"


def test_a_time_after_the_last_year_is_none() -> None:
    last = parse_visit(f"1.2.{LARGEST_TIME}.{LARGEST_TIME}")
    assert last
    assert last.at == last.before == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert parse_visit(f"1.2.{LARGEST_TIME + 1}.0") is None
    assert parse_visit(f"1.2.0.{LARGEST_TIME + 1}") is None


@pytest.mark.parametrize("marker", ["", "1.2.3", "1.2.3.x", "-1.2.3.4", "1.2.3.999999999999", "9" * 99])
def test_what_is_no_marker_is_ignored(marker: str) -> None:
    assert parse_visit(marker) is None
