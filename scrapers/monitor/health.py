"""How an outlet fares: its volume against its own normal, its fields, its requests, its hosts, and what failed last."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from scrapers.storage.connection import dict_rows

Row = dict[str, Any]
SHOWN = 28  # days of volume; the usual one of each is the median of the same weekday of the four weeks before
WEEKS = 4
FIELDS = ("date_published", "author", "article_section", "keywords", "description", "image_url")
DAYS_OF_FIELDS, MOST_ARTICLES = 14, 5_000  # of which fill rates are taken
DAYS_OF_FETCHES = 7


@dataclass(frozen=True, slots=True)
class DayVolume:
    """The articles of a day, and how many are usual; None where there is nothing to compare with."""

    day: date
    articles: int
    usual: float | None


def volume(connection: psycopg.Connection, outlet: str, time_zone: str) -> list[DayVolume]:
    """Return the articles that were stored on each of the last SHOWN days, today's included."""
    asked = {"outlet": outlet, "time_zone": time_zone, "days": SHOWN + 7 * WEEKS + 1}
    counts = Counter({row["day"]: row["articles"] for row in dict_rows(connection, "outlet_volume", **asked)})
    return volume_by_day(counts, datetime.now(ZoneInfo(time_zone)).date())


def volume_by_day(counts: Mapping[date, int], today: date) -> list[DayVolume]:
    """Return the last SHOWN days until today, each with its usual number."""
    first = min(counts, default=today)
    days = (today - timedelta(days=ago) for ago in reversed(range(SHOWN)))
    return [DayVolume(day, counts.get(day, 0), _usual(counts, day, first)) for day in days]


def _usual(counts: Mapping[date, int], day: date, first: date) -> float | None:
    weeks = (day - timedelta(weeks=ago) for ago in range(1, WEEKS + 1))
    same_weekday = [counts.get(earlier, 0) for earlier in weeks if earlier >= first]
    return median(same_weekday) if same_weekday else None


def fields(connection: psycopg.Connection, outlet: str, time_zone: str) -> list[Row]:
    """Return by day the `articles`, the share of them that has each of FIELDS, and `half_within` and
    `nine_in_ten_within`: how long after publication they were stored, None where no page says when that was.
    """
    asked = {"outlet": outlet, "time_zone": time_zone, "days": DAYS_OF_FIELDS, "most": MOST_ARTICLES}
    rows = dict_rows(connection, "outlet_fields", **asked)
    return [row | {name: row[name] / row["articles"] for name in FIELDS} for row in rows]


def fetches(
    connection: psycopg.Connection, outlet: str, time_zone: str
) -> tuple[Sequence[str], Mapping[date, Counter[str]]]:
    """Return what came of requests (`2xx`, `failed`, …), and by day how many of each."""
    asked = {"outlet": outlet, "time_zone": time_zone, "days": DAYS_OF_FETCHES}
    return counted(dict_rows(connection, "outlet_fetches", **asked))


def counted(rows: Iterable[Row]) -> tuple[Sequence[str], Mapping[date, Counter[str]]]:
    """Return the results that rows have, and by day how many requests of each."""
    by_day: dict[date, Counter[str]] = defaultdict(Counter)
    for row in rows:
        by_day[row["day"]][row["result"]] += row["requests"]
    return sorted({result for counts in by_day.values() for result in counts}), by_day


def hosts(connection: psycopg.Connection, outlet: str) -> list[Row]:
    """Return the outlet's hosts: whether each is closed, and its robots.txt."""
    return dict_rows(connection, "outlet_hosts", outlet=outlet)


def failures(connection: psycopg.Connection, outlet: str) -> list[Row]:
    """Return why pages of the last crawls were not stored, each reason with an `example`."""
    return dict_rows(connection, "outlet_failures", outlet=outlet)


def untaken(connection: psycopg.Connection, outlet: str | None = None) -> list[Row]:
    """Return what feeds announced and the crawl did not take, by outlet and reason."""
    return dict_rows(connection, "untaken_by_outlet", outlet=outlet)
