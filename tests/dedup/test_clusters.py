from dataclasses import replace
from datetime import timedelta

from scrapers.dedup.incremental import deduplicate
from tests.storage.test_articles import NOON, URL, article

BODY = (" ".join(f"kata{n}" for n in range(30)),)


def clusters(database):
    return dict(database.execute("SELECT article_id, representative_id FROM clusters").fetchall())


def test_articles_with_the_same_text_are_one_and_the_first_published_stands_for_them(database, dsn, stored):
    late, early, other = stored(
        article(canonical_url=f"{URL}/a", article_body=BODY, date_published=NOON),
        article(canonical_url=f"{URL}/b", article_body=BODY, date_published=NOON - timedelta(hours=2)),
        article(canonical_url=f"{URL}/c", article_body=("Lain sekali.",) * 20),
    )

    counts = deduplicate(dsn)

    unique = {row[0] for row in database.execute("SELECT article_id FROM unique_articles").fetchall()}
    assert counts["exact_content"] == 1
    assert clusters(database) == {late: early, early: early}
    assert unique == {early, other}


def test_second_dedup_changes_nothing(database, dsn, stored):
    stored(*(article(canonical_url=f"{URL}/{n}", article_body=BODY) for n in range(4)))
    deduplicate(dsn)
    before = database.execute("SELECT * FROM duplicates ORDER BY 1").fetchall(), clusters(database)

    counts = deduplicate(dsn)

    assert (counts["exact_content"], counts["canonical_url"], counts["revoked"]) == (0, 0, 0)
    assert (database.execute("SELECT * FROM duplicates ORDER BY 1").fetchall(), clusters(database)) == before


def test_scheme_www_mobile_and_slash_make_no_second_article(database, dsn, stored):
    ids = stored(
        article(canonical_url="https://www.example.test/news/one", article_body=("Satu.",)),
        article(canonical_url="http://m.example.test/news/one/", article_body=("Dua.",)),
    )

    deduplicate(dsn)

    assert set(clusters(database)) == set(ids)
    assert database.execute("SELECT layer FROM duplicates").fetchall() == [("canonical_url",)]


def test_short_texts_that_recur_are_no_duplicates(database, dsn, stored):
    stored(*(article(canonical_url=f"{URL}/{n}", article_body=("Simak videonya.",)) for n in range(3)))

    deduplicate(dsn)

    assert clusters(database) == {}


def test_decision_is_taken_back_and_kept_when_a_text_changes(database, dsn, run_id, stored):
    copy = article(canonical_url=f"{URL}/copy", article_body=BODY)
    stored(article(canonical_url=f"{URL}/one", article_body=BODY), copy)
    deduplicate(dsn)
    database.execute("UPDATE pages SET next_fetch_at = now()")

    stored(replace(copy, article_body=("Ditulis ulang seluruhnya.",) * 10))
    counts = deduplicate(dsn)

    assert counts["revoked"] == 1
    assert clusters(database) == {}
    assert database.execute("SELECT revoked_by FROM duplicates").fetchall() == [("dedup",)]


def test_decision_that_a_person_took_back_is_not_made_again(database, dsn, stored):
    stored(*(article(canonical_url=f"{URL}/{n}", article_body=BODY) for n in range(2)))
    deduplicate(dsn)
    database.execute("UPDATE duplicates SET revoked_at = now(), revoked_by = 'editor'")

    deduplicate(dsn)

    assert clusters(database) == {}
