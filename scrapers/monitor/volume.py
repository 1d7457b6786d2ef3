"""Whether an outlet has fallen silent or publishes less than usual, told from how many articles came in each hour.

What is usual is what came at this time of the week in the weeks before: a day's level and its weekday's factor, spread
over the hours as the outlet spreads them. What all outlets have in common, such as a holiday, is divided out. How much
days differ anyway is taken from what is left over (the residuals).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import e, exp, lgamma, log

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HOURS = 24 * (1 + 6 * 7)  # that are looked at: the last day, and six weeks before it
LEAST_DAYS = 14  # that an outlet must be known for
LEAST_A_DAY = 5.0  # articles; less is not worth a rule of chance
QUARTER_DAYS = 90
FALSE_A_QUARTER = 0.1  # silences by mere chance that an outlet may raise
SHORTEST_SILENCE_H = 3  # so that no pause between two crawls is one
FALLEN = 0.55  # of the usual number: what is called less
CHANCE_OF_LESS = 2e-4  # of so few or fewer articles in a window, by which less is told from an ordinary day
WINDOWS_H = (12, 18, 24)  # of which less is told
LEAST_COMMON, MOST_COMMON = 0.25, 1.0  # below that all have stopped, which is no holiday
LEAST_OUTLETS = 4  # that must agree on what they have in common
LEAST_SPREAD = 0.1  # of a day's number around the usual one, however even the days were


@dataclass(frozen=True, slots=True)
class Volume:
    """What is usual for one outlet, and what came: `expected` articles where `came` articles came in `hours`.

    `chance` is the probability of so few by mere chance, `is_rare` whether it is so small that somebody should look.
    """

    hours: float
    came: int
    expected: float
    chance: float
    is_rare: bool


@dataclass(frozen=True, slots=True)
class Usual:
    """Expected articles by outlet and hour (hour 0 is the last), and how days and hours scatter around them."""

    hourly: Floats
    spread: Floats
    burst: Floats
    a_day: Floats


def usual(counts: Floats) -> Usual:
    """Return what is usual for each outlet.

    `counts` has a row an outlet and a column an hour, the last hour first; days before an outlet was known are NaN.
    """
    base = counts[:, 24:HOURS].reshape(len(counts), -1, 24)
    days = base.sum(axis=2)
    common = _common(days, _by_weekday(days, np.nanmedian))
    evened = days / common
    level = _by_weekday(evened, np.nanmean)
    shape = np.nansum(base, axis=1) + 0.5
    shape /= shape.sum(axis=1, keepdims=True)
    last_day = level[:, 6:7]  # is of the weekday of the seventh before it
    daily = np.concatenate([last_day, level], axis=1)
    hourly = (daily[:, :, None] * shape[:, None, :]).reshape(len(counts), -1)
    expected = (daily[:, 1:] * common)[:, :, None] * shape[:, None, :]
    return Usual(hourly, _spread(evened, level), _burst(base, expected), level.mean(axis=1))


def _by_weekday(days: Floats, mean: Callable[..., Floats]) -> Floats:
    """Return each day's usual number: the mean of those of the same weekday."""
    weeks = days.shape[1] // 7
    return np.tile(mean(days.reshape(len(days), weeks, 7), axis=1), (1, weeks))


def _common(days: Floats, usual_days: Floats) -> Floats:
    """Return by day the factor by which all outlets lie below what is usual; 1 where too few are known to tell."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(usual_days >= LEAST_A_DAY, days / usual_days, np.nan)
    are_enough = (~np.isnan(ratio)).sum(axis=0) >= LEAST_OUTLETS
    middle = np.nanmedian(np.where(are_enough, ratio, 1.0), axis=0)
    clipped: Floats = np.clip(middle, LEAST_COMMON, MOST_COMMON)[None, :]
    return clipped


def _spread(days: Floats, level: Floats) -> Floats:
    """Return the relative spread of days around their level beyond mere counting noise, and of that level itself."""
    a_day = np.maximum(level.mean(axis=1), 0.1)
    residual = days / np.maximum(level, 0.1)
    middle = np.nanmedian(residual, axis=1, keepdims=True)
    scale = 1.4826 * np.nanmedian(np.abs(residual - middle), axis=1)
    own = np.sqrt(np.maximum(scale**2 * 1.2 - 1 / a_day, 0))
    of_days = np.maximum(np.maximum(own, 0.8 * np.median(own)), LEAST_SPREAD)
    of_level: Floats = (of_days**2 + 1 / a_day) / 6  # a weekday's level is the mean of six days
    spread: Floats = np.sqrt(of_days**2 + of_level)
    return spread


def _burst(base: Floats, expected: Floats) -> Floats:
    """Return how many times as much hours scatter as counts that come one by one do."""
    known = np.where(np.isnan(base), 0.0, expected).sum(axis=(1, 2))
    burst: Floats = np.nansum((base - expected) ** 2, axis=(1, 2)) / np.maximum(known, 1)
    return np.maximum(burst, 1.001)


def common_now(counts: Floats, hourly: Floats, hours: int) -> Floats:
    """Return for each outlet the factor by which the others lie below what is usual in the last hours."""
    came, expected = counts[:, :hours].sum(axis=1), hourly[:, :hours].sum(axis=1)
    factors = np.ones(len(counts))
    known = expected >= 2
    for row in range(len(counts)):
        others = known.copy()
        others[row] = False
        if others.sum() >= LEAST_OUTLETS - 1:
            factors[row] = np.median(came[others] / expected[others])
    return np.clip(factors, LEAST_COMMON, MOST_COMMON)


def silences(counts: Floats, gaps_h: Floats, found: Usual) -> list[Volume]:
    """Return for each outlet its silence, which has lasted `gaps_h` hours."""
    hours = [min(int(gap), HOURS - 1) for gap in gaps_h]
    common = {gap: _factors(counts, found, max(gap, 1)) for gap in set(hours)}
    return [_silence(row, gap, float(common[hours[row]][row]), found) for row, gap in enumerate(gaps_h)]


def _factors(counts: Floats, found: Usual, hours: int) -> Floats:
    """Return what outlets have in common now; a few hours alone would say too little."""
    return np.minimum(common_now(counts, found.hourly, hours), common_now(counts, found.hourly, 24))


def _silence(row: int, gap: float, common: float, found: Usual) -> Volume:
    whole = min(int(gap), HOURS - 1)
    expected = common * float(found.hourly[row, :whole].sum() + (gap - whole) * found.hourly[row, whole])
    burst = log(found.burst[row]) / (found.burst[row] - 1)
    surprise = expected * burst
    is_rare = gap >= SHORTEST_SILENCE_H and surprise >= least_surprise(found.hourly[row] * burst)
    return Volume(gap, 0, expected, exp(-surprise), is_rare)


def least_surprise(hourly: Floats) -> float:
    """Return the least -log(chance) of a silence that is told, so that chance makes FALSE_A_QUARTER of them.

    Each article begins a pause, and of N pauses N / e**x are rarer than x. Those that begin where three hours bring
    more than that many articles don't count: they are told after three hours.
    """
    week, least = hourly[: 24 * 7], 10.0
    for _ in range(3):
        pauses = week[week * SHORTEST_SILENCE_H < least].sum() * QUARTER_DAYS / 7
        least = log(max(pauses / FALSE_A_QUARTER, e))
    return least


def shortfalls(counts: Floats, found: Usual) -> list[Volume]:
    """Return for each outlet the window of WINDOWS_H in which what came was least likely."""
    each = [_shortfalls(counts, found, hours) for hours in WINDOWS_H]
    return [min(windows, key=lambda one: (not one.is_rare, one.chance)) for windows in zip(*each, strict=True)]


def _shortfalls(counts: Floats, found: Usual, hours: int) -> list[Volume]:
    came = counts[:, :hours].sum(axis=1)
    expected = found.hourly[:, :hours].sum(axis=1) * _factors(counts, found, hours)
    return [
        _shortfall(hours, int(n), float(mean), float(spread))
        for n, mean, spread in zip(came, expected, found.spread, strict=True)
    ]


def _shortfall(hours: int, came: int, expected: float, spread: float) -> Volume:
    if expected < 1 or came >= FALLEN * expected:
        return Volume(hours, came, expected, 1.0, False)
    chance = chance_of_at_most(came, expected, spread)
    return Volume(hours, came, expected, chance, chance < CHANCE_OF_LESS)


def chance_of_at_most(came: int, expected: float, spread: float) -> float:
    """Return the probability of so many or fewer: counts around a level that itself varies (negative binomial)."""
    size = 1 / spread**2
    numbers = np.arange(came + 1)
    rows = np.array([lgamma(n + size) - lgamma(n + 1) for n in numbers])
    logs = rows - lgamma(size) + size * log(size / (size + expected)) + numbers * log(expected / (size + expected))
    return float(min(1.0, np.exp(logs).sum()))
