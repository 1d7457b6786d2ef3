"""An article as weighted terms of three fields: its words, its headline's words, and its names and numbers.

A term is 32 bits: of a word without its flags, and the field in the lowest two.
"""

from collections import Counter
from collections.abc import Iterable
from math import log, sqrt
from typing import NamedTuple

from scrapers.dedup.text.scanner import IS_CAPITAL, IS_MOMENT, IS_NUMBER, IS_START
from scrapers.dedup.text.signatures import Signature

IN_TITLE, IN_LEAD = 3.0, 2.0  # added to the weight of a term; that of the body is the logarithm of how often it comes
LEAD = 40  # words
OFTEN = 3  # times in a body, from which a word that is neither in headline nor lead counts
WORD, HEADLINE, FACT = 0, 1, 2  # fields
FIELD = 3  # the bits of a term that say its field
MAX_TERMS = {WORD: 60, HEADLINE: 20, FACT: 40}  # of a story: the heaviest of each field

Vector = dict[int, float]  # a term and its weight
Squares = list[float]  # of each field


class Similarity(NamedTuple):
    """The cosine similarities of two vectors, field by field.

    `telling` is the squared length of the headlines, their geometric mean: how many words they have, and how rare.
    """

    words: float
    headlines: float
    facts: float
    telling: float


def vector(signature: Signature) -> Vector:
    """Return the weighted terms of an article: words of headline and lead, and those that come often; names, numbers.

    Days, hours and scores are left out: all reports of a day have its date.
    """
    title, body = signature.title.words.tolist(), signature.body.words.tolist()
    headline, lead = set(_words(title)), set(_words(body[:LEAD]))
    words, facts, leading = Counter(_words(body)), Counter(_facts(body)), set(_facts(body[:LEAD]))
    chosen = headline | lead | {word for word, count in words.items() if count >= OFTEN}
    weights = {word: _weight(words[word], word in lead, word in headline) for word in chosen}
    weights |= dict.fromkeys((word | HEADLINE for word in headline), 1.0)
    weights |= {fact | FACT: _weight(count, fact in leading, fact in headline) for fact, count in facts.items()}
    return rounded(heaviest(weights))


def _weight(count: int, in_lead: bool, in_headline: bool) -> float:
    return log(1 + count) + IN_LEAD * in_lead + IN_TITLE * in_headline


def _words(words: Iterable[int]) -> list[int]:
    return [word & ~(IS_MOMENT | IS_START) for word in words if not word & IS_NUMBER]


def _facts(words: Iterable[int]) -> list[int]:
    """Return names and numbers, without flags: what is capitalised within a sentence, and numbers that tell no time."""
    return [
        word & ~(IS_MOMENT | IS_START)
        for word in words
        if word & (IS_MOMENT | IS_START) == IS_CAPITAL or word & IS_MOMENT == IS_NUMBER
    ]


def add(one: Vector, other: Vector) -> Vector:
    """Return the sum of two vectors, the heaviest terms of it."""
    return rounded(heaviest({term: one.get(term, 0.0) + other.get(term, 0.0) for term in one.keys() | other.keys()}))


def heaviest(weights: Vector) -> Vector:
    """Return the MAX_TERMS heaviest terms of each field, ascending."""
    counts, chosen = dict.fromkeys(MAX_TERMS, 0), []
    for _, term in sorted((-weight, term) for term, weight in weights.items()):
        if counts[term & FIELD] < MAX_TERMS[term & FIELD]:
            counts[term & FIELD] += 1
            chosen.append(term)
    return {term: weights[term] for term in sorted(chosen)}


def rounded(weights: Vector) -> Vector:
    """Return the vector as it is stored: with three decimals, so that a story is the same before and after."""
    return {term: round(weight, 3) for term, weight in weights.items()}


def similarity(one: Vector, own: Squares, other: Vector, idf: dict[int, float]) -> Similarity:
    """Return the similarities of two vectors whose weights are multiplied by `idf`, which has all their terms.

    `own` are the `squares` of the first.
    """
    shared = [0.0] * len(MAX_TERMS)
    for term in one.keys() & other.keys():
        shared[term & FIELD] += one[term] * other[term] * idf[term] ** 2
    lengths = [sqrt(mine * theirs) for mine, theirs in zip(own, squares(other, idf), strict=True)]
    words, headlines, facts = (part / length if part else 0.0 for part, length in zip(shared, lengths, strict=True))
    return Similarity(words, headlines, facts, lengths[HEADLINE])


def squares(weights: Vector, idf: dict[int, float]) -> Squares:
    """Return the squared length of each field of a vector whose weights are multiplied by `idf`."""
    found = [0.0] * len(MAX_TERMS)
    for term, weight in weights.items():
        weighted = weight * idf[term]
        found[term & FIELD] += weighted * weighted  # half the cost of a power
    return found
