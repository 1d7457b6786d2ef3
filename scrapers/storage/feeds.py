"""The feeds of an outlet: which are due, and what they answered."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from scrapers.items import DueFeed, Fetch, NamedFeed, PolledFeed, PollMode
from scrapers.storage.articles import store_fetches
from scrapers.storage.connection import query

SHORTEST = timedelta(minutes=5)  # between two polls of a feed, however often it changes
LONGEST = timedelta(days=1)  # however seldom
CONFIRMED = timedelta(days=7)  # between two polls of a sitemap whose lastmod was confirmed and stays the same


def name_feeds(
    connection: psycopg.Connection,
    outlet: str,
    followed: Sequence[NamedFeed],
    *,
    named: Sequence[str] | None,
    found_in: int | None = None,
    declaration: str = "",
) -> int:
    """Add the feeds that are followed of those that the outlet declares, or that feed `found_in` names.

    Feeds that are not `named` any more are retired; None retires none. `declaration` is a digest of what the outlet
    tells articles by: where it has changed, a feed is unread again. Return how many are news.
    """
    row = {
        "outlet": outlet,
        "found_in": found_in,
        "declaration": declaration,
        "url": [feed.url for feed in followed],
        "kind": [feed.kind for feed in followed],
        "parameters": [Jsonb(feed.parameters) for feed in followed],
        "lastmod": [feed.lastmod for feed in followed],
    }
    with connection.transaction():
        connection.execute(query("unread_feeds"), row)
        changed = connection.execute(query("name_feeds"), row).rowcount
        if named is not None:
            connection.execute(query("retire_feeds"), row | {"url": list(named)})
    return changed


def due_feeds(
    connection: psycopg.Connection,
    run_id: UUID,
    outlet: str,
    mode: PollMode,
    *,
    found_in: int | None = None,
    anywhere: bool = False,
    unread_only: bool = False,
) -> list[DueFeed]:
    """Take and return the feeds that the run is to poll now, with those that another one is polling.

    They are the outlet's own, those that feed `found_in` names, or all `anywhere`; `unread_only` leaves out what was
    read before.
    """
    row = {
        "run_id": run_id,
        "outlet": outlet,
        "found_in": found_in,
        "anywhere": anywhere,
        "asked": mode.is_asked_for,
        "full": mode.is_full,
        "alone": mode.is_alone,
        "unread_only": unread_only,
    }
    return [DueFeed(*due) for due in connection.execute(query("due_feeds"), row).fetchall()]


def store_poll(connection: psycopg.Connection, run_id: UUID, polled: PolledFeed, fetches: Sequence[Fetch]) -> None:
    """Keep what a feed answered, with its requests, and when it is due again."""
    with connection.transaction():
        store_fetches(connection, run_id, [(polled.feed_id, fetch) for fetch in fetches], of="feed_id")
        row = {"run_id": run_id, "shortest": SHORTEST, "longest": LONGEST, "confirmed": CONFIRMED}
        connection.execute(query("poll_feed"), asdict(polled) | row)
