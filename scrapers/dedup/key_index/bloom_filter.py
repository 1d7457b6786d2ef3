"""A blocked Bloom filter of sketch keys, in loops that numba compiles.

Bloom 1970; all bits of a key are in one line of the CPU's cache: Putze, Sanders and Singler 2007.
"""

import numpy as np
from numpy.typing import NDArray

from scrapers.dedup.jit import Int, compiled

BITS_PER_KEY = 4  # bits that a key sets; in a filter of 12 bits a key, 1 % of absent keys seem to be present
CACHE_LINE = 8  # 64-bit words
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / the golden ratio, for multiplicative hashing (Knuth, 6.4)
_MIXER = np.uint64(0xBF58476D1CE4E5B9)  # SplitMix64's (Steele et al. 2014)
_HALF, _UNUSED = np.uint64(32), np.uint64(20)
_LINE_SHIFT, _LINE_MASK = np.uint64(9), np.uint64(511)  # a bit of the line's 512
_WORD_SHIFT, _WORD_MASK, _ONE = np.uint64(6), np.uint64(63), np.uint64(1)  # its word, and its bit there

Keys = NDArray[np.int64]
Filter = NDArray[np.uint64]  # a multiple of CACHE_LINE words


@compiled
def _hash_key(key: Int, words: Int) -> tuple[Int, Int]:
    """Return the first word of the key's cache line, and the bits that choose bits within it."""
    hashed = (np.uint64(key) ^ (np.uint64(key) >> _HALF)) * _GOLDEN
    line = np.int64((hashed >> _HALF) * np.uint64(words // CACHE_LINE) >> _HALF) * CACHE_LINE
    return line, (hashed ^ (hashed >> _HALF)) * _MIXER >> _UNUSED


@compiled
def add_keys(keys: Keys, words: Filter) -> None:
    """Set the bits of the keys."""
    for key in keys:
        line, bits = _hash_key(key, len(words))
        for _ in range(BITS_PER_KEY):
            words[line + np.int64((bits & _LINE_MASK) >> _WORD_SHIFT)] |= _ONE << (bits & _WORD_MASK)
            bits = bits >> _LINE_SHIFT


@compiled
def may_contain(keys: Keys, words: Filter) -> NDArray[np.bool_]:
    """Return for each key whether all its bits are set; False is certain, True may be wrong."""
    answers = np.ones(len(keys), np.bool_)
    for number in range(len(keys)):
        line, bits = _hash_key(keys[number], len(words))
        for _ in range(BITS_PER_KEY):
            if not words[line + np.int64((bits & _LINE_MASK) >> _WORD_SHIFT)] & (_ONE << (bits & _WORD_MASK)):
                answers[number] = False
                break
            bits = bits >> _LINE_SHIFT
    return answers
