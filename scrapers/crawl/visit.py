"""The visits of one run: a page of the ledger, or a feed."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from scrapy.http import Request, Response
from twisted.python.failure import Failure

from scrapers.discovery.feeds import Feed
from scrapers.extract.reading import Reading
from scrapers.fetch.conditional import conditions
from scrapers.fetch.failures import was_sent
from scrapers.fetch.refusals import HostClosed
from scrapers.fetch.visit import KEY, Visit
from scrapers.items import Article, DueFeed, Fetch, LeasedPage, Link, PageResult


@dataclass(eq=False, kw_only=True)
class PageVisit(Visit):
    """A leased page: what was asked for it, and what came so far.

    An article may take several answers: `first` is the first page of several, `reading` what it holds, `parts` the
    articles of those that came so far.
    """

    page: LeasedPage
    links: list[Link] = field(default_factory=list)
    first: Response | None = None
    reading: Reading | None = None
    parts: list[Article] = field(default_factory=list)

    def result(self, state: str = "stored", reason: str | None = None, **further: Any) -> PageResult:
        """Return what came of the page."""
        fetches, links = tuple(self.fetches), tuple(self.links)
        return PageResult(page=self.page, state=state, reason=reason, fetches=fetches, links=links, **further)


@dataclass(eq=False, kw_only=True)
class FeedVisit(Visit):
    """A feed that is due, and how it is read."""

    due: DueFeed
    feed: Feed


def request_of(visit: Visit, url: str, callback: Any, errback: Any, *, priority: int = 0, **meta: Any) -> Request:
    """Return a request of a visit; `meta` are Scrapy's own keys."""
    # dont_filter: the ledger knows what was fetched, Scrapy's own filter must not drop a page that is due again
    meta[KEY] = visit
    return Request(url, callback=callback, errback=errback, priority=priority, dont_filter=True, meta=meta)


def page_request(page: LeasedPage, callback: Any, errback: Any) -> Request:
    """Return the first request of a page; of one that has its article, only in case that it changed."""
    request = request_of(PageVisit(page=page), page.url, callback, errback)
    if known := conditions(page.etag, page.last_modified):
        request.headers.update(known)
        request.meta["handle_httpstatus_list"] = [304]
    return request


def page_visit(request: Request | Response) -> PageVisit:
    """Return the visit of a page's request or response."""
    return cast("PageVisit", request.meta[KEY])


def feed_visit(request: Request | Response) -> FeedVisit:
    """Return the visit of a feed's request or response."""
    return cast("FeedVisit", request.meta[KEY])


def request_that_failed(failure: Failure) -> Request:
    """Return the request whose errback got the failure."""
    return cast("Request", failure.request)  # type: ignore[attr-defined]  # Scrapy sets it


def note_unsent(visit: Visit, request: Request, failure: Failure) -> None:
    """Add a fetch for a request that was kept back: what was not sent is noted too."""
    if was_sent(failure):
        return
    is_closed = isinstance(failure.value, HostClosed)
    visit.fetches.append(
        Fetch(
            url=request.url,
            requested_at=datetime.now(UTC),
            robots="not_asked" if is_closed else "forbidden",
            outcome="not_sent",
            error=str(failure.value) or None,
        )
    )
