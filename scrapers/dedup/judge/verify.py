"""Judges whether one of two articles is a copy of the other, by the words they share and the facts that differ."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal

import numpy as np

from scrapers.dedup.judge.comparison import WIDTH, ArticleWords, Comparison, compare, compare_each, prepare
from scrapers.dedup.text.signatures import Signature, Text
from scrapers.dedup.text.tokens import Hashes, shingles

Kind = Literal["exact", "edited", "truncated", "extended"]

MAX_DIFFERING = 0.2  # of the facts at the same places, below which the pages are about the same
NAME_WEIGHT, TITLE_WEIGHT = 2, 2  # of a differing name, and of a fact that differs in the titles; a number's is 1
SHORT = 100  # words; in a shorter page, numbers of the lead are what it is about and weigh double
WHOLE = 0.9  # of an article's words: all but an edit or two
LONGER = 1.15  # times the words: more than an edit adds

_REVERSED: dict[Kind, Kind] = {"truncated": "extended", "extended": "truncated"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about articles a and b.

    `kind` is what b is to a if it is a copy; `score` is between 0 and 1; `evidence` holds only JSON's own types.
    `facts_differ` means the same text with other facts: another page of a series, not a copy.
    """

    is_duplicate: bool
    score: float
    kind: Kind
    facts_differ: bool
    evidence: dict[str, float | int | bool]

    def reversed(self) -> "Verdict":
        """Return the verdict about b and a."""
        exchanged = self.evidence | {
            "a_in_b": self.evidence["b_in_a"],
            "b_in_a": self.evidence["a_in_b"],
            "lead_of_a_in_b": self.evidence["lead_of_b_in_a"],
            "lead_of_b_in_a": self.evidence["lead_of_a_in_b"],
        }
        return replace(self, kind=_REVERSED.get(self.kind, self.kind), evidence=exchanged)


def judge(a: Signature, b: Signature) -> Verdict:
    """Return the verdict about a and b; `judge(b, a)` is always its reverse."""
    return _verdict(compare(_words(a), _words(b)))


def judge_each(article: bytes, others: Sequence[bytes]) -> list[Verdict | None]:
    """Return the verdict about the article and each of the others, or None where neither is made from the other.

    The articles are the bytes that `Signature.to_bytes` writes. This is several times as fast as judging each pair.
    """
    verdicts: list[Verdict | None] = [None] * len(others)
    if others:
        signatures = np.frombuffer(bytearray(b"".join([article, *others])), np.int32)
        ends = np.fromiter(accumulate(map(len, [article, *others])), np.int64) // signatures.itemsize
        for number, *found in compare_each(signatures, ends).tolist():
            verdicts[number] = _verdict(Comparison(*found))
    return verdicts


def compared_shingles(text: Text) -> Hashes:
    """Return the distinct shingles by which the text is compared, sorted; all numbers are alike in them."""
    frame = prepare(_as_ints(text.words), _as_ints(text.capital_letters)).frame
    return np.unique(shingles(frame.view(np.uint32), WIDTH))


def _words(signature: Signature) -> ArticleWords:
    title, body = signature.title, signature.body
    return ArticleWords(*map(_as_ints, (title.words, title.capital_letters, body.words, body.capital_letters)))


def _as_ints(words: np.ndarray[tuple[int], np.dtype[np.uint32]]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return words.view(np.int32)


def _verdict(found: Comparison) -> Verdict:
    evidence: dict[str, float | int | bool] = {
        "shared_shingles": found.shared_shingles,
        "a_in_b": round(found.a_in_b, 4),
        "b_in_a": round(found.b_in_a, 4),
        "lead_of_a_in_b": round(found.lead_of_a_in_b, 4),
        "lead_of_b_in_a": round(found.lead_of_b_in_a, 4),
    }
    if found.is_exact:
        exact = Verdict(is_duplicate=True, score=1.0, kind="exact", facts_differ=False, evidence=evidence)
        return exact.reversed() if found.is_reversed else exact
    differing = 0.0
    if found.is_copied:
        differing = _share_of_differing_facts(found)
        evidence |= {
            "facts_agreed": found.agreed,
            "numbers_differ": found.numbers,
            "names_differ": found.names,
            "titles_differ": found.in_titles,
        }
    verdict = Verdict(
        is_duplicate=bool(found.is_copied) and differing < MAX_DIFFERING,
        score=round(max(found.a_in_b, found.b_in_a) * (1 - differing), 4),
        kind=_kind(found),
        facts_differ=differing >= MAX_DIFFERING,
        evidence=evidence,
    )
    return verdict.reversed() if found.is_reversed else verdict


def _share_of_differing_facts(found: Comparison) -> float:
    """Return the part of the facts at the same places that differ, by their weights."""
    leading = found.leading if min(found.words_of_a, found.words_of_b) < SHORT else 0
    against = found.numbers + leading + NAME_WEIGHT * found.names + TITLE_WEIGHT * found.in_titles
    return float(against / (against + found.agreed)) if against > 1 else 0.0


def _kind(found: Comparison) -> Kind:
    if found.b_in_a >= WHOLE and found.words_of_a > LONGER * found.words_of_b:
        return "truncated"
    if found.a_in_b >= WHOLE and found.words_of_b > LONGER * found.words_of_a:
        return "extended"
    return "edited"
