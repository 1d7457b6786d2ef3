"""An article's signature: all that finding and judging its near-duplicates needs, computed once a revision.

Candidates are found by `keys`, a bottom-k MinHash sketch of the shingles (Broder 1997; Cohen & Kaplan 2007): two
articles that share text share keys, about as many of the k as their texts share shingles, and a text that is part of
another keeps its share whatever the lengths.
"""

import struct
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scrapers.dedup.boilerplate import without_boilerplate
from scrapers.dedup.documents import Document
from scrapers.dedup.tokens import Hashes, Tokens, shingles, tokens

ALGORITHM = 1  # stored with every signature; signatures of different algorithms are never compared
KEYS = 48  # keys of an article, at most
KEY_WIDTH = 5  # words in a shingle that becomes a key
WIDTH = 3  # words in a shingle that is compared
LONGEST = 2_000  # words; what follows is not looked at

_HEADER = struct.Struct("<BHH")


@dataclass(frozen=True, eq=False)
class Signature:
    """`title` and `body` are tokens (see `tokens.py`), without the outlet's boilerplate."""

    title: Tokens
    body: Tokens

    @cached_property
    def keys(self) -> tuple[int, ...]:
        """The band keys: signed 64-bit integers, ascending, at most KEYS; sharing one makes a candidate pair."""
        found: NDArray[np.int64] = np.unique(shingles(self.body, KEY_WIDTH))[:KEYS].view(np.int64)
        return tuple(sorted(found.tolist()))

    @cached_property
    def shingles(self) -> Hashes:
        """The distinct shingles of the body, sorted."""
        return np.unique(shingles(self.body, WIDTH))

    def to_bytes(self) -> bytes:
        """Return what `from_bytes` reads: algorithm, lengths, tokens; four bytes a word."""
        return _HEADER.pack(ALGORITHM, len(self.title), len(self.body)) + self.title.tobytes() + self.body.tobytes()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Signature":
        """Read a stored signature. Raises ValueError where another algorithm wrote it, or it is cut short."""
        algorithm, title, body = _HEADER.unpack_from(stored)
        if algorithm != ALGORITHM:
            raise ValueError(f"signature of algorithm {algorithm}, this is {ALGORITHM}; sign the article again")
        if len(stored) != _HEADER.size + 4 * (title + body):
            raise ValueError(f"signature of {len(stored)} bytes, {_HEADER.size + 4 * (title + body)} expected")
        words = np.frombuffer(stored, np.uint32, offset=_HEADER.size)
        return cls(title=words[:title], body=words[title:])


def sign(document: Document) -> Signature:
    """Return the document's signature; the same text of the same outlet gives the same one anywhere."""
    title, body = tokens(document.title)[:LONGEST], tokens(without_boilerplate(document))[:LONGEST]
    return Signature(title=title, body=body)
