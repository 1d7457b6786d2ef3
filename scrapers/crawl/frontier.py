"""Pages out of the ledger: leased only as fast as they are fetched, so that a kill costs no more than that."""

from collections import Counter
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from scrapy.http import Request

from scrapers.crawl.feeds import FeedPoller
from scrapers.crawl.pages import PageReader
from scrapers.crawl.run import CrawlRun
from scrapers.crawl.visit import page_request
from scrapers.items import LeasedPage, Link
from scrapers.storage import ledger, runs


class Frontier:
    """The requests of a run: its feeds' first (unless URLs are given), then pages' while any is due."""

    def __init__(self, run: CrawlRun, poller: FeedPoller, pages: PageReader) -> None:
        self._run = run
        self._poller = poller
        self._pages = pages
        settings = run.crawler.settings
        self._budget = run.arguments.limit or settings.getint("PAGES_A_RUN")
        self._max_under_way = settings.getint("CONCURRENT_REQUESTS")
        self._max_of_host = settings.getint("PAGES_A_HOST")
        self._leased_of: Counter[str] = Counter()  # pages by host
        run.stopping.on_stop.append(self._close)

    def _close(self) -> None:
        """Lease nothing more."""
        self._budget = 0

    async def requests(self) -> AsyncIterator[Request]:
        """Yield them until there is nothing to do any more."""
        if urls := self._run.scope.urls:
            links = [Link(url=url) for url in urls]
            session = self._run.session
            await session.call(ledger.discover, session.run_id, self._run.outlet, links)
        for request in [] if urls else await self._poller.requests():
            yield request
        async for request in self._page_requests():
            yield request

    async def _page_requests(self) -> AsyncIterator[Request]:
        run = self._run
        while self._budget != 0:
            run.forget_changes()
            pages = await self._lease()
            for page in pages:
                yield page_request(page, self._pages.parse_page, self._pages.page_failed)
            if pages:
                continue
            if run.pages_under_way or run.feeds_pending:
                await run.change()
            elif not await run.session.call(runs.reclaim_expired_leases, run.session.run_id, run.outlet):
                abandoned = await self._poller.abandoned_by_others()
                if abandoned is None:
                    return
                for request in abandoned:
                    yield request

    async def _lease(self) -> list[LeasedPage]:
        """Lease as many pages as may be under way beside those that are; none where that is not worth a call."""
        run = self._run
        slots = run.fetching.hosts.pages_at_once(self._max_under_way)
        free = slots - len(run.pages_under_way)
        # not each page by itself: a call of Postgres for four costs as much
        if free < max(1, slots // 4) and run.pages_under_way:
            return []
        spent = [host for host, leased in self._leased_of.items() if leased >= self._max_of_host]
        number = min(free, self._budget)
        pages = await run.session.call(ledger.lease, run.session.run_id, run.outlet, number, run.scope, spent)
        self._budget -= len(pages)
        self._leased_of.update(urlsplit(page.url).netloc for page in pages)
        run.pages_under_way.update(page.page_id for page in pages)
        return pages
