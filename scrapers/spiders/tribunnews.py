"""Tribunnews.com, Jakarta: the head of a network of regional papers, which are not crawled with it.

Known as of August 2026 from what others wrote of the site; never crawled from here. It was seen to answer 403 to
every agent that doesn't call itself a browser, and Warta does not; its RSS named no article's address. Unverified:
`?page=all`, the selectors of picture and caption.
"""

from typing import ClassVar

from scrapers.discovery.feeds import Section, Sitemap
from scrapers.spiders.indonesian import IndonesianSpider
from scrapers.urls import NO_QUERY

SECTIONS = ("nasional", "bisnis", "regional", "internasional", "metropolitan", "sport")


class TribunnewsSpider(IndonesianSpider):
    """Tribunnews.com: the page opens with a summary of itself; a long article goes on under `?page=2`."""

    name = "tribunnews"
    publisher = "Tribunnews.com"
    site = "https://www.tribunnews.com"
    hosts = ("www.tribunnews.com", "m.tribunnews.com")
    feeds = (
        *(Sitemap(f"https://www.tribunnews.com/{section}/sitemap-news.xml") for section in SECTIONS),
        Section("https://www.tribunnews.com/index-news"),
    )
    # /{section}/{number}/{slug}; from agencies and until 2025 /{section}/{year}/{month}/{day}/{slug}
    article_urls = r"/(?!images/|video/|foto/|topic/|tag/)[\w-]+/(?:\d+|\d{4}/\d{2}/\d{2})/[\w-]+"
    article_id = r"^www\.tribunnews\.com/[\w-]+/(\d{5,})/"
    same_page = (NO_QUERY, (r"^https?://m\.tribunnews\.com/(?:amp/)?", "https://www.tribunnews.com/"))
    whole_article = "?page=all"
    selectors: ClassVar[dict[str, str]] = {
        "headline": "h1#arttitle",
        "author": "#penulis a",
        "date_published": "#article time",
        "image": "#artimg img",
        "caption": "#artimg .imgcaption",
        "keywords": ".tagcloud3 a",
    }
    article_body = ".side-article.txt-article"
    remove = ("blockquote.summary-article, p.baca, .ads-placeholder, .paging, #penulis, #editor",)
