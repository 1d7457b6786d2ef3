import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from scrapers.dedup.clusters.assembly import Decision, Hashed, assemble
from scrapers.dedup.incremental import deduplicate
from tests.factories import NOON, URL, article

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


IDS = st.integers(1, 9)
LAYERS = st.sampled_from(["near_duplicate", "person"])
HASHED = st.lists(
    st.builds(Hashed, IDS, st.tuples(st.sampled_from([None, 1, 2, 3]))), unique_by=lambda one: one.article_id
)
DECISIONS = st.lists(
    st.builds(Decision, IDS, IDS, LAYERS, st.sampled_from([0.6, 0.8]), st.booleans())
    .filter(lambda one: one.a < one.b),
    max_size=20,
    unique_by=lambda one: (one.a, one.b),
)  # fmt: skip


@given(HASHED, DECISIONS, st.randoms())
def test_clusters_do_not_depend_on_order_and_never_join_whom_a_person_set_apart(hashed, decisions, chosen):
    here = {one.article_id for one in hashed}
    decisions = [one for one in decisions if {one.a, one.b} <= here]
    apart = [{one.a, one.b} for one in decisions if one.layer == "person" and not one.joined]

    found = assemble(hashed, decisions)
    shuffled = assemble(chosen.sample(hashed, len(hashed)), chosen.sample(decisions, len(decisions)))

    assert {frozenset(cluster) for cluster in found} == {frozenset(cluster) for cluster in shuffled}
    assert not any(pair <= cluster for pair in apart for cluster in found)


def test_person_decides_on_the_command_line(database, commands, stored):
    one, copy = stored(*(article(canonical_url=f"{URL}/{n}", article_body=BODY) for n in range(2)))

    looked = commands.warta("dedup")
    apart = commands.warta("duplicates", "split", str(one), str(copy))
    explained = commands.warta("duplicates", "explain", str(one), str(copy))
    unknown = commands.warta("duplicates", "merge", str(one), "999")
    again = commands.warta("dedup", "--rebuild")

    assert looked.code == apart.code == explained.code == again.code == 0
    assert {decision["decision"] for decision in json.loads(explained.out)["decisions"]} == {"duplicate", "different"}
    assert (unknown.code, "no article 999" in unknown.last_line) == (2, True)
    assert clusters(database) == {}
