"""A crawl: pages out of the ledger, results to the pipeline, and how it ended; poll.py has its feeds."""

import asyncio
import gc
import logging
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.http import HtmlResponse, Request, Response
from twisted.python.failure import Failure

from scrapers.arguments import CrawlArguments
from scrapers.errors import Forbidden, LimitReached, NotAnArticle, OutletError, Stopped, UsageError, WartaError
from scrapers.extract.multipage import join
from scrapers.extract.process_pool import ProcessPool
from scrapers.extract.reading import Reading
from scrapers.fetch.conditional import conditions, validators
from scrapers.fetch.departures import CrawlStopping, Departures
from scrapers.fetch.failures import Meaning, meaning, was_sent
from scrapers.fetch.fetch_log import describe
from scrapers.fetch.fetched import kept, page_of
from scrapers.fetch.hosts import Hosts, host_of
from scrapers.fetch.opt_outs import NOT_TAKEN
from scrapers.fetch.refusals import HostClosed, RobotsForbids
from scrapers.fetch.retry_after import UNSAID_S
from scrapers.fetch.soft_404 import SoftNotFound
from scrapers.fetch.tdm_reservations import TdmReservations
from scrapers.fetch.walls import wall
from scrapers.items import Article, Fetch, LeasedPage, Link, PageResult
from scrapers.poll import Poll, article_links
from scrapers.settings import BOT_NAME
from scrapers.storage.articles import LED_AWAY
from scrapers.storage.ledger import LEASE
from scrapers.storage.session import Session

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from scrapers.spiders.base import NewsSpider

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5  # leases of a page that fails before it is given up
FIRST_DEFER = timedelta(minutes=15)  # doubles with each attempt
JITTER = 0.25  # of that, up or down, so that pages that failed together do not come back together
DRAIN_S = 3.0  # what is under way when a crawl is stopped may still be answered, read and stored for so long
stopping = object()  # signal: the crawl ends before its end
MOST_TOLD = 100_000  # links that a crawl knows to be in the ledger; forgotten, they are told again
YOUNG = 10_000  # objects that Python makes before it looks for cycles among them; by default 700, a page makes more
KEPT = ("page", "fetches", "links")  # of a page, in the meta of all requests for its article


class Crawl:
    """One run of one outlet. The spider's start() yields its requests; their callbacks are here.

    Pages are leased only as fast as they are fetched, so that a kill costs no more than what was under way.
    """

    def __init__(self, spider: "NewsSpider", arguments: CrawlArguments) -> None:
        urls = arguments.wanted.urls
        for url in urls or ():
            if not spider.is_on_outlet(url):
                raise UsageError(f"{url} is not on {spider.name} ({', '.join(spider.hosts)})")
        self.spider = spider
        self.arguments = arguments
        self.wanted = replace(arguments.wanted, urls=urls and [spider.page_url(url) for url in urls])
        self.session = Session(arguments.run_id, spider.name)
        self.hosts = Hosts(self.session)
        self.error: WartaError | None = None
        self._under_way: set[int] = set()
        self._leased_of: Counter[str] = Counter()  # pages by host
        self._news = asyncio.Event()
        self.poll = Poll(self)
        self.answered = 0
        self.failed: list[str] = []
        self._forbidden = 0
        self._closed: dict[str, str] = {}  # hosts that got nothing, each with what to do about it
        self._told: set[str] = set()
        self._begun = False
        self._workers: ProcessPool  # from the run's begin to its end
        self.departures = Departures(self.session.ready)
        self.is_stopping = False
        self.has_ended = False
        self._is_cut = False
        self._tasks: list[asyncio.Task[None]] = []  # beside the pages, until the end
        self._ending: asyncio.Task[None] | None = None

    def listen(self, crawler: "Crawler") -> None:
        """Hear of the crawler's end."""
        self.crawler = crawler
        self._budget = self.arguments.limit or crawler.settings.getint("PAGES_A_RUN")
        self._soft_404 = SoftNotFound(crawler, self.hosts)
        self._tdm_reservations = TdmReservations(crawler, self.hosts)
        logging.getLogger("scrapy.core.engine").addFilter(self._note_close_failure)
        crawler.signals.connect(self._close, signal=signals.spider_closed)

    @property
    def under_way(self) -> int:
        """How many pages are being fetched, read or stored."""
        return len(self._under_way)

    async def requests(self) -> AsyncIterator[Request]:
        """Yield the requests of the feeds (unless URLs are given), then of pages while any is due."""
        try:
            await self.session.begin(requested_by=self.arguments.requested_by, arguments=dict(self.arguments.given))
            self._workers = ProcessPool(self.crawler.settings.getint("EXTRACT_PROCESSES"))
            self._begun = True
            _collect_less()
            self._tasks = [asyncio.create_task(self._keep_leases()), asyncio.create_task(self._keep_limits())]
            if self.wanted.urls:
                await self.session.discover([Link(url=url) for url in self.wanted.urls])
            for request in [] if self.wanted.urls else await self.poll.requests():
                yield request
            async for request in self._page_requests():
                yield request
        except WartaError as error:
            self.abort(error)

    async def _page_requests(self) -> AsyncIterator[Request]:
        most = self.crawler.settings.getint("CONCURRENT_REQUESTS")
        share = self.crawler.settings.getint("PAGES_A_HOST")
        while self._budget != 0:
            self._news.clear()
            slots = self.hosts.pages_at_once(most)
            free = slots - len(self._under_way)
            spent = [host for host, leased in self._leased_of.items() if leased >= share]
            # not each page by itself: a call of Postgres for four costs as much
            is_worth_it = free >= max(1, slots // 4) or not self._under_way
            pages = await self.session.lease(min(free, self._budget), self.wanted, spent) if is_worth_it else []
            self._budget -= len(pages)
            self._leased_of.update(urlsplit(page.url).netloc for page in pages)
            self._under_way.update(page.page_id for page in pages)
            for page in pages:
                yield self._page_request(page)
            if not pages:
                if self._under_way or self.poll.pending:
                    await self._news.wait()
                elif not await self.session.take_back():
                    left = await self.poll.left_by_others()
                    if left is None:
                        return
                    for request in left:
                        yield request

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 4)
            try:
                await self.session.keep_leases()
            except WartaError as lost:
                self.abort(lost)

    async def _keep_limits(self) -> None:
        """End the crawl where its time or its memory is used up."""
        name, stats = self.spider.name, self.crawler.stats
        end = time.monotonic() + self.spider.timeout.total_seconds()
        while time.monotonic() < end and not (stats and stats.get_value("memusage/limit_reached")):
            await asyncio.sleep(min(1.0, max(0.0, end - time.monotonic())))
        is_late = time.monotonic() >= end
        self.abort(
            LimitReached(f"{name}: not done within {self.spider.timeout}; the next crawl goes on")
            if is_late
            else self._too_large()
        )

    def _too_large(self) -> LimitReached:
        limit = self.crawler.settings.getint("MEMUSAGE_LIMIT_MB")
        return LimitReached(f"{self.spider.name}: used more than {limit} MiB of memory; the next crawl goes on")

    def _page_request(self, page: LeasedPage) -> Request:
        """Return the request of a page; of one that has its article, only in case that it changed."""
        request = self.request(page.url, self.parse_page, self._page_failed, page=page, fetches=[], links=[])
        if known := conditions(page.etag, page.last_modified):
            request.headers.update(known)
            request.meta["handle_httpstatus_list"] = [304]
        return request

    def wake(self) -> None:
        """Look again for pages to lease: there may be new ones."""
        self._news.set()

    def page_done(self, page: LeasedPage, links: Iterable[Link] = ()) -> None:
        """Note that the page's result and links are committed, lost, or left alone; another may be leased instead."""
        self._under_way.discard(page.page_id)
        self._tell(link.url for link in links)
        self._news.set()

    def abort(self, error: Exception) -> None:
        """End the crawl because of `error`; what is leased goes back to the ledger."""
        if self.error is None:
            self.error = (
                error if isinstance(error, WartaError) else WartaError(f"{self.spider.name}: {describe(error)}")
            )
            logger.error("%s", self.error, exc_info=None if isinstance(error, WartaError) else error)
            if self.crawler.engine and not self.is_stopping:
                self._ending = asyncio.create_task(self.crawler.engine.close_spider_async(reason="aborted"))
            self.stop()

    def stop(self) -> None:
        """Send nothing more; what is under way is stored if it comes within DRAIN_S, and leased again if not."""
        if not self.is_stopping:
            self.is_stopping = True
            self._budget = 0
            self._news.set()
            self.departures.close()
            self.session.patience_s = min(self.session.patience_s, DRAIN_S)
            self.crawler.signals.send_catch_log(stopping)
            asyncio.get_running_loop().call_later(DRAIN_S, self._cut)

    def _cut(self) -> None:
        self._is_cut = True
        self.departures.cut()
        if self._begun:
            self._workers.close()

    # Pages

    async def parse_page(self, response: Response) -> AsyncIterator[PageResult | Request]:
        """Yield what the page gave: its article, its state without one, or the request of the article's whole."""
        meta = response.meta
        self._keep(response)
        if refused := await self._not_taken(response):
            logger.warning("%s: %s (%s)", meta["page"].url, refused.state, refused.reason)
            yield refused
            return
        self.answered += 1
        if self._is_same(response):
            yield replace(self._result(meta, "unchanged"), revisit=self.spider.revisit_after, is_same=True)
            return
        reading = await self._read(response)
        if self._is_cut:  # left to the next crawl
            return
        try:
            whole = self.spider.whole_request(response, reading) if isinstance(reading, Reading) else None
        except Exception as error:  # noqa: BLE001 - one bad page never harms its neighbours; it is kept with its error
            whole, reading = None, error
        if whole:
            further = {name: meta[name] for name in KEPT} | {"first": response, "reading": reading}
            yield self.request(whole.url, self.parse_page, self._whole_failed, **further)
            return
        result = self._result_of(response, reading)
        if result.article and "first" not in meta:
            etag, last_modified = validators(response)
            is_kept = meta["fetches"][-1].body is not None
            digest = None if is_kept else sha256(response.body).digest()  # of what is kept, storage takes it
            result = replace(result, etag=etag, last_modified=last_modified, content_sha256=digest, is_one_answer=True)
        yield result

    async def _read(self, response: Response) -> Reading | Exception:
        """Return what the page holds, read in a process of its own, or why it can't be read; note its links."""
        try:
            reading = await self._workers.read(page_of(response), self.spider.rules())
            if isinstance(response, HtmlResponse):
                response.meta["links"] += self._new_links(reading.links, response.meta["page"].url)
        except asyncio.CancelledError:
            return CrawlStopping("the crawl ended before the page was read")
        except Exception as error:  # noqa: BLE001 - one bad page never harms its neighbours; it is kept with its error
            return error
        return reading

    @staticmethod
    def _is_same(response: Response) -> bool:
        """Return whether the answer is the one that the page's article was read from."""
        known = response.meta["page"].content_sha256
        return response.status == 304 or (
            known is not None and "first" not in response.meta and sha256(response.body).digest() == known
        )

    async def _not_taken(self, response: Response) -> PageResult | None:
        """Return the state of a page that is not read: a wall, one that opts out, a soft 404; None for others."""
        meta = response.meta
        fetches: list[Fetch] = meta["fetches"]
        if kind := wall(response):
            self.failed.append(f"{response.url}: blocked: {kind}")
            if kind == "bot_check":
                await self.hosts.leave_alone(host_of(response), UNSAID_S, f"blocked: {kind}")
            return self._result(meta, self._again(meta), f"blocked: {kind}")
        await self._keep_reservation(response)
        opted_out = [name for name in NOT_TAKEN if name in self.spider.respects and name in fetches[-1].opt_outs]
        if opted_out:
            fetches[-1] = replace(fetches[-1], body=None)
            return self._result(meta, "rejected", f"opted_out: {', '.join(opted_out)}")
        if await self._soft_404.is_missing(response):
            self.answered += 1
            return self._result(meta, self._again(meta), "soft_404")  # it may be a mistake: the page is asked again
        return None

    @staticmethod
    def _again(meta: dict[str, Any]) -> str:
        """Return the state of a page that may be another one later: it is asked again, but not for ever."""
        return "gave_up" if meta["page"].attempts >= MAX_ATTEMPTS else "deferred"

    def _keep(self, response: Response) -> None:
        """Keep the answer with its fetch."""
        fetches: list[Fetch] = response.meta["fetches"]
        fetches[-1] = kept(fetches[-1], response, agent=BOT_NAME, respects=self.spider.respects)

    async def _keep_reservation(self, response: Response) -> None:
        """Keep with the fetch that its site's tdmrep.json reserves the page, where it does."""
        if await self._tdm_reservations.is_reserved(response):
            response.meta["reserves_tdm"] = True
            self._keep(response)

    def _new_links(self, urls: Iterable[str], page_url: str) -> list[Link]:
        """Return those links that are the outlet's articles and that this crawl has not yet told the ledger of."""
        links = []
        for url in urls:
            if url not in self._told:
                found = list(article_links(self.spider, [Link(url=url, discovered_in=page_url)]))
                links += found
                if not found:
                    self._tell([url])
        return links

    def _tell(self, urls: Iterable[str]) -> None:
        if len(self._told) > MOST_TOLD:
            self._told.clear()
        self._told.update(urls)

    def _result_of(self, response: Response, reading: Reading | Exception) -> PageResult:
        """Return the page's article, or why there is none."""
        found = reading.article if isinstance(reading, Reading) else reading
        if isinstance(found, Exception):
            return self._unread(response, found)
        address = self.spider.page_url(response.url)
        return replace(self._stored(response.meta, self.spider.identified(found)), address=address)

    def _unread(self, response: Response, error: Exception) -> PageResult:
        """Return the state of a page that gave no article."""
        if isinstance(error, NotAnArticle):
            logger.info("%s: %s", response.url, error)
            reason = f"{LED_AWAY}{response.url[:500]}" if self._is_led_away(response) else error.reason
            return replace(self._result(response.meta, "rejected", reason), revisit=self.spider.revisit_after)
        logger.error("%s could not be read; it is quarantined", response.url, exc_info=error)
        return self._result(response.meta, state="quarantined", reason=describe(error))

    def _is_led_away(self, response: Response) -> bool:
        """Return whether the page redirects to what is no article's address: the home page, a section, a search."""
        page: LeasedPage = response.meta["page"]
        return self.spider.page_url(response.url) != page.url and not self.spider.is_article_url(response.url)

    async def _page_failed(self, failure: Failure) -> AsyncIterator[PageResult]:
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        page: LeasedPage = request.meta["page"]
        if self.is_stopping:
            self.page_done(page)  # left to the next crawl
            return
        means = self.failure_meaning(failure)
        if means.state == "deferred" and page.attempts >= MAX_ATTEMPTS and means.wait is None:
            means = replace(means, state="gave_up")
        logger.warning("%s: %s (%s)", page.url, means.state, means.reason)
        self.fetches_of(request, failure)
        result = replace(self._result(request.meta, means.state, means.reason), revisit=self.spider.revisit_after)
        if means.wait is None:
            yield result
        else:  # the host is to blame, and the page keeps its attempts
            yield replace(result, defer=max(means.wait, FIRST_DEFER), is_attempt=False)

    async def _whole_failed(self, failure: Failure) -> AsyncIterator[PageResult | Request]:
        """Where the article's whole cannot be had, its pages are joined, as far as they come."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        first: Response = request.meta["first"]
        if self.is_stopping:
            self.page_done(request.meta["page"])
            return
        logger.warning("%s: %s; its pages are joined", request.url, self.failure_meaning(failure).reason)
        result = self._result_of(first, request.meta["reading"])
        yield self._next_part(request.meta, [result.article]) if result.article else result

    def _next_part(self, meta: dict[str, Any], parts: list[Article]) -> PageResult | Request:
        """Return the request of the article's next page, or the result with all of them."""
        number = len(parts) + 1
        if self.spider.numbered_page is None or number > meta["reading"].page_count:
            return self._stored(meta, join(parts))
        url = self.spider.page_url(meta["first"].url) + self.spider.numbered_page.format(number)
        further = {name: meta[name] for name in (*KEPT, "first", "reading")}
        return self.request(url, self._parse_part, self._part_failed, **further, parts=parts)

    async def _parse_part(self, response: Response) -> AsyncIterator[PageResult | Request]:
        meta = response.meta
        self._keep(response)
        await self._keep_reservation(response)
        reading = await self._read(response)
        if self._is_cut:
            return
        part = self._result_of(response, reading).article
        yield self._next_part(meta, [*meta["parts"], part]) if part else self._truncated(meta)

    async def _part_failed(self, failure: Failure) -> AsyncIterator[PageResult]:
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        if self.is_stopping:
            self.page_done(request.meta["page"])
            return
        logger.warning("%s: %s; the article stays cut short", request.url, self.failure_meaning(failure).reason)
        self.fetches_of(request, failure)
        yield self._truncated(request.meta)

    def _truncated(self, meta: dict[str, Any]) -> PageResult:
        return self._stored(meta, replace(join(meta["parts"]), is_truncated=True))

    def _stored(self, meta: dict[str, Any], article: Article) -> PageResult:
        return replace(self._result(meta), article=article, revisit=self.spider.revisit_after)

    def _result(self, meta: dict[str, Any], state: str = "stored", reason: str | None = None) -> PageResult:
        page: LeasedPage = meta["page"]
        defer = backoff(page.attempts) if state == "deferred" else None
        fetches, links = tuple(meta["fetches"]), tuple(meta["links"])
        return PageResult(page=page, state=state, reason=reason, fetches=fetches, links=links, defer=defer)

    # Failures

    def failure_meaning(self, failure: Failure) -> Meaning:
        """Return what a failed request means for its page or feed, and count it for the verdict."""
        means = meaning(failure)
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        if isinstance(failure.value, HostClosed):
            self._note_closed(host_of(request), failure.value)
        if isinstance(failure.value, RobotsForbids):
            self._forbidden += 1
        elif means.state == "gave_up" and "feed" not in request.meta:
            self.answered += 1
        else:
            self.failed.append(means.reason if means.state == "rejected" else f"{request.url}: {means.reason}")
        return means

    def _note_closed(self, host: str, closed: HostClosed) -> None:
        """Say once of a host that it gets no request, until when, and how to have it asked all the same."""
        if host not in self._closed:
            until = datetime.now(UTC) + timedelta(seconds=closed.wait_s)
            why = " ".join(str(closed).removeprefix("host closed: ").split())[:200]
            self._closed[host] = (
                f"{host} is closed until {until:%Y-%m-%d %H:%M:%S} UTC ({why}); `warta hosts open {host}` opens it now"
            )
            logger.warning("%s", self._closed[host])

    def fetches_of(self, request: Request, failure: Failure) -> list[Fetch]:
        """Return the request's fetches; one that was kept back was not sent, which is noted too."""
        fetches: list[Fetch] = request.meta["fetches"]
        if not was_sent(failure):
            fetches.append(
                Fetch(
                    url=request.url,
                    requested_at=datetime.now(UTC),
                    robots="not_asked" if isinstance(failure.value, HostClosed) else "forbidden",
                    outcome="not_sent",
                    error=str(failure.value) or None,
                )
            )
        return fetches

    # The end

    async def _close(self, reason: str) -> None:
        """End the run: outcome, reason, and the leases that go back."""
        self.error = self.error or self._verdict(reason)
        self.has_ended = True
        if not self._begun:
            return
        for task in self._tasks:
            task.cancel()
        self._workers.close()
        is_stopped = isinstance(self.error, (Stopped, LimitReached))
        outcome = "succeeded" if self.error is None else "stopped" if is_stopped else "failed"
        try:
            run = await self.session.finish(outcome, str(self.error) if self.error else None)
        except WartaError as lost:
            self.error = lost
            logger.error("%s", lost)
            return
        if run:
            counts = ", ".join(f"{pages} {state}" for state, pages in sorted(run.counts.items()))
            logger.info("run %s %s: %d pages (%s)", run.run_id, run.outcome, run.discovered, counts or "none")
            logger.info(
                "%d requests, %d bytes; %d answers were not modified, which saved %d bytes",
                *(run.requests, run.bytes, run.not_modified, run.bytes_saved),
            )
            for alert in run.alerts:
                logger.warning("alert %s", alert)

    def _note_close_failure(self, record: logging.LogRecord) -> bool:
        """Note what fails while Scrapy closes, of which it only writes a line: that is no success either."""
        if record.levelno == logging.ERROR and record.getMessage().endswith("close failure") and record.exc_info:
            failure = WartaError(
                f"{self.spider.name}: {record.getMessage()}: {describe(record.exc_info[1] or OSError())}"
            )
            self.error = self.error or failure
        return True

    def _verdict(self, reason: str) -> WartaError | None:
        """Return why the crawl did not succeed; None where it did."""
        name = self.spider.name
        if reason == "memusage_exceeded":
            return self._too_large()
        if reason != "finished":
            return Stopped(f"{name}: stopped before its end ({reason}); run it again to go on")
        if self.failed and not (self.answered and self.poll.is_heard):
            what = "none of its feeds could be had" if self.answered else "nothing could be fetched"
            return OutletError(f"{name}: {what}; {next(iter(self._closed.values()), self.failed[0])}")
        if self.answered:
            return None
        if self._forbidden:
            return Forbidden(f"{name}: robots.txt of {self.spider.site} forbids it")
        return None

    def request(self, url: str, callback: Any, errback: Any, *, priority: int = 0, **meta: Any) -> Request:
        """Return a request of this crawl."""
        # dont_filter: the ledger knows what was fetched, Scrapy's own filter must not drop a page that is due again
        return Request(url, callback=callback, errback=errback, priority=priority, dont_filter=True, meta=meta)


def _collect_less() -> None:
    """Let the garbage collector pass over all that is loaded by now and lives to the end of the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)


def backoff(attempts: int) -> timedelta:
    """Return for how long a page is left alone after so many failures in a row."""
    jitter = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret
    return FIRST_DEFER * (2.0 ** (attempts - 1) * jitter)
