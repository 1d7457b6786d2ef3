"""Suara.com, Jakarta: a portal.

Known as of August 2026 from what others wrote of the site; never crawled from here. Pages of before 2025 have another
template (`.detail-content`). Unverified: `?page=all`, the selectors of picture and caption. Its RSS was not found;
the index is read instead.
"""

from typing import ClassVar

from scrapers.discovery.feeds import Section
from scrapers.spiders.indonesian import IndonesianSpider
from scrapers.urls import NO_QUERY


class SuaraSpider(IndonesianSpider):
    """Suara.com: the address holds the time of publication; each page of a divided article repeats its summary."""

    name = "suara"
    publisher = "Suara.com"
    site = "https://www.suara.com"
    hosts = ("www.suara.com", "m.suara.com")
    feeds = (
        Section("https://www.suara.com/indeks"),
        *(Section(f"https://www.suara.com/{section}") for section in ("news", "bisnis", "bola", "lifestyle", "tekno")),
    )
    article_urls = r"/(?!foto/|video/)[\w-]+/\d{4}/\d{2}/\d{2}/\d{6}/[\w-]+"
    same_page = (NO_QUERY, (r"^(https?://[^/]+)/amp/", r"\1/"))
    mobile_hosts = ("m.suara.com", "amp.suara.com")
    whole_article = "?page=all"
    selectors: ClassVar[dict[str, str]] = {
        "headline": ".article-image h1, .info h1",
        "author": "a.author-trigger, .author-trigger a, .writer a",
        "date_published": ".article-date",
        "image": ".article-image img",
        "caption": ".article-image figcaption",
        "article_section": ".breadcrumb a",
        "keywords": ".article-tags a",
    }
    article_body = ".article-content, .detail-content"
    remove = (
        ".ten-second, .article-read, .next-article, #next-article, .wrap-pagination, .article-tags, .google-pref",
        "[id*=div-ad], .placeholder_belt, .placeholder_read_body",
    )
