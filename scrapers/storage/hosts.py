"""Hosts: when each may be asked next, and its robots.txt; one truth for all crawls."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from scrapers.errors import UsageError
from scrapers.items import Missing
from scrapers.storage.connection import query

FAILURES = 5  # pages in a row without an answer that open the breaker
PAUSE = timedelta(minutes=1)  # of an open breaker; doubles each time
LONGEST_PAUSE = timedelta(hours=6)
TRIAL = timedelta(minutes=2)  # how long others wait for the one request that tries; above any download's time limit


@dataclass(frozen=True, slots=True)
class Turn:
    """Whether a request may be sent now. If not: in how many seconds the turn is due, or the host opens, and why.

    `closed_s` is 0 where the host is open. `failures` counts its failures in a row; from FAILURES on, a turn that is
    taken is the one that tries whether the host answers again.
    """

    taken: bool
    due_in_s: float
    closed_s: float
    closed_because: str | None
    failures: int


@dataclass(frozen=True, slots=True)
class KeptRobots:
    """A robots.txt as it is kept; ages are in seconds, `body` and `age_s` are None where it was never had."""

    body: bytes | None
    error: str | None
    age_s: float | None
    asked_s: float


def take_turn(connection: psycopg.Connection, host: str, delay: timedelta) -> Turn:
    """Take the host's next turn where it is due; after it, nobody has one for `delay`."""
    with connection.cursor(row_factory=class_row(Turn)) as cursor:
        values = {"host": host, "delay": delay, "limit": FAILURES, "trial": TRIAL}
        turn = cursor.execute(query("take_turn"), values).fetchone()
        if turn is None:
            cursor.execute(query("insert_host"), values)
            turn = cursor.execute(query("take_turn"), values).fetchone()
    assert turn is not None  # noqa: S101 - the row has just been made, and none is ever deleted
    return turn


@dataclass(frozen=True, slots=True)
class ClosedHost:
    """A host that gets no request before `closed_until`, and why."""

    host: str
    closed_until: datetime
    closed_because: str
    failures: int


def closed_hosts(connection: psycopg.Connection) -> list[ClosedHost]:
    """Return the hosts that are closed now, by name."""
    with connection.cursor(row_factory=class_row(ClosedHost)) as cursor:
        return cursor.execute(query("closed_hosts")).fetchall()


def open_host(connection: psycopg.Connection, host: str) -> int:
    """Open a host and forget its failures; return how many pages that waited for it are due now.

    Raises UsageError where no crawl ever asked it.
    """
    row = connection.execute(query("open_host"), {"host": host.lower()}).fetchone()
    if row is None:
        raise UsageError(f"no crawl has ever asked a host {host!r}; `warta hosts list` shows those that are closed")
    return int(row[0])


def close_host(connection: psycopg.Connection, host: str, wait: timedelta, reason: str) -> None:
    """Let no crawl send the host anything before `wait` is over."""
    connection.execute(query("close_host"), {"host": host, "wait": wait, "reason": reason})


def host_failed(connection: psycopg.Connection, host: str, reason: str, *, is_trial: bool) -> float:
    """Count a page that the host did not answer; return for how many seconds it is closed, 0 where it is open."""
    row = connection.execute(
        query("host_failed"),
        {
            "host": host,
            "reason": reason,
            "is_trial": is_trial,
            "limit": FAILURES,
            "pause": PAUSE,
            "longest": LONGEST_PAUSE,
        },
    ).fetchone()
    return row[0] if row else 0.0


def host_answered(connection: psycopg.Connection, host: str) -> None:
    """Forget the host's failures; an open breaker closes."""
    connection.execute(query("host_answered"), {"host": host, "limit": FAILURES})


def find_robots(connection: psycopg.Connection, origin: str) -> KeptRobots | None:
    """Return the kept robots.txt of an origin, however old; None where it was never asked for."""
    with connection.cursor(row_factory=class_row(KeptRobots)) as cursor:
        return cursor.execute(query("find_robots"), {"origin": origin}).fetchone()


def keep_robots(
    connection: psycopg.Connection, origin: str, *, status: int | None, body: bytes | None, error: str | None
) -> None:
    """Keep what robots.txt answered: its rules as `body`, or the `error` for which there are none."""
    connection.execute(query("keep_robots"), {"origin": origin, "status": status, "body": body, "error": error})


def find_probe(connection: psycopg.Connection, host: str, fresh_s: float) -> Missing | None:
    """Return what the host shows for a page that cannot exist; None where it must be asked."""
    row = connection.execute(query("find_probe"), {"host": host, "fresh": timedelta(seconds=fresh_s)}).fetchone()
    return Missing(frozenset(row[0]), row[1]) if row else None


def keep_probe(connection: psycopg.Connection, host: str, missing: Missing) -> None:
    """Keep what the host shows for a page that cannot exist."""
    values = {"host": host, "words": sorted(missing.words), "url": missing.led_to}
    connection.execute(query("keep_probe"), values)


def find_tdm_rules(connection: psycopg.Connection, host: str, fresh_s: float) -> list[tuple[str, bool]] | None:
    """Return what the host's tdmrep.json reserves: locations, and whether each is; None where it must be asked."""
    row = connection.execute(query("find_tdm_rules"), {"host": host, "fresh": timedelta(seconds=fresh_s)}).fetchone()
    return [(location, reserved) for location, reserved in row[0]] if row else None


def keep_tdm_rules(connection: psycopg.Connection, host: str, rules: list[tuple[str, bool]]) -> None:
    """Keep what the host's tdmrep.json reserves; no rules where there is none."""
    connection.execute(query("keep_tdm_rules"), {"host": host, "rules": Jsonb(rules)})
