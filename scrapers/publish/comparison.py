"""Two articles side by side: what both say, what only one does, and what was decided about them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from scrapers.errors import UsageError
from scrapers.publish.edits import TOKEN, Piece, compare_words
from scrapers.storage.connection import dict_rows

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two articles: the columns of each, headline and body of both in pieces, and all decisions on the pair.

    Of the pieces, those that are `removed` stand in the first alone, those that are `added` in the second. The shares
    say how much of the words of each the other has in the same order, from 0 to 1.
    """

    first: Row
    second: Row
    headline: Sequence[Piece]
    body: Sequence[Piece]
    decisions: Sequence[Row]

    @property
    def share_of_first(self) -> float:
        """Return how much of the first body the second one has."""
        return _share(self.body, "removed")

    @property
    def share_of_second(self) -> float:
        """Return how much of the second body the first one has."""
        return _share(self.body, "added")

    def numbers(self, kind: str) -> list[str]:
        """Return the numbers that only one of them has, `removed` in the first or `added` in the second."""
        return sorted(set(_numbers([*self.headline, *self.body], kind)))

    def evidence(self) -> Mapping[str, Any]:
        """Return what dedup's standing decision on the two rests on; nothing where it has none."""
        standing = (row for row in self.decisions if row["layer"] == "near_duplicate" and row["revoked_at"] is None)
        return next((row["evidence"] for row in standing if row["decision"] == "duplicate"), {})


def compare(connection: psycopg.Connection, first: int, second: int) -> Compared:
    """Return the two articles compared; raises UsageError where one is not stored or both are the same."""
    if first == second:
        raise UsageError(f"{first} is one article: name two")
    rows = dict_rows(connection, "articles_to_compare", article_ids=[first, second])
    decisions = dict_rows(connection, "decisions_on_pair", a=first, b=second)
    known = {row["article_id"]: row for row in rows}
    for article_id in (first, second):
        if article_id not in known:
            raise UsageError(f"no article has the number {article_id}")
    one, other = known[first], known[second]
    body = compare_words("\n\n".join(one["article_body"]), "\n\n".join(other["article_body"]))
    return Compared(one, other, compare_words(one["headline"], other["headline"]), body, decisions)


def _share(pieces: Sequence[Piece], only: str) -> float:
    words = {
        kind: sum(len(TOKEN.findall(piece.text)) for piece in pieces if piece.kind == kind) for kind in ("same", only)
    }
    return words["same"] / (sum(words.values()) or 1)


def _numbers(pieces: Sequence[Piece], kind: str) -> Iterator[str]:
    for piece in pieces:
        if piece.kind == kind:
            words = (word.strip(".,:;!?()\"'“”") for word in piece.text.split())
            yield from (word for word in words if word[:1].isdigit())
