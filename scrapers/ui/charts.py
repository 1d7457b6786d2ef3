"""Bars of numbers, and a line for what is usual, as positions in an SVG drawing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scrapers.publish.search import DayCount

HEIGHT = 100  # units of the drawing that stand for the largest number
WIDTH = 10  # of a bar with its gap
FEWEST_BARS = 30  # days
MOST_BARS = 400  # of a longer span the newest days are drawn


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, its number and the usual one, where it stands from the left, and how high."""

    label: str
    value: float
    x: int
    height: int
    usual: float | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, and the points of a line through what is usual; empty without any."""

    bars: Sequence[Bar]
    line: str = ""

    @property
    def width(self) -> int:
        """Return the width of the drawing."""
        return len(self.bars) * WIDTH


def chart(values: Sequence[tuple[str, float]], usual: Sequence[float | None] = (), *, top: float = 0) -> Chart:
    """Return a bar for each label and number; the largest of all, `top` included, is as high as the drawing."""
    expected = [*usual, *[None] * (len(values) - len(usual))]
    largest = max([top, *(value for _, value in values), *(one for one in expected if one)], default=0) or 1
    bars = [
        Bar(label, value, n * WIDTH, round(HEIGHT * value / largest), one)
        for n, ((label, value), one) in enumerate(zip(values, expected, strict=True))
    ]
    points = (
        f"{bar.x + WIDTH / 2 - 1:g},{HEIGHT - HEIGHT * bar.usual / largest:.0f}"
        for bar in bars
        if bar.usual is not None
    )
    return Chart(bars, " ".join(points))


def by_day(counts: Sequence[DayCount]) -> Chart:
    """Return a bar for each day from the first count to the last, of FEWEST_BARS days at least; none without any."""
    if not counts:
        return Chart(())
    found = Counter[date]()
    for one in counts:
        found[one.day] += one.matches
    last = max(found)
    length = min(max((last - min(found)).days + 1, FEWEST_BARS), MOST_BARS)
    days = [last - timedelta(days=n) for n in reversed(range(length))]
    return chart([(day.isoformat(), found[day]) for day in days])
