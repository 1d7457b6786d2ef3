"""Addresses as announcements print them, and what the name of a sitemap says of what it lists."""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

ABSOLUTE = re.compile(r"https?://([^/?#\\]++)", re.IGNORECASE)
NO_HOST = re.compile(r"[\s<>\"{}|\\^`%]")  # WHATWG URL, forbidden host code points: what templates leave in an address
LONGEST_HOST = 300  # characters, with what else stands between the slashes; RFC 1035 allows 255

ESCAPED_TWICE = re.compile(r"(?:%25[89A-Fa-f][0-9A-Fa-f])+")  # bytes of letters beyond ASCII, and their `%` again
WORD = re.compile(r"[a-z]+")
NUMBER = re.compile(r"[0-9]{1,18}")
NEWS = {"news", "googlenews", "gnews", "newssitemap", "sitemapnews"}
ARTICLES = {"post", "posts", "article", "articles", "berita", "artikel", *NEWS}
LISTS = {"tag", "tags", "category", "categories", "kategori", "taxonomy", "taxonomies", "topic", "topics"} | {
    *("author", "authors", "user", "users", "format", "comment", "comments", "attachment", "attachments")
}
OF_WORDPRESS = "wp-sitemap-posts-"  # then the type of post, which alone says whether they are articles


def absolute(url: str, *bases: str) -> str | None:
    """Return the address that a link is on a page, without a fragment; None where nobody could ask for it.

    Each of `bases` is relative to the one before; one that is no address is passed over.
    """
    url = url.strip().replace("\n", "").replace("\r", "").replace("\t", "")  # as WHATWG URL drops them
    url = url.replace("&amp;", "&").partition("#")[0]
    found = ABSOLUTE.match(url)
    if url and not found:
        url = _joined(base_of(bases), url)
        found = ABSOLUTE.match(url)
    return url if found and _is_host(found[1]) else None


def escaped_once(url: str) -> str:
    """Return an address of a sitemap or feed without a second escape of its letters: `%25E5%25B2%259B` is `%E5%B2%9B`.

    Some builders escape what was escaped. Nobody clicks there, so that nobody notices; in a page's links what stands
    there is what the site answers.
    """
    return ESCAPED_TWICE.sub(_unescaped, url) if "%25" in url else url


def _unescaped(found: re.Match[str]) -> str:
    once = found[0].replace("%25", "%")
    try:
        unquote(once, errors="strict")
    except UnicodeDecodeError:  # no letters: it is meant as it stands
        return found[0]
    return once


def base_of(bases: Iterable[str]) -> str:
    """Return what links are relative to."""
    base = ""
    for one in bases:
        base = _joined(base, one) or base
    return base


def _joined(base: str, url: str) -> str:
    """Return the address; empty where it can be none."""
    try:
        return urljoin(base, url)
    except ValueError:
        return ""


@lru_cache(4096)
def _is_host(netloc: str) -> bool:
    """Return whether this is a host that can be asked, with its port and what else stands between the slashes."""
    if len(netloc) > LONGEST_HOST:
        return False
    try:
        parts = urlsplit(f"//{netloc}")
        host, _ = parts.hostname, parts.port
        return bool(host and host.encode("idna")) and not NO_HOST.search(netloc)
    except ValueError:  # UnicodeError is one
        return False


def names_news(url: str) -> bool:
    """Return whether a sitemap's own name says that it is one of news: `newsletter` and `/newsroom/` don't."""
    return not _words(url).isdisjoint(NEWS) and _words(url).isdisjoint(LISTS)


def names_articles(url: str) -> bool:
    """Return whether a sitemap's own name says that it lists articles: not pages, tags, or people."""
    return not _words(url).isdisjoint(ARTICLES) and _words(url).isdisjoint(LISTS)


def names_lists(url: str) -> bool:
    """Return whether a sitemap's own name says that it has no articles."""
    return not _words(url).isdisjoint(LISTS | {"page", "pages"}) and not names_articles(url)


def names_pages(url: str) -> bool:
    """Return whether a sitemap's own name says that it lists pages: some sites keep articles there, most do not."""
    return not _words(url).isdisjoint({"page", "pages"}) and _words(url).isdisjoint(LISTS)


@lru_cache(4096)
def _words(url: str) -> frozenset[str]:
    parts = urlsplit(url)
    name = f"{parts.path.rstrip('/').rpartition('/')[2]}?{parts.query}".lower()
    return frozenset(WORD.findall(name.removeprefix(OF_WORDPRESS)))


def series(url: str) -> str:
    """Return the name that the parts of a list share."""
    return NUMBER.sub("", url)


def numbers(url: str) -> tuple[int, ...]:
    """Return the numbers in an address, by which the parts of a list are told apart; the first may have none."""
    return tuple(map(int, NUMBER.findall(urlsplit(url).path + urlsplit(url).query)))
