"""Frequent keys: sketch keys of so many articles that each is paired only with those nearest to it in length.

Tables: frequent_keys, and frequent_key_articles with the articles that have them. A key is backfilled once the articles
that had it before it became frequent are entered; each later article is entered when it is published.
"""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import psycopg

from scrapers.dedup.articles import ClaimedArticle
from scrapers.dedup.key_index.candidates import FREQUENT, NEIGHBOURS
from scrapers.dedup.key_index.entries import Entries, Keys
from scrapers.dedup.key_index.index import KeyIndex
from scrapers.storage.connection import query


def enter_articles(
    connection: psycopg.Connection, claimed: Sequence[ClaimedArticle], entries: Entries
) -> dict[int, bool]:
    """Enter the claimed articles under those of their keys that are frequent.

    Returns these keys, and whether each is backfilled.
    """
    rows = connection.execute(query("frequent_keys_of"), {"keys": entries[:, 0]}).fetchall()
    is_backfilled: dict[int, bool] = dict(rows)
    connection.execute(query("insert_frequent_key_articles"), _columns(claimed, entries_of(entries, is_backfilled)))
    return is_backfilled


def mark_frequent(index: KeyIndex, keys: Sequence[int]) -> None:
    """Make the keys frequent and backfill them; each step is committed.

    An article that is published after the first step enters itself, the second enters all that were there before.
    """
    connection = index.connection
    connection.execute(query("insert_frequent_keys"), {"keys": keys})
    entries = index.find(np.array(keys, np.int64))
    connection.execute(query("backfill_frequent_keys"), {"keys": entries[:, 0], "article_ids": entries[:, 1]})
    connection.execute(query("mark_backfilled"), {"keys": keys})


def frequent_among(connection: psycopg.Connection, entries: Entries) -> list[int]:
    """Return the keys that more than FREQUENT articles have now, of entries that say who had them once."""
    entries = entries[np.isin(entries[:, 0], more_often(entries[:, 0], FREQUENT))]
    if not len(entries):
        return []
    wanted = {"keys": entries[:, 0], "article_ids": entries[:, 1], "most": FREQUENT}
    return [key for (key,) in connection.execute(query("keys_become_frequent"), wanted)]


def nearest_in_length(
    connection: psycopg.Connection, claimed: Sequence[ClaimedArticle], entries: Entries
) -> list[tuple[int, int]]:
    """Return pairs of a claimed article and one of the nearest to it in length with the same frequent key."""
    if not len(entries):
        return []
    wanted = _columns(claimed, entries) | {"neighbours": NEIGHBOURS}
    return connection.execute(query("nearest_in_length"), wanted).fetchall()


def entries_of(entries: Entries, keys: Collection[int]) -> Entries:
    """Return the entries with one of these keys."""
    of_keys: Entries = entries[np.isin(entries[:, 0], list(keys))]
    return of_keys


def more_often(values: Keys, times: int) -> Keys:
    """Return the distinct values that occur more often than `times`."""
    distinct, counts = np.unique(values, return_counts=True)
    often: Keys = distinct[counts > times]
    return often


def _columns(claimed: Sequence[ClaimedArticle], entries: Entries) -> dict[str, Any]:
    """Return the entries of claimed articles as columns of table frequent_key_articles."""
    words = {one.article_id: len(one.signature.body) for one in claimed}
    lengths = np.fromiter(map(words.__getitem__, entries[:, 1].tolist()), np.int32)
    return {"keys": entries[:, 0], "words": lengths, "article_ids": entries[:, 1]}
