"""Judged pairs → clusters that don't chain: one weak link does not join two crowds."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

Id = int | str

CROWD = 3  # articles that agree with each other
WEAKEST = 8  # pairs judged between two crowds, of which one at least is a duplicate


@dataclass(frozen=True, slots=True)
class Edge:
    """A judged pair of articles. Refused pairs count too, above all those whose facts differ (`Verdict.differs`)."""

    a: Id
    b: Id
    score: float
    is_duplicate: bool
    differs: bool = False


def clusters(edges: Iterable[Edge]) -> list[frozenset[Id]]:
    """Return the clusters of two articles and more, the same for any order of the edges.

    The strongest links are joined first. Two groups stay apart where more pairs between them have differing facts
    than are duplicates; two crowds also where of many pairs hardly any is one.
    """
    judged = {_pair(edge.a, edge.b): edge for edge in edges}
    accepted = sorted((edge for edge in judged.values() if edge.is_duplicate), key=_strongest_first)
    linked, differing, pairs = _Pairs(), _Pairs(), _Pairs()
    for edge in judged.values():
        pairs.add(edge)
        if edge.is_duplicate:
            linked.add(edge)
        elif edge.differs:
            differing.add(edge)
    group_of: dict[Id, set[Id]] = {}
    for edge in accepted:
        one, other = (group_of.setdefault(article, {article}) for article in (edge.a, edge.b))
        if one is other:
            continue
        links = linked.between(one, other)
        is_weak = min(len(one), len(other)) >= CROWD and links * WEAKEST < pairs.between(one, other)
        if links >= differing.between(one, other) and not is_weak:
            larger, smaller = (one, other) if len(one) >= len(other) else (other, one)
            larger |= smaller
            group_of.update(dict.fromkeys(smaller, larger))
    return sorted((frozenset(group) for group in _distinct(group_of)), key=lambda group: sorted(map(id_order, group)))


class _Pairs:
    def __init__(self) -> None:
        self._others: dict[Id, set[Id]] = defaultdict(set)

    def add(self, edge: Edge) -> None:
        self._others[edge.a].add(edge.b)
        self._others[edge.b].add(edge.a)

    def between(self, one: set[Id], other: set[Id]) -> int:
        fewer, more = (one, other) if len(one) <= len(other) else (other, one)
        return sum(len(self._others[article] & more) for article in fewer if article in self._others)


def _distinct(group_of: dict[Id, set[Id]]) -> list[set[Id]]:
    return [group for group in {id(group): group for group in group_of.values()}.values() if len(group) > 1]


def _strongest_first(edge: Edge) -> tuple[float, tuple[float, str], tuple[float, str]]:
    first, second = _pair(edge.a, edge.b)
    return -edge.score, id_order(first), id_order(second)


def _pair(a: Id, b: Id) -> tuple[Id, Id]:
    if isinstance(a, int) and isinstance(b, int):  # by far the most, and this is much faster
        return (a, b) if a <= b else (b, a)
    return (a, b) if id_order(a) <= id_order(b) else (b, a)


def id_order(article: Id) -> tuple[float, str]:
    """Return what ids are ordered by: numbers by size, then texts."""
    return (article, "") if isinstance(article, int) else (math.inf, article)
