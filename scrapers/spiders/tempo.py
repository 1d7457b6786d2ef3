"""Tempo.co, Jakarta: the weekly's site, in Indonesian, and in English at en.tempo.co.

Known as of August 2026 from what others wrote of the site; never crawled from here. Its section pages are drawn by
JavaScript and hold no links, so that articles are announced by RSS and sitemap alone. Unverified: both of these, and
`?page=all`, which was seen on the old addresses. Articles for subscribers show a teaser only.
"""

from typing import ClassVar

from scrapers.discovery.feeds import Rss, Sitemap
from scrapers.spiders.indonesian import IndonesianSpider
from scrapers.urls import NO_QUERY


class TempoSpider(IndonesianSpider):
    """Tempo.co: prints `24 Juli 2026 | 11.32 WIB` in its meta elements; the language is what the page says."""

    name = "tempo"
    publisher = "Tempo.co"
    in_language = None
    site = "https://www.tempo.co"
    hosts = ("tempo.co",)
    feeds = (
        *(Rss(f"https://rss.tempo.co/{desk}") for desk in ("nasional", "bisnis", "metro", "dunia", "bola", "tekno")),
        Sitemap("https://www.tempo.co/sitemap.xml", newest=10),
    )
    # /{section}/{slug}-{number}; until 2024 {desk}.tempo.co/read/{number}/{slug}
    article_urls = r"/(?!penulis/|tag/|foto/|video/)[\w-]+/[\w-]+-\d+|/read/\d+/[\w-]+"
    article_id = r"^www\.tempo\.co/[\w-]+/[\w-]+-(\d{5,})$|/read/(\d+)/"
    same_page = (NO_QUERY, (r"^(https?://[^/]+)/amp/", r"\1/"))
    same_article = ((r"^https?://tempo\.co/", "https://www.tempo.co/"),)
    whole_article = "?page=all"
    selectors: ClassVar[dict[str, str]] = {
        "author": 'a[href*="/penulis/"]',
        "keywords": 'a[href^="/tag/"]',
    }
    article_body = ".detail-content, #isi"
    remove = (
        ".ads, [id^=div-gpt-ad], .pagging, .paging, .baca-juga",
        'p:contains("Pilihan Editor:"), p:contains("Scroll ke bawah untuk melanjutkan membaca")',
    )
