"""Redirects that stand in a page: Scrapy decodes every page to look for one, and few have any."""

from typing import Any

from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware as ScrapyMetaRefreshMiddleware
from scrapy.http import Request, Response

HEAD = 4 * 4096  # bytes of the 4,096 characters in which Scrapy looks


class MetaRefreshMiddleware(ScrapyMetaRefreshMiddleware):
    """Scrapy's own, for pages in whose beginning there may be a redirect."""

    def process_response(self, request: Request, response: Response, *rest: Any) -> Request | Response:
        """Return the request of the page that this one leads to, or the response."""
        return super().process_response(request, response, *rest) if may_refresh(response.body) else response


def may_refresh(body: bytes) -> bool:
    """Return whether a page's bytes may say `refresh` in its first 4,096 characters, in whatever charset."""
    head = body[:HEAD]
    return b"refresh" in head.lower() or b"\0" in head  # of two bytes a character: leave it to the decoder
