"""Any site: its feeds, sitemaps and links are found on it, its articles are told by the look of their addresses.

Unverified for each site until it is crawled: everything. A site that is crawled more than once deserves an outlet
of its own: `scrapy genspider -t news NAME DOMAIN`.
"""

from typing import Any, Self
from urllib.parse import urlsplit

from scrapers.arguments import read_site
from scrapers.discovery.feeds import Feed, Home, Robots
from scrapers.errors import UsageError
from scrapers.extract.links import suffixes
from scrapers.spiders import outlets
from scrapers.spiders.base import NewsSpider

# Paths with such a folder hold lists, pictures, films, accounts.
LISTS = (
    r"account|amp|authors?|category|categories|cari|feeds?|foto|galeri|gallery|galleries|images?|indeks|index|"
    r"infografis|kategori|komentar|label|login|media|page|penulis|photos?|profile|register|search|tags?|topics?|topik|"
    r"users?|videos?|wp-admin|wp-content|wp-json"
)
# An article's last folder is a headline of four words, or of two behind a date; or it or the one before has a number,
# or the one before says what it is.
# Each part begins with what the one before can't end with: the time is no more than the square of the path's length.
ARTICLE_URLS = (
    rf"(?i)(?!.*/(?:{LISTS})/)/(?:[^/]+/)*"
    r"(?:(?:[^-_+./]+[-_+.]+){3}[^/]*"
    r"|\d{4}/\d{1,2}/(?:\d{1,2}/)?[^-/]+-[^/]*"
    r"|[^/]*\d{5}[^/]*(?:/[^/]+)?"
    r"|(?:articles?|story)/[^/]{8,})/?"
)
SAME_PAGE = ((r"/amp/?(?=$|\?)", ""), (r"[?&](?:amp|outputType=amp)(?:=[^&]*)?$", ""))


def site_feeds(site: str) -> tuple[Feed, ...]:
    """Return where any site announces its articles: robots.txt names sitemaps, the home page feeds and links."""
    return (Robots(f"{site}/robots.txt"), Home(f"{site}/"))


class AnySiteSpider(NewsSpider):
    """Any news site: `scrapy crawl news -a url=https://www.example.com`; dates without a zone are taken as UTC."""

    name = "news"
    publisher = ""  # what the page says
    hosts = ()
    article_urls = ARTICLE_URLS
    same_page = SAME_PAGE

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
        site = read_site(url)
        host = urlsplit(site).hostname or ""
        domain = suffixes(host).top_domain_under_public_suffix or host.removeprefix("www.")
        for known in outlets():
            if domain in known.hosts:
                raise UsageError(f"{domain} is declared as an outlet: `scrapy crawl {known.name}`")
        declared: dict[str, Any] = {"name": domain, "site": site, "hosts": (domain,), "feeds": site_feeds(site)}
        if domain.endswith(".localhost"):  # named by whoever crawls, and nothing else of this machine's network
            declared["may_reach"] = ("127.0.0.1/32",)
        return type(cls.__name__, (cls,), {"__doc__": cls.__doc__, **declared})
