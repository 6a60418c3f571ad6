"""Bars drawn by the server, so that the front page needs no script."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

# Languages that have a colour of their own; the others share one.
SHOWN = ("zh", "en")
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece of a stacked bar, in units of the drawing; `kind` is a language."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the chart: what to say of it and where to find it."""

    day: str
    total: int
    x: float
    width: float
    bars: tuple[Bar, ...]
    counts: Mapping[str, int]


def days_until(last: date, number: int) -> list[str]:
    """The last `number` days up to and with `last`, earliest first."""
    return [(last - timedelta(days=back)).isoformat() for back in reversed(range(number))]


def daily_bars(
    rows: Iterable[Mapping[str, Any]], days: Sequence[str], width: float, height: float
) -> list[Day]:
    """Stacked bars of rows (`day`, `language`, `articles`), as high as the fullest day needs."""
    counts: dict[str, dict[str, int]] = {day: {} for day in days}
    for row in rows:
        kind = row["language"] if row["language"] in SHOWN else OTHER
        of_day = counts[row["day"]]
        of_day[kind] = of_day.get(kind, 0) + row["articles"]
    fullest = max((sum(of_day.values()) for of_day in counts.values()), default=0) or 1
    step = width / len(days)
    drawn = []
    for number, (day, of_day) in enumerate(counts.items()):
        x, y, bars = number * step, height, []
        for kind in (*SHOWN, OTHER):
            tall = of_day.get(kind, 0) / fullest * height
            y -= tall
            if tall:
                bars.append(
                    Bar(round(x, 2), round(y, 2), round(step * 0.8, 2), round(tall, 2), kind)
                )
        drawn.append(
            Day(day, sum(of_day.values()), round(x, 2), round(step, 2), tuple(bars), of_day)
        )
    return drawn


def shares(days: Iterable[Day]) -> list[tuple[str, int, int]]:
    """How the languages split over the days: (language, articles, percent), most first."""
    totals: dict[str, int] = {}
    for day in days:
        for kind, number in day.counts.items():
            totals[kind] = totals.get(kind, 0) + number
    everything = sum(totals.values()) or 1
    ordered = sorted(totals.items(), key=lambda one: -one[1])
    return [(kind, number, round(100 * number / everything)) for kind, number in ordered]
