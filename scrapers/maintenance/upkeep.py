"""Upkeep of the database: what keeps it small and sound over years. A job that is killed goes on the next time."""

import time
from collections.abc import Callable, Iterator

import psycopg

from scrapers import config
from scrapers.errors import DamageError
from scrapers.maintenance.retention import prune
from scrapers.monitor.sizes import as_text, sizes
from scrapers.storage.connection import query
from scrapers.storage.snapshots import compress_again, renew_dictionary, sweep_orphans

SNAPSHOTS = 200  # compressed again in one transaction
COMPRESS_S = 3600.0  # a day's share; what is left waits for the next day


def retention(connection: psycopg.Connection) -> Iterator[str]:
    """Delete what is older than it is kept; yield a line for each outlet and kind of which something was."""
    yield from map(str, prune(connection))


def compress(connection: psycopg.Connection) -> Iterator[str]:
    """Compress snapshots again, better than a crawl has time for; yield a line an outlet.

    Raises DamageError for the first damaged snapshot, after all other outlets.
    """
    deadline = time.monotonic() + COMPRESS_S
    damaged: list[DamageError] = []
    for (outlet,) in connection.execute(query("outlets_with_dictionaries")).fetchall():
        try:
            renew_dictionary(connection, outlet)
            yield from _compress(connection, outlet, deadline)
        except DamageError as error:
            damaged.append(error)
    if damaged:
        raise damaged[0]


def _compress(connection: psycopg.Connection, outlet: str, deadline: float) -> Iterator[str]:
    pages = before = after = 0
    found = SNAPSHOTS
    while found == SNAPSHOTS and time.monotonic() < deadline:
        packed = compress_again(connection, outlet, SNAPSHOTS)
        found = packed.snapshots
        pages, before, after = pages + found, before + packed.before, after + packed.after
    if pages:
        yield f"{outlet}: {pages:,} raw pages compressed again, {as_text(before)} to {as_text(after)}"


def dictionaries(connection: psycopg.Connection) -> Iterator[str]:
    """Delete dictionaries that no snapshot needs any more; yield a line for each."""
    for outlet, version, size in connection.execute(query("delete_unused_dictionaries")).fetchall():
        yield f"{outlet}: dictionary {version} deleted, {as_text(size)}"


def orphans(connection: psycopg.Connection) -> Iterator[str]:
    """Delete what the store of raw pages has and no row names; yield a line where there was any."""
    if config.SNAPSHOTS and (deleted := sweep_orphans(connection)):
        yield f"{deleted:,} bodies deleted that no raw page names"


def measure(connection: psycopg.Connection) -> Iterator[str]:
    """Yield a line with the size of it all, and one for each table that autovacuum does not keep up with."""
    yield sizes(connection).summary()
    for table, live, dead, vacuumed in connection.execute(query("bloated_tables")).fetchall():
        last = f"last on {vacuumed:%Y-%m-%d %H:%M} UTC" if vacuumed else "never"
        yield f"{table}: {dead:,} dead rows beside {live:,}; autovacuum was there {last}"


JOBS: dict[str, Callable[[psycopg.Connection], Iterator[str]]] = {
    "retention": retention,
    "compress": compress,
    "dictionaries": dictionaries,
    "orphans": orphans,
    "sizes": measure,
}
