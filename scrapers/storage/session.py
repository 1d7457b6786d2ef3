"""A crawl's one connection to Postgres, used from the event loop and restored when it breaks."""

import asyncio
import logging
import os
import random
import select
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import psycopg
from psycopg.pq import TransactionStatus

from scrapers.errors import DatabaseError
from scrapers.storage import runs
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
        """Wait until what is fetched now could be stored; raises DatabaseError where the database stays away."""
        if not self._turn.locked() and self._may_be_cut():
            await self.call(runs.ping)
        await self._answers.wait()
        if self._is_lost():
            raise DatabaseError("the database went away and did not come back")

    async def finish(self, outcome: str, reason: str | None) -> runs.Run | None:
        """End the run, close the connection, and return the run as it stands."""
        try:
            await self.call(runs.finish_run, self.run_id, outcome, reason)
            return await self.call(runs.find_run, self.run_id)
        finally:
            if self._connection:
                self._connection.close()

    async def call(
        self, function: Callable[Concatenate[psycopg.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return what a function of this room returns for the session's connection and these arguments.

        It is called in a thread and, where the connection breaks, again on a new one: it has to be idempotent. Raises
        DatabaseError where the database stays away.
        """
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
