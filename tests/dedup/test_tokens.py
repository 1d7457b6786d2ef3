import re
import zlib

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scrapers.dedup.text.scanner import IS_MOMENT, IS_START, split_codes
from scrapers.dedup.text.tokens import _TIMES, _codes, tokens

TEXT = st.text(st.sampled_from("aZé’'-.,:/!7² \u00a0\u2003—“_\nßİ٣\ud800"), max_size=40) | st.text(max_size=40)


def said_in_python(text, longest):
    """Return what `tokens` returns, read run by run with regular expressions."""
    codes = np.frombuffer(b"".join(map(_codes.__getitem__, text.split())), np.uint64)
    words, letters = split_codes(codes, longest, *_TIMES)
    return words.tolist(), letters.tolist()


@settings(max_examples=1000, deadline=None)
@given(TEXT, st.integers(0, 12))
@example("Jum’at 19.05 WIB—Rp8.414,80: “Café” O'Brien-nya 2/1/2025 (0-4)! B2B A1.", 20)
def test_text_is_read_as_the_regular_expressions_read_it(text, longest):
    words, letters = tokens(text, longest)

    assert (words.tolist(), letters.tolist()) == said_in_python(text, longest)


@pytest.mark.parametrize("code", [*range(0x2000, 0x2040), 0xA0, 0xAB, 0xBB])
def test_what_is_taken_for_no_part_of_a_word_is_none(code):
    assert not re.match(r"\w", chr(code))


@pytest.mark.parametrize(
    ("text", "moments"),
    [
        ("skor 2-0 dengan formasi 4-3-3", ["2-0"]),
        ("pada Kamis (19/6/2025) pukul 20.11 WIB, 22 mm", ["kamis", "19/6/2025", "20.11"]),
        ("naik 12 persen pada 3 November 2026", ["3", "november", "2026"]),
        ("Senin pagi", []),
        ("卫生局周日表示12月3日有45例", ["日", "12", "3"]),
        ("ฝนตกตั้งแต่วันจันทร์ 45 ราย", ["จันทร์"]),
    ],
    ids=["score", "day-and-hour", "month", "start-of-sentence", "chinese", "thai"],
)
def test_days_hours_and_scores_are_told_from_other_numbers(text, moments):
    words, _ = tokens(text, 60)

    flagged = words[(words & IS_MOMENT) == IS_MOMENT] & ~np.uint32(IS_MOMENT | IS_START)

    assert flagged.tolist() == [zlib.crc32(moment.encode()) & 0xFFFFFFF8 for moment in moments]
