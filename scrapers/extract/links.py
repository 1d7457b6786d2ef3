"""Links on a page as absolute addresses, and the address that identifies the article."""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from lxml import etree
from tldextract import TLDExtract

from scrapers.extract import meta
from scrapers.extract.clean import clean
from scrapers.extract.found import Found
from scrapers.urls import PLAIN, is_address, is_article_path

ENDING = re.compile(r"(?:(?<=/)index)?\.(?:html?|php|aspx?)$|(?<=/)index$")
# By the Public Suffix List that comes along with the library; nothing is downloaded.
suffixes = lru_cache(maxsize=10_000)(TLDExtract(suffix_list_urls=(), cache_dir=None))


def absolute(href: str, base: str) -> str | None:
    """Return the link as an absolute http(s) address without its fragment; None for any other link."""
    href = clean(href)
    address, mark, query = href.partition("?")
    if PLAIN.fullmatch(address) and "#" not in query and bool(query) == bool(mark):  # an empty query is none
        return href
    try:
        parts = urlsplit(urljoin(base, href))
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets that hold no address, a port that is no number
        return None
    return parts._replace(fragment="").geturl() if usable and not href.startswith("#") else None


def hrefs_in(root: etree._Element) -> list[str]:
    """Return where the page's links lead, as they are written."""
    roots = (root, *root.itersiblings())  # some links stand behind `</html>`
    links = (link for one in roots for link in one.iter("a", "area"))
    return [href for link in links if (href := link.get("href")) is not None]


def absolutes(hrefs: Iterable[str], base: str) -> tuple[str, ...]:
    """Return the links as absolute addresses, each once."""
    home = urljoin(base, "/")
    links = [_absolute(href, home if href.startswith(("/", "http")) else base) for href in hrefs]
    return tuple(dict.fromkeys(filter(None, links)))


_absolute = lru_cache(maxsize=20_000)(absolute)  # most links of a page stand on the outlet's other pages too


def same_site(one: str, other: str) -> bool:
    """Return whether two http(s) addresses belong to one registrable site, such as `inews.id`."""
    return one == other or _site(urlsplit(one)) == _site(urlsplit(other))


def same_page(one: str, other: str) -> bool:
    """Return whether two http(s) addresses differ in nothing but scheme, `www.`, `index.html` or an ending."""
    return one == other or _bare(one) == _bare(other)


@lru_cache(maxsize=4096)  # a site's menu stands on all of its pages
def _bare(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    path = ENDING.sub("", unquote(parts.path)).rstrip("/")
    return parts.netloc.lower().removeprefix("www."), path, parts.query


def _site(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if host.endswith(".localhost"):  # a local copy of a site: its ports are its own
        return ".".join(host.split(".")[-2:]) + f":{parts.port}"
    return suffixes(host).top_domain_under_public_suffix or parts.netloc


def canonical_url(link: Found[str] | None, heads: meta.Meta, url: str) -> Found[str]:
    """Return the address of the page's canonical link or og:url, where that can be the article's, else its own.

    It can't be on another site, nor the home page's or a section's: templates print those where they know no better.
    """
    for said in (link, meta.content(heads, "og:url")):
        address = said and absolute(said.value, url)
        may_be_its = said and address and is_address(address) and same_site(address, url)
        if said and address and may_be_its and _may_be_article(urlsplit(address).path, urlsplit(url).path):
            return Found(address, said.rule)
    return Found(url, "page:url")


def _may_be_article(path: str, read_from: str) -> bool:
    """Return whether a declared path is neither the home page's nor a section's of the page it was read from."""
    path = path.rstrip("/")
    if path == read_from.rstrip("/"):
        return bool(path)
    is_section = read_from.startswith(f"{path}/") or re.fullmatch(r"/[^/\d_-]+", path) is not None
    return bool(path) and (is_article_path(path) or not (is_section and is_article_path(read_from)))
