"""What Scrapy's log says of items, and how much of anything."""

import logging
from typing import TYPE_CHECKING, Any, Self

from scrapy import logformatter
from scrapy.http import Request, Response
from scrapy.logformatter import LogFormatterResult
from twisted.python.failure import Failure

from scrapers.errors import shortened

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

LONGEST_LINE = 2000  # characters: an address may have a million, and stand in many lines
LONGEST_RECORD = 20_000  # of all lines of a message, or of a traceback


class Record(logging.LogRecord):
    """A record of a log, whoever writes it, whose message and traceback have bounds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.exc_info and self.exc_info[0]:
            self.exc_text = bounded(logging.Formatter().formatException(self.exc_info))

    def getMessage(self) -> str:  # noqa: N802 - logging's name
        """Return the message, without what is too long of it."""
        return bounded(super().getMessage())


def bounded(text: str) -> str:
    """Return the text with no line, and not as a whole, longer than a log has room for; its end stays."""
    if len(text) <= LONGEST_LINE:
        return text
    lines = "\n".join(shortened(line, LONGEST_LINE) for line in text.split("\n"))
    half = LONGEST_RECORD // 2
    return lines if len(lines) <= LONGEST_RECORD else f"{lines[:half]}\n…\n{lines[-half:]}"


class LogFormatter(logformatter.LogFormatter):
    """Scrapy's lines, without the items' content: an article is pages long."""

    def __init__(self, *, is_debug: bool = True) -> None:
        self.is_debug = is_debug

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return a formatter that makes no lines which the log's level drops: Scrapy would make each and hand it on.

        What this process logs from now on has bounds, Scrapy's own lines as well.
        """
        logging.setLogRecordFactory(Record)
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
