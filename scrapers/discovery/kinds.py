"""All kinds of feeds, by the name that the ledger keeps of each."""

from typing import Any

from scrapers.discovery.feeds import Archive, Feed, Robots, Rss, Section, Sitemap
from scrapers.discovery.listings import FrontPage, Listing

KINDS: dict[str, type[Feed]] = {one.kind: one for one in (Rss, Sitemap, Robots, Section, FrontPage, Listing, Archive)}


def feed_of(kind: str, url: str, parameters: dict[str, Any], lastmod: str | None = None) -> Feed:
    """Return the feed that has these parameters."""
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in parameters.items()
    }
    return KINDS[kind](url, lastmod=lastmod, **given)
