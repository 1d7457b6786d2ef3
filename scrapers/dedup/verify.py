"""Is one of two articles a copy of the other? Judged on the words they share and on the facts that differ."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from scrapers.dedup.facts import LEAD, Facts, compare
from scrapers.dedup.signatures import WIDTH, Places, Signature, Text

Kind = Literal["exact", "edited", "truncated", "extended"]

# Who copies an article keeps its lead, who quotes one does not.
# An edited copy has something of both leads, and more than half of either article is in the other.
LED, EDITED = 0.3, 0.58
# A truncated copy, or an extended one, has both leads nearly whole and the shorter article nearly whole.
SAME_LEAD, PART = 0.75, 0.85
# With another lead, nearly all of the shorter article and most of the longer.
ALL, MOST = 0.95, 0.7
LITTLE = 0.25  # of either article's shingles; with less, nothing else is looked at
PATCH = 4  # words between shared shingles, up to which they count as shared: a word that an edit replaced
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


@dataclass(frozen=True, slots=True)
class _Shared:
    """What two texts share: for each its share of shingles, of words, and of the words and shingles of its lead."""

    count: int
    shingles: tuple[float, float]
    words: tuple[float, float]
    lead_shingles: tuple[float, float]
    lead_words: tuple[float, float]
    in_a: Places  # of the shingles that both texts have equally often, in order
    in_b: Places

    @property
    def is_copied(self) -> bool:
        """Whether one text is made from the other, whatever its facts."""
        if max(self.shingles) >= ALL and min(self.shingles) >= MOST:
            return True
        if min(self.lead_words) >= SAME_LEAD and max(self.words) >= PART:
            return True
        return min(self.lead_shingles) >= LED and min(self.words) >= EDITED


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
        return Verdict(found.is_duplicate, found.score, turned.get(found.kind, found.kind), found.differs, evidence)
    shared = _shared(a.body, b.body)
    evidence = {
        "shared_shingles": shared.count,
        "a_in_b": round(shared.words[0], 4),
        "b_in_a": round(shared.words[1], 4),
        "lead_of_a_in_b": round(shared.lead_words[0], 4),
        "lead_of_b_in_a": round(shared.lead_words[1], 4),
    }
    if np.array_equal(a.body.plain, b.body.plain):
        return Verdict(is_duplicate=True, score=1.0, kind="exact", differs=False, evidence=evidence)
    is_copied = shared.is_copied
    differing = _differing(a, b, shared, evidence) if is_copied else 0.0
    return Verdict(
        is_duplicate=is_copied and differing < DIFFERING,
        score=round(max(shared.words) * (1 - differing), 4),
        kind=_kind(a.body, b.body, shared),
        differs=differing >= DIFFERING,
        evidence=evidence,
    )


def _order(signature: Signature) -> tuple[int, bytes, bytes]:
    return len(signature.body), signature.body.words.tobytes(), signature.title.words.tobytes()


def _shared(a: Text, b: Text) -> _Shared:
    these, those = a.shingles, b.shingles
    found = those.distinct.searchsorted(these.distinct)
    found[found == len(those.distinct)] = 0
    in_a = np.flatnonzero(those.distinct[found] == these.distinct) if len(those.distinct) else found[:0]
    in_b = found[in_a]
    shares = _share(len(in_a), len(these.distinct)), _share(len(in_b), len(those.distinct))
    if max(shares) < LITTLE:
        return _Shared(len(in_a), shares, shares, (0.0, 0.0), (0.0, 0.0), in_a[:0], in_b[:0])
    alike = these.counts[in_a] == those.counts[in_b]
    places_a, places_b = these.places_of(in_a), those.places_of(in_b)
    of_a, of_b = _coverage(len(a), places_a), _coverage(len(b), places_b)
    if not alike.all():
        places_a, places_b = these.places_of(in_a[alike]), those.places_of(in_b[alike])
    return _Shared(
        count=len(in_a),
        shingles=shares,
        words=(of_a.words, of_b.words),
        lead_shingles=(of_a.lead_shingles, of_b.lead_shingles),
        lead_words=(of_a.lead_words, of_b.lead_words),
        in_a=places_a,
        in_b=places_b,
    )


class _Coverage(NamedTuple):
    """The share of a text's words that are shared, and those of its lead's words and shingles."""

    words: float
    lead_words: float
    lead_shingles: float


def _coverage(length: int, places: Places) -> _Coverage:
    """Return what the shared shingles at these places cover of a text of so many words.

    A word is shared where it is in a shared shingle, or between two that are no more than PATCH words apart.
    """
    if not len(places):
        return _Coverage(0.0, 0.0, 0.0)
    starts = np.sort(places)
    spans = starts[1:] - starts[:-1]
    spans[spans > WIDTH + PATCH] = WIDTH
    words, lead_words = int(spans.sum()) + WIDTH, 0
    if leading := int(starts.searchsorted(LEAD)):
        last = int(starts[leading - 1])
        span = int(spans[leading - 1]) if leading <= len(spans) else WIDTH
        lead_words = int(spans[: leading - 1].sum()) + min(span, LEAD - last)
    lead_shingles = LEAD - WIDTH + 1
    return _Coverage(
        words=_share(words, length),
        lead_words=_share(lead_words, min(length, LEAD)),
        lead_shingles=_share(int(starts.searchsorted(lead_shingles)), min(length - WIDTH + 1, lead_shingles)),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _differing(a: Signature, b: Signature, shared: _Shared, evidence: dict[str, float | int | bool]) -> float:
    body = compare(a.body, b.body, shared.in_a, shared.in_b)
    title = Facts()
    if not np.array_equal(a.title.plain, b.title.plain):
        titles = _shared(a.title, b.title)
        title = compare(a.title, b.title, titles.in_a, titles.in_b)
    in_titles = len(title.numbers) + len(_names_in_titles(title, a.body, b.body))
    added = {name for name in body.added if (body.added + title.added).count(name) > 1}
    names = len(body.names) + len(added)
    is_short = min(len(a.body), len(b.body)) < SHORT
    against = len(body.numbers) + is_short * len(body.leading) + NAME * names + IN_TITLE * in_titles
    agreed = len(body.agreed)
    evidence |= {
        "facts_agreed": agreed,
        "numbers_differ": len(body.numbers),
        "names_differ": names,
        "titles_differ": in_titles,
    }
    return against / (against + agreed) if against > 1 else 0.0


def _names_in_titles(title: Facts, a: Text, b: Text) -> set[tuple[int, int]]:
    """The differing names of two titles that the articles name too: in a headline any word may be capitalised."""
    names = set(a.plain[a.is_name].tolist()), set(b.plain[b.is_name].tolist())
    return {(one, other) for one, other in title.names if one in names[0] and other in names[1]}


def _kind(a: Text, b: Text, shared: _Shared) -> Kind:
    if shared.words[1] >= WHOLE and len(a) > LONGER * len(b):
        return "truncated"
    if shared.words[0] >= WHOLE and len(b) > LONGER * len(a):
        return "extended"
    return "edited"
