"""NewsSpider: an outlet is a declaration; what is done with it stands in scrapers/crawl/."""

import re
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit
from zlib import crc32

import scrapy
from scrapy.http import Request, Response

from scrapers.discovery.article_links import is_named_as_article
from scrapers.discovery.feeds import Feed
from scrapers.errors import NotAnArticle, UsageError
from scrapers.extract.page import Rules
from scrapers.items import Article, Link
from scrapers.spiders.arguments import read_arguments
from scrapers.spiders.responses import to_page
from scrapers.urls import LONGEST_URL, Rewrites, canonical_url, clean_url, is_address

if TYPE_CHECKING:
    from scrapers.extract.reading import Reading

MOST_FORMS = 200  # links of a page that may be another form of it
FURTHER_PAGE = re.compile(r"(?:all|single=1|[/=]\d{1,3}|-part\d{1,2})$")  # how page forms of an address end


class NewsSpider(scrapy.Spider):
    """One outlet: subclasses declare what it is, where it announces articles, and what its pages don't say.

    Crawl arguments (`-a NAME=VALUE`): limit, since, until, urls, full; see scrapers/spiders/arguments.py.
    """

    publisher: ClassVar[str]
    in_language: ClassVar[str | None] = None
    time_zone: ClassVar[str] = "UTC"
    """Of dates that are printed without a zone, and of the schedule."""
    site: ClassVar[str]
    """The home page, without a slash at its end."""
    hosts: ClassVar[Sequence[str]]
    """Domains of the outlet; those below them are included."""
    feeds: ClassVar[Sequence[Feed]]
    article_urls: ClassVar[str]
    """A regular expression that an article's path and only an article's path matches."""
    believes_feeds: ClassVar[bool] = False
    """Whether what its feeds and lists name is an article until it was seen, where `article_urls` doesn't match too."""
    article_id: ClassVar[str | None] = None
    """A regular expression whose groups are the outlet's own id of an article, found in the article's host and path."""
    same_page: ClassVar[Rewrites] = ()
    """From a page's variants (AMP, page numbers) to the one address of it that is fetched."""
    mobile_hosts: ClassVar[Sequence[str]] = ()
    """Hosts that have the same articles as `site` under the same paths, such as `m.example.com`."""
    same_article: ClassVar[Rewrites] = ()
    """From a page's address to the article's: twins on other hosts, which may not all answer."""
    whole_article: ClassVar[str | None] = None
    """What follows the page's address where an article has several pages: `/all`, `?page=all`, `?single=1`."""
    numbered_page: ClassVar[str | None] = None
    """What follows it for one page of several, such as `/{}`; for sites where the whole cannot be had."""
    selectors: ClassVar[dict[str, str]] = {}
    article_body: ClassVar[str | tuple[str, ...] | None] = None
    """The selector of the body; a tuple where it stands in several parts of the page."""
    utc_is_local: ClassVar[bool] = False
    """Whether what the pages call UTC (`Z`) is the time in `time_zone`."""
    remove: ClassVar[tuple[str, ...]] = ()
    allowed_networks: ClassVar[Sequence[str]] = ()
    """Networks that are not public and yet the outlet's, such as `10.0.0.0/8`; the address guard lets its hosts be
    there, at the port of `site` or at the one that is named (`10.0.0.0/8:8080`), and a host of another name where its
    sitemaps or feeds are (`maps.example@10.0.0.0/8:8080`)."""
    honoured_opt_outs: ClassVar[Collection[str]] = ("noarchive",)
    """Which opt-outs of pages are followed: noarchive (no snapshot is kept), noai, tdm, ai_crawlers (not stored)."""
    keep_pages: ClassVar[int | None] = None
    """For how many months raw pages are kept, 0 for ever; None: as WARTA_KEEP_PAGES says. Articles stay for ever."""
    keep_fetches: ClassVar[int | None] = None
    """The same of the log of requests; None: as WARTA_KEEP_FETCHES says."""
    keep_announcements: ClassVar[int | None] = None
    """The same of what its feeds said of pages; None: as WARTA_KEEP_ANNOUNCEMENTS says."""
    schedule: ClassVar[str | None] = None
    """A cron expression in `time_zone`, with Jenkins' `H` for a minute that the name decides: `H/30 * * * *` is every
    half hour, and not at the same minute for all outlets. None: only when triggered."""
    paused: ClassVar[bool] = True
    """Whether its Dag is paused when Airflow first sees it."""
    timeout: ClassVar[timedelta] = timedelta(hours=2)
    revisit_after: ClassVar[Sequence[timedelta]] = (
        timedelta(hours=1),
        timedelta(hours=6),
        timedelta(days=1),
        timedelta(days=7),
    )
    """How long after it was first stored a page is looked at again; besides, whenever it is announced as modified."""

    def __init__(self, **arguments: str) -> None:
        super().__init__()
        self.allowed_domains = list(self.hosts)
        self.arguments = read_arguments(arguments, time_zone=self.time_zone)
        """What the crawl was asked for; raises UsageError where it is nothing of the outlet's."""
        for url in self.arguments.scope.urls or ():
            if not self.is_on_outlet(url):
                raise UsageError(f"{url} is not on {self.name} ({', '.join(self.hosts)})")

    async def start(self) -> AsyncIterator[Request]:
        """Yield nothing: what is crawled comes out of the ledger, by scrapers/crawl/middleware.py.

        An outlet that has a start() of its own crawls without the ledger.
        """
        none: tuple[Request, ...] = ()
        for request in none:
            yield request

    def parse(self, response: Response) -> Iterator[Article | Request]:
        """Read an article page; what `scrapy parse` calls for any address."""
        yield from self.parse_article(response)

    def parse_article(self, response: Response, *, is_whole: bool = False) -> Iterator[Article | Request]:
        """Yield the page's article, or the request of the whole of an article of several pages.

        `is_whole` says that the response is the answer to that request. Raises NotAnArticle where the page holds none.
        """
        from scrapers.extract.reading import read_page  # half of what a Dag file would load, and never calls

        reading = read_page(to_page(response), self.rules())
        if not is_whole and (whole := self.whole_article_url(response.url, reading)):
            yield response.follow(whole, callback=self.parse_article, cb_kwargs={"is_whole": True})
        elif isinstance(reading.article, NotAnArticle):
            raise reading.article
        else:
            yield self.identified(reading.article)

    def whole_article_url(self, url: str, reading: "Reading") -> str | None:
        """Return the address of the whole article where `url` is the first of several pages, else None."""
        base = self.page_url(url)
        if self.whole_article and url == base and self.has_further_pages(base, reading):
            return base + self.whole_article
        return None

    def identified(self, article: Article) -> Article:
        """Return the article under its canonical URL, by the outlet's rules; a name too long for an address is none."""
        named = article.canonical_url
        return replace(article, canonical_url=self.article_url(named if len(named) <= LONGEST_URL else article.url))

    def has_further_pages(self, base: str, reading: "Reading") -> bool:
        """Return whether the page says so, or links to another form of itself, as `same_page` declares them."""
        if reading.page_count > 1:
            return True
        name = base.rstrip("/").rsplit("/", 1)[-1]
        near = islice((link for link in reading.links if name in link and is_address(link)), MOST_FORMS)
        links = {canonical_url(link) for link in near} - {base}
        return any(FURTHER_PAGE.search(link) and self.page_url(link) == base for link in links)

    @classmethod
    def rules(cls) -> Rules:
        """Return what extraction needs to know of the outlet."""
        return Rules(
            outlet=cls.name,
            publisher=cls.publisher,
            in_language=cls.in_language,
            time_zone=cls.time_zone,
            selectors=cls.selectors,
            article_body=cls.article_body,
            utc_is_local=cls.utc_is_local,
            article_id=cls.article_id,
            remove=cls.remove,
        )

    @classmethod
    def cron(cls) -> str | None:
        """Return the schedule as cron knows it: with minutes of the outlet's own in the place of `H/N`."""
        if cls.schedule is None or not (spread := re.match(r"H/(\d+)", cls.schedule)):
            return cls.schedule
        every = int(spread[1])
        minutes = range(crc32(cls.name.encode()) % every, 60, every)
        return ",".join(map(str, minutes)) + cls.schedule[spread.end() :]

    @classmethod
    def is_article_url(cls, url: str) -> bool:
        """Return whether `url` is on the outlet and looks like an article's."""
        return cls.article_page(url) is not None

    @classmethod
    def article_page(cls, url: str) -> str | None:
        """Return the address under which the article of `url` is fetched; None where it is none of the outlet's."""
        page_url = cls._own_page(url)
        return page_url if page_url and re.fullmatch(cls.article_urls, urlsplit(page_url).path) else None

    @classmethod
    def _own_page(cls, url: str) -> str | None:
        """Return the address under which a page of the outlet is fetched; None for any other."""
        try:
            return cls.page_url(url) if cls.is_on_outlet(url) else None
        except ValueError:  # what a rewrite has made of it is no address
            return None

    @classmethod
    def announced_page(cls, link: Link, feed: Feed | None) -> str | None:
        """Return the address under which an announced article is fetched; None where `link` is none of the outlet's.

        `feed` announces it; None for a link in an article's page.
        """
        page_url = cls.article_page(link.url)
        if page_url is None and cls.believes_feeds and (own := cls._own_page(link.url)):
            return own if is_named_as_article(link, feed) else None
        return page_url

    @classmethod
    def declaration_digest(cls) -> str:
        """Return a digest of what decides which announcements are taken, and as which pages: name, hosts, addresses."""
        rules = (cls.name, cls.hosts, cls.article_urls, cls.same_page, cls.time_zone, cls.believes_feeds)
        return sha256(repr(rules).encode()).hexdigest()[:16]

    @classmethod
    def is_on_outlet(cls, url: str) -> bool:
        """Return whether `url` is an http or https address of the outlet."""
        try:
            host = urlsplit(clean_url(url)).hostname or ""
        except ValueError:  # of another scheme, brackets that hold no address, a port that is no number
            return False
        return any(host == domain or host.endswith(f".{domain}") for domain in cls.hosts)

    @classmethod
    def handles_request(cls, request: Request) -> bool:
        """Return whether the request is the outlet's: `scrapy shell URL` and `scrapy parse URL` find it so."""
        return cls.is_on_outlet(request.url)

    @classmethod
    def page_url(cls, url: str) -> str:
        """Return the address under which the page of `url` is fetched."""
        return canonical_url(url, cls.same_page)

    @classmethod
    def article_url(cls, url: str) -> str:
        """Return the address that identifies the article of `url`."""
        to_site = ((rf"^https?://{re.escape(host)}/", f"{cls.site}/") for host in cls.mobile_hosts)
        return canonical_url(url, (*cls.same_page, *to_site, *cls.same_article))

    @classmethod
    def outlet_id(cls, url: str) -> str | None:
        """Return the outlet's own id of the article of `url`, as its address shows it; None where it shows none."""
        found = re.search(cls.article_id, cls.article_url(url).split("://")[-1]) if cls.article_id else None
        return "/".join(group for group in found.groups() if group) if found else None
