"""All that a crawl wants of a page, from one parse of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from scrapers.errors import NotAnArticle
from scrapers.extract.article import article_in, page_count
from scrapers.extract.dom.links import absolutes
from scrapers.extract.page import Page, Rules
from scrapers.extract.parsed_page import ParsedPage
from scrapers.items import Article
from scrapers.urls import LONGEST_URL

MOST_LINKS = 5000  # of a page; articles have some hundreds, and the crawl looks at each


@dataclass(frozen=True, slots=True)
class Reading:
    """A page's links, how many pages its article has, and the article, or why there is none."""

    links: tuple[str, ...]
    page_count: int
    article: Article | NotAnArticle


def read_page(page: Page, rules: Rules) -> Reading:
    """Return what the page holds; raises NotAnArticle where it can't be read at all (`empty_page`, `too_deep`, …)."""
    parsed = ParsedPage(page, rules)
    links, pages = _bounded(absolutes(parsed.hrefs, parsed.base_url)), page_count(parsed)
    try:
        return Reading(links, pages, article_in(parsed))
    except NotAnArticle as why:
        return Reading(links, pages, why)


def _bounded(links: Iterable[str]) -> tuple[str, ...]:
    """Return the first links, without those that are too long for an address."""
    return tuple(islice((link for link in links if len(link) <= LONGEST_URL), MOST_LINKS))
