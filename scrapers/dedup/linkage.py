"""Judged pairs → clusters that don't chain: one weak link does not join two crowds."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edge:
    """A judged pair of articles; pairs that were refused count too, against joining their clusters."""

    a: Hashable
    b: Hashable
    score: float
    is_duplicate: bool


def clusters(edges: Iterable[Edge]) -> list[frozenset[Hashable]]:
    """Return the clusters of two articles and more, the same for any order of the edges.

    The strongest links are joined first. Two groups are joined where at least half of the pairs that were judged
    between them are duplicates.
    """
    judged = {_pair(edge.a, edge.b): edge for edge in edges}
    accepted = sorted((edge for edge in judged.values() if edge.is_duplicate), key=_strongest_first)
    group_of: dict[Hashable, set[Hashable]] = {}
    refused: dict[Hashable, set[Hashable]] = defaultdict(set)
    linked: dict[Hashable, set[Hashable]] = defaultdict(set)
    for edge in judged.values():
        side = linked if edge.is_duplicate else refused
        side[edge.a].add(edge.b)
        side[edge.b].add(edge.a)
    for edge in accepted:
        one, other = (group_of.setdefault(article, {article}) for article in (edge.a, edge.b))
        if one is not other and _between(one, other, linked) >= _between(one, other, refused):
            larger, smaller = (one, other) if len(one) >= len(other) else (other, one)
            larger |= smaller
            group_of.update(dict.fromkeys(smaller, larger))
    return sorted((frozenset(group) for group in _distinct(group_of)), key=lambda group: sorted(map(_key, group)))


def _between(one: set[Hashable], other: set[Hashable], pairs: dict[Hashable, set[Hashable]]) -> int:
    fewer, more = (one, other) if len(one) <= len(other) else (other, one)
    return sum(len(pairs[article] & more) for article in fewer if article in pairs)


def _distinct(group_of: dict[Hashable, set[Hashable]]) -> list[set[Hashable]]:
    return [group for group in {id(group): group for group in group_of.values()}.values() if len(group) > 1]


def _strongest_first(edge: Edge) -> tuple[float, tuple[str, str], tuple[str, str]]:
    first, second = _pair(edge.a, edge.b)
    return -edge.score, _key(first), _key(second)


def _pair(a: Hashable, b: Hashable) -> tuple[Hashable, Hashable]:
    return (a, b) if _key(a) <= _key(b) else (b, a)


def _key(article: Hashable) -> tuple[str, str]:
    """Order ids of any kind: numbers by size, then texts."""
    return (f"{article:020d}", "") if isinstance(article, int) else ("~", str(article))
