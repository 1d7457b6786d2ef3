"""Compares two articles word by word, in loops that numba compiles.

First: what part of each text is in the other? Second, where that makes one a copy of the other: do they agree on
numbers and names? Pages of a series (prices, matches, prayer times) have the same frame and different facts; an edited
copy has the same facts and different words. Only facts at the same place of both texts are compared, so a fact that
one of the texts lacks is no difference.

A place is the index of a word in its text. All arrays are of int32 and read as int64, because numba compiles a function
anew for each combination of types. Loops take the arrays that they read out of the structures first: numba counts
references to an array each time it is taken out.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scrapers.dedup.jit import Int, compiled

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]

WIDTH = 3  # words in a shingle that is compared
LEAD = 40  # words, in which an article says what it is about
MIN_SHARE = 0.25  # of either article's shingles; with less, nothing else is looked at
MAX_PATCH = 4  # words between two shared shingles that count as shared: an edit replaced them
MAX_RUN_STEP = 40  # words between two shared shingles of one run, which is compared side by side
MAX_GAP = 8  # words; a longer difference is another sentence, not another fact
MAX_ADDED = 3  # words of a name that only one text has
CASED = 1 / 30  # of the words, above which the capitalised ones are the names; fewer are abbreviations
NAMED = 2  # times that an article without capitals has a name, at least

# A copy keeps the lead, a quotation doesn't. Of an edited copy, part of both leads is in the other text, and more than
# half of both texts; less where most of the leads is. An editor changes words and adds or drops a passage; two
# reporters have passages of their own in both texts.
EDITED_LEAD, EDITED_WORDS = 0.3, 0.58
KEPT_LEAD, KEPT_WORDS = 0.5, 0.45
OWN_PASSAGE = 15  # words
OWN_WORDS, OWN_SHARE = 60, 0.3  # in such passages of the text that has fewer
# Of an abridged copy, most of the shorter text, which has a sentence of its own at most, and a good part of the longer,
# of which no more was left out than an editor drops: the longer text of a follow-up tells more. Both begin with what
# they share, give or take less than a passage; a follow-up begins with its own. It keeps runs of words; texts of one
# formula, such as congratulations, have only the words in common.
ABRIDGED, ABRIDGED_RUNS, ABRIDGED_FROM = 0.75, 0.55, 0.45
OWN_SENTENCE, DROPPED = 20, 100  # words
# Of a truncated or extended copy, nearly all of both leads, and nearly all of the shorter text.
PART_LEAD, PART_WORDS = 0.75, 0.85
FACTUAL = 3  # names and numbers of a text that two outlets have, whatever its headlines say: no notice has as many
# Nearly all words of an article that a longer one contains.
CONTAINED = 0.8
# Of a copy with another lead, nearly all shingles of the shorter text, and most of the longer.
REWRITTEN_SHORTER, REWRITTEN_LONGER = 0.95, 0.7
# Of a copy under a new lead, most words of both texts, wherever they are; and in one of them few of its own passages.
KEPT, KEPT_OWN = 0.75, 0.15

IS_NUMBER, IS_CAPITAL, IS_START, IS_NAME = 1, 2, 4, 8  # flags; the first three are those of `text/tokens.py`
IS_MOMENT = IS_NUMBER | IS_CAPITAL  # of a day, an hour or a score
WORD_MASK = ~(IS_NUMBER | IS_CAPITAL | IS_START)
ALL_BITS = -1
NONE = -1  # no place
ANY_NUMBER = -0x77777778  # stands for every number in a frame
UNSIGNED = 0xFFFFFFFF
NO_NUMBER = UNSIGNED
GOLDEN = -7046029254386353131  # 2**64 / the golden ratio, for multiplicative hashing (Knuth, 6.4)

AGREED, NUMBERS, LEADING, NAMES, ADDED, MOMENTS, LEADING_MOMENTS = range(7)  # kinds of facts, see `Facts`
KINDS = 7


class ArticleWords(NamedTuple):
    """An article's words with their flags, and the letters of the capitalised ones, as its signature has them.

    `origin` is that of `text/signatures.py`.
    """

    origin: Ints
    title: Ints
    title_letters: Ints
    body: Ints
    body_letters: Ints


class PreparedText(NamedTuple):
    """A text laid out for comparison: an array for each property of its words or shingles, by place, and hash tables.

    A shingle's properties are at the place where it starts. A table's slot holds a place + 1, or 0 if it is empty; a
    collision moves on to the next slot.
    """

    words: Ints  # without flags
    frame: Ints  # the same, with ANY_NUMBER for each number
    letters: Ints  # of capitalised words
    flags: Ints
    first: Ints  # the first place with the same shingle
    occurrences: Ints  # at that first place: how often the shingle occurs
    following: Ints  # the next place with the same shingle, or NONE
    word_table: Ints
    shingle_table: Ints


class Share(NamedTuple):
    """The part of a text that is in another one, of its shingles, its words, and the shingles and words of its lead.

    `own` are the words of passages, OWN_PASSAGE or longer, that the other lacks; `before` are those before the first
    word that it has, and `length` are all words.
    """

    shingles: float
    words: float
    lead_shingles: float
    lead_words: float
    own: Int
    before: Int
    length: Int


class Overlap(NamedTuple):
    """What two texts have in common.

    `matches` has the place in b for each place of a, where both are side by side. `in_a` and `in_b` tell where shared
    shingles start.
    """

    shingles: Int
    of_a: Share
    of_b: Share
    matches: Ints
    in_a: Flags
    in_b: Flags


class Headline(NamedTuple):
    """How many different words a headline has, without numbers; how many of them are in the part of its text that
    another article shares, and how many only in the rest and nowhere in the other article."""

    words: Int
    shared: Int
    own: Int


class Runs(NamedTuple):
    """Stretches of a that are in b: `shift` places further on. `end` is the place after the last."""

    start: Longs
    end: Longs
    shift: Longs


class Gap(NamedTuple):
    """The words between two shared words, in a and at the same place in b; either may be empty."""

    start: Int
    end: Int
    other_start: Int
    other_end: Int


class Named(NamedTuple):
    """What tells names in scripts without capitals: the words of each article, its headline included.

    `times` is how often an article has a name, at least; 0 where capitals tell names.
    """

    words: Ints
    other_words: Ints
    times: Int


class Facts(NamedTuple):
    """The facts of two texts: a row of values for each kind, and how many values each row has.

    AGREED: numbers and names at the same place of both texts. NUMBERS, NAMES: pairs that differ. LEADING: the pairs of
    NUMBERS that are in a lead. MOMENTS, LEADING_MOMENTS: those of NUMBERS and LEADING that are days, hours or scores.
    ADDED: names that only one text has, with repetitions; the other kinds are distinct.
    """

    values: Longs
    counts: Longs


class Comparison(NamedTuple):
    """What was found about two articles; the facts are counted only if one is a copy with other words."""

    is_reversed: Int  # whether a is the second of the compared articles
    shared_shingles: Int
    is_exact: Int  # the same words
    is_copied: Int  # one was made from the other, whatever its facts
    words_of_a: Int
    words_of_b: Int
    a_in_b: float  # the share of a's words that are in b
    b_in_a: float
    lead_of_a_in_b: float
    lead_of_b_in_a: float
    agreed: Int  # numbers and names at the same place of both texts
    numbers: Int  # pairs that differ there
    leading: Int  # those of them in a lead
    names: Int  # pairs that differ there, and names that only one article has, more than once
    in_titles: Int  # differing numbers of the titles, and differing names of the titles that the texts have
    moments: Int  # pairs of days, hours or scores that differ in a lead
    late_moments: Int  # such pairs elsewhere
    title_moments: Int  # such pairs in the titles
    same_title_moments: Int  # days, hours or scores that both titles have
    new_in_a: Int  # words before the first that b has
    new_in_b: Int
    longest_new_in_a: Int  # words of the longest passage that b lacks
    longest_new_in_b: Int
    outer_new_in_a: Int  # words of the longest such passage that stands before or after what b has
    outer_new_in_b: Int
    headline_words_of_a: Int  # different words of the headline, without numbers
    headline_of_a_shared: Int  # those of them in the part of a that b has
    headline_of_a_own: Int  # those of them only in the rest of a, and nowhere in b
    headline_words_of_b: Int
    headline_of_b_shared: Int
    headline_of_b_own: Int
    is_factual: Int  # both texts have FACTUAL different names and numbers
    same_in_headlines: Int  # different words that both headlines have, without numbers
    same_outlet: Int  # 1 if both are of one outlet, 0 if not, -1 if one of them is not known
    minutes_apart: Int  # between their publications, or -1 if one of them is not known
    is_partial: Int  # one of the pages shows a film, pictures or a part of its text


# The same as an array's element, with the number of the article: turning many tuples into Python's objects is slow.
RECORD = np.dtype([
    ("number", np.int64),
    *((name, np.float64 if kind is float else np.int64) for name, kind in Comparison.__annotations__.items()),
])  # fmt: skip


# Prepare a text


@compiled
def _first_slot(value: Int, table: Ints) -> Int:
    return ((value * GOLDEN) >> 32) & (len(table) - 1)


@compiled
def _insert(table: Ints, value: Int, place: Int) -> None:
    slot = _first_slot(value, table)
    while table[slot] != 0:
        slot = (slot + 1) & (len(table) - 1)
    table[slot] = place + 1


@compiled
def _hash_shingle(frame: Ints, place: Int) -> Int:
    return (frame[place] * GOLDEN + frame[place + 1]) * GOLDEN + frame[place + 2]


@compiled
def _find_word(words: Ints, table: Ints, word: Int) -> Int:
    """Return the first place of the word among a text's words, by their table, or NONE."""
    slot = _first_slot(word, table)
    while table[slot] != 0:
        place = table[slot] - 1
        if words[place] == word:
            return place
        slot = (slot + 1) & (len(table) - 1)
    return NONE


@compiled
def _find_shingle(frame: Ints, table: Ints, other: Ints, at: Int) -> Int:
    """Return the first place in a text's frame, by its table, of the shingle at `at` of another frame, or NONE."""
    slot = _first_slot(_hash_shingle(other, at), table)
    while table[slot] != 0:
        place = table[slot] - 1
        same = 0
        while same < WIDTH and frame[place + same] == other[at + same]:
            same += 1
        if same == WIDTH:
            return place
        slot = (slot + 1) & (len(table) - 1)
    return NONE


@compiled
def prepare(words: Ints, capital_letters: Ints) -> PreparedText:
    """Return the text laid out for comparison, of its words with flags and the letters of the capitalised ones."""
    length = len(words)
    size = 8
    while size < 2 * length:
        size *= 2
    rows, tables = np.zeros((7, length), np.int32), np.zeros((2, size), np.int32)
    text = PreparedText(rows[0], rows[1], rows[2], rows[3], rows[4], rows[5], rows[6], tables[0], tables[1])
    _prepare_words(text, words, capital_letters)
    _mark_names(text)
    _prepare_shingles(text)
    return text


@compiled
def _prepare_words(text: PreparedText, tokens: Ints, capital_letters: Ints) -> None:
    """Fill in words, frame, letters, flags and the table of words; `occurrences` of a name's first place becomes 1."""
    words, frame, letters, all_flags, table = text.words, text.frame, text.letters, text.flags, text.word_table
    capitals = 0
    for place in range(len(tokens)):
        flags = tokens[place] & (IS_NUMBER | IS_CAPITAL | IS_START)
        word = tokens[place] - flags
        words[place] = word
        frame[place] = ANY_NUMBER if flags & IS_NUMBER else word
        all_flags[place] = flags
        if flags & IS_MOMENT == IS_CAPITAL:
            letters[place] = capital_letters[capitals]
            capitals += 1
        first = _find_word(words, table, word)
        if first == NONE:
            _insert(table, word, place)
            first = place
        if flags & (IS_MOMENT | IS_START) == IS_CAPITAL:
            text.occurrences[first] = 1


@compiled
def _mark_names(text: PreparedText) -> None:
    """Flag names, words capitalised within a sentence, also where they start one; clear `occurrences`."""
    words, flags, table, is_name = text.words, text.flags, text.word_table, text.occurrences
    for place in range(len(words)):
        if flags[place] & IS_MOMENT == IS_CAPITAL and is_name[_find_word(words, table, np.int64(words[place]))]:
            flags[place] |= IS_NAME
    for place in range(len(words)):
        is_name[place] = 0


@compiled
def _prepare_shingles(text: PreparedText) -> None:
    """Fill in first, occurrences, following and the table of shingles."""
    frame, table, firsts, following, occurrences = (
        text.frame, text.shingle_table, text.first, text.following, text.occurrences,
    )  # fmt: skip
    last = np.empty(len(frame), np.int32)  # at a shingle's first place: the last one so far
    for place in range(len(frame) - WIDTH + 1):
        first = _find_shingle(frame, table, frame, place)
        if first == NONE:
            first = place
            _insert(table, _hash_shingle(frame, place), place)
        else:
            following[last[first]] = place
        firsts[place] = first
        following[place] = NONE
        occurrences[first] += 1
        last[first] = place


@compiled
def _count_distinct(text: PreparedText) -> Int:
    """Return how many different shingles the text has."""
    first, count = text.first, 0
    for place in range(len(first) - WIDTH + 1):
        count += first[place] == place
    return count


# What two texts share


@compiled
def _cover(length: Int, is_shared: Flags, shingles: Int, lead: Int) -> Share:
    """Return the shares of a text of `length` words, of which `is_shared` tells where shared shingles start.

    The lead is its first `lead` words. A word is shared if it is in a shared shingle, or between two of them at most
    MAX_PATCH words apart. The share of shingles is given.
    """
    words, lead_words, lead_shingles, own, before, last = 0, 0, 0, 0, length, NONE
    for place in range(length - WIDTH + 1):
        if is_shared[place]:
            new = place - last - WIDTH if last != NONE else place
            own += new if new >= OWN_PASSAGE else 0
            if last != NONE:
                span = place - last if place - last <= WIDTH + MAX_PATCH else WIDTH
                words += span
                lead_words += max(min(span, lead - last), 0)
            else:
                before = place
            if place < lead - WIDTH + 1:
                lead_shingles += 1
            last = place
    if last == NONE:
        return Share(shingles, 0.0, 0.0, 0.0, length, before, length)
    new = length - last - WIDTH
    own += new if new >= OWN_PASSAGE else 0
    words += WIDTH
    lead_words += max(min(WIDTH, lead - last), 0)
    return Share(
        shingles,
        words / length,
        lead_shingles / (lead - WIDTH + 1),
        lead_words / lead,
        own,
        before,
        length,
    )


@compiled
def overlap(a: PreparedText, b: PreparedText) -> Overlap:
    """Return what two texts have in common.

    If it is below MIN_SHARE nothing else is looked at: the share of words is that of shingles, and nothing matches.
    """
    frame, other_frame, other_table, first = a.frame, b.frame, b.shingle_table, a.first
    following, other_following, occurrences, other_occurrences = a.following, b.following, a.occurrences, b.occurrences
    length, other_length = len(frame), len(other_frame)
    matches = np.full(length, NONE, np.int32)
    in_a, in_b = np.zeros(length, np.bool_), np.zeros(other_length, np.bool_)
    count, distinct, share, other_share = 0, 0, 0.0, 0.0
    for place in range(length - WIDTH + 1):
        if first[place] == place:
            distinct += 1
            there = _find_shingle(other_frame, other_table, frame, place)
            if there != NONE:
                count += 1
                _mark_all(following, place, in_a)
                _mark_all(other_following, there, in_b)
                if occurrences[place] == other_occurrences[there]:
                    _match_all(following, place, other_following, there, matches)
    if count > 0:
        share, other_share = count / distinct, count / _count_distinct(b)
    if max(share, other_share) < MIN_SHARE:
        matches[:] = NONE
        of_a, of_b = (
            Share(share, share, 0.0, 0.0, length, length, length),
            Share(other_share, other_share, 0.0, 0.0, 0, other_length, other_length),
        )
        return Overlap(count, of_a, of_b, matches, in_a, in_b)
    lead = _lead(length, other_length)
    of_a, of_b = _cover(length, in_a, share, lead), _cover(other_length, in_b, other_share, lead)
    return Overlap(count, of_a, of_b, matches, in_a, in_b)


@compiled
def _lead(length: Int, other_length: Int) -> Int:
    """Return how many words of two texts are their leads: of a text shorter than a lead, all."""
    return min(LEAD, length, other_length)


@compiled
def _mark_all(following: Ints, place: Int, is_shared: Flags) -> None:
    """Mark all places of the shingle whose first place is given."""
    while place != NONE:
        is_shared[place] = True
        place = following[place]


@compiled
def _match_all(following: Ints, here: Int, other_following: Ints, there: Int, matches: Ints) -> None:
    """Match all places of a shingle in a with those in b, in order; the first places are given."""
    while here != NONE:
        matches[here] = there
        here, there = following[here], other_following[there]


@compiled
def is_copied(a: Share, b: Share) -> Int:
    """Return whether one of two texts was made from the other, by the part of each that is in the other."""
    if max(a.shingles, b.shingles) >= REWRITTEN_SHORTER and min(a.shingles, b.shingles) >= REWRITTEN_LONGER:
        return True
    if min(a.lead_words, b.lead_words) >= PART_LEAD and max(a.words, b.words) >= PART_WORDS:
        return True
    lead, words = min(a.lead_shingles, b.lead_shingles), min(a.words, b.words)
    fewer = a if a.own <= b.own else b
    if words >= KEPT and fewer.own <= max(OWN_WORDS, KEPT_OWN * fewer.length):
        return True
    if lead >= KEPT_LEAD and words >= KEPT_WORDS and fewer.own <= OWN_SHARE * fewer.length:
        return True
    if _is_abridged(a, b) or _is_abridged(b, a):
        return True
    return lead >= EDITED_LEAD and words >= EDITED_WORDS and fewer.own <= OWN_WORDS


@compiled
def _is_abridged(shorter: Share, longer: Share) -> Int:
    """Return whether one text is the other without some of its passages, with hardly a word of its own."""
    is_within = shorter.own <= OWN_SENTENCE and shorter.words >= ABRIDGED and shorter.shingles >= ABRIDGED_RUNS
    begin_alike = max(shorter.before, longer.before) < OWN_PASSAGE
    return is_within and longer.own <= DROPPED and longer.words >= ABRIDGED_FROM and begin_alike


@compiled
def is_part(a: Share, b: Share) -> Int:
    """Return whether nearly all of one text is in the other."""
    return max(a.words, b.words) >= CONTAINED


@compiled
def _mark_words(is_shared: Flags) -> Flags:
    """Return which words of a text are shared, as `_cover` counts them, from where shared shingles start."""
    covered, last, end = np.zeros(len(is_shared), np.bool_), NONE, 0
    for place in range(len(is_shared)):
        if is_shared[place]:
            start = last if last != NONE and place - last <= WIDTH + MAX_PATCH else place
            for at in range(max(start, end), place + WIDTH):
                covered[at] = True
            last, end = place, place + WIDTH
    return covered


@compiled
def _count_new(covered: Flags) -> Int:
    """Return how many words come before the first that is shared."""
    for place in range(len(covered)):
        if covered[place]:
            return place
    return len(covered)


@compiled
def _longest_new(covered: Flags) -> Int:
    """Return how many words the longest passage has of which no word is shared."""
    longest, count = 0, 0
    for is_covered in covered:
        count = 0 if is_covered else count + 1
        longest = max(longest, count)
    return longest


@compiled
def _outer_new(covered: Flags) -> Int:
    """Return how many words the longest passage has, no word of which is shared, before or after what is shared."""
    return max(_longest_new(_outside(covered)), _longest_new(_outside(covered[::-1])))


@compiled
def _outside(covered: Flags) -> Flags:
    """Return the words before a sentence is shared: MAX_GAP shared words and fewer may be of any text."""
    shared = 0
    for place in range(len(covered)):
        shared += covered[place]
        if shared > MAX_GAP:
            return covered[:place]
    return covered


@compiled
def _count_title_moments(facts: Facts, a: ArticleWords, b: ArticleWords) -> Int:
    """Return how many pairs of days, hours or scores of two headlines are of neither other article."""
    count = 0
    for number in range(facts.counts[MOMENTS]):
        pair = facts.values[MOMENTS, number]
        is_known = _has_word(b.title, pair >> 32) or _has_word(b.body, pair >> 32)
        is_known = is_known or _has_word(a.title, _signed(pair)) or _has_word(a.body, _signed(pair))
        count += not is_known
    return count


@compiled
def _signed(value: Int) -> Int:
    """Return the lower 32 bits as a signed number, as arrays of words hold it."""
    value &= UNSIGNED
    return value - (1 << 32) if value >> 31 else value


@compiled
def _place_headline(
    title: Ints, text: PreparedText, covered: Flags, other_title: Ints, other: PreparedText
) -> Headline:
    """Return where in a text the words of its headline are; `covered` tells which words the other text shares."""
    words, table, other_words, other_table = text.words, text.word_table, other.words, other.word_table
    shared, own, count = 0, 0, 0
    for place in range(len(title)):
        word = np.int64(title[place] & WORD_MASK)
        if title[place] & IS_NUMBER or _has_word(title[:place], word):
            continue
        count += 1
        first = _find_word(words, table, word)
        if first == NONE:
            continue
        if _is_covered(words, word, first, covered):
            shared += 1
        elif not _has_word(other_title, word):
            own += _find_word(other_words, other_table, word) == NONE
    return Headline(count, shared, own)


@compiled
def _is_covered(words: Ints, word: Int, first: Int, covered: Flags) -> Int:
    """Return whether a text shares the word at one of its places, of which the first is given."""
    for place in range(first, len(words)):  # noqa: SIM110 - numba has no generator expressions
        if covered[place] and words[place] == word:
            return True
    return False


@compiled
def _is_factual(text: PreparedText, other: PreparedText) -> Int:
    """Return whether both texts have FACTUAL different names and numbers."""
    words, flags, table, other_words, other_table = (
        text.words, text.flags, text.word_table, other.words, other.word_table,
    )  # fmt: skip
    count = 0
    for place in range(len(words)):
        word = np.int64(words[place])
        if flags[place] & (IS_NAME | IS_NUMBER) and _find_word(words, table, word) == place:
            count += _find_word(other_words, other_table, word) != NONE
            if count == FACTUAL:
                return True
    return False


@compiled
def _has_word(words: Ints, word: Int) -> Int:
    for each in words:  # noqa: SIM110 - numba has no generator expressions
        if each & WORD_MASK == word:
            return True
    return False


@compiled
def _count_same_moments(title: Ints, other: Ints) -> Int:
    """Return how many days, hours and scores of a headline the other has."""
    count = 0
    for word in title:
        if word & IS_MOMENT == IS_MOMENT:
            count += _has_word(other, np.int64(word & WORD_MASK))
    return count


@compiled
def _count_same(title: Ints, other: Ints) -> Int:
    """Return how many different words two headlines have in common, without numbers."""
    count = 0
    for place in range(len(title)):
        word = np.int64(title[place] & WORD_MASK)
        if title[place] & IS_NUMBER == 0 and not _has_word(title[:place], word):
            count += _has_word(other, word)
    return count


@compiled
def _is_certainly_no_copy(text: PreparedText, distinct: Int, other: Ints) -> Int:
    """Return True if `is_copied` can't hold for the text, with so many distinct shingles, and another one's words.

    The other text is not prepared, which would cost more than looking up its shingles in this one.
    """
    length, other_length = len(text.words), len(other)
    if min(length, other_length) < WIDTH:
        return False
    frame = np.empty(other_length, np.int32)
    in_text, in_other = np.empty(length, np.bool_), np.empty(other_length, np.bool_)
    for place in range(other_length):
        frame[place] = ANY_NUMBER if other[place] & IS_NUMBER else other[place] & WORD_MASK
    share = _mark_shared(text, frame, in_text, in_other) / distinct
    highest = 1.0  # the other's share of shingles is not counted
    lead = _lead(length, other_length)
    of_text, of_other = _cover(length, in_text, share, lead), _cover(other_length, in_other, highest, lead)
    return not is_copied(of_text, of_other) and not is_part(of_text, of_other)


@compiled
def _mark_shared(text: PreparedText, frame: Ints, in_text: Flags, in_other: Flags) -> Int:
    """Mark where shared shingles start in the text and in the other frame; return how many different ones they are."""
    own_frame, table, first = text.frame, text.shingle_table, text.first
    count, end = 0, len(own_frame) - WIDTH + 1
    for place in range(end):
        in_text[place] = False
    for place in range(len(frame) - WIDTH + 1):
        there = _find_shingle(own_frame, table, frame, place)
        in_other[place] = there != NONE
        if there != NONE and not in_text[there]:
            in_text[there] = True
            count += 1
    for place in range(end):
        in_text[place] = in_text[first[place]]
    return count


# Facts


@compiled
def _no_facts(length: Int) -> Facts:
    # a place is in at most two runs and ends at most one gap in each; a gap adds at most MAX_ADDED names
    return Facts(np.empty((KINDS, 4 * MAX_ADDED * (length + 1)), np.int64), np.zeros(KINDS, np.int64))


@compiled
def _append(facts: Facts, kind: Int, value: Int) -> None:
    facts.values[kind, facts.counts[kind]] = value
    facts.counts[kind] += 1


@compiled
def _add(facts: Facts, kind: Int, value: Int) -> None:
    """Append the value unless its kind has it already."""
    values = facts.values
    for place in range(facts.counts[kind]):
        if values[kind, place] == value:
            return
    _append(facts, kind, value)


@compiled
def _add_pair(facts: Facts, kind: Int, one: Int, other: Int) -> None:
    _add(facts, kind, (one << 32) | (other & UNSIGNED))


@compiled
def _add_numbers(facts: Facts, one: Int, other: Int, is_leading: Int, are_moments: Int) -> None:
    _add_pair(facts, NUMBERS, one, other)
    if are_moments:
        _add_pair(facts, MOMENTS, one, other)
    if is_leading:
        _add_pair(facts, LEADING, one, other)
        if are_moments:
            _add_pair(facts, LEADING_MOMENTS, one, other)


@compiled
def _count_bits(value: Int) -> Int:
    count = 0
    while value != 0:
        value &= value - 1
        count += 1
    return count


@compiled
def _is_misspelling(letters: Int, other_letters: Int) -> Int:
    """Return whether the letters of two names are nearly the same, so that one may be a misspelling of the other."""
    length, other_length = (letters >> 26) & 63, (other_letters >> 26) & 63
    shorter = min(length, other_length)
    differing = _count_bits((letters ^ other_letters) & 0x3FFFFFF)
    return abs(length - other_length) <= 1 and differing <= (2 if shorter > 4 else 1 if shorter == 4 else 0)


@compiled
def _has_sentence_start(text: PreparedText, start: Int, end: Int) -> Int:
    """Return whether a sentence starts after `start` and before `end`."""
    flags = text.flags
    for place in range(start + 1, end):  # noqa: SIM110 - numba has no generator expressions
        if flags[place] & IS_START:
            return True
    return False


@compiled
def _has_fact(text: PreparedText, start: Int, end: Int) -> Int:
    """Return whether a number or a name is between start and end."""
    flags = text.flags
    for place in range(start, end):  # noqa: SIM110 - numba has no generator expressions
        if flags[place] & (IS_NUMBER | IS_NAME):
            return True
    return False


@compiled
def _next_own_name(text: PreparedText, place: Int, end: Int, other: PreparedText) -> Int:
    """Return the next place, from this one to the one before `end`, of a name that the other text lacks, or NONE."""
    words, flags = text.words, text.flags
    while place < end:
        is_name = flags[place] & (IS_NAME | IS_NUMBER) == IS_NAME
        if is_name and _find_word(other.words, other.word_table, np.int64(words[place])) == NONE:
            return place
        place += 1
    return NONE


@compiled
def _has_misspelling(a: PreparedText, name: Int, b: PreparedText, other_name: Int, gap: Gap) -> Int:
    """Return whether one of a's own names in the gap, from `name` on, may be a misspelling of one of b's."""
    while name != NONE:
        there = other_name
        while there != NONE:
            if _is_misspelling(a.letters[name], b.letters[there]):
                return True
            there = _next_own_name(b, there + 1, gap.other_end, a)
        name = _next_own_name(a, name + 1, gap.end, b)
    return False


@compiled
def _append_own_names(facts: Facts, text: PreparedText, place: Int, end: Int, other: PreparedText) -> None:
    """Append the names from this place on that the other text lacks."""
    place = _next_own_name(text, place, end, other)
    while place != NONE:
        _append(facts, ADDED, np.int64(text.words[place]))
        place = _next_own_name(text, place + 1, end, other)


@compiled
def _compare_names(facts: Facts, a: PreparedText, b: PreparedText, gap: Gap) -> None:
    """Add the pair of names that differ in a gap, or the names that were added where the other text has no words."""
    length, other_length = max(gap.end - gap.start, 0), max(gap.other_end - gap.other_start, 0)
    name = _next_own_name(a, gap.start, gap.end, b)
    other_name = _next_own_name(b, gap.other_start, gap.other_end, a)
    if name != NONE and other_name != NONE:
        if not _has_misspelling(a, name, b, other_name, gap):
            _add_pair(facts, NAMES, np.int64(a.words[name]), np.int64(b.words[other_name]))
    elif length != other_length and min(length, other_length) == 0 and max(length, other_length) <= MAX_ADDED:
        _append_own_names(facts, a, gap.start, gap.end, b)
        _append_own_names(facts, b, gap.other_start, gap.other_end, a)


@compiled
def _compare_passages(facts: Facts, a: PreparedText, b: PreparedText, gap: Gap, named: Named) -> None:
    """Add the passages of a gap as a pair of names, if each article has its own more than once, the other's never.

    A page of a series has its country or person throughout; an editor replaces a word in one place. A single word may
    be part of others: then it counts with a neighbour.
    """
    if min(gap.end - gap.start, gap.other_end - gap.other_start) <= 0 or _has_number(a, b, gap):
        return
    for before, after in ((0, 0), (0, 1), (1, 0)):
        wider = Gap(gap.start - before, gap.end + after, gap.other_start - before, gap.other_end + after)
        if min(wider.start, wider.other_start) >= 0 and _are_names(a.words, b.words, wider, named):
            _add_pair(facts, NAMES, np.int64(a.words[gap.start]), np.int64(b.words[gap.other_start]))
            return


@compiled
def _has_number(a: PreparedText, b: PreparedText, gap: Gap) -> Int:
    """Return whether one of the texts has a number in the gap."""
    number = _lowest_number(a, gap.start, gap.end, IS_NUMBER)
    return number != NO_NUMBER or _lowest_number(b, gap.other_start, gap.other_end, IS_NUMBER) != NO_NUMBER


@compiled
def _are_names(words: Ints, other_words: Ints, gap: Gap, named: Named) -> Int:
    """Return whether each of two passages is in its own article as often as a name has to be, and not in the other."""
    if gap.end > len(words) or gap.other_end > len(other_words):
        return False
    one, other = words[gap.start : gap.end], other_words[gap.other_start : gap.other_end]
    if _count_passage(named.words, one) < named.times or _count_passage(named.other_words, other) < named.times:
        return False
    return _count_passage(named.words, other) + _count_passage(named.other_words, one) == 0


@compiled
def _count_passage(words: Ints, passage: Ints) -> Int:
    """Return how often the words have the passage."""
    count = 0
    for start in range(len(words) - len(passage) + 1):
        place = 0
        while place < len(passage) and words[start + place] == passage[place]:
            place += 1
        count += place == len(passage)
    return count


@compiled
def _lowest_number(text: PreparedText, start: Int, end: Int, kind: Int) -> Int:
    """Return the lowest of the numbers' words from start to end, unsigned, or NO_NUMBER; `kind` is their flags."""
    words, flags, lowest = text.words, text.flags, NO_NUMBER
    for place in range(start, end):
        if flags[place] & kind == kind:
            lowest = min(lowest, words[place] & UNSIGNED)
    return lowest


@compiled
def _compare_numbers(facts: Facts, a: PreparedText, b: PreparedText, gap: Gap) -> None:
    """Add the numbers that both texts have in a gap; if they have none in common, the pair of their lowest ones."""
    words, other_words, flags, other_flags, has_agreed = a.words, b.words, a.flags, b.flags, False
    for place in range(gap.start, gap.end):
        if flags[place] & IS_NUMBER:
            for there in range(gap.other_start, gap.other_end):
                if other_flags[there] & IS_NUMBER and other_words[there] == words[place]:
                    has_agreed = True
                    _add(facts, AGREED, np.int64(words[place]))
    if not has_agreed:
        for kind in (IS_MOMENT, IS_NUMBER):
            number = _lowest_number(a, gap.start, gap.end, kind)
            other_number = _lowest_number(b, gap.other_start, gap.other_end, kind)
            if number != NO_NUMBER and other_number != NO_NUMBER:
                is_leading = max(gap.start, gap.other_start) < LEAD
                _add_numbers(facts, number, other_number, is_leading, kind == IS_MOMENT)
                return


@compiled
def _compare_gap(facts: Facts, a: PreparedText, b: PreparedText, gap: Gap, named: Named) -> None:
    """Add the facts that two texts have between words that they share, if the gap is short and of one sentence."""
    if max(gap.end - gap.start, gap.other_end - gap.other_start) > MAX_GAP:
        return
    if not (named.times > 0 or _has_fact(a, gap.start, gap.end) or _has_fact(b, gap.other_start, gap.other_end)):
        return
    if _has_sentence_start(a, gap.start, gap.end) or _has_sentence_start(b, gap.other_start, gap.other_end):
        return
    _compare_names(facts, a, b, gap)
    if named.times > 0:
        _compare_passages(facts, a, b, gap, named)
    _compare_numbers(facts, a, b, gap)


@compiled
def _find_runs(a: PreparedText, b: PreparedText, matches: Ints) -> Runs:
    """Return the runs of matching shingles, each extended by the words that agree before and after it."""
    length = len(a.words)
    start, end, shift = np.empty(length, np.int64), np.empty(length, np.int64), np.empty(length, np.int64)
    count, last = 0, 0
    for place in range(length):
        if matches[place] != NONE:
            distance = matches[place] - place
            if count == 0 or distance != shift[count - 1] or place - last > MAX_RUN_STEP:
                start[count] = place
                shift[count] = distance
                count += 1
            end[count - 1] = place + WIDTH
            last = place
    return _extend_runs(a, b, Runs(start[:count], end[:count], shift[:count]))


@compiled
def _extend_runs(a: PreparedText, b: PreparedText, runs: Runs) -> Runs:
    """Return the runs with the words that agree before and after each, up to where its neighbours were."""
    frame, other_frame, starts, ends, shifts = a.frame, b.frame, runs.start, runs.end, runs.shift
    count = len(starts)
    extended_starts, extended_ends = np.empty(count, np.int64), np.empty(count, np.int64)
    for number in range(count):
        start, end, shift = starts[number], ends[number], shifts[number]
        floor, ceiling = 0, len(frame)
        if number > 0:
            floor = ends[number - 1]
        if number + 1 < count:
            ceiling = starts[number + 1]
        while end < ceiling and end + shift < len(other_frame) and frame[end] == other_frame[end + shift]:
            end += 1
        while start > floor and start + shift > 0 and frame[start - 1] == other_frame[start + shift - 1]:
            start -= 1
        extended_starts[number], extended_ends[number] = start, end
    return Runs(extended_starts, extended_ends, shifts)


@compiled
def _sentence_start(text: PreparedText, place: Int) -> Int:
    """Return where the sentence of this place starts, at most a gap and two words before the place."""
    flags, farthest = text.flags, max(place - MAX_GAP - 2, 0)
    start = place
    while start > farthest and not flags[start] & IS_START:
        start -= 1
    return start


@compiled
def find_facts(a: PreparedText, b: PreparedText, matches: Ints, named: Named) -> Facts:
    """Return the facts of two texts, which lie side by side where `matches` says."""
    facts = _no_facts(len(a.words))
    runs = _find_runs(a, b, matches)
    _compare_runs(facts, a, b, runs, named)
    for number in range(len(runs.start)):
        gap = _gap_before(a, b, runs, number)
        if number > 0 or (gap.start < gap.end and gap.other_start < gap.other_end):
            _compare_gap(facts, a, b, gap, named)
    if named.times > 0 and len(runs.start) > 0:  # a headline may end with the name
        end, shift = runs.end[-1], runs.shift[-1]
        _compare_gap(facts, a, b, Gap(end, len(a.words), end + shift, len(b.words)), named)
    return facts


@compiled
def names_of(a: ArticleWords, b: ArticleWords) -> Named:
    """Return what tells the names of two articles."""
    if not _is_uncased(a, b):
        return Named(a.body, b.body, 0)
    return Named(_plain_words(a), _plain_words(b), NAMED)


@compiled
def _plain_words(article: ArticleWords) -> Ints:
    """Return the words of an article's headline and text without their flags."""
    words = np.append(article.title, article.body)
    for place in range(len(words)):
        words[place] &= WORD_MASK
    return words


@compiled
def _gap_before(a: PreparedText, b: PreparedText, runs: Runs, number: Int) -> Gap:
    """Return the gap before a run: since the run before, or since its sentence starts and the two texts part."""
    here = runs.start[number]
    there = here + runs.shift[number]
    start, other_start = _sentence_start(a, here), _sentence_start(b, there)
    if number > 0:
        end, other_end = runs.end[number - 1], runs.end[number - 1] + runs.shift[number - 1]
        if end > start and other_end > other_start:
            return Gap(end, here, other_end, there)
    frame, other_frame = a.frame, b.frame
    while start < here and other_start < there and frame[start] == other_frame[other_start]:
        if a.words[start] != b.words[other_start] and a.flags[start] & IS_NUMBER != 0:
            break
        start += 1
        other_start += 1
    return Gap(start, here, other_start, there)


@compiled
def _compare_runs(facts: Facts, a: PreparedText, b: PreparedText, runs: Runs, named: Named) -> None:
    """Add the facts within runs, which are word beside word; neighbouring words that differ form a gap."""
    words, other_words, all_flags, all_other_flags = a.words, b.words, a.flags, b.flags
    starts, ends, shifts = runs.start, runs.end, runs.shift
    start, end, other_start, other_end, has_fact = 0, NONE, 0, NONE, False
    for number in range(len(starts)):
        for here in range(starts[number], ends[number]):
            there = here + shifts[number]
            word, other_word = np.int64(words[here]), np.int64(other_words[there])
            flags, other_flags = all_flags[here], all_other_flags[there]
            # a number that starts a sentence numbers a list
            are_numbers = flags & (IS_NUMBER | IS_START) == IS_NUMBER and other_flags & IS_NUMBER != 0
            if word == other_word:
                if are_numbers or flags & IS_NAME != 0:
                    _add(facts, AGREED, word)
            elif are_numbers:
                are_moments = flags & other_flags & IS_MOMENT == IS_MOMENT
                _add_numbers(facts, word, other_word, max(here, there) < LEAD, are_moments)
            else:
                if here != end or there != other_end:
                    if has_fact:
                        _compare_gap(facts, a, b, Gap(start, end, other_start, other_end), named)
                    start, other_start, has_fact = here, there, False
                end, other_end = here + 1, there + 1
                has_fact = has_fact or (flags | other_flags) & (IS_NUMBER | IS_NAME) != 0 or named.times > 0
    if has_fact:
        _compare_gap(facts, a, b, Gap(start, end, other_start, other_end), named)


@compiled
def _has_name(text: PreparedText, name: Int) -> Int:
    for place in range(len(text.words)):
        if text.flags[place] & IS_NAME != 0 and (text.words[place] ^ name) & UNSIGNED == 0:
            return True
    return False


@compiled
def _count_known_names(facts: Facts, a: PreparedText, b: PreparedText) -> Int:
    """Return how many pairs of differing names are names of the two texts as well."""
    known = 0
    for number in range(facts.counts[NAMES]):
        pair = facts.values[NAMES, number]
        known += _has_name(a, pair >> 32) and _has_name(b, pair)
    return known


@compiled
def _count_equal(values: Longs, value: Int) -> Int:
    count = 0
    for each in values:
        count += each == value
    return count


@compiled
def _count_repeated(added: Longs, in_titles: Longs) -> Int:
    """Return how many of the added names come more than once in the texts and titles together."""
    repeated = 0
    for place in range(len(added)):
        if _count_equal(added[:place], added[place]) == 0:
            repeated += _count_equal(added[place:], added[place]) + _count_equal(in_titles, added[place]) > 1
    return repeated


# Two articles


@compiled
def _are_equal(words: Ints, others: Ints, mask: Int) -> Int:
    """Return whether the words are the same in the bits of the mask."""
    if len(words) != len(others):
        return False
    for place in range(len(words)):  # noqa: SIM110 - numba has no generator expressions
        if (words[place] ^ others[place]) & mask != 0:
            return False
    return True


@compiled
def _compare(
    a: ArticleWords, a_text: PreparedText, b: ArticleWords, b_text: PreparedText, is_reversed: Int
) -> Comparison:
    """Compare two articles, whose bodies are prepared."""
    common = overlap(a_text, b_text)
    copied, exact = is_copied(common.of_a, common.of_b), _are_equal(a_text.words, b_text.words, ALL_BITS)
    agreed, numbers, leading, names, in_titles, moments, late_moments, title_moments = 0, 0, 0, 0, 0, 0, 0, 0
    if copied and not exact:
        named = names_of(a, b)
        facts = find_facts(a_text, b_text, common.matches, named)
        agreed, numbers, leading = facts.counts[AGREED], facts.counts[NUMBERS], facts.counts[LEADING]
        moments = facts.counts[LEADING_MOMENTS]
        late_moments = facts.counts[MOMENTS] - moments
        in_title = np.empty(0, np.int64)
        if not _are_equal(a.title, b.title, WORD_MASK):
            a_title, b_title = prepare(a.title, a.title_letters), prepare(b.title, b.title_letters)
            title_facts = find_facts(a_title, b_title, overlap(a_title, b_title).matches, named)
            # any word of a headline may be capitalised: only names that the texts have as well count
            known = title_facts.counts[NAMES] if named.times > 0 else _count_known_names(title_facts, a_text, b_text)
            in_titles = title_facts.counts[NUMBERS] + known
            in_title = title_facts.values[ADDED, : title_facts.counts[ADDED]]
            title_moments = _count_title_moments(title_facts, a, b)
        names = facts.counts[NAMES] + _count_repeated(facts.values[ADDED, : facts.counts[ADDED]], in_title)
    a_covered, b_covered = np.ones(len(a.body), np.bool_), np.ones(len(b.body), np.bool_)
    of_a, of_b, factual = Headline(0, 0, 0), Headline(0, 0, 0), False
    if copied or exact or is_part(common.of_a, common.of_b):  # of others nothing more is asked
        if not exact:
            a_covered, b_covered = _mark_words(common.in_a), _mark_words(common.in_b)
        of_a = _place_headline(a.title, a_text, a_covered, b.title, b_text)
        of_b = _place_headline(b.title, b_text, b_covered, a.title, a_text)
        factual = _is_factual(a_text, b_text)
    return Comparison(
        is_reversed, common.shingles, exact, copied, len(a.body), len(b.body),
        common.of_a.words, common.of_b.words, common.of_a.lead_words, common.of_b.lead_words,
        agreed, numbers, leading, names, in_titles, moments, late_moments, title_moments,
        _count_same_moments(a.title, b.title),
        _count_new(a_covered), _count_new(b_covered), _longest_new(a_covered), _longest_new(b_covered),
        _outer_new(a_covered), _outer_new(b_covered),
        of_a.words, of_a.shared, of_a.own, of_b.words, of_b.shared, of_b.own, factual,
        _count_same(a.title, b.title),
        _same_outlet(a.origin, b.origin), _minutes_apart(a.origin, b.origin), a.origin[2] | b.origin[2],
    )  # fmt: skip


@compiled
def _is_uncased(a: ArticleWords, b: ArticleWords) -> Int:
    """Return whether hardly a word of two texts has a capital letter."""
    capitals, words = len(a.body_letters) + len(b.body_letters), len(a.body) + len(b.body)
    return capitals <= CASED * words


@compiled
def _same_outlet(origin: Ints, other: Ints) -> Int:
    return -1 if origin[0] == 0 or other[0] == 0 else 1 if origin[0] == other[0] else 0


@compiled
def _minutes_apart(origin: Ints, other: Ints) -> Int:
    return -1 if origin[1] == 0 or other[1] == 0 else abs(origin[1] - other[1])


@compiled
def _byte_order(words: Ints, others: Ints) -> Int:
    """Return a negative number if the bytes of the words are less than those of the others, a positive if greater."""
    for place in range(min(len(words), len(others))):
        if words[place] != others[place]:
            shift = 0
            while (words[place] ^ others[place]) >> shift & 255 == 0:
                shift += 8
            return (words[place] >> shift & 255) - (others[place] >> shift & 255)
    return len(words) - len(others)


@compiled
def _comes_first(a: ArticleWords, b: ArticleWords) -> Int:
    """Return whether a is compared as the first of the two: it is shorter, or as long and less by its bytes."""
    if len(a.body) != len(b.body):
        return len(a.body) < len(b.body)
    order = _byte_order(a.body, b.body)
    return order < 0 or (order == 0 and _byte_order(a.title, b.title) < 0)


@compiled
def _compare_in_order(a: ArticleWords, a_text: PreparedText, b: ArticleWords, b_text: PreparedText) -> Comparison:
    """Compare two articles in the order that `_comes_first` gives, so that the result is the same both ways."""
    is_reversed = _comes_first(b, a)  # one call below: a second, with a constant, would be compiled for that constant
    if is_reversed:
        a, a_text, b, b_text = b, b_text, a, a_text
    return _compare(a, a_text, b, b_text, is_reversed)


@compiled
def compare(a: ArticleWords, b: ArticleWords) -> Comparison:
    """Compare two articles."""
    return _compare_in_order(a, prepare(a.body, a.body_letters), b, prepare(b.body, b.body_letters))


@compiled
def _read_article(signature: Ints) -> ArticleWords:
    """Return the words of an article from the bytes that `Signature.to_bytes` writes."""
    title = 5 + (signature[0] >> 8 & 0xFF)
    title_letters = title + (signature[0] >> 16 & 0xFFFF)
    body = title_letters + (signature[1] & 0xFFFF)
    return ArticleWords(
        signature[2:5], signature[5:title], signature[title:title_letters], signature[title_letters:body],
        signature[body:],
    )  # fmt: skip


@compiled
def _write(result: Comparison, record: Any) -> None:
    """Write the comparison to an element of a RECORD array."""
    record.is_reversed = result.is_reversed
    record.shared_shingles = result.shared_shingles
    record.is_exact = result.is_exact
    record.is_copied = result.is_copied
    record.words_of_a = result.words_of_a
    record.words_of_b = result.words_of_b
    record.a_in_b = result.a_in_b
    record.b_in_a = result.b_in_a
    record.lead_of_a_in_b = result.lead_of_a_in_b
    record.lead_of_b_in_a = result.lead_of_b_in_a
    record.agreed = result.agreed
    record.numbers = result.numbers
    record.leading = result.leading
    record.names = result.names
    record.in_titles = result.in_titles
    record.moments = result.moments
    record.late_moments = result.late_moments
    record.title_moments = result.title_moments
    record.same_title_moments = result.same_title_moments
    record.new_in_a = result.new_in_a
    record.new_in_b = result.new_in_b
    record.longest_new_in_a, record.longest_new_in_b = result.longest_new_in_a, result.longest_new_in_b
    record.outer_new_in_a, record.outer_new_in_b = result.outer_new_in_a, result.outer_new_in_b
    record.headline_words_of_a = result.headline_words_of_a
    record.headline_of_a_shared = result.headline_of_a_shared
    record.headline_of_a_own = result.headline_of_a_own
    record.headline_words_of_b = result.headline_words_of_b
    record.headline_of_b_shared = result.headline_of_b_shared
    record.is_factual = result.is_factual
    record.headline_of_b_own = result.headline_of_b_own
    record.same_in_headlines = result.same_in_headlines
    record.same_outlet = result.same_outlet
    record.minutes_apart = result.minutes_apart
    record.is_partial = result.is_partial


@compiled
def compare_each(signatures: Ints, ends: Longs) -> NDArray[Any]:
    """Compare the first of some articles with each of the others; return a RECORD array of the results that matter.

    They are those of the others with the same words, and of the pairs of which one is a copy of the other; the second
    article has number 0. `signatures` holds what `Signature.to_bytes` writes, one article after the other, and `ends`
    where each ends.
    """
    article = _read_article(signatures[: ends[0]])
    text = prepare(article.body, article.body_letters)
    distinct = _count_distinct(text)
    records, count = np.empty(len(ends) - 1, RECORD), 0
    for number in range(len(ends) - 1):
        other = _read_article(signatures[ends[number] : ends[number + 1]])
        if not _is_certainly_no_copy(text, distinct, other.body):
            result = _compare_in_order(article, text, other, prepare(other.body, other.body_letters))
            is_whole = max(result.a_in_b, result.b_in_a) >= CONTAINED
            if result.is_exact or result.is_copied or is_whole:
                records[count].number = number
                _write(result, records[count])
                count += 1
    return records[:count]
