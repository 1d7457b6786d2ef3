"""Judges whether one of two articles is a copy of the other, by the words they share and the facts that differ."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Literal, NamedTuple

import numpy as np

from scrapers.dedup.judge.comparison import (
    MAX_PATCH,
    NAMES,
    NUMBERS,
    OWN_PASSAGE,
    WIDTH,
    ArticleWords,
    Comparison,
    Named,
    compare,
    compare_each,
    find_facts,
    names_of,
    overlap,
    prepare,
)
from scrapers.dedup.text.signatures import MIN_WORDS, Signature, Text
from scrapers.dedup.text.tokens import Hashes, shingles

Kind = Literal["exact", "edited", "truncated", "extended"]

MAX_DIFFERING = 0.2  # of the facts at the same places, below which the pages are about the same
NAME_WEIGHT, TITLE_WEIGHT = 2, 2  # of a differing name, and of a fact that differs in the titles; a number's is 1
SHORT = 100  # words; in a shorter page, numbers of the lead are what it is about and weigh double
WHOLE = 0.9  # of an article's words: all but an edit or two
LONGER = 1.15  # times the words: more than an edit adds
MIN_MOMENTS = 2  # differing days, hours or scores in two outlets' leads, which tell that they are about two events

# A correction: in one outlet, within hours, one name or a figure or two.
CORRECTED_NUMBERS, CORRECTION_MINUTES = 2, 12 * 60
SURELY_AGREED = 8  # facts, which a page of a series hardly has in common with the next
DAY_MINUTES = 20 * 60  # after which an outlet's page with another figure is the next of a series

# A text of few words, or of a page whose text is not all, is one with another if the headlines say so.
ALIKE = 0.6  # of a headline's words that the other headline has
TOLD, TOLD_BY_FEW = 1 / 4, 1 / 2  # of a headline's words, two at least, that the shared text has, and a short one has

# What one article contains of another without being its copy.
CONTAINED, MIN_CONTAINED = 0.8, 20  # of its words, and how many
NEW_LEAD = 30  # words before an older article: a report of its own
ANNOUNCED = 1 / 3  # of the headline's words, two at least, that only the rest has

_OTHER: dict[Literal["a", "b"], Literal["a", "b"]] = {"a": "b", "b": "a"}
_REVERSED: dict[Kind, Kind] = {"truncated": "extended", "extended": "truncated"}
_EXCHANGED = {
    "a_in_b": "b_in_a",
    "b_in_a": "a_in_b",
    "lead_of_a_in_b": "lead_of_b_in_a",
    "lead_of_b_in_a": "lead_of_a_in_b",
}


class Verdict(NamedTuple):
    """What was found about articles a and b.

    `kind` is what b is to a if it is a copy; `score` is between 0 and 1. `facts_differ` means the same text with other
    facts: another page of a series, not a copy. `reason` is the rule that decided, a key of `REASONS` in
    `explanation.py`. `contains` says which of the two has the other's text in it without being its copy: a digest, a
    report with an older one behind it. `found` is what was compared.
    """

    is_duplicate: bool
    score: float
    kind: Kind
    facts_differ: bool
    reason: str
    contains: Literal["a", "b"] | None
    found: Comparison

    @property
    def evidence(self) -> dict[str, float | int | bool]:
        """What was found, in JSON's own types."""
        evidence = _evidence(self.found)
        if not self.found.is_reversed:
            return evidence
        return {_EXCHANGED.get(name, name): value for name, value in evidence.items()}

    def reversed(self) -> "Verdict":
        """Return the verdict about b and a."""
        return self._replace(
            kind=_REVERSED.get(self.kind, self.kind),
            contains=_OTHER[self.contains] if self.contains else None,
            found=self.found._replace(is_reversed=not self.found.is_reversed),
        )


def judge(a: Signature, b: Signature) -> Verdict:
    """Return the verdict about a and b; `judge(b, a)` is always its reverse."""
    return _verdict(compare(_words(a), _words(b)))


def judge_each(article: bytes, others: Sequence[bytes]) -> list[Verdict | None]:
    """Return the verdict about the article and each of the others, or None where neither has to do with the other.

    The articles are the bytes that `Signature.to_bytes` writes. This is several times as fast as judging each pair.
    """
    verdicts: list[Verdict | None] = [None] * len(others)
    if others:
        signatures = np.frombuffer(bytearray(b"".join([article, *others])), np.int32)
        ends = np.fromiter(accumulate(map(len, [article, *others])), np.int64) // signatures.itemsize
        for number, *found in compare_each(signatures, ends).tolist():
            verdict = _verdict(Comparison(*found))
            if verdict.is_duplicate or verdict.facts_differ or verdict.contains:
                verdicts[number] = verdict
    return verdicts


def opposed_facts(a: Signature, b: Signature) -> list[tuple[int, int]]:
    """Return the numbers, names and days that stand against each other at the same places of two articles, hashed."""
    named = names_of(_words(a), _words(b))
    pairs = [pair for one, other in ((a.title, b.title), (a.body, b.body)) for pair in _opposed(one, other, named)]
    return [(pair >> 32 & 0xFFFFFFFF, pair & 0xFFFFFFFF) for pair in pairs]


def _opposed(a: Text, b: Text, named: Named) -> list[int]:
    one, other = (prepare(_as_ints(text.words), _as_ints(text.capital_letters)) for text in (a, b))
    facts = find_facts(one, other, overlap(one, other).matches, named)
    found: list[int] = np.concatenate([facts.values[kind, : facts.counts[kind]] for kind in (NUMBERS, NAMES)]).tolist()
    return found


def compared_shingles(text: Text) -> Hashes:
    """Return the distinct shingles by which the text is compared, sorted; all numbers are alike in them."""
    frame = prepare(_as_ints(text.words), _as_ints(text.capital_letters)).frame
    return np.unique(shingles(frame.view(np.uint32), WIDTH))


def _words(signature: Signature) -> ArticleWords:
    title, body = signature.title, signature.body
    origin = np.array(signature.origin, np.int32)
    return ArticleWords(origin, *map(_as_ints, (title.words, title.capital_letters, body.words, body.capital_letters)))


def _as_ints(words: np.ndarray[tuple[int], np.dtype[np.uint32]]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return words.view(np.int32)


def _verdict(found: Comparison) -> Verdict:
    differing = _share_of_differing_facts(found) if found.is_copied and not found.is_exact else 0.0
    container = _container(found)
    reason = _reason(found, differing, container)
    is_duplicate, facts_differ = reason in DUPLICATE_REASONS, reason in SERIES_REASONS
    contains = None if is_duplicate or facts_differ else container
    kind = _kind(found)
    if found.is_reversed:
        kind, contains = _REVERSED.get(kind, kind), _OTHER[contains] if contains else None
    score = 1.0 if found.is_exact else round(max(found.a_in_b, found.b_in_a) * (1 - differing), 4)
    return Verdict(is_duplicate, score, kind, facts_differ, reason, contains, found)


def _evidence(found: Comparison) -> dict[str, float | int | bool]:
    evidence: dict[str, float | int | bool] = {
        "shared_shingles": found.shared_shingles,
        "a_in_b": round(found.a_in_b, 4),
        "b_in_a": round(found.b_in_a, 4),
        "lead_of_a_in_b": round(found.lead_of_a_in_b, 4),
        "lead_of_b_in_a": round(found.lead_of_b_in_a, 4),
    }
    if found.is_copied and not found.is_exact:
        evidence |= {
            "facts_agreed": found.agreed,
            "numbers_differ": found.numbers,
            "names_differ": found.names,
            "titles_differ": found.in_titles,
            "moments_differ": found.moments + found.late_moments + found.title_moments,
        }
    return evidence


DUPLICATE_REASONS = frozenset({"same_text", "copied", "correction"})
SERIES_REASONS = frozenset({"moments_differ", "facts_differ", "next_of_series"})


def _reason(found: Comparison, differing: float, container: Literal["a", "b"] | None) -> str:
    """Return the rule that decides about two articles.

    `differing` is the share of facts that differ, `container` the article that contains the other.
    """
    if not found.is_exact and not found.is_copied:
        return "little_shared"
    if not _says_what_headlines_say(found):
        return "no_text_of_its_own"
    if found.is_exact:
        return "same_text"
    if container:
        return "contained"
    if _moments_differ(found, differing):
        return "moments_differ"
    if _is_correction(found):
        return "correction"
    if differing >= MAX_DIFFERING:
        return "facts_differ"
    return "next_of_series" if _is_next_of_series(found, differing) else "copied"


def _moments_differ(found: Comparison, differing: float) -> bool:
    """Return whether the texts are about other days, hours or scores.

    One in a lead is enough of one outlet, whose next report it is; another outlet's edit may change one, and has
    changed it by mistake where both headlines have the same day.
    """
    if _is_slip(found):
        return False
    if found.title_moments or found.moments >= (1 if found.same_outlet == 1 else MIN_MOMENTS):
        return True
    return found.moments + found.late_moments > 0 and differing >= MAX_DIFFERING / 2


def _is_slip(found: Comparison) -> bool:
    """Return whether another outlet wrote one day, hour or score differently than both headlines say."""
    differing = found.moments + found.late_moments
    return found.same_outlet != 1 and differing == 1 and not found.title_moments and found.same_title_moments > 0


def _says_what_headlines_say(found: Comparison) -> bool:
    """Return whether the headlines are alike, or the text that both share tells what one of them announces."""
    if min(found.words_of_a, found.words_of_b) == 0:
        return False
    if _are_alike(found):
        return True
    told = [
        shared / max(words, 1) if shared >= min(2, words) else 0.0
        for shared, words in (
            (found.headline_of_a_shared, found.headline_words_of_a),
            (found.headline_of_b_shared, found.headline_words_of_b),
        )
    ]
    if found.is_partial or min(found.words_of_a, found.words_of_b) < MIN_WORDS:
        return min(told) >= TOLD_BY_FEW
    if not min(found.headline_words_of_a, found.headline_words_of_b):
        return True
    return max(told) >= TOLD or (found.same_outlet != 1 and bool(found.is_factual))


def _are_alike(found: Comparison) -> bool:
    """Return whether one headline has most of the words of the other."""
    fewer = min(found.headline_words_of_a, found.headline_words_of_b)
    return bool(fewer > 0 and found.same_in_headlines >= ALIKE * fewer)


def _is_correction(found: Comparison) -> bool:
    """Return whether an outlet corrected a figure or two, or one name, within hours in an otherwise equal text.

    If the headlines differ as well, or the hours are not known, many other facts have to agree: pages of a series have
    few, and name in the headline what differs.
    """
    if found.same_outlet != 1 or found.minutes_apart > CORRECTION_MINUTES or min(found.a_in_b, found.b_in_a) < WHOLE:
        return False
    if found.in_titles:
        return (found.names, found.numbers, found.in_titles) == (0, 1, 1) and found.agreed >= SURELY_AGREED
    if found.minutes_apart < 0 and found.agreed < SURELY_AGREED:
        return False
    return (found.names, found.numbers) == (1, 0) or (not found.names and found.numbers <= CORRECTED_NUMBERS)


def _is_next_of_series(found: Comparison, differing: float) -> bool:
    """Return whether an outlet printed the text again on another day with other figures or names."""
    return found.same_outlet == 1 and found.minutes_apart >= DAY_MINUTES and differing >= MAX_DIFFERING / 2


class _Side(NamedTuple):
    """What one of two articles has of the other and of its own: see `Comparison`."""

    share: float  # of its words that the other has
    words: int
    before: int  # words before the first that the other has
    longest: int  # words of its longest passage that the other lacks, and of the longest outside what it shares
    outer: int
    told: int  # words of its headline, and how many of them only its own passages have
    own: int

    @property
    def announces(self) -> bool:
        """Whether the headline tells what only this article has."""
        return self.own >= max(2, ANNOUNCED * self.told)


def _sides(found: Comparison) -> tuple[_Side, _Side]:
    return (
        _Side(
            found.a_in_b, found.words_of_a, found.new_in_a, found.longest_new_in_a, found.outer_new_in_a,
            found.headline_words_of_a, found.headline_of_a_own,
        ),
        _Side(
            found.b_in_a, found.words_of_b, found.new_in_b, found.longest_new_in_b, found.outer_new_in_b,
            found.headline_words_of_b, found.headline_of_b_own,
        ),
    )  # fmt: skip


def _container(found: Comparison) -> Literal["a", "b"] | None:
    """Return which of the articles contains the other without being its copy, or None."""
    if found.is_exact or max(found.a_in_b, found.b_in_a) < CONTAINED:
        return None
    a, b = _sides(found)
    longer: Literal["a", "b"] = "b" if a.share >= b.share else "a"
    inside, outside = (a, b) if longer == "b" else (b, a)
    if inside.share < CONTAINED or inside.words < MIN_CONTAINED or outside.longest < OWN_PASSAGE:
        return None
    if found.is_copied and not (_is_behind(inside, outside) or _is_in_digest(inside, outside)):
        return None
    return longer


def _is_behind(inside: _Side, outside: _Side) -> bool:
    """Return whether an older article stands behind a report of its own.

    A few words of a lead are a report where the headline tells them, and the older article begins behind them as it
    did: of a copy under a new lead, the old lead is missing.
    """
    if outside.before >= NEW_LEAD and inside.share >= WHOLE:
        return True
    is_report = outside.before >= NEW_LEAD > inside.before
    is_added = outside.before >= OWN_PASSAGE and inside.before <= MAX_PATCH
    return outside.announces and (is_report or is_added)


def _is_in_digest(inside: _Side, outside: _Side) -> bool:
    """Return whether one of several articles stands in one piece beside the others.

    A text from which passages were dropped has them between those that stayed.
    """
    return inside.share >= WHOLE and outside.outer >= OWN_PASSAGE and outside.announces


def _share_of_differing_facts(found: Comparison) -> float:
    """Return the part of the facts at the same places that differ, by their weights."""
    slip = _is_slip(found)
    is_short = min(found.words_of_a, found.words_of_b) < SHORT
    leading = found.leading - (slip and found.moments) if is_short else 0
    numbers = found.numbers - slip + leading
    against = numbers + NAME_WEIGHT * found.names + TITLE_WEIGHT * found.in_titles
    return float(against / (against + found.agreed)) if against > 1 else 0.0


def _kind(found: Comparison) -> Kind:
    if found.is_exact:
        return "exact"
    if found.b_in_a >= WHOLE and found.words_of_a > LONGER * found.words_of_b:
        return "truncated"
    if found.a_in_b >= WHOLE and found.words_of_b > LONGER * found.words_of_a:
        return "extended"
    return "edited"
