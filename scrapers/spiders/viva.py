"""VIVA.co.id, Jakarta: a portal.

Known from saved pages of 2016, and as of May 2026 from what others wrote of the site; never crawled from here.
Unverified: `?page=all`, the feed since 2021, the selectors of picture and caption. `dateModified` is often wrong
there.
"""

from typing import ClassVar

from scrapers.discovery.feeds import Rss, Section
from scrapers.spiders.indonesian import IndonesianSpider
from scrapers.urls import NO_QUERY


class VivaSpider(IndonesianSpider):
    """VIVA.co.id: `{number}-{slug}`; a long article goes on under `?page=2`."""

    name = "viva"
    publisher = "VIVA.co.id"
    site = "https://www.viva.co.id"
    hosts = ("viva.co.id",)
    feeds = (Rss("https://www.viva.co.id/get/all"), Section("https://www.viva.co.id/indeks"))
    article_urls = r"/(?!foto/|video/|tag/|amp/)(?:[\w-]+/){1,2}\d+-[\w-]+"
    article_id = r"/(\d{5,})-[\w-]+$"
    same_page = (NO_QUERY, (r"^(https?://[^/]+)/amp/", r"\1/"))
    whole_article = "?page=all"
    selectors: ClassVar[dict[str, str]] = {
        "headline": "h1.main-content-title, .main-content-title h1",
        "author": ".main-content-author a",
        "date_published": ".main-content-date",
        "image": ".main-content-image img",
        "caption": ".main-content-image figcaption",
        "article_section": ".breadcrumb-list a, a.breadcrumb-step",
    }
    article_body = ".main-content-detail"
    remove = (".recommended-article, .ads, .adsbygoogle, .ad-slot, .pagination-detail",)
