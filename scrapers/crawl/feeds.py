"""The feeds of a run: what they announce goes into the ledger."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from zoneinfo import ZoneInfo

from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from scrapers.crawl.announcements import sorted_links, vouched_feed
from scrapers.crawl.run import CrawlRun
from scrapers.crawl.visit import FeedVisit, feed_visit, note_unsent, request_of, request_that_failed
from scrapers.discovery.feeds import Archive, Feed, Home, Rss, Section, Window
from scrapers.discovery.kinds import feed_of
from scrapers.discovery.listings import Listing
from scrapers.discovery.text import MAX_BYTES, UnreadableFeed
from scrapers.errors import WartaError, one_line
from scrapers.fetch.conditional import conditions, validators
from scrapers.fetch.refusals import HostClosed
from scrapers.items import Discovered, DueFeed, Link, NamedFeed, NotTaken, PolledFeed, PollMode
from scrapers.storage import feeds as stored_feeds
from scrapers.storage import ledger
from scrapers.storage.ledger import UNTAKEN_ROWS

logger = logging.getLogger(__name__)

BATCH = 2000  # links that go into the ledger at once
OTHERS_S = 1.0  # until a crawl that has nothing to do looks again at what others have found
MISSING = (400, 401, 403, 404, 405, 406, 410, 451)  # answers that say that there is no such feed, where that is normal


@dataclass
class FeedReading:
    """What one answer of a feed brought."""

    discovered: Discovered = field(default_factory=Discovered)
    announced: int = 0
    links: int = 0
    named: list[Feed] = field(default_factory=list)
    followed: int = 0
    untaken: int = 0
    untaken_last: deque[NotTaken] = field(default_factory=partial(deque, maxlen=UNTAKEN_ROWS))
    is_news: bool = False
    error: str | None = None

    def note_untaken(self, untaken: Sequence[NotTaken]) -> None:
        """Count what is not taken, and keep the last of it."""
        self.untaken += len(untaken)
        self.untaken_last.extend(untaken)


class FeedPoller:
    """Polls the feeds of one run.

    The ledger keeps every feed with what its last answer was known by (ETag, Last-Modified, hash of the content), so
    that one that did not change costs little. A crawl on schedule asks for the feeds that are due; one that somebody
    starts asks for all, except sitemaps whose index says that they did not change.
    """

    def __init__(self, run: CrawlRun) -> None:
        self.run = run
        self.spider = run.spider
        self._scope = run.scope
        self._window = _window(run.scope.since, run.scope.until, run.spider.time_zone)
        self._seen: set[int] = set()
        has_window = self._window is not None
        self._mode = PollMode(
            is_asked_for=has_window or not run.arguments.by_schedule,
            is_full=run.scope.full,
            is_alone=has_window or run.scope.full,
        )
        self._others_poll = False  # set by each query for due feeds; certain only after one over all feeds
        self._listed: dict[tuple[str, str], set[str]] = {}  # what each day's archive pages have brought

    async def requests(self) -> list[Request]:
        """Return the requests of the outlet's own feeds that are due."""
        today = datetime.now(ZoneInfo(self.spider.time_zone)).date()
        feeds = [one for feed in self.spider.feeds for one in feed.declared(self._window or Window(), today)]
        await self.run.session.call(
            stored_feeds.name_feeds,
            self.run.outlet,
            [_named(feed) for feed in feeds],
            named=[feed.url for feed in feeds],
            declaration=self.spider.declaration_digest(),
        )
        self._others_poll = not self._mode.is_alone  # maybe a feed that one of these named, while none of these is due
        return await self._due(None)

    async def abandoned_by_others(self) -> list[Request] | None:
        """Return the requests of feeds that another crawl had taken and left; None where no other has any.

        Where others are still polling, come back after a while: what they find is this crawl's work too.
        """
        if not self._others_poll:
            return None
        requests = await self._due(None, anywhere=True)
        if self._others_poll and not requests:
            await asyncio.sleep(OTHERS_S)
        return requests

    async def _due(self, found_in: int | None, *, anywhere: bool = False, unread_only: bool = False) -> list[Request]:
        """Return a request for each feed that is due and was not asked for in this crawl, nor is by another one."""
        mode = replace(self._mode, is_asked_for=False) if anywhere else self._mode  # what others left is due by itself
        due = await self.run.session.call(
            stored_feeds.due_feeds,
            self.run.session.run_id,
            self.run.outlet,
            mode,
            found_in=found_in,
            anywhere=anywhere,
            unread_only=unread_only,
        )
        self._others_poll = any(feed.is_taken for feed in due) or (self._others_poll and not anywhere)
        requests = []
        for feed in due:
            read = feed_of(feed.kind, feed.url, feed.parameters, feed.lastmod)
            if feed.is_taken or feed.feed_id in self._seen:
                continue
            if self._window is None or read.may_hold(self._window):
                self._seen.add(feed.feed_id)
                requests.append(self._request(feed, read))
        self.run.feeds_pending += len(requests)
        self.run.outcome.count("feeds_asked", len(requests))
        return requests

    def _request(self, due: DueFeed, feed: Feed) -> Request:
        answers = [304, *(MISSING if feed.may_be_missing else ())]
        meta = {"handle_httpstatus_list": answers, "download_maxsize": MAX_BYTES}
        visit = FeedVisit(due=due, feed=feed)
        request = request_of(visit, due.url, self._parse, self._request_failed, priority=1, **meta)
        if not self._scope.full:
            request.headers.update(conditions(due.etag, due.last_modified))
        return request

    async def _parse(self, response: Response) -> AsyncIterator[Request]:
        visit = feed_visit(response)
        due = visit.due
        further: list[Request] = []
        try:
            digest = sha256(response.body).digest()
            if response.status == 304 or (digest == due.content_sha256 and not self._scope.full):
                logger.info("%s %s: unchanged", due.kind, due.url)
                reading = None
                polled = PolledFeed(feed_id=due.feed_id, lastmod=due.lastmod, status=response.status)
            else:
                reading = await self._read(response)
                polled = self._polled(response, reading, digest)
            self._count(reading, response.status)
            await self._store(polled, visit)
            if not isinstance(visit.feed, Rss):
                further = await self._due(due.feed_id, unread_only=self._is_list_that_ends(response, reading))
        except WartaError as lost:
            self.run.stopping.abort(lost)
        finally:
            self._done()
        for request in further:
            yield request

    def _is_list_that_ends(self, response: Response, reading: FeedReading | None) -> bool:
        """Return whether a page of a list brought nothing new, so that those after it need no second look."""
        feed = feed_visit(response).feed
        is_page_of_list = isinstance(feed, Section) and not isinstance(feed, Home)
        is_news = reading is not None and reading.discovered.new > 0
        return is_page_of_list and not is_news and not self._scope.full and self._window is None

    def _count(self, reading: FeedReading | None, status: int) -> None:
        if reading and reading.error:
            self.run.outcome.failed(reading.error)
            logger.warning("feed failed: %s", reading.error)
        elif status < 400:  # what may be missing, and is, says nothing of how the outlet fares
            self.run.outcome.answered(is_feed=True)

    def _polled(self, response: Response, reading: FeedReading, digest: bytes) -> PolledFeed:
        due = feed_visit(response).due
        etag, last_modified = validators(response)
        return PolledFeed(
            feed_id=due.feed_id,
            lastmod=due.lastmod,
            status=response.status,
            error=reading.error,
            is_read=reading.error is None,
            is_changed=reading.is_news,
            etag=etag,
            last_modified=last_modified,
            content_sha256=digest,
            bytes=len(response.body),
            links=reading.links,
            announced=reading.announced,
            taken=reading.discovered.known + reading.followed,
            untaken=reading.untaken,
        )

    async def _read(self, response: Response) -> FeedReading:
        """Put what the answer announces into the ledger, as far as it can be read."""
        feed, due = feed_visit(response).feed, feed_visit(response).due
        session, outlet = self.run.session, self.run.outlet
        reading = FeedReading()
        batches = _batches(self._announced(feed, response))
        try:
            following = asyncio.create_task(asyncio.to_thread(next, batches, None))
            while batch := await following:
                following = asyncio.create_task(asyncio.to_thread(next, batches, None))
                links = [one for one in batch if isinstance(one, Link)]
                reading.announced += len(batch)
                reading.named += [one for one in batch if isinstance(one, Feed)]
                reading.note_untaken([one for one in batch if isinstance(one, NotTaken)])
                reading.links += sum(link.variant_of is None for link in links)
                try:
                    reading.discovered += await session.call(
                        ledger.discover, session.run_id, outlet, links, due.feed_id
                    )
                finally:
                    await asyncio.wait([following])
        except UnreadableFeed as unreadable:
            reading.error = f"{response.url}: {unreadable}"
        except WartaError:
            raise
        except Exception as unforeseen:
            logger.exception("%s could not be read", response.url)
            reading.error = f"{response.url}: {one_line(unforeseen)}"
        news = await self._name(feed, due, reading)
        await session.call(ledger.note_untaken, due.feed_id, reading.untaken_last)
        reading.is_news = news + reading.discovered.new + reading.discovered.changed > 0
        logger.info(
            "%s %s: %d new pages of %d; %d announcements are not taken",
            *(feed.kind, response.url, reading.discovered.new, reading.links, reading.untaken),
        )
        return reading

    def _announced(self, feed: Feed, response: Response) -> Iterator[Link | Feed | NotTaken]:
        """Yield what the answer announces: articles and feeds of the outlet, and what is neither, with the reason."""
        listed = self._listed.setdefault((feed.pattern, feed.day), set()) if isinstance(feed, Archive) else None
        before = len(listed) if listed else 0
        announced = feed.read(response, self.spider.time_zone) if response.status < 300 else feed.read_missing()
        for batch in _batches(announced):
            links = [one for one in batch if not isinstance(one, Feed)]
            for one in sorted_links(self.spider, links, feed):
                if listed is not None and isinstance(one, Link):
                    listed.add(one.url)
                yield one
            feeds = [one for one in batch if isinstance(one, Feed)]
            if listed is not None and len(listed) == before:  # a day's list ends where a page brings nothing more
                continue
            yield from (vouched_feed(self.spider, feed, one) for one in feeds)

    async def _name(self, feed: Feed, due: DueFeed, reading: FeedReading) -> int:
        """Keep the feeds that this one names; return how many are news. A cut answer retires none."""
        if isinstance(feed, Rss):
            return 0
        is_end = isinstance(feed, Listing) and not feed.is_first and not reading.discovered.new
        named_here = [] if is_end else feed.followed(reading.named, self._window)
        followed = list({one.url: one for one in named_here}.values())
        urls = {one.url for one in followed}
        reading.note_untaken([NotTaken(one.url, "not_followed") for one in reading.named if one.url not in urls])
        reading.followed = sum(one.url in urls for one in reading.named)
        # pages of a list come and go; what a missing robots.txt is tried with is tried anyway
        retires_none = reading.error or isinstance(feed, Archive | Listing)
        named = None if retires_none else [one.url for one in reading.named]
        return await self.run.session.call(
            stored_feeds.name_feeds,
            self.run.outlet,
            [_named(one) for one in followed],
            named=named,
            found_in=due.feed_id,
            declaration=self.spider.declaration_digest(),
        )

    async def _request_failed(self, failure: Failure) -> None:
        request = request_that_failed(failure)
        if self.run.stopping.is_stopping:  # it says nothing of the feed
            self._done()
            return
        visit = feed_visit(request)
        due = visit.due
        status = failure.value.response.status if isinstance(failure.value, HttpError) else None
        failed = self.run.outcome.classify(failure)
        error = f"{request.url}: {failed.reason}"
        is_closed = isinstance(failure.value, HostClosed)  # which is said once, of the host
        logger.log(logging.INFO if is_closed else logging.WARNING, "feed failed: %s", error)
        polled = PolledFeed(feed_id=due.feed_id, lastmod=due.lastmod, status=status, error=error, wait=failed.wait)
        try:
            note_unsent(visit, request, failure)
            await self._store(polled, visit)
        except WartaError as lost:
            self.run.stopping.abort(lost)
        finally:
            self._done()

    async def _store(self, polled: PolledFeed, visit: FeedVisit) -> None:
        await self.run.session.call(stored_feeds.store_poll, self.run.session.run_id, polled, visit.fetches)

    def _done(self) -> None:
        self.run.feeds_pending -= 1
        self.run.wake()


def _window(since: datetime | None, until: datetime | None, time_zone: str) -> Window | None:
    """Return the days that a crawl is after, as the outlet counts them; None where it is after none in particular."""
    if since is None and until is None:
        return None
    zone = ZoneInfo(time_zone)
    last = (until - timedelta(microseconds=1)).astimezone(zone).date() if until else None
    return Window(since.astimezone(zone).date() if since else None, last)


def _named(feed: Feed) -> NamedFeed:
    return NamedFeed(feed.url, feed.kind, feed.parameters(), feed.lastmod)


def _batches(found: Iterable[Link | Feed | NotTaken]) -> Iterator[Sequence[Link | Feed | NotTaken]]:
    """Yield what is found by lists of BATCH; what came before an error is yielded before it is raised."""
    batch: list[Link | Feed | NotTaken] = []
    try:
        for one in found:
            batch.append(one)
            if len(batch) >= BATCH:
                yield batch
                batch = []
    except Exception:  # whatever ended the feed is raised again; what it said until then counts
        if batch:
            yield batch
        raise
    if batch:
        yield batch
