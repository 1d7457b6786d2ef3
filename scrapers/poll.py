"""A crawl's look at the outlet's feeds: what they announce goes into the ledger."""

import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from scrapers.discovery.feeds import Feed, UnreadableFeed
from scrapers.errors import WartaError
from scrapers.fetch.fetch_log import describe
from scrapers.items import Fetch, Link, PolledFeed

if TYPE_CHECKING:
    from scrapers.crawl import Crawl
    from scrapers.spiders.base import NewsSpider

logger = logging.getLogger(__name__)


class Poll:
    """The feeds of one run; `pending` counts those that have not answered yet."""

    def __init__(self, crawl: "Crawl") -> None:
        self.crawl = crawl
        self.pending = 0
        self._seen: set[str] = set()

    def requests(self, feeds: Iterable[Feed]) -> list[Request]:
        """Return a request for each feed not yet asked for in this crawl."""
        new = {feed.url: feed for feed in feeds if feed.url not in self._seen}
        self._seen.update(new)
        self.pending += len(new)
        return [
            self.crawl.request(url, self._parse, self._request_failed, feed=feed, fetches=[], priority=1)
            for url, feed in new.items()
        ]

    async def _parse(self, response: Response) -> AsyncIterator[Request]:
        feed: Feed = response.meta["feed"]
        further: list[Request] = []
        error = None
        spider = self.crawl.spider
        try:
            new = await self.crawl.session.discover(list(article_links(spider, feed.links(response))))
            further = self.requests(found for found in feed.feeds(response) if spider.is_on_outlet(found.url))
            logger.info("%s %s: %d new pages", feed.kind, response.url, new)
            self.crawl.answered += 1
        except UnreadableFeed as unreadable:
            error = f"{response.url}: {unreadable}"
        except WartaError as lost:
            self.crawl.abort(lost)
        except Exception as unforeseen:
            logger.exception("%s could not be read", response.url)
            error = f"{response.url}: {describe(unforeseen)}"
        if error:
            self.crawl.failed.append(error)
        await self._polled(feed, response.meta["fetches"], response, error)
        for request in further:
            yield request

    async def _request_failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        response = failure.value.response if isinstance(failure.value, HttpError) else None
        _, reason = self.crawl.failure_state(failure)
        fetches = self.crawl.fetches_of(request, failure)
        await self._polled(request.meta["feed"], fetches, response, f"{request.url}: {reason}")

    async def _polled(self, feed: Feed, fetches: list[Fetch], response: Response | None, error: str | None) -> None:
        if error:
            logger.warning("%s failed: %s", feed.kind, error)
        header = response.headers if response else {}
        polled = PolledFeed(
            url=feed.url,
            kind=feed.kind,
            failed=error is not None,
            status=response.status if response else None,
            etag=(header.get("ETag") or b"").decode("latin-1") or None,
            last_modified=(header.get("Last-Modified") or b"").decode("latin-1") or None,
        )
        try:
            await self.crawl.session.poll_feed(polled, fetches)
        except WartaError as lost:
            self.crawl.abort(lost)
        self.pending -= 1
        self.crawl.wake()


def article_links(spider: "NewsSpider", links: Iterable[Link]) -> Iterator[Link]:
    """Yield those links that are articles of the outlet, under the address to fetch; variants name theirs."""
    for link in links:
        if spider.is_article_url(link.url):
            page_url = spider.page_url(link.url)
            yield replace(link, url=page_url)
            if link.url != page_url:
                yield replace(link, variant_of=page_url)
