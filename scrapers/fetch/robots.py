"""robots.txt as RFC 9309 asks: unreachable means wait, not allowed; kept for a day, for all crawls."""

import asyncio
import logging
import re
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from scrapers.errors import one_line
from scrapers.fetch.context import context_of
from scrapers.fetch.hosts import host_of
from scrapers.fetch.opt_outs import honoured_by
from scrapers.fetch.refusals import HostClosed, Refused, RobotsForbids
from scrapers.fetch.robots_rules import MAX_BYTES, RobotsRules
from scrapers.fetch.visit import visit_of
from scrapers.storage import hosts as stored_hosts
from scrapers.storage.hosts import KeptRobots

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

FRESH_S = 24 * 3600.0  # RFC 9309, 2.4: no copy is used for longer, unless robots.txt is unreachable
STALE_S = 30 * 24 * 3600.0  # 2.3.1.4: its example of how long then
ASK_AGAIN_S = 5 * 60.0  # after it was unreachable
MOST_REDIRECTS = 5  # 2.3.1.2
TOKEN = re.compile(r"[A-Za-z_-]+")


class RobotsUnreachable(HostClosed):
    """The host's robots.txt gave no answer, or a server error: its pages wait."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, ASK_AGAIN_S)


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The rules of an origin, and until when (time.monotonic()) they hold."""

    rules: RobotsRules
    until: float


class RobotsMiddleware:
    """Let no request pass that the robots.txt of its origin forbids.

    Scrapy's own middleware allows everything where robots.txt fails, reads the body of an error page as rules, and
    on the asyncio reactor lets pass all but the first two of the requests that wait for the same robots.txt: they
    share one Deferred, which is spent by the first.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        self.hosts = context_of(crawler).hosts
        found = TOKEN.match(crawler.settings["USER_AGENT"])
        self.token: str = found[0] if found else crawler.settings["BOT_NAME"]
        self.known: dict[str, asyncio.Task[RulesInForce]] = {}
        crawler.signals.connect(self._stop_at_limit, signal=signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the crawler's middleware."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise RobotsForbids where robots.txt forbids the address, RobotsUnreachable where it cannot be asked."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        parts = urlparse_cached(request)
        rules = await self._rules(f"{parts.scheme}://{host_of(request)}")
        self.hosts.slow_down(host_of(request), rules.crawl_delay_s)
        if not rules.allows(request.url):
            raise RobotsForbids
        visit = visit_of(request)
        visit.forbids_ai = rules.forbids_ai(request.url)
        if visit.forbids_ai and "ai_crawlers" in honoured_by(self.crawler):
            raise Refused("opted_out: ai_crawlers")

    async def _rules(self, origin: str) -> RobotsRules:
        task = self.known.get(origin)
        if task is None or (task.done() and task.result().until < monotonic()):
            task = self.known[origin] = asyncio.create_task(self._find(origin))
        try:
            return (await asyncio.shield(task)).rules
        except HostClosed:
            if self.known.get(origin) is task:  # there is another try, once the wait is over
                del self.known[origin]
            raise

    async def _find(self, origin: str) -> RulesInForce:
        """Return the rules that are kept, or that the origin gives now."""
        session = self.hosts.session
        kept = await session.call(stored_hosts.find_robots, origin) if session else None
        if kept and kept.body is not None and kept.age_s is not None and kept.age_s < FRESH_S:
            return self._parsed(kept.body, FRESH_S - kept.age_s)
        if kept and kept.error and kept.asked_s < ASK_AGAIN_S:
            return self._stale(kept, RobotsUnreachable(kept.error))
        try:
            body, status = await self._ask(f"{origin}/robots.txt")
        except RobotsUnreachable as unreachable:
            if session:
                await session.call(stored_hosts.keep_robots, origin, status=None, body=None, error=str(unreachable))
            return await self._stale_or_closed(origin, kept, unreachable)
        if session:
            await session.call(stored_hosts.keep_robots, origin, status=status, body=body, error=None)
        return self._parsed(body, FRESH_S)

    def _parsed(self, body: bytes, fresh_s: float) -> RulesInForce:
        return RulesInForce(RobotsRules(body, self.token), monotonic() + fresh_s)

    async def _stale_or_closed(
        self, origin: str, kept: KeptRobots | None, unreachable: RobotsUnreachable
    ) -> RulesInForce:
        """Return the copy where there is one; where not, no crawl needs to lease the host's pages meanwhile."""
        try:
            return self._stale(kept, unreachable)
        except RobotsUnreachable:
            await self.hosts.back_off(urlsplit(origin).netloc, unreachable.wait_s, str(unreachable))
            raise

    def _stale(self, kept: KeptRobots | None, unreachable: RobotsUnreachable) -> RulesInForce:
        if kept is None or kept.body is None or kept.age_s is None or kept.age_s > STALE_S:
            raise unreachable
        logger.warning("%s; its copy of %.0f h ago is used", unreachable, kept.age_s / 3600)
        return self._parsed(kept.body, ASK_AGAIN_S)

    async def _ask(self, url: str) -> tuple[bytes, int | None]:
        """Return the rules and the status; no rules where the origin has none. Raises RobotsUnreachable, HostClosed."""
        meta = {"dont_obey_robotstxt": True, "redirect_ttl": MOST_REDIRECTS, "is_robots": True}
        request = Request(url, callback=NO_CALLBACK, priority=1000, meta=meta)
        engine = self.crawler.engine
        if engine is None:
            raise RobotsUnreachable("the crawl has ended")
        try:
            response: Response = await engine.download_async(request)
        except (HostClosed, Refused):
            raise
        except IgnoreRequest as refused:
            if "redirect" in str(refused):  # 2.3.1.2: more than five may be taken for "unavailable", see below
                return b"", None
            raise RobotsUnreachable(f"{url} cannot be asked ({refused})") from refused
        except Exception as error:
            raise RobotsUnreachable(f"{url} gives no answer ({one_line(error)})") from error
        if response.status >= 500 or response.status == 429:  # 2.3.1.4: unreachable, assume that all is forbidden
            raise RobotsUnreachable(f"{url} answers HTTP {response.status}")
        return (response.body[:MAX_BYTES] if response.status < 300 else b""), response.status  # 2.3.1.3: all is allowed

    def _stop_at_limit(self, data: bytes, request: Request, **_: Any) -> None:
        """Read no more of a robots.txt than counts."""
        if "is_robots" in request.meta:
            received = request.meta["received"] = request.meta.get("received", 0) + len(data)
            if received > MAX_BYTES:
                raise StopDownload(fail=False)
