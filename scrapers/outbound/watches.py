"""Watches: saved searches, each with who is told, how and when."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, time
from hashlib import sha256
from typing import Any, Literal
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import class_row

from scrapers.errors import UsageError, shortened
from scrapers.publish import search
from scrapers.storage.connection import dict_rows, query

Way = Literal["email", "webhook", "feed"]
Every = Literal["at_once", "hourly", "daily"]
MOST_NAME = 100  # characters
MOST_MAILBOXES = 20  # of one watch
# Of RFC 5321 what mail servers take in practice: no quotes, no comments, no address literals
MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
CONNECTION = re.compile(r"[A-Za-z0-9_.-]{1,100}")


@dataclass(frozen=True, slots=True)
class Watch:
    """A row of table `watches`, whose COMMENTs say what each column holds; times are aware.

    `matches` counts each text once. `reason` says why the newest message that was not delivered failed, None where
    none did.
    """

    watch_id: int
    name: str
    query: str
    outlet: str | None
    section: str | None
    author: str | None
    in_language: str
    way: Way
    address: str | None
    every: Every
    time_of_day: time
    time_zone: str
    next_at: datetime | None
    created_by: str
    created_at: datetime
    paused_at: datetime | None
    paused_why: str | None
    matches: int
    last_match_at: datetime | None
    told_at: datetime | None
    reason: str | None

    def search(self) -> search.Search:
        """Return what it looks for."""
        return search.Search(
            self.query, self.outlet, section=self.section, author=self.author, in_language=self.in_language
        )


def add(
    connection: psycopg.Connection,
    name: str,
    asked: search.Search,
    *,
    way: Way = "feed",
    address: str | None = None,
    every: Every = "at_once",
    time_of_day: time = time(7),
    time_zone: str = "Asia/Jakarta",
    by: str,
) -> tuple[Watch, str]:
    """Save a search as a watch; return it, and the secret of its feed's address, which is not kept.

    Raises UsageError where the name is taken, or something of it cannot be.
    """
    check_name(name)
    _check_zone(time_zone)
    search.find(connection, asked, limit=1)  # raises where the search cannot be made
    secret = secrets.token_urlsafe(32)
    given = {
        **{field: getattr(asked, field) for field in ("query", "outlet", "section", "author", "in_language")},
        **{"name": name, "way": way, "address": checked_address(way, address), "every": every, "created_by": by},
        **{"time_of_day": time_of_day, "time_zone": time_zone, "feed_sha256": hashed(secret)},
    }
    if connection.execute(query("insert_watch"), given).fetchone() is None:
        raise UsageError(f"there is a watch {name!r} already: `warta watch list` shows it; give another name")
    return find(connection, name), secret


def all_watches(connection: psycopg.Connection) -> list[Watch]:
    """Return all watches by name."""
    return _watches(connection)


def find(connection: psycopg.Connection, name: str) -> Watch:
    """Return the watch of a name; raises UsageError where there is none."""
    if found := _watches(connection, name=name):
        return found[0]
    raise UsageError(f"no watch {shortened(name, 60)!r}: `warta watch list` shows all")


def by_id(connection: psycopg.Connection, watch_id: int) -> Watch:
    """Return the watch of an id; raises UsageError where there is none."""
    if found := _watches(connection, watch_id=watch_id):
        return found[0]
    raise UsageError(f"no watch has the number {watch_id}")


def of_feed(connection: psycopg.Connection, secret: str) -> Watch | None:
    """Return the watch whose feed's address has this secret, None where none has."""
    return next(iter(_watches(connection, feed_sha256=hashed(secret))), None)


def pause(connection: psycopg.Connection, name: str, why: str) -> None:
    """Match and tell nothing until it is resumed; what matched before waits. Raises UsageError for no such watch."""
    connection.execute(query("pause_watch"), {"watch_id": find(connection, name).watch_id, "why": why})


def resume(connection: psycopg.Connection, name: str) -> None:
    """Match what arrives from now on. Raises UsageError for no such watch."""
    connection.execute(query("resume_watch"), {"watch_id": find(connection, name).watch_id})


def remove(connection: psycopg.Connection, name: str) -> None:
    """Forget the watch, its matches and its messages. Raises UsageError for no such watch."""
    connection.execute(query("remove_watch"), {"watch_id": find(connection, name).watch_id})


def new_feed(connection: psycopg.Connection, name: str) -> str:
    """Return the secret of a new address of the watch's feed; the old one ends. Raises UsageError for no such watch."""
    secret = secrets.token_urlsafe(32)
    given = {"watch_id": find(connection, name).watch_id, "feed_sha256": hashed(secret)}
    connection.execute(query("set_watch_feed"), given)
    return secret


def matches(
    connection: psycopg.Connection, watch_id: int, *, delivery_id: Any = None, limit: int = 50
) -> list[dict[str, Any]]:
    """Return what matched a watch, each text once with its `copies`, the newest first.

    With `delivery_id` what one message tells, by time of publication.
    """
    return dict_rows(connection, "watch_matches", watch_id=watch_id, delivery_id=delivery_id, limit=limit)


def deliveries(
    connection: psycopg.Connection, watch_id: int | None = None, *, failed: bool = False, limit: int = 50
) -> list[dict[str, Any]]:
    """Return messages with what became of them, the newest first; `failed` asks for those not delivered after a try."""
    return dict_rows(connection, "deliveries", watch_id=watch_id, failed=failed, limit=limit)


def retry(connection: psycopg.Connection, delivery_id: str) -> None:
    """Let a message that was not delivered be tried again. Raises UsageError where there is none of that id."""
    try:
        found = connection.execute(query("retry_delivery"), {"delivery_id": delivery_id}).rowcount
    except psycopg.DataError:
        found = 0
    if not found:
        raise UsageError(f"no message {shortened(delivery_id, 60)!r} waits to be delivered: see `warta watch log`")


def hashed(secret: str) -> bytes:
    """Return what is kept of a secret: it has 256 random bits, so that a plain hash gives nothing away."""
    return sha256(secret.encode(errors="replace")).digest()


def way_out(email: str | None, webhook: str | None) -> tuple[Way, str | None]:
    """Return how a watch tells, and whom, from what a person gave; raises UsageError where both are given."""
    if email and webhook:
        raise UsageError("a watch tells by mail or by a webhook: save two watches for both")
    return ("email", email) if email else ("webhook", webhook) if webhook else ("feed", None)


def checked_address(way: Way, address: str | None) -> str | None:
    """Return the address as it is kept; raises UsageError where the way has no such address."""
    if way == "feed":
        return None
    if way == "webhook":
        if not CONNECTION.fullmatch(address or ""):
            raise UsageError(f"{shortened(address or '', 60)!r} is no connection's name: give letters, digits and _.-")
        return address
    mailboxes = [part.strip() for part in (address or "").split(",")]
    if unfit := [one for one in mailboxes if not MAILBOX.fullmatch(one)]:
        raise UsageError(f"{shortened(unfit[0], 60)!r} is no e-mail address such as desk@example.com")
    if len(mailboxes) > MOST_MAILBOXES:
        raise UsageError(f"{len(mailboxes)} e-mail addresses: give at most {MOST_MAILBOXES}, or a list's address")
    return ", ".join(mailboxes)


def check_name(name: str) -> None:
    """Raise UsageError for what cannot be the name of a watch or a token."""
    if not name.strip() or len(name) > MOST_NAME or not name.isprintable():
        raise UsageError(f"{shortened(name, 60)!r} is no name: give up to {MOST_NAME} characters in one line")


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise UsageError(f"{shortened(name, 60)!r} is no time zone such as Asia/Jakarta") from None


def _watches(connection: psycopg.Connection, **asked: Any) -> list[Watch]:
    given = {"name": None, "watch_id": None, "feed_sha256": None, **asked}
    with connection.cursor(row_factory=class_row(Watch)) as cursor:
        return cursor.execute(query("watches"), given).fetchall()
