"""Decisions → clusters: equal hashes and manual decisions first, then near-duplicates."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scrapers.dedup.clusters.clustering import Edge, cluster_edges


@dataclass(frozen=True, slots=True)
class Hashed:
    """An article and the hashes of its address, its outlet's id and its text: an equal hash makes a duplicate."""

    article_id: int
    hashes: Sequence[int | None] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision about two articles: `joined`, or kept apart; on which layer, with which score.

    `facts_differ` is that of the verdict.
    """

    a: int
    b: int
    layer: str
    score: float
    joined: bool
    facts_differ: bool = False


def assemble(members: Iterable[Hashed], decisions: Iterable[Decision]) -> list[set[int]]:
    """Return the clusters of at least two articles; the order of members and decisions doesn't matter.

    Equal hashes and manual merges always join; near-duplicates join as `clustering.cluster_edges` says. Articles that a
    person has split are never in one cluster.
    """
    decided = list(decisions)
    splits = {frozenset((one.a, one.b)) for one in decided if one.layer == "person" and not one.joined}
    merges = [(one.a, one.b) for one in decided if one.layer == "person" and one.joined]
    groups = Groups((member.article_id for member in members), splits)
    for a, b in (*sorted(map(_ascending, merges)), *_pairs_with_equal_hashes(members)):
        groups.join(a, b)
    edges = _edges_between(groups, decided)
    cluster_of = {article: cluster for cluster in cluster_edges(edges) for article in cluster}
    for edge in sorted(edges, key=lambda edge: (-edge.score, int(edge.a), int(edge.b))):
        if edge.is_duplicate and edge.b in cluster_of.get(edge.a, ()):
            groups.join(int(edge.a), int(edge.b))
    return groups.clusters()


class Groups:
    """Disjoint sets of articles; two articles that were split never come into one set."""

    def __init__(self, article_ids: Iterable[int], splits: set[frozenset[int]]) -> None:
        self._group = {article: {article} for article in article_ids}
        self._split_from: dict[int, set[int]] = defaultdict(set)
        for a, b in map(tuple, splits):
            self._split_from[a].add(b)
            self._split_from[b].add(a)

    def name_of(self, article: int) -> int:
        """Return the smallest id in the article's set."""
        return min(self._group[article])

    def join(self, a: int, b: int) -> None:
        """Unite the sets of the two articles, unless that would put articles together that were split."""
        one, other = self._group[a], self._group[b]
        if one is other or any(self._split_from[article] & other for article in one if article in self._split_from):
            return
        one |= other
        self._group.update(dict.fromkeys(other, one))

    def clusters(self) -> list[set[int]]:
        """Return the sets of at least two articles."""
        return [group for group in {id(group): group for group in self._group.values()}.values() if len(group) > 1]


def _edges_between(groups: Groups, decisions: Iterable[Decision]) -> list[Edge]:
    """Return the strongest near-duplicate decision between each two groups, as an edge between their names."""
    strongest: dict[tuple[int, int], Edge] = {}
    for one in decisions:
        a, b = _ascending((groups.name_of(one.a), groups.name_of(one.b)))
        if one.layer == "near_duplicate" and a != b:
            edge = Edge(a, b, one.score, is_duplicate=one.joined, facts_differ=one.facts_differ)
            known = strongest.get((a, b), edge)
            strongest[a, b] = max(known, edge, key=lambda edge: (edge.is_duplicate, edge.facts_differ, edge.score))
    return list(strongest.values())


def _pairs_with_equal_hashes(members: Iterable[Hashed]) -> Iterator[tuple[int, int]]:
    """Yield pairs that join all members with an equal hash, even if one of them was split from another."""
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
