"""Links on a page as absolute addresses, and the address that identifies the article."""

from urllib.parse import SplitResult, urljoin, urlsplit

from tldextract import TLDExtract

from scrapers.extract import meta
from scrapers.extract.clean import clean
from scrapers.extract.found import Found

suffixes = TLDExtract(suffix_list_urls=(), cache_dir=None)  # the list that comes along; nothing is downloaded


def absolute(href: str, base: str) -> str | None:
    """Return the link as an absolute http(s) address without its fragment; None for any other link."""
    try:
        parts = urlsplit(urljoin(base, clean(href)))
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets that hold no address, a port that is no number
        return None
    return parts._replace(fragment="").geturl() if usable and not clean(href).startswith("#") else None


def same_site(one: str, other: str) -> bool:
    """Return whether two http(s) addresses belong to one registrable site, such as `inews.id`."""
    return _site(urlsplit(one)) == _site(urlsplit(other))


def _site(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if host.endswith(".localhost"):  # a local copy of a site: its ports are its own
        return ".".join(host.split(".")[-2:]) + f":{parts.port}"
    return suffixes(host).top_domain_under_public_suffix or parts.netloc


def canonical_url(link: Found[str] | None, heads: meta.Meta, url: str) -> Found[str]:
    """Return the address of the page's canonical link or og:url, where it is of its own site, else its own.

    A home page's address is no article's: templates print it where they know no better.
    """
    for said in (link, meta.content(heads, "og:url")):
        address = said and absolute(said.value, url)
        if said and address and urlsplit(address).path.strip("/") and same_site(address, url):
            return Found(address, said.rule)
    return Found(url, "page:url")
