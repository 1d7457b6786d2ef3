"""Spider middleware that makes a crawl of a spider: its requests come out of the ledger."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured

from scrapers.crawl.feeds import FeedPoller
from scrapers.crawl.frontier import Frontier
from scrapers.crawl.pages import PageReader
from scrapers.crawl.run import CrawlRun
from scrapers.errors import WartaError, one_line
from scrapers.spiders.base import NewsSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class CrawlMiddleware:
    """Puts one run together: what is leased is asked for, and how it ended is told when Scrapy closes the spider."""

    def __init__(self, crawler: "Crawler", spider: NewsSpider) -> None:
        urls = spider.arguments.scope.urls
        scope = replace(spider.arguments.scope, urls=urls and [spider.page_url(url) for url in urls])
        self.run = CrawlRun(crawler, spider, scope)
        self._frontier = Frontier(self.run, FeedPoller(self.run), PageReader(self.run))

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the crawler's middleware; raises NotConfigured where the spider's requests don't come from the ledger.

        `scrapy fetch`, `parse` and `check` put requests of their own in the place of the spider's start().
        """
        spider = crawler.spider
        if not isinstance(spider, NewsSpider) or type(spider).start is not NewsSpider.start:
            raise NotConfigured
        middleware = cls(crawler, spider)
        logging.getLogger("scrapy.core.engine").addFilter(middleware.note_close_failure)
        crawler.signals.connect(middleware.spider_closed, signal=signals.spider_closed)
        return middleware

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Yield what the ledger has to do."""
        async for request in start:  # of an outlet that is nothing
            yield request
        try:
            await self.run.begin()
            async for request in self._frontier.requests():
                yield request
        except WartaError as error:
            self.run.stopping.abort(error)

    async def spider_closed(self, reason: str) -> None:
        """End the run."""
        await self.run.end(reason)

    def note_close_failure(self, record: logging.LogRecord) -> bool:
        """Note what fails while Scrapy closes, of which it only writes a line: that is no success either."""
        if record.levelno == logging.ERROR and record.getMessage().endswith("close failure") and record.exc_info:
            why = one_line(record.exc_info[1] or OSError())
            failure = WartaError(f"{self.run.outlet}: {record.getMessage()}: {why}")
            self.run.stopping.error = self.run.error or failure
        return True


def run_of(crawler: "Crawler") -> CrawlRun | None:
    """Return the run of a crawler; None where it has none, as in `scrapy shell`, or before its engine starts."""
    middleware = crawler.get_spider_middleware(CrawlMiddleware) if crawler.engine else None
    return middleware.run if middleware else None
