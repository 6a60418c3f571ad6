"""Bar charts as SVG coordinates computed on the server, so that the front page needs no script."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

# Languages with a colour of their own; all others share one.
LANGUAGES = ("zh", "en")
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from `since` up to, not including, `until` (ISO dates), and what a heading calls them."""

    since: str
    until: str
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One segment of a stacked bar, in units of the drawing; `kind` is a language or `OTHER`."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the chart: its numbers, its horizontal extent and its bars."""

    day: str
    total: int
    x: float
    width: float
    bars: tuple[Bar, ...]
    counts: Mapping[str, int]


def find_week(newest: str | None, today: date) -> Week:
    """Return the last seven days or, where `newest` is before them, the seven days that end with it."""
    last = date.fromisoformat(newest) if newest else today
    is_current = last > today - timedelta(days=7)
    if is_current:
        last = today
    since = last - timedelta(days=6)
    return Week(
        since.isoformat(),
        (last + timedelta(days=1)).isoformat(),
        "this week" if is_current else f"week of {since.isoformat()}",
    )


def list_days(last: date, number: int) -> list[str]:
    """Return the last `number` days up to and including `last`, earliest first."""
    return [(last - timedelta(days=back)).isoformat() for back in reversed(range(number))]


def build_chart(
    rows: Iterable[Mapping[str, Any]], days: Sequence[str], width: float, height: float
) -> list[Day]:
    """Return stacked bars of rows (`day`, `language`, `articles`); the largest day has the full height."""
    counts: dict[str, Counter[str]] = {day: Counter() for day in days}
    for row in rows:
        kind = row["language"] if row["language"] in LANGUAGES else OTHER
        counts[row["day"]][kind] += row["articles"]
    largest = max((day.total() for day in counts.values()), default=0) or 1
    step = width / len(days)
    return [
        Day(
            day,
            numbers.total(),
            round(number * step, 2),
            round(step, 2),
            tuple(_stack_bars(numbers, number * step, step * 0.8, height, height / largest)),
            numbers,
        )
        for number, (day, numbers) in enumerate(counts.items())
    ]


def _stack_bars(
    counts: Mapping[str, int], x: float, width: float, bottom: float, unit: float
) -> Iterable[Bar]:
    """Yield one bar for each language, each on top of the one before; `unit` is the height of an article."""
    y = bottom
    for kind in (*LANGUAGES, OTHER):
        if height := counts.get(kind, 0) * unit:
            y -= height
            yield Bar(round(x, 2), round(y, 2), round(width, 2), round(height, 2), kind)


def compute_shares(days: Iterable[Day]) -> list[tuple[str, int, int]]:
    """Return (language, articles, percent) over all days, largest first."""
    totals: Counter[str] = Counter()
    for day in days:
        totals.update(day.counts)
    return [(kind, number, round(100 * number / totals.total())) for kind, number in totals.most_common()]


def list_weeks(last: date, number: int) -> list[str]:
    """Return the Mondays of the last `number` weeks up to and including that of `last`, earliest first."""
    monday = last - timedelta(days=last.weekday())
    return [(monday - timedelta(weeks=back)).isoformat() for back in reversed(range(number))]


def build_line(values: Sequence[int], largest: int, width: float, height: float) -> str:
    """Return the `points` of an SVG polyline with equal steps; `largest` has the full height."""
    step = width / max(len(values) - 1, 1)
    unit = height / (largest or 1)
    return " ".join(f"{at * step:.1f},{height - value * unit:.1f}" for at, value in enumerate(values))
