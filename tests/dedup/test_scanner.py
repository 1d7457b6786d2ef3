import struct
from itertools import chain

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.dedup.key_index.entries import count_shared_keys
from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.scanner import lowest_shingles
from scrapers.dedup.text.signatures import sign
from scrapers.dedup.text.tokens import shingles

KEYS = st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3), unique=True, min_size=1, max_size=6).map(sorted)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "Rina", "7", "c."]), max_size=40), st.integers(1, 40))
def test_lowest_shingles_are_the_lowest_distinct_ones(words, most):
    text = sign(Document(1, "", " ".join(words))).body.words

    found = lowest_shingles(text, 5, most)

    assert found.tolist() == np.unique(shingles(text, 5))[:most].tolist()


def as_postgres_sends(keys):
    return struct.pack(">5i", 1, 0, 20, len(keys), 1) + b"".join(struct.pack(">iq", 8, key) for key in keys)


@settings(max_examples=300, deadline=None)
@given(st.lists(KEYS, min_size=1, max_size=3), st.lists(st.tuples(st.integers(0, 2), KEYS), max_size=5), st.data())
def test_shared_keys_are_those_that_sets_share(mine, stored, data):
    stored = [(number % len(mine), theirs) for number, theirs in stored]
    keys = [*chain.from_iterable(mine)]
    frequent = set(data.draw(st.lists(st.sampled_from(keys))))
    sent = [as_postgres_sends(theirs) for _, theirs in stored]

    found = count_shared_keys(
        np.array(keys, np.int64),
        np.array([key not in frequent for key in keys]),
        np.cumsum([0, *map(len, mine)]),
        np.array([number for number, _ in stored], np.int64),
        np.frombuffer(b"".join(sent), np.uint8),
        np.cumsum([len(each) for each in sent], dtype=np.int64),
    )

    shared = [set(mine[number]) & set(theirs) for number, theirs in stored]
    assert found.tolist() == [[len(both), len(both - frequent)] for both in shared]
