"""Look for what needs somebody, and keep it as alarms: in the Dag `watch`, `warta alarms watch`, after each crawl."""

import json
import logging
from dataclasses import asdict
from datetime import UTC, datetime

import psycopg

from scrapers.errors import DatabaseError
from scrapers.monitor import arrivals, pages
from scrapers.monitor.alarms import Alarm, standing_alarms
from scrapers.monitor.findings import Finding
from scrapers.storage.connection import AWAY, explain, query

logger = logging.getLogger(__name__)

OF_CRAWLS = {  # what a crawl of one outlet can tell at its end, by the rules that each may name
    pages.fields: ("field_missing", "template_changed"),
    pages.outcomes: ("robots_changed", "quarantine_growing", "pages_unread"),
    pages.shapes: ("length_changed", "dates_odd"),
    arrivals.failing_feeds: ("feed_failing",),
}
OF_ALL = OF_CRAWLS | {
    arrivals.volumes: ("silence", "fewer_articles", "more_articles"),
    arrivals.overdue_crawls: ("no_crawl",),
    arrivals.silent_feeds: ("feed_silent",),
    arrivals.closed_hosts: ("host_closed",),
    arrivals.full_disks: ("disk_low",),
    pages.copies_and_edits: ("duplicates_surging", "edits_surging"),
}
LINGERING = ("fewer_articles", "more_articles", "duplicates_surging", "edits_surging", "host_closed")


def watch(connection: psycopg.Connection, now: datetime | None = None, *, outlet: str | None = None) -> list[Alarm]:
    """Look for alarms of all outlets, or of what a crawl of one `outlet` brought; return those that stand.

    What is found again stays the same alarm; what is not found any more ends. `now` is the time to look from, and the
    present by default. Safe to repeat, and beside others. Raises DatabaseError where a look fails, after the others.
    """
    now = now or datetime.now(UTC)
    found, rules, failed = list[Finding](), list[str](), list[str]()
    for look, names in (OF_CRAWLS if outlet else OF_ALL).items():
        try:
            found += look(connection, now, outlet)
            rules += names
        except AWAY:
            raise
        except psycopg.Error as error:
            failed.append(f"{', '.join(names)} ({explain(error)})")
    keep(connection, now, found, rules, outlet)
    if failed:
        raise DatabaseError(f"alarms could not be looked for: {'; '.join(failed)}")
    return standing_alarms(connection, outlet)


def keep(
    connection: psycopg.Connection, now: datetime, found: list[Finding], rules: list[str], outlet: str | None = None
) -> None:
    """Keep what these rules found as alarms, and end those of their alarms that they found no more."""
    unique = {(one.rule, one.outlet, one.field, one.subject): one for one in found}
    rows = json.dumps([asdict(one) for one in unique.values()], default=datetime.isoformat)
    with connection.transaction():
        connection.execute(query("raise_alarms"), {"found": rows, "now": now})
        asked = {"rules": rules, "lingering": list(LINGERING), "outlet": outlet, "now": now}
        connection.execute(query("end_alarms"), asked)
        if outlet is None:
            connection.execute(query("note_watch"), {"now": now})


def watch_outlet(connection: psycopg.Connection, outlet: str) -> None:
    """Look for alarms of what a crawl of the outlet brought; a fault costs the crawl nothing, and is logged."""
    try:
        watch(connection, outlet=outlet)
    except DatabaseError as error:
        logger.error("%s", error)


def last_watch(connection: psycopg.Connection) -> datetime | None:
    """Return the time at which alarms of all outlets were last looked for; None before the first time."""
    row = connection.execute(query("last_watch")).fetchone()
    return row[0] if row else None
