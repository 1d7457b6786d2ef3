"""robots.txt as RFC 9309 asks: unreachable means wait, not allowed."""

import asyncio
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.httpobj import urlparse_cached

from scrapers.fetch.fetch_log import describe

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MAX_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much must be read


class RobotsUnreachable(IgnoreRequest):
    """The host's robots.txt gave no answer, or a server error: its pages wait."""


class RobotsMiddleware:
    """Ask each host's robots.txt once a crawl, and let no request pass that it forbids.

    Scrapy's own middleware allows everything where robots.txt fails, reads the body of an error page as rules, and
    on the asyncio reactor lets pass all but the first two of the requests that wait for the same robots.txt: they
    share one Deferred, which is spent by the first.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        self.user_agent: str = crawler.settings["USER_AGENT"]
        self.rules: dict[str, asyncio.Task[ProtegoRobotParser]] = {}

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the crawler's middleware."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise IgnoreRequest where robots.txt forbids the address, RobotsUnreachable where it cannot be asked."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        parts = urlparse_cached(request)
        if parts.netloc not in self.rules:
            self.rules[parts.netloc] = asyncio.create_task(self._ask(f"{parts.scheme}://{parts.netloc}/robots.txt"))
        rules = await asyncio.shield(self.rules[parts.netloc])
        if not rules.allowed(request.url, self.user_agent):
            raise IgnoreRequest("robots.txt forbids it")

    async def _ask(self, url: str) -> ProtegoRobotParser:
        request = Request(url, callback=NO_CALLBACK, priority=1000, meta={"dont_obey_robotstxt": True})
        engine = self.crawler.engine
        if engine is None:
            raise RobotsUnreachable("the crawl has ended")
        try:
            response = await engine.download_async(request)
        except Exception as error:
            raise RobotsUnreachable(f"{url} gives no answer ({describe(error)})") from error
        if response.status >= 500:  # RFC 9309, 2.3.1.4: unreachable, assume that all is forbidden
            raise RobotsUnreachable(f"{url} answers HTTP {response.status}")
        rules = response.body[:MAX_BYTES] if response.status < 400 else b""  # 2.3.1.3: unavailable, all is allowed
        return ProtegoRobotParser(rules, self.crawler.spider)
