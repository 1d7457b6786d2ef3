"""Candidate pairs of a batch: claimed articles with all articles that share sketch keys with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate, chain

import numpy as np
import psycopg

from scrapers.dedup.articles import ClaimedArticle, ExistingArticle, existing_articles
from scrapers.dedup.key_index.candidates import FREQUENT, MIN_SHARED_KEYS
from scrapers.dedup.key_index.entries import Entries, Keys, count_shared_keys
from scrapers.dedup.key_index.frequent_keys import (
    entries_of,
    frequent_among,
    mark_frequent,
    more_often,
    nearest_in_length,
)
from scrapers.dedup.key_index.index import KeyIndex
from scrapers.dedup.key_index.segments import ranges
from scrapers.storage.connection import query

Pair = tuple[int, int]  # a claimed article and another one
Partners = tuple[Keys, Keys, Keys]  # claimed articles, the other ones, and how many keys they share

MAX_PARTNERS = 2 * FREQUENT  # articles that share a key with one other, above which its keys are counted


def entries_from(keys: Mapping[int, Collection[int]]) -> Entries:
    """Return the entries of articles with these keys, ascending."""
    entries = np.empty((sum(map(len, keys.values())), 2), np.int64)
    entries[:, 0] = np.fromiter(chain.from_iterable(keys.values()), np.int64)
    entries[:, 1] = np.repeat(np.fromiter(keys, np.int64), [len(mine) for mine in keys.values()])
    return entries[np.lexsort((entries[:, 1], entries[:, 0]))]


def find_candidates(
    work: psycopg.Connection, index: KeyIndex, claimed: Sequence[ClaimedArticle], is_backfilled: Mapping[int, bool]
) -> tuple[list[Pair], dict[int, ExistingArticle]]:
    """Return the pairs to judge, and those of their articles that exist already, by id.

    A pair shares at least MIN_SHARED_KEYS keys. It is found by a key that is not frequent, by a frequent key of two
    articles near in length, or because it is a pair of near-duplicates now. Keys that turn out to be frequent are
    marked; `is_backfilled` has the keys of claimed articles that were frequent before.
    """
    keys = {one.article_id: one.signature.keys for one in claimed}
    mine = entries_from(keys)
    partners, frequent = _find_partners(work, index, mine, set(is_backfilled))
    if unfilled := sorted(key for key in frequent if not is_backfilled.get(key)):
        mark_frequent(index, unfilled)
    ones, others, _ = _likely(partners, mine, frequent)
    near = work.execute(query("near_partners"), {"article_ids": list(keys)}).fetchall()
    # by one frequent key alone no pair can share MIN_SHARED_KEYS: if it shares a rare key too, it was found by that
    under_frequent = entries_of(mine, frequent)
    is_under_several = np.isin(under_frequent[:, 1], more_often(under_frequent[:, 1], MIN_SHARED_KEYS - 1))
    near += nearest_in_length(work, claimed, under_frequent[is_under_several])
    pairs = dict.fromkeys(near, False) | dict.fromkeys(zip(ones.tolist(), others.tolist(), strict=True), True)
    existing = existing_articles(work, {other for _, other in pairs} - keys.keys())
    return sharing_pairs(keys, pairs, existing, frequent), existing


def _find_partners(
    work: psycopg.Connection, index: KeyIndex, mine: Entries, frequent: set[int]
) -> tuple[Partners, set[int]]:
    """Return all pairs that share keys that are not frequent, and the frequent keys with those found to be so here."""
    entries = _probe(index, mine, frequent)
    # first the keys of very many articles, which leaves few pairs to count
    entries, more = _without_frequent(work, mine, entries, _with_crowded_key(mine, entries))
    frequent = frequent | more
    partners = _partners(mine, entries)
    entries, more = _without_frequent(work, mine, entries, _with_many_partners(partners, mine, frequent))
    return (_partners(mine, entries) if more else partners), frequent | more


def _probe(index: KeyIndex, mine: Entries, frequent: Collection[int]) -> Entries:
    """Return the entries of all articles with a key of `mine` that is not frequent, by key."""
    wanted = mine[~np.isin(mine[:, 0], list(frequent))]
    entries = index.find(np.unique(wanted[:, 0]))
    entries = np.concatenate([entries[~np.isin(entries[:, 1], mine[:, 1])], wanted])
    return entries[np.argsort(entries[:, 0])]


def _without_frequent(
    work: psycopg.Connection, mine: Entries, entries: Entries, articles: Keys
) -> tuple[Entries, set[int]]:
    """Return the entries without those of the articles' keys that are frequent, and these keys."""
    keys = mine[np.isin(mine[:, 1], articles), 0]
    frequent = frequent_among(work, entries[np.isin(entries[:, 0], keys)])
    return entries[~np.isin(entries[:, 0], frequent)] if frequent else entries, set(frequent)


def _with_crowded_key(mine: Entries, entries: Entries) -> Keys:
    """Return the claimed articles that share one key with more than MAX_PARTNERS others."""
    articles: Keys = mine[np.isin(mine[:, 0], more_often(entries[:, 0], MAX_PARTNERS + 1)), 1]
    return articles


def _with_many_partners(partners: Partners, mine: Entries, frequent: Collection[int]) -> Keys:
    """Return the claimed articles with more than MAX_PARTNERS partners, or more than FREQUENT likely ones."""
    likely = _likely(partners, mine, frequent)
    return np.concatenate([more_often(partners[0], MAX_PARTNERS), more_often(likely[0], FREQUENT)])


def _partners(mine: Entries, entries: Entries) -> Partners:
    """Return the pairs of a claimed article and another one that have common keys in the entries."""
    first, last = (np.searchsorted(entries[:, 0], mine[:, 0], side) for side in ("left", "right"))
    claimed, one = np.unique(mine[:, 1], return_inverse=True)
    known, other = np.unique(entries[:, 1], return_inverse=True)
    width = max(len(known), 1)
    pairs = np.repeat(one * width, last - first) + other[ranges(first, last)]
    pairs, shared = np.unique(pairs, return_counts=True)
    ones, others = claimed[pairs // width], known[pairs % width]
    are_two = ones != others
    return ones[are_two], others[are_two], shared[are_two]


def _likely(partners: Partners, mine: Entries, frequent: Collection[int]) -> Partners:
    """Return the pairs that share MIN_SHARED_KEYS keys that are not frequent, or fewer and perhaps frequent ones."""
    ones, others, shared = partners
    are_likely = (shared >= MIN_SHARED_KEYS) | np.isin(ones, entries_of(mine, frequent)[:, 1])
    return ones[are_likely], others[are_likely], shared[are_likely]


def sharing_pairs(
    keys: Mapping[int, Collection[int]],
    pairs: Mapping[Pair, bool],
    existing: Mapping[int, ExistingArticle],
    frequent: Collection[int],
) -> list[Pair]:
    """Return the pairs that share MIN_SHARED_KEYS keys; each pair of two claimed articles once.

    `pairs` says of each whether one of the shared keys must not be frequent.
    """
    probed = [(pair, existing[pair[1]].keys) for pair in pairs if pair[1] in existing]
    shared = _count_shared(keys, [(one, theirs) for (one, _), theirs in probed], frequent)
    sharing = [
        pair
        for (pair, _), (count, rare) in zip(probed, shared, strict=True)
        if count >= MIN_SHARED_KEYS and (rare or not pairs[pair])
    ]
    for one, other in pairs:
        is_first = other in keys and (one < other or (other, one) not in pairs)
        if is_first and len(set(keys[one]).intersection(keys[other])) >= MIN_SHARED_KEYS:
            sharing.append((one, other))
    return sorted(sharing)


def _count_shared(
    keys: Mapping[int, Collection[int]], sent: Sequence[tuple[int, bytes]], frequent: Iterable[int]
) -> list[list[int]]:
    """Return how many keys each claimed article shares with an array that Postgres sent, and how many are rare."""
    mine = np.fromiter(chain.from_iterable(keys.values()), np.int64)
    numbers = {article: number for number, article in enumerate(keys)}
    counts: list[list[int]] = count_shared_keys(
        mine,
        ~np.isin(mine, list(frequent)),
        np.fromiter(accumulate(map(len, keys.values()), initial=0), np.int64),
        np.fromiter((numbers[one] for one, _ in sent), np.int64),
        np.frombuffer(b"".join(theirs for _, theirs in sent), np.uint8),
        np.fromiter(accumulate(len(theirs) for _, theirs in sent), np.int64),
    ).tolist()
    return counts
