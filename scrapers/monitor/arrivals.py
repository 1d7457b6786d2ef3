"""Rules on what arrives: how much of each outlet, whether crawls run, feeds announce, hosts answer; and on the disk."""

import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import psycopg
from croniter import croniter

from scrapers import config
from scrapers.monitor import volume
from scrapers.monitor.findings import Finding, Row
from scrapers.monitor.volume import Volume
from scrapers.spiders import outlet_of, outlets
from scrapers.storage.connection import dict_rows, query

if TYPE_CHECKING:
    from scrapers.spiders.base import NewsSpider

MISSED = 3  # intervals of its schedule without a successful crawl
MANY_OVERDUE = 3  # outlets, and more than half of them: told as one
LEAST_FREE = 0.1  # of a disk, where that is less than LEAST_FREE_BYTES
LEAST_FREE_BYTES = 20_000_000_000


def volumes(connection: psycopg.Connection, now: datetime, outlet: str | None = None) -> Iterator[Finding]:
    """Yield outlets that have fallen silent, and those that bring far less or more than usual.

    All outlets are looked at together, for what they have in common; so `outlet` gives nothing.
    """
    if outlet:
        return
    rows = dict_rows(connection, "article_hours", now=now, hours=volume.HOURS)
    known = [row for row in rows if max(row["hours"]) >= 24 * (volume.LEAST_DAYS + 1)]
    names, counts = [row["outlet"] for row in known], _as_array(known)
    last = {row["outlet"]: row["last_at"] for row in known}
    if names:
        gaps = np.array([(now - last[name]) / timedelta(hours=1) for name in names])
        judged = zip(names, volume.judge(counts, gaps), strict=True)
        broken = {name: found for name, found in judged if found}
        heard = _heard(connection, now, {name: last[name] for name, (rule, _) in broken.items() if rule == "silence"})
        for name, (rule, found) in broken.items():
            if rule != "silence" or name in heard:  # else it is our crawls that don't run
                yield _volume(connection, now, name, last[name], rule, found)
    for row in dict_rows(connection, "still_silent", now=now):
        yield Finding("silence", **row)


def _as_array(rows: Sequence[Row]) -> volume.Floats:
    """Return articles by outlet and hour; days before an outlet was known are not a number."""
    counts = np.zeros((len(rows), volume.HOURS))
    for of_outlet, row in zip(counts, rows, strict=True):
        of_outlet[row["hours"]] = row["articles"]
        of_outlet[(max(row["hours"]) // 24 + 1) * 24 :] = np.nan
    return counts


def _heard(connection: psycopg.Connection, now: datetime, last: dict[str, datetime]) -> set[str]:
    """Return those of the outlets that crawls have reached since their last article."""
    asked = {"outlets": list(last), "last_at": list(last.values())}
    return {row["outlet"] for row in dict_rows(connection, "outlets_heard", now=now, **asked)}


def _volume(
    connection: psycopg.Connection, now: datetime, outlet: str, last: datetime, rule: str, found: Volume
) -> Finding:
    since = last if rule == "silence" else now - timedelta(hours=found.hours)
    if rule == "silence":
        summary = (
            f"normally {found.expected:.0f} articles would have come since {last:%Y-%m-%d %H:%M} UTC, and none did"
        )
    else:
        summary = f"{found.came} articles in {found.hours:.0f} hours, where {found.expected:.0f} are usual"
    return Finding(rule, outlet, summary, since, sample_url=_newest(connection, outlet, now))


def _newest(connection: psycopg.Connection, outlet: str, now: datetime) -> str | None:
    found = connection.execute(query("newest_article"), {"outlet": outlet, "now": now}).fetchone()
    return str(found[0]) if found else None


def overdue_crawls(connection: psycopg.Connection, now: datetime, outlet: str | None = None) -> Iterator[Finding]:
    """Yield outlets whose schedule has brought no successful crawl for three intervals; one for all, where most are."""
    if outlet:
        return
    declared = {spider.name: spider for spider in outlets()}
    rows = [row for row in dict_rows(connection, "scheduled_crawls", now=now) if row["outlet"] in declared]
    found = list(filter(None, (_overdue(row, declared[row["outlet"]], now) for row in rows)))
    if len(found) >= MANY_OVERDUE and len(found) > len(rows) / 2:
        began = min(one.began_at for one in found)
        summary = f"{len(found)} of {len(rows)} outlets have none, such as {found[0].outlet}"
        yield Finding("no_crawl", None, summary, began)
    else:
        yield from found


def _overdue(row: Row, spider: "type[NewsSpider]", now: datetime) -> Finding | None:
    schedule = spider.cron()
    last = row["last_at"] or row["first_at"]
    if schedule is None or now - last <= MISSED * longest_interval(schedule, spider.time_zone, now):
        return None
    why = f"the last that failed: {row['reason']}" if row["reason"] and row["started_at"] > last else "none has begun"
    return Finding("no_crawl", row["outlet"], f"no successful crawl since {last:%Y-%m-%d %H:%M} UTC; {why}", last)


def longest_interval(schedule: str, time_zone: str, now: datetime) -> timedelta:
    """Return the longest pause between two of the ten last times of a cron expression."""
    times = croniter(schedule, now.astimezone(ZoneInfo(time_zone)))
    last: list[datetime] = [times.get_prev(datetime) for _ in range(10)]
    return max(later - earlier for later, earlier in pairwise(last))


def failing_feeds(connection: psycopg.Connection, now: datetime, outlet: str | None = None) -> Iterator[Finding]:
    """Yield feeds that fail, or answer with something else than they did."""
    for row in dict_rows(connection, "failing_feeds", now=now, outlet=outlet):
        yield Finding("feed_failing", sample_url=row["subject"], **row)


def silent_feeds(connection: psycopg.Connection, now: datetime, outlet: str | None = None) -> Iterator[Finding]:
    """Yield feeds that answer and have announced nothing new for far longer than usual."""
    for row in dict_rows(connection, "silent_feeds", now=now, outlet=outlet):
        yield Finding("feed_silent", sample_url=row["subject"], **row)


def closed_hosts(connection: psycopg.Connection, now: datetime, outlet: str | None = None) -> Iterator[Finding]:
    """Yield hosts that have turned requests away for hours, each with the outlet that is declared on it."""
    for row in dict_rows(connection, "hosts_closed_for_long", now=now):
        spider = outlet_of(row["host"].partition(":")[0])
        owner = spider.name if spider else None
        if outlet in (None, owner):
            summary = f"{row['closed_because']}; it is asked again after {row['closed_until']:%Y-%m-%d %H:%M} UTC"
            yield Finding("host_closed", owner, summary, now, subject=row["host"], sample_url=f"https://{row['host']}/")


def full_disks(connection: psycopg.Connection | None, now: datetime, outlet: str | None = None) -> Iterator[Finding]:
    """Yield the disks of this machine that Warta writes to and that are nearly full."""
    if outlet:
        return
    for path in sorted({existing(folder) for folder in (config.WARTA_HOME, config.EXPORTS)}):
        disk = shutil.disk_usage(path)
        if disk.free < min(LEAST_FREE * disk.total, LEAST_FREE_BYTES):
            summary = f"{disk.free / 1e9:.1f} GB of {disk.total / 1e9:.0f} GB are free"
            yield Finding("disk_low", None, summary, now, subject=str(path))


def existing(folder: Path) -> Path:
    """Return the folder, or the nearest above it that is there."""
    return next(path for path in (folder, *folder.parents) if path.exists())
