from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.dedup.clusters import deduplicate, representatives
from tests.storage.test_articles import NOON, URL, article, leased, result, store

BODY = (" ".join(f"kata{n}" for n in range(30)),)


@pytest.fixture
def stored(database, run_id):
    """Return a function that stores articles, each on a page of its own, and returns their ids."""

    def keep(*articles):
        for item in articles:
            [page] = leased(database, run_id, item.canonical_url)
            store(database, run_id, [result(page, article=replace(item, url=item.canonical_url))])
        rows = dict(database.execute("SELECT canonical_url, article_id FROM articles").fetchall())
        return [rows[item.canonical_url] for item in articles]

    return keep


def clusters(database):
    return dict(database.execute("SELECT article_id, representative_id FROM clusters").fetchall())


def test_articles_with_the_same_text_are_one_and_the_first_published_stands_for_them(database, stored):
    late, early, other = stored(
        article(canonical_url=f"{URL}/a", article_body=BODY, date_published=NOON),
        article(canonical_url=f"{URL}/b", article_body=BODY, date_published=NOON - timedelta(hours=2)),
        article(canonical_url=f"{URL}/c", article_body=("Lain sekali.",) * 20),
    )

    counts = deduplicate(database)

    unique = {row[0] for row in database.execute("SELECT article_id FROM unique_articles").fetchall()}
    assert counts["exact_content"] == 1
    assert clusters(database) == {late: early, early: early}
    assert unique == {early, other}


def test_second_dedup_changes_nothing(database, stored):
    stored(*(article(canonical_url=f"{URL}/{n}", article_body=BODY) for n in range(4)))
    deduplicate(database)
    before = database.execute("SELECT * FROM duplicates ORDER BY 1").fetchall(), clusters(database)

    counts = deduplicate(database)

    assert (counts["exact_content"], counts["canonical_url"], counts["revoked"]) == (0, 0, 0)
    assert (database.execute("SELECT * FROM duplicates ORDER BY 1").fetchall(), clusters(database)) == before


def test_scheme_www_mobile_and_slash_make_no_second_article(database, stored):
    ids = stored(
        article(canonical_url="https://www.example.test/news/one", article_body=("Satu.",)),
        article(canonical_url="http://m.example.test/news/one/", article_body=("Dua.",)),
    )

    deduplicate(database)

    assert set(clusters(database)) == set(ids)
    assert database.execute("SELECT layer FROM duplicates").fetchall() == [("canonical_url",)]


def test_short_texts_that_recur_are_no_duplicates(database, stored):
    stored(*(article(canonical_url=f"{URL}/{n}", article_body=("Simak videonya.",)) for n in range(3)))

    deduplicate(database)

    assert clusters(database) == {}


def test_decision_is_taken_back_and_kept_when_a_text_changes(database, run_id, stored):
    copy = article(canonical_url=f"{URL}/copy", article_body=BODY)
    stored(article(canonical_url=f"{URL}/one", article_body=BODY), copy)
    deduplicate(database)
    database.execute("UPDATE pages SET next_fetch_at = now()")

    stored(replace(copy, article_body=("Ditulis ulang seluruhnya.",) * 10))
    counts = deduplicate(database)

    assert counts["revoked"] == 1
    assert clusters(database) == {}
    assert database.execute("SELECT revoked_by FROM duplicates").fetchall() == [("dedup",)]


def test_decision_that_a_person_took_back_is_not_made_again(database, stored):
    stored(*(article(canonical_url=f"{URL}/{n}", article_body=BODY) for n in range(2)))
    deduplicate(database)
    database.execute("UPDATE duplicates SET revoked_at = now(), revoked_by = 'editor'")

    deduplicate(database)

    assert clusters(database) == {}


PAIRS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda pair: pair[0] != pair[1]), max_size=20)


@given(PAIRS, st.randoms())
def test_clusters_do_not_depend_on_the_order_of_the_decisions(pairs, random):
    preference = sorted({article for pair in pairs for article in pair})
    shuffled = random.sample(pairs, len(pairs))

    found = representatives(shuffled, preference)

    assert found == representatives(pairs, preference)
    assert all(found[one] == found[other] for one, other in pairs)
    assert all(found[article] <= article for article in preference)
