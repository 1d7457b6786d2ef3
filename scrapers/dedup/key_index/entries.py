"""Operations on sorted entries of the key index, rows of sketch key and article, in loops that numba compiles."""

import numpy as np
from numpy.typing import NDArray

from scrapers.dedup.jit import Int, compiled

ARRAY_HEADER = 20  # bytes before the elements of an array as Postgres sends it: dimensions, nulls, type, length, bound

Keys = NDArray[np.int64]
Entries = NDArray[np.int64]  # rows of key and article, ascending


@compiled
def find_places(keys: Keys, entry_keys: Keys) -> Keys:
    """Return the places of the entries with one of the keys; both arrays ascend, and `keys` are distinct.

    The search gallops: it costs little however many entries lie between two keys.
    """
    places, count, at = np.empty(len(keys) + 1, np.int64), 0, 0
    for key in keys:
        at = _first_at_least(entry_keys, key, at)
        while at < len(entry_keys) and entry_keys[at] == key:
            if count == len(places):
                longer = np.empty(2 * count, np.int64)
                longer[:count] = places
                places = longer
            places[count] = at
            count, at = count + 1, at + 1
    return places[:count]


@compiled
def _first_at_least(entry_keys: Keys, key: Int, start: Int) -> Int:
    """Return the first place from `start` on with a key that is not smaller."""
    low, high, step = start, start, 1
    while high < len(entry_keys) and entry_keys[high] < key:
        low, high, step = high + 1, high + step, 2 * step
    high = min(high, len(entry_keys))
    while low < high:
        middle = (low + high) // 2
        if entry_keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def merge(a: Entries, b: Entries) -> Entries:
    """Return the entries of both in ascending order, each once."""
    merged, count, i, j = np.empty((len(a) + len(b), 2), np.int64), 0, 0, 0
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
            merged[count, 0], merged[count, 1] = a[i, 0], a[i, 1]
            i += 1
        else:
            merged[count, 0], merged[count, 1] = b[j, 0], b[j, 1]
        if order >= 0:
            j += 1
        count += 1
    return merged[:count]


@compiled
def count_shared_keys(
    keys: Keys, is_rare: NDArray[np.bool_], firsts: Keys, owners: Keys, sent: NDArray[np.uint8], ends: Keys
) -> NDArray[np.int64]:
    """Return for each sent array of keys how many it shares with its owner's keys, and how many of these are rare.

    The keys of owner n are `keys[firsts[n] : firsts[n + 1]]`, ascending. Array number i belongs to `owners[i]`; it is
    in `sent`, where the one before ends up to `ends[i]`: a bigint[] of one dimension as Postgres sends it, ascending.
    """
    counts = np.zeros((len(owners), 2), np.int64)
    start = 0
    for number in range(len(owners)):
        mine, last = firsts[owners[number]], firsts[owners[number] + 1]
        for place in range(start + ARRAY_HEADER, ends[number], 12):
            key = np.int64(0)
            for at in range(place + 4, place + 12):
                key = key << 8 | np.int64(sent[at])
            while mine < last and keys[mine] < key:
                mine += 1
            if mine < last and keys[mine] == key:
                counts[number, 0] += 1
                counts[number, 1] += is_rare[mine]
        start = ends[number]
    return counts
