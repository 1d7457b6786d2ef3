"""The address that identifies the article."""

import re
from urllib.parse import urlsplit

from scrapers.extract.candidate import Candidate
from scrapers.extract.dom.links import absolute, same_site
from scrapers.extract.layers import meta
from scrapers.urls import is_address, is_article_path


def find_canonical_url(canonical_link: Candidate[str] | None, contents: meta.Meta, url: str) -> Candidate[str]:
    """Return the address in the page's canonical link or og:url if it can be the article's, else the page's own.

    It can be neither on another site nor the address of the home page or a section, which some templates declare.
    """
    for candidate in (canonical_link, meta.content(contents, "og:url")):
        address = candidate and absolute(candidate.value, url)
        is_valid = address and is_address(address) and same_site(address, url)
        if candidate and address and is_valid and _may_be_article_path(urlsplit(address).path, urlsplit(url).path):
            return Candidate(address, candidate.rule)
    return Candidate(url, "page:url")


def _may_be_article_path(path: str, page_path: str) -> bool:
    """Return whether a declared path is neither the home page's nor a section's; `page_path` is the page's own."""
    path = path.rstrip("/")
    if path == page_path.rstrip("/"):
        return bool(path)
    is_section = page_path.startswith(f"{path}/") or re.fullmatch(r"/[^/\d_-]+", path) is not None
    return bool(path) and (is_article_path(path) or not (is_section and is_article_path(page_path)))
