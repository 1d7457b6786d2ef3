"""Is one of two articles a copy of the other? Judged on the words they share and on the facts that differ."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal, NamedTuple

import numpy as np

from scrapers.dedup.compiled import Compared, Ints, comes_first, compare, compare_each
from scrapers.dedup.signatures import Signature
from scrapers.dedup.tokens import Tokens

Kind = Literal["exact", "edited", "truncated", "extended"]

DIFFERING = 0.2  # the share of the facts at the same places that may differ
NAME, IN_TITLE = 2, 2  # how much a differing name, or a fact that differs in the titles, weighs against one number
SHORT = 100  # words; the numbers in the lead of a shorter page are what it is about, and weigh double
WHOLE = 0.9  # of an article's shingles: all of it but an edit or two is in the other
LONGER = 1.15  # times the words: more than an edit adds


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: `kind` says what b is to a; `score` is between 0 and 1; `evidence` holds JSON's own types."""

    is_duplicate: bool
    score: float
    kind: Kind
    differs: bool  # the same text about other facts: a page of the same series, not a copy
    evidence: dict[str, float | int | bool]

    def turned(self) -> "Verdict":
        """Return what was found of b and a."""
        turned: dict[Kind, Kind] = {"truncated": "extended", "extended": "truncated"}
        exchanged = self.evidence | {
            "a_in_b": self.evidence["b_in_a"],
            "b_in_a": self.evidence["a_in_b"],
            "lead_of_a_in_b": self.evidence["lead_of_b_in_a"],
            "lead_of_b_in_a": self.evidence["lead_of_a_in_b"],
        }
        return replace(self, kind=turned.get(self.kind, self.kind), evidence=exchanged)


class _Share(NamedTuple):
    """How much of one text is in another: of its shingles, its words, and the shingles and words of its lead."""

    shingles: float
    words: float
    lead_shingles: float
    lead_words: float


def judge(a: Signature, b: Signature) -> Verdict:
    """Say whether b is a copy of a; judge(b, a) says the same, with truncated and extended exchanged."""
    if comes_first(*map(_ints, (b.body.words, b.title.words, a.body.words, a.title.words))):
        return judge(b, a).turned()
    titles = (a.title.words, a.title.capital_letters, b.title.words, b.title.capital_letters)
    found, shares = compare(*a.body.prepared, *b.body.prepared, *map(_ints, titles))
    return _verdict(found, shares.tolist(), len(a.body), len(b.body))


def judge_each(article: bytes, others: Sequence[bytes]) -> list[Verdict | None]:
    """Return what `judge` says of the article and each of the others, None where neither is made from the other.

    All are as `Signature.to_bytes` writes them. That is several times as fast as to judge pair by pair.
    """
    if not others:
        return []
    texts = np.frombuffer(bytearray(b"".join([article, *others])), np.int32)
    ends = np.fromiter(accumulate(map(len, [article, *others])), np.int64) // texts.itemsize
    found, shares, lengths, is_turned = compare_each(texts, ends)
    verdicts: list[Verdict | None] = [None] * len(others)
    for number in np.flatnonzero(found[:, 1] | found[:, 2]).tolist():
        one = _verdict(Compared(*found[number].tolist()), shares[number].tolist(), *lengths[number].tolist())
        verdicts[number] = one.turned() if is_turned[number] else one
    return verdicts


def _verdict(found: Compared, shares: list[list[float]], words_of_a: int, words_of_b: int) -> Verdict:
    of_a, of_b = (_Share(*share) for share in shares)
    evidence: dict[str, float | int | bool] = {
        "shared_shingles": found.shared,
        "a_in_b": round(of_a.words, 4),
        "b_in_a": round(of_b.words, 4),
        "lead_of_a_in_b": round(of_a.lead_words, 4),
        "lead_of_b_in_a": round(of_b.lead_words, 4),
    }
    if found.is_exact:
        return Verdict(is_duplicate=True, score=1.0, kind="exact", differs=False, evidence=evidence)
    differing = 0.0
    if found.is_copied:
        differing = _differing(found, min(words_of_a, words_of_b))
        evidence |= {
            "facts_agreed": found.agreed,
            "numbers_differ": found.numbers,
            "names_differ": found.names,
            "titles_differ": found.in_titles,
        }
    return Verdict(
        is_duplicate=bool(found.is_copied) and differing < DIFFERING,
        score=round(max(of_a.words, of_b.words) * (1 - differing), 4),
        kind=_kind(words_of_a, words_of_b, of_a, of_b),
        differs=differing >= DIFFERING,
        evidence=evidence,
    )


def _ints(tokens: Tokens) -> Ints:
    return tokens.view(np.int32)


def _differing(found: Compared, words: int) -> float:
    """Return the share of the facts at the same places that differ, of texts the shorter of which has as many words."""
    leading = found.leading if words < SHORT else 0
    against = found.numbers + leading + NAME * found.names + IN_TITLE * found.in_titles
    return float(against / (against + found.agreed)) if against > 1 else 0.0


def _kind(words_of_a: int, words_of_b: int, a: _Share, b: _Share) -> Kind:
    if b.words >= WHOLE and words_of_a > LONGER * words_of_b:
        return "truncated"
    if a.words >= WHOLE and words_of_b > LONGER * words_of_a:
        return "extended"
    return "edited"
