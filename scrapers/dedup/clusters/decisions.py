"""Writes what was decided about a batch: near-duplicates, rejected candidates, revoked decisions, and the clusters."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
import psycopg

from scrapers.dedup.arrays import as_bigints
from scrapers.dedup.articles import ClaimedArticle, SignedArticle, array_columns
from scrapers.dedup.clusters.stored import relink
from scrapers.dedup.judge.verify import Verdict
from scrapers.dedup.text.signatures import ALGORITHM
from scrapers.storage.connection import query


@dataclass(frozen=True, slots=True)
class Accepted:
    """A pair of near-duplicates: the article published first, its copy, and the verdict about them in this order."""

    original: SignedArticle
    copy: SignedArticle
    verdict: Verdict


class Rejected(NamedTuple):
    """A claimed article and a candidate that is no duplicate of it; `facts_differ` is that of the verdict."""

    article: ClaimedArticle
    other: SignedArticle
    facts_differ: bool


class Contained(NamedTuple):
    """An article that has another's text in it, and the share of the words of each that the other has."""

    article: SignedArticle
    contained: SignedArticle
    share: float
    share_of_article: float


class _Judged(NamedTuple):
    """The revision of a rejected candidate that was judged, and `facts_differ` of the verdict."""

    revision: int
    facts_differ: bool


def decide(
    work: psycopg.Connection,
    claimed: Sequence[ClaimedArticle],
    accepted: Sequence[Accepted],
    rejected: Sequence[Rejected],
    contained: Sequence[Contained] = (),
) -> dict[str, int]:
    """Write the decisions about the claimed articles and update the clusters; return how many there are of each kind.

    The caller holds CLUSTERS_LOCK.
    """
    ids = [one.article_id for one in claimed]
    revoked = work.execute(query("revoke_stale_duplicates"), {
        "article_ids": ids,
        "refused": as_bigints(pair.article.article_id for pair in rejected),
        "others": as_bigints(pair.other.article_id for pair in rejected),
    }).fetchall()  # fmt: skip
    touched = {*ids, *chain.from_iterable(revoked)}
    same = work.execute(query("insert_identity_duplicates"), {"article_ids": sorted(touched)}).fetchall()
    near = _insert_near_duplicates(work, accepted)
    _replace_rejected(work, claimed, accepted, rejected)
    _write_contained(work, ids, contained)
    touched.update(article for a, b, *_ in (*same, *near) for article in (a, b))
    relink(work, sorted(touched))
    work.execute(query("queue_for_stories"), {"article_ids": ids})
    layers = Counter(layer for *_, layer in same)
    counts = {"near_duplicate": len(near), "contains": len(contained), "refused": len(rejected)}
    return {**layers, **counts, "revoked": len(revoked)}


def _insert_near_duplicates(work: psycopg.Connection, accepted: Sequence[Accepted]) -> list[tuple[int, int]]:
    if not accepted:
        return []
    return work.execute(query("insert_near_duplicates"), {
        "algorithm": ALGORITHM,
        "copies": as_bigints(pair.copy.article_id for pair in accepted),
        "originals": as_bigints(pair.original.article_id for pair in accepted),
        "copy_revisions": as_bigints(pair.copy.revision for pair in accepted),
        "original_revisions": as_bigints(pair.original.revision for pair in accepted),
        "scores": [pair.verdict.score for pair in accepted],
        "evidence": [_evidence(pair) for pair in accepted],
    }).fetchall()  # fmt: skip


def _evidence(pair: Accepted) -> str:
    return json.dumps({
        "kind": pair.verdict.kind,
        "reason": pair.verdict.reason,
        **pair.verdict.evidence,
        "algorithm": ALGORITHM,
        "revisions": [pair.copy.revision, pair.original.revision],
    })  # fmt: skip


def _write_contained(work: psycopg.Connection, ids: Sequence[int], contained: Sequence[Contained]) -> None:
    """Write which articles have another's text in them, and forget what no longer holds for the claimed ones."""
    work.execute(query("delete_stale_containments"), {"article_ids": ids})
    if contained:
        work.execute(query("upsert_containments"), {
            "article_ids": [one.article.article_id for one in contained],
            "contained_ids": [one.contained.article_id for one in contained],
            "shares": [one.share for one in contained],
            "shares_of_article": [one.share_of_article for one in contained],
            "revisions": [one.article.revision for one in contained],
            "contained_revisions": [one.contained.revision for one in contained],
        })  # fmt: skip


def _replace_rejected(
    work: psycopg.Connection,
    claimed: Sequence[ClaimedArticle],
    accepted: Iterable[Accepted],
    rejected: Iterable[Rejected],
) -> None:
    """Replace each claimed article's rejected candidates; keep earlier ones whose two revisions are unchanged."""
    revisions = {one.article_id: one.revision for one in claimed}
    candidates: dict[int, dict[int, _Judged]] = defaultdict(dict)
    before = work.cursor(binary=True).execute(query("refusals_of"), {"article_ids": list(revisions)}).fetchall()
    for article, revision, algorithm, *columns in before:
        if (revision, algorithm) == (revisions[article], ALGORITHM):
            candidates[article] = {other: _Judged(*judged) for other, *judged in zip(*columns, strict=True)}
    for one in rejected:
        candidates[one.article.article_id][one.other.article_id] = _Judged(one.other.revision, one.facts_differ)
    for pair in accepted:
        candidates[pair.copy.article_id].pop(pair.original.article_id, None)
        candidates[pair.original.article_id].pop(pair.copy.article_id, None)
    replaced = [article for article, revision, *_ in before if revision <= revisions[article]]
    work.execute(query("delete_refusals"), {"article_ids": replaced})
    _insert_rejected(work, revisions, {article: candidates[article] for article in revisions if candidates[article]})


def _insert_rejected(
    work: psycopg.Connection, revisions: dict[int, int], candidates: dict[int, dict[int, _Judged]]
) -> None:
    """Insert the rejected candidates of each article."""
    if not candidates:
        return
    judged = list(chain.from_iterable(others.values() for others in candidates.values()))
    work.execute(query("insert_refusals"), {
        "algorithm": ALGORITHM,
        "revision": [revisions[article] for article in candidates],
        "revisions": np.array([one.revision for one in judged], np.int32),
        "differs": np.array([one.facts_differ for one in judged], np.bool_),
        **array_columns(candidates),
    })  # fmt: skip
