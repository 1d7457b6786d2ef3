"""Two texts laid side by side: where they say the same, do they speak of the same numbers and names?

The pages of a series (prices, matches, prayer times) share a frame and differ in facts; an edited copy shares its
facts and differs in words. Only what stands at the same place of both texts is compared, so that a fact that one text
has and the other lacks is no difference.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from scrapers.dedup.signatures import Places, Text
from scrapers.dedup.tokens import Tokens

FARTHEST = 40  # words between two shared shingles at the same distance, up to which all between is side by side
LEAD = 40  # words in which an article says what it is about
SLOT = 8  # words; a longer difference is another sentence, not another fact
ADDED = 3  # words of a name that only one text has


class Segment(NamedTuple):
    """Words `start` to `end` of one text, which stand `shift` words further on in the other."""

    start: int
    end: int
    shift: int


@dataclass(slots=True)
class Facts:
    """The numbers and names at the same place of both texts: those agreed on, and pairs that differ."""

    agreed: set[int] = field(default_factory=set)
    numbers: set[tuple[int, int]] = field(default_factory=set)
    leading: set[tuple[int, int]] = field(default_factory=set)  # of the numbers that differ, those in the leads
    names: set[tuple[int, int]] = field(default_factory=set)
    added: list[int] = field(default_factory=list)


def compare(a: Text, b: Text, in_a: Places, in_b: Places) -> Facts:
    """Return the facts of two texts that share the shingles at these places."""
    facts = Facts()
    before: Segment | None = None
    for segment in _segments(a, b, in_a, in_b):
        _side_by_side(facts, a, b, segment)
        _before(facts, a, b, segment, before)
        before = segment
    return facts


def _before(facts: Facts, a: Text, b: Text, segment: Segment, last: Segment | None) -> None:
    """Compare what stands before a segment: back to the last one, or to where both sentences start alike."""
    here, there = segment.start, segment.start + segment.shift
    start, other = _sentence(a, here), _sentence(b, there)
    if last and last.end > start and last.end + last.shift > other:
        start, other = last.end, last.end + last.shift
    else:
        while start < here and other < there and a.frame[start] == b.frame[other]:
            if a.is_number[start] and a.plain[start] != b.plain[other]:
                break
            start, other = start + 1, other + 1
    if (start < here and other < there) or last:
        _slot(facts, a, b, range(start, here), range(other, there))


def _sentence(text: Text, place: int) -> int:
    """Return where the sentence starts that the place is in, no more than a slot and two words before it."""
    for start in range(place, max(place - SLOT - 2, 0), -1):
        if text.starts[start]:
            return start
    return max(place - SLOT - 2, 0)


def _segments(a: Text, b: Text, in_a: Places, in_b: Places) -> list[Segment]:
    if not len(in_a):
        return []
    order = np.argsort(in_a)
    places, shifts = in_a[order], (in_b - in_a)[order]
    breaks = np.flatnonzero((np.diff(shifts) != 0) | (np.diff(places) > FARTHEST))
    first, last = np.append(0, breaks + 1), np.append(breaks, len(places) - 1)
    found = [
        Segment(*found)
        for found in zip(places[first].tolist(), (places[last] + 3).tolist(), shifts[first].tolist(), strict=True)
    ]
    floors = [0, *(segment.end for segment in found[:-1])]
    ceilings = [*(segment.start for segment in found[1:]), len(a)]
    return [_widened(a.frame, b.frame, *limits) for limits in zip(found, floors, ceilings, strict=True)]


def _widened(a: Tokens, b: Tokens, segment: Segment, floor: int, ceiling: int) -> Segment:
    start, end, shift = segment
    while end < ceiling and end + shift < len(b) and a[end] == b[end + shift]:
        end += 1
    while start > floor and start + shift > 0 and a[start - 1] == b[start + shift - 1]:
        start -= 1
    return Segment(start, end, shift)


def _side_by_side(facts: Facts, a: Text, b: Text, segment: Segment) -> None:
    here = slice(segment.start, segment.end)
    there = slice(segment.start + segment.shift, segment.end + segment.shift)
    words, others = a.plain[here], b.plain[there]
    same = words == others
    numbers = a.is_number[here] & b.is_number[there] & ~a.starts[here]  # one that starts a sentence numbers a list
    facts.agreed.update(words[same & (numbers | a.is_name[here])].tolist())
    differing = numbers & ~same
    pairs = list(zip(words[differing].tolist(), others[differing].tolist(), strict=True))
    facts.numbers.update(pairs)
    places = np.flatnonzero(differing) + max(segment.start, segment.start + segment.shift)
    facts.leading.update(pairs[: np.count_nonzero(places < LEAD)])
    unlike = np.flatnonzero(~same & ~numbers)
    if len(unlike):
        for run in np.split(unlike, np.flatnonzero(np.diff(unlike) > 1) + 1):
            start, end = segment.start + int(run[0]), segment.start + int(run[-1]) + 1
            _slot(facts, a, b, range(start, end), range(start + segment.shift, end + segment.shift))


def _slot(facts: Facts, a: Text, b: Text, here: range, there: range) -> None:
    """Compare what two texts say between words that they share."""
    if max(len(here), len(there)) > SLOT or a.starts[here.start + 1 : here.stop].any():
        return
    if b.starts[there.start + 1 : there.stop].any():
        return
    names, others = _names_of_its_own(a, here, b), _names_of_its_own(b, there, a)
    if names and others:
        if not any(_alike(int(a.letters[one]), int(b.letters[other])) for one in names for other in others):
            facts.names.add((int(a.plain[names[0]]), int(b.plain[others[0]])))
    elif len(here) != len(there) and min(len(here), len(there)) == 0 and max(len(here), len(there)) <= ADDED:
        facts.added += [int(a.plain[place]) for place in names] + [int(b.plain[place]) for place in others]
    said = {int(a.plain[place]) for place in here if a.is_number[place]}
    said_there = {int(b.plain[place]) for place in there if b.is_number[place]}
    if said & said_there:
        facts.agreed |= said & said_there
    elif said and said_there:
        facts.numbers.add((min(said), min(said_there)))
        if max(here.start, there.start) < LEAD:
            facts.leading.add((min(said), min(said_there)))


def _names_of_its_own(text: Text, places: range, other: Text) -> list[int]:
    return [
        place
        for place in places
        if text.is_name[place] and not text.is_number[place] and int(text.plain[place]) not in other.vocabulary
    ]


def _alike(one: int, other: int) -> bool:
    """Tell whether two names' letters are those of one name and its misspelling."""
    shortest = min(one >> 26, other >> 26)
    letters = ((one ^ other) & 0x3FFFFFF).bit_count()
    return abs((one >> 26) - (other >> 26)) <= 1 and letters <= (2 if shortest > 4 else 1 if shortest == 4 else 0)
