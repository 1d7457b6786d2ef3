"""Redirects, and those that go in circles until a cookie comes back: that is a wall, and no fault of the page.

Ours never comes back: cookies are not kept, not even for the length of a redirect. What such a wall hides is asked for
again later, as behind the walls of walls.py.
"""

from typing import Any
from urllib.parse import urldefrag

from scrapy.downloadermiddlewares.redirect import BaseRedirectMiddleware
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware as ScrapyMetaRefreshMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware as ScrapyRedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from scrapers.fetch.refusals import Blocked

SETS_COOKIE = "redirect_sets_cookie"  # in the meta of a request: an answer that led to it did
HEAD = 4 * 4096  # bytes of the 4,096 characters in which Scrapy looks for a redirect in a page


class TellsCookieWalls(BaseRedirectMiddleware):
    """Raises Blocked for a redirect to where it came from, or without end, of which an answer sets a cookie."""

    def process_response(self, request: Request, response: Response, *rest: Any) -> Request | Response:
        """Return the request that the answer leads to, or the answer."""
        sets_cookie = "Set-Cookie" in response.headers or SETS_COOKIE in request.meta
        try:
            further: Request | Response = super().process_response(request, response, *rest)  # type: ignore[misc]
        except IgnoreRequest as too_many:
            raise Blocked("cookies") if sets_cookie else too_many from None
        if isinstance(further, Request) and sets_cookie:
            further.meta[SETS_COOKIE] = True
            if urldefrag(further.url)[0] in {urldefrag(url)[0] for url in further.meta["redirect_urls"]}:
                raise Blocked("cookies")
        return further


class RedirectMiddleware(TellsCookieWalls, ScrapyRedirectMiddleware):
    """Scrapy's own, of redirects by status."""


class MetaRefreshMiddleware(TellsCookieWalls, ScrapyMetaRefreshMiddleware):
    """Scrapy's own, of redirects that stand in a page; it would decode every page to look for one, and few have any."""

    def process_response(self, request: Request, response: Response, *rest: Any) -> Request | Response:
        """Return the request of the page that this one leads to, or the response."""
        return super().process_response(request, response, *rest) if may_refresh(response.body) else response


def may_refresh(body: bytes) -> bool:
    """Return whether a page's bytes may say `refresh` in its first 4,096 characters, in whatever charset."""
    head = body[:HEAD]
    return b"refresh" in head.lower() or b"\0" in head  # of two bytes a character: leave it to the decoder
