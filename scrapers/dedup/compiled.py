"""Two texts compared word by word: plain loops over arrays, compiled by numba when they are first called.

What is compiled is kept beside this file or in the user's cache, and made anew when this file changes. That is why it
imports nothing of ours: numba would not see a change there.

Where two texts say the same, do they speak of the same numbers and names? The pages of a series (prices, matches,
prayer times) share a frame and differ in facts; an edited copy shares its facts and differs in words. Only what stands
at the same place of both texts is compared, so that a fact that one text has and the other lacks is no difference.

A text is prepared once for all its comparisons. `rows` has what is known of each word, a row a property; `tables` find
words and shingles by their hash: a slot holds a place + 1, or 0 where it is empty, and what finds it taken goes on.
All is int32, read as int64: numbers of one type, for numba compiles a function anew for each.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, ParamSpec, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")

WIDTH = 3  # words in a shingle that is compared
LEAD = 40  # words in which an article says what it is about
LITTLE = 0.25  # of either article's shingles; with less, nothing else is looked at
PATCH = 4  # words between shared shingles, up to which they count as shared: a word that an edit replaced
FARTHEST = 40  # words between two shared shingles at the same distance, up to which all between is side by side
SLOT = 8  # words; a longer difference is another sentence, not another fact
ADDED = 3  # words of a name that only one text has

# Who copies an article keeps its lead, who quotes one does not.
# An edited copy has something of both leads, and more than half of either article is in the other.
LED, EDITED = 0.3, 0.58
# A truncated copy, or an extended one, has both leads nearly whole and the shorter article nearly whole.
SAME_LEAD, PART = 0.75, 0.85
# With another lead, nearly all of the shorter article and most of the longer.
ALL, MOST = 0.95, 0.7

PLAIN, FRAME, LETTERS, FLAGS, FIRST, COUNT, NEXT = range(7)  # rows; the last three are of the shingle that starts there
WORDS, SHINGLES = range(2)  # tables
OF_SHINGLES, OF_WORDS, OF_LEAD_SHINGLES, OF_LEAD_WORDS = range(4)  # shares of one text that are in another
AGREED, NUMBERS, LEADING, NAMES, NEW = range(5)  # facts
IS_NUMBER, IS_CAPITAL, IS_START, IS_NAME = 1, 2, 4, 8  # flags; the first three as in `tokens.py`
PLAIN_BITS = ~(IS_NUMBER | IS_CAPITAL | IS_START)
NONE = -1
ANY_NUMBER = -0x77777778  # the mark that stands for every number in a frame
UNSIGNED = 0xFFFFFFFF
GOLDEN = -7046029254386353131  # 2**64 / the golden ratio, for multiplicative hashing (Knuth, 6.4)

Int = Any  # an integer or a truth value: numpy's are no int and bool to mypy
Ints = NDArray[np.int32]
Found = NDArray[np.int64]


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function as numba compiles it, from the cache where one can be written."""
    try:
        made: Any = njit(cache=True)(function)
    except RuntimeError:  # neither this folder nor the user's cache is writable
        made = njit(function)
    return made  # type: ignore[no-any-return]


@compiled
def _first_slot(value: Int, tables: Ints) -> Int:
    return ((value * GOLDEN) >> 32) & (tables.shape[1] - 1)


@compiled
def _mixed(frame: Ints, place: Int) -> Int:
    return (frame[place] * GOLDEN + frame[place + 1]) * GOLDEN + frame[place + 2]


@compiled
def _word_at(rows: Ints, tables: Ints, word: Int) -> Int:
    """Return the first place of a word, NONE where it is not in the text."""
    slot = _first_slot(word, tables)
    while tables[WORDS, slot] != 0:
        place = tables[WORDS, slot] - 1
        if rows[PLAIN, place] == word:
            return place
        slot = (slot + 1) & (tables.shape[1] - 1)
    return NONE


@compiled
def _shingle_at(rows: Ints, tables: Ints, frame: Ints, at: Int) -> Int:
    """Return the first place of the shingle that starts at `at` of the frame, NONE where it is not in the text."""
    slot = _first_slot(_mixed(frame, at), tables)
    while tables[SHINGLES, slot] != 0:
        place = tables[SHINGLES, slot] - 1
        same = 0
        while same < WIDTH and rows[FRAME, place + same] == frame[at + same]:
            same += 1
        if same == WIDTH:
            return place
        slot = (slot + 1) & (tables.shape[1] - 1)
    return NONE


@compiled
def _enter(tables: Ints, table: Int, value: Int, place: Int) -> None:
    slot = _first_slot(value, tables)
    while tables[table, slot] != 0:
        slot = (slot + 1) & (tables.shape[1] - 1)
    tables[table, slot] = place + 1


@compiled
def prepare(words: Ints, capital_letters: Ints) -> tuple[Ints, Ints]:
    """Return rows and tables of a text."""
    length = len(words)
    size = 8
    while size < 2 * length:
        size *= 2
    rows, tables = np.zeros((7, length), np.int32), np.zeros((2, size), np.int32)
    _prepare_words(words, capital_letters, rows, tables)
    last, frame = np.empty(length, np.int32), rows[FRAME]
    for place in range(length - WIDTH + 1):
        first = _shingle_at(rows, tables, frame, place)
        if first == NONE:
            first = place
            _enter(tables, SHINGLES, _mixed(frame, place), place)
        else:
            rows[NEXT, last[first]] = place
        rows[FIRST, place] = first
        rows[NEXT, place] = NONE
        rows[COUNT, first] += 1
        last[first] = place
    return rows, tables


@compiled
def _prepare_words(words: Ints, capital_letters: Ints, rows: Ints, tables: Ints) -> None:
    capitals = 0
    for place in range(len(words)):
        word = words[place]
        flags = word & (IS_NUMBER | IS_CAPITAL | IS_START)
        plain = word - flags
        rows[PLAIN, place] = plain
        rows[FRAME, place] = ANY_NUMBER if flags & IS_NUMBER else plain
        rows[FLAGS, place] = flags
        if flags & IS_CAPITAL:
            rows[LETTERS, place] = capital_letters[capitals]
            capitals += 1
        first = _word_at(rows, tables, plain)
        if first == NONE:
            _enter(tables, WORDS, plain, place)
            first = place
        if flags & (IS_CAPITAL | IS_START) == IS_CAPITAL:
            rows[COUNT, first] = 1
    for place in range(len(words)):  # a name: capitalised within a sentence, or at its start and within another
        if rows[FLAGS, place] & IS_CAPITAL and rows[COUNT, _word_at(rows, tables, np.int64(rows[PLAIN, place]))]:
            rows[FLAGS, place] |= IS_NAME
    for place in range(len(words)):
        rows[COUNT, place] = 0


@compiled
def _cover(length: Int, shared: NDArray[np.bool_], shares: NDArray[np.float64]) -> None:
    """Write the share of a text's words that are shared, and of the shingles and words of its lead.

    `shared` tells where shared shingles start. A word is shared where it is in one, or between two that are no more
    than PATCH words apart.
    """
    words, lead_words, lead_shingles, last = 0, 0, 0, NONE
    for place in range(length - WIDTH + 1):
        if shared[place]:
            if last != NONE:
                span = place - last if place - last <= WIDTH + PATCH else WIDTH
                words += span
                lead_words += max(min(span, LEAD - last), 0)
            if place < LEAD - WIDTH + 1:
                lead_shingles += 1
            last = place
    if last != NONE:
        words += WIDTH
        lead_words += max(min(WIDTH, LEAD - last), 0)
        shares[OF_WORDS] = words / length
        shares[OF_LEAD_SHINGLES] = lead_shingles / min(length - WIDTH + 1, LEAD - WIDTH + 1)
        shares[OF_LEAD_WORDS] = lead_words / min(length, LEAD)


@compiled
def share(a: Ints, b: Ints, tables: Ints) -> tuple[Int, NDArray[np.float64], Ints]:
    """Return how many shingles two texts share, what they share, and where b has those that both have equally often.

    `tables` are those of b. What they share is a row for each: its share of shingles, of words, and of the shingles
    and words of its lead. With little shared nothing else is looked at, and the words are taken to be as the shingles.
    """
    length, others = a.shape[1], b.shape[1]
    match, shares = np.empty(length, np.int32), np.zeros((2, 4))
    in_a, in_b = np.zeros(length, np.bool_), np.zeros(others, np.bool_)
    count, of_a, of_b, frame = 0, 0, 0, a[FRAME]
    for place in range(length):
        match[place] = NONE
    for place in range(others - WIDTH + 1):
        of_b += b[FIRST, place] == place
    for place in range(length - WIDTH + 1):
        if a[FIRST, place] == place:
            of_a += 1
            there = _shingle_at(b, tables, frame, place)
            if there != NONE:
                count += 1
                _mark(a, place, in_a)
                _mark(b, there, in_b)
                if a[COUNT, place] == b[COUNT, there]:
                    _match(a, place, b, there, match)
    if of_a > 0 and of_b > 0:
        shares[0, 0], shares[1, 0] = count / of_a, count / of_b
    shares[0, 1], shares[1, 1] = shares[0, 0], shares[1, 0]
    if max(shares[0, 0], shares[1, 0]) < LITTLE:
        for place in range(length):
            match[place] = NONE
    else:
        _cover(length, in_a, shares[0])
        _cover(others, in_b, shares[1])
    return count, shares, match


@compiled
def is_copied(a: NDArray[np.float64], b: NDArray[np.float64]) -> Int:
    """Tell by what two texts share whether one is made from the other, whatever its facts."""
    if max(a[OF_SHINGLES], b[OF_SHINGLES]) >= ALL and min(a[OF_SHINGLES], b[OF_SHINGLES]) >= MOST:
        return True
    if min(a[OF_LEAD_WORDS], b[OF_LEAD_WORDS]) >= SAME_LEAD and max(a[OF_WORDS], b[OF_WORDS]) >= PART:
        return True
    return min(a[OF_LEAD_SHINGLES], b[OF_LEAD_SHINGLES]) >= LED and min(a[OF_WORDS], b[OF_WORDS]) >= EDITED


@compiled
def _is_unlike(rows: Ints, tables: Ints, distinct: Int, other: Ints) -> Int:
    """Tell whether another text is certainly not made from this one, nor this one from it (see `is_copied`).

    The other need not be prepared, which costs more than to look for its shingles in this one, of which so many are
    distinct.
    """
    length, shares = rows.shape[1], np.zeros((2, 4))
    if min(length, len(other)) < WIDTH:
        return False
    frame = np.empty(len(other), np.int32)
    in_text, in_other = np.empty(length, np.bool_), np.empty(len(other), np.bool_)
    for place in range(len(other)):
        frame[place] = ANY_NUMBER if other[place] & IS_NUMBER else other[place] & PLAIN_BITS
    shares[0, OF_SHINGLES] = _look_up(rows, tables, frame, in_text, in_other) / distinct
    shares[1, OF_SHINGLES] = 1.0  # at most: how many it has is not counted
    _cover(length, in_text, shares[0])
    _cover(len(other), in_other, shares[1])
    return not is_copied(shares[0], shares[1])


@compiled
def _look_up(rows: Ints, tables: Ints, frame: Ints, in_text: NDArray[np.bool_], in_other: NDArray[np.bool_]) -> Int:
    """Mark where shared shingles start in either text; return how many they are."""
    count, last = 0, rows.shape[1] - WIDTH + 1
    for place in range(last):
        in_text[place] = False
    for place in range(len(frame) - WIDTH + 1):
        there = _shingle_at(rows, tables, frame, place)
        in_other[place] = there != NONE
        if there != NONE and not in_text[there]:
            in_text[there] = True
            count += 1
    for place in range(last):
        in_text[place] = in_text[rows[FIRST, place]]
    return count


@compiled
def _mark(rows: Ints, place: Int, shared: NDArray[np.bool_]) -> None:
    """Mark all places of the shingle that is first at this one."""
    while place != NONE:
        shared[place] = True
        place = rows[NEXT, place]


@compiled
def _match(a: Ints, here: Int, b: Ints, there: Int, match: Ints) -> None:
    """Write where b has the shingle that is first here in a and there in b, for each place of a."""
    while here != NONE:
        match[here] = there
        here, there = a[NEXT, here], b[NEXT, there]


@compiled
def _add(found: Found, counts: Found, kind: Int, value: Int) -> None:
    """Add a value to the distinct ones of its kind."""
    for place in range(counts[kind]):
        if found[kind, place] == value:
            return
    _append(found, counts, kind, value)


@compiled
def _add_pair(found: Found, counts: Found, kind: Int, one: Int, other: Int) -> None:
    _add(found, counts, kind, (one << 32) | (other & UNSIGNED))


@compiled
def _add_numbers(found: Found, counts: Found, one: Int, other: Int, is_leading: Int) -> None:
    _add_pair(found, counts, NUMBERS, one, other)
    if is_leading:
        _add_pair(found, counts, LEADING, one, other)


@compiled
def _append(found: Found, counts: Found, kind: Int, value: Int) -> None:
    found[kind, counts[kind]] = value
    counts[kind] += 1


@compiled
def _bits(value: Int) -> Int:
    count = 0
    while value != 0:
        value &= value - 1
        count += 1
    return count


@compiled
def _alike(one: Int, other: Int) -> Int:
    """Tell whether two names' letters are those of one name and its misspelling."""
    length, other_length = (one >> 26) & 63, (other >> 26) & 63
    shortest = min(length, other_length)
    letters = _bits((one ^ other) & 0x3FFFFFF)
    return abs(length - other_length) <= 1 and letters <= (2 if shortest > 4 else 1 if shortest == 4 else 0)


@compiled
def _is_over(rows: Ints, start: Int, end: Int) -> Int:
    """Tell whether another sentence starts within the places."""
    for place in range(start + 1, end):  # noqa: SIM110 - numba has no generator expressions
        if rows[FLAGS, place] & IS_START:
            return True
    return False


@compiled
def _is_own_name(rows: Ints, place: Int, other: Ints, tables: Ints) -> Int:
    flags = rows[FLAGS, place]
    return (
        flags & IS_NAME != 0
        and flags & IS_NUMBER == 0
        and _word_at(other, tables, np.int64(rows[PLAIN, place])) == NONE
    )


@compiled
def _slot(
    found: Found, counts: Found, a: Ints, a_tables: Ints, b: Ints, b_tables: Ints,
    start: Int, end: Int, other: Int, other_end: Int,
) -> None:  # fmt: skip
    """Compare what two texts say between words that they share."""
    length, others = max(end - start, 0), max(other_end - other, 0)
    if max(length, others) > SLOT or _is_over(a, start, end) or _is_over(b, other, other_end):
        return
    name, other_name, similar = -1, -1, False
    for place in range(start, end):
        if _is_own_name(a, place, b, b_tables):
            name = place if name < 0 else name
            for there in range(other, other_end):
                if _is_own_name(b, there, a, a_tables) and _alike(a[LETTERS, place], b[LETTERS, there]):
                    similar = True
    for there in range(other, other_end):
        if other_name < 0 and _is_own_name(b, there, a, a_tables):
            other_name = there
    if name >= 0 and other_name >= 0:
        if not similar:
            _add_pair(found, counts, NAMES, np.int64(a[PLAIN, name]), np.int64(b[PLAIN, other_name]))
    elif length != others and min(length, others) == 0 and max(length, others) <= ADDED:
        for place in range(start, end):
            if _is_own_name(a, place, b, b_tables):
                _append(found, counts, NEW, np.int64(a[PLAIN, place]))
        for there in range(other, other_end):
            if _is_own_name(b, there, a, a_tables):
                _append(found, counts, NEW, np.int64(b[PLAIN, there]))
    said, other_said, agreed = UNSIGNED, UNSIGNED, False
    for place in range(start, end):
        if a[FLAGS, place] & IS_NUMBER:
            said = min(said, a[PLAIN, place] & UNSIGNED)
            for there in range(other, other_end):
                if b[FLAGS, there] & IS_NUMBER and b[PLAIN, there] == a[PLAIN, place]:
                    agreed = True
                    _add(found, counts, AGREED, np.int64(a[PLAIN, place]))
    for there in range(other, other_end):
        if b[FLAGS, there] & IS_NUMBER:
            other_said = min(other_said, b[PLAIN, there] & UNSIGNED)
    if not agreed and said != UNSIGNED and other_said != UNSIGNED:
        _add_numbers(found, counts, said, other_said, max(start, other) < LEAD)


@compiled
def _segments(a: Ints, b: Ints, match: Ints) -> Found:
    """Return a row for each run of shared places: where it starts and ends in a, and how much further on it is in b."""
    length, others = a.shape[1], b.shape[1]
    shared = np.empty((length, 3), np.int64)
    count, last = 0, 0
    for place in range(length):
        if match[place] != NONE:
            shift = match[place] - place
            if count == 0 or shift != shared[count - 1, 2] or place - last > FARTHEST:
                shared[count, 0] = place
                shared[count, 2] = shift
                count += 1
            shared[count - 1, 1] = place + WIDTH
            last = place
    widened = np.empty((count, 3), np.int64)
    for number in range(count):
        start, end, shift = shared[number, 0], shared[number, 1], shared[number, 2]
        floor, ceiling = 0, length
        if number > 0:
            floor = shared[number - 1, 1]
        if number + 1 < count:
            ceiling = shared[number + 1, 0]
        while end < ceiling and end + shift < others and a[FRAME, end] == b[FRAME, end + shift]:
            end += 1
        while start > floor and start + shift > 0 and a[FRAME, start - 1] == b[FRAME, start + shift - 1]:
            start -= 1
        widened[number, 0] = start
        widened[number, 1] = end
        widened[number, 2] = shift
    return widened


@compiled
def _sentence(rows: Ints, place: Int) -> Int:
    """Return where the sentence starts that the place is in, no more than a slot and two words before it."""
    farthest = max(place - SLOT - 2, 0)
    start = place
    while start > farthest and not rows[FLAGS, start] & IS_START:
        start -= 1
    return start


@compiled
def facts(a: Ints, a_tables: Ints, b: Ints, b_tables: Ints, match: Ints) -> tuple[Found, Found]:
    """Return the facts of two texts, a row a kind, and how many there are of each.

    AGREED: numbers and names at the same place of both. NUMBERS, NAMES: pairs that differ. LEADING: those of the
    differing numbers that are in the leads. NEW: names that only one text has; the other kinds are distinct.
    """
    # a place is in two segments at most, ends at most one slot in either, and a slot has ADDED new names at most
    found, counts = np.empty((5, 4 * ADDED * (a.shape[1] + 1)), np.int64), np.zeros(5, np.int64)
    segments = _segments(a, b, match)
    _side_by_side(found, counts, a, a_tables, b, b_tables, segments)
    for number in range(len(segments)):
        here = segments[number, 0]
        there = here + segments[number, 2]
        start, other = _sentence(a, here), _sentence(b, there)
        if number > 0 and segments[number - 1, 1] > start and segments[number - 1, 1] + segments[number - 1, 2] > other:
            start, other = segments[number - 1, 1], segments[number - 1, 1] + segments[number - 1, 2]
        else:
            while start < here and other < there and a[FRAME, start] == b[FRAME, other]:
                if a[PLAIN, start] != b[PLAIN, other] and a[FLAGS, start] & IS_NUMBER != 0:
                    break
                start += 1
                other += 1
        if number > 0 or (start < here and other < there):
            _slot(found, counts, a, a_tables, b, b_tables, start, here, other, there)
    return found, counts


@compiled
def _side_by_side(
    found: Found, counts: Found, a: Ints, a_tables: Ints, b: Ints, b_tables: Ints, segments: Found
) -> None:
    """Compare what stands at the same place within segments; runs of words that are unlike there are slots."""
    start, end, other, other_end, is_fact = 0, NONE, 0, NONE, False
    for number in range(len(segments)):
        for here in range(segments[number, 0], segments[number, 1]):
            there = here + segments[number, 2]
            word, other_word = np.int64(a[PLAIN, here]), np.int64(b[PLAIN, there])
            flags, other_flags = a[FLAGS, here], b[FLAGS, there]
            # a number that starts a sentence numbers a list
            numbers = flags & (IS_NUMBER | IS_START) == IS_NUMBER and other_flags & IS_NUMBER != 0
            if word == other_word:
                if numbers or flags & IS_NAME != 0:
                    _add(found, counts, AGREED, word)
            elif numbers:
                _add_numbers(found, counts, word, other_word, max(here, there) < LEAD)
            else:
                if here != end or there != other_end:
                    if is_fact:
                        _slot(found, counts, a, a_tables, b, b_tables, start, end, other, other_end)
                    start, other, is_fact = here, there, False
                end, other_end = here + 1, there + 1
                is_fact = is_fact or (flags | other_flags) & (IS_NUMBER | IS_NAME) != 0
    if is_fact:
        _slot(found, counts, a, a_tables, b, b_tables, start, end, other, other_end)


@compiled
def known_names(found: Found, counts: Found, a: Ints, b: Ints) -> Int:
    """Return how many pairs of differing names are of names that the two texts have."""
    known = 0
    for number in range(counts[NAMES]):
        pair = found[NAMES, number]
        known += _has_name(a, pair >> 32) and _has_name(b, pair)
    return known


@compiled
def _has_name(rows: Ints, name: Int) -> Int:
    for place in range(rows.shape[1]):
        if rows[FLAGS, place] & IS_NAME != 0 and (rows[PLAIN, place] ^ name) & UNSIGNED == 0:
            return True
    return False


@compiled
def _is_same(words: Ints, others: Ints, bits: Int) -> Int:
    if len(words) != len(others):
        return False
    for place in range(len(words)):  # noqa: SIM110 - numba has no generator expressions
        if (words[place] ^ others[place]) & bits != 0:
            return False
    return True


@compiled
def _count(values: Found, value: Int) -> Int:
    count = 0
    for each in values:
        count += each == value
    return count


class Compared(NamedTuple):
    """What is found of two texts and their titles; all but the first three only where one is made from the other."""

    shared: Int  # shingles
    is_exact: Int  # the same words
    is_copied: Int  # one is made from the other
    agreed: Int = 0  # numbers and names at the same place of both
    numbers: Int = 0  # pairs that differ there
    leading: Int = 0  # of these, those in the leads
    names: Int = 0  # pairs that differ there, and names that only one text has, and more than once
    in_titles: Int = 0  # numbers that differ in the titles, and names that do and that the texts have


@compiled
def compare(
    a: Ints, a_tables: Ints, b: Ints, b_tables: Ints, title: Ints, letters: Ints, other_title: Ints, other_letters: Ints
) -> tuple[Compared, NDArray[np.float64]]:
    """Return what is found of two texts, and what they share (see `share`); titles are words and capital letters."""
    shared, shares, match = share(a, b, b_tables)
    copied, exact = is_copied(shares[0], shares[1]), _is_same(a[PLAIN], b[PLAIN], ~0)
    if exact or not copied:
        return Compared(shared, exact, copied, 0, 0, 0, 0, 0), shares
    found, counts = facts(a, a_tables, b, b_tables, match)
    names, in_titles = counts[NAMES], 0
    more, new = np.empty(0, np.int64), counts[NEW]
    if not _is_same(title, other_title, PLAIN_BITS):
        one, one_tables = prepare(title, letters)
        other, other_tables = prepare(other_title, other_letters)
        of_titles, in_title = facts(one, one_tables, other, other_tables, share(one, other, other_tables)[2])
        # in a headline any word may be capitalised: names count that the articles name too
        in_titles = in_title[NUMBERS] + known_names(of_titles, in_title, a, b)
        more = of_titles[NEW, : in_title[NEW]]
    for place in range(new):
        name = found[NEW, place]
        if _count(found[NEW, :place], name) == 0:
            names += _count(found[NEW, place:new], name) + _count(more, name) > 1
    return Compared(shared, exact, copied, counts[AGREED], counts[NUMBERS], counts[LEADING], names, in_titles), shares


@compiled
def _order(words: Ints, others: Ints) -> Int:
    """Return a number below zero where the bytes of the words come before those of the others, above where behind."""
    for place in range(min(len(words), len(others))):
        if words[place] != others[place]:
            shift = 0
            while (words[place] ^ others[place]) >> shift & 255 == 0:
                shift += 8
            return (words[place] >> shift & 255) - (others[place] >> shift & 255)
    return len(words) - len(others)


@compiled
def comes_first(words: Ints, title: Ints, others: Ints, other_title: Ints) -> Int:
    """Tell whether a text and its title are compared as the first of two: it is shorter, or else by its bytes."""
    if len(words) != len(others):
        return len(words) < len(others)
    order = _order(words, others)
    return order < 0 or (order == 0 and _order(title, other_title) < 0)


@compiled
def _parts(text: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the title's words and letters and the body's, of an article as `Signature.to_bytes` writes it."""
    title = 2 + (text[0] >> 8 & 0xFF)
    letters = title + (text[0] >> 16 & 0xFFFF)
    words = letters + (text[1] & 0xFFFF)
    return text[2:title], text[title:letters], text[letters:words], text[words:]


@compiled
def compare_each(texts: Ints, ends: Found) -> tuple[Found, NDArray[np.float64], Found, NDArray[np.bool_]]:
    """Compare the first of some articles with each of the others, that of two first that `comes_first`.

    They are as `Signature.to_bytes` writes them, one behind the other. Return for each of the others: the fields of
    what is found, all 0 where one is certainly not made from the other; what the two share; how many words they have;
    and whether the other was the first.
    """
    count = len(ends) - 1
    found, shares = np.zeros((count, 8), np.int64), np.zeros((count, 2, 4))
    lengths, is_turned = np.zeros((count, 2), np.int64), np.zeros(count, np.bool_)
    title, letters, words, capitals = _parts(texts[: ends[0]])
    rows, tables = prepare(words, capitals)
    distinct = 0
    for place in range(len(words) - WIDTH + 1):
        distinct += rows[FIRST, place] == place
    for number in range(count):
        other_title, other_letters, others, other_capitals = _parts(texts[ends[number] : ends[number + 1]])
        if _is_unlike(rows, tables, distinct, others):
            continue
        other_rows, other_tables = prepare(others, other_capitals)
        is_turned[number] = comes_first(others, other_title, words, title)
        if is_turned[number]:
            one, shares[number] = compare(
                other_rows, other_tables, rows, tables, other_title, other_letters, title, letters
            )  # fmt: skip
            lengths[number, 0], lengths[number, 1] = len(others), len(words)
        else:
            one, shares[number] = compare(
                rows, tables, other_rows, other_tables, title, letters, other_title, other_letters
            )  # fmt: skip
            lengths[number, 0], lengths[number, 1] = len(words), len(others)
        found[number, 0], found[number, 1], found[number, 2] = one.shared, one.is_exact, one.is_copied
        found[number, 3], found[number, 4], found[number, 5] = one.agreed, one.numbers, one.leading
        found[number, 6], found[number, 7] = one.names, one.in_titles
    return found, shares, lengths, is_turned
