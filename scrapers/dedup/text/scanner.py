"""Text in UTF-8 → codes of its words → 32-bit words and the hashes of their shingles: loops that numba compiles.

The codes are those of `tokens.py`, which explains them. This scanner knows the characters that nearly all text consists
of; a stretch with any other character is reported back, and `tokens.py` reads it with regular expressions.
"""

import numpy as np
from numpy.typing import NDArray

from scrapers.dedup.jit import Int, compiled

CAPITALS, SMALL, DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz", b"0123456789"
STOPS, SPACES = b".!?:;", b" \t\n\v\f\r\x1c\x1d\x1e\x1f"
OTHER, DIGIT, CAPITAL, LETTER, STOP, SPACE, APOSTROPHE, UNKNOWN = range(8)  # classes of characters; 1 to 3 form words
IS_NUMBER, IS_CAPITAL, IS_START, WORD_MASK = 1, 2, 4, 0xFFFFFFF8
IS_MOMENT = IS_NUMBER | IS_CAPITAL  # a number has no capital, so that the two flags together are free
SHAPED = 1 << 32  # of a number's code: it is written as a day, an hour or a score
MAX_NAME_LENGTH = 63  # letters
_CLASSES = np.zeros(256, np.uint8)  # of each byte
for _class, _characters in ((CAPITAL, CAPITALS), (LETTER, SMALL), (DIGIT, DIGITS), (STOP, STOPS), (SPACE, SPACES)):
    _CLASSES[list(_characters)] = _class
_CLASSES[128:] = UNKNOWN
_LOWER = np.array([*range(65), *SMALL, *range(91, 256)], np.uint8)
_CRC = np.arange(256, dtype=np.uint32)  # CRC-32 of each byte, by the reversed polynomial of IEEE 802.3
for _ in range(8):
    _CRC = np.where(_CRC & 1, (_CRC >> 1) ^ np.uint32(0xEDB88320), _CRC >> 1)

Bytes = NDArray[np.uint8]
Codes = NDArray[np.uint64]
Words = NDArray[np.uint32]


@compiled
def _class_of_multibyte(text: Bytes, place: Int) -> tuple[Int, Int]:
    """Return the class of the character that starts here with a byte above 127, and its length in bytes."""
    # dashes, quotation marks and spaces: none of U+2000 to U+203F is part of a word, except the apostrophe inside one
    if text[place] == 0xE2 and place + 2 < len(text) and text[place + 1] == 0x80:
        return (APOSTROPHE if text[place + 2] == 0x99 else OTHER), 3
    if text[place] == 0xC2 and place + 1 < len(text) and text[place + 1] in (0xA0, 0xAB, 0xBB):  # a space, « and »
        return OTHER, 2
    return UNKNOWN, 1


@compiled
def _joiner(text: Bytes, place: Int, is_number: Int) -> Int:
    """Return the length of the character here if it joins what surrounds it into one word or number, else 0."""
    if place >= len(text):
        return 0
    byte = text[place]
    if is_number:
        size = 1 if 44 <= byte <= 47 or byte == 58 else 0  # ,-./:
    elif byte == 39 or byte == 45:  # '-
        size = 1
    else:
        size = 3 if byte == 0xE2 and _class_of_multibyte(text, place)[0] == APOSTROPHE else 0
    if size == 0 or place + size >= len(text):
        return 0
    following = _CLASSES[text[place + size]]
    return size if (following == DIGIT if is_number else CAPITAL <= following <= LETTER) else 0


@compiled
def is_moment(joiner: Int, joined: Int, length: Int) -> Int:
    """Return whether a number of this length is a day (2/1/2025), an hour (20:15) or a score (2-0).

    `joiner` is the last character that joins its digits, and `joined` how many there are.
    """
    if joiner == 47 or joiner == 58:  # /:
        return True
    return joiner == 45 and joined == 1 and length <= 5  # -


@compiled
def _read_word(text: Bytes, place: Int) -> tuple[Int, Int]:
    """Return the code of the word or number that starts here, and where it ends."""
    first = _CLASSES[text[place]]
    is_number = first == DIGIT
    crc, length, letters, size = np.uint32(0xFFFFFFFF), 0, 0, 1
    start, joined = place, 0
    joiner: Int = 0
    while size > 0:
        for at in range(place, place + size):
            byte = _LOWER[text[at]]
            if first == CAPITAL and _CLASSES[byte] == LETTER:
                letters |= 1 << (byte - 97)
            crc = _CRC[np.uint8(crc) ^ byte] ^ (crc >> np.uint32(8))
        length, place = length + 1, place + size
        following = _CLASSES[text[place]] if place < len(text) else SPACE
        continues = following == DIGIT if is_number else CAPITAL <= following <= LETTER
        size = 1 if continues else _joiner(text, place, is_number)
        if is_number and size > 0 and not continues:
            joiner, joined = text[place], joined + 1
    code = np.uint64(crc ^ np.uint32(0xFFFFFFFF)) & np.uint64(WORD_MASK)
    if is_number:
        code |= np.uint64(IS_NUMBER)
        if is_moment(joiner, joined, place - start):
            code |= np.uint64(SHAPED)
    elif first == CAPITAL:
        code |= np.uint64(IS_CAPITAL) | np.uint64(min(length, MAX_NAME_LENGTH) << 26 | letters) << np.uint64(32)
    return code, place


@compiled
def scan(text: Bytes) -> tuple[Codes, NDArray[np.int64]]:
    """Return the codes of a text in UTF-8, and the stretches that were not read, a row each.

    A stretch is a run between white space with a character of class UNKNOWN. Its row holds the index in the codes
    where its own codes belong, and where it starts and ends in the text.
    """
    codes, unread = np.empty(len(text), np.uint64), np.empty((len(text), 3), np.int64)
    count, stretches, place = 0, 0, 0
    run_start, run_count = 0, 0  # where the current run starts, and how many codes came before it
    while place < len(text):
        kind, size = _CLASSES[text[place]], 1
        if DIGIT <= kind <= LETTER:
            codes[count], place = _read_word(text, place)
            count += 1
            continue
        if kind == UNKNOWN:
            kind, size = _class_of_multibyte(text, place)
        if kind == STOP:
            codes[count] = 0
            count += 1
        elif kind == SPACE:
            run_start, run_count = place + 1, count
        elif kind == UNKNOWN:
            while place < len(text) and _CLASSES[text[place]] != SPACE:
                place += 1
            count = run_count
            unread[stretches, 0], unread[stretches, 1], unread[stretches, 2] = run_count, run_start, place
            stretches += 1
            continue
        place += size
    return codes[:count], unread[:stretches]


@compiled
def _is_among(words: Words, code: Int) -> Int:
    """Return whether the word of a code is among the sorted ones."""
    word = np.uint32(code & np.uint64(WORD_MASK))
    place = np.searchsorted(words, word)
    return place < len(words) and words[place] == word


@compiled
def _is_beside(codes: Codes, place: Int, before: Words, after: Words, flags: Int) -> Int:
    """Return whether one of the words, with these flags, stands before or after a number."""
    flags = np.uint64(flags)
    if place > 0 and codes[place - 1] & flags == flags and _is_among(before, codes[place - 1]):
        return True
    return place + 1 < len(codes) and codes[place + 1] & flags == flags and _is_among(after, codes[place + 1])


@compiled
def split_codes(
    codes: Codes, longest: Int, calendar: Words, months: Words, before: Words, after: Words
) -> tuple[Words, Words]:
    """Return the first `longest` words, flagged where a sentence starts, and the letters of the capitalised ones.

    Days, hours and scores are flagged IS_MOMENT, by their form or by the words beside them. The sorted words are those
    of `calendar.py`: weekdays and months, the months alone, what stands before an hour, and after an hour or day.
    """
    words, letters = np.empty(min(longest, len(codes)), np.uint32), np.empty(min(longest, len(codes)), np.uint32)
    count, capitals, flag = 0, 0, IS_START
    for place in range(len(codes)):
        code = codes[place]
        if count == longest:
            break
        if code == 0:
            flag = IS_START
            continue
        words[count] = code & np.uint64(0xFFFFFFFF) | np.uint64(flag)
        if code & np.uint64(IS_NUMBER):
            is_hour = code & np.uint64(SHAPED) or _is_beside(codes, place, before, after, 0)
            if is_hour or _is_beside(codes, place, months, months, IS_CAPITAL):
                words[count] |= np.uint32(IS_MOMENT)
        elif code & np.uint64(IS_CAPITAL):
            if flag == 0 and _is_among(calendar, code):  # any word that starts a sentence is capitalised
                words[count] |= np.uint32(IS_MOMENT)
            else:
                letters[capitals] = code >> np.uint64(32)
                capitals += 1
        count, flag = count + 1, 0
    return words[:count], letters[:capitals]


@compiled
def sentence_hashes(words: Words) -> tuple[Codes, NDArray[np.int64]]:
    """Return a hash of each sentence of a text, and the place where each starts."""
    hashes, starts = np.empty(len(words), np.uint64), np.empty(len(words), np.int64)
    count, start = 0, 0
    for end in range(1, len(words) + 1):
        if end == len(words) or words[end] & np.uint32(IS_START):
            hashes[count], starts[count] = _hash_shingle(words, start, end - start), start
            count, start = count + 1, end
    return hashes[:count], starts[:count]


@compiled
def sentence_rows(words: Words, fewest: Int, headline: Int) -> Codes:
    """Return a row for each sentence of `fewest` words or more: its hash and the headline's."""
    hashes, starts = sentence_hashes(words)
    rows, count = np.empty((len(hashes), 2), np.uint64), 0
    for number in range(len(hashes)):
        end = starts[number + 1] if number + 1 < len(starts) else len(words)
        if end - starts[number] >= fewest:
            rows[count, 0], rows[count, 1] = hashes[number], headline
            count += 1
    return rows[:count]


@compiled
def hash_headline(words: Words) -> Int:
    """Return a hash of a headline's words without its numbers."""
    value = np.uint64(0)
    for word in words:
        if word & np.uint32(IS_NUMBER) == 0:
            value = value * np.uint64(0x9E3779B97F4A7C15) + np.uint64(word & np.uint32(WORD_MASK))
    return value >> np.uint64(1)


@compiled
def tells(body: Words, headline: Words, share: float) -> Int:
    """Return whether a body has at least this share of a headline's words, and two; numbers are left out."""
    count, told = 0, 0
    for word in headline:
        if word & np.uint32(IS_NUMBER) == 0:
            count += 1
            for other in body:
                if (word ^ other) & np.uint32(WORD_MASK) == 0:
                    told += 1
                    break
    return told >= max(share * count, min(2, count))


@compiled
def without_sentences(words: Words, letters: Words, left_out: Codes) -> tuple[Words, Words]:
    """Return a text and the letters of its capitalised words without the sentences of these hashes, ascending."""
    hashes, starts = sentence_hashes(words)
    kept, kept_letters = np.empty(len(words), np.uint32), np.empty(len(letters), np.uint32)
    count, capitals, letter = 0, 0, 0
    for number in range(len(hashes)):
        place = np.searchsorted(left_out, hashes[number])
        is_kept = place == len(left_out) or left_out[place] != hashes[number]
        end = starts[number + 1] if number + 1 < len(starts) else len(words)
        for at in range(starts[number], end):
            if is_kept:
                kept[count] = words[at]
                count += 1
            if words[at] & np.uint32(IS_MOMENT) == IS_CAPITAL:
                if is_kept:
                    kept_letters[capitals] = letters[letter]
                    capitals += 1
                letter += 1
    return kept[:count], kept_letters[:capitals]


@compiled
def _hash_shingle(words: Words, start: Int, width: Int) -> Int:
    """Return the hash that `tokens.shingles` gives the shingle that starts here."""
    value = np.uint64(0)
    for place in range(start, start + width):
        value = value * np.uint64(0x9E3779B97F4A7C15) + np.uint64(words[place] & np.uint32(WORD_MASK))
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@compiled
def lowest_shingles(words: Words, width: Int, most: Int) -> Codes:
    """Return the `most` lowest distinct hashes of all shingles of `width` words, ascending."""
    lowest, count = np.empty(most, np.uint64), 0
    for start in range(len(words) - width + 1):
        value = _hash_shingle(words, start, width)
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
