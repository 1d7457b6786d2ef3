"""Okezone.com, Jakarta: a portal whose desks have hosts of their own.

Known from saved pages of 2015 to 2017, and as of August 2026 from what others wrote of the site; never crawled from
here. Pages of before 2025 have another template (`#contentx`). `dateModified` in its JSON-LD has no zone and is WIB.
Unverified: the RSS feeds since 2021, the selectors of picture and caption. `mpi.okezone.com` republishes other
outlets and is left out.
"""

from typing import ClassVar

from scrapers.discovery.feeds import Rss, Section
from scrapers.spiders.indonesian import IndonesianSpider
from scrapers.urls import NO_QUERY

DESKS = ("news", "economy", "women", "celebrity", "sports", "bola", "ototekno", "muslim", "edukasi", "lifestyle")


class OkezoneSpider(IndonesianSpider):
    """Okezone: a long article is divided; `?page=all` has all of it."""

    name = "okezone"
    publisher = "Okezone"
    site = "https://www.okezone.com"
    hosts = ("www.okezone.com", "sindikasi.okezone.com", *(f"{desk}.okezone.com" for desk in DESKS))
    feeds = (
        *(Rss(f"https://sindikasi.okezone.com/index.php/rss/{number}/RSS2.0") for number in (0, 1, 11)),
        *(Section(f"https://{desk}.okezone.com/indeks") for desk in DESKS[:8]),
    )
    article_urls = r"/read/\d{4}/\d{2}/\d{2}/\d+/\d+/[\w-]+"
    article_id = r"/read/\d{4}/\d{2}/\d{2}/\d+/(\d+)/"
    same_page = (NO_QUERY, (r"^(https?://[^/]+)/amp/(\d{4}/)", r"\1/read/\2"))
    whole_article = "?page=all"
    selectors: ClassVar[dict[str, str]] = {
        "headline": ".title-article h1, .title h1",
        "author": ".journalist a[title], .reporter .namerep a",
        "date_published": ".journalist span, .reporter .namerep b",
        "image": ".c-detail .thumb-news img",
        "caption": ".caption-img-ab",
        "article_section": ".breadcrumb a",
        "keywords": "#tag .box-tag a",
    }
    article_body = ".c-detail.read, #contentx"
    remove = ("#baca-juga, .vicon, [style*=page-break-after], .caption-img-ab, #paging",)
