"""Segments of keys: what was published is found, whatever is merged, held in memory, or killed meanwhile."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from scrapers.dedup.key_index import index, segments
from scrapers.dedup.key_index.bloom_filter import BITS_PER_KEY, CACHE_LINE, add_keys, may_contain
from scrapers.dedup.key_index.entries import find_places, merge
from scrapers.dedup.key_index.index import KeyIndex
from scrapers.storage.connection import connect
from scrapers.storage.migrate import migrate
from tests.storage.older import migrate_to

LOWEST, HIGHEST = -(2**63), 2**63 - 1
KEYS = st.integers(-4, 4) | st.sampled_from([LOWEST, HIGHEST])
ROWS = st.lists(st.tuples(KEYS, st.integers(1, 3)), unique=True, max_size=12).map(sorted)


def entries(rows):
    return np.array(sorted(rows), np.int64).reshape(-1, 2)


def pairs(found):
    return {tuple(row) for row in found.tolist()}


@settings(max_examples=300, deadline=None)
@given(ROWS, ROWS)
def test_merged_entries_are_those_of_both_in_order_and_once(a, b):
    assert merge(entries(a), entries(b)).tolist() == entries({*a, *b}).tolist()


@settings(max_examples=300, deadline=None)
@given(st.sets(KEYS).map(sorted), ROWS)
def test_places_are_those_of_the_entries_that_have_a_key(keys, rows):
    found = find_places(np.array(keys, np.int64), entries(rows)[:, 0])

    assert found.tolist() == [place for place, (key, _) in enumerate(rows) if key in keys]


@pytest.mark.parametrize("highest", [HIGHEST, 2**60])
def test_filter_knows_all_keys_that_were_entered_and_few_others(highest):
    chosen = np.random.default_rng(1)
    keys, others = chosen.integers(0, highest, (2, 60_000))
    words = np.zeros(60_000 * 12 // 64 // CACHE_LINE * CACHE_LINE, np.uint64)

    add_keys(entries(zip(keys, keys, strict=True))[:, 0], words)

    assert may_contain(keys, words).all()
    assert may_contain(others, words).mean() < 0.02
    assert np.bitwise_count(words).sum() <= BITS_PER_KEY * len(keys)


@pytest.fixture(params=["held", "filtered", "neither"])
def small(request, monkeypatch):
    """Make all limits so small that a few entries reach them."""
    for name, value in {"FANOUT": 3, "BLOCK_ENTRIES": 2, "MAX_BLOCKS": 4, "MERGED_ENTRIES": 4}.items():
        monkeypatch.setattr(index, name, value)
    monkeypatch.setattr(index, "MAX_MEMORY", 0 if request.param == "neither" else 10**6)
    for name, value in {"FETCHED_BLOCKS": 2, "FETCHED_FILTER_BYTES": 20}.items():
        monkeypatch.setattr(segments, name, value)
    monkeypatch.setattr(segments, "MAX_RESIDENT_ENTRIES", 10**6 if request.param == "held" else 4)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("seed", range(6))
def test_all_that_any_worker_published_is_found_by_each_however_it_was_merged(database, dsn, seed):
    chance, published = random.Random(seed), set()
    with connect(dsn) as other:
        workers = [KeyIndex(database), KeyIndex(other)]
        for _ in range(40):
            worker = chance.choice(workers)
            rows = {
                (chance.choice([LOWEST, HIGHEST, *range(-9, 9)]), chance.randrange(6))
                for _ in range(chance.randrange(9))
            }
            worker.publish(entries(rows))
            published |= rows
            if chance.random() < 0.3:
                while worker.merge():
                    pass
            keys = [*sorted(chance.sample(range(-10, 10), 7)), HIGHEST]
            for looking in workers:
                found = looking.find(np.array(keys, np.int64))
                assert pairs(found) == {row for row in published if row[0] in keys}
        levels = database.execute("SELECT level, count(*) FROM key_segments GROUP BY level").fetchall()
        assert max(level for level, _ in levels) >= 2
        assert max(count for _, count in levels) < index.FANOUT + 9
        orphans = "SELECT count(*) FROM key_blocks WHERE segment_id NOT IN (SELECT segment_id FROM key_segments)"
        assert database.execute(orphans).fetchone() == (0,)


@pytest.mark.usefixtures("small")
def test_what_is_merged_between_two_looks_is_not_missed(database, dsn, monkeypatch):
    with connect(dsn) as other:
        worker, merging = KeyIndex(database), KeyIndex(other)
        rows = {(key, key % 5) for key in range(30)}
        for start in (0, 10, 20):
            merging.publish(entries({row for row in rows if start <= row[0] < start + 10}))
        real = worker._store.listed

        def merged_meanwhile():
            listed = real()
            merging.merge()
            return listed

        monkeypatch.setattr(worker._store, "listed", merged_meanwhile)
        found, again = worker.find(np.arange(30)), worker.find(np.arange(30))

    assert pairs(found) == pairs(again) == rows
    assert database.execute("SELECT level FROM key_segments").fetchall() == [(1,)]


@pytest.mark.usefixtures("small")
def test_merge_that_is_killed_leaves_all_as_it_was_and_is_done_by_the_next(database, monkeypatch):
    worker = KeyIndex(database)
    rows = {(key, key % 5) for key in range(30)}
    for start in (0, 10, 20):
        worker.publish(entries({row for row in rows if start <= row[0] < start + 10}))
    real = worker._between

    def die(segment, low, high):
        if high is None:
            raise KeyboardInterrupt
        return real(segment, low, high)

    with monkeypatch.context() as killing:
        killing.setattr(worker, "_between", die)
        with pytest.raises(KeyboardInterrupt):
            worker.merge()
    left = pairs(worker.find(np.arange(30)))

    assert left == rows
    assert database.execute("SELECT count(*) FROM key_segments WHERE level = 0").fetchone() == (3,)
    assert [worker.merge(), worker.merge()] == [True, False]


def test_one_worker_merges_at_a_time(database, dsn, monkeypatch):
    monkeypatch.setattr(index, "FANOUT", 2)
    with connect(dsn) as other:
        for key in (1, 2):
            KeyIndex(database).publish(entries({(key, 1)}))
        with other.transaction():
            other.execute("SELECT pg_advisory_xact_lock(%s)", [index.MERGE_LOCK])
            assert not KeyIndex(database).merge()
        assert KeyIndex(database).merge()


def test_worker_holds_no_more_than_there_is_memory_for(database, monkeypatch):
    monkeypatch.setattr(index, "MAX_MEMORY", 100 + 3 * 8)  # of three blocks the first key
    worker = KeyIndex(database)
    for size in (3, 4, 2):
        worker.publish(entries({(key, size) for key in range(size)}))

    found = worker.find(np.arange(9))

    assert len(found) == 9
    assert [segment.size for segment in worker._known.values() if segment.is_resident] == [3, 2]


@pytest.mark.usefixtures("small")
def test_blocks_become_larger_with_all_that_is_there_so_that_a_worker_can_hold_their_first_keys(database):
    worker, most = KeyIndex(database), 0
    for start in range(0, 1200, 12):
        worker.publish(entries({(key, 1) for key in range(start, start + 12)}))
        while worker.merge():
            pass
        merged = "SELECT coalesce(sum(octet_length(fence_keys) / 8), 0) FROM key_segments WHERE level > 0"
        most = max(most, database.execute(merged).fetchone()[0])

    assert index.MAX_BLOCKS <= most <= 3 * index.MAX_BLOCKS
    assert pairs(worker.find(np.arange(1200))) == {(key, 1) for key in range(1200)}


@pytest.mark.parametrize("held", [0, 10**6])
def test_keys_of_an_older_database_are_carried_over(cluster, request, monkeypatch, held):
    monkeypatch.setattr(segments, "MAX_RESIDENT_ENTRIES", held)
    name = f"older_{held}"
    cluster.create_database(name)
    dsn = cluster.dsn(name)
    rows = {(key * 2**55 + article, article) for key in range(-50, 50) for article in (1, 2, 3)}
    rows |= {(7, article) for article in range(1, 130)}
    with connect(dsn) as database:
        migrate_to(database, "0031")
        database.execute("SET session_replication_role = replica")
        database.execute(
            "INSERT INTO signatures (article_id, revision, algorithm, words, syndicated, url_key, keys, signature)"
            " SELECT article::bigint, 1, 2, 90, false, 0, ARRAY(SELECT jsonb_array_elements_text(keys)::bigint), ''"
            " FROM jsonb_each(%s) AS given (article, keys)",
            [Jsonb({str(n): sorted(key for key, article in rows if article == n) for n in range(1, 131)})],
        )
        database.execute("RESET session_replication_role")

        migrate_to(database, "0034")
        migrate(dsn)
        worker = KeyIndex(database)
        keys = np.unique([key for key, _ in rows])
        found, merges = worker.find(keys), worker.merge()

        assert pairs(found) == pairs(worker.find(keys)) == rows
        assert merges == (held == 0)
        told = database.execute("SELECT level, entries, filter IS NOT NULL FROM key_segments").fetchall()
        assert told == [(0, len(rows), held == 0)]
        assert not worker.merge()
        assert {*database.execute("SELECT key, article_id FROM key_entries")} == rows


def test_migrated_database_without_signatures_has_no_segment(database):
    assert database.execute("SELECT count(*) FROM key_segments").fetchone() == (0,)
    assert KeyIndex(database).find(np.arange(3)).tolist() == []
