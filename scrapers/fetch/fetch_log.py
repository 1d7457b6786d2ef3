"""Downloader middleware that keeps what each request of a page or feed was and what came of it."""

from datetime import UTC, datetime
from time import monotonic
from typing import Self

from scrapy.http import Request, Response

from scrapers.errors import one_line
from scrapers.fetch.heads import request_head, response_head
from scrapers.fetch.visit import visit_of
from scrapers.items import Fetch

PARTIAL = "partial: without a length, and without a sign of its end"


class FetchLogMiddleware:
    """Append one Fetch a request to those of its visit.

    It stands below the retry and redirect middlewares, so that each attempt and each hop has a row of its own.
    """

    @classmethod
    def from_crawler(cls, crawler: object) -> Self:
        """Return the middleware; it needs nothing of the crawler."""
        return cls()

    def process_request(self, request: Request) -> None:
        """Note when the request leaves."""
        visit_of(request).sent_at = (datetime.now(UTC), monotonic())

    def process_response(self, request: Request, response: Response) -> Response:
        """Note the answer, whatever its status."""
        visit = visit_of(request)
        if sent := visit.take_sent_at():
            content_type = response.headers.get("Content-Type")
            visit.fetches.append(
                Fetch(
                    url=request.url,
                    requested_at=sent[0],
                    seconds=monotonic() - sent[1],
                    status=response.status,
                    size=len(response.body),
                    content_type=content_type.decode("latin-1") if content_type else None,
                    error=PARTIAL if "partial" in response.flags else None,
                    request_head=request_head(request),
                    response_head=response_head(response),
                )
            )
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note that no answer came, and why."""
        visit = visit_of(request)
        if sent := visit.take_sent_at():
            visit.fetches.append(
                Fetch(
                    url=request.url,
                    requested_at=sent[0],
                    seconds=monotonic() - sent[1],
                    outcome="failed",
                    error=one_line(exception),
                )
            )
