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


LAST = "Kapal itu berangkat pada Senin pagi."
WALL = "<div class=article-paywall><p>Masuk untuk melanjutkan membaca</p></div>"


@pytest.mark.parametrize("ask", ["Subscribe to keep reading", "Lesen Sie weiter", "La suite est réservée aux abonnés"])
def test_wall_that_asks_to_read_on_tells_that_a_page_for_subscribers_is_truncated(ask):
    wall = f"<div id=regwall><b>{ask}</b></div>"

    found = find_truncated(page_with({"isAccessibleForFree": False}, head=wall), 600, LAST)

    assert [candidate.value for candidate in found] == [True]


@pytest.mark.parametrize(
    ("free", "wall"),
    [
        (True, WALL),
        (False, ""),
        (False, f"<div class=paywall><p>Untuk membaca</p><p>{LAST}</p></div>"),
        (False, f"<div style='display:none'>{WALL}</div>"),
        (False, f"<div class='modal hide'>{WALL}</div>"),
        (False, "<div class=paywall-button>Daftar</div>"),
        (False, "<p>Already a subscriber? Sign in</p>"),
    ],
    ids=["free", "no wall", "around the story", "hidden", "hidden by its class", "asks for nothing", "in the header"],
)
def test_page_that_shows_no_wall_beside_its_story_is_not_known_to_be_truncated(free, wall):
    assert find_truncated(page_with({"isAccessibleForFree": free}, head=wall), 60, LAST) == []
