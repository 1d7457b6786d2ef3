"""What becomes of a page from a web archive: it is screened and read as a fetched one is."""

from dataclasses import replace
from datetime import timedelta

from scrapers.errors import NotAnArticle, one_line
from scrapers.extract.process_pool import ProcessPool
from scrapers.extract.reading import Reading
from scrapers.fetch.bodies import with_body
from scrapers.fetch.heads import response_head
from scrapers.fetch.interstitials import interstitial
from scrapers.fetch.opt_outs import NOT_TAKEN, opt_outs
from scrapers.fetch.visit import Visit
from scrapers.items import Fetch, LeasedPage, PageResult
from scrapers.maintenance.web_archive import Capture
from scrapers.settings import BOT_NAME
from scrapers.spiders.responses import to_page


class OptedOut(NotAnArticle):
    """The page asks not to be stored, and the outlet declares that this is honoured."""


async def read_capture(pool: ProcessPool, capture: Capture, page: LeasedPage) -> Reading:
    """Return what a captured page holds.

    Raises NotAnArticle for one that a crawl would not take, and all that the pool's read() raises.
    """
    url, honoured = capture.response.url, capture.place.spider.honoured_opt_outs
    if names := [name for name in _opt_outs(capture) if name in NOT_TAKEN and name in honoured]:
        raise OptedOut(f"opted_out: {', '.join(names)}", f"{url} asks not to be stored")
    if kind := interstitial(capture.response):
        raise NotAnArticle(f"blocked: {kind}", f"{url} stands in the way of a page")
    shown = replace(to_page(capture.response, page.announced), fetched_at=capture.at)
    return await pool.read(shown, capture.place.spider.rules())


def _opt_outs(capture: Capture) -> tuple[str, ...]:
    return opt_outs(capture.response, Visit(), BOT_NAME)


def captured_result(capture: Capture, page: LeasedPage, reading: Reading | BaseException) -> PageResult:
    """Return the page's article, or why there is none, with the request that the archive holds."""
    read = reading.article if isinstance(reading, Reading) else reading
    fetches = (_fetch(capture, is_kept=not isinstance(read, OptedOut)),)
    if isinstance(read, NotAnArticle):
        return PageResult(page=page, state="rejected", reason=read.reason, fetches=fetches)
    if isinstance(read, BaseException):
        return PageResult(page=page, state="quarantined", reason=one_line(read), fetches=fetches)
    spider, url = capture.place.spider, capture.response.url
    article = spider.identified(read)
    if isinstance(reading, Reading) and spider.whole_article_url(url, reading):  # the first of several pages
        article = replace(article, is_truncated=True)
    return PageResult(page=page, article=article, fetches=fetches, address=spider.page_url(url))


def _fetch(capture: Capture, *, is_kept: bool) -> Fetch:
    response = capture.response
    content_type = response.headers.get("Content-Type")
    fetch = Fetch(
        url=response.url,
        requested_at=capture.at,
        status=response.status,
        content_type=content_type.decode("latin-1") if content_type else None,
        robots="not_asked",
        source=capture.source,
        request_head=capture.request_head,
        response_head=response_head(response),
    )
    fetch = with_body(fetch, _opt_outs(capture), response.body, capture.place.spider.honoured_opt_outs)
    return fetch if is_kept else replace(fetch, body=None)


def left_to_crawl(result: PageResult) -> PageResult:
    """Return the result of a page that a crawl has yet to fetch: without an article the page goes on waiting for it."""
    if result.article:
        return result
    reason = f"in an archive: {result.reason}"
    return replace(result, state="deferred", reason=reason, defer=timedelta(0), is_attempt=False)
