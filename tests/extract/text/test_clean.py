"""Text from outside, made fit and made comparable."""

import re
import unicodedata

import pytest

from scrapers.extract.text.clean import compact, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  Harga_BBM naik 5,5%!\n", "harga bbm naik 5 5"),
        ("“Pasar” – Kota…", "pasar kota"),
        ("Straße ﬁnal ＡＢＣ", "strasse final abc"),
        ("Цены растут: «Москва»", "цены растут москва"),
        ("a\u2003b\x1cc\ud800d", "a b c d"),
        ("…", ""),
    ],
)
def test_words_are_what_is_left_of_a_text_without_marks_and_capitals(text, words):
    assert words_of(text) == words
    assert compact(text) == words.replace(" ", "")


def test_each_character_is_a_letter_of_a_word_or_stands_between_two():
    for code in range(0x30000):
        text = f"a{chr(code)}B"
        folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
        assert words_of.__wrapped__(text) == re.sub(r"[\W_]+", " ", folded).strip(), hex(code)
