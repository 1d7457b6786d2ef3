"""Text as numbers: each word is 32 bits that keep what it is, where a sentence starts, and what is a number or a name.

A token is 29 bits of its case-folded word's CRC-32, and three flags in the low bits. Comparing two articles then needs
neither text, and any shingle of either is arithmetic. A capitalised word also has its letters: a bit for each of a to
z that is in it, and its length above them, so that a misspelt name is known from another name.
"""

import re
import sys
import zlib

import numpy as np
from numpy.typing import NDArray

from scrapers.dedup.scanner import flagged, scan

Tokens = NDArray[np.uint32]
Hashes = NDArray[np.uint64]

NUMBER, CAPITAL, START = np.uint32(1), np.uint32(2), np.uint32(4)  # as in `scanner.py`
WORD = np.uint32(0xFFFFFFF8)
_MOST_CACHED = 20_000  # runs of text; about 4 MB

# A number keeps its separators (8.414,80; 19.05; 2/1/2025; 0-4); a stop ends a sentence.
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,:/-]\d+)*|[.!?:;]")


class _Codes(dict[str, bytes]):
    """Remembers each run of text between white space that was seen here, as the 64-bit codes of what is in it."""

    def __missing__(self, run: str) -> bytes:
        if len(self) > _MOST_CACHED:
            self.clear()
        self[run] = codes = b"".join(_code(word).to_bytes(8, sys.byteorder) for word in _TOKEN.findall(run))
        return codes


def _code(word: str) -> int:
    """Return a word's token, and above it 32 bits of letters where it is capitalised; 0 is a stop."""
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


_codes = _Codes()


def tokens(text: str, longest: int) -> tuple[Tokens, Tokens]:
    """Return the text's first `longest` words and numbers in order, and the letters of the capitalised among them."""
    written = text.encode(errors="surrogatepass")
    codes, left = scan(np.frombuffer(written, np.uint8))
    if len(left):
        codes = _completed(codes, written, left.tolist())
    return flagged(codes, longest)


def _completed(codes: Hashes, written: bytes, left: list[list[int]]) -> Hashes:
    """Return the codes with those between them that were left to read: (place, start, end)."""
    parts, last = [], 0
    for place, start, end in left:
        runs = written[start:end].decode(errors="surrogatepass").split()
        parts += [codes[last:place], np.frombuffer(b"".join(map(_codes.__getitem__, runs)), np.uint64)]
        last = place
    return np.concatenate([*parts, codes[last:]])


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
