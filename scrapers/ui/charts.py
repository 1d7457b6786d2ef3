"""Bars of counts by day, as positions in an SVG drawing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scrapers.publish.search import DayCount

HEIGHT = 100  # units of the drawing that stand for the largest count
WIDTH = 10  # of a bar with its gap
FEWEST_BARS = 30  # days
MOST_BARS = 400  # of a longer span the newest days are drawn


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of a chart: where it stands from the left, and how high."""

    day: date
    count: int
    x: int
    height: int


def bars(counts: Sequence[DayCount]) -> list[Bar]:
    """Return a bar for each day from the first count to the last, of FEWEST_BARS days at least."""
    if not counts:
        return []
    by_day = Counter[date]()
    for one in counts:
        by_day[one.day] += one.matches
    last, largest = max(by_day), max(by_day.values())
    length = min(max((last - min(by_day)).days + 1, FEWEST_BARS), MOST_BARS)
    days = [last - timedelta(days=n) for n in reversed(range(length))]
    return [Bar(day, by_day[day], n * WIDTH, round(HEIGHT * by_day[day] / largest)) for n, day in enumerate(days)]
