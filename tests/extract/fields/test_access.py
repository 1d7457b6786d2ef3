import pytest

from scrapers.extract.fields.access import find_paywalled, find_truncated
from tests.extract.conftest import page_with


@pytest.mark.parametrize(("free", "paywalled"), [(False, True), ("False", True), (True, False), ("true", False)])
def test_article_that_is_not_free_is_paywalled(free, paywalled):
    assert find_paywalled(page_with({"isAccessibleForFree": free}))[0].value is paywalled


def test_page_that_says_nothing_is_neither_paywalled_nor_truncated():
    parsed = page_with({})

    assert (find_paywalled(parsed), find_truncated(parsed, 10)) == ([], [])


@pytest.mark.parametrize(("words", "truncated"), [(40, True), (90, False)])
def test_page_with_far_fewer_words_than_the_publisher_counted_is_truncated(words, truncated):
    assert find_truncated(page_with({"wordCount": "100"}), words)[0].value is truncated


@pytest.mark.parametrize(
    "last",
    [
        "Kapal itu lalu …",
        "Kapal itu lalu... Baca selengkapnya",
        "Baca selengkapnya",
        "Kapal itu lalu. Baca Selengkapnya di sini",
    ],
)
def test_text_that_breaks_off_is_truncated(last):
    assert find_truncated(page_with({}), 40, last)[0].value is True


def test_text_that_ends_in_a_sentence_is_not_known_to_be_truncated():
    assert find_truncated(page_with({}), 40, "Kapal itu lalu berangkat.") == []


WALL = "<div class=article-paywall>Masuk</div>"
REQUEST = "<p>Already a subscriber? Sign in</p>"


@pytest.mark.parametrize(
    ("free", "wall", "words", "truncated"),
    [
        (False, WALL, 60, True),
        (False, REQUEST, 60, True),
        (False, WALL, 600, False),
        (False, "", 60, False),
        (True, WALL, 60, False),
    ],
    ids=["wall", "request", "long text", "no wall", "free"],
)
def test_few_words_before_a_declared_paywall_are_truncated(free, wall, words, truncated):
    found = find_truncated(page_with({"isAccessibleForFree": free}, head=wall), words, "Kapal itu berangkat.")

    assert [candidate.value for candidate in found] == [True] * truncated
