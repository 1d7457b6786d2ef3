"""Links on a page as absolute addresses, and the address that identifies the article."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import cast
from urllib.parse import SplitResult, urljoin, urlsplit

from lxml import etree
from tldextract import TLDExtract

from scrapers.extract import meta
from scrapers.extract.clean import clean
from scrapers.extract.found import Found
from scrapers.urls import is_article_path

# By the Public Suffix List that comes along with the library; nothing is downloaded.
suffixes = lru_cache(maxsize=10_000)(TLDExtract(suffix_list_urls=(), cache_dir=None))
# From the document's node, as some links stand behind `</html>`. The union of the two takes twice as long.
HREFS = etree.XPath("/descendant::a/@href", smart_strings=False)
MAP_HREFS = etree.XPath("/descendant::a/@href | /descendant::area/@href", smart_strings=False)


def absolute(href: str, base: str) -> str | None:
    """Return the link as an absolute http(s) address without its fragment; None for any other link."""
    try:
        parts = urlsplit(urljoin(base, clean(href)))
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets that hold no address, a port that is no number
        return None
    return parts._replace(fragment="").geturl() if usable and not clean(href).startswith("#") else None


def hrefs_in(root: etree._Element) -> tuple[str, ...]:
    """Return where the page's links lead, as they are written, each once."""
    has_maps = next(root.iter("area"), None) is not None
    return tuple(dict.fromkeys(cast("list[str]", (MAP_HREFS if has_maps else HREFS)(root))))


def links_in(root: etree._Element, url: str, hrefs: Sequence[str] | None = None) -> tuple[str, ...]:
    """Return the page's links, each once."""
    base = next((urljoin(url, clean(href)) for element in root.iter("base") if (href := element.get("href"))), url)
    home = urljoin(base, "/")
    every = hrefs_in(root) if hrefs is None else hrefs
    links = (_absolute(href, home if href.startswith(("/", "http")) else base) for href in every)
    return tuple(dict.fromkeys(link for link in links if link))


_absolute = lru_cache(maxsize=20_000)(absolute)  # most links of a page stand on the outlet's other pages too


def same_site(one: str, other: str) -> bool:
    """Return whether two http(s) addresses belong to one registrable site, such as `inews.id`."""
    return _site(urlsplit(one)) == _site(urlsplit(other))


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
        if said and address and same_site(address, url) and _may_be_article(urlsplit(address).path, urlsplit(url).path):
            return Found(address, said.rule)
    return Found(url, "page:url")


def _may_be_article(path: str, read_from: str) -> bool:
    """Return whether a declared path is neither the home page's nor a section's of the page it was read from."""
    path = path.rstrip("/")
    is_section = read_from.startswith(f"{path}/") or re.fullmatch(r"/[^/\d_-]+", path) is not None
    return bool(path) and (is_article_path(path) or not (is_section and is_article_path(read_from)))
