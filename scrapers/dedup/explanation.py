"""Why two stored articles are one, or are not, in words: by this a person can decide."""

from typing import Any

import numpy as np
import psycopg

from scrapers.dedup.judge.comparison import EDITED_WORDS
from scrapers.dedup.judge.verify import MAX_DIFFERING, Verdict, compared_shingles, judge, opposed_facts
from scrapers.dedup.learning import learnt_sentences
from scrapers.dedup.text.documents import Document, is_partial
from scrapers.dedup.text.recurring import NOTHING
from scrapers.dedup.text.signatures import Signature, sign
from scrapers.dedup.text.tokens import Hashes, spelled
from scrapers.errors import UsageError
from scrapers.storage.connection import dict_rows, query

MAX_SHOWN = 20  # passages, numbers, and facts against each other

REASONS = {
    "same_text": "The texts are the same, word by word.",
    "copied": "One text was made from the other: {a_in_b:.0%} of a's words are in b, {b_in_a:.0%} of b's in a; of the"
    " facts at the same places fewer than the limit of {limit:.0%} differ.",
    "correction": "The outlet corrected its text within hours: all but {differ} of the facts is equal.",
    "little_shared": "Too little is shared: {a_in_b:.0%} of a's words are in b, {b_in_a:.0%} of b's in a. The least for"
    " an edited copy is {edited:.0%} of both with the leads; for a part, nearly all of it and both leads.",
    "contained": "{longer} has {part:.0%} of the words of {shorter} in it, and a text of its own: a digest, or a report"
    " with an older one behind.",
    "no_text_of_its_own": "What is shared says nothing of what the headlines say: a notice, an invitation, a stub.",
    "moments_differ": "The same text about another day, hour or score: another page of a series.",
    "facts_differ": "The same text about other facts: {differ} numbers and names stand against each other, {agreed}"
    " agree; the limit is {limit:.0%} by weight.",
    "next_of_series": "The outlet printed the text again on another day with other figures or names.",
}


def explain(connection: psycopg.Connection, article: int, other: int) -> dict[str, Any]:
    """Return how two stored articles are judged and why, what only one of them has, and the decisions about them.

    `b` is judged as a copy of `a`. Raises UsageError if one is not stored.
    """
    documents = _documents(connection, article, other)
    learnt = learnt_sentences(connection, {str(document.outlet) for document in documents})
    a, b = (sign(each).without(learnt.get(str(each.outlet), NOTHING)) for each in documents)
    verdict = judge(a, b)
    return {
        "a": article,
        "b": other,
        "articles": [_identity(document) for document in documents],
        "is_duplicate": verdict.is_duplicate,
        "because": because(verdict),
        "score": verdict.score,
        "kind": verdict.kind,
        "contains": verdict.contains,
        "against_each_other": _against_each_other(documents, a, b),
        "evidence": verdict.evidence,
        **_shared(documents, a, b),
        "decisions": _decisions(connection, article, other, verdict),
    }


def because(verdict: Verdict) -> str:
    """Return the rule that decided in a sentence or two, with what is shared and the limit."""
    found = verdict.evidence
    a_is_longer = verdict.contains == "a"
    reason = "contained" if verdict.contains else verdict.reason
    return REASONS[reason].format(
        a_in_b=found["a_in_b"],
        b_in_a=found["b_in_a"],
        edited=EDITED_WORDS,
        limit=MAX_DIFFERING,
        longer="a" if a_is_longer else "b",
        shorter="b" if a_is_longer else "a",
        part=found["b_in_a" if a_is_longer else "a_in_b"],
        differ=sum(found.get(name, 0) for name in ("numbers_differ", "names_differ", "titles_differ")),
        agreed=found.get("facts_agreed", 0),
    )


def _identity(document: Document) -> dict[str, Any]:
    return {
        "headline": document.title,
        "outlet": document.outlet,
        "published": document.date and document.date.isoformat(),
        "url": document.url,
    }


def _against_each_other(documents: list[Document], a: Signature, b: Signature) -> list[dict[str, str]]:
    """Return the numbers, names and days at the same places of the two headlines and texts that differ."""
    words_of_a, words_of_b = (spelled(f"{document.title}\n{document.body}") for document in documents)
    pairs = dict.fromkeys(opposed_facts(a, b))
    shown = [(words_of_a.get(one), words_of_b.get(other)) for one, other in pairs]
    return [{"a": one, "b": other} for one, other in shown if one and other][:MAX_SHOWN]


def _shared(documents: list[Document], a: Signature, b: Signature) -> dict[str, Any]:
    """Return how much the two share, and the passages and numbers of only one."""
    shingles_of_a, shingles_of_b = compared_shingles(a.body), compared_shingles(b.body)
    numbers_of_a, numbers_of_b = (_numbers(document) for document in documents)
    return {
        "shared_keys": len(set(a.keys) & set(b.keys)),
        "shared_shingles": len(np.intersect1d(shingles_of_a, shingles_of_b)),
        "shingles_of_a": len(shingles_of_a),
        "shingles_of_b": len(shingles_of_b),
        "only_in_a": _passages(documents[0], shingles_of_b),
        "only_in_b": _passages(documents[1], shingles_of_a),
        "numbers_only_in_a": sorted(numbers_of_a - numbers_of_b)[:MAX_SHOWN],
        "numbers_only_in_b": sorted(numbers_of_b - numbers_of_a)[:MAX_SHOWN],
    }


def _decisions(connection: psycopg.Connection, article: int, other: int, verdict: Verdict) -> list[dict[str, Any]]:
    """Return all that was decided about the two; a refusal has the score of the present verdict, which it follows."""
    rows = dict_rows(connection, "decisions_on_pair", a=article, b=other)
    for row in rows:
        row["score"] = verdict.score if row["score"] is None else row["score"]
    return [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
        for row in rows
    ]


def _documents(connection: psycopg.Connection, article: int, other: int) -> list[Document]:
    rows = {
        row[0]: Document(row[0], row[1], "\n\n".join(row[2]), row[3], row[4], row[5], is_partial(*row[6:]))
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
