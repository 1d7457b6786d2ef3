"""Is one of two articles a copy of the other? Judged on the words they share and on the facts that differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, NamedTuple

import numpy as np

from scrapers.dedup.compiled import NEW, NUMBERS, PLAIN, Ints, are_unlike, facts, is_copied, known_names, share
from scrapers.dedup.signatures import Signature

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
        found = judge(b, a)
        turned: dict[Kind, Kind] = {"truncated": "extended", "extended": "truncated"}
        exchanged = found.evidence | {
            "a_in_b": found.evidence["b_in_a"],
            "b_in_a": found.evidence["a_in_b"],
            "lead_of_a_in_b": found.evidence["lead_of_b_in_a"],
            "lead_of_b_in_a": found.evidence["lead_of_a_in_b"],
        }
        return Verdict(found.is_duplicate, found.score, turned.get(found.kind, found.kind), found.differs, exchanged)
    (rows, _), (others, tables) = a.body.prepared, b.body.prepared
    shared, shares, match = share(rows, others, tables)
    of_a, of_b = (_Share(*found) for found in shares.tolist())
    evidence: dict[str, float | int | bool] = {
        "shared_shingles": shared,
        "a_in_b": round(of_a.words, 4),
        "b_in_a": round(of_b.words, 4),
        "lead_of_a_in_b": round(of_a.lead_words, 4),
        "lead_of_b_in_a": round(of_b.lead_words, 4),
    }
    if np.array_equal(rows[PLAIN], others[PLAIN]):
        return Verdict(is_duplicate=True, score=1.0, kind="exact", differs=False, evidence=evidence)
    copied = is_copied(*shares)
    differing = _differing(a, b, match, evidence) if copied else 0.0
    return Verdict(
        is_duplicate=copied and differing < DIFFERING,
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


def _differing(a: Signature, b: Signature, match: Ints, evidence: dict[str, float | int | bool]) -> float:
    found, counts = facts(*a.body.prepared, *b.body.prepared, match)
    agreed, numbers, leading, names, _ = counts.tolist()
    added = more = found[NEW, : counts[NEW]].tolist()
    in_titles = 0
    if a.title.plain.tobytes() != b.title.plain.tobytes():
        title, other = a.title.prepared, b.title.prepared
        of_titles, in_title = facts(*title, *other, share(title[0], *other)[2])
        # in a headline any word may be capitalised: names count that the articles name too
        names_in_titles = known_names(of_titles, in_title, a.body.prepared[0], b.body.prepared[0])
        in_titles = int(in_title[NUMBERS]) + names_in_titles
        more = added + of_titles[NEW, : in_title[NEW]].tolist()
    names += len({name for name in added if more.count(name) > 1})
    is_short = min(len(a.body), len(b.body)) < SHORT
    against = numbers + is_short * leading + NAME * names + IN_TITLE * in_titles
    evidence |= {
        "facts_agreed": agreed,
        "numbers_differ": numbers,
        "names_differ": names,
        "titles_differ": in_titles,
    }
    return float(against / (against + agreed)) if against > 1 else 0.0


def _kind(words_of_a: int, words_of_b: int, a: _Share, b: _Share) -> Kind:
    if b.words >= WHOLE and words_of_a > LONGER * words_of_b:
        return "truncated"
    if a.words >= WHOLE and words_of_b > LONGER * words_of_a:
        return "extended"
    return "edited"
