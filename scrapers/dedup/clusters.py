"""Clusters in Postgres: what decisions join, who stands for whom, and what each copy is."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import psycopg

from scrapers.dedup.linkage import Edge
from scrapers.dedup.linkage import clusters as linked
from scrapers.dedup.representatives import Member, representative
from scrapers.dedup.signatures import ALGORITHM, Signature
from scrapers.dedup.verify import judge
from scrapers.storage.connection import query

LOCK = 0x44454450  # "DEDP": the advisory lock under which decisions and clusters are written, by one at a time

Change = tuple[
    str | None, float | None, float | None
]  # kind; shares of the original in the copy, of it in the original


@dataclass(frozen=True, slots=True)
class Hashed:
    """An article and the hashes by which it is certainly another one's duplicate: address, outlet's id, text."""

    article_id: int
    hashes: Sequence[int | None] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided of two articles: `joined` or kept apart, on which layer, with which score.

    `differs` says that they are the same text about other facts.
    """

    a: int
    b: int
    layer: str
    score: float
    joined: bool
    differs: bool = False


def relink(connection: psycopg.Connection, article_ids: Sequence[int]) -> None:
    """Bring the clusters of these articles, and of all that decisions join with them, up to date.

    The caller holds the lock; the result depends on what is decided, and not on the order of decisions.
    """
    rows = connection.execute(query("cluster_component"), {"article_ids": list(article_ids)}).fetchall()
    hashed = [Hashed(article, hashes) for article, _, _, _, _, *hashes in rows]
    members = {article: Member(article, *known) for article, _, *known, _, _, _ in rows}
    ids = list(members)
    decisions = [Decision(*row) for row in connection.execute(query("component_decisions"), {"article_ids": ids})]
    decisions += _refusals(connection, {article: revision for article, revision, *_ in rows})
    stands_for: dict[int, int] = {}
    for cluster in assemble(hashed, decisions):
        chosen = representative([members[article] for article in sorted(cluster)])
        stands_for.update((article, int(chosen.id)) for article in cluster)
    connection.execute(query("delete_clusters"), {"article_ids": ids, "kept": list(stands_for)})
    if stands_for:
        connection.execute(query("upsert_clusters"), _rows(connection, stands_for, decisions))


def _refusals(connection: psycopg.Connection, revisions: dict[int, int]) -> Iterator[Decision]:
    """Yield who of the articles were found to be different from each other, as of these revisions."""
    rows = connection.cursor(binary=True).execute(query("refusals_of"), {"article_ids": list(revisions)})
    for article, revision, _, *columns in rows:
        if revision == revisions[article]:
            for other, known, differs in zip(*columns, strict=True):
                if revisions.get(other) == known:
                    yield Decision(article, other, "near_duplicate", 0.0, joined=False, differs=differs)


def assemble(members: Iterable[Hashed], decisions: Iterable[Decision]) -> list[set[int]]:
    """Return the clusters of two and more that the decisions give, the same for any order of either.

    Equal hashes and a person's word join for certain; near-duplicates join as `linkage.clusters` says; whom a person
    has set apart never come into one cluster.
    """
    decided = list(decisions)
    apart = {frozenset((one.a, one.b)) for one in decided if one.layer == "person" and not one.joined}
    merged = [(one.a, one.b) for one in decided if one.layer == "person" and one.joined]
    groups = Groups((member.article_id for member in members), apart)
    for a, b in (*sorted(map(_ascending, merged)), *_equal(members)):
        groups.join(a, b)
    strongest: dict[tuple[int, int], Edge] = {}
    for one in decided:
        a, b = _ascending((groups.of(one.a), groups.of(one.b)))
        if one.layer == "near_duplicate" and a != b:
            edge = Edge(a, b, one.score, is_duplicate=one.joined, differs=one.differs)
            known = strongest.get((a, b), edge)
            strongest[a, b] = max(known, edge, key=lambda edge: (edge.is_duplicate, edge.differs, edge.score))
    together = {frozenset(cluster) for cluster in linked(strongest.values())}
    of_cluster = {article: cluster for cluster in together for article in cluster}
    for edge in sorted(strongest.values(), key=lambda edge: (-edge.score, int(edge.a), int(edge.b))):
        if edge.is_duplicate and edge.b in of_cluster.get(edge.a, ()):
            groups.join(int(edge.a), int(edge.b))
    return groups.clusters()


class Groups:
    """Disjoint sets of articles, of which no set ever holds two that are to be kept apart."""

    def __init__(self, article_ids: Iterable[int], apart: set[frozenset[int]]) -> None:
        self._group = {article: {article} for article in article_ids}
        self._apart: dict[int, set[int]] = defaultdict(set)
        for a, b in map(tuple, apart):
            self._apart[a].add(b)
            self._apart[b].add(a)

    def of(self, article: int) -> int:
        """Return the smallest id of the article's set, which names it."""
        return min(self._group[article])

    def join(self, a: int, b: int) -> None:
        """Make one set of the two, unless it would hold articles that are to be kept apart."""
        one, other = self._group[a], self._group[b]
        if one is other or any(self._apart[article] & other for article in one if article in self._apart):
            return
        one |= other
        self._group.update(dict.fromkeys(other, one))

    def clusters(self) -> list[set[int]]:
        """Return the sets of two and more."""
        return [group for group in {id(group): group for group in self._group.values()}.values() if len(group) > 1]


def _equal(members: Iterable[Hashed]) -> Iterable[tuple[int, int]]:
    """Yield pairs that join all members with an equal hash, also where one of them is kept apart from another."""
    by_hash: dict[tuple[int, int], list[int]] = defaultdict(list)
    for member in members:
        for layer, value in enumerate(member.hashes):
            if value is not None:
                by_hash[layer, value].append(member.article_id)
    for ids in sorted(sorted(ids) for ids in by_hash.values()):
        yield from ((ids[0], article) for article in ids[1:])
        yield from pairwise(ids[1:])


def _ascending(pair: tuple[int, int]) -> tuple[int, int]:
    return (pair[0], pair[1]) if pair[0] <= pair[1] else (pair[1], pair[0])


def signatures_of(connection: psycopg.Connection, article_ids: Iterable[int]) -> dict[int, Signature]:
    """Return the stored signatures of the articles that have one of this algorithm."""
    wanted = {"article_ids": sorted(set(article_ids)), "algorithm": ALGORITHM}
    rows = connection.cursor(binary=True).execute(query("find_signatures"), wanted)
    return {article: Signature.decompressed(signature) for article, *_, signature in rows}


def _rows(
    connection: psycopg.Connection, stands_for: dict[int, int], decisions: Iterable[Decision]
) -> dict[str, list[Any]]:
    """Return the columns of table clusters: for each copy its kind and what it added to the representative and cut."""
    standing: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for one in decisions:
        if one.joined and stands_for.get(one.a) == one.b:
            standing[one.layer].add((one.a, one.b))
    changes: dict[tuple[int, int], Change] = dict.fromkeys(standing["exact_content"], ("exact", 1.0, 1.0))
    changes |= _near_changes(connection, standing["near_duplicate"] - changes.keys())
    missing = [pair for pair in stands_for.items() if pair[0] != pair[1] and pair not in changes]
    signed = signatures_of(connection, {article for pair in missing for article in pair}) if missing else {}
    for article, original in missing:
        if article in signed and original in signed:
            verdict = judge(signed[original], signed[article])
            changes[article, original] = verdict.kind, verdict.evidence["a_in_b"], verdict.evidence["b_in_a"]
    told = [changes.get(pair, (None, None, None)) for pair in stands_for.items()]
    return {
        "article_ids": list(stands_for),
        "representative_ids": list(stands_for.values()),
        "kinds": [kind for kind, _, _ in told],
        "added": [None if kept is None else 1 - kept for _, _, kept in told],
        "cut": [None if kept is None else 1 - kept for _, kept, _ in told],
    }


def _near_changes(connection: psycopg.Connection, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], Change]:
    """Return what copies are to their originals, as was found when they were judged."""
    if not pairs:
        return {}
    copies, originals = map(list, zip(*pairs, strict=True))
    rows = connection.execute(query("near_evidence"), {"copies": copies, "originals": originals})
    return {(copy, original): (kind, a_in_b, b_in_a) for copy, original, kind, a_in_b, b_in_a in rows}
