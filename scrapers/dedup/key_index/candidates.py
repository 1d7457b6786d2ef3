"""Which pairs of articles are worth comparing: those that share sketch keys (see `text/signatures.py`)."""

import numpy as np
from numpy.typing import NDArray

from scrapers.dedup.key_index.entries import Keys

MIN_SHARED_KEYS = 2  # of a candidate pair; a single one is a common phrase more often than a copy
FREQUENT = 32  # articles; a key of more is frequent: the frame of a series, or a text copied very often
NEIGHBOURS = 4  # nearest in length, with which each article of a frequent key is paired: enough to join all copies

Pairs = NDArray[np.int64]


def candidate_pairs(keys: Keys, articles: NDArray[np.uint32], order: NDArray[np.int64], count: int) -> Pairs:
    """Return the pairs of a corpus held in memory that share keys: a pair a row, smaller number first, ascending.

    `keys[i]` is a key of article number `articles[i]`, which is below `count`; `order[n]` is the position of article n
    among the others of a frequent key.
    """
    sorting = np.lexsort((order[articles], keys))
    keys, articles = keys[sorting], articles[sorting].astype(np.int64)
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    sizes = np.diff(np.append(starts, len(keys)))
    is_frequent = np.repeat(sizes > FREQUENT, sizes)
    sharing = [np.empty(0, np.int64)]
    for step in range(1, min(FREQUENT, int(sizes.max(initial=0)))):
        same = keys[step:] == keys[:-step]
        if step > NEIGHBOURS:
            same &= ~is_frequent[step:]
        one, other = articles[step:][same], articles[:-step][same]
        sharing.append(np.minimum(one, other) * count + np.maximum(one, other))
    pairs, shared = np.unique(np.concatenate(sharing), return_counts=True)
    pairs = pairs[shared >= MIN_SHARED_KEYS]
    return np.stack([pairs // count, pairs % count], axis=1)
