"""ANTARA, Jakarta: the national news agency, with a bureau's host for each province.

Known from saved pages of 2015 to 2017, and as of April 2026 from what others wrote of the site; never crawled from
here. Unverified: the selectors of picture, caption and tags, and the addresses of the mobile and AMP pages. In 2017
JSON-LD gave the editor as author and the reporter as creator; the page names both in its last lines (`Pewarta: …
Editor: …`).
"""

from typing import ClassVar

from scrapers.discovery.feeds import Rss, Section
from scrapers.spiders.indonesian import IndonesianSpider
from scrapers.urls import NO_QUERY


class AntaranewsSpider(IndonesianSpider):
    """ANTARA: articles are numbered; `?page=all` has the whole of a long one. The English edition is another outlet."""

    name = "antaranews"
    publisher = "ANTARA News"
    site = "https://www.antaranews.com"
    hosts = ("antaranews.com",)
    feeds = (
        *(
            Rss(f"https://www.antaranews.com/rss/{section}.xml")
            for section in ("terkini", "politik", "hukum", "ekonomi", "metro", "olahraga", "humaniora", "dunia")
        ),
        Section("https://www.antaranews.com/terkini"),
    )
    article_urls = r"/berita/\d+/[\w-]+"
    article_id = r"^([\w.-]+)/(?:berita|news)/(\d+)/"  # each region counts for itself
    same_page = (NO_QUERY, (r"^(https?://[^/]+)/amp/", r"\1/"))
    mobile_hosts = ("m.antaranews.com",)
    whole_article = "?page=all"
    selectors: ClassVar[dict[str, str]] = {
        "headline": ".wrap__article-detail-title",
        "date_published": ".list-inline-item.mr-2:last-child",
        "image": ".wrap__article-detail-image img",
        "caption": ".wrap__article-detail-image figcaption",
        "article_section": ".breadcrumbs__item",
        "keywords": ".blog-tags a",
    }
    article_body = ".wrap__article-detail-content.post-content"
    remove = (".baca-juga, .text-muted, [id^=div-gpt-ad]",)
