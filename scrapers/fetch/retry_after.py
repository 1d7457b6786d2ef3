"""A host that answers 429 or 503 is left alone for as long as it asks."""

import logging
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Self

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.httpobj import urlparse_cached
from twisted.python.failure import Failure

logger = logging.getLogger(__name__)

BUSY = (429, 503)
UNSAID_S = 15 * 60.0  # where the header is missing or makes no sense
LEAST_S, MOST_S = 10.0, 24 * 3600.0  # what a host can ask for


class HostBusy(IgnoreRequest):
    """The host asked to be left alone; `wait_s` is how many seconds that still lasts."""

    def __init__(self, host: str, wait_s: float) -> None:
        super().__init__(f"{host} asked to be left alone for {wait_s:.0f} s")
        self.wait_s = wait_s


class RetryAfterMiddleware:
    """Send nothing to a host before the time that its Retry-After names (RFC 9110, 10.2.3) is over."""

    def __init__(self) -> None:
        self.until: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: object) -> Self:
        """Return the middleware; it needs nothing of the crawler."""
        return cls()

    def process_request(self, request: Request) -> None:
        """Raise HostBusy where the host still wants to be left alone."""
        host = urlparse_cached(request).netloc
        if (wait_s := self.until.get(host, 0) - monotonic()) > 0:
            raise HostBusy(host, wait_s)

    def process_response(self, request: Request, response: Response) -> Response:
        """Note what a busy host asks for."""
        if response.status in BUSY:
            host = urlparse_cached(request).netloc
            wait_s = asked_for(response)
            self.until[host] = monotonic() + wait_s
            logger.warning("%s answers %d: it is left alone for %.0f s", host, response.status, wait_s)
        return response


def asked_wait(failure: Failure) -> timedelta | None:
    """Return how long the host of a failed request asked to be left alone; None where it did not."""
    error = failure.value
    if isinstance(error, HostBusy):
        return timedelta(seconds=error.wait_s)
    if isinstance(error, HttpError) and error.response.status in BUSY:
        return timedelta(seconds=asked_for(error.response))
    return None


def asked_for(response: Response) -> float:
    """Return how many seconds the response asks us to wait."""
    return seconds((response.headers.get("Retry-After") or b"").decode("latin-1"), datetime.now(UTC))


def seconds(retry_after: str, now: datetime) -> float:
    """Return how long to wait by the header, which gives seconds or a date; within LEAST_S and MOST_S."""
    text = retry_after.strip()
    if text.isdecimal() and len(text) < 12:
        return min(max(float(text), LEAST_S), MOST_S)
    try:
        asked = (parsedate_to_datetime(text) - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return UNSAID_S
    return min(asked, MOST_S) if asked > LEAST_S else UNSAID_S
