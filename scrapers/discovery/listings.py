"""Lists of a site that nobody declared: its home page, archives, blog pages, years and months, page by page."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import cast
from urllib.parse import parse_qsl, urlsplit

from lxml import etree
from scrapy.http import HtmlResponse, Response

from scrapers.discovery.feeds import Feed, Home, Section, Window, html_links, readable_page
from scrapers.items import Link, NotTaken

LIST_PAGES = 50  # of one list that are followed
MOST_LISTS = 20  # that are followed of those that one page names
MOST_MARKS = 2_000  # headings and times of a page that are looked at
NEAR = 3  # elements above a <time> within which its link stands

# The last folders of paths under which sites list what they publish; `2024/05` are lists of a year or month.
LIST_PATH = re.compile(
    r"/(?:archives?|arsip|blog|posts?|articles?|artikel|stories|news|berita|kabar|latest|terbaru|terkini|indeks?|all|"
    r"20[0-9]{2}(?:/(?:0?[1-9]|1[0-2]))?)(?:/|\.html?|/index\.html?)?",
    re.IGNORECASE,
)
PAGE_PATH = re.compile(r"/(?:page|halaman|hal|p|index)[/-]?([0-9]{1,4})(?:/|\.html?|/index\.html?)?$", re.IGNORECASE)
PAGE_PARAMETERS = ("page", "paged", "halaman", "hal", "pg")
MARKED = (
    "//*[self::h1 or self::h2 or self::h3 or self::h4]//a[@href] | "
    "//a[@href][.//h1 or .//h2 or .//h3 or .//h4] | "
    "//a[@href][contains(@class, 'title') or contains(@rel, 'bookmark')] | "
    "//*[contains(@class, 'title')]/a[@href]"
)


@dataclass(frozen=True, slots=True)
class Listing(Section):
    """One page of a list, followed page by page until one brings nothing that the ledger lacks, and up to `pages`.

    Its first page is always followed by the second: the home page may have had its links already.
    """

    kind = "listing"
    pages: int = LIST_PAGES

    @property
    def may_be_missing(self) -> bool:
        """Return True: a list ends where its next page is missing."""
        return True

    def read(self, response: Response, time_zone: str) -> Iterator["Link | Feed | NotTaken"]:
        """Yield every link, those that the page marks as its entries as items, and the pages of the list."""
        page = readable_page(response)
        yield from _entries(page, html_links(page))
        if self.pages > 1:
            yield from (replace(self, url=url, pages=self.pages - 1) for url in next_pages(page))
        if self.pages == LIST_PAGES:
            yield from map(Listing, list_pages(page))

    def followed(self, found: Sequence[Feed], window: Window | None) -> Sequence[Feed]:
        """Return the first of the lists that it names."""
        return found[:MOST_LISTS]

    @property
    def is_first(self) -> bool:
        """Whether it is the first page of its list."""
        return self.pages == LIST_PAGES


@dataclass(frozen=True, slots=True)
class FrontPage(Home):
    """The home page of any site: its feeds, its links, and the lists that it names; `is_guess`: if there is one."""

    is_guess: bool = False

    @property
    def may_be_missing(self) -> bool:
        """Return whether nobody named it."""
        return self.is_guess

    def read(self, response: Response, time_zone: str) -> Iterator["Link | Feed | NotTaken"]:
        """Yield the feeds, every link, those that the page marks as its entries as items, and the lists."""
        page = readable_page(response)
        yield from _entries(page, Home.read(self, page, time_zone))
        lists = dict.fromkeys((*next_pages(page), *list_pages(page)))
        yield from (Listing(url) for url in lists)

    def followed(self, found: Sequence[Feed], window: Window | None) -> Sequence[Feed]:
        """Return the feeds, and the first of the lists; of a window, lists tell nothing."""
        lists = [feed for feed in found if isinstance(feed, Listing)]
        return [feed for feed in found if feed not in lists] + ([] if window else lists[:MOST_LISTS])


def _entries(page: HtmlResponse, found: Iterator["Link | Feed | NotTaken"]) -> Iterator["Link | Feed | NotTaken"]:
    marked = entry_urls(page)
    for one in found:
        yield replace(one, is_item=True) if isinstance(one, Link) and one.url in marked else one


def entry_urls(response: Response) -> set[str]:
    """Return the addresses that a page marks as entries of its list: in headings and titles, and beside a `<time>`."""
    root = _root(response)
    anchors = list(islice(_found(root, MARKED), MOST_MARKS))
    for time in islice(root.iter("time"), MOST_MARKS):
        anchors += _beside(time)
    return {url for anchor in anchors if (url := _absolute(response, anchor))}


def _beside(time: etree._Element) -> list[etree._Element]:
    """Return the first link of the nearest element above that has any; a `<time>` may stand in the link itself."""
    for above in islice(time.iterancestors(), NEAR):
        if above.tag == "a" and above.get("href"):
            return [above]
        if (first := next((a for a in above.iter("a") if a.get("href")), None)) is not None:
            return [first]
    return []


def list_pages(response: Response) -> list[str]:
    """Return the addresses of lists that the page links to, each once, in its order."""
    urls = (_absolute(response, anchor) for anchor in _root(response).iter("a"))
    here = response.url.split("#")[0]
    return list(dict.fromkeys(url for url in urls if url and url != here and _is_list(url)))


def _is_list(url: str) -> bool:
    parts = urlsplit(url)
    folders = parts.path.rstrip("/").split("/")
    tails = ("/".join(["", *folders[-count:]]) for count in (1, 2))
    return not parts.query and len(folders) <= 4 and any(LIST_PATH.fullmatch(tail) for tail in tails)


def next_pages(response: Response) -> list[str]:
    """Return the address of the list's next page as links name it: by its number, or as `rel=next`."""
    here = page_number(response.url)
    following = {}
    for anchor in _found(_root(response), "//a[@href] | //link[@rel='next'][@href]"):
        url = _absolute(response, anchor)
        if url and (page_number(url) == here + 1 or (here == 1 and "next" in (anchor.get("rel") or "").split())):
            following[url] = _is_same_list(response.url, url) or "next" in (anchor.get("rel") or "").split()
    return [url for url, is_same in following.items() if is_same]


def page_number(url: str) -> int:
    """Return which page of a list an address is, as its path or its query says; 1 where neither does."""
    parts = urlsplit(url)
    if found := PAGE_PATH.search(parts.path):
        return int(found[1])
    numbers = [value for name, value in parse_qsl(parts.query) if name in PAGE_PARAMETERS and value.isdecimal()]
    return int(numbers[0][:4]) if numbers else 1


def _is_same_list(one: str, other: str) -> bool:
    """Return whether two addresses are the same but for the number of the page."""
    return _without_page(one) == _without_page(other)


def _without_page(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc + PAGE_PATH.sub("/", parts.path).rstrip("/")


def _absolute(response: Response, anchor: etree._Element) -> str | None:
    try:
        return str(response.urljoin((anchor.get("href") or "").strip())).split("#")[0] or None
    except ValueError:  # brackets that hold no address
        return None


def _root(response: Response) -> etree._Element:
    root: etree._Element = response.selector.root  # type: ignore[attr-defined]  # asked of HTML alone
    return root


def _found(root: etree._Element, path: str) -> list[etree._Element]:
    return cast(list[etree._Element], root.xpath(path))
