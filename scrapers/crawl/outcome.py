"""How a run fares: what is counted in the crawler's stats, and the verdict at its end.

warta/answered        feeds and pages that gave an answer which says something of them
warta/failed          requests that gave none
warta/robots_forbids  requests that robots.txt forbids
warta/feeds_asked     feeds that were asked
warta/feeds_answered  of these, those that answered
"""

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from twisted.python.failure import Failure

from scrapers.crawl.visit import request_that_failed
from scrapers.errors import Forbidden, LimitReached, OutletError, Stopped, WartaError
from scrapers.fetch.failures import Failed, classify_failure
from scrapers.fetch.hosts import host_of
from scrapers.fetch.refusals import HostClosed, OptedOut, RobotsForbids, SoftNotFound
from scrapers.fetch.visit import visit_of

if TYPE_CHECKING:
    from scrapy.statscollectors import StatsCollector

    from scrapers.spiders.base import NewsSpider

logger = logging.getLogger(__name__)


class Outcome:
    """What a run counts, and how it ends."""

    def __init__(self, spider: "NewsSpider", stats: "StatsCollector") -> None:
        self._spider = spider
        self._stats = stats
        self._first_failure: str | None = None
        self._closed_hosts: dict[str, str] = {}  # hosts that got nothing, each with what to do about it

    def count(self, name: str, number: int = 1) -> None:
        """Add to one of the counts above."""
        self._stats.inc_value(f"warta/{name}", number)

    def _counted(self, name: str) -> int:
        return int(self._stats.get_value(f"warta/{name}", 0))

    def answered(self, *, is_feed: bool = False) -> None:
        """Count an answer."""
        self.count("answered")
        if is_feed:
            self.count("feeds_answered")

    def failed(self, reason: str) -> None:
        """Count what gave no answer; the first is told at the end."""
        self.count("failed")
        self._first_failure = self._first_failure or reason

    def classify(self, failure: Failure) -> Failed:
        """Return what a failed request means for its page or feed, and count it."""
        failed = classify_failure(failure)
        request = request_that_failed(failure)
        error = failure.value
        if isinstance(error, HostClosed):
            self._note_closed(host_of(request), error)
        if isinstance(error, RobotsForbids):
            self.count("robots_forbids")
        elif isinstance(error, SoftNotFound) or (failed.state == "gave_up" and visit_of(request).page):
            self.answered()
        elif not isinstance(error, OptedOut):  # it was answered, and no failure of the outlet
            self.failed(failed.reason if failed.state == "rejected" else f"{request.url}: {failed.reason}")
        return failed

    def _note_closed(self, host: str, closed: HostClosed) -> None:
        """Say once of a host that it gets no request, until when, and how to have it asked all the same."""
        if host not in self._closed_hosts:
            until = datetime.now(UTC) + timedelta(seconds=closed.wait_s)
            why = " ".join(str(closed).removeprefix("host closed: ").split())[:200]
            self._closed_hosts[host] = (
                f"{host} is closed until {until:%Y-%m-%d %H:%M:%S} UTC ({why}); `warta hosts open {host}` opens it now"
            )
            logger.warning("%s", self._closed_hosts[host])

    def verdict(self, reason: str, too_large: LimitReached) -> WartaError | None:
        """Return why the crawl, which Scrapy closed for this reason, did not succeed; None where it did."""
        name = self._spider.name
        if reason == "memusage_exceeded":
            return too_large
        if reason != "finished":
            return Stopped(f"{name}: stopped before its end ({reason}); run it again to go on")
        has_answers = self._counted("answered") > 0
        if self._first_failure and not (has_answers and self._has_heard_feeds()):
            what = "none of its feeds could be had" if has_answers else "nothing could be fetched"
            return OutletError(f"{name}: {what}; {next(iter(self._closed_hosts.values()), self._first_failure)}")
        if not has_answers and self._counted("robots_forbids"):
            return Forbidden(f"{name}: robots.txt of {self._spider.site} forbids it")
        return None

    def _has_heard_feeds(self) -> bool:
        """Return whether a feed has answered, or none was asked."""
        return self._counted("feeds_answered") > 0 or self._counted("feeds_asked") == 0
