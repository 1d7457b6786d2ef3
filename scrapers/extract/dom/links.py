"""Links on a page as absolute addresses."""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from lxml import etree
from tldextract import TLDExtract

from scrapers.extract.text.clean import clean
from scrapers.urls import PLAIN

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
