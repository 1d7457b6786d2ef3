"""How a crawl ends before its end: by a signal, an error, or a limit of its time or its memory.

1. It sends nothing more and leases nothing more; what is under way may be answered, read and stored for DRAIN_S.
2. What is still under way then is cut, and goes back to the ledger.
3. Where the process does not end by itself, the watchdog ends it: STOP_S after the signal, CLOSE_S after the last page.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from scrapy import signals

from scrapers.crawl.watchdog import Watchdog
from scrapers.errors import LimitReached, Stopped, WartaError, one_line

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from scrapers.spiders.base import NewsSpider
    from scrapers.storage.session import Session

logger = logging.getLogger(__name__)

DRAIN_S = 3.0  # what is under way when a crawl is stopped may still be answered, read and stored for so long
STOP_S = 11.0  # from a signal to the end of the process, which is there within 12; Airflow's task kills it after 15
CLOSE_S = 60.0  # from the last page to the end of the process
crawl_stopping = object()  # Scrapy signal: the crawl ends before its end


class Stopping:
    """Ends one run early; `on_stop` and `on_cut` are called at the first and the second of the steps above."""

    def __init__(self, crawler: "Crawler", spider: "NewsSpider", session: "Session") -> None:
        self._crawler = crawler
        self._spider = spider
        self._session = session
        self.error: WartaError | None = None
        self.is_stopping = False
        self.is_cut = False
        self.on_stop: list[Callable[[], None]] = []
        self.on_cut: list[Callable[[], None]] = []
        self._ending: asyncio.Task[None] | None = None

    def abort(self, error: Exception) -> None:
        """End the crawl because of `error`; what is leased goes back to the ledger."""
        if self.error is None:
            told = error if isinstance(error, WartaError) else WartaError(f"{self._spider.name}: {one_line(error)}")
            self.error = told
            logger.error("%s", told, exc_info=None if isinstance(error, WartaError) else error)
            if self._crawler.engine and not self.is_stopping:
                self._ending = asyncio.create_task(self._crawler.engine.close_spider_async(reason="aborted"))
            self.stop()

    def stop(self) -> None:
        """Send nothing more; what is under way is stored if it comes within DRAIN_S, and leased again if not."""
        if not self.is_stopping:
            self.is_stopping = True
            self._session.patience_s = min(self._session.patience_s, DRAIN_S)
            for step in self.on_stop:
                step()
            self._crawler.signals.send_catch_log(crawl_stopping)
            asyncio.get_running_loop().call_later(DRAIN_S, self._cut)

    def _cut(self) -> None:
        self.is_cut = True
        for step in self.on_cut:
            step()

    async def keep_limits(self) -> None:
        """End the crawl where its time or its memory is used up."""
        stats = self._crawler.stats
        end = time.monotonic() + self._spider.timeout.total_seconds()
        while time.monotonic() < end and not (stats and stats.get_value("memusage/limit_reached")):
            await asyncio.sleep(min(1.0, max(0.0, end - time.monotonic())))
        self.abort(self.too_late() if time.monotonic() >= end else self.too_large())

    def too_late(self) -> LimitReached:
        """Return the error of a crawl that used up its time."""
        return LimitReached(f"{self._spider.name}: not done within {self._spider.timeout}; the next crawl goes on")

    def too_large(self) -> LimitReached:
        """Return the error of a crawl that used up its memory."""
        limit = self._crawler.settings.getint("MEMUSAGE_LIMIT_MB")
        return LimitReached(f"{self._spider.name}: used more than {limit} MiB of memory; the next crawl goes on")


def watch(crawler: "Crawler", name: str, timeout_s: float, why: Callable[[], WartaError | None]) -> Watchdog:
    """Have this process end in time, whatever hangs: in the crawl, after a signal, or when it closes.

    `why` returns the error that a crawl which stops has met, if any.
    """
    watchdog = Watchdog("scrapy crawl", stop_s=STOP_S)

    def opened() -> None:
        watchdog.watch(asyncio.get_running_loop())
        watchdog.allow(timeout_s + STOP_S, LimitReached(f"{name}: hangs, and was ended; the next crawl goes on"))

    def stops() -> None:
        watchdog.allow(STOP_S, why() or Stopped(f"{name}: did not stop within {STOP_S:.0f} s, and was ended"))

    def closes() -> None:
        watchdog.allow(CLOSE_S, WartaError(f"{name}: did not close within {CLOSE_S:.0f} s, and was ended"))

    crawler.signals.connect(opened, signal=signals.spider_opened, weak=False)
    crawler.signals.connect(stops, signal=crawl_stopping, weak=False)
    crawler.signals.connect(closes, signal=signals.spider_idle, weak=False)
    return watchdog
