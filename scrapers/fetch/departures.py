"""When a crawl's requests may leave: not while the database is away, and not once the crawl stops."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response


class CrawlStopping(IgnoreRequest):
    """The crawl ended before the request was answered; it says nothing of the page."""


class Departures:
    """The requests of one run on their way; `ready` returns when what they bring could be stored."""

    def __init__(self, ready: Callable[[], Awaitable[None]]) -> None:
        self._ready = ready
        self._waiting: set[asyncio.Task[Response]] = set()
        self._under_way: set[asyncio.Task[Response]] = set()
        self.are_closed = False

    async def leave(self, download: Coroutine[Any, Any, Response]) -> Response:
        """Return the answer of a request that leaves as soon as it may; raises CrawlStopping."""
        if self.are_closed:
            download.close()
            raise CrawlStopping("the crawl is stopping")
        task = asyncio.create_task(self._leave(download))
        self._waiting.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            raise CrawlStopping("the crawl is stopping") from None
        finally:
            download.close()
            self._waiting.discard(task)
            self._under_way.discard(task)

    async def _leave(self, download: Coroutine[Any, Any, Response]) -> Response:
        await self._ready()
        if task := asyncio.current_task():
            self._waiting.discard(task)
            self._under_way.add(task)
        return await download

    def close(self) -> None:
        """Send nothing more; what is under way may still be answered."""
        self.are_closed = True
        for task in list(self._waiting):
            task.cancel()

    def cut(self) -> None:
        """Wait for no answer any more."""
        self.close()
        for task in list(self._under_way):
            task.cancel()
