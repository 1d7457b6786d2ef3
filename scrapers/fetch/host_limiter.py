"""Downloader middleware: each request waits for its host's turn, and the hosts learn what came of it."""

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Request, Response
from scrapy.utils.httpobj import urlparse_cached

from scrapers.errors import one_line
from scrapers.fetch import ssrf_guard
from scrapers.fetch.context import context_of
from scrapers.fetch.hosts import host_of
from scrapers.fetch.retry_after import BUSY, asked_for
from scrapers.fetch.visit import visit_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class HostLimiterMiddleware:
    """Let each request wait for its host's turn, and tell the hosts what came of it.

    It stands below the retry and redirect middlewares, so that each attempt and each hop waits for a turn of its own.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        self.hosts = context_of(crawler).hosts
        self.delay_s = crawler.settings.getfloat("DOWNLOAD_DELAY")

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the crawler's middleware."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the host's turn; raises HostClosed where it has none."""
        visit_of(request).is_trial = await self.hosts.acquire(host_of(request), self._delay_s(request))

    def _delay_s(self, request: Request) -> float:
        """Return the longer of the outlet's delay and the one that AutoThrottle has found."""
        slots = self.crawler.engine.downloader.slots if self.crawler.engine else {}
        slot = slots.get(urlparse_cached(request).hostname or "")
        return max(self.delay_s, slot.delay if slot else 0.0)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Note what a busy host asks for, whether the host fails, or that it answers."""
        host = host_of(request)
        if response.status in BUSY:
            await self.hosts.back_off(host, asked_for(response), f"http_{response.status}")
        elif response.status >= 500:
            await self._failed(request, f"http_{response.status}")
        else:
            await self.hosts.answered(host)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """Note that no answer came; one that was refused, or too large, is none of the host's failures."""
        if not isinstance(exception, IgnoreRequest | DownloadCancelledError) and not ssrf_guard.refusal(request):
            await self._failed(request, one_line(exception))

    async def _failed(self, request: Request, reason: str) -> None:
        """Count the failure, of each page once; where the host is closed by it, the page is not to blame."""
        visit = visit_of(request)
        if visit.is_trial or not request.meta.get("retry_times"):
            visit.host_closed_s = await self.hosts.failed(host_of(request), reason, is_trial=visit.is_trial)
