"""The download handler: where each request of a crawl leaves, whatever it is for."""

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Request, Response

from scrapers.fetch.departures import Departures


class CrawlDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's own for http and https; what is fetched for a run leaves through the run's Departures."""

    async def download_request(self, request: Request) -> Response:
        """Return the answer; raises CrawlStopping where the crawl ends before it came."""
        crawl = getattr(self._crawler.spider, "crawl", None)
        # `scrapy shell`, `fetch` and `parse` have no run, and perhaps no database
        departures: Departures | None = crawl.departures if crawl and crawl.session.has_begun else None
        download = super().download_request(request)
        return await (departures.leave(download) if departures else download)
