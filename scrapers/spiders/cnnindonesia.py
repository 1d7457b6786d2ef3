"""CNN Indonesia, Jakarta: a television channel's site, in detik's template.

Known as of April 2026 from what others wrote of the site; never crawled from here. Unverified: the AMP address, the
selectors of picture and caption. The byline is mostly the channel itself, which is no author.
"""

from typing import ClassVar

from scrapers.discovery.feeds import Rss, Section
from scrapers.spiders.indonesian import IndonesianSpider
from scrapers.urls import NO_QUERY

SECTIONS = ("nasional", "internasional", "ekonomi", "olahraga", "teknologi", "hiburan", "gaya-hidup", "otomotif")


class CnnindonesiaSpider(IndonesianSpider):
    """CNN Indonesia: the address holds the time of publication; pages end in `/2`, and `?page=all` has all of them."""

    name = "cnnindonesia"
    publisher = "CNN Indonesia"
    site = "https://www.cnnindonesia.com"
    hosts = ("cnnindonesia.com",)
    feeds = (
        *(Rss(f"https://www.cnnindonesia.com/{section}/rss") for section in SECTIONS),
        Section("https://www.cnnindonesia.com/indeks"),
    )
    article_urls = r"/(?!tv/)[\w-]+/\d{14}-\d+-\d+/[\w-]+"
    article_id = r"/(\d{14}-\d+-\d+)/"
    same_page = (NO_QUERY, (r"(/\d{14}-\d+-\d+/[^/]+)/(?:amp|\d{1,2})$", r"\1"))
    whole_article = "?page=all"
    selectors: ClassVar[dict[str, str]] = {
        "author": ".text-cnn_black_light3 span",
        "date_published": ".text-cnn_grey",
        "image": ".detail-image img",
        "caption": ".detail-image figcaption",
        "article_section": "a.gtm_breadcrumb_kanal",
    }
    article_body = ".detail-text"
    remove = (
        ".linksisip, .paradetail, .newstag, .end-of-article, [id^=div-gpt-ad], a.border, .inline-block",
        '.detail-text > strong:not(:first-child), p:contains("[Gambas:")',  # initials; films
    )
