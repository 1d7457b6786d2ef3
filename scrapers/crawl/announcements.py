"""Which of the links that a feed announces, or a page has, are articles of the outlet, and why the others are not."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from posixpath import splitext
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.linkextractors import IGNORED_EXTENSIONS

from scrapers.discovery.article_links import section_fronts
from scrapers.discovery.feeds import Feed, Home, Robots, Rss, Sitemap
from scrapers.discovery.traps import trap
from scrapers.items import Link, NotTaken
from scrapers.urls import LONGEST_URL, host_of_url

if TYPE_CHECKING:
    from scrapers.spiders.base import NewsSpider

logger = logging.getLogger(__name__)

FILES = frozenset(IGNORED_EXTENSIONS)


def article_links(spider: "NewsSpider", links: Sequence[Link]) -> Iterator[Link]:
    """Yield those links that are articles of the outlet, under the address to fetch; variants name theirs.

    Pictures, films, archives and other files are none.
    """
    return (link for link in sorted_links(spider, links) if isinstance(link, Link))


def sorted_links(
    spider: "NewsSpider", links: Sequence[Link | NotTaken], feed: Feed | None = None
) -> Iterator[Link | NotTaken]:
    """Yield the links that `feed` announces, or a page has, as `article_links` does, and the others with the reason."""
    today = datetime.now(UTC).date()
    judged_by_feed = spider.believes_feeds and isinstance(feed, Rss | Sitemap)
    fronts = section_fronts([link for link in links if isinstance(link, Link)]) if judged_by_feed else frozenset()
    for link in links:
        if isinstance(link, NotTaken):
            yield link
        elif len(link.url) > LONGEST_URL:  # before any of the outlet's patterns is tried on it
            yield NotTaken(link.url, "address_too_long")
        elif not (page_url := spider.announced_page(link, feed)):
            yield NotTaken(link.url, _why_not(spider, link.url))
        elif link.url.rstrip("/") in fronts and not spider.is_article_url(link.url):
            yield NotTaken(link.url, "section_front")
        elif _is_file(link.url):
            yield NotTaken(link.url, "file")
        elif reason := trap(page_url, today):
            logger.info("%s is left alone: it looks like a trap (%s)", page_url, reason)
            yield NotTaken(link.url, f"trap: {reason}")
        elif link.url == page_url:
            yield link
        else:
            yield replace(link, url=page_url)
            yield replace(link, variant_of=page_url)


def vouched_feed(spider: "NewsSpider", feed: Feed, named: Feed) -> Feed | NotTaken:
    """Return a feed that `feed` names where it is the outlet's, or where the outlet vouches for it.

    A robots.txt vouches for the sitemaps that it names, a home page for its feeds, and a sitemap index for sitemaps on
    its own host (https://www.sitemaps.org/protocol.html#submit_robots).
    """
    if len(named.url) > LONGEST_URL:
        return NotTaken(named.url, "too_long")
    host = host_of_url(named.url)
    is_vouched_for = isinstance(feed, Robots | Home) and isinstance(named, Sitemap | Rss)
    if spider.is_on_outlet(named.url) or (host and (is_vouched_for or host == host_of_url(feed.url))):
        return named
    return NotTaken(named.url, "other_site" if host else "bad_address")


def _why_not(spider: "NewsSpider", url: str) -> str:
    """Return why a link is no article of the outlet."""
    if spider.is_on_outlet(url):
        return "file" if _is_file(url) else "not_an_article_url"
    return "other_site" if host_of_url(url) else "bad_address"


def _is_file(url: str) -> bool:
    return splitext(urlsplit(url).path.rstrip("/"))[1][1:].lower() in FILES
