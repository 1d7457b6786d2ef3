"""What publishers changed after publication: a list of edits, and the words that came and went between two versions."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, Literal

import psycopg
from jinja2 import Environment, PackageLoader
from psycopg.rows import class_row

from scrapers.storage.connection import dict_rows, query
from scrapers.terminal import print_table, printable, say

MOST_WORDS = 10_000  # of each side that are compared word by word; difflib's time grows with their product
TOKEN = re.compile(r"\S+\s*")
MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}  # as wdiff writes them
STYLES = {"same": "", "removed": "red strike", "added": "green underline"}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and whether both versions have it."""

    kind: Literal["same", "removed", "added"]
    text: str


@dataclass(frozen=True, slots=True)
class Version:
    """One revision of an article: `content` is what a reader would call the article, by field."""

    revision: int
    stored_at: datetime
    origin: str
    content: dict[str, Any]
    kinds: list[str] | None  # of the publisher's edit that led to it; None for the first, and for Warta's own


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version has changed in the version before: for each field, the pieces of text, in order."""

    before: Version
    after: Version
    fields: dict[str, list[Piece]]


def edits(
    connection: psycopg.Connection,
    *,
    outlet: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    kind: str | None = None,
    limit: int | None = None,
) -> list[Row]:
    """Return the rows of view `edits`, the newest first; those that changed only details are left out unless asked for.

    `until` is not included.
    """
    return dict_rows(connection, "edits", outlet=outlet, since=since, until=until, kind=kind, limit=limit)


def differences(connection: psycopg.Connection, article_id: int, *, newest: int | None = None) -> list[Difference]:
    """Return what each revision of an article changed, the oldest first; none where it has one revision.

    `newest` asks for the last so many alone.
    """
    with connection.cursor(row_factory=class_row(Version)) as cursor:
        versions = cursor.execute(query("revision_contents"), {"article_id": article_id}).fetchall()
    compared = versions[-newest - 1 :] if newest else versions
    return [difference(before, after) for before, after in pairwise(compared)]


def difference(before: Version, after: Version) -> Difference:
    """Return what differs between two versions, field by field, but for dates as they were printed."""
    changed = [name for name in after.content if before.content.get(name) != after.content[name]]
    names = [name for name in changed if not name.endswith("_raw")]  # what the dates beside them were read from
    pairs = {name: (shown_value(before.content.get(name)), shown_value(after.content[name])) for name in names}
    return Difference(before, after, {name: compare_words(*pair) for name, pair in pairs.items()})


def shown_value(value: Any) -> str:
    """Return a field's value as a person reads it: paragraphs with an empty line between, lists with commas."""
    if isinstance(value, list):
        texts = [shown_value(item) for item in value]
        return ("\n\n" if any(len(text) > 60 for text in texts) else ", ").join(texts)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {shown_value(item)}" for name, item in value.items() if item is not None)
    return "" if value is None else str(value)


def compare_words(before: str, after: str) -> list[Piece]:
    """Return the two texts as one sequence of pieces.

    All but the removed ones make up `after`, all but the added ones `before`, but for the white space between.
    """
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    old_words, new_words = [token.strip() for token in old], [token.strip() for token in new]
    pieces: list[Piece] = []
    for tag, a, b, c, d in _opcodes(old_words, new_words):
        if tag == "equal":
            pieces.append(Piece("same", "".join(new[c:d])))
            continue
        if b > a:
            pieces.append(Piece("removed", "".join(old[a:b])))
        if d > c:
            pieces.append(Piece("added", "".join(new[c:d])))
    return pieces


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """Return how to turn one list of words into the other; lists beyond MOST_WORDS are replaced where they differ."""
    if max(len(old), len(new)) <= MOST_WORDS:
        return SequenceMatcher(None, old, new, autojunk=max(len(old), len(new)) > MOST_WORDS / 10).get_opcodes()
    start = _common(old, new)
    end = min(_common(old[::-1], new[::-1]), len(old) - start, len(new) - start)
    codes = [
        ("equal", 0, start, 0, start),
        ("replace", start, len(old) - end, start, len(new) - end),
        ("equal", len(old) - end, len(old), len(new) - end, len(new)),
    ]
    return [code for code in codes if code[2] > code[1] or code[4] > code[3]]


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many words at the beginning are the same."""
    shortest = min(len(old), len(new))
    return next((at for at in range(shortest) if old[at] != new[at]), shortest)


def print_edits(rows: Sequence[Row]) -> None:
    """Print a line an edit; times are UTC."""
    if not rows:
        say("no edits that match")
        return
    columns = ("seen (UTC)", "outlet", "kind", "after", "words", "article", "headline")
    print_table(columns, [_line(row) for row in rows], right=("after", "words", "article"), elastic="headline")


def _line(row: Row) -> tuple[object, ...]:
    words = f"+{row['words_added']} -{row['words_removed']}" if row["words_added"] is not None else ""
    headline = f"{row['headline_before']} → {row['headline_after']}" if row["headline_after"] else row["headline"]
    after = _duration(row["minutes_after_publication"])
    return (
        f"{row['at']:%Y-%m-%d %H:%M}",
        row["outlet"],
        ", ".join(row["kinds"]),
        after,
        words,
        row["article_id"],
        headline,
    )


def _duration(minutes: int | None) -> str:
    """Return a time in its largest unit that is not zero."""
    if minutes is None:
        return ""
    return next(
        (f"{minutes // size} {unit}" for size, unit in ((1440, "d"), (60, "h")) if minutes >= size), f"{minutes} min"
    )


def print_differences(url: str, found: Sequence[Difference]) -> None:
    """Print what each revision changed: words that went as [-…-], that came as {+…+}, coloured on a terminal."""
    say(url)
    for one in found:
        say("")
        say(_title(one))
        for name, pieces in one.fields.items():
            _print_field(name, list(shortened(pieces)))


def _title(one: Difference) -> str:
    by = "Warta's newer rules" if one.after.origin == "reextraction" else ", ".join(one.after.kinds or [])
    return f"revision {one.before.revision} → {one.after.revision}, {one.after.stored_at:%Y-%m-%d %H:%M} UTC: {by}"


def _print_field(name: str, pieces: Sequence[Piece]) -> None:
    if not sys.stdout.isatty():
        say(f"  {name}: {''.join(marked(piece) for piece in pieces)}".replace("\n", "\n    "))
        return
    from rich.console import Console  # which takes as long to load as all else here
    from rich.text import Text

    lines = Text(f"  {name}: ", style="bold")
    for piece in pieces:
        text = "\n    ".join(printable(line) for line in piece.text.split("\n"))
        lines.append(text, style=STYLES[piece.kind] or "not bold")
    Console().print(lines)


def marked(piece: Piece) -> str:
    """Return the piece as wdiff writes it."""
    opening, closing = MARKS[piece.kind]
    text = piece.text.rstrip()
    return f"{opening}{text}{closing}{piece.text[len(text) :]}"


def shortened(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces; of long text that is the same, only the words beside a change."""
    for piece in pieces:
        words = TOKEN.findall(piece.text)
        if piece.kind == "same" and len(words) > 40:
            yield Piece("same", f"{''.join(words[:12])}… ({len(words) - 24} words) … {''.join(words[-12:])}")
        else:
            yield piece


def as_html(url: str, found: Sequence[Difference]) -> str:
    """Return the same as a page of its own, which needs no script and no other file; texts are escaped."""
    pages = Environment(loader=PackageLoader("scrapers.publish", "templates"), autoescape=True)
    return pages.get_template("diff.html").render(url=url, differences=found, title=_title)


def as_json(url: str, found: Sequence[Difference]) -> Row:
    """Return the same for programs: for each revision its fields, each a list of [kind, text]."""
    return {"url": url, "changes": [_as_row(one) for one in found]}


def _as_row(one: Difference) -> Row:
    fields = {name: [[piece.kind, piece.text] for piece in pieces] for name, pieces in one.fields.items()}
    after = one.after
    return {
        "revision": after.revision,
        "stored_at": after.stored_at,
        "origin": after.origin,
        "kinds": after.kinds or [],
        "fields": fields,
    }
