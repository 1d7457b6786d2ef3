"""Bisnis.com, Jakarta: a business daily's site, with regional and topical hosts.

Known as of August 2026 from what others wrote of the site; never crawled from here. It may turn away what isn't a
browser. Unverified: the sitemap, the selectors of picture and caption. Articles for subscribers show a teaser only.
"""

from typing import ClassVar

from scrapers.discovery.feeds import Section, Sitemap
from scrapers.spiders.indonesian import IndonesianSpider
from scrapers.urls import NO_QUERY


class BisnisSpider(IndonesianSpider):
    """Bisnis.com: `/read/{day}/{section}/{number}/{slug}`; `?page=all` has the whole of a long article."""

    name = "bisnis"
    publisher = "Bisnis.com"
    site = "https://www.bisnis.com"
    hosts = ("bisnis.com",)
    feeds = (
        Sitemap("https://www.bisnis.com/sitemap-news.xml"),
        Section("https://www.bisnis.com/berita"),
        Section("https://www.bisnis.com/indeks"),
    )
    article_urls = r"(?:/[\w-]+)?/read/\d{8}/\d+/\d+/[\w-]+"  # m.bisnis.com has the desk in front
    article_id = r"/read/\d{8}/\d+/(\d+)/"
    same_page = (NO_QUERY, (r"^(https?://[^/]+)/amp/", r"\1/"), (r"(/read/\d{8}/\d+/\d+/[^/]+)/\d{1,2}$", r"\1"))
    same_article = ((r"^https?://m\.bisnis\.com/(?:[\w-]+/)?read/", "https://www.bisnis.com/read/"),)
    whole_article = "?page=all"
    selectors: ClassVar[dict[str, str]] = {
        "headline": "h1.detailsTitleCaption",
        "author": ".authorName, .authorNames",
        "date_published": ".detailsAttributeDates, .authorTime",
        "image": ".detailsCoverImg img",
        "caption": ".detailsCoverCaption",
        "article_section": ".breadcrumb .breadcrumbLink",
    }
    article_body = "article.detailsContent, .detailsContent"
    remove = ("[class^=baca-juga-box], .detailsTag, [id^=div-gpt-ad]",)
