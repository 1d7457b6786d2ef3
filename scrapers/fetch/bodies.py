"""Downloader middleware that keeps a page's body with its fetch, unless the page asks for no copy."""

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from scrapy.http import Request, Response

from scrapers.fetch.opt_outs import honoured_by, opt_outs
from scrapers.fetch.visit import Visit, visit_of
from scrapers.items import Fetch

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class BodyMiddleware:
    """Keep the last answer of a page's visit, as far as it is a page: no redirect, no error.

    It stands above those that redirect, retry and decompress, and below those that screen.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self.agent = crawler.settings["BOT_NAME"]
        self.honoured = honoured_by(crawler)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the crawler's middleware."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the body and the opt-outs with the fetch that brought them."""
        visit = visit_of(request)
        if visit.page and is_page(response):
            keep_body(visit, response, self.agent, self.honoured)
        return response


def is_page(response: Response) -> bool:
    """Return whether an answer of a page is one, or says that it is the one that is known."""
    return response.status < 300 or response.status == 304


def keep_body(visit: Visit, response: Response, agent: str, honoured: Collection[str]) -> None:
    """Keep the answer with the visit's last fetch."""
    visit.fetches[-1] = with_body(visit.fetches[-1], opt_outs(response, visit, agent), response.body, honoured)


def with_body(fetch: Fetch, declared: tuple[str, ...], body: bytes, honoured: Collection[str]) -> Fetch:
    """Return the fetch with its opt-outs, and with its body unless the outlet honours that no copy is kept."""
    is_archived = not ("noarchive" in declared and "noarchive" in honoured)
    return replace(fetch, size=len(body), opt_outs=declared, body=body if is_archived else None)
