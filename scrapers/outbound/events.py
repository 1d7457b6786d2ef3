"""Events of Warta itself, told by webhook: crawls that have ended, alarms that were raised."""

import secrets
from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import psycopg

from scrapers.errors import UsageError, shortened
from scrapers.monitor import alarms, summary
from scrapers.outbound import connections
from scrapers.outbound.messages import event
from scrapers.outbound.watches import checked_address
from scrapers.storage.connection import dict_rows, query

Row = dict[str, Any]


def add(connection: psycopg.Connection, name: str, url: str, events: Sequence[str], *, by: str) -> str:
    """Keep where a webhook is, tell it of `events` from now on, and return the secret of its signatures.

    A webhook without events is one that watches tell. Raises UsageError for what is no name, address or event.
    """
    if unknown := [one for one in events if one not in BODIES]:
        raise UsageError(f"{shortened(unknown[0], 60)!r} is no event: {', '.join(BODIES)} are")
    checked_address("webhook", name)
    secret = f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"
    connections.add_webhook(name, url, secret)
    connection.execute(query("insert_webhook"), {"name": name, "events": list(events), "created_by": by})
    return secret


def all_webhooks(connection: psycopg.Connection) -> list[Row]:
    """Return the webhooks by name, with the events that each is told, and what failed last."""
    return dict_rows(connection, "webhooks")


def remove(connection: psycopg.Connection, name: str) -> None:
    """Tell a webhook of nothing more, and forget its address. Raises UsageError where there is none of that name."""
    if not connection.execute(query("delete_webhook"), {"name": name}).rowcount:
        raise UsageError(f"no webhook {shortened(name, 60)!r}: `warta webhook list` shows all")
    connections.remove_webhook(name)


def open_deliveries(connection: psycopg.Connection, now: datetime) -> None:
    """Make a message of each event that a webhook was not told."""
    connection.execute(query("open_crawl_deliveries"), {"now": now})
    connection.execute(query("open_alarm_deliveries"), {"now": now})


def body(connection: psycopg.Connection, kind: str, subject: str, at: datetime) -> str | None:
    """Return what a webhook is told of an event; None where what it is about is gone."""
    data = BODIES[kind](connection, subject)
    return None if data is None else event(kind, at, data)


def _crawl(connection: psycopg.Connection, run_id: str) -> Row | None:
    crawls = dict_rows(connection, "finished_crawl", run_id=run_id)
    return {**crawls[0], "pages": summary.run_states(connection, crawls[0]["run_id"])} if crawls else None


def _alarm(connection: psycopg.Connection, subject: str) -> Row | None:
    try:
        alarm = alarms.alarm(connection, int(subject.split()[0]))
    except UsageError:
        return None
    return alarms.as_json([alarm])[0]


BODIES: dict[str, Callable[[psycopg.Connection, str], Row | None]] = {"crawl.finished": _crawl, "alarm.raised": _alarm}
