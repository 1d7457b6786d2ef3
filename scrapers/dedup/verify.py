"""Is one of two articles a copy of the other? Judged on the words they share and on the facts that differ."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from scrapers.dedup.facts import Facts, compare
from scrapers.dedup.signatures import Places, Signature, Text

Kind = Literal["exact", "edited", "truncated", "extended"]

CONTAINED = 0.3  # the share of the shorter article's shingles that a copy keeps
LEAD, LED = 38, 0.3  # shingles in an article's first forty words, and the share of them found in the other article
DIFFERING = 0.2  # the share of the facts at the same places that may differ
NAME, IN_TITLE = 2, 2  # how much a differing name, and a fact that differs in the titles, weigh against one number
WHOLE = 0.9  # of an article's shingles: all of it but an edit or two is in the other
LONGER = 1.15  # times the words: more than an edit adds


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: `kind` says what b is to a; `score` is between 0 and 1; `evidence` holds JSON's own types."""

    is_duplicate: bool
    score: float
    kind: Kind
    evidence: dict[str, float | int | bool]


@dataclass(frozen=True, slots=True)
class _Shared:
    """The shingles that two texts share, and the places of those that each has once."""

    count: int
    share_of_a: float
    share_of_b: float
    lead_of_a: float
    lead_of_b: float
    in_a: Places
    in_b: Places


def judge(a: Signature, b: Signature) -> Verdict:
    """Say whether b is a copy of a; judge(b, a) says the same, with truncated and extended exchanged."""
    if _order(b) < _order(a):
        found = judge(b, a)
        turned: dict[Kind, Kind] = {"truncated": "extended", "extended": "truncated"}
        evidence = found.evidence | {
            "a_in_b": found.evidence["b_in_a"],
            "b_in_a": found.evidence["a_in_b"],
            "lead_of_a_in_b": found.evidence["lead_of_b_in_a"],
            "lead_of_b_in_a": found.evidence["lead_of_a_in_b"],
        }
        return Verdict(found.is_duplicate, found.score, turned.get(found.kind, found.kind), evidence)
    shared = _shared(a.body, b.body)
    evidence = {
        "shared_shingles": shared.count,
        "a_in_b": round(shared.share_of_a, 4),
        "b_in_a": round(shared.share_of_b, 4),
        "lead_of_a_in_b": round(shared.lead_of_a, 4),
        "lead_of_b_in_a": round(shared.lead_of_b, 4),
    }
    if np.array_equal(a.body.plain, b.body.plain):
        return Verdict(is_duplicate=True, score=1.0, kind="exact", evidence=evidence)
    contained = max(shared.share_of_a, shared.share_of_b)
    copied = contained >= CONTAINED and min(shared.lead_of_a, shared.lead_of_b) >= LED
    differing = 0.0
    if copied:
        differing = _differing(a, b, shared, evidence)
    return Verdict(
        is_duplicate=copied and differing < DIFFERING,
        score=round(contained * (1 - differing), 4),
        kind=_kind(a.body, b.body, shared),
        evidence=evidence,
    )


def _order(signature: Signature) -> tuple[int, bytes, bytes]:
    return len(signature.body), signature.body.words.tobytes(), signature.title.words.tobytes()


def _shared(a: Text, b: Text) -> _Shared:
    (these, places_a, once_a), (those, places_b, once_b) = a.shingles, b.shingles
    found = np.searchsorted(those, these)
    found[found == len(those)] = 0
    in_a = np.flatnonzero(those[found] == these) if len(those) else np.empty(0, np.intp)
    in_b = found[in_a]
    once = once_a[in_a] & once_b[in_b]
    return _Shared(
        count=len(in_a),
        share_of_a=_share(len(in_a), len(these)),
        share_of_b=_share(len(in_b), len(those)),
        lead_of_a=_share(np.count_nonzero(places_a[in_a] < LEAD), np.count_nonzero(places_a < LEAD)),
        lead_of_b=_share(np.count_nonzero(places_b[in_b] < LEAD), np.count_nonzero(places_b < LEAD)),
        in_a=places_a[in_a][once],
        in_b=places_b[in_b][once],
    )


def _share(part: int | np.integer[Any], whole: int | np.integer[Any]) -> float:
    return float(part / whole) if whole else 0.0


def _differing(a: Signature, b: Signature, shared: _Shared, evidence: dict[str, float | int | bool]) -> float:
    body = compare(a.body, b.body, shared.in_a, shared.in_b)
    titles = _shared(a.title, b.title)
    title = compare(a.title, b.title, titles.in_a, titles.in_b)
    in_titles = len(title.numbers) + len(_names_in_titles(title, a.body, b.body))
    added = {name for name in body.added if (body.added + title.added).count(name) > 1}
    against = len(body.numbers) + NAME * (len(body.names) + len(added)) + IN_TITLE * in_titles
    agreed = len(body.agreed)
    evidence |= {
        "facts_agreed": agreed,
        "numbers_differ": len(body.numbers),
        "names_differ": len(body.names) + len(added),
        "titles_differ": in_titles,
    }
    return against / (against + agreed) if against > 1 else 0.0


def _names_in_titles(title: Facts, a: Text, b: Text) -> set[tuple[int, int]]:
    """The differing names of two titles that the articles name too: in a headline any word may be capitalised."""
    names = set(a.plain[a.is_name].tolist()), set(b.plain[b.is_name].tolist())
    return {(one, other) for one, other in title.names if one in names[0] and other in names[1]}


def _kind(a: Text, b: Text, shared: _Shared) -> Kind:
    if shared.share_of_b >= WHOLE and len(a) > LONGER * len(b):
        return "truncated"
    if shared.share_of_a >= WHOLE and len(b) > LONGER * len(a):
        return "extended"
    return "edited"
