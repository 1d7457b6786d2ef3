"""The callbacks of pages: what an answer, or its failure, makes of the page; the pipeline stores it.

Most articles take one answer. Of an article of several pages the outlet's whole is asked for, where it declares one;
where that cannot be had, its pages are asked for one by one and joined.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from scrapy.http import HtmlResponse, Request, Response
from twisted.python.failure import Failure

from scrapers.crawl.announcements import article_links
from scrapers.crawl.run import CrawlRun
from scrapers.crawl.visit import PageVisit, note_unsent, page_visit, request_of, request_that_failed
from scrapers.errors import NotAnArticle, one_line
from scrapers.extract.multipage import join
from scrapers.extract.reading import Reading
from scrapers.fetch.conditional import validators
from scrapers.fetch.failures import Failed
from scrapers.fetch.refusals import Interstitial, OptedOut, SoftNotFound
from scrapers.fetch.send_gate import CrawlStopping
from scrapers.items import Article, Link, PageResult
from scrapers.spiders.responses import to_page
from scrapers.storage.articles import LED_AWAY

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5  # leases of a page that fails before it is given up
FIRST_DEFER = timedelta(minutes=15)  # doubles with each attempt
JITTER = 0.25  # of that, up or down, so that pages that failed together do not come back together


class PageReader:
    """Reads the answers of one run's pages."""

    def __init__(self, run: CrawlRun) -> None:
        self._run = run
        self._spider = run.spider

    async def parse_page(self, response: Response) -> AsyncIterator[PageResult | Request]:
        """Yield what the page gave: its article, its state without one, or the request of the article's whole."""
        visit = page_visit(response)
        self._run.outcome.answered()
        if _is_unchanged(response, visit):
            yield visit.result("unchanged", revisit=self._spider.revisit_after, is_same=True)
            return
        reading = await self._read(response, visit)
        if self._run.stopping.is_cut:  # left to the next crawl
            return
        whole, reading = self._whole(response, visit, reading)
        yield whole or self._first_result(response, visit, reading)

    async def page_failed(self, failure: Failure) -> AsyncIterator[PageResult]:
        """Yield the state of a page that could not be had, or was not taken."""
        request = request_that_failed(failure)
        visit = page_visit(request)
        if self._run.stopping.is_stopping:
            self._run.page_done(visit.page)  # left to the next crawl
            return
        failed = self._classified(failure, visit)
        logger.warning("%s: %s (%s)", visit.page.url, failed.state, failed.reason)
        note_unsent(visit, request, failure)
        result = visit.result(failed.state, failed.reason, defer=_defer(failed, visit))
        if isinstance(failure.value, Interstitial | OptedOut | SoftNotFound):
            yield result
        elif failed.wait is None:
            yield replace(result, revisit=self._spider.revisit_after)
        else:  # the host is to blame, and the page keeps its attempts
            yield replace(result, revisit=self._spider.revisit_after, is_attempt=False)

    def _classified(self, failure: Failure, visit: PageVisit) -> Failed:
        """Return what the failure means for the page; one that failed too often is given up."""
        failed = self._run.outcome.classify(failure)
        is_last = failed.state == "deferred" and visit.page.attempts >= MAX_ATTEMPTS and failed.wait is None
        return replace(failed, state="gave_up") if is_last else failed

    async def _read(self, response: Response, visit: PageVisit) -> Reading | Exception:
        """Return what the page holds, read in a process of its own, or why it can't be read; note its links."""
        try:
            page = to_page(response, visit.page.announced)
            reading = await self._run.readers.read(page, self._spider.rules())
            if isinstance(response, HtmlResponse):
                visit.links += self._new_links(reading.links, visit.page.url)
        except asyncio.CancelledError:
            return CrawlStopping("the crawl ended before the page was read")
        except Exception as error:  # noqa: BLE001 - one bad page never harms its neighbours; it is kept with its error
            return error
        return reading

    def _new_links(self, urls: Iterable[str], page_url: str) -> list[Link]:
        """Return those links that are the outlet's articles and that this run has not yet told the ledger of."""
        links: list[Link] = []
        for url in urls:
            if url not in self._run.known_urls:
                articles = list(article_links(self._spider, [Link(url=url, discovered_in=page_url)]))
                links += articles
                if not articles:
                    self._run.note_known([url])
        return links

    def _first_result(self, response: Response, visit: PageVisit, reading: Reading | Exception) -> PageResult:
        """Return the result of an answer; what one answer gave is known by that answer from now on."""
        result = self._result_of(response, visit, reading)
        if result.article is None or visit.first is not None:
            return result
        etag, last_modified = validators(response)
        is_kept = visit.fetches[-1].body is not None
        digest = None if is_kept else sha256(response.body).digest()  # of what is kept, storage takes it
        return replace(result, etag=etag, last_modified=last_modified, content_sha256=digest, is_one_answer=True)

    def _result_of(self, response: Response, visit: PageVisit, reading: Reading | Exception) -> PageResult:
        """Return the page's article, or why there is none."""
        article = reading.article if isinstance(reading, Reading) else reading
        if isinstance(article, Exception):
            return self._unread(response, visit, article)
        result = self._stored(visit, self._spider.identified(article))
        return replace(result, address=self._spider.page_url(response.url))

    def _unread(self, response: Response, visit: PageVisit, error: Exception) -> PageResult:
        """Return the state of a page that gave no article."""
        if isinstance(error, NotAnArticle):
            logger.info("%s: %s", response.url, error)
            reason = f"{LED_AWAY}{response.url[:500]}" if self._is_led_away(response, visit) else error.reason
            return visit.result("rejected", reason, revisit=self._spider.revisit_after)
        logger.error("%s could not be read; it is quarantined", response.url, exc_info=error)
        return visit.result("quarantined", one_line(error))

    def _is_led_away(self, response: Response, visit: PageVisit) -> bool:
        """Return whether the page redirects to what is no article's address: the home page, a section, a search."""
        is_elsewhere = self._spider.page_url(response.url) != visit.page.url
        return is_elsewhere and not self._spider.is_article_url(response.url)

    def _stored(self, visit: PageVisit, article: Article) -> PageResult:
        return visit.result(article=article, revisit=self._spider.revisit_after)

    # Articles of several pages

    def _whole(
        self, response: Response, visit: PageVisit, reading: Reading | Exception
    ) -> tuple[Request | None, Reading | Exception]:
        """Return the request of the article's whole where this is the first of several pages; and the reading."""
        if isinstance(reading, Exception) or visit.first is not None:  # also where the whole leads back to the first
            return None, reading
        try:
            url = self._spider.whole_article_url(response.url, reading)
        except Exception as error:  # noqa: BLE001 - one bad page never harms its neighbours; it is kept with its error
            return None, error
        if url is None:
            return None, reading
        visit.first, visit.reading = response, reading
        return request_of(visit, response.urljoin(url), self.parse_page, self._whole_failed), reading

    async def _whole_failed(self, failure: Failure) -> AsyncIterator[PageResult | Request]:
        """Where the article's whole cannot be had, its pages are joined, as far as they come."""
        request = request_that_failed(failure)
        visit = page_visit(request)
        if self._run.stopping.is_stopping or isinstance(failure.value, Interstitial | OptedOut | SoftNotFound):
            async for result in self.page_failed(failure):
                yield result
            return
        logger.warning("%s: %s; its pages are joined", request.url, self._run.outcome.classify(failure).reason)
        if visit.first is None or visit.reading is None:
            raise RuntimeError(f"{request.url}: asked for the whole of an article without its first page")
        result = self._result_of(visit.first, visit, visit.reading)
        if result.article:
            visit.parts = [result.article]
        yield self._next_part(visit) if result.article else result

    def _next_part(self, visit: PageVisit) -> PageResult | Request:
        """Return the request of the article's next page, or the result with all of them."""
        number = len(visit.parts) + 1
        page_count = visit.reading.page_count if visit.reading else 0
        if self._spider.numbered_page is None or number > page_count or visit.first is None:
            return self._stored(visit, join(visit.parts))
        url = self._spider.page_url(visit.first.url) + self._spider.numbered_page.format(number)
        return request_of(visit, url, self._parse_part, self._part_failed)

    async def _parse_part(self, response: Response) -> AsyncIterator[PageResult | Request]:
        visit = page_visit(response)
        reading = await self._read(response, visit)
        if self._run.stopping.is_cut:
            return
        part = self._result_of(response, visit, reading).article
        if part:
            visit.parts.append(part)
        yield self._next_part(visit) if part else self._truncated(visit)

    async def _part_failed(self, failure: Failure) -> AsyncIterator[PageResult]:
        request = request_that_failed(failure)
        visit = page_visit(request)
        if self._run.stopping.is_stopping:
            self._run.page_done(visit.page)
            return
        reason = self._run.outcome.classify(failure).reason
        logger.warning("%s: %s; the article stays cut short", request.url, reason)
        note_unsent(visit, request, failure)
        yield self._truncated(visit)

    def _truncated(self, visit: PageVisit) -> PageResult:
        return self._stored(visit, replace(join(visit.parts), is_truncated=True))


def _is_unchanged(response: Response, visit: PageVisit) -> bool:
    """Return whether the answer is the one that the page's article was read from."""
    known = visit.page.content_sha256
    return response.status == 304 or (
        known is not None and visit.first is None and sha256(response.body).digest() == known
    )


def _defer(failed: Failed, visit: PageVisit) -> timedelta | None:
    """Return for how long the page is left alone; None where it is not asked again."""
    if failed.state != "deferred":
        return None
    return backoff(visit.page.attempts) if failed.wait is None else max(failed.wait, FIRST_DEFER)


def backoff(attempts: int) -> timedelta:
    """Return for how long a page is left alone after so many failures in a row."""
    jitter = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret
    return FIRST_DEFER * (2.0 ** (attempts - 1) * jitter)
