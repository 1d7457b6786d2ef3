"""The download handler: where each request of a crawl leaves, whatever it is for."""

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from twisted.internet import tcp

from scrapers.fetch.context import context_of
from scrapers.fetch.http_client import HttpFactory

PIECE = 512 * 1024  # bytes of an answer that are taken at once; by default 64 KB, a half or a third of a page


class CrawlDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's own for http and https; what is fetched for a run passes its send gate."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = HttpFactory
        tcp.Connection.bufferSize = PIECE  # each piece passes through all of Twisted's and Scrapy's layers

    async def download_request(self, request: Request) -> Response:
        """Return the answer; raises CrawlStopping where the crawl ends before it came."""
        send_gate = context_of(self._crawler).send_gate  # `scrapy shell`, `fetch` and `parse` have none: no run
        download = super().download_request(request)
        return await (send_gate.send(download) if send_gate else download)
