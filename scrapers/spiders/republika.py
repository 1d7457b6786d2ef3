"""Republika Online, Jakarta: a daily's site, with regional and topical hosts.

Known from saved pages of 2016 to 2017, and as of July 2026 from what others wrote of the site; never crawled from
here. Its robots.txt forbids crawlers by their names, Scrapy's among them: keep Warta's own. JSON-LD gives the editor
(`Red:`) as author, the page names the reporter (`Rep:`) before; the headline on the page may be empty. Unverified:
`?page=all`, which has not been seen since articles come whole.
"""

from typing import ClassVar

from scrapers.discovery.feeds import Rss, Section, Sitemap
from scrapers.spiders.indonesian import IndonesianSpider
from scrapers.urls import NO_QUERY


class RepublikaSpider(IndonesianSpider):
    """Republika: articles are told by a code, `/berita/{code}/{slug}`; further pages of old ones end in `-part2`."""

    name = "republika"
    publisher = "Republika"
    site = "https://www.republika.co.id"
    hosts = ("republika.co.id",)
    feeds = (
        Rss("https://www.republika.co.id/rss"),
        Sitemap("https://republika.co.id/files/xml/sitemap.xml"),
        Section("https://www.republika.co.id/indeks"),
    )
    # until 2019 with the section, the day and the code before the slug
    article_urls = r"/berita/[a-z0-9]{6,14}/[\w-]+|/berita/(?:[\w-]+/){1,3}\d{2}/\d{2}/\d{2}/[a-z0-9]+-[\w-]+"
    article_id = r"^[^/]*/berita/(?:[\w-]+/)*?(?:\d{2}/\d{2}/\d{2}/)?((?=[a-z]*\d)[a-z0-9]{6,14})[/-]"
    same_page = (NO_QUERY, (r"(?<!:)/{2,}", "/"), (r"-part\d{1,2}$", ""))
    whole_article = "?page=all"
    selectors: ClassVar[dict[str, str]] = {
        "headline": ".max-card__title h1",
        "image": ".max-card__image img",
        "caption": ".detail__media-caption",
        "article_section": ".breadcrumb a",
    }
    article_body = ".article-content article, .article-content"
    remove = (".picked-article, .footnote-wrap, .detail__media-caption, .baca-juga, [id^=div-gpt-ad], [id^=bn_]",)
