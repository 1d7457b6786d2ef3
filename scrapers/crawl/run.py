"""The state of one run, which everything else of the crawl shares."""

import asyncio
import gc
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from scrapers.crawl.outcome import Outcome
from scrapers.crawl.stopping import Stopping
from scrapers.errors import LimitReached, Stopped, WartaError
from scrapers.extract.process_pool import ProcessPool
from scrapers.fetch.context import context_of
from scrapers.items import CrawlScope, LeasedPage, Link
from scrapers.monitor.watch import watch_outlet
from scrapers.storage import ledger, runs
from scrapers.storage.ledger import LEASE
from scrapers.storage.session import Session
from scrapers.storage.snapshots import renew_dictionary

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from scrapers.spiders.base import NewsSpider

logger = logging.getLogger(__name__)

MAX_KNOWN_URLS = 100_000  # links that a crawl knows to be in the ledger; forgotten, they are told again
GC_THRESHOLD = 10_000  # objects that Python makes before it looks for cycles among them; a page makes thousands


class CrawlRun:
    """One run of one outlet: its session, what is under way, and how it fares."""

    def __init__(self, crawler: "Crawler", spider: "NewsSpider", scope: CrawlScope) -> None:
        self.crawler = crawler
        self.spider = spider
        self.scope = scope
        self.arguments = spider.arguments
        self.outlet = spider.name
        self.session = Session(self.arguments.run_id, spider.name)
        self.fetching = context_of(crawler)
        self.outcome = Outcome(spider, crawler.stats)
        self.stopping = Stopping(crawler, spider, self.session)
        self.readers: ProcessPool  # from begin() to end()
        self.pages_under_way: set[int] = set()
        self.feeds_pending = 0
        self.has_begun = False
        self.has_ended = False
        self.known_urls: set[str] = set()
        self._change = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []  # beside the pages, until the end
        self.stopping.on_stop.append(self.wake)

    @property
    def error(self) -> WartaError | None:
        """Why the run did not succeed, as far as is known."""
        return self.stopping.error

    async def begin(self) -> None:
        """Begin the run in the ledger; from now on it fetches nothing that could not be stored."""
        given = dict(self.arguments.given)
        await self.session.begin(requested_by=self.arguments.requested_by, arguments=given)
        self.fetching.begin(self.session)
        self.readers = ProcessPool(self.crawler.settings.getint("EXTRACT_PROCESSES"))
        self.has_begun = True
        gate = self.fetching.send_gate
        self.stopping.on_stop += [gate.close] if gate else []
        self.stopping.on_cut += [*([gate.cut] if gate else []), self.readers.close]
        _collect_less()
        self._tasks = [
            asyncio.create_task(self._renew_leases()),
            asyncio.create_task(self.stopping.keep_limits()),
        ]

    async def _renew_leases(self) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 4)
            try:
                await self.session.call(ledger.renew_leases, self.session.run_id)
            except WartaError as lost:
                self.stopping.abort(lost)

    def wake(self) -> None:
        """Look again for pages to lease: there may be new ones."""
        self._change.set()

    async def change(self) -> None:
        """Wait until a page or a feed is done, or the run stops."""
        await self._change.wait()

    def forget_changes(self) -> None:
        """Let change() wait for what comes from now on."""
        self._change.clear()

    def page_done(self, page: LeasedPage, links: Iterable[Link] = ()) -> None:
        """Note that the page's result and links are committed, lost, or left alone; another may be leased instead."""
        self.pages_under_way.discard(page.page_id)
        self.note_known(link.url for link in links)
        self.wake()

    def note_known(self, urls: Iterable[str]) -> None:
        """Note that the ledger has these links, or that they are none of the outlet's."""
        if len(self.known_urls) > MAX_KNOWN_URLS:
            self.known_urls.clear()
        self.known_urls.update(urls)

    async def end(self, reason: str) -> None:
        """End the run, which Scrapy closed for this reason: its outcome, and the leases that go back."""
        self.stopping.error = self.error or self.outcome.verdict(reason, self.stopping.too_large())
        self.has_ended = True
        if not self.has_begun:
            return
        for task in self._tasks:
            task.cancel()
        self.readers.close()
        is_stopped = isinstance(self.error, Stopped | LimitReached)
        outcome = "succeeded" if self.error is None else "stopped" if is_stopped else "failed"
        try:
            if outcome == "succeeded":
                await self.session.call(renew_dictionary, self.session.outlet)
            await self.session.call(watch_outlet, self.session.outlet)
            run = await self.session.finish(outcome, str(self.error) if self.error else None)
        except WartaError as lost:
            self.stopping.error = lost
            logger.error("%s", lost)
            return
        if run:
            _log(run)


def _log(run: runs.Run) -> None:
    counts = ", ".join(f"{pages} {state}" for state, pages in sorted(run.counts.items()))
    logger.info("run %s %s: %d pages (%s)", run.run_id, run.outcome, run.discovered, counts or "none")
    logger.info(
        "%d requests, %d bytes; %d answers were not modified, which saved %d bytes",
        *(run.requests, run.bytes, run.not_modified, run.bytes_saved),
    )
    for alarm in run.alarms:
        logger.warning("alarm %s", alarm)


def _collect_less() -> None:
    """Let the garbage collector pass over all that is loaded by now and lives to the end of the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD)
