"""Judged pairs → clusters, without chaining: one weak link doesn't join two large groups."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

Id = int | str

LARGE_GROUP = 3  # articles, which are not joined to another such group by a few links
MIN_LINKED = 1 / 8  # of the pairs judged between two large groups that are duplicates


@dataclass(frozen=True, slots=True)
class Edge:
    """A judged pair of articles. Rejected pairs count too, above all those with `Verdict.facts_differ`."""

    a: Id
    b: Id
    score: float
    is_duplicate: bool
    facts_differ: bool = False


def cluster_edges(edges: Iterable[Edge]) -> list[frozenset[Id]]:
    """Return the clusters of at least two articles; the order of the edges doesn't matter.

    The strongest links are joined first. Two groups stay apart if more pairs between them differ in facts than are
    duplicates, and two large groups also if fewer than MIN_LINKED of the judged pairs between them are duplicates.
    """
    judged = {_pair(edge.a, edge.b): edge for edge in edges}
    links, differing, pairs = _Pairs(), _Pairs(), _Pairs()
    for edge in judged.values():
        pairs.add(edge)
        if edge.is_duplicate:
            links.add(edge)
        elif edge.facts_differ:
            differing.add(edge)
    group_of: dict[Id, set[Id]] = {}
    for edge in sorted((edge for edge in judged.values() if edge.is_duplicate), key=_strongest_first):
        one, other = (group_of.setdefault(article, {article}) for article in (edge.a, edge.b))
        if one is other:
            continue
        linked = links.between(one, other)
        is_weak = min(len(one), len(other)) >= LARGE_GROUP and linked < MIN_LINKED * pairs.between(one, other)
        if linked >= differing.between(one, other) and not is_weak:
            larger, smaller = (one, other) if len(one) >= len(other) else (other, one)
            larger |= smaller
            group_of.update(dict.fromkeys(smaller, larger))
    groups = [group for group in {id(group): group for group in group_of.values()}.values() if len(group) > 1]
    return sorted(map(frozenset, groups), key=lambda group: sorted(map(id_order, group)))


class _Pairs:
    """Pairs of articles, which can be counted between two groups."""

    def __init__(self) -> None:
        self._others: dict[Id, set[Id]] = defaultdict(set)

    def add(self, edge: Edge) -> None:
        self._others[edge.a].add(edge.b)
        self._others[edge.b].add(edge.a)

    def between(self, one: set[Id], other: set[Id]) -> int:
        fewer, more = (one, other) if len(one) <= len(other) else (other, one)
        return sum(len(self._others[article] & more) for article in fewer if article in self._others)


def _strongest_first(edge: Edge) -> tuple[float, tuple[float, str], tuple[float, str]]:
    first, second = _pair(edge.a, edge.b)
    return -edge.score, id_order(first), id_order(second)


def _pair(a: Id, b: Id) -> tuple[Id, Id]:
    if isinstance(a, int) and isinstance(b, int):  # by far the most pairs, and this is much faster
        return (a, b) if a <= b else (b, a)
    return (a, b) if id_order(a) <= id_order(b) else (b, a)


def id_order(article: Id) -> tuple[float, str]:
    """Return the sort key of an id: numbers by size, then texts."""
    return (article, "") if isinstance(article, int) else (math.inf, article)
