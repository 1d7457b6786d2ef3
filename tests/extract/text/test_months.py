import re

import pytest
from babel import Locale

from scrapers.extract.text.months import NAMES, fold, month_number

# Croatian is left out: its listopad is October, in Polish and Czech November.
LANGUAGES = {
    "af", "ar", "ar_IQ", "ar_MA", "az", "be", "bg", "bn", "bs", "ca", "cs", "da", "de", "de_AT", "el", "en", "es", "et",
    "fi", "fil", "fr", "gl", "he", "hi", "hu", "hy", "id", "is", "it", "ka", "kk", "lt", "lv", "mk", "mn", "mr", "ms",
    "my", "nb", "ne", "nl", "nn", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sr_Latn", "sv", "sw", "ta", "te",
    "tr", "uk", "ur", "uz",
}  # fmt: skip
# Where an abbreviation is no common word elsewhere (`pro`, `led`).
ABBREVIATED = {
    "ar", "bn", "da", "de", "de_AT", "el", "en", "es", "fil", "fr", "he", "hi", "id", "is", "it", "ms", "nb", "nl",
    "nn", "pl", "pt", "ro", "ru", "sv", "tr", "uk",
}  # fmt: skip


def names_in_cldr():
    by_month = {number: set() for number in range(1, 13)}
    for language in LANGUAGES:
        months = Locale.parse(language).months
        for width in ("wide", "abbreviated") if language in ABBREVIATED else ("wide",):
            for number, name in [*months["format"][width].items(), *months["stand-alone"][width].items()]:
                name = fold(name.strip(". "))
                if len(name) >= 3 and not re.search(r"[\s\d.'’׳-]", name):
                    by_month[number].add(name)
    return by_month


def test_table_has_the_names_of_the_cldr_and_none_names_two_months():
    expected = names_in_cldr()

    assert {number: set(line.split()) for number, line in enumerate(NAMES, 1)} == expected
    assert sum(map(len, expected.values())) == len(set().union(*expected.values()))


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("Maret", 3),
        ("Sept", 9),
        ("Agus", 8),
        ("août", 8),
        ("FÉVRIER", 2),
        ("Ogos", 8),
        ("مارس", 3),
        ("أبريل", 4),
        ("آذار", 3),
        ("stycznia", 1),
        ("μαΐου", 5),
        ("марта", 3),
        ("tammikuuta", 1),
        ("Desain", None),
        ("Marathon", None),
        ("Mayor", None),
        ("Juniper", None),
        ("Nova", None),
        ("Sepatu", None),
        ("Jangan", None),
    ],
)
def test_month_is_named_by_a_whole_name_or_its_abbreviation(word, number):
    assert month_number(word) == number
