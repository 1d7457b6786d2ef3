"""What the benchmark of crawling compares, each in a process of its own that prints what it took as one JSON line.

python -m benchmarks.crawl_clients warta SITE     a declared outlet, everything on, into $WARTA_DSN
python -m benchmarks.crawl_clients scrapy SITE    Scrapy, the same pages, nothing done with them
"""

import json
import re
import resource
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.http import Request, Response
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from benchmarks.crawl_site import SITEMAP
from scrapers.discovery.feeds import Sitemap
from scrapers.spiders.inews import InewsSpider
from scrapers.storage.session import Session

AT_ONCE = 16  # requests, of either
UNDER_WAY = 48  # pages that are being fetched, read or stored; as many again as requests for each of the three
IMPOLITE = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS": UNDER_WAY,
    "CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE,
}
IN_THREADS: defaultdict[str, float] = defaultdict(float)  # CPU seconds that calls to Postgres take on this side


def outlet_at(site: str) -> type[InewsSpider]:
    """Return the outlet iNews.id at another address, found by its sitemap."""

    class BenchmarkSpider(InewsSpider):
        name = "benchmark"
        hosts = ((urlsplit(site).hostname or "").removeprefix("www."),)
        feeds = (Sitemap(f"{site}{SITEMAP}"),)
        allowed_networks = ("127.0.0.1/32",)
        custom_settings = IMPOLITE

    BenchmarkSpider.site = site
    return BenchmarkSpider


def nothing_at(site: str) -> type[scrapy.Spider]:
    """Return a spider that downloads what the sitemap names and does nothing with it."""
    numeric = f"http://127.0.0.1:{urlsplit(site).port}"  # Scrapy's own resolver knows no *.localhost

    class NothingSpider(scrapy.Spider):
        name = "nothing"

        async def start(self) -> AsyncIterator[Request]:
            yield Request(f"{numeric}{SITEMAP}", self.sitemap)

        def sitemap(self, response: Response) -> Any:
            for url in re.findall("<loc>(.*?)</loc>", response.text):
                yield Request(numeric + urlsplit(url).path, callback=self.nothing)

        def nothing(self, response: Response) -> None:
            pass

    return NothingSpider


class Clock:
    """How long a crawler takes from its spider's opening to its end, in seconds of the clock and of CPU."""

    def __init__(self, crawler: Crawler) -> None:
        crawler.signals.connect(self._open, signals.spider_opened)
        crawler.signals.connect(self._close, signals.spider_closed)
        crawler.signals.connect(self._count, signals.response_received)
        self.pages = 0

    def _open(self) -> None:
        self.began = time.monotonic(), _cpu(resource.RUSAGE_SELF)

    def _count(self, response: Response) -> None:
        self.pages += response.status == 200 and "/news/" in response.url

    def _close(self) -> None:
        self.seconds = time.monotonic() - self.began[0]
        self.cpu = _cpu(resource.RUSAGE_SELF) - self.began[1]


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def counted(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return Session's call of Postgres, with its CPU time added to IN_THREADS."""

    def timed(session: Session, function: Any) -> Any:
        began = time.thread_time()
        try:
            return call(session, function)
        finally:
            IN_THREADS["store"] += time.thread_time() - began

    return timed


def _crawler(settings: Settings, spider: type[scrapy.Spider]) -> tuple[CrawlerProcess, Crawler]:
    process = CrawlerProcess(settings)
    return process, process.create_crawler(spider)


def main(client: str, site: str) -> None:
    """Crawl, and print what it took."""
    if client == "warta":
        Session._try = counted(Session._try)  # type: ignore[method-assign]
        process, crawler = _crawler(get_project_settings(), outlet_at(site))
    else:
        settings = {"CONCURRENT_REQUESTS": AT_ONCE, "CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE, "LOG_LEVEL": "INFO"}
        process, crawler = _crawler(Settings(settings), nothing_at(site))
    clock = Clock(crawler)
    process.crawl(crawler)
    process.start()
    took = {"pages": clock.pages, "seconds": clock.seconds, "crawl": clock.cpu}
    took |= {"workers": _cpu(resource.RUSAGE_CHILDREN), "store": IN_THREADS["store"]}
    print(json.dumps(took))  # noqa: T201 - the answer


if __name__ == "__main__":
    main(*sys.argv[1:])
