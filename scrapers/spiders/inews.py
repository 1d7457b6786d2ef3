"""iNews.id, Jakarta: national news, its provincial editions and a network of regencies.

Known from saved pages, and as of August 2026 from what others wrote of the site; never crawled from here. Unverified:
`/sitemap.xml`, how many pages a day's index has, that every article answers under `/all`, and that
`{province}.inews.id/berita/{slug}` and `www.inews.id/regional/{province}/{slug}` are the same article (they are
counted as one, and each is fetched). Also the address and the body of short pages (`.ishort-title`), which are films.

Two templates are known. The new one (`h1.headerTitle`, `article.bodyArticleWrapper`) was made in July and August 2024
and is the one of all pages seen since; galleries and infographics have one of their own in it (`article.header`,
`article.body`, a `figure.imgWrapper` each). Of the old one, up to July 2024, only list pages are known (`#news-list`,
`.title-news-update`): its articles are read where their text is densest. `mpi.inews.id` frames pages of sister sites.
"""

from typing import ClassVar

from scrapers.discovery.feeds import Archive, Rss, Section, Sitemap
from scrapers.spiders.indonesian import IndonesianSpider


class InewsSpider(IndonesianSpider):
    """iNews.id: prints WIB whatever the region; page 1 of a long article is not all of it, `/all` is."""

    name = "inews"
    publisher = "iNews.id"
    site = "https://www.inews.id"
    hosts = ("inews.id",)
    feeds = (
        Rss("https://www.inews.id/feed"),
        Sitemap("https://www.inews.id/sitemap.xml"),
        Archive("https://www.inews.id/indeks/all/{day:%d-%m-%Y}/{page}", pages=40),
        *(
            Section(f"https://www.inews.id/{section}")
            for section in ("news", "finance", "sport", "lifestyle", "travel", "otomotif", "techno", "regional")
        ),
    )
    # /{section}/{subsection}/{slug}, /regional/{province}/{slug}; other hosts: /berita/{slug}, /read/{id}/{slug}
    article_urls = (
        r"/(?:news|finance|sport|lifestyle|travel|otomotif|techno|regional)/[\w-]+/[\w-]{12,}"
        r"|/multimedia/(?:photo|infografis|video)/[\w-]{12,}|/berita/[\w-]{12,}|/read/\d+/[\w-]+"
    )
    article_id = r"^([a-z]+)\.inews\.[^/]+/read/(\d+)/"  # of the network's sites, each counts for itself
    same_page = (
        (r"^(https?://[^/]+)/amp/", r"\1/"),
        (r"^(https?://[^/]++/.[^-]*+-.+)/(?:all|\d{1,2})$", r"\1"),
    )
    same_article = (
        (r"^http://(.*\binews\.id/)", r"https://\1"),
        (r"^(https?://)m\.", r"\1www."),
        (r"^(https?://)(?!www\.)([a-z]+)\.(inews\.[^/]+)/berita/", r"\1www.\3/regional/\2/"),
    )
    whole_article = "/all"
    numbered_page = "/{}"
    selectors: ClassVar[dict[str, str]] = {
        "headline": "h1.headerTitle, .ishort-title, article.header > .title",
        "author": "ul.author li.authorList a, ul.authorWrapp .authorName",
        "date_published": ".timeAndShare .createdAt, article.header > .createdAt",
        "image": "figure.headerImg img, figure.imgWrapper img",
        "caption": "figure.headerImg figcaption",
        "article_section": ".breadcrumb a",
        "keywords": ".tags li.tagList a",
        "wrapped": "iframe#iframeList",
        "related": ".widgetListArticle:not(#latestNews) article.cardArticle",  # "Berita Terkini" has the same class
        "related.headline": ".cardTitle",
        "related.article_section": ".kanal",
        "related.relative_age": ".postTime",
    }
    article_body = "article.bodyArticleWrapper, div.bodyArticle, article.body"
    remove = (".bacaJuga", ".pleaseFollow", ".subscribeINews", ".adsPlacement", "img + em")
