"""An article as weighted terms: its words and its names, heavier in the headline and the lead."""

from collections import Counter
from math import log, sqrt

from scrapers.dedup.text.scanner import IS_CAPITAL, IS_MOMENT, IS_NUMBER, IS_START
from scrapers.dedup.text.signatures import Signature

IN_TITLE, IN_LEAD = 3.0, 2.0  # added to the weight of a term; that of the body is the logarithm of how often it comes
LEAD = 40  # words
OFTEN = 3  # times in a body, from which a word that is neither in headline nor lead counts
MAX_TERMS = 120  # of a story: the heaviest

Vector = dict[int, float]  # a term, that is 32 bits of a word with a bit for names, and its weight


def vector(signature: Signature) -> Vector:
    """Return the weighted terms of an article: words of headline and lead, names, and words that come often."""
    counts = Counter(_terms(signature.body.words.tolist()))
    lead = set(_terms(signature.body.words[:LEAD].tolist()))
    title = set(_terms(signature.title.words.tolist()))
    kept = {term for term, count in counts.items() if term & IS_CAPITAL or count >= OFTEN} | lead | title
    weights = {
        term: log(1 + counts[term]) + IN_LEAD * (term in lead) + IN_TITLE * (term in title) for term in sorted(kept)
    }
    return rounded(heaviest(weights))


def _terms(words: list[int]) -> list[int]:
    """Return the words without flags, and names again with theirs; numbers are left out."""
    plain = [word & ~(IS_MOMENT | IS_START) for word in words if not word & IS_NUMBER]
    names = [word for word in words if word & (IS_MOMENT | IS_START) == IS_CAPITAL]
    return plain + names


def add(one: Vector, other: Vector) -> Vector:
    """Return the sum of two vectors, the heaviest terms of it."""
    terms = sorted(one.keys() | other.keys())
    return rounded(heaviest({term: one.get(term, 0.0) + other.get(term, 0.0) for term in terms}))


def heaviest(weights: Vector) -> Vector:
    """Return the MAX_TERMS heaviest terms."""
    if len(weights) <= MAX_TERMS:
        return weights
    chosen = sorted(weights, key=lambda term: (-weights[term], term))[:MAX_TERMS]
    return {term: weights[term] for term in sorted(chosen)}


def rounded(weights: Vector) -> Vector:
    """Return the vector as it is stored: with three decimals, so that a story is the same before and after."""
    return {term: round(weight, 3) for term, weight in weights.items()}


def cosine(one: Vector, other: Vector, idf: dict[int, float]) -> float:
    """Return the cosine similarity of two vectors whose weights are multiplied by `idf`, which has all their terms."""
    shared = sum(one[term] * other[term] * idf[term] ** 2 for term in one.keys() & other.keys())
    return shared / (_norm(one, idf) * _norm(other, idf)) if shared else 0.0


def _norm(weights: Vector, idf: dict[int, float]) -> float:
    return sqrt(sum((weight * idf[term]) ** 2 for term, weight in weights.items()))
