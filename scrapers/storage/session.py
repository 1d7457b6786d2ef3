"""A crawl's one connection to Postgres, used from the event loop and restored when it breaks."""

import asyncio
import logging
import os
import random
import select
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import psycopg
from psycopg.pq import TransactionStatus

from scrapers.errors import DatabaseError
from scrapers.items import (
    Discovered,
    DueFeed,
    Fetch,
    LeasedPage,
    Link,
    Missing,
    NamedFeed,
    NotTaken,
    PageResult,
    PolledFeed,
    Wanted,
)
from scrapers.storage import articles, feeds, hosts, ledger, runs
from scrapers.storage.connection import AWAY, explain, open_connection

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE_S = 60.0  # how long a crawl waits for a database that went away, fetching nothing meanwhile
CALL_S = 60.0  # how long one call may take; then its connection is taken for dead


class Session:
    """The run's calls to Postgres: one at a time, each in its own transaction and its own thread.

    Each call is idempotent: when the connection breaks it is made again on a new one. After PATIENCE_S without a
    database the call raises DatabaseError, and each later one tries once. ready() says when a request may leave.
    """

    def __init__(self, run_id: UUID, outlet: str) -> None:
        self.run_id = run_id
        self.outlet = outlet
        self.patience_s = PATIENCE_S
        self._connection: psycopg.Connection | None = None
        self._backends: list[int] = []  # Postgres' processes of the connections so far, of each the run may have a lock
        self._turn = asyncio.Lock()
        self._answers = asyncio.Event()  # cleared while the database is away
        self._answers.set()
        self._away_since: float | None = None

    @property
    def has_begun(self) -> bool:
        """Whether there is a run; `scrapy shell` and `scrapy parse` have none, and no database."""
        return self._connection is not None

    async def begin(self, *, requested_by: str, arguments: dict[str, Any]) -> None:
        """Begin the run; raises DatabaseError at once where there is no database."""
        self._connection = await asyncio.to_thread(open_connection)
        self._backends.append(self._connection.info.backend_pid)
        try:
            await asyncio.to_thread(
                runs.begin_run,
                self._connection,
                self.run_id,
                outlet=self.outlet,
                requested_by=requested_by,
                arguments=arguments,
            )
        except AWAY as error:
            raise DatabaseError(f"the run could not begin: {explain(error)}") from error

    async def ready(self) -> None:
        """Return when what is fetched now could be stored; raises DatabaseError where the database stays away."""
        if not self._turn.locked() and self._may_be_cut():
            await self._call(runs.ping)
        await self._answers.wait()
        if self._is_lost():
            raise DatabaseError("the database went away and did not come back")

    async def discover(self, links: Sequence[Link], feed_id: int | None = None) -> Discovered:
        """Add links to the ledger, with what the feed says of them; return what they brought."""
        return await self._call(ledger.discover, self.run_id, self.outlet, links, feed_id)

    async def lease(self, pages: int, wanted: Wanted, spent_hosts: Sequence[str] = ()) -> list[LeasedPage]:
        """Lease up to `pages` due pages, none of `spent_hosts`."""
        return await self._call(ledger.lease, self.run_id, self.outlet, pages, wanted, spent_hosts)

    async def keep_leases(self) -> None:
        """Put off the expiry of what the run has leased: its process lives."""
        await self._call(ledger.keep_leases, self.run_id)

    async def take_back(self) -> int:
        """Free what this run holds without knowing of it, and what dead runs of the outlet hold; return the pages."""
        return await self._call(runs.take_back, self.run_id, self.outlet)

    async def store(self, results: Sequence[PageResult]) -> dict[int, str]:
        """Store results and the links of their pages; return the state of each page by its id."""
        return await self._call(articles.store, self.run_id, results, self.outlet)

    async def note_untaken(self, feed_id: int, untaken: Sequence[NotTaken]) -> None:
        """Keep what a feed announces and the crawl does not take."""
        await self._call(ledger.note_untaken, feed_id, untaken)

    async def name_feeds(
        self,
        followed: Sequence[NamedFeed],
        *,
        named: Sequence[str] | None,
        found_in: int | None = None,
        declaration: str = "",
    ) -> int:
        """Add the feeds that the outlet declares, or another feed names; return how many are news."""
        return await self._call(
            feeds.name_feeds, self.outlet, followed, named=named, found_in=found_in, declaration=declaration
        )

    async def due_feeds(self, *, found_in: int | None = None, **wanted: bool) -> list[DueFeed]:
        """Take and return the feeds to poll now, with those that another run is polling."""
        return await self._call(feeds.due_feeds, self.run_id, self.outlet, found_in=found_in, **wanted)

    async def store_poll(self, polled: PolledFeed, fetches: Sequence[Fetch]) -> None:
        """Keep what a feed answered, with its requests."""
        await self._call(feeds.store_poll, self.run_id, polled, fetches)

    async def take_turn(self, host: str, delay: timedelta) -> hosts.Turn:
        """Take the host's next turn where it is due."""
        return await self._call(hosts.take_turn, host, delay)

    async def close_host(self, host: str, wait: timedelta, reason: str) -> None:
        """Let no crawl send the host anything before `wait` is over."""
        await self._call(hosts.close_host, host, wait, reason)

    async def host_failed(self, host: str, reason: str, *, is_probe: bool) -> float:
        """Count a page that the host did not answer; return for how many seconds it is closed now."""
        return await self._call(hosts.host_failed, host, reason, is_probe=is_probe)

    async def host_answered(self, host: str) -> None:
        """Forget the host's failures."""
        await self._call(hosts.host_answered, host)

    async def find_robots(self, origin: str) -> hosts.KeptRobots | None:
        """Return the kept robots.txt of an origin."""
        return await self._call(hosts.find_robots, origin)

    async def keep_robots(self, origin: str, *, status: int | None, body: bytes | None, error: str | None) -> None:
        """Keep what an origin's robots.txt answered."""
        await self._call(hosts.keep_robots, origin, status=status, body=body, error=error)

    async def knows(self, urls: Sequence[str], titles: Sequence[str]) -> bool:
        """Return whether one of these addresses or titles is of a page or an article of the outlet."""
        return await self._call(ledger.knows, self.outlet, urls, titles)

    async def find_probe(self, host: str, fresh_s: float) -> Missing | None:
        """Return what a host shows for a page that cannot exist."""
        return await self._call(hosts.find_probe, host, fresh_s)

    async def keep_probe(self, host: str, missing: Missing) -> None:
        """Keep what a host shows for a page that cannot exist."""
        await self._call(hosts.keep_probe, host, missing)

    async def find_tdm_rules(self, host: str, fresh_s: float) -> list[tuple[str, bool]] | None:
        """Return what a host's tdmrep.json reserves."""
        return await self._call(hosts.find_tdm_rules, host, fresh_s)

    async def keep_tdm_rules(self, host: str, rules: list[tuple[str, bool]]) -> None:
        """Keep what a host's tdmrep.json reserves."""
        await self._call(hosts.keep_tdm_rules, host, rules)

    async def finish(self, outcome: str, reason: str | None) -> runs.Run | None:
        """End the run, close the connection, and return the run as it stands."""
        try:
            await self._call(runs.finish_run, self.run_id, outcome, reason)
            return await self._call(runs.find_run, self.run_id)
        finally:
            if self._connection:
                self._connection.close()

    async def _call(
        self, function: Callable[Concatenate[psycopg.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        # shielded: where the caller is cancelled, its thread still has the connection, and with it the turn
        return await asyncio.shield(self._in_turn(lambda connection: function(connection, *args, **kwargs)))

    async def _in_turn(self, function: Callable[[psycopg.Connection], T]) -> T:
        async with self._turn:
            return await self._tried(function)

    async def _tried(self, function: Callable[[psycopg.Connection], T]) -> T:
        """Call until the database has answered, with growing pauses between."""
        pause = 0.1
        while True:
            try:
                result = await self._in_time(function)
            except (*AWAY, DatabaseError) as error:
                self._away_since = self._away_since or time.monotonic()
                if self._is_lost():
                    self._answers.set()  # those who wait learn that it is in vain
                    raise DatabaseError(
                        f"the database went away and did not come back within {self.patience_s:.0f} s: {explain(error)}"
                    ) from error
                self._answers.clear()
                logger.warning("database: %s; next try in %.1f s", explain(error), pause)
                await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - so that not all come back at once
                pause = min(pause * 2, 5)
            else:
                self._away_since = None
                self._answers.set()
                return result

    async def _in_time(self, function: Callable[[psycopg.Connection], T]) -> T:
        """Call in a thread; what does not answer within CALL_S is cut, and fails as a broken connection does."""
        work = asyncio.ensure_future(asyncio.to_thread(self._try, function))
        while not (await asyncio.wait([work], timeout=CALL_S))[0]:
            self._cut()  # again and again: the thread may have connected anew meanwhile
        return await work

    def _try(self, function: Callable[[psycopg.Connection], T]) -> T:
        connection = self._connected()
        try:
            return function(connection)
        except AWAY as error:
            # one that could not be written to is no broken one to libpq, but busy for ever; and a server that takes no
            # writes is another one, or takes them again, on the next connection
            if connection.info.transaction_status is not TransactionStatus.IDLE or _is_read_only(error):
                connection.close()
            raise

    def _connected(self) -> psycopg.Connection:
        """Return the connection, or a new one in its place that holds the run's lock again."""
        if self._connection is None or self._connection.closed or self._connection.broken:
            self._connection = open_connection()
            self._backends.append(self._connection.info.backend_pid)
            try:
                runs.resume_run(self._connection, self.run_id, self._backends)
            except AWAY:
                self._connection.close()  # it has not the run's lock
                raise
        return self._connection

    def _cut(self) -> None:
        """End the connection under the thread that waits for it."""
        with suppress(OSError, *AWAY):  # the thread has closed it, or it has no other end
            if self._connection and not self._connection.closed:
                with socket.socket(fileno=os.dup(self._connection.fileno())) as line:
                    line.shutdown(socket.SHUT_RDWR)

    def _may_be_cut(self) -> bool:
        """Tell whether something came on the idle connection: its end, or Postgres' word that it ends."""
        if self._connection is None or self._connection.closed:
            return True
        poll = select.poll()
        poll.register(self._connection.fileno(), select.POLLIN)
        return bool(poll.poll(0))

    def _is_lost(self) -> bool:
        return self._away_since is not None and time.monotonic() - self._away_since >= self.patience_s


def _is_read_only(error: Exception) -> bool:
    return isinstance(error, psycopg.errors.ReadOnlySqlTransaction)
