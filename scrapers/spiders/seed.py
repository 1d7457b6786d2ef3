"""The seed site: iNews.id's markup on this machine, served by `make up`."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from scrapers.config import seed_site
from scrapers.discovery.feeds import Rss, Section, Sitemap
from scrapers.items import Article
from scrapers.spiders.inews import InewsSpider

SITE = seed_site()
SEED = "/news/internasional/dulu-berperang-kini-amerika-jajaki-kerja-sama-dengan-taliban-lawan-isis-di-afghanistan"


class SeedSpider(InewsSpider):
    """The same outlet as inews, at the seed site's address; its pages are looked at again when announced as edited."""

    name = "seed"
    site = SITE
    hosts = ((urlsplit(SITE).hostname or "").removeprefix("www."),)
    feeds = (
        Rss(f"{SITE}/feed"),
        Sitemap(f"{SITE}/sitemap.xml"),
        Sitemap(f"{SITE}/sitemap-news.xml"),
        *(Section(f"{SITE}/{section}") for section in ("", "news", "finance", "sport", "lifestyle", "techno")),
        Section(f"{SITE}/indeks/all/15-12-2025/1", pages=5),
    )
    allowed_networks = ("127.0.0.0/8",)  # this machine
    schedule = None
    paused = False
    revisit_after = ()
    custom_settings = {  # noqa: RUF012 - Scrapy declares it so
        "DOWNLOAD_DELAY": 0,  # our own machine
        "AUTOTHROTTLE_ENABLED": False,
    }

    def parse_article(self, response: Response, *, is_whole: bool = False) -> Iterator[Article | Request]:  # noqa: D102 - set below
        yield from super().parse_article(response, is_whole=is_whole)

    # what `scrapy check seed` checks; in an f-string because the site's port is this machine's
    parse_article.__doc__ = f"""Read an article page.

    @url {SITE}{SEED}
    @returns items 1 1
    @returns requests 0 0
    @scrapes url canonical_url headline author editor date_line article_body image related in_language provenance
    """
