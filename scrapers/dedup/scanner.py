"""Text → words as numbers → keys, in loops compiled by numba; words are of the characters that nearly all text is of.

What is compiled is kept as that of `compiled.py` is, from which only the decorator comes: numba would not see a change
there. The codes are those of `tokens.py`, which says what they mean and reads what is left to it here.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrapers.dedup.compiled import compiled

CAPITALS, SMALL, DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz", b"0123456789"
STOPS, SPACES = b".!?:;", b" \t\n\v\f\r\x1c\x1d\x1e\x1f"
OTHER, DIGIT, CAPITAL, LETTER, STOP, SPACE, APOSTROPHE, UNKNOWN = range(8)  # what a character is; of words, 1 to 3
IS_NUMBER, IS_CAPITAL, IS_START, PLAIN_BITS = 1, 2, 4, 0xFFFFFFF8
LONGEST_NAME = 63  # letters
ARRAY_HEADER = 20  # bytes: dimensions, nulls, type, length, lower bound
_KINDS = np.zeros(256, np.uint8)
for _kind, _characters in ((CAPITAL, CAPITALS), (LETTER, SMALL), (DIGIT, DIGITS), (STOP, STOPS), (SPACE, SPACES)):
    _KINDS[list(_characters)] = _kind
_KINDS[128:] = UNKNOWN
_LOWER = np.array([*range(65), *SMALL, *range(91, 256)], np.uint8)
_CRC = np.arange(256, dtype=np.uint32)  # CRC-32 of each byte, by the reversed polynomial of IEEE 802.3
for _ in range(8):
    _CRC = np.where(_CRC & 1, (_CRC >> 1) ^ np.uint32(0xEDB88320), _CRC >> 1)

Int = Any
Bytes = NDArray[np.uint8]
Codes = NDArray[np.uint64]


@compiled
def _kind_at(text: Bytes, place: Int) -> tuple[Int, Int]:
    """Return what the character is that starts with a byte above 127, and how many bytes it has."""
    # dashes, quotation marks and spaces: none of U+2000 to U+203F is of a word, but for the apostrophe within one
    if text[place] == 0xE2 and place + 2 < len(text) and text[place + 1] == 0x80:
        return (APOSTROPHE if text[place + 2] == 0x99 else OTHER), 3
    if text[place] == 0xC2 and place + 1 < len(text) and text[place + 1] in (0xA0, 0xAB, 0xBB):  # a space, « and »
        return OTHER, 2
    return UNKNOWN, 1


@compiled
def _joiner(text: Bytes, place: Int, is_number: Int) -> Int:
    """Return how many bytes the character has that joins what is before and behind it to one word; 0 if none does."""
    if place >= len(text):
        return 0
    byte = text[place]
    if is_number:
        size = 1 if 44 <= byte <= 47 or byte == 58 else 0  # ,-./:
    elif byte == 39 or byte == 45:  # '-
        size = 1
    else:
        size = 3 if byte == 0xE2 and _kind_at(text, place)[0] == APOSTROPHE else 0
    if size == 0 or place + size >= len(text):
        return 0
    kind = _KINDS[text[place + size]]
    return size if (kind == DIGIT if is_number else CAPITAL <= kind <= LETTER) else 0


@compiled
def _word(text: Bytes, place: Int) -> tuple[Int, Int]:
    """Return the code of the word or number that starts here, and where it ends."""
    first = _KINDS[text[place]]
    is_number = first == DIGIT
    crc, length, letters, size = np.uint32(0xFFFFFFFF), 0, 0, 1
    while size > 0:
        for at in range(place, place + size):
            byte = _LOWER[text[at]]
            if first == CAPITAL and _KINDS[byte] == LETTER:
                letters |= 1 << (byte - 97)
            crc = _CRC[np.uint8(crc) ^ byte] ^ (crc >> np.uint32(8))
        length, place = length + 1, place + size
        kind = _KINDS[text[place]] if place < len(text) else SPACE
        goes_on = kind == DIGIT if is_number else CAPITAL <= kind <= LETTER
        size = 1 if goes_on else _joiner(text, place, is_number)
    code = np.uint64(crc ^ np.uint32(0xFFFFFFFF)) & np.uint64(PLAIN_BITS)
    if is_number:
        code |= np.uint64(IS_NUMBER)
    elif first == CAPITAL:
        code |= np.uint64(IS_CAPITAL) | np.uint64(min(length, LONGEST_NAME) << 26 | letters) << np.uint64(32)
    return code, place


@compiled
def scan(text: Bytes) -> tuple[Codes, NDArray[np.int64]]:
    """Return the codes of a text in UTF-8, and what is left to read: where its codes belong, where it starts and ends.

    That is each run between white space with a character that is not known here.
    """
    codes, left = np.empty(len(text), np.uint64), np.empty((len(text), 3), np.int64)
    count, lefts, place, start, before = 0, 0, 0, 0, 0
    while place < len(text):
        kind, size = _KINDS[text[place]], 1
        if DIGIT <= kind <= LETTER:
            codes[count], place = _word(text, place)
            count += 1
            continue
        if kind == UNKNOWN:
            kind, size = _kind_at(text, place)
        if kind == STOP:
            codes[count] = 0
            count += 1
        elif kind == SPACE:
            start, before = place + 1, count
        elif kind == UNKNOWN:
            while place < len(text) and _KINDS[text[place]] != SPACE:
                place += 1
            count = before
            left[lefts, 0], left[lefts, 1], left[lefts, 2] = before, start, place
            lefts += 1
            continue
        place += size
    return codes[:count], left[:lefts]


@compiled
def flagged(codes: Codes, longest: Int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the first `longest` words, those behind a stop flagged, and the letters of the capitalised."""
    words, letters = np.empty(min(longest, len(codes)), np.uint32), np.empty(min(longest, len(codes)), np.uint32)
    count, capitals, flag = 0, 0, IS_START
    for code in codes:
        if count == longest:
            break
        if code == 0:
            flag = IS_START
            continue
        words[count] = code & np.uint64(0xFFFFFFFF) | np.uint64(flag)
        if code & np.uint64(IS_CAPITAL):
            letters[capitals] = code >> np.uint64(32)
            capitals += 1
        count, flag = count + 1, 0
    return words[:count], letters[:capitals]


@compiled
def lowest_shingles(words: NDArray[np.uint32], width: Int, most: Int) -> Codes:
    """Return the `most` lowest of the 64-bit hashes of every `width` words (see `tokens.shingles`), ascending."""
    lowest, count = np.empty(most, np.uint64), 0
    for start in range(len(words) - width + 1):
        value = np.uint64(0)
        for place in range(start, start + width):
            value = value * np.uint64(0x9E3779B97F4A7C15) + np.uint64(words[place] & np.uint32(PLAIN_BITS))
        value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        value ^= value >> np.uint64(31)
        if count < most or value < lowest[count - 1]:
            place = count
            while place > 0 and lowest[place - 1] > value:
                place -= 1
            if place == 0 or lowest[place - 1] != value:
                count = min(count + 1, most)
                for at in range(count - 1, place, -1):
                    lowest[at] = lowest[at - 1]
                lowest[place] = value
    return lowest[:count]


@compiled
def shared_keys(
    keys: NDArray[np.int64], counts: NDArray[np.bool_], firsts: NDArray[np.int64], of: NDArray[np.int64],
    stored: Bytes, ends: NDArray[np.int64],
) -> NDArray[np.int64]:  # fmt: skip
    """Return a row for each array of keys: how many it shares with those it is compared with, and how many that count.

    Array n is stored[: ends[n]] from where the one before ends, as Postgres sends a bigint[] of one dimension, its keys
    in ascending order like those of `keys` from firsts[of[n]] to the next of `firsts`.
    """
    found = np.zeros((len(of), 2), np.int64)
    start = 0
    for number in range(len(of)):
        mine, last = firsts[of[number]], firsts[of[number] + 1]
        for place in range(start + ARRAY_HEADER, ends[number], 12):
            key = np.int64(0)
            for at in range(place + 4, place + 12):
                key = key << 8 | np.int64(stored[at])
            while mine < last and keys[mine] < key:
                mine += 1
            if mine < last and keys[mine] == key:
                found[number, 0] += 1
                found[number, 1] += counts[mine]
        start = ends[number]
    return found
