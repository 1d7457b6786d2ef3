"""The address that identifies the article."""

import re
from urllib.parse import urlsplit

from scrapers.extract.candidate import Candidate
from scrapers.extract.dom.links import absolute, same_site
from scrapers.extract.layers import meta
from scrapers.urls import is_address, is_article_path


def canonical_url(link: Candidate[str] | None, heads: meta.Meta, url: str) -> Candidate[str]:
    """Return the address of the page's canonical link or og:url, where that can be the article's, else its own.

    It can't be on another site, nor the home page's or a section's: templates print those where they know no better.
    """
    for said in (link, meta.content(heads, "og:url")):
        address = said and absolute(said.value, url)
        may_be_its = said and address and is_address(address) and same_site(address, url)
        if said and address and may_be_its and _may_be_article(urlsplit(address).path, urlsplit(url).path):
            return Candidate(address, said.rule)
    return Candidate(url, "page:url")


def _may_be_article(path: str, read_from: str) -> bool:
    """Return whether a declared path is neither the home page's nor a section's of the page it was read from."""
    path = path.rstrip("/")
    if path == read_from.rstrip("/"):
        return bool(path)
    is_section = read_from.startswith(f"{path}/") or re.fullmatch(r"/[^/\d_-]+", path) is not None
    return bool(path) and (is_article_path(path) or not (is_section and is_article_path(read_from)))
