"""Is one of two articles a copy of the other? Judged on the words they share and on the facts that differ."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from scrapers.dedup.signatures import Signature
from scrapers.dedup.tokens import CAPITAL, NUMBER, START, WORD, Tokens

Kind = Literal["exact", "edited", "truncated", "extended"]

CONTAINED = 0.4  # the share of the shorter article's shingles that a copy keeps
NUMBERS, NAMES = 0.6, 0.3  # the share of its numbers and of its names
WHOLE = 0.9  # of an article's shingles: all of it but an edit or two is in the other
LONGER = 1.15  # times the words: more than an edit adds


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: `kind` says what b is to a; `score` is between 0 and 1; `evidence` holds JSON's own types."""

    is_duplicate: bool
    score: float
    kind: Kind
    evidence: dict[str, float | int | bool]


def judge(a: Signature, b: Signature) -> Verdict:
    """Say whether b is a copy of a; judge(b, a) says the same, with truncated and extended exchanged."""
    shared = len(np.intersect1d(a.shingles, b.shingles, assume_unique=True))
    a_in_b, b_in_a = _share(shared, len(a.shingles)), _share(shared, len(b.shingles))
    containment = max(a_in_b, b_in_a)
    numbers, names = _containment(_numbers(a.body), _numbers(b.body)), _containment(_names(a.body), _names(b.body))
    exact = len(a.body) == len(b.body) and bool(np.array_equal(a.body & WORD, b.body & WORD))
    return Verdict(
        is_duplicate=exact or (containment >= CONTAINED and numbers >= NUMBERS and names >= NAMES),
        score=round(containment, 4),
        kind="exact" if exact else _kind(a, b, a_in_b, b_in_a),
        evidence={
            "shared_shingles": shared,
            "a_in_b": round(a_in_b, 4),
            "b_in_a": round(b_in_a, 4),
            "numbers": round(numbers, 4),
            "names": round(names, 4),
        },
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _numbers(words: Tokens) -> Tokens:
    return np.unique(words[(words & NUMBER) > 0] & WORD)


def _names(words: Tokens) -> Tokens:
    return np.unique(words[(words & (CAPITAL | START)) == CAPITAL] & WORD)


def _containment(a: Tokens, b: Tokens) -> float:
    fewest = min(len(a), len(b))
    return len(np.intersect1d(a, b, assume_unique=True)) / fewest if fewest else 1.0


def _kind(a: Signature, b: Signature, a_in_b: float, b_in_a: float) -> Kind:
    if b_in_a >= WHOLE and len(a.body) > LONGER * len(b.body):
        return "truncated"
    if a_in_b >= WHOLE and len(b.body) > LONGER * len(a.body):
        return "extended"
    return "edited"
