"""Kompas.com, Jakarta: national daily's site, with regional desks.

Known as of August 2026 from what others wrote of the site; never crawled from here. Unverified: the sitemap, the AMP
address, the selectors of picture and caption. Opinion has no byline, advertorials have no breadcrumb.
"""

from typing import ClassVar

from scrapers.discovery.feeds import Section, Sitemap
from scrapers.spiders.indonesian import IndonesianSpider
from scrapers.urls import NO_QUERY


class KompasSpider(IndonesianSpider):
    """Kompas.com: a long article is divided; `?page=all` has all of it."""

    name = "kompas"
    publisher = "Kompas.com"
    site = "https://www.kompas.com"
    hosts = ("kompas.com",)
    feeds = (
        Sitemap("https://news.kompas.com/sitemap.xml"),
        Section("https://indeks.kompas.com"),
        Section("https://www.kompas.com"),
    )
    # www has the section in front, desks have hosts; old slugs are written with dots
    article_urls = r"(?:/(?!amp)[\w-]+)?/read/\d{4}/\d{2}/\d{2}/\d+/[\w.-]+"
    article_id = r"/read/(\d{4}/\d{2}/\d{2}/\d+)/"
    same_page = (NO_QUERY,)
    whole_article = "?page=all"
    selectors: ClassVar[dict[str, str]] = {
        "headline": "h1.read__title",
        "author": ".credit-title-nameEditor, .credit-title-name",
        "date_published": ".read__time",
        "image": ".photo__wrap img, .cover-photo img",
        "caption": ".photo__caption",
        "article_section": ".breadcrumb__wrap a",
    }
    article_body = ".read__content"
    remove = (".inner-link-baca-juga, [class^=inject-baca-juga], [class*=kompasidRec], .ads-on-body",)
