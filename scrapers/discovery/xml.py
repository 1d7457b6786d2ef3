"""The items of feeds and sitemaps: XML as it is really sent, in which what is wrong with one item costs that item.

libxml2 mends a broken document by closing the wrong elements, and what follows is lost or stands in another item. Here
a tag that fits nowhere is passed over, an item ends where the next one begins, and the names that feeds and sitemaps
know tell where an element was left open. Nothing is expanded or resolved: there are no entities but characters.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from html.entities import html5
from itertools import islice
from typing import NamedTuple

from scrapy.http import Response

from scrapers.discovery.text import UnreadableFeed, decoded

JUNK = 64 * 1024  # characters before the root that are passed over: empty lines, warnings of PHP
LONGEST_SECTION = 1024 * 1024  # characters of a CDATA section or comment; one that is longer has lost its end
LONGEST_TAG = 64 * 1024  # characters; the same
LONGEST_TEXT = 64 * 1024  # characters that are kept of an element
LONGEST_KEPT_TAG = 4096  # characters that are kept of its tag
MOST_NAMESPACES = 100
MOST_NAMES = 1000  # of elements, that are kept account of
MOST_PARTS = 1000  # that are kept of an item
DEEPEST = 100  # elements within an item that are kept account of

TOKEN = re.compile(  # each alternative takes what it has looked at, or fails within it: linear, whatever comes
    r"<(?:/([A-Za-z_][^\s<>/\"'=]*+)[^<>]*+>?"  # an end tag
    r"|([A-Za-z_][^\s<>/\"'=]*+)((?>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*))>"  # a start tag: its name, the rest,
    r"([^<]*+)(</\2\s*+>)?"  # the text that follows, and the end tag where it comes next
    r"|!\[CDATA\[((?>(?:[^\]<]++|\](?!\]>)|<(?!!\[CDATA\[))*))\]\]>"  # a second start within: the end is missing
    r"|!--(?>(?:[^-<]++|-(?!->)|<(?!!--))*)-->"
    r"|(!\[CDATA\[|!--)"  # the end is missing, or hasn't come yet
    r"|[?!][^<>]*+>)"
)
ATTRIBUTE = re.compile(r"([^\s=/\"'<>]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++)))?")
REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
SURROGATE = re.compile("[\ud800-\udfff]")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0, 2.2

# By which prefix an element is called here, whatever it is called there: by its namespace, else by the prefix itself.
FAMILIES = {
    "http://purl.org/rss/1.0": "",
    "http://my.netscape.com/rdf/simple/0.9": "",
    "http://channel.netscape.com/rdf/simple/0.9": "",
    "http://backend.userland.com/rss": "",
    "http://backend.userland.com/rss2": "",
    "http://www.sitemaps.org/schemas/sitemap/0.9": "",
    "http://www.google.com/schemas/sitemap/0.84": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns": "atom",
    "http://purl.org/dc/elements/1.0": "dc",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://search.yahoo.com/mrss": "media",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://www.google.com/schemas/sitemap-image/1.1": "image",
    "http://www.google.com/schemas/sitemap-video/1.1": "video",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/1999/xhtml": "xhtml",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A kind of document, in lower case: its possible roots, what they may hold around the items, and the items."""

    roots: frozenset[str]
    items: frozenset[str]
    heads: frozenset[str] = frozenset()


FEED = Vocabulary(frozenset({"rss", "feed", "rdf"}), frozenset({"item", "entry"}), frozenset({"channel"}))
SITEMAP = Vocabulary(frozenset({"urlset", "sitemapindex"}), frozenset({"url", "sitemap"}))

GROUPS = frozenset(
    {"author", "contributor", "source", "image", "textinput", "news"}
)  # hold elements named as an item's
# Elements of an item itself, by whose begin everything is over that is no group.
TEXTS = frozenset(
    {
        *("title", "link", "guid", "pubdate", "description", "category", "comments", "id", "published", "issued"),
        *("updated", "modified", "created", "summary", "content", "loc", "lastmod", "changefreq", "priority"),
    }
)
# What is kept of an item.
KEPT = frozenset(
    {
        *("title", "link", "guid", "id", "pubdate", "published", "issued", "date", "updated", "modified", "created"),
        *("author", "author/name", "atom:link", "atom:published", "atom:updated", "atom:author/atom:name"),
        *("dc:date", "dc:creator", "dcterms:created", "dcterms:issued", "dcterms:modified", "feedburner:origlink"),
        *("loc", "lastmod"),
        *(f"{path}{name}" for path in ("news:news/news:", "news:", "news/") for name in ("title", "publication_date")),
    }
)


@dataclass(slots=True)
class Part:
    """An element of an item; `name` is in lower case and with its prefix, or with its parent as in `author/name`."""

    name: str
    tag: str
    pieces: list[str]
    size: int = 0

    @property
    def text(self) -> str:
        """Return its text, that of elements within it too."""
        return "".join(self.pieces).replace("]]>", "").strip()

    def attribute(self, name: str) -> str:
        """Return an attribute; empty where there is none."""
        return next((value for one, value in attributes(self.tag) if one == name), "")

    def add(self, text: str) -> None:
        """Keep a piece of its text."""
        if self.size < LONGEST_TEXT:
            self.pieces.append(text)
            self.size += len(text)


@dataclass(slots=True)
class Item:
    """An item of a feed or sitemap, or what stands before the items, which is the `head` of each.

    `bases` are the values of `xml:base` that hold for it, the outermost first.
    """

    name: str
    tag: str
    head: "Item | None"
    bases: tuple[str, ...]
    parts: list[Part]

    def text(self, *names: str) -> str:
        """Return the text of the first of these that has any; empty where none has."""
        for name in names:
            for part in self.parts:
                if part.name == name and (text := part.text):
                    return text
        return ""

    def texts(self, *names: str) -> list[str]:
        """Return the texts of all elements of these names."""
        return [text for part in self.parts if part.name in names and (text := part.text)]

    def named(self, *names: str) -> list[Part]:
        """Return the elements of these names."""
        return [part for part in self.parts if part.name in names]


def items(response: Response, *vocabularies: Vocabulary) -> Iterator[Item]:
    """Yield each item as soon as it is read, and forget it.

    Raises UnreadableFeed where the answer is of none of the vocabularies or is cut off, cannot be unpacked, or unpacks
    to more than MAX_BYTES; what came before has been yielded then.
    """
    reader = _Reader(vocabularies)
    for text in decoded(response):
        yield from reader.read(text)
        if reader.is_hopeless:
            break
    yield from reader.read("", is_last=True)
    if reader.vocabulary is None:
        names = " or ".join(name for one in vocabularies for name in sorted(one.roots))
        raise UnreadableFeed(f"no {names} in the answer{instead(response)}")
    if not reader.is_whole:
        raise UnreadableFeed("cut off before its end")


def instead(response: Response) -> str:
    """Return what the answer is where it is no feed, as the end of a sentence; empty where it is hard to say."""
    start = response.body[:JUNK].lstrip().lower()
    if not start:
        return ", which is empty"
    return ", which is an HTML page" if start.startswith((b"<!doctype html", b"<html")) else ""


def attributes(tag: str) -> Iterator[tuple[str, str]]:
    """Yield the attributes of a tag, their names in lower case."""
    for found in ATTRIBUTE.finditer(tag.removesuffix("/")):
        yield found[1].lower(), characters(found[2] or found[3] or found[4] or "").strip()


def characters(text: str) -> str:
    """Return the text with the characters that its references stand for; a name that nobody knows stays."""
    if "&" not in text:
        return text
    text = REFERENCE.sub(_character, text)
    if SURROGATE.search(text):  # JavaScript and Java write two for one character
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _character(match: re.Match[str]) -> str:
    name = match[0]
    if name[1] != "#":
        return html5.get(name[1:], name)
    code = int(name[3:-1], 16) if name[2] in "xX" else int(name[2:-1])
    return chr(code) if 0xD800 <= code <= 0xDFFF else unescape(name)


class _Scope:
    """The namespaces that hold for an element; `own` is the family of the root, whose elements go without a prefix.

    `home` is the default namespace of the items: sitemaps are read whatever it is, and another one within is foreign.
    """

    def __init__(self, namespaces: dict[str, str], own: str = "", home: str = "") -> None:
        self.namespaces = namespaces
        self.own = own
        self.home = home
        self.names: dict[str, str] = {}

    def within(self, tag: str, *, is_home: bool) -> "_Scope":
        """Return the scope of what stands in this tag's element, which is no part of an item where `is_home`."""
        if len(self.namespaces) > MOST_NAMESPACES:
            return self
        declared = {
            name[5:].removeprefix(":"): value.lower().replace("https:", "http:").rstrip("/#")
            for name, value in islice(attributes(tag), MOST_NAMESPACES)
            if name == "xmlns" or name.startswith("xmlns:")
        }
        home = declared.get("", self.home) if is_home else self.home
        return _Scope(self.namespaces | declared, self.own, home)

    def family(self, prefix: str) -> str:
        """Return the usual prefix of the namespace; a prefix that is not declared means what it usually does."""
        namespace = self.namespaces.get(prefix, "")
        return FAMILIES.get(namespace, prefix or ("foreign" if namespace not in ("", self.home) else ""))

    def name(self, raw: str) -> str:
        """Return the element's name, with its usual prefix where it is none of the root's family."""
        if raw not in self.names:
            if len(self.names) > MOST_NAMES:
                self.names.clear()
            prefix, _, local = raw.rpartition(":")
            family = self.family(prefix)
            self.names[raw] = local if family in ("", self.own) else f"{family}:{local}"
        return self.names[raw]


class _Open(NamedTuple):
    """An element that has begun within an item; `part` is where its text belongs."""

    raw: str
    name: str
    part: Part | None
    scope: _Scope


class _Reader:
    """Finds the items in text that comes by pieces."""

    def __init__(self, vocabularies: Iterable[Vocabulary]) -> None:
        self.vocabulary: Vocabulary | None = None  # known once the root has come
        self.is_whole = False
        self._vocabularies = vocabularies
        self._items: frozenset[str] = frozenset()
        self._heads: frozenset[str] = frozenset()
        self._held = ""  # the begin of what goes on in the next piece
        self._passed = 0  # characters before the root
        self._root = ""
        self._head: Item | None = None
        self._item: Item | None = None  # or the head, while it is read
        self._scope = self._outer = _Scope({})  # of the item, and of what it stands in
        self._open: list[_Open] = []
        self._part: Part | None = None

    @property
    def is_hopeless(self) -> bool:
        """Whether there will be no root."""
        return self.vocabulary is None and self._passed > JUNK

    def read(self, text: str, *, is_last: bool = False) -> Iterator[Item]:
        """Yield the items that end in this piece."""
        text = self._held + ILLEGAL.sub("", text)
        end = len(text) if is_last else _end_of_whole_tokens(text)
        at = 0
        for found in TOKEN.finditer(text, 0, end):
            closing, opening, tag, inner, is_closed, section, broken = found.groups()
            if broken and not is_last and _may_go_on(text, found):
                end = found.start()
                break
            if self._part is not None:
                self._add(text[at : found.start()])
            at = found.end()
            if opening:
                item = self._start(opening.lower(), tag, inner, is_over=is_closed is not None)
            elif closing:
                item = self._end(closing.lower())
            else:
                item = None
                if section and self._part is not None:
                    self._part.add(section)
            if item is not None:
                yield item
        self._add(text[at:end])
        self._passed += end if self.vocabulary is None else 0
        self._held = text[end:]

    def _start(self, raw: str, tag: str, inner: str, *, is_over: bool) -> Item | None:
        """Take a start tag, the text that follows it, and whether its end tag comes then; return what item it ends."""
        if self.vocabulary is None and not self._begin(raw, tag):
            return None
        scope = self._open[-1].scope if self._open else self._scope
        if tag and "xmlns" in tag:
            scope = scope.within(tag, is_home=self._item is self._head or self._item is None)
        name = scope.names.get(raw) or scope.name(raw)
        if name in self._items:
            return self._start_item(name, tag, scope)
        if self._item is None or name in self._heads:
            if name in self._heads and self._item is self._head:
                self._start_head(name, tag)
        elif tag and tag.endswith("/"):
            self._add_part(self._item, name, tag)
            self._add(inner)
        else:
            part = self._add_part(self._item, name, tag)
            if not is_over and len(self._open) < DEEPEST:
                self._open.append(_Open(raw, name, part, scope))
                self._part = part
            if part is not None and inner:
                part.add(characters(inner))
        return None

    def _begin(self, raw: str, tag: str) -> bool:
        """Return whether what is read of the document begins with this tag, or within its element."""
        local = raw.rpartition(":")[2]
        if local == "html":
            self._passed = JUNK + 1
        if self._passed > JUNK:
            return False
        for vocabulary in self._vocabularies:
            is_root = local in vocabulary.roots
            if is_root or local in vocabulary.items or local in vocabulary.heads:  # or the root's own tag is broken
                self.vocabulary, self._items, self._heads = vocabulary, vocabulary.items, vocabulary.heads
                if is_root:
                    self._start_root(raw, tag)
                return not is_root
        return False

    def _start_root(self, raw: str, tag: str) -> None:
        prefix, _, self._root = raw.rpartition(":")
        self.is_whole = tag.endswith("/")
        scope = _Scope({}).within(tag, is_home=True)
        self._scope = self._outer = _Scope(scope.namespaces, scope.family(prefix), scope.home)
        self._start_head(self._root, tag)

    def _start_head(self, name: str, tag: str) -> None:
        """Begin what stands before the items: the root, or the channel in it."""
        self._scope = self._outer = self._outer.within(tag, is_home=True)
        self._head = self._item = Item(name, tag, None, _bases(self._head, tag), [])
        self._forget_open()

    def _start_item(self, name: str, tag: str, scope: _Scope) -> Item | None:
        """Begin an item, wherever the one before it is; return that one."""
        before = self._close()
        self._scope = scope
        self._item = Item(name, tag, self._head, _bases(self._head, tag), [])
        self.is_whole = False
        return before

    def _add_part(self, item: Item, name: str, tag: str) -> Part | None:
        """Begin an element of the item, or one within such; return where its text belongs."""
        if not self._open:
            path = name
        elif name in TEXTS and self._open[0].name not in GROUPS and ":" not in self._open[0].name:  # has lost its end
            self._forget_open()
            path = name
        else:
            path = f"{self._open[0].name}/{name}" if len(self._open) == 1 else ""
        if path not in KEPT or len(item.parts) >= MOST_PARTS:
            return self._part
        part = Part(path, tag[:LONGEST_KEPT_TAG], [])
        item.parts.append(part)
        return part

    def _add(self, text: str) -> None:
        """Keep text where it belongs to something that is kept."""
        if self._part is not None and text:
            self._part.add(characters(text))

    def _end(self, raw: str) -> Item | None:
        """Take an end tag, which ends all that was left open within its element; return the item that ends by it."""
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index].raw == raw:
                del self._open[index:]
                self._part = self._open[-1].part if self._open else None
                return None
        if self.vocabulary is None:
            return None
        name = self._scope.name(raw)
        if name in self._items:
            return self._close() if self._item is not self._head else None
        local = name.rpartition(":")[2]
        if local in self.vocabulary.roots or (local in self._heads and self._root != "rdf"):
            self.is_whole = True
            return self._close()
        return None

    def _close(self) -> Item | None:
        """End what is read now; return it where it is an item."""
        item, self._item = self._item, None
        self._scope = self._outer
        self._forget_open()
        return item if item is not self._head else None

    def _forget_open(self) -> None:
        self._open.clear()
        self._part = None


def _end_of_whole_tokens(text: str) -> int:
    """Return where what may go on in the next piece begins."""
    last = text.rfind("<")
    return len(text) if last < 0 or len(text) - last > LONGEST_TAG else last


def _may_go_on(text: str, begin: re.Match[str]) -> bool:
    """Return whether the end of the section that begins there can still come, as no other begins within it."""
    return len(text) - begin.start() < LONGEST_SECTION and text.find(begin[0], begin.end()) < 0


def _bases(head: Item | None, tag: str) -> tuple[str, ...]:
    """Return what `xml:base` says within an element with this tag."""
    base = next((value for name, value in attributes(tag) if name == "xml:base"), "") if "base" in tag else ""
    return (*(head.bases if head else ()), *([base] if base else []))
