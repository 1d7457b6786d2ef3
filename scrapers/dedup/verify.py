"""Is one of two articles a copy of the other? Judged on the words they share and on the facts that differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, NamedTuple

import numpy as np

from scrapers.dedup.compiled import Compared, Ints, are_unlike, compare
from scrapers.dedup.signatures import Signature, Text

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


class _Share(NamedTuple):
    """How much of one text is in another: of its shingles, its words, and the shingles and words of its lead."""

    shingles: float
    words: float
    lead_shingles: float
    lead_words: float


def judge(a: Signature, b: Signature) -> Verdict:
    """Say whether b is a copy of a; judge(b, a) says the same, with truncated and extended exchanged."""
    if _comes_first(b, a):
        other = judge(b, a)
        turned: dict[Kind, Kind] = {"truncated": "extended", "extended": "truncated"}
        exchanged = other.evidence | {
            "a_in_b": other.evidence["b_in_a"],
            "b_in_a": other.evidence["a_in_b"],
            "lead_of_a_in_b": other.evidence["lead_of_b_in_a"],
            "lead_of_b_in_a": other.evidence["lead_of_a_in_b"],
        }
        return Verdict(other.is_duplicate, other.score, turned.get(other.kind, other.kind), other.differs, exchanged)
    found, shares = compare(*a.body.prepared, *b.body.prepared, *_words(a.title), *_words(b.title))
    of_a, of_b = (_Share(*share) for share in shares.tolist())
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
        differing = _differing(found, min(len(a.body), len(b.body)))
        evidence |= {
            "facts_agreed": found.agreed,
            "numbers_differ": found.numbers,
            "names_differ": found.names,
            "titles_differ": found.in_titles,
        }
    return Verdict(
        is_duplicate=bool(found.is_copied) and differing < DIFFERING,
        score=round(max(of_a.words, of_b.words) * (1 - differing), 4),
        kind=_kind(len(a.body), len(b.body), of_a, of_b),
        differs=differing >= DIFFERING,
        evidence=evidence,
    )


def unlike(a: Signature, others: Sequence[Signature]) -> list[bool]:
    """Tell which of the others share so little with a that `judge` calls them no copies, and finds no facts to differ.

    That is many times as fast as to judge them, and of the pairs that are no copies it is nearly all.
    """
    if not others:
        return []
    words = [other.body.words for other in others]
    ends = np.fromiter(accumulate(map(len, words)), np.int64)
    found: list[bool] = are_unlike(*a.body.prepared, np.concatenate(words).view(np.int32), ends).tolist()
    return found


def _comes_first(a: Signature, b: Signature) -> bool:
    if len(a.body) != len(b.body):
        return len(a.body) < len(b.body)
    texts = [(one.body.words.tobytes(), one.title.words.tobytes()) for one in (a, b)]
    return texts[0] < texts[1]


def _words(text: Text) -> tuple[Ints, Ints]:
    return text.words.view(np.int32), text.capital_letters.view(np.int32)


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
