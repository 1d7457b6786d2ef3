"""detik.com, Jakarta: a portal whose desks have hosts of their own.

Known as of August 2026 from what others wrote of the site; never crawled from here. Desks such as Wolipop and food
have another template (`div.detail__body.flex-grow`), which names author and date by colour only. Unverified: how many
pages a day's index has, the RSS feeds since 2021, the selectors of picture, caption and tags. Pages of about 2015
print Jakarta's time with a `Z` behind it in their meta elements (`2015-11-05 T10:08:58Z` is 10:08 WIB); those of
today have JSON-LD with an offset.
"""

from typing import ClassVar

from scrapers.discovery.feeds import Archive, Rss, Section, Sitemap
from scrapers.spiders.indonesian import IndonesianSpider
from scrapers.urls import NO_QUERY


class DetikSpider(IndonesianSpider):
    """detikcom: articles are numbered `d-…`; page 1 of a long one is not all of it, `?single=1` is."""

    name = "detik"
    publisher = "detikcom"
    utc_is_local = True
    site = "https://www.detik.com"
    hosts = ("detik.com",)
    feeds = (
        *(Rss(f"https://{desk}.detik.com/rss") for desk in ("news", "finance", "inet", "sport", "hot", "travel")),
        Sitemap("https://news.detik.com/berita/sitemap_news.xml"),
        Sitemap("https://finance.detik.com/sitemap_news.xml"),
        Section("https://news.detik.com/indeks"),
        Archive("https://news.detik.com/indeks?date={day:%m/%d/%Y}&page={page}", pages=40),
    )
    article_urls = r"/(?!foto|video)(?:[\w-]+/){1,3}d-\d+/[\w-]+"
    article_id = r"/d-(\d+)(?:/|$)"
    same_page = (NO_QUERY, (r"(/d-\d+/[^/]+)/(?:amp|\d{1,2})$", r"\1"))
    whole_article = "?single=1"
    selectors: ClassVar[dict[str, str]] = {
        "headline": "h1.detail__title, article.detail h1",
        "author": ".detail__author, article.detail div[class~='text-[#8B8B8B]']",
        "date_published": ".detail__date, article.detail time",
        "image": ".detail__media-image img",
        "caption": ".detail__media-caption",
        "article_section": ".page__breadcrumb a",
        "keywords": ".detail__body-tag a",
    }
    article_body = ".detail__body-text, .itp_bodycontent, .detail__body.flex-grow"
    remove = (
        ".noncontent, .linksisip, .lihatjg, .parallaxindetail, .detail__body-tag, .sisip_embed_sosmed",
        "[class*=ads-scrollpage], [id^=div-gpt-ad], table.pic_artikel_sisip_table",
        '.detail__body-text > strong:not(:first-child), p:contains("[Gambas:")',  # initials; films
    )
