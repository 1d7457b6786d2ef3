"""Bars of counts by day, as positions in an SVG drawing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scrapers.publish.search import DayCount

HEIGHT = 100  # units of the drawing that stand for the largest count
WIDTH = 10  # of a bar with its gap
MOST_BARS = 400  # days; of a longer span only the newest are drawn


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of a chart: where it stands from the left, and how high."""

    day: date
    count: int
    x: int
    height: int


def bars(counts: Sequence[DayCount]) -> list[Bar]:
    """Return a bar for each day from the first count to the last, those without any included."""
    if not counts:
        return []
    by_day = Counter[date]()
    for one in counts:
        by_day[one.day] += one.matches
    last, largest = max(by_day), max(by_day.values())
    first = max(min(by_day), last - timedelta(days=MOST_BARS - 1))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [Bar(day, by_day[day], n * WIDTH, round(HEIGHT * by_day[day] / largest)) for n, day in enumerate(days)]
