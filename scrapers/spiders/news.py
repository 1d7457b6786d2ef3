"""Any site: its feeds, sitemaps and links are found on it, its articles are told by the look of their addresses.

Unverified for each site until it is crawled: everything. A site that is crawled more than once deserves an outlet
of its own: `scrapy genspider -t news NAME DOMAIN`.
"""

from typing import Any, Self
from urllib.parse import urlsplit

from scrapers.discovery.article_links import ARTICLE_URLS
from scrapers.discovery.feeds import Feed, Robots
from scrapers.discovery.listings import FrontPage
from scrapers.errors import UsageError
from scrapers.spiders import outlets
from scrapers.spiders.arguments import read_site
from scrapers.spiders.base import NewsSpider
from scrapers.urls import clean_url, with_scheme

INDEX = (r"/index\.html?(?=$|\?)", "/")  # what servers of files show for a folder; one site links to both
SAME_PAGE = (INDEX, (r"/amp/?(?=$|\?)", ""), (r"[?&](?:amp|outputType=amp)(?:=[^&]*)?$", ""))


USUAL_SITEMAPS = (  # of WordPress, Yoast, Ghost, Hexo, Jekyll, Hugo, Astro and Gatsby
    "/sitemap.xml",
    "/sitemap_index.xml",
    "/sitemap-index.xml",
    "/wp-sitemap.xml",
    "/sitemap.txt",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
)


def site_feeds(site: str, path: str = "/") -> tuple[Feed, ...]:
    """Return where any site announces its articles: robots.txt names sitemaps, the home page feeds, links and lists.

    `path` is that of the home page where the site lives under one, such as `/news/`; then nothing has to stand at `/`.
    """
    folders = dict.fromkeys((path.rstrip("/"), ""))
    usual = tuple(f"{site}{folder}{sitemap}" for folder in folders for sitemap in USUAL_SITEMAPS)
    homes = [FrontPage(f"{site}{one}", is_guess=one != path) for one in dict.fromkeys((path, "/"))]
    return (Robots(f"{site}/robots.txt", usual=usual), *homes)


class AnySiteSpider(NewsSpider):
    """Any news site: `scrapy crawl news -a url=https://www.example.com`; dates without a zone are taken as UTC."""

    name = "news"
    publisher = ""  # what the page says
    hosts = ()
    article_urls = ARTICLE_URLS
    same_page = SAME_PAGE
    believes_feeds = True

    def __new__(cls, url: str = "", **arguments: str) -> Self:
        """Return a spider of the class that declares the site, which is made here; raises UsageError."""
        return super().__new__(cls.of_site(url))

    def __init__(self, url: str = "", **arguments: str) -> None:
        super().__init__(**arguments)

    @classmethod
    def of_site(cls, url: str) -> type[Self]:
        """Return what an outlet's module would declare for this site; its name in the ledger is its domain.

        Raises UsageError where `url` is no address, or one of an outlet that is declared.
        """
        if not url:
            raise UsageError("news has no site of its own: name one, such as `-a url=https://www.example.com`")
        from scrapers.extract.dom.links import split_host  # the list of public suffixes: only where a site is named

        site, path = read_site(url), urlsplit(clean_url(with_scheme(url))).path
        host = urlsplit(site).hostname or ""
        domain = split_host(host).top_domain_under_public_suffix or host.removeprefix("www.")
        for known in outlets():
            if domain in known.hosts:
                raise UsageError(f"{domain} is declared as an outlet: `scrapy crawl {known.name}`")
        declared: dict[str, Any] = {"name": domain, "site": site, "hosts": (domain,), "feeds": site_feeds(site, path)}
        if domain.endswith(".localhost"):  # named by whoever crawls, and nothing else of this machine's network
            declared["allowed_networks"] = ("127.0.0.1/32",)
        return type(cls.__name__, (cls,), {"__doc__": cls.__doc__, **declared})
