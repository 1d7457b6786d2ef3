"""An article's signature: everything needed to find and judge its near-duplicates, computed once for each revision.

Candidates are found by `keys`, a bottom-k MinHash sketch of the shingles (Broder 1997; Cohen & Kaplan 2007). Articles
that share text share keys: about the same part of the k keys as of their shingles. An article that is part of another
keeps this share whatever the two lengths are.
"""

import hashlib
import struct
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import accumulate

import numpy as np
import zstandard

from scrapers.dedup.text.boilerplate import without_boilerplate
from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.scanner import lowest_shingles, tells, without_sentences
from scrapers.dedup.text.tokens import WORD_MASK, Hashes, Words, tokens

ALGORITHM = 3  # stored with every signature; signatures of different algorithms are never compared
KEYS = 32  # sketch keys of an article, at most; 28 and more find the same clusters among 30,000 labelled articles
KEY_WIDTH = 5  # words in a shingle that becomes a key
MAX_WORDS = 2_000  # of a body; the rest is ignored
MAX_TITLE_WORDS = 60
MIN_WORDS = 20  # of a body by which alone articles are called the same
MIN_TOLD = 1 / 3  # of a headline's words that such a body has

# a new compressor for each text would cost more than compressing it
_COMPRESSOR, _DECOMPRESSOR = zstandard.ZstdCompressor(), zstandard.ZstdDecompressor()
_HEADER, _ORIGIN = struct.Struct("<BBHHH"), struct.Struct("<iii")
NO_ORIGIN = (0, 0, 0)


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
    """The words of an article's title and body, without the outlet's boilerplate.

    `origin` has a hash of the outlet, the minute of publication since 1970, both 0 where not known, and 1 if the page
    shows a film, pictures or a part of its text.
    """

    title: Text
    body: Text
    origin: tuple[int, int, int] = NO_ORIGIN

    @cached_property
    def keys(self) -> tuple[int, ...]:
        """The bottom-k sketch keys: at most KEYS signed 64-bit integers, ascending."""
        return tuple(sorted(lowest_shingles(self.body.words, KEY_WIDTH, KEYS).view(np.int64).tolist()))

    @property
    def identity(self) -> bytes | None:
        """A digest of the body's words, which makes articles with the same one exact copies; None for a short body.

        Case and punctuation don't matter. The headline counts too where the body is not whole or says nothing of it:
        an invitation to see a film, a notice on cookies or a paywall recurs under many headlines.
        """
        if len(self.body) < MIN_WORDS:
            return None
        is_own = not self.origin[2] and tells(self.body.words, self.title.words, MIN_TOLD)
        said = self.body.plain.tobytes() if is_own else self.body.plain.tobytes() + b"\0" + self.title.plain.tobytes()
        return hashlib.blake2b(said, digest_size=16).digest()

    def without(self, sentences: Hashes) -> "Signature":
        """Return the signature without the sentences of these hashes, ascending (see `scanner.sentence_hashes`)."""
        if not len(sentences):
            return self
        words, letters = without_sentences(self.body.words, self.body.capital_letters, sentences)
        return Signature(self.title, Text(words, letters), self.origin)

    def to_bytes(self) -> bytes:
        """Return what `from_bytes` reads: algorithm, lengths, origin, words and letters; five bytes a word at most."""
        parts = (self.title.words, self.title.capital_letters, self.body.words, self.body.capital_letters)
        lengths = [len(part) for part in parts]
        return _HEADER.pack(ALGORITHM, *lengths) + _ORIGIN.pack(*self.origin) + b"".join(map(_bytes, parts))

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
        numbers = np.frombuffer(bytearray(stored), np.uint32, offset=_HEADER.size + _ORIGIN.size)
        return cls(
            title=Text(numbers[:title], numbers[title:title_letters]),
            body=Text(numbers[title_letters:body], numbers[body:body_letters]),
            origin=_ORIGIN.unpack_from(stored, _HEADER.size),
        )


def _bytes(part: Words) -> bytes:
    return part.tobytes()


def sign(document: Document) -> Signature:
    """Return the document's signature; the same text and outlet always give the same signature."""
    return Signature(
        title=Text(*tokens(document.title, MAX_TITLE_WORDS)),
        body=Text(*tokens(without_boilerplate(document).replace("\n", " . "), MAX_WORDS)),
        origin=_origin(document),
    )


def _origin(document: Document) -> tuple[int, int, int]:
    outlet = zlib.crc32(document.outlet.casefold().encode()) >> 1 if document.outlet else 0
    minute = int(utc(document.date).timestamp() // 60) if document.date else 0
    return outlet, minute, int(document.is_partial)


def utc(date: datetime) -> datetime:
    """Return the date, in UTC where it has no zone."""
    return date if date.tzinfo else date.replace(tzinfo=UTC)


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
    if len(written) != (expected := _HEADER.size + _ORIGIN.size + 4 * sum(lengths)):
        raise ValueError(f"signature of {len(written)} bytes, {expected} expected; sign the article again")
    return lengths
