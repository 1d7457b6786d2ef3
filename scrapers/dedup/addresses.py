"""What an address alone says about an article's identity, by the rules of its outlet and those of the web."""

from functools import cache, lru_cache
from urllib.parse import urlsplit

from scrapers.spiders import outlets
from scrapers.spiders.base import NewsSpider
from scrapers.urls import url_key, without_amp_cache


def article_key(url: str) -> str:
    """Return the same key for all known addresses of an article; it is compared, never fetched."""
    url = without_amp_cache(url)
    spider = _declared(url)
    return url_key(spider.article_url(url) if spider else url)


def outlet_id(url: str) -> tuple[str, str] | None:
    """Return the outlet and its own id of the article if the address has it, such as ("detik", "8171909")."""
    url = without_amp_cache(url)
    spider = _declared(url)
    found = spider.outlet_id(url) if spider else None
    return (spider.name, found) if spider and found else None


@cache
def _hosts() -> dict[str, type[NewsSpider]]:
    return {host: spider for spider in outlets() for host in spider.hosts}


@lru_cache(maxsize=256)
def _declared(url: str) -> type[NewsSpider] | None:
    """Return the outlet whose article the address is; an outlet's rules don't apply to its lists."""
    labels = (urlsplit(url).hostname or "").rstrip(".").split(".")
    spider = next((found for n in range(len(labels)) if (found := _hosts().get(".".join(labels[n:])))), None)
    return spider if spider and spider.is_article_url(url) else None
