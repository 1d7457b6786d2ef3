"""When a crawl's requests may leave: not while the database is away, and not once the crawl stops."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response


class CrawlStopping(IgnoreRequest):
    """The crawl ended before the request was answered; it says nothing of the page."""


class SendGate:
    """The gate that all requests of one run leave through; `ready` waits until what they bring could be stored."""

    def __init__(self, ready: Callable[[], Awaitable[None]]) -> None:
        self._ready = ready
        self._waiting: set[asyncio.Task[Response]] = set()
        self._under_way: set[asyncio.Task[Response]] = set()
        self.is_closed = False

    async def send(self, download: Coroutine[Any, Any, Response]) -> Response:
        """Send a request as soon as it may be sent, and return its answer; raises CrawlStopping."""
        if self.is_closed:
            download.close()
            raise CrawlStopping("the crawl is stopping")
        task = asyncio.create_task(self._send(download))
        self._waiting.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            raise CrawlStopping("the crawl is stopping") from None
        finally:
            download.close()
            self._waiting.discard(task)
            self._under_way.discard(task)

    async def _send(self, download: Coroutine[Any, Any, Response]) -> Response:
        await self._ready()
        if task := asyncio.current_task():
            self._waiting.discard(task)
            self._under_way.add(task)
        return await download

    def close(self) -> None:
        """Send nothing more; what is under way may still be answered."""
        self.is_closed = True
        for task in list(self._waiting):
            task.cancel()

    def cut(self) -> None:
        """Wait for no answer any more."""
        self.close()
        for task in list(self._under_way):
            task.cancel()
