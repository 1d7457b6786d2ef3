"""Manual decisions about pairs of articles, and the explanation by which a person can decide."""

from typing import Any

import numpy as np
import psycopg
from psycopg.rows import dict_row

from scrapers.dedup.clusters.stored import CLUSTERS_LOCK, relink
from scrapers.dedup.judge.verify import compared_shingles, judge
from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.signatures import sign
from scrapers.dedup.text.tokens import Hashes
from scrapers.errors import UsageError
from scrapers.storage.connection import query

MAX_SHOWN = 20  # passages, and numbers, of each article


def merge(connection: psycopg.Connection, article: int, other: int, *, by: str) -> None:
    """Join two articles permanently: no later run separates them. Raises UsageError if one is not stored."""
    _decide(connection, article, other, by, ("delete_split", "insert_merge"))


def split(connection: psycopg.Connection, article: int, other: int, *, by: str) -> None:
    """Separate two articles permanently: no later run joins them. Raises UsageError if one is not stored."""
    _decide(connection, article, other, by, ("revoke_merge", "insert_split"))


def _decide(connection: psycopg.Connection, article: int, other: int, by: str, queries: tuple[str, ...]) -> None:
    if article == other:
        raise UsageError(f"{article} is one article: name two")
    with connection.transaction():
        _documents(connection, article, other)
        connection.execute(query("lock_dedup"), {"lock": CLUSTERS_LOCK})
        for name in queries:
            connection.execute(query(name), {"a": min(article, other), "b": max(article, other), "decided_by": by})
        relink(connection, [article, other])


def explain(connection: psycopg.Connection, article: int, other: int) -> dict[str, Any]:
    """Return how two stored articles are judged, the passages and numbers of only one, and the decisions about them.

    `b` is judged as a copy of `a`. Raises UsageError if one is not stored.
    """
    documents = _documents(connection, article, other)
    a, b = (sign(document) for document in documents)
    verdict = judge(a, b)
    decisions = connection.cursor(row_factory=dict_row).execute(
        query("decisions_on_pair"), {"a": article, "b": other}
    ).fetchall()  # fmt: skip
    shingles_of_a, shingles_of_b = compared_shingles(a.body), compared_shingles(b.body)
    numbers_of_a, numbers_of_b = (_numbers(document) for document in documents)
    return {
        "a": article,
        "b": other,
        "is_duplicate": verdict.is_duplicate,
        "score": verdict.score,
        "kind": verdict.kind,
        "evidence": verdict.evidence,
        "shared_keys": len(set(a.keys) & set(b.keys)),
        "shared_shingles": len(np.intersect1d(shingles_of_a, shingles_of_b)),
        "shingles_of_a": len(shingles_of_a),
        "shingles_of_b": len(shingles_of_b),
        "only_in_a": _passages(documents[0], shingles_of_b),
        "only_in_b": _passages(documents[1], shingles_of_a),
        "numbers_only_in_a": sorted(numbers_of_a - numbers_of_b)[:MAX_SHOWN],
        "numbers_only_in_b": sorted(numbers_of_b - numbers_of_a)[:MAX_SHOWN],
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


def _passages(document: Document, theirs: Hashes) -> list[str]:
    """Return the sentences of which more than half of the shingles are not the other article's."""
    sentences = (sentence.strip() for text in document.body.split("\n") for sentence in text.split(". "))
    return [sentence for sentence in sentences if _is_missing(sentence, theirs)][:MAX_SHOWN]


def _is_missing(sentence: str, theirs: Hashes) -> bool:
    shingles = compared_shingles(sign(Document("", "", sentence)).body)
    return len(shingles) > 0 and float(np.isin(shingles, theirs).mean()) < 0.5


def _numbers(document: Document) -> set[str]:
    words = [word.strip(".,:;!?()\"'") for word in f"{document.title} {document.body}".split()]
    return {word for word in words if word[:1].isdigit()}
