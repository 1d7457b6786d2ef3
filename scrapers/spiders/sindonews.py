"""SINDOnews, Jakarta: a portal whose desks have hosts of their own.

Known as of July 2026 from what others wrote of the site; never crawled from here. Unverified: the feed, the selectors
of picture and caption. Other hosts of the domain are other products (`hi-lite`, `scope`, `media`) or hold pictures.
"""

from typing import ClassVar

from scrapers.discovery.feeds import Rss, Section
from scrapers.spiders.indonesian import IndonesianSpider
from scrapers.urls import NO_QUERY

DESKS = (
    "nasional", "daerah", "ekbis", "international", "sports", "kalam", "edukasi", "lifestyle", "otomotif", "tekno",
)  # fmt: skip


class SindonewsSpider(IndonesianSpider):
    """SINDOnews: a body without `<p>`; further pages end in `/10`, `/20`, and only page 1 has JSON-LD."""

    name = "sindonews"
    publisher = "SINDOnews"
    site = "https://www.sindonews.com"
    hosts = ("www.sindonews.com", *(f"{desk}.sindonews.com" for desk in DESKS))
    feeds = (Rss("https://www.sindonews.com/feed"), Section("https://www.sindonews.com/indeks"))
    article_urls = r"/read/\d+/\d+/[\w-]+"
    article_id = r"/read/(\d+)/\d+/"
    same_page = (NO_QUERY, (r"(/read/\d+/\d+/[^/]+)/(?:amp|\d{1,3})$", r"\1"))
    whole_article = "?showpage=all"
    selectors: ClassVar[dict[str, str]] = {
        "headline": "h1.detail-title",
        "author": ".detail-nama-redaksi a[rel=author], .warp-nama-redaksi a[rel=author]",
        "date_published": ".detail-date-artikel",
        "image": ".detail-img img",
        "caption": ".detail-img figcaption",
        "article_section": ".detail-breadcrumb a",
    }
    article_body = ".detail-desc"
    remove = (".editor, [class^=v-], [id^=ads_], .adsbygoogle, .baca-juga",)
