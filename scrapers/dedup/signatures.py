"""An article's signature: all that finding and judging its near-duplicates needs, computed once a revision.

Candidates are found by `keys`, a bottom-k MinHash sketch of the shingles (Broder 1997; Cohen & Kaplan 2007): two
articles that share text share keys, about as many of the k as their texts share shingles, and a text that is part of
another keeps its share whatever the lengths.
"""

import hashlib
import struct
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
import zstandard

from scrapers.dedup.boilerplate import without_boilerplate
from scrapers.dedup.compiled import FRAME, WIDTH, Ints, prepare
from scrapers.dedup.documents import Document
from scrapers.dedup.scanner import lowest_shingles
from scrapers.dedup.tokens import WORD, Hashes, Tokens, shingles, tokens

ALGORITHM = 2  # stored with every signature; signatures of different algorithms are never compared
KEYS = 32  # keys of an article, at most; 28 and more find the same clusters among 30,000 labelled articles
KEY_WIDTH = 5  # words in a shingle that becomes a key
LONGEST = 2_000  # words; what follows is not looked at
LONGEST_TITLE = 60

# new ones for each text would cost more than it does
_COMPRESSOR, _DECOMPRESSOR = zstandard.ZstdCompressor(), zstandard.ZstdDecompressor()
_HEADER = struct.Struct("<BBHHH")


@dataclass(eq=False)  # not frozen: of the signatures that are read, making them would take half the time
class Text:
    """Words in order (see `tokens.py`), with the letters of the capitalised among them."""

    words: Tokens
    capital_letters: Tokens

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def plain(self) -> Tokens:
        """The words without their flags."""
        return self.words & WORD

    @cached_property
    def prepared(self) -> tuple[Ints, Ints]:
        """What the text is compared by (see `compiled.py`)."""
        return prepare(self.words.astype(np.int32), self.capital_letters.astype(np.int32))

    @property
    def shingles(self) -> Hashes:
        """The distinct shingles that are compared, sorted; all numbers are alike there."""
        return np.unique(shingles(self.prepared[0][FRAME].astype(np.uint32), WIDTH))


@dataclass(eq=False)
class Signature:
    """The title and the body, without the outlet's boilerplate."""

    title: Text
    body: Text

    @cached_property
    def keys(self) -> tuple[int, ...]:
        """The band keys: signed 64-bit integers, ascending, at most KEYS; sharing one makes a candidate pair."""
        return tuple(sorted(lowest_shingles(self.body.words, KEY_WIDTH, KEYS).view(np.int64).tolist()))

    @property
    def content(self) -> bytes:
        """A digest of the body's words: equal where two bodies have the same words, whatever case and punctuation."""
        return hashlib.blake2b(self.body.plain.tobytes(), digest_size=16).digest()

    def to_bytes(self) -> bytes:
        """Return what `from_bytes` reads: algorithm, lengths, words, letters; five bytes a word or less."""
        parts = (self.title.words, self.title.capital_letters, self.body.words, self.body.capital_letters)
        lengths = [len(part) for part in parts]
        return _HEADER.pack(ALGORITHM, *lengths) + b"".join(part.tobytes() for part in parts)

    def compressed(self) -> bytes:
        """Return what `to_bytes` does as a zstd frame, which is how signatures are stored."""
        return _COMPRESSOR.compress(self.to_bytes())

    @classmethod
    def decompressed(cls, stored: bytes) -> "Signature":
        """Read a zstd frame of what `from_bytes` reads, and raise what it raises."""
        return cls.from_bytes(decompress(stored))

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Signature":
        """Read a stored signature. Raises ValueError where another algorithm wrote it, or it is cut short."""
        title, title_letters, body, body_letters = accumulate(_lengths(stored))  # where each ends
        numbers = np.frombuffer(bytearray(stored), np.uint32, offset=_HEADER.size)
        return cls(
            title=Text(numbers[:title], numbers[title:title_letters]),
            body=Text(numbers[title_letters:body], numbers[body:body_letters]),
        )


def sign(document: Document) -> Signature:
    """Return the document's signature; the same text of the same outlet gives the same one anywhere."""
    return Signature(
        title=Text(*tokens(document.title, LONGEST_TITLE)),
        body=Text(*tokens(without_boilerplate(document), LONGEST)),
    )


def decompress(stored: bytes) -> bytes:
    """Return what `Signature.to_bytes` wrote, of a stored zstd frame; raise as `Signature.from_bytes` does."""
    written = _DECOMPRESSOR.decompress(stored)
    _lengths(written)
    return written


def _lengths(written: bytes) -> list[int]:
    algorithm = written[0] if written else 0
    if algorithm != ALGORITHM:
        raise ValueError(f"signature of algorithm {algorithm}, this is {ALGORITHM}; sign the article again")
    _, *lengths = _HEADER.unpack_from(written)
    if len(written) != (expected := _HEADER.size + 4 * sum(lengths)):
        raise ValueError(f"signature of {len(written)} bytes, {expected} expected; sign the article again")
    return lengths
