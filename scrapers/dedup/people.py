"""Decisions of people on pairs of articles, and what they need to know to decide."""

from typing import Any

import numpy as np
import psycopg
from psycopg.rows import dict_row

from scrapers.dedup.clusters import LOCK, relink
from scrapers.dedup.documents import Document
from scrapers.dedup.signatures import Signature, sign
from scrapers.dedup.tokens import Hashes
from scrapers.dedup.verify import judge
from scrapers.errors import UsageError
from scrapers.storage.connection import query

SHOWN = 20  # passages and facts


def merge(connection: psycopg.Connection, article: int, other: int, *, by: str) -> None:
    """Make the two articles one, for ever: no run takes it back. Raises UsageError where one is not stored."""
    _decide(connection, article, other, by, ("delete_split", "insert_merge"))


def split(connection: psycopg.Connection, article: int, other: int, *, by: str) -> None:
    """Set the two articles apart, for ever: no run joins them. Raises UsageError where one is not stored."""
    _decide(connection, article, other, by, ("revoke_merge", "insert_split"))


def _decide(connection: psycopg.Connection, article: int, other: int, by: str, queries: tuple[str, ...]) -> None:
    if article == other:
        raise UsageError(f"{article} is one article: name two")
    with connection.transaction():
        _documents(connection, article, other)
        connection.execute(query("lock_dedup"), {"lock": LOCK})
        for name in queries:
            connection.execute(query(name), {"a": min(article, other), "b": max(article, other), "decided_by": by})
        relink(connection, [article, other])


def explain(connection: psycopg.Connection, article: int, other: int) -> dict[str, Any]:
    """Return the verdict on two stored articles, the passages that they share and don't, their facts, the decisions.

    `b` is judged as a copy of `a`. Raises UsageError where one is not stored.
    """
    documents = _documents(connection, article, other)
    a, b = (sign(document) for document in documents)
    verdict = judge(a, b)
    decisions = connection.cursor(row_factory=dict_row).execute(
        query("decisions_on_pair"), {"a": article, "b": other}
    ).fetchall()  # fmt: skip
    facts = [_facts(document) for document in documents]
    return {
        "a": article,
        "b": other,
        "is_duplicate": verdict.is_duplicate,
        "score": verdict.score,
        "kind": verdict.kind,
        "evidence": verdict.evidence,
        "shared_keys": len(set(a.keys) & set(b.keys)),
        "shared_shingles": len(np.intersect1d(a.body.shingles, b.body.shingles)),
        "shingles_of_a": len(a.body.shingles),
        "shingles_of_b": len(b.body.shingles),
        "only_in_a": _passages(documents[0], b),
        "only_in_b": _passages(documents[1], a),
        "numbers_only_in_a": sorted(facts[0] - facts[1])[:SHOWN],
        "numbers_only_in_b": sorted(facts[1] - facts[0])[:SHOWN],
        "decisions": [
            {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
            for row in decisions
        ],
    }


def _documents(connection: psycopg.Connection, article: int, other: int) -> list[Document]:
    rows = {
        row[0]: Document(row[0], row[1], "\n\n".join(row[2]), row[3], row[4], row[5])
        for row in connection.execute(query("article_texts"), {"article_ids": [article, other]})
    }
    for wanted in (article, other):
        if wanted not in rows:
            raise UsageError(f"no article {wanted}; `warta articles` shows the newest and their ids")
    return [rows[article], rows[other]]


def _passages(document: Document, others: Signature) -> list[str]:
    """Return the sentences of which more than half of the shingles are not in the other: what was added or cut."""
    theirs = others.body.shingles
    sentences = (sentence.strip() for text in document.body.split("\n") for sentence in text.split(". "))
    return [sentence for sentence in sentences if _is_missing(sentence, theirs)][:SHOWN]


def _is_missing(sentence: str, theirs: Hashes) -> bool:
    found = sign(Document("", "", sentence)).body.shingles
    return len(found) > 0 and float(np.isin(found, theirs).mean()) < 0.5


def _facts(document: Document) -> set[str]:
    words = [word.strip(".,:;!?()\"'") for word in f"{document.title} {document.body}".split()]
    return {word for word in words if word[:1].isdigit()}
