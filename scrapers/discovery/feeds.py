"""Where an outlet announces its articles: feeds, sitemaps and section pages, each read into links."""

import re
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import ClassVar
from urllib.parse import urlsplit

from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.link import Link as HtmlLink
from scrapy.linkextractors import LinkExtractor
from scrapy.selector import Selector
from scrapy.utils.gz import gunzip, gzip_magic_number

from scrapers.items import Link

MAX_SITEMAP_DEPTH = 3  # an index of indexes; sitemaps.org knows one level, outlets nest two
MAX_SITEMAP_BYTES = 50 * 1024 * 1024  # unpacked; the protocol's own limit
NEWEST = 10  # sitemaps followed of an index that nobody has looked at; archives have thousands


class UnreadableFeed(ValueError):
    """The answer is not the kind of document that the feed is declared as."""


@dataclass(frozen=True, slots=True)
class Feed(ABC):
    """An address that announces pages; `depth` counts the sitemap indexes above it."""

    url: str
    depth: int = 0
    kind: ClassVar[str]

    @abstractmethod
    def links(self, response: Response) -> Iterator[Link]:
        """Yield what the answer announces; raises UnreadableFeed where it is something else."""

    def feeds(self, response: Response) -> Iterator["Feed"]:
        """Yield the further feeds that the answer names."""
        yield from ()


class Rss(Feed):
    """An RSS 2.0 or Atom feed."""

    kind = "rss"

    def links(self, response: Response) -> Iterator[Link]:
        """Yield one link an item, with its title and its time of publication."""
        selector = _xml(response, "rss", "feed", "RDF")
        for item in selector.xpath("//item | //entry"):
            url = item.xpath("normalize-space(link/text())").get() or item.xpath("string(link/@href)").get()
            if url:
                yield Link(
                    url=response.urljoin(url),
                    discovered_in=response.url,
                    title=item.xpath("normalize-space(title)").get() or None,
                    published=_instant(item.xpath("string(pubDate | published | date)").get()),
                    modified=_instant(item.xpath("string(updated)").get()),
                )


@dataclass(frozen=True, slots=True)
class Sitemap(Feed):
    """A sitemap, a news sitemap, or an index of either; `newest` limits how many an index gives, the latest first."""

    kind = "sitemap"
    newest: int | None = None

    def links(self, response: Response) -> Iterator[Link]:
        """Yield one link a `<url>`, with its `<lastmod>` and what a news sitemap adds."""
        selector = _xml(response, "urlset", "sitemapindex")
        for item in selector.xpath("//url"):
            if url := item.xpath("normalize-space(loc)").get():
                yield Link(
                    url=response.urljoin(url),
                    discovered_in=response.url,
                    title=item.xpath("normalize-space(news/title)").get() or None,
                    published=_instant(item.xpath("string(news/publication_date)").get()),
                    modified=_instant(item.xpath("string(lastmod)").get()),
                )

    def feeds(self, response: Response) -> Iterator[Feed]:
        """Yield the sitemaps that a sitemap index names."""
        sitemaps = _xml(response, "urlset", "sitemapindex").xpath("//sitemap[loc]")
        if self.newest:
            sitemaps.sort(key=lambda sitemap: sitemap.xpath("normalize-space(lastmod)").get() or "", reverse=True)
        if self.depth < MAX_SITEMAP_DEPTH:
            for sitemap in sitemaps[: self.newest]:
                url = response.urljoin(sitemap.xpath("normalize-space(loc)").get() or "")
                yield replace(self, url=url, depth=self.depth + 1)


class Robots(Feed):
    """A robots.txt, which names the site's sitemaps."""

    kind = "sitemap"

    def links(self, response: Response) -> Iterator[Link]:
        """Yield nothing: only sitemaps are named there."""
        yield from ()

    def feeds(self, response: Response) -> Iterator[Feed]:
        """Yield the sitemaps; those of news alone where the site has such."""
        text = response.body.decode("utf-8", "replace")
        sitemaps = [response.urljoin(url) for url in re.findall(r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", text)]
        news = [url for url in sitemaps if "news" in urlsplit(url).path.lower()]
        for url in (news or sitemaps)[:NEWEST]:
            yield Sitemap(url, newest=NEWEST)


@dataclass(frozen=True, slots=True)
class Section(Feed):
    """An HTML page with links to articles; what `further_pages` selects is followed `pages` deep."""

    kind = "section"
    pages: int = 0
    further_pages: str = "a[rel=next], .pagination a[href]"

    def links(self, response: Response) -> Iterator[Link]:
        """Yield every link of the page; which of them are articles is the outlet's to say."""
        links = html_links(response)
        if not links:
            raise UnreadableFeed("no link in the page")
        for link in links:
            yield Link(url=link.url, discovered_in=response.url)

    def feeds(self, response: Response) -> Iterator[Feed]:
        """Yield the pages that this one names, while `pages` allows; a crawl asks for each once."""
        if self.pages and isinstance(response, TextResponse):
            for href in response.css(self.further_pages).xpath("@href").getall():
                yield replace(self, url=response.urljoin(href), pages=self.pages - 1)


class Home(Section):
    """A home page: its links, and the RSS and Atom feeds that it names."""

    def feeds(self, response: Response) -> Iterator[Feed]:
        """Yield the feeds of the page's `<link rel="alternate">`; those of comments aside."""
        if isinstance(response, TextResponse):
            for link in response.css('link[rel~="alternate"][type*="rss"], link[rel~="alternate"][type*="atom"]'):
                href = link.attrib.get("href", "")
                if href and "comment" not in href.lower():
                    yield Rss(response.urljoin(href))


def html_links(response: Response) -> list[HtmlLink]:
    """Return the links of an HTML page, absolute and each once; raises UnreadableFeed where it is no HTML."""
    if not isinstance(response, HtmlResponse):
        raise UnreadableFeed("no HTML in the answer")
    return LinkExtractor(canonicalize=False, unique=True).extract_links(response)


def _xml(response: Response, *roots: str) -> Selector:
    """Return the answer's XML without namespaces; raises UnreadableFeed unless its root is one of `roots`.

    Broken XML is read as far as it goes; entities are left alone, so that none can grow or reach a file.
    """
    selector = Selector(text=_text(response).lstrip(), type="xml")
    selector.remove_namespaces()
    if selector.root is None or selector.root.tag not in roots:
        raise UnreadableFeed(f"no {' or '.join(roots)} in the answer")
    return selector


def _text(response: Response) -> str:
    """Return the answer's text; unpacked where it is a gzipped file, such as sitemap.xml.gz."""
    body = response.body
    if gzip_magic_number(response):
        try:
            body = gunzip(body, max_size=MAX_SITEMAP_BYTES)
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise UnreadableFeed(f"gzipped, and can't be unpacked ({error})") from None
    elif isinstance(response, TextResponse):
        return response.text
    return body.decode("utf-8", "replace")


def _instant(text: str | None) -> datetime | None:
    """Read an RFC 822 or ISO 8601 time; one without a zone is not trusted, and gives None."""
    text = (text or "").strip()
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            instant = parse(text)
        except (ValueError, TypeError, IndexError):
            continue
        return instant.astimezone(UTC) if instant.tzinfo else None
    return None
