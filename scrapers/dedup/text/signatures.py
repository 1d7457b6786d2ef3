"""An article's signature: everything needed to find and judge its near-duplicates, computed once for each revision.

Candidates are found by `keys`, a bottom-k MinHash sketch of the shingles (Broder 1997; Cohen & Kaplan 2007). Articles
that share text share keys: about the same part of the k keys as of their shingles. An article that is part of another
keeps this share whatever the two lengths are.
"""

import hashlib
import struct
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
import zstandard

from scrapers.dedup.text.boilerplate import without_boilerplate
from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.scanner import lowest_shingles
from scrapers.dedup.text.tokens import WORD_MASK, Words, tokens

ALGORITHM = 2  # stored with every signature; signatures of different algorithms are never compared
KEYS = 32  # sketch keys of an article, at most; 28 and more find the same clusters among 30,000 labelled articles
KEY_WIDTH = 5  # words in a shingle that becomes a key
MAX_WORDS = 2_000  # of a body; the rest is ignored
MAX_TITLE_WORDS = 60

# a new compressor for each text would cost more than compressing it
_COMPRESSOR, _DECOMPRESSOR = zstandard.ZstdCompressor(), zstandard.ZstdDecompressor()
_HEADER = struct.Struct("<BBHHH")


@dataclass(eq=False)  # not frozen: reading stored signatures would spend half its time on creating frozen objects
class Text:
    """Words in order (see `tokens.py`), and the letters of the capitalised ones."""

    words: Words
    capital_letters: Words

    def __len__(self) -> int:
        return len(self.words)

    @property
    def plain(self) -> Words:
        """The words without their flags."""
        return self.words & WORD_MASK


@dataclass(eq=False)
class Signature:
    """The words of an article's title and body, without the outlet's boilerplate."""

    title: Text
    body: Text

    @cached_property
    def keys(self) -> tuple[int, ...]:
        """The bottom-k sketch keys: at most KEYS signed 64-bit integers, ascending."""
        return tuple(sorted(lowest_shingles(self.body.words, KEY_WIDTH, KEYS).view(np.int64).tolist()))

    @property
    def content(self) -> bytes:
        """A digest of the body's words; bodies that differ only in case and punctuation have the same one."""
        return hashlib.blake2b(self.body.plain.tobytes(), digest_size=16).digest()

    def to_bytes(self) -> bytes:
        """Return what `from_bytes` reads: algorithm, lengths, words and letters, in at most five bytes a word."""
        parts = (self.title.words, self.title.capital_letters, self.body.words, self.body.capital_letters)
        lengths = [len(part) for part in parts]
        return _HEADER.pack(ALGORITHM, *lengths) + b"".join(part.tobytes() for part in parts)

    def compressed(self) -> bytes:
        """Return `to_bytes()` as a zstd frame, the form in which signatures are stored."""
        return _COMPRESSOR.compress(self.to_bytes())

    @classmethod
    def decompressed(cls, stored: bytes) -> "Signature":
        """Return the signature of a stored zstd frame; raises what `from_bytes` raises."""
        return cls.from_bytes(decompress(stored))

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Signature":
        """Return the signature that `to_bytes` wrote; raises ValueError if it is cut short or of another algorithm."""
        title, title_letters, body, body_letters = accumulate(_lengths(stored))  # where each part ends
        numbers = np.frombuffer(bytearray(stored), np.uint32, offset=_HEADER.size)
        return cls(
            title=Text(numbers[:title], numbers[title:title_letters]),
            body=Text(numbers[title_letters:body], numbers[body:body_letters]),
        )


def sign(document: Document) -> Signature:
    """Return the document's signature; the same text and outlet always give the same signature."""
    return Signature(
        title=Text(*tokens(document.title, MAX_TITLE_WORDS)),
        body=Text(*tokens(without_boilerplate(document), MAX_WORDS)),
    )


def decompress(stored: bytes) -> bytes:
    """Return the bytes of `Signature.to_bytes` from a stored zstd frame; raises what `Signature.from_bytes` raises."""
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
