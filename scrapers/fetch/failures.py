"""What a failed request means for its page: the ledger's state and reason, and whether its host is to blame."""

from dataclasses import dataclass
from datetime import timedelta

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Request
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from scrapers.fetch.fetch_log import describe
from scrapers.fetch.refusals import AddressRefused, Blocked, HostClosed, Refused
from scrapers.fetch.retry_after import BUSY, asked_for

GONE = (404, 410, 451)  # the server says that there is nothing to come back for
TOO_LARGE = "too_large"
REDIRECTS = "too_many_redirects"


@dataclass(frozen=True, slots=True)
class Meaning:
    """The state to leave the page in. `wait` is set where its host is closed: no attempt of the page is counted."""

    state: str
    reason: str
    wait: timedelta | None = None


def meaning(failure: Failure) -> Meaning:
    """Return what a request's failure, as its errback gets it, means."""
    error = failure.value or RuntimeError(failure.type)
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
    if isinstance(error, Refused):
        return Meaning("rejected", error.reason)
    if isinstance(error, HostClosed):
        return Meaning("deferred", str(error), timedelta(seconds=error.wait_s))
    if isinstance(error, Blocked):
        return Meaning("deferred", error.reason)
    if isinstance(error, HttpError):
        return _meaning_of_status(error, request)
    if isinstance(error, DownloadCancelledError):  # Scrapy's word for an answer above DOWNLOAD_MAXSIZE
        return Meaning("gave_up", TOO_LARGE)
    if isinstance(error, IgnoreRequest):  # Scrapy's own: the redirect middlewares', or the one that decompresses
        return Meaning("gave_up", REDIRECTS if "redirect" in str(error) else TOO_LARGE)
    return Meaning("deferred", describe(error), _closed(request))


def was_sent(failure: Failure) -> bool:
    """Return whether the request left; one that was kept back has no row among the fetches yet."""
    return isinstance(failure.value, AddressRefused) or not isinstance(failure.value, Refused | HostClosed)


def _meaning_of_status(error: HttpError, request: Request) -> Meaning:
    status = error.response.status
    if status in GONE:
        return Meaning("gave_up", f"http_{status}")
    if status in BUSY:
        return Meaning("deferred", f"http_{status}", timedelta(seconds=asked_for(error.response)))
    return Meaning("deferred", f"http_{status}", _closed(request))


def _closed(request: Request) -> timedelta | None:
    """Return for how long this very failure closed the host."""
    closed_s = request.meta.get("host_closed_s")
    return timedelta(seconds=closed_s) if closed_s else None
