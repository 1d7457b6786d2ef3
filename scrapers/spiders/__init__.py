"""One module an outlet; `outlets()` lists them."""

import difflib
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from scrapers.errors import UsageError
from scrapers.urls import canonical_url, clean_url, is_address

if TYPE_CHECKING:
    from scrapers.spiders.base import NewsSpider


def outlets() -> "list[type[NewsSpider]]":
    """Return the spider of each outlet, sorted by name; `news` is none, its site is named by the crawl."""
    return [spider for spider in _spiders() if hasattr(spider, "site")]


def pool_of(name: str) -> str:
    """Return the Airflow pool in which an outlet's crawls take a slot: one crawl of a host at a time."""
    return f"host_{name}"


def outlet(name: str) -> "type[NewsSpider]":
    """Return the spider of this name; raises UsageError, with the nearest name, where there is none."""
    known = {spider.name: spider for spider in _spiders()}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise UsageError(f"no outlet {name!r}{hint} (`scrapy list` shows all)")


@lru_cache(maxsize=10_000)
def outlet_of(host: str) -> "type[NewsSpider] | None":
    """Return the declared outlet of this host; None for an unknown site."""
    for known in outlets():
        if any(host == domain or host.endswith(f".{domain}") for domain in known.hosts):
            return known
    return None


def page_url(url: str) -> str:
    """Return the address under which a crawl would fetch `url`: by its outlet's rules, where it is of one.

    What is no web address, such as a text document's, is returned as it is.
    """
    if not is_address(url):
        return url
    rules = next((outlet for outlet in outlets() if outlet.is_on_outlet(url)), None)
    return rules.page_url(url) if rules else canonical_url(url)


def url_forms(url: str) -> set[str]:
    """Return the forms in which the ledger may have an address: as it is, cleaned, and as a crawl would fetch it."""
    return {url, clean_url(url), page_url(url)} if is_address(url) else {url}


def _spiders() -> "list[type[NewsSpider]]":
    from scrapers.spiders.base import NewsSpider

    found = {
        spider
        for module in iter_modules(__path__, f"{__name__}.")
        for spider in vars(import_module(module.name)).values()
        if isinstance(spider, type) and issubclass(spider, NewsSpider) and getattr(spider, "name", None)
    }
    return sorted(found, key=lambda spider: spider.name)
