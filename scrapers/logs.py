"""What Scrapy's log says of items."""

import logging
from typing import Any

from scrapy import logformatter
from scrapy.http import Response
from scrapy.logformatter import LogFormatterResult
from twisted.python.failure import Failure


class LogFormatter(logformatter.LogFormatter):
    """Scrapy's lines, without the items' content: an article is pages long."""

    def scraped(self, item: Any, response: Response | Failure | None, spider: Any) -> LogFormatterResult:
        """Name a stored article by its address."""
        return {"level": logging.DEBUG, "msg": "stored %(url)s", "args": {"url": getattr(item, "url", item)}}

    def dropped(self, item: Any, exception: BaseException, response: Any, spider: Any) -> LogFormatterResult:
        """Say in one line which page gave no article, and why."""
        return {"level": logging.INFO, "msg": "%(why)s", "args": {"why": exception}}
