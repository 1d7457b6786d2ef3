import pytest

from scrapers.extract.candidate import Candidate
from scrapers.extract.fields.language import base_language, rank_languages

INDONESIAN = (
    "Warga desa membangun jembatan penyeberangan sepanjang dua puluh meter bersama-sama sejak akhir pekan lalu.",
    "Kepala desa mengatakan bahwa jembatan itu akan dipakai anak-anak untuk pergi ke sekolah di seberang sungai.",
)
ENGLISH = (
    "The villagers have built a bridge of twenty metres together since the end of last week, their mayor said.",
    "Children will cross it every morning on their way to the school that stands on the other bank of the river.",
)


def declared(*codes):
    return [Candidate(code, "html:lang") for code in codes]


def test_language_of_the_text_goes_before_one_that_the_template_declares():
    assert rank_languages(declared("en"), INDONESIAN) == [Candidate("id", "text:cld2"), Candidate("en", "html:lang")]


def test_language_is_told_where_the_page_declares_none():
    assert rank_languages([], INDONESIAN) == [Candidate("id", "text:cld2")]
    assert rank_languages([], ENGLISH) == [Candidate("en", "text:cld2")]


def test_declared_language_stays_as_it_is_written_where_it_is_right():
    assert rank_languages(declared("id", "en-GB"), ENGLISH)[0] == Candidate("en-GB", "html:lang")


def test_page_that_calls_itself_malay_is_not_called_indonesian():
    assert rank_languages(declared("ms-MY"), INDONESIAN)[0] == Candidate("ms-MY", "html:lang")


@pytest.mark.parametrize(
    "paragraphs", [(), ("Terlalu pendek.",), ("1 2 3 " * 60,), ("\x01 satu dua tiga " * 20,), ("\ud800 satu " * 20,)]
)
def test_text_that_says_too_little_leaves_what_is_declared(paragraphs):
    assert rank_languages(declared("su"), paragraphs) == declared("su")


@pytest.mark.parametrize(
    ("code", "language"), [("id-ID", "id"), ("EN_us", "en"), (" nb-NO", "no"), ("in", "id"), ("", "")]
)
def test_country_and_old_codes_are_no_part_of_a_language(code, language):
    assert base_language(code) == language
