"""The bars of the front page."""

from datetime import date

import pytest

from shopwire.storage.datasette.charts import daily_bars, days_until, shares

DAYS = days_until(date(2026, 3, 1), 3)
ROWS = [
    {"day": "2026-02-27", "language": "zh", "articles": 3},
    {"day": "2026-03-01", "language": "zh", "articles": 1},
    {"day": "2026-03-01", "language": "en", "articles": 4},
    {"day": "2026-03-01", "language": "de", "articles": 1},
    {"day": "2026-03-01", "language": "und", "articles": 2},
]


def test_the_days_end_with_the_last_one() -> None:
    assert DAYS == ["2026-02-27", "2026-02-28", "2026-03-01"]


def test_the_fullest_day_fills_the_drawing_and_the_others_are_in_proportion() -> None:
    first, empty, last = daily_bars(ROWS, DAYS, width=300, height=80)
    assert (first.total, empty.total, last.total) == (3, 0, 8)
    assert sum(bar.height for bar in last.bars) == pytest.approx(80)
    assert sum(bar.height for bar in first.bars) == pytest.approx(30)
    assert empty.bars == ()
    assert [bar.kind for bar in last.bars] == ["zh", "en", "other"]


def test_bars_stand_on_each_other_and_on_the_ground() -> None:
    for day in daily_bars(ROWS, DAYS, width=300, height=80):
        ground = 80.0
        for bar in day.bars:
            assert bar.y + bar.height == pytest.approx(ground)
            ground = bar.y
            assert day.x <= bar.x
            assert bar.x + bar.width <= day.x + day.width


def test_no_article_at_all_draws_nothing() -> None:
    bars = daily_bars([], DAYS, width=300, height=80)
    assert [day.bars for day in bars] == [(), (), ()]
    assert shares(bars) == []


def test_shares_are_of_all_days() -> None:
    assert shares(daily_bars(ROWS, DAYS, 300, 80)) == [
        ("zh", 4, 36),
        ("en", 4, 36),
        ("other", 3, 27),
    ]
