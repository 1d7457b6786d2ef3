"""Sorted entries of keys and articles: found, merged and filtered in loops compiled by numba (see `segments.py`).

What is compiled is kept as that of `compiled.py` is, from which only the decorator comes: numba would not see a change
there.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrapers.dedup.compiled import compiled

BITS_SET = 4  # of a key in a filter; with 12 bits a key, one key in a hundred that is not there seems to be
LINE = 8  # 64-bit words of a filter in which all bits of a key are: one line of the CPU's cache
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / the golden ratio, for multiplicative hashing (Knuth, 6.4)
_MIXER = np.uint64(0xBF58476D1CE4E5B9)  # SplitMix64's (Steele et al. 2014)
_HALF, _WORD, _PLACE, _ALL = np.uint64(32), np.uint64(6), np.uint64(9), np.uint64(511)
_ONE, _LAST = np.uint64(1), np.uint64(63)

Int = Any
Ints = NDArray[np.int64]
Filter = NDArray[np.uint64]


@compiled
def places_of(keys: Ints, entries: Ints) -> Ints:
    """Return the places of the entries that have one of the keys; both ascend, and no key is there twice."""
    found, count, at = np.empty(len(keys) + 1, np.int64), 0, 0
    for key in keys:
        low, high, step = at, at, 1
        while high < len(entries) and entries[high] < key:
            low, high, step = high + 1, high + step, 2 * step
        high = min(high, len(entries))
        while low < high:
            middle = (low + high) // 2
            if entries[middle] < key:
                low = middle + 1
            else:
                high = middle
        at = low
        while at < len(entries) and entries[at] == key:
            if count == len(found):
                longer = np.empty(2 * count, np.int64)
                longer[:count] = found
                found = longer
            found[count] = at
            count, at = count + 1, at + 1
    return found[:count]


@compiled
def merged(a: Ints, b: Ints) -> Ints:
    """Return the entries of both, rows of key and article that ascend; what is in both once."""
    found, count, i, j = np.empty((len(a) + len(b), 2), np.int64), 0, 0, 0
    while i < len(a) or j < len(b):
        if j == len(b):
            order = -1
        elif i == len(a):
            order = 1
        elif a[i, 0] != b[j, 0]:
            order = -1 if a[i, 0] < b[j, 0] else 1
        else:
            order = -1 if a[i, 1] < b[j, 1] else 1 if a[i, 1] > b[j, 1] else 0
        if order <= 0:
            found[count, 0], found[count, 1] = a[i, 0], a[i, 1]
            i += 1
        else:
            found[count, 0], found[count, 1] = b[j, 0], b[j, 1]
        if order >= 0:
            j += 1
        count += 1
    return found[:count]


@compiled
def _first_word(hashed: Int, words: Int) -> Int:
    return np.int64((hashed >> _HALF) * np.uint64(words // LINE) >> _HALF) * LINE


@compiled
def enter(keys: Ints, words: Filter) -> None:
    """Set the bits of the keys in a filter, a multiple of LINE words."""
    for key in keys:
        hashed = (np.uint64(key) ^ (np.uint64(key) >> _HALF)) * _GOLDEN
        first, rest = _first_word(hashed, len(words)), (hashed ^ (hashed >> _HALF)) * _MIXER >> np.uint64(20)
        for _ in range(BITS_SET):
            words[first + np.int64((rest & _ALL) >> _WORD)] |= _ONE << (rest & _LAST)
            rest = rest >> _PLACE


@compiled
def may_have(keys: Ints, words: Filter) -> NDArray[np.bool_]:
    """Tell of each key whether all its bits are set in a filter: false where it was not entered."""
    found = np.ones(len(keys), np.bool_)
    for number in range(len(keys)):
        key = np.uint64(keys[number])
        hashed = (key ^ (key >> _HALF)) * _GOLDEN
        first, rest = _first_word(hashed, len(words)), (hashed ^ (hashed >> _HALF)) * _MIXER >> np.uint64(20)
        for _ in range(BITS_SET):
            if not words[first + np.int64((rest & _ALL) >> _WORD)] & (_ONE << (rest & _LAST)):
                found[number] = False
                break
            rest = rest >> _PLACE
    return found
