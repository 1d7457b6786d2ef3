"""Where an outlet announces its articles: feeds, sitemaps, section pages and archives, each read into links."""

import logging
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import groupby, zip_longest
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy.http import HtmlResponse, Response
from scrapy.linkextractors import LinkExtractor
from scrapy.utils.response import get_base_url
from w3lib.html import remove_tags

from scrapers.discovery.addresses import (
    OF_WORDPRESS,
    absolute,
    escaped_once,
    names_articles,
    names_lists,
    names_news,
    names_pages,
    numbers,
    series,
)
from scrapers.discovery.feed_items import address_of, author_names, json_address, json_authors, text
from scrapers.discovery.json_feed import is_json, json_items
from scrapers.discovery.plain_text import addresses, is_plain_text
from scrapers.discovery.robots_txt import records
from scrapers.discovery.text import UnreadableFeed
from scrapers.discovery.xml import FEED, SITEMAP, Item, items
from scrapers.extract.text.date_parser import EARLIEST, LATEST, read_feed_moment
from scrapers.items import Link, NotTaken

logger = logging.getLogger(__name__)

MAX_SITEMAP_DEPTH = 3  # an index of indexes; sitemaps.org knows one level, outlets nest two
NEWEST = 10  # sitemaps followed of an index that nobody has looked at; archives have thousands
LONGEST_TITLE = 500  # characters that are kept of it
SLACK = timedelta(days=1)  # a day in one zone overlaps with three in another
PAGE_ZERO = re.compile(r"(?:\b(?:page|paged|hal|halaman|p)[=/-])0+(?:[/&]|$)", re.IGNORECASE)  # the first page again
BASE = re.compile(r"<base\b[^<>]*+>", re.IGNORECASE)
FEED_TYPE = re.compile(r"rss|atom|^application/feed\+json$")  # what `type` of a page's `<link>` says of feeds
DATA_TYPES = ("application/json", "application/xml", "text/xml")  # that feeds, and other things, are declared as
NAMES_FEED = re.compile(r"\b(?:feeds?|rss|atom)\b", re.IGNORECASE)
AUTHORS = ("author/name", "author", "dc:creator", "atom:author/atom:name")
PUBLISHED = (
    *("pubdate", "published", "issued", "dc:date", "date", "atom:published", "created"),
    *("dcterms:issued", "dcterms:created"),
)
MODIFIED = ("updated", "modified", "atom:updated", "dcterms:modified")
NEWS_TITLE = ("news:news/news:title", "news:title", "news/title")  # as it should be, and as it is
NEWS_PUBLISHED = ("news:news/news:publication_date", "news:publication_date", "news/publication_date")
DAY_IN_URL = re.compile(r"(?<![0-9])(20[0-9]{2})(?:[-/_]?(0[1-9]|1[0-2])(?:[-/_]?(0[1-9]|[12][0-9]|3[01]))?)?(?![0-9])")


@dataclass(frozen=True, slots=True)
class Window:
    """The days that a crawl is after, both included; None is no bound."""

    first: date | None = None
    last: date | None = None

    def overlaps(self, first: date, last: date) -> bool:
        """Return whether something published from `first` to `last`, in whatever zone, can be in the window."""
        return (self.last is None or first - SLACK <= self.last) and (self.first is None or last + SLACK >= self.first)


@dataclass(frozen=True, slots=True)
class Feed(ABC):
    """An address that announces pages.

    What it is read with is kept with it in the ledger, so that a feed that another one named can be polled again
    without asking that one: all fields but `url` and `lastmod`, what the naming feed says of its last change.
    """

    url: str
    lastmod: str | None = field(default=None, compare=False, kw_only=True)
    kind: ClassVar[str]

    @abstractmethod
    def read(self, response: Response, time_zone: str) -> Iterator["Link | Feed | NotTaken"]:
        """Yield what the answer announces, and the further feeds that it names; times without a zone are local.

        An item without an address that anybody could ask for is told as NotTaken.
        Raises UnreadableFeed where the answer is something else, or isn't all there; what was yielded holds.
        """

    def parameters(self) -> dict[str, Any]:
        """Return what the feed is read with, as JSON holds it."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("url", "lastmod")}

    def declared(self, window: Window, today: date) -> Sequence["Feed"]:
        """Return the feeds to poll for this declaration."""
        return (self,)

    def followed(self, found: Sequence["Feed"], window: Window | None) -> Sequence["Feed"]:
        """Return which of the feeds that it names are polled, by a crawl of this window or, with None, by any."""
        return found

    def may_hold(self, window: Window) -> bool:
        """Return whether the feed can announce something of these days."""
        return True

    @property
    def may_be_missing(self) -> bool:
        """Return whether it is normal that the address answers 404 or the like: then it announces nothing."""
        return False

    def read_missing(self) -> "Iterator[Link | Feed | NotTaken]":
        """Yield what is announced where there is no such feed."""
        return iter(())


class Rss(Feed):
    """A feed: RSS, Atom or JSON Feed."""

    kind = "rss"

    def read(self, response: Response, time_zone: str) -> Iterator[Link | Feed | NotTaken]:
        """Yield one link an item, with its title, its authors and its times."""
        if is_json(response):
            for item, feed in json_items(response):
                yield _announced_in_json(item, feed, response.url, time_zone)
        else:
            for one in items(response, FEED):
                yield _announced(one, response.url, time_zone)


@dataclass(frozen=True, slots=True)
class Sitemap(Feed):
    """A sitemap, a news sitemap, or an index of either; `newest` limits how many an index gives, the latest first.

    `above` are the indexes that led here, the outermost first. `is_guess` says that nobody named it: it stands at a
    usual address, if it is there at all. `otherwise` are the usual addresses that are tried after it, one by one.
    """

    kind = "sitemap"
    newest: int | None = None
    above: tuple[str, ...] = ()
    is_guess: bool = False
    otherwise: tuple[str, ...] = ()

    @property
    def may_be_missing(self) -> bool:
        """Return whether nobody named it."""
        return self.is_guess

    def read_missing(self) -> Iterator[Link | Feed | NotTaken]:
        """Yield the sitemap at the next of the usual addresses."""
        return _guessed(self.otherwise)

    def read(self, response: Response, time_zone: str) -> Iterator[Link | Feed | NotTaken]:
        """Yield one link a `<url>`, with its `<lastmod>` and what a news sitemap adds, and a feed a `<sitemap>`.

        It may be plain text, with an address a line, or a feed: sitemaps.org, "Other Sitemap formats". A guess that is
        none of these, or is empty, brings the next; one that is no index, which would name it, one of news.
        """
        has_links = has_sitemaps = False
        try:
            for one in self._announced(response, time_zone):
                has_links, has_sitemaps = has_links or isinstance(one, Link), has_sitemaps or isinstance(one, Feed)
                yield one
        except UnreadableFeed:
            yield from _guessed(self._untried(has_links=has_links, has_sitemaps=has_sitemaps))
            raise
        yield from _guessed(self._untried(has_links=has_links, has_sitemaps=has_sitemaps))

    def _untried(self, *, has_links: bool, has_sitemaps: bool) -> Sequence[str]:
        """Return the usual addresses that may have what this one has not."""
        if has_sitemaps or (has_links and names_news(self.url)):
            return ()
        return [url for url in self.otherwise if names_news(url)] if has_links else self.otherwise

    def _announced(self, response: Response, time_zone: str) -> Iterator[Link | Feed | NotTaken]:
        if is_plain_text(response):
            yield from self._listed(response)
            return
        problem: str | None = None
        for item in items(response, SITEMAP, FEED):
            url = absolute(item.text("loc"), response.url)
            if item.name in FEED.items:  # sitemaps.org lets a feed be a sitemap
                yield _announced(item, response.url, time_zone)
            elif url is None:
                yield _not_taken(item.text("loc"))
            elif item.name == "url":
                yield self._entry(item, url, response, time_zone)
            elif url in (*self.above, self.url):
                problem = f"sitemap index in a cycle: it names {url}, which led to it"
            elif len(self.above) >= MAX_SITEMAP_DEPTH:
                problem = f"sitemap index nested deeper than {MAX_SITEMAP_DEPTH} levels"
            else:
                lastmod = item.text("lastmod") or None
                yield Sitemap(url, lastmod=lastmod, newest=self.newest, above=(*self.above, self.url))
        if problem:
            raise UnreadableFeed(problem)

    def _entry(self, item: Item, url: str, response: Response, time_zone: str) -> Link:
        title, published = item.text(*NEWS_TITLE), item.text(*NEWS_PUBLISHED)
        return Link(
            url=escaped_once(url),
            discovered_in=response.url,
            title=_title(title),
            published=_instant(published, time_zone),
            modified=_instant(item.text("lastmod"), time_zone),
            is_item=bool(title or published) or names_articles(self.url),
        )

    def _listed(self, response: Response) -> Iterator[Link | NotTaken]:
        """Yield one link a line of a sitemap that is plain text."""
        for line in addresses(response):
            url = absolute(line)
            yield Link(escaped_once(url), response.url, is_item=names_articles(self.url)) if url else _not_taken(line)

    def followed(self, found: Sequence[Feed], window: Window | None) -> Sequence[Feed]:
        """Return those that can hold the window, else the newest; beside those of articles none of tags or people."""
        if window:
            return [feed for feed in found if feed.may_hold(window)]
        return found if self.newest is None else _newest_first(_without_lists(found))[: self.newest]

    def may_hold(self, window: Window) -> bool:
        """Return whether it was changed since the window began, and is not of other days by its address."""
        modified = _instant(self.lastmod, "UTC", days=True)
        if modified and not window.overlaps(date.min + SLACK, modified.date()):
            return False
        days = _days_of(self.url)
        return days is None or window.overlaps(*days)


def _guessed(urls: Sequence[str]) -> Iterator[Link | Feed | NotTaken]:
    """Yield the sitemap at the first of these usual addresses, which tries the others where it is missing."""
    if urls:
        yield Sitemap(urls[0], newest=NEWEST, is_guess=True, otherwise=tuple(urls[1:]))


def _without_lists(found: Sequence[Feed]) -> Sequence[Feed]:
    """Return the sitemaps of an index without those of tags, people and attachments, where others are of articles."""
    if not any(names_articles(feed.url) for feed in found):
        return found
    return [feed for feed in found if not names_lists(feed.url) or names_pages(feed.url)]


def _newest_first(found: Sequence[Feed]) -> Sequence[Feed]:
    """Return the sitemaps of an index, those first that can hold what is newest.

    Where not all have a lastmod, the latest part of each series comes before the second latest of any. WordPress writes
    none, and the oldest part first; where it is not known from which end others count, the first part comes second.
    """
    latest = sorted(found, key=_age, reverse=True)
    if all(feed.lastmod for feed in found):
        return latest
    lists: dict[str, list[Feed]] = {}
    for feed in sorted(latest, key=lambda feed: _rank(feed.url)):
        lists.setdefault(series(feed.url), []).append(feed)
    parts = [_from_both_ends(some) for some in lists.values()]
    return [feed for row in zip_longest(*parts) for feed in row if feed is not None]


def _age(feed: Feed) -> tuple[str, date, tuple[int, ...]]:
    days = _days_of(feed.url)
    return feed.lastmod or "", days[1] if days else date.min, numbers(feed.url)


def _rank(url: str) -> int:
    """Return how early a sitemap is asked for: news, other articles, what is not known, lists of pages and people."""
    return 0 if names_news(url) else 1 if names_articles(url) else 3 if names_lists(url) else 2


def _from_both_ends(parts: Sequence[Feed]) -> Sequence[Feed]:
    """Return the parts of a series, which come the latest first by what they are numbered with."""
    first = parts[-1]
    if len(parts) < 3 or first.lastmod or _days_of(first.url) or OF_WORDPRESS in first.url:
        return parts
    return [parts[0], first, *parts[1:-1]]


@dataclass(frozen=True, slots=True)
class Robots(Feed):
    """A robots.txt, which names the site's sitemaps; where it names none, or is missing, `usual` are tried."""

    kind = "robots"
    usual: tuple[str, ...] = ()

    @property
    def may_be_missing(self) -> bool:
        """Return True: a site without a robots.txt is a normal site (RFC 9309, 2.3.1.3)."""
        return True

    def read_missing(self) -> Iterator[Link | Feed | NotTaken]:
        """Yield the first of the sitemaps at the usual addresses, for each folder that these stand in."""
        for _, urls in groupby(self.usual, key=lambda url: url.rpartition("/")[0]):
            yield from _guessed(tuple(urls))

    def read(self, response: Response, time_zone: str) -> Iterator[Link | Feed | NotTaken]:
        """Yield the sitemaps."""
        lines = dict.fromkeys(value for record, value in records(response.body) if record == "sitemap" and value)
        urls = [url for line in lines if (url := _feed_address(line.split()[0], response))]
        yield from (Sitemap(url, newest=NEWEST) for url in urls)
        if not urls:
            yield from self.read_missing()

    def followed(self, found: Sequence[Feed], window: Window | None) -> Sequence[Feed]:
        """Return for a window the sitemaps that can hold it; else, if some are of news, those of news and of articles.

        A sitemap of news lists what is new, so that those of tags and people bring nothing but what is old.
        """
        if window:
            return [feed for feed in found if feed.may_hold(window)]
        guesses = [feed for feed in found if isinstance(feed, Sitemap) and feed.is_guess]
        if guesses:
            return guesses
        if any(names_news(feed.url) for feed in found):
            found = [feed for feed in found if names_articles(feed.url)]
        return found if len(found) <= NEWEST else sorted(found, key=lambda feed: _rank(feed.url))[:NEWEST]


@dataclass(frozen=True, slots=True)
class Section(Feed):
    """An HTML page with links to articles; what `further_pages` selects is followed `pages` deep."""

    kind = "section"
    pages: int = 0
    further_pages: str = "a[rel=next], .pagination a[href]"
    page: int = 1

    def read(self, response: Response, time_zone: str) -> Iterator[Link | Feed | NotTaken]:
        """Yield every link of the page, articles or not, and the pages that it names, while `pages` allows."""
        page = readable_page(response)
        yield from _page_links(page)
        if self.pages:
            hrefs = page.css(self.further_pages).xpath("@href").getall()
            pages = dict.fromkeys(_feed_address(href, page) for href in hrefs)
            for url in pages:
                if url and url not in (self.url, response.url) and not PAGE_ZERO.search(url):
                    yield replace(self, url=url, pages=self.pages - 1, page=self.page + 1)

    @property
    def may_be_missing(self) -> bool:
        """Return whether another page of the list named it: the list ends before it."""
        return self.page > 1


class Home(Section):
    """A home page: its links, and the feeds that it names."""

    kind = "home"

    def read(self, response: Response, time_zone: str) -> Iterator[Link | Feed | NotTaken]:
        """Yield every link, and the feeds of the page's `<link rel="alternate">`; those of comments aside."""
        page = readable_page(response)
        hrefs = [
            href
            for link in page.css("link[rel][href]")
            if _names_feed(link.attrib) and "comment" not in (href := link.attrib["href"]).lower()
        ]
        for href in hrefs:
            if url := _feed_address(href, page):
                yield Rss(url)
        try:
            yield from _page_links(page)
        except UnreadableFeed:
            if not hrefs:  # a page that only its script fills with links may name feeds
                raise


def _names_feed(link: Mapping[str, str]) -> bool:
    """Return whether a page's `<link>` names a feed: by its type, or else by its title or address."""
    mime = link.get("type", "").lower().partition(";")[0].strip()
    if "alternate" not in link["rel"].lower().split():
        return False
    said = f"{link.get('title', '')} {link['href']}"
    return FEED_TYPE.search(mime) is not None or (mime in DATA_TYPES and NAMES_FEED.search(said) is not None)


@dataclass(frozen=True, slots=True)
class Archive(Feed):
    """The outlet's lists of each day's articles, such as `https://e.test/indeks/{day:%d-%m-%Y}/{page}`.

    `{day}` takes a format of strftime; the pages of a day are followed until one brings nothing that those before it
    did not, and up to `pages`. Only a backfill reads them: what is new stands in feeds and sections too.
    """

    kind = "archive"
    pages: int = 20
    pattern: str = ""
    day: str = ""
    page: int = 1

    def declared(self, window: Window, today: date) -> Sequence[Feed]:
        """Return the first page of each of the window's days, the newest first; an open window ends today."""
        if window == Window():
            return ()
        last = min(window.last or today, today)
        first = window.first or last
        days = [last - timedelta(days=back) for back in range((last - first).days + 1)]
        return [self._page(day, 1, self.url) for day in days]

    def _page(self, day: date, page: int, pattern: str) -> Self:
        return replace(self, url=pattern.format(day=day, page=page), pattern=pattern, day=day.isoformat(), page=page)

    def read(self, response: Response, time_zone: str) -> Iterator[Link | Feed | NotTaken]:
        """Yield every link of the page, articles or not, and the day's next page."""
        yield from _page_links(readable_page(response))
        if self.page < self.pages and "{page" in self.pattern:
            yield self._page(date.fromisoformat(self.day), self.page + 1, self.pattern)

    @property
    def may_be_missing(self) -> bool:
        """Return whether it is one of a day's later pages: the list ends before it."""
        return self.page > 1


def readable_page(response: Response) -> HtmlResponse:
    """Return an HTML page, without its `<base>` where that is no address, which would end all that reads the page.

    Raises UnreadableFeed where it is no HTML.
    """
    if not isinstance(response, HtmlResponse):
        raise UnreadableFeed("no HTML in the answer")
    try:
        get_base_url(response)
    except ValueError:
        body = BASE.sub("", response.text).encode(response.encoding, "xmlcharrefreplace")
        return response.replace(body=body, encoding=response.encoding)
    return response


def html_links(page: HtmlResponse) -> Iterator[Link | NotTaken]:
    """Yield the links of a page, absolute, each once and without its fragment."""
    links = LinkExtractor(canonicalize=False, unique=True).extract_links(page)
    for printed in dict.fromkeys(link.url.partition("#")[0] for link in links):
        url = absolute(printed)
        yield Link(url=url, discovered_in=page.url) if url else _not_taken(printed)


def _page_links(page: HtmlResponse) -> Iterator[Link | NotTaken]:
    links = list(html_links(page))
    if not links:
        raise UnreadableFeed("no link in the page")
    yield from links


def _feed_address(href: str, response: Response) -> str | None:
    """Return the address of a feed that a page or a robots.txt names; None, and a line in the log, where it is none."""
    url = absolute(href, response.url, _base_of_page(response))
    if url is None:
        logger.warning("%s names a feed at an address that cannot be: %s", response.url, href[:LONGEST_TITLE])
    return url


def _base_of_page(response: Response) -> str:
    """Return what `<base>` says on a page."""
    return (response.css("base::attr(href)").get() or "") if isinstance(response, HtmlResponse) else ""


def _announced(item: Item, feed_url: str, time_zone: str) -> Link | NotTaken:
    """Return what an item of a feed announces."""
    url, printed = address_of(item, feed_url)
    if url is None:
        return _not_taken(printed)
    authors = item.texts(*AUTHORS) or (item.head.texts("author/name") if item.head else [])
    return Link(
        url=escaped_once(url),
        discovered_in=feed_url,
        title=_title(item.text("title")),
        author=author_names(_title(author) or "" for author in authors),
        published=_instant(item.text(*PUBLISHED), time_zone),
        modified=_instant(item.text(*MODIFIED), time_zone),
        is_item=True,
    )


def _announced_in_json(item: dict[str, Any], feed: dict[str, Any], feed_url: str, time_zone: str) -> Link | NotTaken:
    """Return what an item of a JSON Feed announces."""
    url, printed = json_address(item, feed_url, text(feed.get("home_page_url")))
    if url is None:
        return _not_taken(printed)
    return Link(
        url=url,
        discovered_in=feed_url,
        title=_title(text(item.get("title"))),
        author=author_names(json_authors(item, feed)),
        published=_instant(text(item.get("date_published")), time_zone),
        modified=_instant(text(item.get("date_modified")), time_zone),
        is_item=True,
    )


def _not_taken(printed: str) -> NotTaken:
    return NotTaken(printed[:LONGEST_TITLE], "bad_address" if printed else "no_address")


def _title(text: str | None) -> str | None:
    """Return the title as one line; what was escaped twice, or is HTML, is turned into text."""
    return " ".join(unescape(remove_tags(unescape(text))).split())[:LONGEST_TITLE] or None if text else None


def _instant(text: str | None, time_zone: str, *, days: bool = False) -> datetime | None:
    """Read a time of RFC 822, ISO 8601 or another form; one without a zone is in `time_zone`, a mere day no instant.

    feedparser reads `2026/11/20` as 1 November and `10:00 WIB` as UTC; nothing is guessed here.
    """
    moment = read_feed_moment(text, time_zone) if text else None
    if not moment or (moment.precision == "day" and not days):
        return None
    return moment.value.astimezone(UTC) if EARLIEST <= moment.value <= LATEST else None


def _days_of(url: str) -> tuple[date, date] | None:
    """Return the first and last day of the year, month or day that an address names."""
    parts = urlsplit(url)
    found = max(DAY_IN_URL.finditer(f"{parts.path}?{parts.query}"), key=lambda match: len(match[0]), default=None)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None  # noqa: S101 - the pattern's first group
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:  # 31 February
        return None
    if day:
        return first, first
    after = date(year + (month or 12) // 12, (month or 12) % 12 + 1, 1)
    return first, after - timedelta(days=1)
