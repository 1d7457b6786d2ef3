"""Text as numbers: each word is 32 bits that keep what it is, where a sentence starts, and what is a number or a name.

A token is 29 bits of its case-folded word's CRC-32, and three flags in the low bits. Comparing two articles then needs
neither text, and any shingle of either is arithmetic.
"""

import re
import zlib

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.uint32]
Hashes = NDArray[np.uint64]

NUMBER, CAPITAL, START = np.uint32(1), np.uint32(2), np.uint32(4)
WORD = np.uint32(0xFFFFFFF8)
_MOST_CACHED = 300_000  # words; about 40 MB

# A number keeps its separators (8.414,80; 19.05; 2/1/2025; 0-4); a stop ends a sentence.
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,:/-]\d+)*|[.!?:;]")


class _Codes(dict[str, int]):
    """Remembers the token of each word seen; 0 is a stop."""

    def __missing__(self, word: str) -> int:
        if len(self) > _MOST_CACHED:
            self.clear()
        self[word] = code = _code(word)
        return code


def _code(word: str) -> int:
    first = word[0]
    if first in ".!?:;":
        return 0
    code = zlib.crc32(word.casefold().encode()) & 0xFFFFFFF8
    return code | (1 if first.isdigit() else 2 if first.isupper() else 0)


_codes = _Codes()


def tokens(text: str) -> Tokens:
    """Return the text's words and numbers in order; see the module for the bits."""
    found = _TOKEN.findall(text)
    codes = np.fromiter(map(_codes.__getitem__, found), np.uint32, len(found))
    stops = codes == 0
    starts = np.empty_like(stops)
    starts[:1] = True
    starts[1:] = stops[:-1]
    codes[starts] |= START
    return np.asarray(codes[~stops])


def shingles(words: Tokens, width: int) -> Hashes:
    """Return a 64-bit hash of every `width` words in a row, case folded; empty where there are fewer words."""
    if len(words) < width:
        return np.empty(0, np.uint64)
    values = (words & WORD).astype(np.uint64)
    count = len(values) - width + 1
    found = np.zeros(count, np.uint64)
    for offset in range(width):
        found = found * np.uint64(0x9E3779B97F4A7C15) + values[offset : offset + count]
    return _mixed(found)


def _mixed(values: Hashes) -> Hashes:
    """SplitMix64's finaliser (Steele et al. 2014): every bit of the result depends on every bit given."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
