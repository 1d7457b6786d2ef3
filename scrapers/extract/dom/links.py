"""The links of a page as absolute addresses, and comparing addresses."""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from lxml import etree
from tldextract import TLDExtract

from scrapers.extract.text.clean import clean
from scrapers.urls import PLAIN

INDEX_OR_EXTENSION = re.compile(r"(?:(?<=/)index)?\.(?:html?|php|aspx?)$|(?<=/)index$")
# Uses the library's bundled Public Suffix List; nothing is downloaded.
split_host = lru_cache(maxsize=10_000)(TLDExtract(suffix_list_urls=(), cache_dir=None))


def absolute(href: str, base: str) -> str | None:
    """Return the link as an absolute http(s) address without its fragment; None for any other link."""
    href = clean(href)
    address, question_mark, query = href.partition("?")
    if (
        PLAIN.fullmatch(address) and "#" not in query and bool(query) == bool(question_mark)
    ):  # a bare `?` is dropped below
        return href
    try:
        parts = urlsplit(urljoin(base, href))
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # an invalid IPv6 address or port
        return None
    return parts._replace(fragment="").geturl() if usable and not href.startswith("#") else None


def hrefs_in(root: etree._Element) -> list[str]:
    """Return the href attributes of the page's links, as written."""
    roots = (root, *root.itersiblings())  # some pages have links after `</html>`
    links = (link for root_or_sibling in roots for link in root_or_sibling.iter("a", "area"))
    return [href for link in links if (href := link.get("href")) is not None]


def absolutes(hrefs: Iterable[str], base: str) -> tuple[str, ...]:
    """Return the links as absolute addresses, without duplicates."""
    home = urljoin(base, "/")
    links = [_cached_absolute(href, home if href.startswith(("/", "http")) else base) for href in hrefs]
    return tuple(dict.fromkeys(filter(None, links)))


_cached_absolute = lru_cache(maxsize=20_000)(absolute)  # most links recur on the outlet's other pages


def same_site(url: str, other_url: str) -> bool:
    """Return whether two http(s) addresses have the same registrable domain, such as `inews.id`."""
    return url == other_url or _site(urlsplit(url)) == _site(urlsplit(other_url))


def same_page(url: str, other_url: str) -> bool:
    """Return whether two http(s) addresses differ only in scheme, `www.`, `index.html` or a file extension."""
    return url == other_url or _without_form(url) == _without_form(other_url)


@lru_cache(maxsize=4096)  # a site's menu recurs on all of its pages
def _without_form(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    path = INDEX_OR_EXTENSION.sub("", unquote(parts.path)).rstrip("/")
    return parts.netloc.lower().removeprefix("www."), path, parts.query


def _site(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if host.endswith(".localhost"):  # a local copy of a site; each port is another site
        return ".".join(host.split(".")[-2:]) + f":{parts.port}"
    return split_host(host).top_domain_under_public_suffix or parts.netloc
