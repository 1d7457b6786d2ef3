"""Retention: what is older than it is kept is deleted, a little at a time. Articles and revisions stay for ever."""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg

from scrapers import config
from scrapers.spiders import outlets
from scrapers.storage.connection import query
from scrapers.storage.snapshots import delete_bodies

SNAPSHOTS = 500  # a transaction: what a crawl may have to wait for
ANNOUNCEMENTS = 5000


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many rows, older than so many months, were deleted; `outlet` is None for rows that belong to no outlet."""

    what: str
    rows: int
    months: int
    outlet: str | None = None

    def __str__(self) -> str:
        of = f"{self.outlet}: " if self.outlet else ""
        return f"{of}{self.rows:,} {self.what} deleted, older than {self.months} months"


def prune(connection: psycopg.Connection) -> Iterator[Pruned]:
    """Delete what is older than each outlet keeps it; yield what was deleted, once that is done.

    Safe beside crawls, and to kill and run again: each transaction is short and leaves a sound ledger. Raises
    UsageError where a setting is no number of months. Needs the owner's rights.
    """
    settings = {kind: config.kept_months(kind) for kind in ("pages", "fetches", "announcements")}
    declared = {outlet.name: outlet for outlet in outlets()}
    for (outlet,) in connection.execute(query("outlets_with_runs")).fetchall():
        for kind, months in settings.items():
            own = getattr(declared.get(outlet), f"keep_{kind}", None)
            if kept := months if own is None else own:
                yield from _prune(connection, kind, outlet, kept)
    if months := settings["fetches"]:
        rows = connection.execute(query("prune_robots"), {"months": months}).rowcount
        yield from _told([Pruned("robots.txt", rows, months)])
        rows = connection.execute(query("prune_delivery_tries"), {"months": months}).rowcount
        yield from _told([Pruned("tries of messages", rows, months)])
        rows = connection.execute(query("prune_event_deliveries"), {"months": months}).rowcount
        yield from _told([Pruned("messages of events", rows, months)])


def _prune(connection: psycopg.Connection, kind: str, outlet: str, months: int) -> Iterator[Pruned]:
    if kind == "pages":
        done = [Pruned("raw pages", _prune_snapshots(connection, outlet, months), months, outlet)]
    elif kind == "announcements":
        done = [Pruned("announcements", _prune_announcements(connection, outlet, months), months, outlet)]
    else:
        rows = _prune_runs(connection, outlet, months)
        done = [Pruned(what, deleted, months, outlet) for what, deleted in rows.items()]
    yield from _told(done)


def _told(done: list[Pruned]) -> Iterator[Pruned]:
    yield from (pruned for pruned in done if pruned.rows)


def _prune_snapshots(connection: psycopg.Connection, outlet: str, months: int) -> int:
    """Delete raw pages; the fetches and revisions that name them stay, without."""
    asked = {"outlet": outlet, "months": months, "limit": SNAPSHOTS}
    deleted, found = 0, SNAPSHOTS
    while found == SNAPSHOTS:
        with connection.transaction():
            pages = [digest for (digest,) in connection.execute(query("snapshots_to_prune"), asked)]
            connection.execute(query("forget_snapshots"), {"sha256": pages})
            rows = connection.execute(query("delete_snapshots"), {"sha256": pages}).fetchall()
        delete_bodies([place for (place,) in rows if place])
        found = len(pages)
        deleted += found
    return deleted


def _prune_runs(connection: psycopg.Connection, outlet: str, months: int) -> dict[str, int]:
    """Delete what runs have logged, each run in its own transaction, and runs that nothing is left of."""
    asked = {"outlet": outlet, "months": months}
    steps = {
        "requests": "prune_fetches",
        "accounts of pages": "prune_run_pages",
        "accounts of fields": "prune_run_fields",
        "runs": "delete_run_without_traces",
    }
    deleted = dict.fromkeys(steps, 0)
    for (run_id,) in connection.execute(query("runs_to_prune"), asked).fetchall():
        with connection.transaction():
            connection.execute(query("note_pruned"), {"run_id": run_id})
            for what, name in steps.items():
                deleted[what] += connection.execute(query(name), {"run_id": run_id}).rowcount
    return deleted


def _prune_announcements(connection: psycopg.Connection, outlet: str, months: int) -> int:
    asked = {"outlet": outlet, "months": months, "limit": ANNOUNCEMENTS}
    deleted, found = 0, ANNOUNCEMENTS
    while found == ANNOUNCEMENTS:
        found = connection.execute(query("prune_announcements"), asked).rowcount
        deleted += found
    return deleted
