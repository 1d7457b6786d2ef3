"""The clusters in Postgres: brought up to date with the decisions, with a representative and what each copy changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg

from scrapers.dedup.clusters.assembly import Decision, Hashed, assemble
from scrapers.dedup.clusters.representatives import Member, representative
from scrapers.storage.connection import query

if TYPE_CHECKING:
    from scrapers.dedup.text.signatures import Signature

CLUSTERS_LOCK = 0x44454450  # "DEDP": the advisory lock held by the one who writes decisions and clusters

Pair = tuple[int, int]  # a copy and its representative


class _Change(NamedTuple):
    """What a copy is to its representative, and the share of each that is in the other; None if they have none."""

    kind: str | None
    representative_in_copy: float | None
    copy_in_representative: float | None


def relink(connection: psycopg.Connection, article_ids: Sequence[int]) -> None:
    """Update the clusters of these articles, and of all that decisions connect to them.

    The caller holds CLUSTERS_LOCK. The result depends on the decisions, not on their order.
    """
    rows = connection.execute(query("cluster_component"), {"article_ids": list(article_ids)}).fetchall()
    hashed = [Hashed(article, hashes) for article, _, _, _, _, *hashes in rows]
    members = {article: Member(article, *known) for article, _, *known, _, _, _ in rows}
    ids = list(members)
    decisions = [Decision(*row) for row in connection.execute(query("component_decisions"), {"article_ids": ids})]
    decisions += _rejections(connection, {article: revision for article, revision, *_ in rows})
    representatives: dict[int, int] = {}
    for cluster in assemble(hashed, decisions):
        chosen = representative([members[article] for article in sorted(cluster)])
        representatives.update((article, int(chosen.id)) for article in cluster)
    connection.execute(query("delete_clusters"), {"article_ids": ids, "kept": list(representatives)})
    if representatives:
        connection.execute(query("upsert_clusters"), _columns(connection, representatives, decisions))


def _rejections(connection: psycopg.Connection, revisions: dict[int, int]) -> Iterator[Decision]:
    """Yield the pairs among these articles that were judged to be different, if both have the judged revision."""
    rows = connection.cursor(binary=True).execute(query("refusals_of"), {"article_ids": list(revisions)})
    for article, revision, _, *columns in rows:
        if revision == revisions[article]:
            for other, judged, facts_differ in zip(*columns, strict=True):
                if revisions.get(other) == judged:
                    yield Decision(article, other, "near_duplicate", 0.0, joined=False, facts_differ=facts_differ)


def _columns(
    connection: psycopg.Connection, representatives: dict[int, int], decisions: Iterable[Decision]
) -> dict[str, list[Any]]:
    """Return the columns of table clusters, with each copy's kind and the shares that it added and cut."""
    known = _changes(connection, representatives, decisions)
    none = _Change(None, None, None)
    changes = [known.get(pair, none) for pair in representatives.items()]
    added, cut = ([one.copy_in_representative for one in changes], [one.representative_in_copy for one in changes])
    return {
        "article_ids": list(representatives),
        "representative_ids": list(representatives.values()),
        "kinds": [one.kind for one in changes],
        "added": [None if share is None else 1 - share for share in added],
        "cut": [None if share is None else 1 - share for share in cut],
    }


def _changes(
    connection: psycopg.Connection, representatives: dict[int, int], decisions: Iterable[Decision]
) -> dict[Pair, _Change]:
    """Return what each copy changed, as was found when the pair was judged; pairs that were not are judged here."""
    layers: dict[str, set[Pair]] = defaultdict(set)
    for one in decisions:
        if one.joined and representatives.get(one.a) == one.b:
            layers[one.layer].add((one.a, one.b))
    changes: dict[Pair, _Change] = dict.fromkeys(layers["exact_content"], _Change("exact", 1.0, 1.0))
    changes |= _changes_found(connection, layers["near_duplicate"] - changes.keys())
    missing = [pair for pair in representatives.items() if pair[0] != pair[1] and pair not in changes]
    return changes | _changes_judged(connection, missing) if missing else changes


def _changes_judged(connection: psycopg.Connection, pairs: Collection[Pair]) -> dict[Pair, _Change]:
    """Return what the copies changed, judged by their signatures, where these are stored."""
    from scrapers.dedup.judge.verify import judge  # loads numba, which a person's decision seldom needs

    signatures = _signatures(connection, {article for pair in pairs for article in pair})
    changes = {}
    for copy, original in pairs:
        if copy in signatures and original in signatures:
            verdict = judge(signatures[original], signatures[copy])
            changes[copy, original] = _Change(verdict.kind, verdict.evidence["a_in_b"], verdict.evidence["b_in_a"])
    return changes


def _changes_found(connection: psycopg.Connection, pairs: Collection[Pair]) -> dict[Pair, _Change]:
    """Return what the copies changed, from the evidence of their near-duplicate decisions."""
    if not pairs:
        return {}
    copies, originals = map(list, zip(*pairs, strict=True))
    rows = connection.execute(query("near_evidence"), {"copies": copies, "originals": originals})
    return {(copy, original): _Change(*change) for copy, original, *change in rows}


def _signatures(connection: psycopg.Connection, article_ids: Iterable[int]) -> "dict[int, Signature]":
    """Return the stored signatures of the articles, where they are of this algorithm."""
    from scrapers.dedup.text.signatures import ALGORITHM, Signature

    wanted = {"article_ids": sorted(set(article_ids)), "algorithm": ALGORITHM}
    rows = connection.cursor(binary=True).execute(query("find_signatures"), wanted)
    return {article: Signature.decompressed(signature) for article, *_, signature in rows}
