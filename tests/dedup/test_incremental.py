"""Deduplication as articles arrive, against a real Postgres: any order, any number of workers, killed anywhere."""

import random
import signal
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count, pairwise, product
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrapers.dedup import batch as batches
from scrapers.dedup import incremental
from scrapers.dedup.clusters import decisions
from scrapers.dedup.explanation import explain
from scrapers.dedup.key_index import frequent_keys, index, search, segments
from scrapers.dedup.manual_decisions import merge, split
from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.signatures import sign
from scrapers.errors import UsageError
from scrapers.storage.articles import store
from scrapers.storage.connection import connect
from scrapers.storage.runs import begin_run
from tests.dedup.test_clusters import clusters
from tests.factories import NOON, URL, article, leased, result

SYLLABLES = (("ka", "mo", "ri", "su", "te", "la"), ("bar", "nga", "pit", "lu"), ("an", "i", "u"))
WORDS = ["".join(parts) for parts in product(*SYLLABLES)]
FRESH = count()


def text(seed, words=90):
    """Return a text of its own for each seed."""
    chosen = random.Random(repr(seed))
    return " ".join(chosen.choice(WORDS) + ("." if n % 12 == 11 else "") for n in range(words))


def edited(body, seed):
    """Return the text with a sentence of its own at the end and one word in thirty changed."""
    chosen = random.Random(repr(seed))
    words = [word if chosen.random() > 1 / 30 else chosen.choice(WORDS) for word in body.split()]
    return " ".join(words) + " " + text(("tail", seed), 10)


def copy_of(story, n):
    """Return copy `n` of a story: the same text, an edited one, or the first half."""
    body = text(("story", story))
    body = (body, edited(body, (story, n)), " ".join(body.split()[:60]))[n % 3]
    return article(
        canonical_url=f"{URL}/{story}/{n}",
        headline=f"Judul {story}",
        article_body=(body,),
        date_published=NOON + timedelta(hours=story, days=400 * (n == 4)),
    )


def together(database):
    """Return the clusters as sets of addresses."""
    found = {}
    for representative, url in database.execute(
        "SELECT representative_id, canonical_url FROM clusters JOIN articles USING (article_id)"
    ):
        found.setdefault(representative, set()).add(url)
    return {frozenset(urls) for urls in found.values()}


@contextmanager
def fresh(cluster):
    """Yield the DSN of, and a connection to, one more fresh database."""
    name = f"incremental_{next(FRESH)}"
    cluster.create_database(name, template="migrated")
    with connect(cluster.dsn(name)) as connection:
        yield cluster.dsn(name), connection


def keep(database, articles):
    run_id = uuid4()
    begin_run(database, run_id, outlet="seed")
    for page, item in zip(leased(database, run_id, *(a.canonical_url for a in articles)), articles, strict=True):
        store(database, run_id, [result(page, article=replace(item, url=item.canonical_url))])


STORIES = [copy_of(story, n) for story in range(5) for n in range(5)] + [
    article(canonical_url=f"{URL}/alone/{n}", headline=f"Sendiri {n}", article_body=(text(("alone", n)),))
    for n in range(5)
]
EXPECTED = {frozenset(f"{URL}/{story}/{n}" for n in range(5)) for story in range(5)}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(STORIES),
    cuts=st.lists(st.integers(1, len(STORIES) - 1), max_size=3),
    batch=st.integers(1, 40),
    held=st.sampled_from([0, 10**6]),
)
def test_any_order_of_arrival_in_any_parts_gives_the_same_clusters(cluster, order, cuts, batch, held):
    with fresh(cluster) as (dsn, database), pytest.MonkeyPatch.context() as limits:
        limits.setattr(index, "FANOUT", 2)
        limits.setattr(index, "BLOCK_ENTRIES", 7)
        limits.setattr(segments, "MAX_RESIDENT_ENTRIES", held)
        edges = [0, *sorted(cuts), len(order)]
        for start, end in pairwise(edges):
            if start < end:
                keep(database, order[start:end])
                incremental.deduplicate(dsn, batch=batch)

        assert together(database) == EXPECTED


def test_looking_at_everything_again_changes_nothing(database, dsn):
    keep(database, STORIES)
    incremental.deduplicate(dsn)
    before = database.execute("SELECT * FROM duplicates ORDER BY 1").fetchall(), clusters(database)

    queued = incremental.rebuild(dsn)
    counts = incremental.deduplicate(dsn)

    assert queued == counts["articles"] == len(STORIES)
    assert (database.execute("SELECT * FROM duplicates ORDER BY 1").fetchall(), clusters(database)) == before


WORKER = "from scrapers.dedup.incremental import deduplicate\nprint(deduplicate(batch=3)['articles'])"


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_workers_at_once_share_the_articles_and_lose_no_copy(database, commands, workers):
    keep(database, STORIES)

    started = [commands.start_script(WORKER) for _ in range(workers)]
    ended = [worker.communicate(timeout=120) for worker in started]

    assert [err for _, err in ended if err] == []
    assert sum(int(out) for out, _ in ended) == len(STORIES)
    assert together(database) == EXPECTED


@pytest.mark.slow
def test_what_killed_workers_left_is_done_by_the_next_run(database, dsn, commands):
    keep(database, STORIES)

    for after in (0.1, 0.2, 0.3, 0.4, 0.6):
        worker = commands.start_script("print('ready', flush=True)\n" + WORKER.replace("batch=3", "batch=4"))
        worker.stdout.readline()
        time.sleep(after)
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
    incremental.deduplicate(dsn)

    assert together(database) == EXPECTED
    assert database.execute("SELECT count(*) FROM dedup_queue").fetchone() == (0,)


STEPS = [(batches, step) for step in ("sign_claimed", "_publish", "find_candidates", "_judge", "decide")] + [
    (decisions, step) for step in ("_insert_near_duplicates", "relink")
]


@pytest.mark.parametrize(("module", "step"), STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_that_ends_at_any_step_is_repaired_by_the_next(database, dsn, monkeypatch, module, step, when):
    keep(database, STORIES)
    real, calls = getattr(module, step), count(1)

    def die(*arguments, **named):
        fatal = next(calls) == 3
        if fatal and when == "before":
            raise KeyboardInterrupt
        done = real(*arguments, **named)
        if fatal:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(module, step, die)
    with pytest.raises(KeyboardInterrupt):
        incremental.deduplicate(dsn, batch=4)
    monkeypatch.undo()
    incremental.deduplicate(dsn)

    assert together(database) == EXPECTED


@pytest.mark.parametrize("step", ["publish", "find", "merge"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_that_ends_at_a_segment_is_repaired_by_the_next(database, dsn, monkeypatch, step, when):
    monkeypatch.setattr(index, "FANOUT", 2)
    keep(database, STORIES)
    real, calls = getattr(index.KeyIndex, step), count(1)

    def die(*arguments):
        fatal = next(calls) == 3
        if fatal and when == "before":
            raise KeyboardInterrupt
        done = real(*arguments)
        if fatal:
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as killing:
        killing.setattr(index.KeyIndex, step, die)
        with pytest.raises(KeyboardInterrupt):
            incremental.deduplicate(dsn, batch=4)
    incremental.deduplicate(dsn)

    assert together(database) == EXPECTED


def test_an_article_is_not_looked_at_for_keys_that_it_has_no_more(database, dsn, stored):
    first, second = stored(copy_of(1, 0), copy_of(1, 1))
    incremental.deduplicate(dsn)
    database.execute("UPDATE pages SET next_fetch_at = now()")
    stored(replace(copy_of(1, 1), article_body=(text("rewritten"),)))
    incremental.deduplicate(dsn)

    [third] = stored(copy_of(1, 2))
    incremental.deduplicate(dsn)

    assert set(clusters(database)) == {first, third}
    assert second not in refusals(database).get(third, (0, {}))[1]


def test_two_workers_that_published_before_either_looked_both_find_the_pair(database, dsn):
    keep(database, [copy_of(1, 0), copy_of(1, 1)])
    real = batches.find_candidates
    others = []

    def meanwhile(*given):
        if not others:
            others.append(True)
            others.append(incremental.deduplicate(dsn, batch=1))
        return real(*given)

    batches.find_candidates = meanwhile
    try:
        incremental.deduplicate(dsn, batch=1)
    finally:
        batches.find_candidates = real

    assert others[1]["articles"] == 1
    assert len(clusters(database)) == 2


def test_article_whose_text_changed_leaves_its_cluster_and_the_old_decision_stays_as_history(database, dsn, stored):
    first, second = copy_of(1, 0), copy_of(1, 1)
    stored(first, second)
    incremental.deduplicate(dsn)
    database.execute("UPDATE pages SET next_fetch_at = now()")

    stored(replace(second, article_body=(text("rewritten"),)))
    counts = incremental.deduplicate(dsn)

    assert counts["revoked"] == 1
    assert clusters(database) == {}
    history = database.execute("SELECT layer, revoked_by, evidence ? 'shared_shingles' FROM duplicates").fetchall()
    assert history == [("near_duplicate", "dedup", True)]


def test_the_text_that_all_copies_were_linked_by_may_change(database, dsn, stored):
    copies = [replace(copy_of(1, 0), canonical_url=f"{URL}/same/{n}") for n in range(3)]
    _, *others = stored(*copies)
    incremental.deduplicate(dsn)
    database.execute("UPDATE pages SET next_fetch_at = now()")

    stored(replace(copies[0], article_body=(text("rewritten"),)))
    incremental.deduplicate(dsn)

    assert set(clusters(database)) == set(others)


def test_what_a_person_has_split_stays_apart_and_what_was_merged_together(database, dsn, stored):
    one, copy, third, alone = stored(
        copy_of(1, 0), copy_of(1, 1), copy_of(1, 2), article(canonical_url=f"{URL}/a", article_body=(text("a"),))
    )
    incremental.deduplicate(dsn)

    split(database, one, copy, by="editor")
    merge(database, alone, one, by="editor")
    incremental.rebuild(dsn)
    incremental.deduplicate(dsn)

    found = clusters(database)
    assert found[alone] == found[one] != found.get(copy, copy)
    assert third in found


def test_merge_takes_back_a_split_and_a_split_a_merge(database, dsn, stored):
    one, copy = stored(copy_of(1, 0), copy_of(1, 1))
    incremental.deduplicate(dsn)

    split(database, one, copy, by="editor")
    apart = clusters(database)
    merge(database, one, copy, by="editor")
    joined = clusters(database)
    split(database, one, copy, by="editor")

    assert (apart, set(joined), clusters(database)) == ({}, {one, copy}, {})


def test_explanation_names_what_differs_and_every_decision(database, dsn, stored):
    whole, part = stored(copy_of(1, 0), copy_of(1, 2))
    incremental.deduplicate(dsn)

    told = explain(database, whole, part)

    assert (told["is_duplicate"], told["kind"]) == (True, "truncated")
    assert told["only_in_a"]
    assert told["only_in_b"] == []
    assert told["because"].startswith("One text was made from the other: ")
    assert [(one["headline"], one["outlet"]) for one in told["articles"]] == [("Judul 1", "seed")] * 2
    assert [decision["layer"] for decision in told["decisions"]] == ["near_duplicate"]
    with pytest.raises(UsageError, match="no article 999"):
        explain(database, whole, 999)


def test_order_of_publication_and_what_each_copy_changed(database, dsn, stored):
    whole, part = stored(
        copy_of(1, 0), replace(copy_of(1, 2), headline="Judul lain", date_published=NOON + timedelta(hours=5))
    )
    incremental.deduplicate(dsn)

    rows = database.execute(
        "SELECT article_id, position, behind_first, kind, round(cut::numeric, 1), headline_rewritten"
        " FROM syndication ORDER BY 2"
    ).fetchall()
    [(other, is_representative, layer, score)] = database.execute(
        "SELECT article_id, is_representative, layer, score FROM duplicates_of(%s)", [part]
    ).fetchall()

    assert rows[0][:4] == (whole, 1, timedelta(), None)
    assert rows[1][:4] == (part, 2, timedelta(hours=4), "truncated")
    assert float(rows[1][4]) > 0.2
    assert rows[1][5] is True
    assert (other, is_representative, layer) == (whole, True, "near_duplicate")
    assert score > 0.9


def test_slug_that_changed_is_found_by_the_outlets_own_id(database, dsn, stored):
    slugs = ("d-8171909/judul-lama", "d-8171909/judul-baru", "d-8171910/judul-lama")
    urls = [f"https://news.detik.com/berita/{slug}" for slug in slugs]
    ids = stored(*(article(outlet="detik", canonical_url=url, article_body=(text(url),)) for url in urls))

    incremental.deduplicate(dsn)

    assert set(clusters(database)) == set(ids[:2])
    assert database.execute("SELECT layer FROM duplicates").fetchall() == [("outlet_id",)]


def test_copies_among_many_pages_of_one_template_are_found_also_a_year_later(database, dsn, monkeypatch):
    for module in (search, frequent_keys):
        monkeypatch.setattr(module, "FREQUENT", 8)
    monkeypatch.setattr(frequent_keys, "NEIGHBOURS", 3)
    frame = text("frame", 60)
    series = [
        article(
            canonical_url=f"{URL}/series/{n}",
            headline=f"Cuaca {n}",
            article_body=(f"{frame} {text(('day', n), 120)}",),
            date_published=NOON + timedelta(days=n),
        )
        for n in range(30)
    ]
    late = replace(series[3], canonical_url=f"{URL}/late", date_published=NOON + timedelta(days=400))
    late = replace(late, article_body=(edited(late.article_body[0], "late"),))

    for part in (series[:10], series[10:], [late]):
        keep(database, part)
        incremental.deduplicate(dsn)

    assert database.execute("SELECT count(*) > 0 FROM frequent_keys").fetchone() == (True,)
    assert together(database) == {frozenset({late.canonical_url, series[3].canonical_url})}
    judged = database.execute("SELECT sum(cardinality(others)) FROM refusals").fetchone()[0]
    assert judged < 30 * 29 / 2


def test_a_phrase_of_many_articles_becomes_a_frequent_key_though_each_pair_shares_it_alone(database, dsn, monkeypatch):
    for module in (search, frequent_keys):
        monkeypatch.setattr(module, "FREQUENT", 8)
    monkeypatch.setattr(search, "MAX_PARTNERS", 10)
    phrase = text("phrase", 5)
    bodies = [f"{text(('before', n), 10)} {phrase} {text(('after', n), 10)}" for n in range(12)]
    keep(database, [article(canonical_url=f"{URL}/{n}", article_body=(body,)) for n, body in enumerate(bodies)])

    incremental.deduplicate(dsn)

    shared = set.intersection(*(set(sign(Document(n, "", body)).keys) for n, body in enumerate(bodies)))
    assert {key for (key,) in database.execute("SELECT key FROM frequent_keys")} == shared
    assert len(shared) == 1


@pytest.mark.parametrize(("filled", "articles"), [(False, 13), (True, 1)])
def test_frequent_key_is_backfilled_once_and_again_where_a_worker_was_killed_before_it_had(
    database, dsn, monkeypatch, filled, articles
):
    for module in (search, frequent_keys):
        monkeypatch.setattr(module, "FREQUENT", 8)
    monkeypatch.setattr(search, "MAX_PARTNERS", 10)
    phrase = text("phrase", 5)
    bodies = [f"{text(('before', n), 10)} {phrase} {text(('after', n), 10)}" for n in range(13)]
    kept = [article(canonical_url=f"{URL}/{n}", article_body=(body,)) for n, body in enumerate(bodies)]
    keep(database, kept[:12])
    incremental.deduplicate(dsn)
    assert database.execute("SELECT is_backfilled FROM frequent_keys").fetchall() == [(True,)]
    database.execute("DELETE FROM frequent_key_articles")
    database.execute("UPDATE frequent_keys SET is_backfilled = %s", [filled])

    keep(database, kept[12:])
    incremental.deduplicate(dsn)

    assert database.execute("SELECT count(*) FROM frequent_key_articles").fetchone() == (articles,)
    assert database.execute("SELECT is_backfilled FROM frequent_keys").fetchall() == [(True,)]


def refusals(database):
    """Return whom each article is different from, of which revisions."""
    rows = database.execute("SELECT article_id, revision, others, revisions FROM refusals").fetchall()
    return {article: (revision, dict(zip(others, known, strict=True))) for article, revision, others, known in rows}


def page_of_a_series(number):
    """Return a page whose words are those of the others, but for what its numbers and names are."""
    body = " ".join(f"{text('frame', 8)} {number}{place} {text('more', 4)}." for place in range(10))
    return article(canonical_url=f"{URL}/page/{number}", headline=f"Halaman {number}", article_body=(body,))


def test_refusals_stand_with_the_article_that_came_last_also_when_it_is_looked_at_again(database, dsn, stored):
    first, second = stored(page_of_a_series(1), page_of_a_series(2))
    incremental.deduplicate(dsn)
    [third] = stored(page_of_a_series(3))
    incremental.deduplicate(dsn)
    found = refusals(database)

    database.execute("INSERT INTO dedup_queue (article_id) VALUES (%s)", [third])
    incremental.deduplicate(dsn)

    assert found[third] == (1, {first: 1, second: 1})
    assert refusals(database) == found


def test_a_page_that_is_edited_into_a_copy_is_different_no_more(database, dsn, stored):
    first, second = stored(page_of_a_series(1), page_of_a_series(2))
    incremental.deduplicate(dsn)
    assert refusals(database) == {first: (1, {second: 1})}
    database.execute("UPDATE pages SET next_fetch_at = now()")

    stored(replace(page_of_a_series(1), canonical_url=f"{URL}/page/2"))
    incremental.deduplicate(dsn)

    assert set(clusters(database)) == {first, second}


def test_keys_are_stored_in_order_as_each_article_has_them_also_where_there_are_none(database, dsn, stored):
    long, short, other = stored(
        copy_of(1, 0), article(canonical_url=f"{URL}/short", article_body=("Tiga kata saja",)), copy_of(2, 0)
    )

    incremental.deduplicate(dsn)

    found = dict(database.execute("SELECT article_id, keys FROM signatures").fetchall())
    expected = {n: list(sign(Document(n, "", copy_of(n, 0).article_body[0])).keys) for n in (1, 2)}
    assert found == {long: expected[1], short: [], other: expected[2]}


def test_articles_of_which_none_has_a_key_are_no_trouble(database, dsn, stored):
    [short] = stored(article(canonical_url=f"{URL}/short", article_body=("Tiga kata saja",)))

    counts = incremental.deduplicate(dsn)

    assert counts["articles"] == 1
    assert database.execute("SELECT article_id, keys FROM signatures").fetchall() == [(short, [])]
