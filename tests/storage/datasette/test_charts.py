"""The bar chart of the front page."""

from datetime import date, timedelta

import pytest

from shopwire.storage.datasette.pages.charts import (
    Week,
    build_chart,
    compute_shares,
    find_week,
    list_days,
)

DAYS = list_days(date(2026, 3, 1), 3)
ROWS = [
    {"day": "2026-02-27", "language": "zh", "articles": 3},
    {"day": "2026-03-01", "language": "zh", "articles": 1},
    {"day": "2026-03-01", "language": "en", "articles": 4},
    {"day": "2026-03-01", "language": "de", "articles": 1},
    {"day": "2026-03-01", "language": "und", "articles": 2},
]


def test_the_days_end_with_the_last_one() -> None:
    assert DAYS == ["2026-02-27", "2026-02-28", "2026-03-01"]


def test_the_largest_day_has_the_full_height() -> None:
    first, empty, last = build_chart(ROWS, DAYS, width=300, height=80)
    assert (first.total, empty.total, last.total) == (3, 0, 8)
    assert sum(bar.height for bar in last.bars) == pytest.approx(80)
    assert sum(bar.height for bar in first.bars) == pytest.approx(30)
    assert empty.bars == ()
    assert [bar.kind for bar in last.bars] == ["zh", "en", "other"]


def test_bars_are_stacked_from_the_bottom() -> None:
    for day in build_chart(ROWS, DAYS, width=300, height=80):
        bottom = 80.0
        for bar in day.bars:
            assert bar.y + bar.height == pytest.approx(bottom)
            bottom = bar.y
            assert day.x <= bar.x
            assert bar.x + bar.width <= day.x + day.width


def test_a_chart_without_articles_is_empty() -> None:
    bars = build_chart([], DAYS, width=300, height=80)
    assert [day.bars for day in bars] == [(), (), ()]
    assert compute_shares(bars) == []


def test_shares_add_up_all_days() -> None:
    assert compute_shares(build_chart(ROWS, DAYS, 300, 80)) == [
        ("zh", 4, 36),
        ("en", 4, 36),
        ("other", 3, 27),
    ]


@pytest.mark.parametrize("newest", [None, "2026-02-23", "2026-03-01", "2026-03-02"])
def test_the_week_is_the_current_one_while_it_has_something(newest: str | None) -> None:
    assert find_week(newest, date(2026, 3, 1)) == Week("2026-02-23", "2026-03-02", "this week")


@pytest.mark.parametrize("newest", ["2026-02-22", "2022-10-28"])
def test_an_older_week_ends_with_the_newest_day_and_says_when_it_was(newest: str) -> None:
    week = find_week(newest, date(2026, 3, 1))
    assert week.until == (date.fromisoformat(newest) + timedelta(days=1)).isoformat()
    assert week.since == (date.fromisoformat(newest) - timedelta(days=6)).isoformat()
    assert week.words == f"week of {week.since}"
