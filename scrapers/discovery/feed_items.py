"""Where the items of a feed say that their articles are, and who wrote them."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from scrapers.discovery.addresses import absolute, base_of
from scrapers.discovery.xml import Item, Part, attributes

PAGE_TYPES = ("text/html", "application/xhtml+xml")
LONGEST_NAME = 200  # characters of an author
MOST_NAMES = 50  # of authors


def printed_addresses(item: Item) -> Iterator[tuple[str, str]]:
    """Yield what may be the address of the item's article, the likeliest first, each with its own `xml:base`.

    FeedBurner's `origLink` is the outlet's own address. A guid that says that it is no permalink, and an Atom id, come
    last, and only where they are addresses.
    """
    yield from ((text, "") for text in item.texts("feedburner:origlink"))
    yield from ((text, link.attribute("xml:base")) for link in item.named("link") if (text := link.text))
    pages = sorted((link for link in item.named("link", "atom:link") if _is_page(link)), key=_strangeness)
    yield from ((link.attribute("href"), link.attribute("xml:base")) for link in pages)
    guids = sorted(item.named("guid"), key=lambda guid: guid.attribute("ispermalink").lower() == "false")
    about = dict(attributes(item.tag)).get("rdf:about", "")
    for name in (*(guid.text for guid in guids), about, item.text("id")):
        if name.lower().startswith(("https://", "http://")):
            yield name, ""


def address_of(item: Item, feed_url: str) -> tuple[str | None, str]:
    """Return the address of the item's article, None if it has no valid one, and the address as it is printed."""
    first = ""
    for printed, own_base in printed_addresses(item):
        if url := absolute(printed) or absolute(printed, base_of_item(item, feed_url), own_base):
            return url, printed
        first = first or printed
    return None, first


def _is_page(link: Part) -> bool:
    """Return whether a link of Atom is to the item itself, not to what belongs to it, such as its comments."""
    relation = link.attribute("rel").lower().rpartition("/")[2] or "alternate"  # RFC 4287, 4.2.7.2: or an IANA address
    return relation == "alternate" and bool(link.attribute("href"))


def _strangeness(link: Part) -> int:
    """Return 0 for a link to a page, 1 where its type isn't said, 2 where it is another."""
    kind = link.attribute("type").lower().partition(";")[0].strip()
    return 0 if kind in PAGE_TYPES else 2 if kind else 1


def base_of_item(item: Item, feed_url: str) -> str:
    """Return what the item's links are relative to: what `xml:base` says, else the site that the feed says it is of.

    RFC 4287 makes the links of Atom relative to the feed itself; its site counts where it is on another host.
    """
    if item.bases or item.head is None:
        return base_of((feed_url, *item.bases))
    site = next((url for text, _ in printed_addresses(item.head) if (url := absolute(text, feed_url))), feed_url)
    is_atom = item.head.name == "feed"
    return feed_url if is_atom and urlsplit(site).netloc == urlsplit(feed_url).netloc else site


def author_names(printed: Iterable[str]) -> tuple[str, ...]:
    """Return the names of authors, each once: of `a@b.test (Jane Doe)` and `Jane Doe <a@b.test>` Jane Doe."""
    names = dict.fromkeys(" ".join(_without_address(one[:LONGEST_NAME]).split()) for one in printed)
    return tuple(name for name in names if name)[:MOST_NAMES]


def _without_address(printed: str) -> str:
    before, _, within = printed.partition("(")
    if "@" in before and within:
        return within.rpartition(")")[0] or within
    before, _, within = printed.partition("<")
    if "@" in within:
        return before.strip(' "')
    return "" if "@" in printed and " " not in printed.strip() else printed


def json_address(item: dict[str, Any], *bases: str) -> tuple[str | None, str]:
    """Return the same of an item of a JSON Feed; an id counts where it is an address."""
    printed = [text(item.get(name)) for name in ("url", "external_url", "id")]
    if not printed[-1].startswith(("https://", "http://")):
        printed.pop()
    url = next((url for one in printed if one and (url := absolute(one, *bases))), None)
    return url, next(filter(None, printed), "")


def json_authors(*said: dict[str, Any]) -> list[str]:
    """Return the authors that an item names, else the feed: `authors` since JSON Feed 1.1, `author` before."""
    for one in said:
        authors = one.get("authors") if isinstance(one.get("authors"), list) else [one.get("author")]
        names = [text(author.get("name")) for author in authors or () if isinstance(author, dict)]
        if any(names):
            return names
    return []


def text(value: object) -> str:
    """Return a value of JSON where it is a text, else an empty one."""
    return value.strip() if isinstance(value, str) else ""
