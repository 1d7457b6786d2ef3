import re

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scrapers.dedup.text.tokens import CAPITAL, START, _codes, tokens

TEXT = st.text(st.sampled_from("aZé’'-.,:/!7² \u00a0\u2003—“_\nßİ٣\ud800"), max_size=40) | st.text(max_size=40)


def said_in_python(text, longest):
    """Return what `tokens` returns, read run by run with regular expressions."""
    codes = np.frombuffer(b"".join(map(_codes.__getitem__, text.split())), np.uint64)
    places = np.flatnonzero(codes)[:longest]
    words = codes[places].astype(np.uint32)
    words[:1] |= START
    words[1:][np.diff(places) > 1] |= START
    return words.tolist(), (codes[places][(words & CAPITAL) > 0] >> np.uint64(32)).tolist()


@settings(max_examples=1000, deadline=None)
@given(TEXT, st.integers(0, 12))
@example("Jum’at 19.05 WIB—Rp8.414,80: “Café” O'Brien-nya 2/1/2025 (0-4)! B2B A1.", 20)
def test_text_is_read_as_the_regular_expressions_read_it(text, longest):
    words, letters = tokens(text, longest)

    assert (words.tolist(), letters.tolist()) == said_in_python(text, longest)


@pytest.mark.parametrize("code", [*range(0x2000, 0x2040), 0xA0, 0xAB, 0xBB])
def test_what_is_taken_for_no_part_of_a_word_is_none(code):
    assert not re.match(r"\w", chr(code))
