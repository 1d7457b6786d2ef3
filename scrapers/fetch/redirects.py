"""Redirects, and those that go in circles until a cookie comes back: that is a wall, and no fault of the page.

Ours never comes back: cookies are not kept, not even for the length of a redirect. What such a wall hides is asked for
again later, as what an interstitial hides is (interstitials.py).

A host that sends each address to the same with a slash at its end is asked for that at once, which halves the requests.
"""

from collections import Counter
from typing import Any
from urllib.parse import urldefrag

from scrapy.downloadermiddlewares.redirect import BaseRedirectMiddleware
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware as ScrapyMetaRefreshMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware as ScrapyRedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.settings import BaseSettings

from scrapers.fetch.hosts import host_of
from scrapers.fetch.refusals import Blocked
from scrapers.urls import lacks_slash

ENOUGH = 3  # redirects, after which a host's next are foreseen
FORESEEN = "redirect_foreseen"  # in the meta of a request: the address for which it is made
AS_NAMED = "as_named"  # in the meta of a request: it is made as it stands
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
    """Scrapy's own, of redirects by status, which are foreseen where a host only adds a slash.

    That is so once it has done it ENOUGH times in this crawl, and until it shows a page without a slash. Where there is
    nothing with a slash, the address itself is asked for after all.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._added: Counter[str] = Counter()  # redirects that added a slash, by host
        self._shows_without: set[str] = set()

    def process_request(self, request: Request) -> Request | None:
        """Return the request that the host would redirect this one to."""
        host = host_of(request)
        is_foreseen = self._added[host] >= ENOUGH and host not in self._shows_without
        if not is_foreseen or request.method != "GET" or AS_NAMED in request.meta or not lacks_slash(request.url):
            return None
        foreseen = self._redirect(request.replace(url=f"{request.url}/"), request, FORESEEN)
        foreseen.meta[FORESEEN] = request.url
        return foreseen

    def process_response(self, request: Request, response: Response, *rest: Any) -> Request | Response:
        """Return the request that the answer leads to, or the answer."""
        host = host_of(request)
        named = request.meta.get(FORESEEN)
        if response.status in (404, 410) and request.url == f"{named}/":
            return request.replace(url=named, meta={**request.meta, FORESEEN: None, AS_NAMED: True})
        if lacks_slash(request.url) and response.status < 300:
            self._shows_without.add(host)
        further = super().process_response(request, response, *rest)
        is_added = isinstance(further, Request) and further.url == f"{request.url}/" and lacks_slash(request.url)
        if is_added and response.status in (301, 308):
            self._added[host] += 1
        return further


class MetaRefreshMiddleware(TellsCookieWalls, ScrapyMetaRefreshMiddleware):
    """Scrapy's own, of redirects that stand in a page; it would decode every page to look for one, and few have any."""

    def process_response(self, request: Request, response: Response, *rest: Any) -> Request | Response:
        """Return the request of the page that this one leads to, or the response."""
        return super().process_response(request, response, *rest) if may_refresh(response.body) else response


def may_refresh(body: bytes) -> bool:
    """Return whether a page's bytes may say `refresh` in its first 4,096 characters, in whatever charset."""
    head = body[:HEAD]
    return b"refresh" in head.lower() or b"\0" in head  # of two bytes a character: leave it to the decoder
