"""Learns in Postgres what outlets print around all their texts; `text/recurring.py` says how."""

from collections.abc import Collection
from typing import Any

import numpy as np
import psycopg

from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.recurring import NOTHING, RecurringSentences
from scrapers.dedup.text.scanner import sentence_hashes
from scrapers.dedup.text.signatures import Signature, sign
from scrapers.dedup.text.tokens import Hashes
from scrapers.storage.connection import query

MAX_ARTICLES = 500  # of an outlet, the newest, from which is learnt


def learnt_sentences(connection: psycopg.Connection, outlets: Collection[str]) -> dict[str, Hashes]:
    """Return the hashes of the sentences that outlets print around all their texts, ascending, by outlet."""
    rows = connection.execute(query("recurring_sentences_of"), {"outlets": list(outlets)})
    return {outlet: np.array(sentences, np.int64).view(np.uint64) for outlet, sentences in rows}


def learn(connection: psycopg.Connection) -> int:
    """Learn from the outlets with waiting articles where that is due; return how many articles are queued again.

    Articles that were signed before a sentence was learnt that they have are looked at again.
    """
    outlets = connection.execute(query("outlets_to_learn"), {"articles": MAX_ARTICLES}).fetchall()
    return sum(_learn_outlet(connection, outlet) for (outlet,) in outlets)


def _learn_outlet(connection: psycopg.Connection, outlet: str) -> int:
    wanted = {"outlet": outlet, "articles": MAX_ARTICLES}
    rows = connection.execute(query("articles_to_learn_from"), wanted).fetchall()
    signatures = {article: _sign(outlet, *rest) for article, *rest in rows}
    recurring = RecurringSentences()
    for signature in signatures.values():
        recurring.add(signature)
    found = next(iter(recurring.learn().values()), NOTHING)
    learnt = {"outlet": outlet, "sentences": found.view(np.int64).tolist(), "articles": len(rows)}
    [(known,)] = connection.execute(query("upsert_recurring_sentences"), learnt).fetchall()
    new = np.setdiff1d(found, np.array(known or [], np.int64).view(np.uint64))
    again = [article for article, signature in signatures.items() if _has_any(signature, new)]
    return connection.execute(query("queue_signed_for_dedup"), {"article_ids": again}).rowcount


def _sign(outlet: str, headline: str, paragraphs: list[Any]) -> Signature:
    return sign(Document("", headline, "\n\n".join(paragraphs), outlet=outlet))


def _has_any(signature: Signature, sentences: Hashes) -> bool:
    return bool(len(sentences) and np.isin(sentence_hashes(signature.body.words)[0], sentences).any())
