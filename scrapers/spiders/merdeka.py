"""Merdeka.com, Jakarta: a portal.

Known as of April 2026 from what others wrote of the site; never crawled from here. Its robots.txt forbids every
address with a query. Unverified: the feed, the selectors of picture and caption. The author in its JSON-LD is `null`,
and its breadcrumb there ends in the headline.
"""

from typing import ClassVar

from scrapers.discovery.feeds import Rss, Section, Sitemap
from scrapers.spiders.indonesian import IndonesianSpider
from scrapers.urls import NO_QUERY


class MerdekaSpider(IndonesianSpider):
    """Merdeka.com: all pages of a divided article stand in one document."""

    name = "merdeka"
    publisher = "Merdeka.com"
    site = "https://www.merdeka.com"
    hosts = ("merdeka.com",)
    feeds = (
        Rss("https://www.merdeka.com/rss/"),
        Sitemap("https://www.merdeka.com/sitemap.xml", newest=10),
        *(Section(f"https://www.merdeka.com/{section}") for section in ("peristiwa", "politik", "uang", "dunia")),
    )
    # until 2023 /{section}/{slug}.html
    article_urls = r"/(?!foto/|video/|slideshow/|tag/)[\w-]+/(?:read/\d+/[\w-]+|[\w-]{12,}\.html)"
    article_id = r"/read/(\d+)/"
    same_page = (NO_QUERY,)
    mobile_hosts = ("m.merdeka.com",)
    selectors: ClassVar[dict[str, str]] = {
        "author": "[data-tracking=author_name]",
        "image": ".articles-content__photo img",
        "caption": ".articles-content__photo figcaption",
        "article_section": "nav.breadcrumb-navigation li",
        "keywords": ".tags-articles__list a",
    }
    article_body = ".articles-content__body"
    remove = (".advertisement-placeholder, .bg-primary-50, .page-break",)
