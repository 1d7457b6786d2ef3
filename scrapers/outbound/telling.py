"""Tell what watches found: match what has arrived, make messages of it, and send those that are due.

A message is a row before it is sent, so that a killed process leaves it to the next. Where the kill falls between the
receiver's answer and the note of it, the message is sent again under the same id (Message-ID, webhook-id), by which the
receiver knows it: no protocol of mail or HTTP promises more.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import repeat
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import class_row

from scrapers.errors import UsageError, one_line
from scrapers.outbound import connections, events, watches, webhooks
from scrapers.outbound.mail import MailServer, message
from scrapers.outbound.matching import match_arrivals
from scrapers.outbound.messages import MOST_ARTICLES, Digest
from scrapers.outbound.outcome import Outcome
from scrapers.outbound.watches import Watch
from scrapers.publish import search
from scrapers.storage.connection import query, session_lock

# After a failure; what https://www.standardwebhooks.com advises, without its first 5 seconds. Then it is given up.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600, 840))
MOST_AT_ONCE = 500  # messages that are looked up at a time
LONGEST = timedelta(minutes=8)  # what is due then is left to the next
SAMPLE = 3  # articles of a test's message

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that is due: a row of table `deliveries`."""

    delivery_id: UUID
    event: str
    way: str
    address: str
    watch_id: int | None
    subject: str | None
    created_at: datetime
    tries: int


@dataclass
class Told:
    """What came of it: arrivals that were looked at, messages that were delivered and that failed, with one reason."""

    arrivals: int = 0
    delivered: int = 0
    failed: int = 0
    reason: str | None = None


Send = Callable[[psycopg.Connection, Delivery], Outcome]


def tell(
    connection: psycopg.Connection, *, now: datetime | None = None, further: connections.Lookup = lambda name: None
) -> Told:
    """Match, and tell what is due. Does nothing where another session is at it.

    `further` gives the connections that WARTA_HOME/connections.json lacks.
    """
    told = Told()
    with session_lock(connection, "warta watches") as is_ours:
        if is_ours:
            at = now or datetime.now(UTC)
            told.arrivals = match_arrivals(connection, at)
            with connection.transaction():
                connection.execute(query("open_deliveries"), {"now": at})
                connection.execute(query("advance_watches"), {"now": at})
                events.open_deliveries(connection, at)
            with sender(further) as send:
                _send_due(connection, send, told, at)
    return told


def _send_due(connection: psycopg.Connection, send: Send, told: Told, at: datetime) -> None:
    """Send what is due; to a receiver that is away, nothing more for now."""
    end, away = time.monotonic() + LONGEST.total_seconds(), set[str]()
    for delivery in _due(connection, at, away):
        started = time.monotonic()
        outcome = send(connection, delivery)
        if outcome.is_away:
            away.add(_receiver(delivery))
        _note(connection, delivery, outcome, at, time.monotonic() - started)
        _count(told, outcome)
        if time.monotonic() > end:
            return


def _due(connection: psycopg.Connection, at: datetime, away: set[str]) -> Iterator[Delivery]:
    """Yield what is due, until there is nothing left but for receivers that are away."""
    for _ in repeat(None):
        with connection.cursor(row_factory=class_row(Delivery)) as cursor:
            found = cursor.execute(query("due_deliveries"), {"now": at, "limit": MOST_AT_ONCE}).fetchall()
        if not any(_receiver(one) not in away for one in found):
            return
        for one in found:
            if _receiver(one) not in away:
                yield one


def _receiver(delivery: Delivery) -> str:
    """Return what is away together: all mail goes to one server."""
    return delivery.way if delivery.way == "email" else f"webhook {delivery.address}"


def _count(told: Told, outcome: Outcome) -> None:
    if outcome.outcome == "delivered":
        told.delivered += 1
    else:
        told.failed += 1
        told.reason = outcome.answer


def _note(connection: psycopg.Connection, delivery: Delivery, outcome: Outcome, at: datetime, seconds: float) -> None:
    """Note what came of a try; a webhook that wants no more pauses its watch."""
    is_last = outcome.outcome == "failed" and delivery.tries >= len(BACKOFF)
    given = {
        "delivery_id": delivery.delivery_id,
        "outcome": "gave_up" if is_last else outcome.outcome,
        "answer": outcome.answer,
        "seconds": seconds,
        "now": at,
        "next_try_at": at + BACKOFF[delivery.tries] if outcome.outcome == "failed" and not is_last else None,
    }
    with connection.transaction():
        connection.execute(query("note_try"), given)
        if outcome.outcome == "gave_up" and delivery.way == "webhook" and delivery.watch_id:
            connection.execute(query("pause_watch"), {"watch_id": delivery.watch_id, "why": outcome.answer})
    logger.log(
        logging.INFO if outcome.outcome == "delivered" else logging.WARNING,
        "%s to %s: %s", delivery.event, delivery.address, outcome.answer,
    )  # fmt: skip


@contextmanager
def sender(further: connections.Lookup) -> Iterator[Send]:
    """Give a function that sends a message; mails go through one connection, made for the first of them."""
    with ExitStack() as opened:

        @cache
        def mail_server() -> MailServer:
            return opened.enter_context(closing(MailServer(connections.find(connections.MAIL, further))))

        def send(connection: psycopg.Connection, delivery: Delivery) -> Outcome:
            try:
                return _send(connection, delivery, mail_server, further)
            except UsageError as error:  # of a connection that is missing or can't be read
                return Outcome.failed(str(error), is_away=True)
            except psycopg.Error:
                raise
            except Exception as error:  # one message that can't be made keeps no other from being sent
                logger.exception("message %s was not made", delivery.delivery_id)
                return Outcome.failed(one_line(error))

        yield send


def _send(
    connection: psycopg.Connection,
    delivery: Delivery,
    mail_server: Callable[[], MailServer],
    further: connections.Lookup,
) -> Outcome:
    if delivery.subject is not None:
        return _send_event(connection, delivery, delivery.subject, further)
    digest = _digest(connection, delivery)
    if not digest.articles:
        return Outcome.refused("its articles were taken down")
    if delivery.way == "email":
        return _send_mail(mail_server(), delivery.address, digest, delivery.delivery_id)
    target = connections.find(delivery.address, further)
    return webhooks.post(target, str(delivery.delivery_id), digest.json(delivery.created_at))


def _send_event(
    connection: psycopg.Connection, delivery: Delivery, subject: str, further: connections.Lookup
) -> Outcome:
    body = events.body(connection, delivery.event, subject, delivery.created_at)
    if body is None:
        return Outcome.refused("what it is about is gone")
    return webhooks.post(connections.find(delivery.address, further), str(delivery.delivery_id), body)


def _send_mail(server: MailServer, to: str, digest: Digest, message_id: UUID) -> Outcome:
    return server.send(message(server.sender, to, digest.subject(), digest.text(), digest.html(), str(message_id)))


def _digest(connection: psycopg.Connection, delivery: Delivery) -> Digest:
    given: Mapping[str, Any] = {"delivery_id": delivery.delivery_id}
    [(total,)] = connection.execute(query("count_told"), given).fetchall()
    watch_id = delivery.watch_id or 0
    articles = watches.matches(connection, watch_id, delivery_id=delivery.delivery_id, limit=MOST_ARTICLES)
    return Digest(watches.by_id(connection, watch_id), articles, total)


def send_test(
    connection: psycopg.Connection, watch: Watch, *, further: connections.Lookup = lambda name: None
) -> Outcome:
    """Send a message with the newest articles that match now, marked as a test; nothing is noted.

    Raises UsageError where the watch has only its feed, or its connection is missing.
    """
    digest = sample(connection, watch)
    if watch.way == "email":
        with closing(MailServer(connections.find(connections.MAIL, further))) as server:
            return _send_mail(server, watch.address or "", digest, uuid4())
    if watch.way == "webhook":
        target = connections.find(watch.address or "", further)
        return webhooks.post(target, str(uuid4()), digest.json(datetime.now(UTC)))
    raise UsageError(f"{watch.name!r} sends no messages: follow its feed (`warta watch feed`)")


def sample(connection: psycopg.Connection, watch: Watch) -> Digest:
    """Return what a message would say of the newest articles that match now."""
    hits = search.find(connection, watch.search(), limit=SAMPLE).hits
    articles: list[dict[str, Any]] = [
        {"article_id": hit.article_id, "outlet": hit.outlet, "headline": hit.headline, "author": [], "url": hit.url,
         "at": hit.at, "snippet": hit.snippet, "withdrawn_at": hit.withdrawn_at, "copies": [],
         "date_published_precision": None}
        for hit in hits
    ]  # fmt: skip
    return Digest(watch, articles, len(articles), is_test=True)
