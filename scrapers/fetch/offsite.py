"""Let no page's request leave its outlet, wherever a redirect leads."""

from typing import TYPE_CHECKING, Self

from scrapy.http import Request

from scrapers.fetch.refusals import Refused
from scrapers.fetch.visit import visit_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class OffsiteMiddleware:
    """In the place of Scrapy's, which lets all requests pass that its duplicate filter must not drop: all of ours."""

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the crawler's middleware."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise Refused where the request is for a page of the ledger and not on the outlet."""
        if visit_of(request).page and not self.crawler.spider.is_on_outlet(request.url):  # type: ignore[union-attr]
            raise Refused(f"offsite: {request.url}")
