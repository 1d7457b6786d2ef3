from dataclasses import replace
from datetime import timedelta

import pytest

from scrapers.dedup import learning
from scrapers.dedup.batch import process_batches
from scrapers.dedup.explanation import explain
from scrapers.dedup.incremental import deduplicate
from scrapers.dedup.learning import learn
from scrapers.dedup.manual_decisions import merge, split
from scrapers.dedup.offline import deduplicate_documents
from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.recurring import recurring_sentences
from scrapers.dedup.text.signatures import sign
from tests.dedup.test_kinds import BRIDGE, COOKIES, KITE, TURTLE
from tests.factories import NOON, URL, article

FOOTER = "Bergabunge karo kanal kita ing aplikasi pesen. Warta iki dikirim dening redaksi saka kutha Solo."
FRUITS = ("apel", "jeruk", "nanas", "salak", "durian", "manggis")


def told(n, headline, *paragraphs, **fields):
    return article(canonical_url=f"{URL}/{n}", headline=headline, article_body=paragraphs, **({"outlet": "a"} | fields))


def fruit(n):
    return told(n, f"Panen {FRUITS[n]}", " ".join(f"{FRUITS[n]}{k} dipanen" for k in range(4)) + ".", FOOTER)


def test_a_footer_is_learnt_when_enough_articles_have_it_and_those_before_are_signed_again(database, dsn, stored):
    few = stored(*map(fruit, range(2)))
    deduplicate(dsn)
    words_before = database.execute("SELECT words FROM signatures WHERE article_id = %s", few[:1]).fetchone()

    stored(*map(fruit, range(2, 6)))
    deduplicate(dsn)
    deduplicate(dsn)

    words = database.execute("SELECT words FROM signatures ORDER BY article_id").fetchall()
    [(sentences, articles)] = database.execute(
        "SELECT cardinality(sentences), articles FROM recurring_sentences"
    ).fetchall()
    assert words_before == (12 + len(FOOTER.split()),)
    assert words == [(12,)] * 6
    assert (sentences, articles) == (2, 6)
    assert database.execute("SELECT count(*) FROM clusters").fetchone() == (0,)


def test_an_outlet_is_read_again_once_as_many_articles_came_as_there_were(dsn, stored, monkeypatch):
    read = []
    monkeypatch.setattr(learning, "sign", lambda document: read.append(document.title) or sign(document))
    read_each_time = []
    for first, last in ((0, 2), (2, 3), (3, 4), (4, 6)):
        stored(*map(fruit, range(first, last)))
        deduplicate(dsn)
        read_each_time.append(len(read))

    assert read_each_time == [2, 2, 6, 6]


def test_what_a_sample_teaches_is_taken_from_all_the_newest_articles_that_have_it(database, dsn, stored, monkeypatch):
    monkeypatch.setattr(learning, "NEWEST", 11)
    monkeypatch.setattr(learning, "SAMPLE", 6)
    ids = stored(*(told(n, f"Panen {chr(97 + n) * 5}", f"{chr(97 + n) * 4} dipanen pagi. {FOOTER}") for n in range(12)))
    process_batches(dsn, size=100)
    stored(told(99, "Panen apel", "apel dipanen."))

    learnt = learn(database)

    [(articles,)] = database.execute("SELECT articles FROM recurring_sentences").fetchall()
    waiting = {article for (article,) in database.execute("SELECT article_id FROM dedup_queue")}
    assert (learnt, articles) == (10, 11)
    assert waiting.issuperset(ids[2:])
    assert not waiting.intersection(ids[:2])


def test_a_sentence_stays_learnt_until_it_stands_in_half_as_many_articles():
    signatures = [sign(Document(n, f"Panen {fruit}", f"{fruit} dipanen. {FOOTER}")) for n, fruit in enumerate(FRUITS)]
    known = recurring_sentences(signatures)

    assert recurring_sentences(signatures[:4]).tolist() == []
    assert recurring_sentences(signatures[:4], known).tolist() == known.tolist() != []
    assert recurring_sentences(signatures[:2], known).tolist() == []


def test_stubs_stay_apart_in_postgres_as_in_a_file_and_digests_are_related_to_what_they_contain(database, dsn, stored):
    bridge, digest, *stubs = stored(
        told(1, "Jembatan Waikomo Ditutup", BRIDGE),
        told(2, "Populer: Jembatan, Festival Layang-layang, Tukik Penyu", BRIDGE, KITE, TURTLE),
        told(3, "Panda lahir di Bogor", COOKIES),
        told(4, "Harga cabai melonjak", COOKIES),
        told(5, "Bali sepekan", KITE, outlet="b", kind="video"),
        told(6, "Kabar liburan", KITE, outlet="c", kind="video"),
    )

    counts = deduplicate(dsn)

    rows = database.execute("SELECT article_id, contained_id, share, share_of_article < 1 FROM contained_articles")
    assert counts["contains"] >= 1
    assert (digest, bridge, 1.0, True) in rows.fetchall()
    assert database.execute("SELECT count(*) FROM clusters").fetchone() == (0,)
    assert len(stubs) == 4


def test_what_is_contained_is_forgotten_when_one_of_the_two_changes(database, dsn, stored):
    digest = told(2, "Populer: Jembatan, Festival Layang-layang, Tukik Penyu", BRIDGE, KITE, TURTLE)
    stored(told(1, "Jembatan Waikomo Ditutup", BRIDGE), digest)
    deduplicate(dsn)
    database.execute("UPDATE pages SET next_fetch_at = now()")

    stored(replace(digest, article_body=(TURTLE, KITE)))
    deduplicate(dsn)

    assert database.execute("SELECT count(*) FROM containments").fetchone() == (0,)


def test_explanation_says_in_words_what_stands_against_each_other_and_when_it_was_refused(database, dsn, stored):
    second = BRIDGE.replace("mulai Rabu", "mulai Senin (2/3/2026)")
    third = BRIDGE.replace("mulai Rabu", "mulai Jumat (6/3/2026)")
    a, b = stored(
        told(1, "Jembatan Waikomo Ditutup", second),
        told(2, "Jembatan Waikomo Ditutup", third, date_published=NOON + timedelta(days=4)),
    )
    deduplicate(dsn)

    told_why = explain(database, a, b)

    assert told_why["because"].startswith("The same text about another day")
    assert {"a": "2/3/2026", "b": "6/3/2026"} in told_why["against_each_other"]
    assert [one["outlet"] for one in told_why["articles"]] == ["a", "a"]
    [decision] = told_why["decisions"]
    assert (decision["decision"], decision["score"]) == ("different", told_why["score"])
    assert decision["decided_at"]


def test_merge_and_split_say_what_the_clusters_are_now(database, dsn, stored):
    a, b, c = stored(
        told(1, "Jembatan Waikomo Ditutup", BRIDGE),
        told(2, "Jembatan Waikomo Ditutup Rabu", BRIDGE, outlet="b", date_published=NOON + timedelta(hours=1)),
        told(3, "Festival", KITE, date_published=NOON + timedelta(hours=2)),
    )
    deduplicate(dsn)

    assert merge(database, a, c, by="editor") == [[a, b, c]]
    assert split(database, a, c, by="editor") == [[a, b], [c]]
    assert split(database, b, c, by="editor") == [[a, b], [c]]


@pytest.mark.parametrize("outlet", [None, "a"], ids=["file-without-outlets", "one-outlet"])
def test_nothing_is_learnt_from_a_story_that_is_told_again_under_one_headline(outlet):
    updates = [f"Warga desa {n} mengungsi ke balai desa." for n in range(12)]
    growing = [
        Document(n, "Terkini: Jembatan Waikomo", f"{BRIDGE} {' '.join(updates[:n])}", outlet=outlet) for n in range(12)
    ]

    assert len({row["cluster"] for row in deduplicate_documents(growing)}) == 1
