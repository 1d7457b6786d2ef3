"""Which pairs of a corpus are worth a comparison: those that share keys (see `signatures.py`)."""

import numpy as np
from numpy.typing import NDArray

SHARED_KEYS = 2  # a pair shares as many: one alone is a common phrase more often than a copy
COMMON = 32  # articles; a key of more is a series' frame, or a text copied very often
NEIGHBOURS = 4  # of a common key, each article is paired with as many, which is enough to join copies

Keys = NDArray[np.int64]
Pairs = NDArray[np.int64]


def candidate_pairs(keys: Keys, articles: NDArray[np.uint32], order: NDArray[np.int64], count: int) -> Pairs:
    """Return the pairs that share keys, one a row, the smaller number first, in ascending order.

    `keys[i]` is a key of article number `articles[i]`, below `count`; `order[n]` places article n among the others of
    a common key.
    """
    sorting = np.lexsort((order[articles], keys))
    keys, articles = keys[sorting], articles[sorting].astype(np.int64)
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    sizes = np.diff(np.append(starts, len(keys)))
    is_common = np.repeat(sizes > COMMON, sizes)
    found = [np.empty(0, np.int64)]
    for step in range(1, min(COMMON, int(sizes.max(initial=0)))):
        same = keys[step:] == keys[:-step]
        if step > NEIGHBOURS:
            same &= ~is_common[step:]
        one, other = articles[step:][same], articles[:-step][same]
        found.append(np.minimum(one, other) * count + np.maximum(one, other))
    pairs, shared = np.unique(np.concatenate(found), return_counts=True)
    pairs = pairs[shared >= SHARED_KEYS]
    return np.stack([pairs // count, pairs % count], axis=1)
