"""The other pages of a divided article: their addresses and their number."""

import re
from collections.abc import Iterable, Iterator
from typing import cast
from urllib.parse import urlsplit

from lxml import etree

from scrapers.extract.candidate import Candidate
from scrapers.extract.dom.links import absolute
from scrapers.extract.layers import inline_scripts, selectors
from scrapers.extract.parsed_page import PAGE_LINKS, ParsedPage

PAGE_NUMBER_SUFFIX = re.compile(
    r"/(?:page/|part-?)?[0-9]{1,2}/?|-part-?[0-9]{1,2}|[?&](?:page|showpage|p|hal)=[0-9]{1,2}"
)
ENDS_IN_NUMBER = re.compile(r"[0-9]/?\s*(?:#|$)")
FIRST_PAGE = re.compile(r"[^0-9]+0?1/?")
MAX_PAGES = 50
PAGE_NUMBER = re.compile(r"[0-9]{1,3}")
PAGINATION = ("pageList", "paginationContent")  # PAGE_LINKS matches only below one of these classes
ALL_CLASSES = etree.XPath("/descendant::*/@class", smart_strings=False)


def find_next_pages(parsed: ParsedPage) -> Candidate[tuple[str, ...]] | None:
    """Return the addresses of the article's other pages: the page's own with a page number, else link rel=next."""
    page_url = parsed.page.url.split("?")[0].rstrip("/")
    if not urlsplit(page_url).path.strip("/"):
        return None
    numbered = tuple(dict.fromkeys(_numbered_links(parsed, page_url)))
    next_link = parsed.link_href("next")
    if next_link and not numbered and (url := absolute(next_link.value, parsed.page.url)):
        return Candidate((url,), next_link.rule)
    return Candidate(numbered[:MAX_PAGES], "html:pages") if numbered else None


def _numbered_links(parsed: ParsedPage, page_url: str) -> Iterator[str]:
    """Yield the links to the page's own address with the number of another page than the first after it."""
    name = page_url.rsplit("/", 1)[-1]
    for href in [href for href in parsed.hrefs if name in href or href[:1] == "?"]:
        if ENDS_IN_NUMBER.search(href) and (url := absolute(href, parsed.page.url)):
            number = url.removeprefix(page_url)
            if number != url and PAGE_NUMBER_SUFFIX.fullmatch(number) and not FIRST_PAGE.fullmatch(number):
                yield url


def count_pages(parsed: ParsedPage) -> int:
    """Return the number of the article's pages: that in the page's script, else its highest page link, else 1."""
    if in_script := inline_scripts.find_value(parsed.inline_scripts, "total_page"):
        return _highest([in_script.value])
    if not parsed.elements_by_class and not _has_pagination(parsed):
        return 1
    links = selectors.texts(parsed.root, PAGE_LINKS, parsed.elements_by_class or None)
    return _highest(links.value if links else ())


def _has_pagination(parsed: ParsedPage) -> bool:
    classes = " ".join(cast("list[str]", ALL_CLASSES(parsed.root)))
    return any(name in classes for name in PAGINATION)


def _highest(numbers: Iterable[str]) -> int:
    return max([1, *(int(number) for number in numbers if PAGE_NUMBER.fullmatch(number))])
