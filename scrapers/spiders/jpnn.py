"""JPNN.com, Jakarta: the Jawa Pos network's national site, with a host for each region.

Known as of July 2026 from what others wrote of the site; never crawled from here. No form of an address gives the
whole of an article of several pages: they are fetched one by one and joined. Unverified: the feeds, the selectors of
picture, caption and author. The page says its date in a meta element of its own, `jpnncom_news_pubdate` (`24 April
2026 20:05`).
"""

from typing import ClassVar

from scrapers.discovery.feeds import Rss, Section
from scrapers.spiders.indonesian import IndonesianSpider
from scrapers.urls import NO_QUERY


class JpnnSpider(IndonesianSpider):
    """JPNN.com: datelines `jpnn.com, KOTA -`; a long article goes on under `?page=2`."""

    name = "jpnn"
    publisher = "JPNN.com"
    site = "https://www.jpnn.com"
    hosts = ("jpnn.com",)
    feeds = (
        Rss("https://www.jpnn.com/rss"),
        Rss("https://www.jpnn.com/index.php?mib=rss"),
        Section("https://www.jpnn.com"),
    )
    article_urls = r"/news/[\w-]{8,}|/(?!tag/|foto/|video/)[\w-]+/\d+/[\w-]+"
    article_id = r"^[\w.-]+/[\w-]+/(\d{4,})/[\w-]+"
    same_page = (NO_QUERY, (r"^(https?://[^/]+)/amp/", r"\1/"))
    numbered_page = "?page={}"
    mobile_hosts = ("m.jpnn.com",)
    selectors: ClassVar[dict[str, str]] = {
        "headline": "h1.judul",
        "author": ".author",
        "date_published": "span.date-publish",
        "image": ".image-news img",
        "caption": ".image-news figcaption",
        "article_section": ".breadcrumb a",
    }
    article_body = "[itemprop=articleBody]"
    remove = (".baca-juga, .pagination, [id^=div-gpt-ad]",)
