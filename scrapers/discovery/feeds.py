"""Where an outlet announces its articles: feeds, sitemaps, section pages and archives, each read into links."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any, ClassVar, Self
from urllib.parse import urljoin, urlsplit

from lxml import etree
from scrapy.http import HtmlResponse, Response
from scrapy.link import Link as HtmlLink
from scrapy.linkextractors import LinkExtractor
from w3lib.html import remove_tags

from scrapers.discovery.xml import UnreadableFeed, elements, local_name
from scrapers.extract.dates import EARLIEST, LATEST, read_feed_moment
from scrapers.items import Link, NotTaken

MAX_SITEMAP_DEPTH = 3  # an index of indexes; sitemaps.org knows one level, outlets nest two
NEWEST = 10  # sitemaps followed of an index that nobody has looked at; archives have thousands
LONGEST_TITLE = 500  # characters that are kept of it
SLACK = timedelta(days=1)  # a day in one zone overlaps with three in another
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
    """An RSS 2.0 or Atom feed."""

    kind = "rss"

    def read(self, response: Response, time_zone: str) -> Iterator[Link | Feed | NotTaken]:
        """Yield one link an item, with its title and its times."""
        link = None
        for item in elements(response, ("rss", "feed", "RDF"), ("item", "entry")):
            said = _children(item)
            if url := _address_of(item, said):
                yield (
                    link := Link(
                        url=_absolute(url, response, item.base),
                        discovered_in=response.url,
                        title=_title(said.get("title")),
                        published=_instant(
                            said.get("pubDate") or said.get("published") or said.get("issued") or said.get("date"),
                            time_zone,
                        ),
                        modified=_instant(said.get("updated") or said.get("modified"), time_zone),
                    )
                )
        if link is None:
            raise UnreadableFeed("no item with an address")


@dataclass(frozen=True, slots=True)
class Sitemap(Feed):
    """A sitemap, a news sitemap, or an index of either; `newest` limits how many an index gives, the latest first.

    `above` are the indexes that led here, the outermost first. `is_guess` says that nobody named it: it stands at a
    usual address, if it is there at all.
    """

    kind = "sitemap"
    newest: int | None = None
    above: tuple[str, ...] = ()
    is_guess: bool = False

    @property
    def may_be_missing(self) -> bool:
        """Return whether nobody named it."""
        return self.is_guess

    def read(self, response: Response, time_zone: str) -> Iterator[Link | Feed | NotTaken]:
        """Yield one link a `<url>`, with its `<lastmod>` and what a news sitemap adds, and a feed a `<sitemap>`."""
        problem: str | None = "names no address"
        for item in elements(response, ("urlset", "sitemapindex"), ("url", "sitemap")):
            said = _children(item)
            if not said.get("loc"):
                continue
            url = _absolute(said["loc"], response)
            problem = None if problem == "names no address" else problem
            if local_name(item) == "sitemap":
                if url in (*self.above, self.url):
                    problem = f"sitemap index in a cycle: it names {url}, which led to it"
                elif len(self.above) >= MAX_SITEMAP_DEPTH:
                    problem = f"sitemap index nested deeper than {MAX_SITEMAP_DEPTH} levels"
                else:
                    yield replace(
                        self, url=url, above=(*self.above, self.url), lastmod=said.get("lastmod"), is_guess=False
                    )
                continue
            yield Link(
                url=url,
                discovered_in=response.url,
                title=_title(said.get("news:title")),
                published=_instant(said.get("news:publication_date"), time_zone),
                modified=_instant(said.get("lastmod"), time_zone),
            )
        if problem:
            raise UnreadableFeed(problem)

    def followed(self, found: Sequence[Feed], window: Window | None) -> Sequence[Feed]:
        """Return the sitemaps that can hold the window, else the newest."""
        if window:
            return [feed for feed in found if feed.may_hold(window)]
        return found if self.newest is None else _newest(found)[: self.newest]

    def may_hold(self, window: Window) -> bool:
        """Return whether it was changed since the window began, and is not of other days by its address."""
        modified = _instant(self.lastmod, "UTC", days=True)
        if modified and not window.overlaps(date.min + SLACK, modified.date()):
            return False
        days = _days_of(self.url)
        return days is None or window.overlaps(*days)


def _newest(found: Sequence[Feed]) -> Sequence[Feed]:
    return sorted(found, key=lambda feed: feed.lastmod or "", reverse=True)


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
        """Yield the sitemaps at the usual addresses."""
        return (Sitemap(url, newest=NEWEST, is_guess=True) for url in self.usual)

    def read(self, response: Response, time_zone: str) -> Iterator[Link | Feed | NotTaken]:
        """Yield the sitemaps."""
        text = response.body.decode("utf-8", "replace")
        urls = re.findall(r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", text)
        yield from (Sitemap(response.urljoin(url), newest=NEWEST) for url in urls)
        if not urls:
            yield from self.read_missing()

    def followed(self, found: Sequence[Feed], window: Window | None) -> Sequence[Feed]:
        """Return those of news alone where the site has such; for a window all that can hold it."""
        if window:
            return [feed for feed in found if feed.may_hold(window)]
        guesses = [feed for feed in found if isinstance(feed, Sitemap) and feed.is_guess]
        if guesses:
            return guesses
        news = [feed for feed in found if "news" in urlsplit(feed.url).path.lower()]
        return (news or found)[:NEWEST]


@dataclass(frozen=True, slots=True)
class Section(Feed):
    """An HTML page with links to articles; what `further_pages` selects is followed `pages` deep."""

    kind = "section"
    pages: int = 0
    further_pages: str = "a[rel=next], .pagination a[href]"

    def read(self, response: Response, time_zone: str) -> Iterator[Link | Feed | NotTaken]:
        """Yield every link of the page, articles or not, and the pages that it names, while `pages` allows."""
        yield from _page_links(response)
        if self.pages:
            for href in response.css(self.further_pages).xpath("@href").getall():
                yield replace(self, url=response.urljoin(href), pages=self.pages - 1)


class Home(Section):
    """A home page: its links, and the RSS and Atom feeds that it names."""

    kind = "home"

    def read(self, response: Response, time_zone: str) -> Iterator[Link | Feed | NotTaken]:
        """Yield every link, and the feeds of the page's `<link rel="alternate">`; those of comments aside."""
        named = response.css('link[rel~="alternate"][type*="rss"], link[rel~="alternate"][type*="atom"]')
        hrefs = [href for link in named if (href := link.attrib.get("href")) and "comment" not in href.lower()]
        for href in hrefs:
            yield Rss(response.urljoin(href))
        try:
            yield from _page_links(response)
        except UnreadableFeed:
            if not hrefs:  # a page that only its script fills with links may name feeds
                raise


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
        yield from _page_links(response)
        if self.page < self.pages and "{page" in self.pattern:
            yield self._page(date.fromisoformat(self.day), self.page + 1, self.pattern)


def html_links(response: Response) -> list[HtmlLink]:
    """Return the links of an HTML page, absolute and each once; raises UnreadableFeed where it is no HTML."""
    if not isinstance(response, HtmlResponse):
        raise UnreadableFeed("no HTML in the answer")
    return LinkExtractor(canonicalize=False, unique=True).extract_links(response)


def _page_links(response: Response) -> Iterator[Link]:
    links = html_links(response)
    if not links:
        raise UnreadableFeed("no link in the page")
    for link in links:
        yield Link(url=link.url, discovered_in=response.url)


def _children(item: etree._Element) -> dict[str, str]:
    """Return the text of each element in the item, the first of its name; those of a news sitemap as `news:…`."""
    said: dict[str, str] = {}
    for child in item:
        name = local_name(child)
        if name == "news":
            said |= {f"news:{local_name(part)}": _text(part) for part in child}
        elif name not in said or (child.prefix == item.prefix and name == "title"):  # not media:title
            said[name] = _text(child)
    return said


def _text(element: etree._Element) -> str:
    return (
        "".join(map(str, element.itertext(with_tail=False))).strip() if len(element) else (element.text or "").strip()
    )


def _address_of(item: etree._Element, said: dict[str, str]) -> str:
    """Return where the item's article is: the link's text (RSS), its href (Atom), or a guid that is an address."""
    hrefs = {
        link.get("rel", "alternate"): link.get("href", "").strip()
        for link in reversed(item)
        if local_name(link) == "link" and link.get("href")
    }
    guid = said.get("guid", "")
    return (
        said.get("origLink")  # FeedBurner's: the outlet's own address
        or said.get("link")
        or hrefs.get("alternate")
        or (guid if guid.startswith(("http://", "https://")) else "")
    )


def _absolute(url: str, response: Response, base: str | None = None) -> str:
    """Return the link as an absolute address; `base` is what `xml:base` says."""
    url = url.replace("&amp;", "&")
    return url if url.startswith(("https://", "http://")) else urljoin(response.urljoin(base or ""), url)


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
