"""kumparan, Jakarta: a platform of its own newsroom and of whoever writes there.

Known as of August 2026 from what others wrote of the site; never crawled from here. Its channels are drawn by
JavaScript and hold no links, so that articles are announced by feed and sitemap alone. Unverified: both of these, and
the element that holds the paragraphs. Dates in its JSON-LD are true UTC.
"""

from typing import ClassVar

from scrapers.discovery.feeds import Rss, Sitemap
from scrapers.spiders.indonesian import IndonesianSpider
from scrapers.urls import NO_QUERY


class KumparanSpider(IndonesianSpider):
    """kumparan: the address names the account that published, and ends in a code of eleven characters."""

    name = "kumparan"
    publisher = "kumparan"
    site = "https://kumparan.com"
    hosts = ("kumparan.com",)
    feeds = (
        Rss("https://lapi.kumparan.com/v2.0/rss/"),
        Sitemap("https://kumparan.com/sitemap_channel_news.xml", newest=10),
    )
    article_urls = r"/(?!channel/|topic/)[\w.-]+/[\w-]+-\d{2}[A-Za-z0-9]{9}"
    article_id = r"-(\d{2}[A-Za-z0-9]{9})$"
    same_page = (NO_QUERY, (r"/full$", ""))
    mobile_hosts = ("www.kumparan.com", "m.kumparan.com")
    selectors: ClassVar[dict[str, str]] = {
        "headline": "h1[data-qa-id=story-title]",
        "author": "[data-qa-id=author-name]",
        "date_published": "time[data-qa-id=publish-date]",
        "image": "figure[data-qa-id=image-figure] img",
        "caption": "figure[data-qa-id=image-figure] figcaption",
        "keywords": "a[data-qa-id=tag-topic]",
    }
    article_body = ".article-content, div:has(> p[data-qa-id=story-paragraph])"
    remove = ("[data-qa-id=tag-topic], [data-qa-id=author-name]",)
