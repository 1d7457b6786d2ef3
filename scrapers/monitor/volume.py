"""Whether an outlet has fallen silent or publishes less than usual, told from how many articles came in each hour.

What is usual is what came at this time of the week in the weeks before: a day's level and its weekday's factor, spread
over the hours as the outlet spreads them. What all outlets have in common, such as a holiday, is divided out. How much
days differ anyway is taken from what is left over (the residuals).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, lgamma, log

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HOURS = 24 * (1 + 6 * 7)  # that are looked at: the last day, and six weeks before it
LEAST_DAYS = 14  # that an outlet must be known for
LEAST_A_DAY = 5.0  # articles; less is not worth a rule of chance
QUARTER_DAYS = 90
FALSE_A_QUARTER = 0.1  # silences by mere chance that an outlet may raise
LEAST_SURPRISE = 9.0  # -log(chance) of a silence, however few pauses there are
SHORTEST_SILENCE_H = 3  # so that no pause between two crawls is one
FALLEN = 0.55  # of the usual number: what is called less
# Hours, articles that are usual in them, and the chance of so few or fewer below which less is told. Where 50 are usual
# a loss of 60 % stands out in a day; where fewer are, only a stricter limit keeps chance from being told.
CHANCE_OF_LESS = ((12, 1, 2e-5), (18, 1, 2e-5), (24, 1, 2e-4), (24, 50, 5e-4))
MORE = 4.0  # times as many as usual
LEAST_MORE = 40  # articles
LEAST_COMMON, MOST_COMMON = 0.25, 1.25  # less is no holiday: all have stopped; more need not be news for all
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
    of_weekday = np.nanmean(evened.reshape(len(days), -1, 7), axis=1)
    of_days = _of_days(evened, of_weekday)
    of_weekday, of_level = _settled(of_weekday, of_days, weeks=(~np.isnan(days)).sum(axis=1, keepdims=True) / 7)
    level = np.tile(of_weekday, (1, days.shape[1] // 7))
    shape = np.tile(_shape(base / common[:, :, None]), (1, days.shape[1] // 7, 1))
    expected = level[:, :, None] * shape
    last_day = expected[:, 6:7]  # is of the weekday of the seventh before it
    hourly = np.concatenate([last_day, expected], axis=1).reshape(len(counts), -1)
    spread = np.sqrt(of_days**2 + of_level)
    return Usual(hourly, spread, _burst(base, expected * common[:, :, None]), level.mean(axis=1))


def _shape(base: Floats) -> Floats:
    """Return by weekday the share of each hour in its day.

    Days here end at any hour, so that one may begin on a Friday and end on a Saturday: all days tell the share of an
    hour, and the 24 hours around it in all weeks how much more or less it has at this time of the week.
    """
    hour_of_day = np.nansum(base, axis=1, keepdims=True) + 0.5
    of_week = np.nanmean(base.reshape(len(base), -1, 7 * 24), axis=1) + 0.01
    around = np.concatenate([of_week[:, -12:], of_week, of_week[:, :12]], axis=1).cumsum(axis=1)
    nearby = (around[:, 24:] - around[:, :-24]).reshape(len(base), 7, 24)
    shape = hour_of_day * nearby
    shares: Floats = shape / shape.sum(axis=2, keepdims=True)
    return shares


def _by_weekday(days: Floats, mean: Callable[..., Floats]) -> Floats:
    """Return each day's usual number: the mean of those of the same weekday."""
    weeks = days.shape[1] // 7
    return np.tile(mean(days.reshape(len(days), weeks, 7), axis=1), (1, weeks))


def _common(days: Floats, usual_days: Floats) -> Floats:
    """Return by day the factor by which outlets together differ from what is usual; 1 where too few tell."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(usual_days >= LEAST_A_DAY, days / usual_days, np.nan)
    are_enough = (~np.isnan(ratio)).sum(axis=0) >= LEAST_OUTLETS
    middle = np.nanmedian(np.where(are_enough, ratio, 1.0), axis=0)
    clipped: Floats = np.clip(middle, LEAST_COMMON, MOST_COMMON)[None, :]
    return clipped


def _of_days(days: Floats, of_weekday: Floats) -> Floats:
    """Return the relative spread of days around their weekday's level, beyond mere counting noise.

    Six weeks tell it to a quarter only, so that it is drawn towards what most outlets have, where that explains it.
    """
    level = np.maximum(np.tile(of_weekday, (1, days.shape[1] // 7)), 0.1)
    variance = _scale(days / level) ** 2 * 6 / 5  # a weekday's level follows its six days
    own = variance - (1 / level).mean(axis=1)
    if len(days) >= LEAST_OUTLETS:
        middle = max(float(np.median(own)), 0.0)
        own = np.maximum(_drawn(own, middle, (0.25 * variance) ** 2), 0.64 * middle)  # none is calmer by a fifth
    spread: Floats = np.sqrt(np.maximum(own, LEAST_SPREAD**2))
    return spread


def _scale(rows: Floats) -> Floats:
    """Return the standard deviation of each row, which a quarter of odd values does not move: the estimator Qn.

    Rousseeuw and Croux, Alternatives to the median absolute deviation, 1993.
    """
    first, second = np.triu_indices(rows.shape[1], 1)
    known = (~np.isnan(rows)).sum(axis=1)
    quarter: Floats = np.nanquantile(np.abs(rows[:, first] - rows[:, second]), 0.25, axis=1)
    scale: Floats = 2.2219 * quarter * known / (known + 3.8)
    return scale


def _drawn(values: Floats, middle: Floats | float, error: Floats) -> Floats:
    """Return values drawn towards the middle: wholly where they lie near it beside their `error` (a variance)."""
    odd = values - middle
    drawn: Floats = middle + odd**3 / (odd**2 + error)
    return drawn


def _settled(of_weekday: Floats, of_days: Floats, weeks: Floats) -> tuple[Floats, Floats]:
    """Return each weekday's level, drawn towards that of most weekdays, and the relative variance of the last day's."""
    middle = np.maximum(np.median(of_weekday, axis=1, keepdims=True), 0.1)
    error = ((of_days**2)[:, None] + 1 / middle) / weeks
    is_near = np.abs(of_weekday / middle - 1) < 2 * np.sqrt(error)
    middle = np.maximum(np.average(of_weekday, axis=1, weights=is_near + 1e-9)[:, None], 0.1)
    drawn = _drawn(of_weekday / middle, 1.0, 3 * error)
    odd = (of_weekday[:, 6:7] / middle - 1) ** 2
    alone = odd / (odd + 3 * error)  # how far that weekday goes by its own six days: all of a week tell it better
    return middle * drawn, (error * (0.3 + 0.7 * alone))[:, 0]


def _burst(base: Floats, expected: Floats) -> Floats:
    """Return how many times as much hours scatter as counts that come one by one do."""
    known = np.where(np.isnan(base), 0.0, expected).sum(axis=(1, 2))
    burst: Floats = np.nansum((base - expected) ** 2, axis=(1, 2)) / np.maximum(known, 1)
    return np.maximum(burst, 1.001)


def judge(counts: Floats, gaps_h: Floats) -> list[tuple[str, Volume] | None]:
    """Return for each outlet the rule that it breaks (silence, fewer_articles or more_articles) and by how much.

    `counts` is as in `usual`, `gaps_h` are the hours since each outlet's last article. None: as usual, or too few.
    """
    found = usual(counts)
    each = zip(silences(counts, gaps_h, found), shortfalls(counts, found), surges(counts, found), strict=True)
    return [
        _broken(silence, less, more) if a_day >= LEAST_A_DAY else None
        for (silence, less, more), a_day in zip(each, found.a_day, strict=True)
    ]


def _broken(silence: Volume, less: Volume, more: Volume) -> tuple[str, Volume] | None:
    if silence.is_rare:  # brings less, too
        return "silence", silence
    if less.is_rare and less.came:  # where nothing came, it is a silence of some hours or none at all
        return "fewer_articles", less
    return ("more_articles", more) if more.is_rare else None


def surges(counts: Floats, found: Usual) -> list[Volume]:
    """Return for each outlet the last day: rare where it brought MORE times as many articles as usual."""
    each = zip(counts[:, :24].sum(axis=1), found.hourly[:, :24].sum(axis=1), strict=True)
    return [Volume(24, int(came), mean, 1.0, came >= max(LEAST_MORE, MORE * mean)) for came, mean in each]


def common_now(counts: Floats, hourly: Floats, hours: int) -> Floats:
    """Return for each outlet the factor by which the others differ from what is usual in the last hours."""
    came, expected = counts[:, :hours].sum(axis=1), hourly[:, :hours].sum(axis=1)
    ratio = np.where(expected >= 2, came / np.maximum(expected, 2), np.nan)
    if np.isfinite(ratio).sum() < LEAST_OUTLETS:
        return np.ones(len(counts))
    others = np.where(np.eye(len(counts), dtype=bool), np.nan, ratio)
    factors: Floats = np.clip(np.nanmedian(others, axis=1), LEAST_COMMON, MOST_COMMON)
    return factors


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
    variance = found.spread[row] ** 2
    surprise = burst * log(1 + expected * variance) / variance  # -log of negative_binomial_cdf(0, …), for bursts
    is_rare = gap >= SHORTEST_SILENCE_H and surprise >= least_surprise(found.hourly[row] * burst)
    return Volume(gap, 0, expected, exp(-surprise), is_rare)


def least_surprise(hourly: Floats) -> float:
    """Return the least -log(chance) of a silence that is told, so that chance makes FALSE_A_QUARTER of them.

    Each article begins a pause, and of N pauses N / e**x are rarer than x. Those that begin where three hours bring
    more than that many articles don't count: they are told after three hours.
    """
    week, least = hourly[: 24 * 7], LEAST_SURPRISE + 1
    for _ in range(3):
        pauses = week[week * SHORTEST_SILENCE_H < least].sum() * QUARTER_DAYS / 7
        least = max(log(max(pauses / FALSE_A_QUARTER, 1)), LEAST_SURPRISE)
    return least


def shortfalls(counts: Floats, found: Usual) -> list[Volume]:
    """Return for each outlet the window of CHANCE_OF_LESS in which what came was least likely."""
    each = [_shortfalls(counts, found, *limit) for limit in CHANCE_OF_LESS]
    return [min(windows, key=lambda one: (not one.is_rare, one.chance)) for windows in zip(*each, strict=True)]


def _shortfalls(counts: Floats, found: Usual, hours: int, least: float, limit: float) -> list[Volume]:
    came = counts[:, :hours].sum(axis=1)
    expected = found.hourly[:, :hours].sum(axis=1) * _factors(counts, found, hours)
    each = zip(came, expected, found.spread, strict=True)
    return [
        _shortfall(hours, int(n), float(mean), float(spread), limit if mean >= least else 0.0)
        for n, mean, spread in each
    ]


def _shortfall(hours: int, came: int, expected: float, spread: float, limit: float) -> Volume:
    if came >= FALLEN * expected:
        return Volume(hours, came, expected, 1.0, False)
    chance = negative_binomial_cdf(came, expected, spread)
    return Volume(hours, came, expected, chance, chance < limit)


def negative_binomial_cdf(came: int, expected: float, spread: float) -> float:
    """Return the probability of so many or fewer, where the `expected` number itself varies by the share `spread`."""
    size = 1 / spread**2
    numbers = np.arange(came + 1)
    rows = np.array([lgamma(n + size) - lgamma(n + 1) for n in numbers])
    logs = rows - lgamma(size) + size * log(size / (size + expected)) + numbers * log(expected / (size + expected))
    return float(min(1.0, np.exp(logs).sum()))
