"""The download handler: where each request of a crawl leaves, whatever it is for."""

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from twisted.internet import tcp

from scrapers.fetch.departures import Departures
from scrapers.fetch.http_client import HttpFactory

PIECE = 512 * 1024  # bytes of an answer that are taken at once; by default 64 KB, a half or a third of a page


class CrawlDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's own for http and https; what is fetched for a run leaves through the run's Departures."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = HttpFactory
        tcp.Connection.bufferSize = PIECE  # each piece passes through all of Twisted's and Scrapy's layers

    async def download_request(self, request: Request) -> Response:
        """Return the answer; raises CrawlStopping where the crawl ends before it came."""
        crawl = getattr(self._crawler.spider, "crawl", None)
        # `scrapy shell`, `fetch` and `parse` have no run, and perhaps no database
        departures: Departures | None = crawl.departures if crawl and crawl.session.has_begun else None
        download = super().download_request(request)
        return await (departures.leave(download) if departures else download)
