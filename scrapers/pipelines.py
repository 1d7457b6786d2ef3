"""Item pipeline: page results into Postgres, in batches; an item is scraped once it is committed."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import DropItem

from scrapers.crawl.middleware import run_of
from scrapers.crawl.run import CrawlRun
from scrapers.items import PageResult
from scrapers.storage import articles

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

BATCH = 50  # results a transaction
LINGER_S = 0.2  # so long a batch waits for others: among five a page costs half as much again as among twenty


class StoragePipeline:
    """Collect page results, store each batch in one transaction, and hand on the articles.

    What later stages and `-O` see are Article items; a page that gave none is dropped with its state and reason.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        self.waiting: list[tuple[PageResult, asyncio.Future[str]]] = []
        self.flushing: asyncio.Task[None] | None = None
        self._many = max(1, crawler.settings.getint("CONCURRENT_REQUESTS") // 2)
        self._are_enough = asyncio.Event()

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the crawler's pipeline."""
        return cls(crawler)

    @property
    def run(self) -> CrawlRun:
        """The run whose results these are; raises RuntimeError where there is none."""
        if run := run_of(self.crawler):
            return run
        raise RuntimeError("a page's result without a run: StoragePipeline stores what a crawl of the ledger yields")

    async def process_item(self, item: Any) -> Any:
        """Store a result and return its article, or drop it; other items pass."""
        if not isinstance(item, PageResult):
            return item
        try:
            state = await self._stored(item)
        finally:
            self.run.page_done(item.page, item.links)
        self.crawler.stats.inc_value(f"warta/{state}")
        if item.article and state in ("stored", "unchanged"):
            return item.article
        raise DropItem(f"{state} ({item.reason or 'see the ledger'}): {item.page.url}", log_level="INFO")

    async def _stored(self, result: PageResult) -> str:
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.waiting.append((result, future))
        if self._is_enough():
            self._are_enough.set()
        if self.flushing is None or self.flushing.done():
            self.flushing = asyncio.create_task(self._flush())
        return await future

    def _is_enough(self) -> bool:
        """Return whether a batch is worth its transaction: half of what may be under way, or all that is."""
        run = self.run
        return len(self.waiting) >= min(self._many, len(run.pages_under_way)) or run.stopping.is_stopping

    async def _flush(self) -> None:
        """Store what waits until nothing does; what comes while a batch is being stored is the next one.

        A batch that cannot be stored ends the crawl, and loses nothing.
        """
        while self.waiting:
            if not self._is_enough():
                self._are_enough.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(LINGER_S):
                        await self._are_enough.wait()
            batch, self.waiting = self.waiting[:BATCH], self.waiting[BATCH:]
            try:
                session = self.run.session
                results = [result for result, _ in batch]
                states = await session.call(articles.store, session.run_id, results, session.outlet)
            except Exception as error:  # noqa: BLE001 - whatever it is, the waiting items must hear of it
                self.run.stopping.abort(error)
                states = {}
            for result, future in batch:
                if not future.cancelled():
                    future.set_result(states.get(result.page.page_id, "lost"))
            await asyncio.sleep(0)  # let them be done: they are under way no more
