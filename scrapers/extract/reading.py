"""What a crawl needs from a page, in one parse."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from scrapers.errors import NotAnArticle
from scrapers.extract.article import build_from
from scrapers.extract.dom.links import absolutes
from scrapers.extract.fields.next_pages import count_pages
from scrapers.extract.page import Page, Rules
from scrapers.extract.parsed_page import ParsedPage
from scrapers.items import Article
from scrapers.urls import LONGEST_URL

MAX_LINKS = 5000  # of a page; articles have some hundreds, and the crawl examines each


@dataclass(frozen=True, slots=True)
class Reading:
    """A page's links, the number of pages of its article, and the article or why it has none."""

    links: tuple[str, ...]
    page_count: int
    article: Article | NotAnArticle


def read_page(page: Page, rules: Rules) -> Reading:
    """Return what the page holds; raises NotAnArticle where it can't be parsed (`empty_page`, `too_deep`, …)."""
    parsed = ParsedPage(page, rules)
    links, pages = _limited(absolutes(parsed.hrefs, parsed.base_url)), count_pages(parsed)
    try:
        return Reading(links, pages, build_from(parsed))
    except NotAnArticle as error:
        return Reading(links, pages, error)


def _limited(links: Iterable[str]) -> tuple[str, ...]:
    """Return the first MAX_LINKS links that are not too long for an address."""
    return tuple(islice((link for link in links if len(link) <= LONGEST_URL), MAX_LINKS))
