"""One host, one rate: requests wait for their turn, and a host that is closed gets none, whichever crawl asks.

delay          the longest of the outlet's, AutoThrottle's and robots.txt's; turns are kept in Postgres
Retry-After    of a 429 or 503: the host is closed until then, for all crawls
breaker        pages that get no answer, or a server error, one after another, close the host for a minute; then one
               request tries, and each time that it fails the pause is twice as long

Where the delay is zero, which is for one's own machine, Postgres is asked once a second instead of at each request.
"""

import asyncio
import logging
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

from scrapy.http import Request, Response
from scrapy.utils.httpobj import urlparse_cached

from scrapers.fetch.refusals import HostClosed
from scrapers.storage import hosts as stored_hosts
from scrapers.storage.hosts import FAILURES

if TYPE_CHECKING:
    from scrapers.storage.session import Session

logger = logging.getLogger(__name__)

LOOK_S = 1.0  # how old a host's state may be where its delay is zero
LONGEST_DELAY_S = 300.0  # a crawl-delay beyond it is taken for a mistake
LONGEST_WAIT_S = 300.0  # for a turn; beyond it the page goes back to the ledger, whose lease is 10 minutes
PATIENCE_S = 120.0  # no more pages are under way at once than can be sent in this time


@dataclass
class Host:
    """What this process knows of a host; times are of time.monotonic()."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    looked_at: float = float("-inf")
    next_request_at: float = 0.0
    closed_until: float = 0.0
    closed_because: str = ""
    failures: int = 0
    crawl_delay_s: float = 0.0


class Hosts:
    """The hosts that a crawl asks; what must hold for all crawls is in Postgres, where there is a run."""

    def __init__(self, session: "Session | None" = None) -> None:
        self.session = session
        self.hosts: defaultdict[str, Host] = defaultdict(Host)
        self.slowest_s = 0.0

    def pages_at_once(self, most: int) -> int:
        """Return how many pages may be under way, so that none waits longer for its turn than its lease lasts."""
        return min(most, max(1, int(PATIENCE_S / self.slowest_s))) if self.slowest_s else most

    def slow_down(self, host: str, crawl_delay_s: float) -> None:
        """Obey a crawl-delay."""
        self.hosts[host].crawl_delay_s = min(crawl_delay_s, LONGEST_DELAY_S)

    async def acquire(self, host: str, delay_s: float) -> bool:
        """Wait for the host's next turn; return True if this request is the circuit breaker's trial.

        Raises HostClosed where the host is closed, or too many requests wait for it.
        """
        known = self.hosts[host]
        delay_s = max(delay_s, known.crawl_delay_s)
        self.slowest_s = max(self.slowest_s, delay_s)
        self._raise_if_closed(known)
        if _may_pass(known, delay_s):
            return False
        async with known.turn:
            self._raise_if_closed(known)
            if _may_pass(known, delay_s):  # who waited before this one has looked
                return False
            return await self._acquire(host, known, delay_s)

    async def _acquire(self, host: str, known: Host, delay_s: float) -> bool:
        give_up_at = monotonic() + LONGEST_WAIT_S
        while True:
            self._raise_if_closed(known)
            await asyncio.sleep(max(0.0, known.next_request_at - monotonic()))
            if self.session is None:
                known.next_request_at = monotonic() + delay_s
                return False
            turn = await self.session.call(stored_hosts.take_turn, host, timedelta(seconds=delay_s))
            known.failures = turn.failures
            if turn.taken:
                known.looked_at = monotonic()
                known.next_request_at = known.looked_at + delay_s
                return turn.failures >= FAILURES
            if turn.closed_s:
                self._close(known, turn.closed_s, turn.closed_because or "")
            elif monotonic() > give_up_at:
                raise HostClosed(f"{host} has a queue", LONGEST_WAIT_S)
            else:  # another crawl was first; the odd moment lets each have its turn
                await asyncio.sleep(turn.due_in_s + random.uniform(0.001, 0.02))  # noqa: S311 - no secret

    def _raise_if_closed(self, known: Host) -> None:
        if (wait_s := known.closed_until - monotonic()) > 0:
            raise HostClosed(f"host closed: {known.closed_because}", wait_s)

    def _close(self, known: Host, wait_s: float, reason: str) -> None:
        known.closed_until = max(known.closed_until, monotonic() + wait_s)
        known.closed_because = reason

    async def back_off(self, host: str, wait_s: float, reason: str) -> None:
        """Close the host for as long as it asks."""
        logger.warning("%s answers %s: it is left alone for %.0f s", host, reason, wait_s)
        self._close(self.hosts[host], wait_s, reason)
        if self.session:
            await self.session.call(stored_hosts.close_host, host, timedelta(seconds=wait_s), reason)

    async def failed(self, host: str, reason: str, *, is_trial: bool = False) -> float:
        """Count a page that the host did not answer; return for how many seconds it is closed, 0 where it is open."""
        known = self.hosts[host]
        known.failures += 1
        if self.session is None:
            return 0.0
        closed_s = await self.session.call(stored_hosts.host_failed, host, reason, is_trial=is_trial)
        if closed_s:
            if known.closed_until < monotonic():
                logger.warning("%s fails as a whole (%s): it is left alone for %.0f s", host, reason, closed_s)
            self._close(known, closed_s, reason)
        return closed_s

    async def answered(self, host: str) -> None:
        """Forget the host's failures."""
        known = self.hosts[host]
        if known.failures:
            known.failures = 0
            if self.session:
                await self.session.call(stored_hosts.host_answered, host)


def _may_pass(known: Host, delay_s: float) -> bool:
    """Return whether a request needs to ask nobody: its host has no delay, and was looked at a moment ago."""
    return not delay_s and known.failures < FAILURES and monotonic() - known.looked_at < LOOK_S


def host_of(request: Request | Response) -> str:
    """Return the name of the host of a request or response, with its port where that is not the scheme's own."""
    return urlparse_cached(request).netloc.rpartition("@")[2].lower()
