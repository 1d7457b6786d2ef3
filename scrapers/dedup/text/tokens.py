"""Text as 32-bit words, each of which keeps whether it is a number, is capitalised, and starts a sentence.

A day, an hour or a score is a number that is flagged as capitalised, too, and so are weekdays and months. Where a
script has no spaces, each syllable or character is a word.

A word is 29 bits of the CRC-32 of its case-folded spelling, with three flags in the low bits. Two articles can then be
compared without their texts, and shingles are arithmetic. A capitalised word also has its letters: one bit for each of
a to z that it contains, with its length above them, by which a misspelt name can be told from another name.
"""

import re
import sys
import zlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from scrapers.dedup.text.calendar import AFTER_AN_HOUR, BEFORE_AN_HOUR, CALENDAR, MONTHS, UNCASED, weekday
from scrapers.dedup.text.scanner import SHAPED, is_moment, scan, split_codes

Words = NDArray[np.uint32]
Hashes = NDArray[np.uint64]

NUMBER, CAPITAL = np.uint32(1), np.uint32(2)  # as in `scanner.py`
WORD_MASK = np.uint32(0xFFFFFFF8)
_MAX_CACHED = 20_000  # runs of text; about 4 MB
_MAX_RUN = 40  # characters of a run that is cached; longer ones are of scripts without spaces, and recur seldom

# Characters of scripts without spaces, each with the marks that belong to it: Han and kana; Thai and Lao, whose vowel
# may come first; Burmese, Khmer and Javanese.
_SYLLABLE = (
    r"[\u3005\u3040-\u30ff\u3400-\u9fff]"
    r"|[\u0e40-\u0e44]?[\u0e01-\u0e2e][\u0e30-\u0e3a\u0e45\u0e47-\u0e4e]*"
    r"|[\u0ec0-\u0ec4]?[\u0e81-\u0eae][\u0eb0-\u0ebc\u0ec8-\u0ecd]*"
    r"|[\u1000-\u102a\u103f](?:\u1039[\u1000-\u1021]|[\u102b-\u103e])*"
    r"|[\u1780-\u17b3](?:\u17d2[\u1780-\u17b3]|[\u17b4-\u17d3])*"
    r"|[\ua984-\ua9b2][\ua980-\ua983\ua9b3-\ua9c0]*"
)
_STOPS = ".!?:;。！？：；؟"
# A number keeps its separators (8.414,80; 19.05; 2/1/2025; 0-4); a stop ends a sentence.
_TOKEN = re.compile(
    rf"(?P<moment>{UNCASED})|(?P<number>\d+(?:[.,:/-]\d+)*|[一二三四五六七八九十百千万萬亿億零〇两]{{2,}})"
    rf"|{_SYLLABLE}|[^\W\d_]+(?:['’-][^\W\d_]+)*|[{_STOPS}]"
)
_JOINER = re.compile("[.,:/-]")


class _CodeCache(dict[str, bytes]):
    """The 64-bit codes of each run of text between white space; a run is read when it is first asked for."""

    def __missing__(self, run: str) -> bytes:
        if len(self) > _MAX_CACHED:
            self.clear()
        codes = b"".join(_code(found).to_bytes(8, sys.byteorder) for found in _TOKEN.finditer(run))
        if len(run) <= _MAX_RUN:
            self[run] = codes
        return codes


def _code(found: re.Match[str]) -> int:
    """Return the code of a word: its 32 bits, with the letters of a capitalised word above them; 0 is a stop."""
    word = found[0]
    if word in _STOPS:
        return 0
    if found.lastgroup == "moment":
        return _hash(weekday(word)) | int(NUMBER) | SHAPED
    code = _hash(word)
    if found.lastgroup == "number":
        joiners = _JOINER.findall(word)
        is_shaped = is_moment(ord(joiners[-1]) if joiners else 0, len(joiners), len(word.encode()))
        return code | int(NUMBER) | (SHAPED if is_shaped else 0)
    return code | int(CAPITAL) | _letters(word) << 32 if word[0].isupper() else code


def _hash(word: str) -> int:
    return zlib.crc32(word.casefold().encode()) & 0xFFFFFFF8


def _hashes(words: Iterable[str]) -> Words:
    return np.array(sorted(map(_hash, words)), np.uint32)


_TIMES = tuple(map(_hashes, (CALENDAR, MONTHS, BEFORE_AN_HOUR, AFTER_AN_HOUR)))
_LETTERS = {letter: 1 << place for place, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}


def _letters(word: str) -> int:
    return min(len(word), 63) << 26 | sum(_LETTERS.get(letter, 0) for letter in set(word.casefold()))


_codes = _CodeCache()


def tokens(text: str, longest: int) -> tuple[Words, Words]:
    """Return the text's first `longest` words and numbers in order, and the letters of the capitalised ones."""
    encoded = text.encode(errors="surrogatepass")
    codes, unread = scan(np.frombuffer(encoded, np.uint8))
    if len(unread):
        codes = _with_unread(codes, encoded, unread.tolist())
    return split_codes(codes, longest, *_TIMES)


def _with_unread(codes: Hashes, encoded: bytes, unread: list[list[int]]) -> Hashes:
    """Return the codes with those of the unread stretches in their places (see `scan`)."""
    parts, last = [], 0
    for place, start, end in unread:
        runs = encoded[start:end].decode(errors="surrogatepass").split()
        parts += [codes[last:place], np.frombuffer(b"".join(map(_codes.__getitem__, runs)), np.uint64)]
        last = place
    return np.concatenate([*parts, codes[last:]])


def spelled(text: str) -> dict[int, str]:
    """Return how the words of a text are spelled, by their 32 bits without flags."""
    found: dict[int, str] = {}
    for run in _TOKEN.finditer(text):
        word = weekday(run[0]) if run.lastgroup == "moment" else run[0]
        found.setdefault(_hash(word), run[0])
    return found


def shingles(words: Words, width: int) -> Hashes:
    """Return a 64-bit hash of each `width` consecutive words, ignoring flags; empty if there are fewer words."""
    if len(words) < width:
        return np.empty(0, np.uint64)
    values = (words & WORD_MASK).astype(np.uint64)
    count = len(values) - width + 1
    hashes = np.zeros(count, np.uint64)
    for offset in range(width):
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + values[offset : offset + count]
    return _mix(hashes)


def _mix(values: Hashes) -> Hashes:
    """Apply SplitMix64's finaliser (Steele et al. 2014): every bit of the result depends on every bit given."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
