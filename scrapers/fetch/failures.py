"""What a failed request means for its page: the ledger's state and reason, and whether its host is to blame."""

from dataclasses import dataclass
from datetime import timedelta

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Request
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from scrapers.errors import one_line
from scrapers.fetch.refusals import AddressRefused, Blocked, HostClosed, OptedOut, Refused, SoftNotFound
from scrapers.fetch.retry_after import BUSY, asked_for
from scrapers.fetch.visit import visit_of

GONE = (404, 410, 451)  # the server says that there is nothing to come back for
TOO_LARGE = "too_large"
REDIRECTS = "too_many_redirects"


@dataclass(frozen=True, slots=True)
class Failed:
    """The state to leave the page in. `wait` is set where its host is closed: no attempt of the page is counted."""

    state: str
    reason: str
    wait: timedelta | None = None


def classify_failure(failure: Failure) -> Failed:
    """Return what a request's failure, as its errback gets it, means."""
    error = failure.value or RuntimeError(failure.type)
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
    if isinstance(error, Refused):
        return Failed("rejected", error.reason)
    if isinstance(error, HostClosed):
        return Failed("deferred", str(error), timedelta(seconds=error.wait_s))
    if isinstance(error, SoftNotFound):
        return Failed("deferred", "soft_404")  # it may be a mistake: the page is asked again
    if isinstance(error, Blocked):
        return Failed("deferred", error.reason)
    if isinstance(error, HttpError):
        return _meaning_of_status(error, request)
    if isinstance(error, DownloadCancelledError):  # Scrapy's word for an answer above DOWNLOAD_MAXSIZE
        return Failed("gave_up", TOO_LARGE)
    if isinstance(error, IgnoreRequest):  # Scrapy's own: the redirect middlewares', or the one that decompresses
        return Failed("gave_up", REDIRECTS if "redirect" in str(error) else TOO_LARGE)
    return Failed("deferred", one_line(error), _closed(request))


def was_sent(failure: Failure) -> bool:
    """Return whether the request left; one that was kept back has no row among the fetches yet."""
    return isinstance(failure.value, AddressRefused | OptedOut) or not isinstance(failure.value, Refused | HostClosed)


def _meaning_of_status(error: HttpError, request: Request) -> Failed:
    status = error.response.status
    if status in GONE:
        return Failed("gave_up", f"http_{status}")
    if status in BUSY:
        return Failed("deferred", f"http_{status}", timedelta(seconds=asked_for(error.response)))
    return Failed("deferred", f"http_{status}", _closed(request))


def _closed(request: Request) -> timedelta | None:
    """Return for how long this very failure closed the host."""
    closed_s = visit_of(request).host_closed_s
    return timedelta(seconds=closed_s) if closed_s else None
