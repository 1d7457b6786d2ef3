"""Text as 32-bit words, each of which keeps whether it is a number, is capitalised, and starts a sentence.

A word is 29 bits of the CRC-32 of its case-folded spelling, with three flags in the low bits. Two articles can then be
compared without their texts, and shingles are arithmetic. A capitalised word also has its letters: one bit for each of
a to z that it contains, with its length above them, by which a misspelt name can be told from another name.
"""

import re
import sys
import zlib

import numpy as np
from numpy.typing import NDArray

from scrapers.dedup.text.scanner import scan, split_codes

Words = NDArray[np.uint32]
Hashes = NDArray[np.uint64]

NUMBER, CAPITAL, START = np.uint32(1), np.uint32(2), np.uint32(4)  # as in `scanner.py`
WORD_MASK = np.uint32(0xFFFFFFF8)
_MAX_CACHED = 20_000  # runs of text; about 4 MB

# A number keeps its separators (8.414,80; 19.05; 2/1/2025; 0-4); a stop ends a sentence.
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,:/-]\d+)*|[.!?:;]")


class _CodeCache(dict[str, bytes]):
    """The 64-bit codes of each run of text between white space; a run is read when it is first asked for."""

    def __missing__(self, run: str) -> bytes:
        if len(self) > _MAX_CACHED:
            self.clear()
        self[run] = codes = b"".join(_code(word).to_bytes(8, sys.byteorder) for word in _TOKEN.findall(run))
        return codes


def _code(word: str) -> int:
    """Return the code of a word: its 32 bits, with the letters of a capitalised word above them; 0 is a stop."""
    first = word[0]
    if first in ".!?:;":
        return 0
    code = zlib.crc32(word.casefold().encode()) & 0xFFFFFFF8
    if first.isdigit():
        return code | int(NUMBER)
    return code | int(CAPITAL) | _letters(word) << 32 if first.isupper() else code


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
    return split_codes(codes, longest)


def _with_unread(codes: Hashes, encoded: bytes, unread: list[list[int]]) -> Hashes:
    """Return the codes with those of the unread stretches in their places (see `scan`)."""
    parts, last = [], 0
    for place, start, end in unread:
        runs = encoded[start:end].decode(errors="surrogatepass").split()
        parts += [codes[last:place], np.frombuffer(b"".join(map(_codes.__getitem__, runs)), np.uint64)]
        last = place
    return np.concatenate([*parts, codes[last:]])


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
