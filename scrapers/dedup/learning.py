"""Learns in Postgres what outlets print around all their texts; `text/recurring.py` says how."""

from collections.abc import Collection
from typing import Any

import numpy as np
import psycopg

from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.recurring import NOTHING, recurring_sentences
from scrapers.dedup.text.scanner import sentence_hashes
from scrapers.dedup.text.signatures import Signature, sign
from scrapers.dedup.text.tokens import Hashes
from scrapers.storage.connection import query

NEWEST = 500  # articles of an outlet, whose sentences are those that it prints now
SAMPLE = 125  # of them that are read to learn; once these 500 are others, so that four are signed for one that is read


def learnt_sentences(connection: psycopg.Connection, outlets: Collection[str]) -> dict[str, Hashes]:
    """Return the hashes of the sentences that outlets print around all their texts, ascending, by outlet."""
    rows = connection.execute(query("recurring_sentences_of"), {"outlets": list(outlets)})
    return {outlet: np.array(sentences, np.int64).view(np.uint64) for outlet, sentences in rows}


def learn(connection: psycopg.Connection) -> int:
    """Learn from the outlets with waiting articles where that is due; return how many articles are queued again.

    Articles that were signed before a sentence was learnt that they have are looked at again.
    """
    outlets = connection.execute(query("outlets_to_learn"), {"newest": NEWEST}).fetchall()
    return sum(_learn_outlet(connection, outlet) for (outlet,) in outlets)


def _learn_outlet(connection: psycopg.Connection, outlet: str) -> int:
    known = learnt_sentences(connection, [outlet]).get(outlet, NOTHING)
    wanted = {"outlet": outlet, "newest": NEWEST, "sample": SAMPLE}
    rows = connection.execute(query("articles_to_learn_from"), wanted).fetchall()
    if not rows:  # taken away meanwhile
        return 0
    found = recurring_sentences((_sign(outlet, *text) for _, *text in rows), known)
    learnt = {"outlet": outlet, "sentences": found.view(np.int64).tolist(), "articles": rows[0][0]}
    connection.execute(query("upsert_recurring_sentences"), learnt)
    return _queue_articles_with(connection, outlet, np.setdiff1d(found, known))


def _queue_articles_with(connection: psycopg.Connection, outlet: str, sentences: Hashes) -> int:
    """Queue those of an outlet's newest articles again that were signed with one of the sentences; return how many."""
    if not len(sentences):
        return 0
    rows = connection.execute(query("newest_signed_articles"), {"outlet": outlet, "newest": NEWEST})
    again = [article for article, *text in rows if _has_any(_sign(outlet, *text), sentences)]
    return connection.execute(query("queue_again_for_dedup"), {"article_ids": again}).rowcount


def _sign(outlet: str, headline: str, paragraphs: list[Any]) -> Signature:
    return sign(Document("", headline, "\n\n".join(paragraphs), outlet=outlet))


def _has_any(signature: Signature, sentences: Hashes) -> bool:
    return bool(np.isin(sentence_hashes(signature.body.words)[0], sentences).any())
