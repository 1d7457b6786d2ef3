"""Liputan6.com, Jakarta: a television newsroom's site.

Known from saved pages of 2016, and as of August 2026 from what others wrote of the site; never crawled from here.
Unverified: the RSS feeds since 2021, the selectors of picture and caption. The page has no canonical link; `og:url`
says it.
"""

from typing import ClassVar

from scrapers.discovery.feeds import Rss, Section
from scrapers.spiders.indonesian import IndonesianSpider
from scrapers.urls import NO_QUERY


class Liputan6Spider(IndonesianSpider):
    """Liputan6.com: all pages of a divided article stand in one document, each with a title."""

    name = "liputan6"
    publisher = "Liputan6.com"
    site = "https://www.liputan6.com"
    hosts = ("liputan6.com",)
    feeds = (
        *(Rss(f"https://feed.liputan6.com/rss/{desk}") for desk in ("news", "bisnis", "bola", "tekno", "global")),
        *(Section(f"https://www.liputan6.com/{desk}") for desk in ("news", "bisnis", "regional", "health")),
    )
    article_urls = r"/(?!photo/|foto/|video/|amp/)[\w-]+/read/\d+(?:/[\w-]+)?|/read/\d+/[\w-]+"
    article_id = r"/read/(\d+)(?:/|$)"
    same_page = (NO_QUERY, (r"^(https?://[^/]+)/amp/(\d+)/", r"\1/read/\2/"))
    mobile_hosts = ("m.liputan6.com",)
    selectors: ClassVar[dict[str, str]] = {
        "headline": "h1.read-page--header--title",
        "author": ".read-page-box__author__name, .read-page--header--author__name",
        "date_published": ".read-page--header--author__datetime",
        "image": ".read-page--photo-gallery--item__picture img",
        "caption": ".read-page--photo-gallery--item__caption",
        "article_section": ".read-page--breadcrumb--item__title",
    }
    article_body = ".article-content-body"
    remove = (".baca-juga-collections, .article-ad, .advertisement-placeholder, [id^=gpt-ad]",)
