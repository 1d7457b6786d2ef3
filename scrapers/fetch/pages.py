"""Pages fetched by themselves, in no crawl and no ledger, through the guards that a crawl goes through."""

from collections.abc import AsyncIterator, Sequence

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Request, Response
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from scrapers.errors import Forbidden, OutletError, Stopped, WartaError, one_line
from scrapers.extract.page import Page
from scrapers.fetch.refusals import Refused, RobotsForbids
from scrapers.spiders.responses import to_page

BY_HAND = {  # somebody waits for it: a second between two pages of a host stays, what spreads a crawl over time goes
    "AUTOTHROTTLE_ENABLED": False,
    "RETRY_ENABLED": False,
    "ITEM_PIPELINES": {},
    "LOG_LEVEL": "CRITICAL",  # the answer says what went wrong
}


def fetch_pages(urls: Sequence[str]) -> dict[str, Page | WartaError]:
    """Return what each URL answered: its page, or why there is none.

    robots.txt, the address guard and all limits hold as in a crawl. It starts Scrapy's reactor, so that it can be
    called once in a process.
    """
    settings = Settings()
    settings.setmodule("scrapers.settings", priority="project")
    settings.setdict(BY_HAND, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    answers: dict[str, Page | WartaError] = {}
    process.crawl(_Pages, urls=urls, answers=answers)
    process.start()
    return {url: answers.get(url) or Stopped(f"{url} was not fetched: stopped before its turn") for url in urls}


class _Pages(scrapy.Spider):
    """Ask for each URL once; `answers` takes what comes."""

    name = "pages"

    def __init__(self, urls: Sequence[str], answers: dict[str, Page | WartaError]) -> None:
        super().__init__()
        self.urls = urls
        self.answers = answers

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request each."""
        for url in self.urls:
            yield Request(url, self.parse, errback=self.failed, cb_kwargs={"asked": url}, dont_filter=True)

    def parse(self, response: Response, asked: str) -> None:
        """Keep the page."""
        self.answers[asked] = to_page(response)

    def failed(self, failure: Failure) -> None:
        """Keep why there is no page."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        self.answers[request.cb_kwargs["asked"]] = _why(request.url, failure)


def _why(url: str, failure: Failure) -> WartaError:
    error = failure.value or RuntimeError(failure.type)
    if isinstance(error, HttpError):
        return OutletError(f"{url} answers HTTP {error.response.status}")
    if isinstance(error, RobotsForbids):
        return Forbidden(f"{url} was not asked for: robots.txt forbids it")
    if isinstance(error, Refused):
        return OutletError(f"{url} was not asked for: {error.reason}")
    return OutletError(f"{url} gives no answer: {one_line(error)}")
