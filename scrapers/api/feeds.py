"""Feeds as Atom (RFC 4287) and JSON Feed 1.1, from the same entries."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from hashlib import sha256
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from scrapers.errors import shortened
from scrapers.publish.edits import Row
from scrapers.urls import is_address

Format = Literal["atom", "json"]
MEDIA_TYPES = {"atom": "application/atom+xml; charset=utf-8", "json": "application/feed+json; charset=utf-8"}
MOST_ENTRIES = 50
ATOM = "http://www.w3.org/2005/Atom"
UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 has no form for


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed; `key` is what makes its id, and stays the same for ever."""

    key: str
    title: str
    url: str
    text: str
    published: datetime
    updated: datetime
    authors: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed; `key` makes its id, `address` is where it is itself."""

    key: str
    title: str
    address: str
    entries: Sequence[Entry]

    @property
    def updated(self) -> datetime:
        """The time of the newest entry's last change, in UTC; the beginning of the day where there is no entry."""
        today = datetime.combine(datetime.now(UTC).date(), time(), UTC)
        return max((entry.updated for entry in self.entries), default=today)

    def written(self, form: Format) -> bytes:
        """Return the feed in a format."""
        return _atom(self) if form == "atom" else _json(self)


def etag(body: bytes) -> str:
    """Return the entity tag of a body."""
    return f'"{sha256(body).hexdigest()[:32]}"'


def identifier(key: str) -> str:
    """Return an id that is always the same for a key."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, key)}"


def of_hit(hit: Mapping[str, Any]) -> Entry:
    """Return the entry of an article that a search found."""
    at = hit["at"]
    withdrawn = " (withdrawn)" if hit["withdrawn_at"] else ""
    title = f"{hit['headline']}{withdrawn}"
    return Entry(hit["url"], title, hit["url"], hit["snippet"], at, hit["withdrawn_at"] or at, [hit["outlet"]])


def of_match(match: Row) -> Entry:
    """Return the entry of an article that a watch matched, with its copies."""
    copies = [f"also {copy['outlet']}: {copy['url']}" for copy in match["copies"]]
    withdrawn = " (withdrawn)" if match["withdrawn_at"] else ""
    text = "\n".join([match["snippet"], *copies])
    authors = [match["outlet"], *match["author"]]
    title = f"{match['headline']}{withdrawn}"
    return Entry(match["url"], title, match["url"], text, match["at"], match["matched_at"], authors)


def of_edit(edit: Row) -> Entry:
    """Return the entry of an edit."""
    at, url = edit["at"], edit["canonical_url"]
    title = f"{', '.join(edit['kinds'])}: {edit['headline']}"
    return Entry(f"{url}#{edit['kind']} {at.isoformat()}", title, url, _told(edit), at, at, [edit["outlet"]])


def _told(edit: Row) -> str:
    lines = []
    if edit["headline_after"]:
        lines.append(f"{edit['headline_before']} → {edit['headline_after']}")
    if edit["words_added"] is not None:
        lines.append(f"+{edit['words_added']} -{edit['words_removed']} words")
    return "\n".join([*lines, *filter(None, [edit["reason"]])])


def _atom(feed: Feed) -> bytes:
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]  # the stubs lack the default namespace
    _add(root, "title", feed.title)
    _add(root, "id", identifier(feed.key))
    _add(root, "updated", _instant(feed.updated))
    _add(root, "link", rel="self", href=feed.address, type="application/atom+xml")
    _add(root, "generator", "Warta")
    for entry in feed.entries:
        _add_entry(root, entry)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _add_entry(root: Any, entry: Entry) -> None:
    element = _add(root, "entry")
    _add(element, "title", entry.title or "-")
    _add(element, "id", identifier(entry.key))
    if is_address(entry.url):
        _add(element, "link", rel="alternate", href=entry.url, type="text/html")
    _add(element, "published", _instant(entry.published))
    _add(element, "updated", _instant(entry.updated))
    for author in entry.authors or ["-"]:
        _add(_add(element, "author"), "name", author or "-")
    _add(element, "content", entry.text, type="text")


def _add(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
    fit = {key: _clean(value) for key, value in attributes.items()}
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", fit)
    element.text = _clean(text) or None
    return element


def _json(feed: Feed) -> bytes:
    items = [_item(entry) for entry in feed.entries]
    head = {"version": "https://jsonfeed.org/version/1.1", "title": feed.title, "feed_url": feed.address}
    return json.dumps({**head, "items": items}, ensure_ascii=False).encode(errors="replace")


def _item(entry: Entry) -> dict[str, Any]:
    item = {
        "id": identifier(entry.key),
        "title": entry.title,
        "content_text": entry.text,
        "date_published": _instant(entry.published),
        "date_modified": _instant(entry.updated),
        "authors": [{"name": author} for author in entry.authors],
    }
    return {**item, "url": entry.url} if is_address(entry.url) else item


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def _clean(text: str) -> str:
    return UNFIT.sub("\N{REPLACEMENT CHARACTER}", shortened(text, 10_000))
