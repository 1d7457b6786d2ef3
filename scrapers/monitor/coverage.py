"""How much of what an outlet announces is stored, by day and hour, and which articles contradict their feeds."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from scrapers.errors import UsageError
from scrapers.spiders import outlet as named
from scrapers.spiders import outlets
from scrapers.storage.connection import dict_rows, query
from scrapers.terminal import print_table, say

STORED = ("stored", "unchanged")
SHOWN = 14  # days
USUAL = 2.0  # pages that an hour of the day must bring on average for its silence to be shown


@dataclass
class Day:
    """The pages that were published on one day, as far as anybody said so.

    `missing` counts by hour the announced pages that are not stored, `silent` are hours of which nothing is known
    though the same hour of the other days brought something.
    """

    day: date
    announced: int = 0
    states: Counter[str] = field(default_factory=Counter)
    missing: Counter[int] = field(default_factory=Counter)
    silent: list[int] = field(default_factory=list)


def days(
    connection: psycopg.Connection, outlet: str, *, time_zone: str, first: date, last: date, now: datetime | None = None
) -> list[Day]:
    """Return each day from `first` to `last`, as the outlet's `time_zone` counts them."""
    zone = ZoneInfo(time_zone)
    now = now or datetime.now(zone)
    bounds = [datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1))]
    rows = connection.execute(
        query("coverage_hours"),
        {"outlet": outlet, "time_zone": time_zone, "since": bounds[0], "until": bounds[1]},
    ).fetchall()
    found = {first + timedelta(days=n): Day(first + timedelta(days=n)) for n in range((last - first).days + 1)}
    heard: dict[int, dict[date, int]] = defaultdict(dict)
    for hour, state, pages, announced in rows:
        day = found[hour.date()]
        day.states[state] += pages
        day.announced += announced
        if state not in STORED and announced:
            day.missing[hour.hour] += announced
        heard[hour.hour][day.day] = heard[hour.hour].get(day.day, 0) + pages
    for hour, by_day in heard.items():
        _note_silence(found, hour, by_day, until=now.astimezone(zone))
    return list(found.values())


def _note_silence(found: dict[date, Day], hour: int, by_day: dict[date, int], until: datetime) -> None:
    """Note the hour on the days on which it is over and brought nothing, where it usually does."""
    over = [
        day
        for day in found.values()
        if datetime.combine(day.day, time(hour), until.tzinfo) < until - timedelta(hours=1)
    ]
    if len(over) > 1 and fmean(by_day.get(day.day, 0) for day in over) >= USUAL:
        for day in over:
            if day.day not in by_day:
                day.silent.append(hour)
                day.silent.sort()


def span(outlet: str, since: datetime | None, until: datetime | None) -> dict[str, Any]:
    """Return the days to show of an outlet, as `days` takes them: the last SHOWN unless they are given.

    Raises UsageError for an outlet that is neither declared nor named as a site is, and for days in the wrong order.
    """
    declared = {spider.name: spider for spider in outlets()}
    if outlet not in declared and "." not in outlet:
        named(outlet)
    time_zone = declared[outlet].time_zone if outlet in declared else "UTC"
    last = until.date() if until else datetime.now(ZoneInfo(time_zone)).date()
    first = since.date() if since else last - timedelta(days=SHOWN - 1)
    if first > last:
        raise UsageError(f"--since {first} is after --until {last}")
    return {"time_zone": time_zone, "first": first, "last": last}


def all_outlets(connection: psycopg.Connection) -> list[dict[str, Any]]:
    """Return each outlet of the ledger with its pages by state."""
    return dict_rows(connection, "coverage_outlets")


def untaken(connection: psycopg.Connection, outlet: str) -> list[dict[str, Any]]:
    """Return what the outlet's feeds announced and the crawl did not take, by reason, with an example."""
    return dict_rows(connection, "coverage_untaken", outlet=outlet)


def contradicted(connection: psycopg.Connection, outlet: str) -> dict[str, Any]:
    """Return how many `articles` of the outlet say something else than their feed, and an `example` of them."""
    [row] = dict_rows(connection, "coverage_contradicted", outlet=outlet)
    return row


def as_rows(found: Sequence[Day]) -> list[dict[str, Any]]:
    """Return the days as JSON holds them."""
    return [
        {
            "day": day.day,
            "announced": day.announced,
            "states": dict(day.states),
            "missing": dict(day.missing),
            "silent": day.silent,
        }
        for day in found
    ]


def print_outlets(rows: Sequence[dict[str, Any]]) -> None:
    """Print one line an outlet."""
    states = sorted({state for row in rows for state in row["states"]})
    columns = ("outlet", *states, "last discovered (UTC)", "stored in a day", "not taken", "alarms")
    shown = []
    for row in rows:
        counts = (row["states"].get(state, "") for state in states)
        last = f"{row['last_discovered_at']:%Y-%m-%d %H:%M}"
        shown.append((row["outlet"], *counts, last, row["stored_in_a_day"], row["untaken"] or "", row["alarms"] or ""))
    print_table(columns, shown)


def print_days(found: Sequence[Day]) -> None:
    """Print one line a day that anything is known of."""
    states = sorted({state for day in found for state in day.states})
    columns = ("day", "announced", *states, "announced, not stored (hour: pages)", "silent hours")
    shown = []
    for day in found:
        missing = ", ".join(f"{hour:02}: {pages}" for hour, pages in sorted(day.missing.items()))
        silent = ", ".join(f"{hour:02}" for hour in day.silent)
        shown.append((day.day, day.announced, *(day.states[state] or "" for state in states), missing, silent))
    print_table(columns, shown)


def print_untaken(rows: Sequence[dict[str, Any]]) -> None:
    """Print one line a reason."""
    for row in rows:
        example = row["example"] or "an item without an address"
        say(f"not taken  {row['addresses']} {row['reason']}, such as {example}")


def print_contradicted(row: dict[str, Any]) -> None:
    """Print a line if articles say something else than their feed."""
    if row["articles"]:
        told = f"{row['articles']} articles say something else than their feed, such as {row['example']}"
        say(f"contradicted  {told}; the view announcement_contradictions has them")
