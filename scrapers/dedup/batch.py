"""One batch of articles that wait: claim, sign, publish, find candidates, judge, decide.

A worker claims articles by deleting them from the queue, in a transaction that commits with their decisions and
clusters: if the worker is killed, they wait again at once. Signatures are committed on a second connection before
candidates are looked for, so that of two workers with a copy each, the one that publishes later finds the other's.
"""

import gc
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import psycopg

from scrapers.dedup.arrays import ArrayDumper, as_bigints
from scrapers.dedup.articles import ClaimedArticle, ExistingArticle, SignedArticle, array_columns, sign_claimed
from scrapers.dedup.clusters.decisions import Accepted, Contained, Rejected, decide
from scrapers.dedup.clusters.stored import CLUSTERS_LOCK
from scrapers.dedup.garbage import garbage_collection_off
from scrapers.dedup.judge.verify import Verdict, judge_each
from scrapers.dedup.key_index.frequent_keys import enter_articles
from scrapers.dedup.key_index.index import KeyIndex
from scrapers.dedup.key_index.search import entries_from, find_candidates
from scrapers.dedup.text.signatures import ALGORITHM
from scrapers.storage.connection import connect, query

IDLE_TIMEOUT_S = 600  # a worker that hangs in a transaction for so long loses its claim


def process_batches(dsn: str | None, *, size: int) -> Counter[str]:
    """Process batches of `size` articles until none waits; return how many articles and decisions there were."""
    counts: Counter[str] = Counter()
    with connect(dsn) as work, connect(dsn) as publishing:
        for connection in (work, publishing):
            _set_up(connection)
        index = KeyIndex(publishing)
        with garbage_collection_off():
            while of_batch := _process_batch(work, index, size):
                counts.update(of_batch)
                while index.merge():
                    pass
                gc.collect(0)
    return counts


def _set_up(connection: psycopg.Connection) -> None:
    connection.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, false)", [f"{IDLE_TIMEOUT_S}s"])
    # few rows of large tables are looked up; the planner expects many more, and would read whole tables
    connection.execute("SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off")
    connection.execute("SET jit = off")
    connection.adapters.register_dumper(np.ndarray, ArrayDumper)


def _process_batch(work: psycopg.Connection, index: KeyIndex, size: int) -> dict[str, int] | None:
    """Process one batch in one transaction of `work`; return the counts, or None if no article waits."""
    with work.transaction():
        ids = sorted({article for (article,) in work.execute(query("claim_for_dedup"), {"articles": size})})
        if not ids:
            return None
        claimed = sign_claimed(work, ids)
        is_backfilled = _publish(index, claimed)
        accepted, rejected, contained = _judge(claimed, *find_candidates(work, index, claimed, is_backfilled))
        work.execute(query("lock"), {"lock": CLUSTERS_LOCK})
        return {"articles": len(ids), **decide(work, claimed, accepted, rejected, contained)}


def _publish(index: KeyIndex, claimed: Sequence[ClaimedArticle]) -> dict[int, bool]:
    """Commit the signatures and the entries of their keys, then enter the articles under the frequent ones of these.

    Returns those frequent keys, and whether each is backfilled.
    """
    keys = {one.article_id: one.signature.keys for one in claimed}
    with index.connection.transaction():
        changed = index.connection.execute(
            query("publish_signatures"),
            {
                "algorithm": ALGORITHM,
                "revision": as_bigints(one.revision for one in claimed),
                "published": [one.published for one in claimed],
                "words": as_bigints(len(one.signature.body) for one in claimed),
                "syndicated": [one.syndicated for one in claimed],
                "url_key": as_bigints(one.url_key for one in claimed),
                "outlet_id": [one.outlet_id for one in claimed],
                "body": [one.body for one in claimed],
                "signature": [one.signature.compressed() for one in claimed],
                **array_columns(keys),
            },
        ).fetchall()
        index.publish(entries_from({article: keys[article] for (article,) in changed}))
    return enter_articles(index.connection, claimed, entries_from(keys))


def _judge(
    claimed: Sequence[ClaimedArticle], pairs: Sequence[tuple[int, int]], existing: Mapping[int, ExistingArticle]
) -> tuple[list[Accepted], list[Rejected], list[Contained]]:
    """Judge each pair; pairs with the very same text are left to the layer of exact content."""
    by_id = {one.article_id: one for one in claimed}
    known: dict[int, SignedArticle] = {**existing, **by_id}
    candidates: dict[int, list[SignedArticle]] = defaultdict(list)
    for article, other in pairs:
        if known[other].body is None or known[other].body != by_id[article].body:
            candidates[article].append(known[other])
    accepted, rejected, contained = [], [], []
    for article, others in candidates.items():
        one = by_id[article]
        for candidate, verdict in zip(others, judge_each(one.text, [each.text for each in others]), strict=True):
            if verdict is None or not verdict.is_duplicate:
                rejected.append(Rejected(one, candidate, facts_differ=verdict is not None and verdict.facts_differ))
                if verdict and verdict.contains:
                    contained.append(_contained(one, candidate, verdict))
            elif _publication(one) < _publication(candidate):
                accepted.append(Accepted(one, candidate, verdict))
            else:
                accepted.append(Accepted(candidate, one, verdict.reversed()))
    return sorted(accepted, key=lambda pair: (pair.copy.article_id, pair.original.article_id)), rejected, contained


def _contained(a: SignedArticle, b: SignedArticle, verdict: Verdict) -> Contained:
    a_in_b, b_in_a = verdict.evidence["a_in_b"], verdict.evidence["b_in_a"]
    return Contained(a, b, b_in_a, a_in_b) if verdict.contains == "a" else Contained(b, a, a_in_b, b_in_a)


def _publication(one: SignedArticle) -> tuple[bool, datetime | None, int]:
    """Return the sort key of publication; articles without a date come last."""
    return one.published is None, one.published, one.article_id
