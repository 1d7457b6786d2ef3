"""Which addresses of any site are articles', as far as their look and who announces them tell."""

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from scrapers.discovery.feeds import Feed, Rss, Sitemap
from scrapers.items import Link

LEAST_BELOW = 3  # further addresses below the one of a section's front
# Paths with such a folder hold lists, pictures, films, accounts.
LISTS = (
    r"account|amp|authors?|category|categories|cari|feeds?|foto|galeri|gallery|galleries|images?|indeks|index|"
    r"infografis|kategori|komentar|label|login|media|page|penulis|photos?|profile|register|search|tags?|topics?|topik|"
    r"series|users?|videos?|wp-admin|wp-content|wp-json"
)
# An article's last folder is a headline of four words, or of two behind a date; or it or the one before has a number,
# or the one before says what it is.
# Nothing that was matched is given back (`++`, `*+`) but folders: the time grows with the path's length, and no faster.
ARTICLE_URLS = (
    rf"(?i)(?!.*/(?:{LISTS})/)/(?:[^/]++/)*"
    r"(?:(?:[^-_+./]++[-_+.]++){3}[^/]*+"
    r"|\d{4}/(?:\d{1,2}|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/(?:\d{1,2}/)?(?=[^/]*[^/\d])[^/]++"
    r"|(?>(?:[^/%]*+%[0-9a-f]{2}){18,})[^/]*+"
    r"|(?=[^/]*\d{5})[^/]++(?:/[^/]++)?"
    r"|(?:articles?|story)/[^/]{8,}+)/?"
)

# Addresses of lists and of what a site says of itself: of sitemaps and lists, entries like these are not taken.
LIST = re.compile(
    rf"(?i)/(?:{LISTS}|page[-/]?\d+)(?:[./]|$)|^/(?:[a-z]{{2}}/?)?$|/\d{{4}}(?:/\d{{1,2}})?(?:/\d{{1,2}})?/?$"
)
OWN_PAGE = re.compile(
    r"(?i)/(?:about(?:-?(?:us|me))?|archives?|arsip|articles?|blog|contact(?:-?us)?|contributors?|disclaimer|friends|"
    r"home|hubungi-kami|imprint|impressum|kebijakan-privasi|kontak|links?|news|newsletter|now|pedoman-media-siber|posts?|"
    r"privacy(?:-?policy)?|projects?|redaksi|resume|rss|sitemap|subscribe|team|tentang(?:-kami)?|"
    r"terms(?:-?(?:of-?(?:service|use)|and-?conditions))?|uses|404)(?:\.html?|/index\.html?)?/?$"
)
ABOUT_PAGE = re.compile(  # what no article is, though some feeds hold all pages of a site
    r"(?i)/(?:about(?:-?(?:us|me))?|contact(?:-?us)?|disclaimer|imprint|impressum|kebijakan-privasi|kontak|"
    r"privacy(?:-?policy)?|tentang(?:-kami)?|terms(?:-?(?:of-?(?:service|use)|and-?conditions))?)(?:\.html?|/index\.html?)?/?$"
)
POST_QUERY = re.compile(r"(?:.*&)?p=\d+(?:&.*)?")  # WordPress where nobody chose another form


def is_named_as_article(link: Link, feed: Feed | None) -> bool:
    """Return whether `feed` announces the link as an article, whatever its address looks like.

    What a feed or a sitemap of articles names is an article until it was seen, but for the pages by which sites tell of
    themselves. Of other sitemaps, and of what a list marks as its entries, what looks like a list is left out too. All
    other links are none.
    """
    parts = urlsplit(link.url)
    if POST_QUERY.fullmatch(parts.query):
        return True
    if isinstance(feed, Rss) or (link.is_item and isinstance(feed, Sitemap)):
        return (parts.path.strip("/") != "" or parts.query != "") and not ABOUT_PAGE.search(parts.path)
    return (link.is_item or isinstance(feed, Sitemap)) and not is_own_page(parts.path)


def is_own_page(path: str) -> bool:
    """Return whether a path looks like that of a list, of the site's front, or of what the site says of itself."""
    return not path or bool(LIST.search(path) or OWN_PAGE.search(path))


def section_fronts(links: Sequence[Link]) -> frozenset[str]:
    """Return the addresses, without a slash at their ends, under which LEAST_BELOW or more of the others stand."""
    below: Counter[str] = Counter()
    for link in links:
        url = link.url.split("?")[0].rstrip("/")
        while (url := url.rpartition("/")[0]).count("/") > 2:
            below[url] += 1
    return frozenset(url for url, count in below.items() if count >= LEAST_BELOW)
