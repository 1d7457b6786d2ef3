"""What Scrapy's log says of items."""

import logging
from typing import TYPE_CHECKING, Any, Self

from scrapy import logformatter
from scrapy.http import Request, Response
from scrapy.logformatter import LogFormatterResult
from twisted.python.failure import Failure

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class LogFormatter(logformatter.LogFormatter):
    """Scrapy's lines, without the items' content: an article is pages long."""

    def __init__(self, *, is_debug: bool = True) -> None:
        self.is_debug = is_debug

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return a formatter that makes no lines which the log's level drops: Scrapy would make each and hand it on."""
        return cls(is_debug=crawler.settings.get("LOG_LEVEL") in ("DEBUG", "NOTSET"))

    # Scrapy leaves out a line for which it is given None, and does not say so in its types
    def crawled(self, request: Request, response: Response, spider: Any) -> LogFormatterResult | None:  # type: ignore[override]
        """Say what a request was answered."""
        return super().crawled(request, response, spider) if self.is_debug else None

    def scraped(  # type: ignore[override]
        self, item: Any, response: Response | Failure | None, spider: Any
    ) -> LogFormatterResult | None:
        """Name a stored article by its address."""
        if not self.is_debug:
            return None
        return {"level": logging.DEBUG, "msg": "stored %(url)s", "args": {"url": getattr(item, "url", item)}}

    def dropped(self, item: Any, exception: BaseException, response: Any, spider: Any) -> LogFormatterResult:
        """Say in one line which page gave no article, and why."""
        return {"level": logging.INFO, "msg": "%(why)s", "args": {"why": exception}}
