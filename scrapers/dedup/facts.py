"""Two texts laid side by side: where they say the same, do they speak of the same numbers and names?

The pages of a series (prices, matches, prayer times) share a frame and differ in facts; an edited copy shares its
facts and differs in words. Only what stands at the same place of both texts is compared, so that a fact that one text
has and the other lacks is no difference.
"""

import itertools
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from scrapers.dedup.signatures import WIDTH, Places, Text

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
    if not len(in_a):
        return facts
    segments = _segments(a, b, in_a, in_b)
    _side_by_side(facts, a, b, segments)
    for before, segment in zip([None, *segments], segments, strict=False):
        _before(facts, a, b, segment, before)
    return facts


def _before(facts: Facts, a: Text, b: Text, segment: Segment, last: Segment | None) -> None:
    """Compare what stands before a segment: back to the last one, or to where both sentences start alike."""
    here, there = segment.start, segment.start + segment.shift
    start, other = _sentence(a, here), _sentence(b, there)
    if last and last.end > start and last.end + last.shift > other:
        start, other = last.end, last.end + last.shift
    else:
        frames, words, others = (a.frame.data, b.frame.data), a.plain.data, b.plain.data
        while start < here and other < there and frames[0][start] == frames[1][other]:
            if words[start] != others[other] and a.is_number.data[start]:
                break
            start, other = start + 1, other + 1
    if (start < here and other < there) or last:
        _slot(facts, a, b, range(start, here), range(other, there))


def _sentence(text: Text, place: int) -> int:
    """Return where the sentence starts that the place is in, no more than a slot and two words before it."""
    starts, farthest = text.starts.data, max(place - SLOT - 2, 0)
    return next((start for start in range(place, farthest, -1) if starts[start]), farthest)


def _segments(a: Text, b: Text, in_a: Places, in_b: Places) -> list[Segment]:
    order = np.argsort(in_a)
    places, shifts = in_a[order], (in_b - in_a)[order]
    breaks = np.flatnonzero((shifts[1:] != shifts[:-1]) | (places[1:] - places[:-1] > FARTHEST)).tolist()
    found = [
        Segment(int(places[first]), int(places[last]) + WIDTH, int(shifts[first]))
        for first, last in zip([0, *(last + 1 for last in breaks)], [*breaks, len(places) - 1], strict=True)
    ]
    floors = [0, *(segment.end for segment in found[:-1])]
    ceilings = [*(segment.start for segment in found[1:]), len(a)]
    return [_widened(a.frame.data, b.frame.data, *limits) for limits in zip(found, floors, ceilings, strict=True)]


def _widened(a: memoryview, b: memoryview, segment: Segment, floor: int, ceiling: int) -> Segment:
    start, end, shift = segment
    while end < ceiling and end + shift < len(b) and a[end] == b[end + shift]:
        end += 1
    while start > floor and start + shift > 0 and a[start - 1] == b[start + shift - 1]:
        start -= 1
    return Segment(start, end, shift)


def _side_by_side(facts: Facts, a: Text, b: Text, segments: list[Segment]) -> None:
    """Compare what stands at the same place within segments."""
    here = np.concatenate([np.arange(segment.start, segment.end) for segment in segments])
    there = here + np.repeat([segment.shift for segment in segments], [one.end - one.start for one in segments])
    words, others = a.plain[here], b.plain[there]
    same = words == others
    numbers = (a.is_number & ~a.starts)[here] & b.is_number[there]  # one that starts a sentence numbers a list
    facts.agreed.update(words[same & (numbers | a.is_name[here])].tolist())
    differing = numbers & ~same
    pairs = list(zip(words[differing].tolist(), others[differing].tolist(), strict=True))
    facts.numbers.update(pairs)
    is_leading = (np.maximum(here, there)[differing] < LEAD).tolist()
    facts.leading.update(itertools.compress(pairs, is_leading))
    unlike = ~same & ~numbers
    here, there = here[unlike], there[unlike]
    _slots(facts, a, b, here.tolist(), there.tolist(), (a.is_fact[here] | b.is_fact[there]).tolist())


def _slots(facts: Facts, a: Text, b: Text, here: list[int], there: list[int], is_fact: list[bool]) -> None:
    """Compare runs of words that are in the same place and unlike, where one of them is a fact of either text."""
    first = 0
    for last in range(len(here)):
        if here[last + 1 : last + 2] != [here[last] + 1] or there[last + 1] != there[last] + 1:
            if any(is_fact[first : last + 1]):
                _slot(facts, a, b, range(here[first], here[last] + 1), range(there[first], there[last] + 1))
            first = last + 1


def _slot(facts: Facts, a: Text, b: Text, here: range, there: range) -> None:
    """Compare what two texts say between words that they share."""
    if max(len(here), len(there)) > SLOT or _is_over(a, here) or _is_over(b, there):
        return
    names, others = _names_of_its_own(a, here, b), _names_of_its_own(b, there, a)
    words, words_there = a.plain.data, b.plain.data
    if names and others:
        if not any(_alike(int(a.letters[one]), int(b.letters[other])) for one in names for other in others):
            facts.names.add((words[names[0]], words_there[others[0]]))
    elif len(here) != len(there) and min(len(here), len(there)) == 0 and max(len(here), len(there)) <= ADDED:
        facts.added += [words[place] for place in names] + [words_there[place] for place in others]
    said, said_there = _numbers_in(a, here), _numbers_in(b, there)
    if said & said_there:
        facts.agreed |= said & said_there
    elif said and said_there:
        facts.numbers.add((min(said), min(said_there)))
        if max(here.start, there.start) < LEAD:
            facts.leading.add((min(said), min(said_there)))


def _is_over(text: Text, places: range) -> bool:
    """Tell whether another sentence starts within the places."""
    return b"\1" in text.starts.data[places.start + 1 : places.stop].tobytes()


def _numbers_in(text: Text, places: range) -> set[int]:
    words, is_number = text.plain.data, text.is_number.data
    return {words[place] for place in places if is_number[place]}


def _names_of_its_own(text: Text, places: range, other: Text) -> list[int]:
    words, is_name, is_number = text.plain.data, text.is_name.data, text.is_number.data
    return [
        place for place in places if is_name[place] and not is_number[place] and words[place] not in other.vocabulary
    ]


def _alike(one: int, other: int) -> bool:
    """Tell whether two names' letters are those of one name and its misspelling."""
    shortest = min(one >> 26, other >> 26)
    letters = ((one ^ other) & 0x3FFFFFF).bit_count()
    return abs((one >> 26) - (other >> 26)) <= 1 and letters <= (2 if shortest > 4 else 1 if shortest == 4 else 0)
