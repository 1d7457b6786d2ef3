"""Retention and upkeep: what is old goes, the ledger stays sound, and articles stay for ever."""

import threading
from hashlib import sha256

import pytest
import zstandard

from scrapers.errors import DamageError, UsageError
from scrapers.maintenance.retention import prune
from scrapers.maintenance.upkeep import compress, dictionaries, measure
from scrapers.monitor.sizes import as_text, sizes
from scrapers.spiders.seed import SeedSpider
from scrapers.storage.articles import store
from scrapers.storage.connection import connect
from scrapers.storage.snapshots import read_snapshot
from tests.factories import URL, article, leased, result
from tests.roles import as_role

DATES = {
    "fetches": ["requested_at"],
    "runs": ["started_at", "finished_at"],
    "snapshots": ["first_seen_at"],
    "announcements": ["first_seen_at", "last_seen_at"],
    "robots": ["asked_at"],
    "dictionaries": ["made_at"],
}


def age(database, months):
    """Let all that is stored be older by so many months."""
    for table, columns in DATES.items():
        changes = ", ".join(f"{column} = {column} - make_interval(months => {months})" for column in columns)
        database.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        database.execute(f"UPDATE {table} SET {changes}")
        database.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def count(database, table, where="true"):
    return database.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]


def faults(database):
    return database.execute("SELECT fault, detail FROM ledger_faults").fetchall()


def test_nothing_goes_while_it_is_kept(crawled):
    assert list(prune(crawled)) == []


def test_log_and_announcements_go_after_two_years_and_all_else_stays(crawled, commands):
    kept = {table: count(crawled, table) for table in ("articles", "revisions", "snapshots", "pages")}
    polls = count(crawled, "fetches", "feed_id IS NOT NULL")
    age(crawled, 25)

    said = commands.warta("upkeep", "retention")

    assert said.code == 0, said.err
    assert "retention: seed: " in said.out
    assert polls > 0
    assert count(crawled, "fetches", "feed_id IS NOT NULL") == 0
    assert count(crawled, "announcements") == count(crawled, "robots") == 0
    assert {table: count(crawled, table) for table in kept} == kept
    assert count(crawled, "fetches", "snapshot_sha256 IS NOT NULL") > 0
    assert faults(crawled) == []
    assert list(prune(crawled)) == []


def test_last_request_of_each_page_and_its_last_answer_stay(database, run_id):
    [page] = leased(database, run_id, URL)
    store(database, run_id, [result(page, article=article())])
    columns = "run_id, page_id, url, requested_at, robots, outcome"
    for outcome in ("failed", "answered", "failed", "answered", "failed", "failed"):
        log = f"INSERT INTO fetches ({columns}) VALUES (%s, %s, %s, now(), 'allowed', %s)"
        database.execute(log, [run_id, page.page_id, URL, outcome])
    database.execute("UPDATE runs SET outcome = 'succeeded', finished_at = now()")
    age(database, 25)

    list(prune(database))

    left = database.execute("SELECT outcome FROM fetches WHERE snapshot_sha256 IS NULL ORDER BY fetch_id").fetchall()
    assert left == [("answered",), ("failed",)]


def test_runs_that_nothing_is_left_of_are_deleted(crawled):
    assert count(crawled, "runs") == 2
    crawled.execute("UPDATE pages SET run_id = (SELECT run_id FROM runs ORDER BY started_at DESC LIMIT 1)")
    crawled.execute(
        "UPDATE runs SET discovered = (SELECT count(*) FROM run_pages WHERE run_pages.run_id = runs.run_id)"
    )
    crawled.execute("INSERT INTO runs (run_id, outlet, kind, requested_by, started_at, finished_at, outcome) "
                    "VALUES (gen_random_uuid(), 'seed', 'crawl', 'x', now(), now(), 'succeeded')")  # fmt: skip
    age(crawled, 25)

    told = {pruned.what: pruned.rows for pruned in prune(crawled)}

    assert told["runs"] == 1
    assert told["accounts of pages"] > 0
    assert count(crawled, "runs", "pruned_at IS NULL") == 0
    assert faults(crawled) == []


def test_run_that_has_not_ended_is_left_whole(database, run_id):
    leased(database, run_id, URL)
    age(database, 25)

    assert list(prune(database)) == []


def test_raw_pages_go_only_where_that_is_asked_for_and_articles_are_read_as_before(crawled, commands):
    texts = crawled.execute("SELECT article_id, content FROM revisions ORDER BY 1, revision").fetchall()
    age(crawled, 7)
    assert list(prune(crawled)) == []
    commands.environment["WARTA_KEEP_PAGES"] = "6"

    said = commands.warta("upkeep", "retention")

    assert "raw pages deleted, older than 6 months" in said.out
    assert count(crawled, "snapshots") == count(crawled, "revisions", "snapshot_sha256 IS NOT NULL") == 0
    assert count(crawled, "fetches", "response_headers IS NOT NULL") == 0
    assert crawled.execute("SELECT article_id, content FROM revisions ORDER BY 1, revision").fetchall() == texts
    assert faults(crawled) == []


def test_outlet_keeps_raw_pages_as_it_declares(crawled, monkeypatch):
    monkeypatch.setenv("WARTA_KEEP_PAGES", "6")
    age(crawled, 7)

    monkeypatch.setattr(SeedSpider, "keep_pages", 0)
    assert list(prune(crawled)) == []

    monkeypatch.setattr(SeedSpider, "keep_pages", 3)
    assert [(pruned.what, pruned.months) for pruned in prune(crawled)] == [("raw pages", 3)]


def test_pages_in_quarantine_and_pages_that_come_again_keep_their_bytes(database, run_id, monkeypatch):
    monkeypatch.setenv("WARTA_KEEP_PAGES", "6")
    held, seen, old = leased(database, run_id, *(f"{URL}/{n}" for n in range(3)))
    bodies = {page.page_id: f"<html>{page.page_id}".encode() for page in (held, seen, old)}
    states = {held: {"state": "quarantined", "reason": "x"}, seen: {}, old: {}}
    for page, more in states.items():
        given = more or {"article": article(url=page.url, canonical_url=page.url)}
        store(database, run_id, [result(page, body=bodies[page.page_id], **given)])
    age(database, 30)
    again = "UPDATE fetches SET requested_at = now() WHERE page_id = %s"
    database.execute("ALTER TABLE fetches DISABLE TRIGGER USER")
    database.execute(again, [seen.page_id])

    list(prune(database))

    kept = [read_snapshot(database, digest) for (digest,) in database.execute("SELECT sha256 FROM snapshots")]
    assert sorted(kept) == sorted([bodies[held.page_id], bodies[seen.page_id]])
    assert faults(database) == []


def test_retention_runs_beside_a_crawl_and_what_comes_again_is_stored_again(database, commands, dsn, monkeypatch):
    monkeypatch.setenv("WARTA_KEEP_PAGES", "1")
    commands.crawl("seed")
    before = count(database, "snapshots")
    ended = threading.Event()

    def prune_all_the_time():
        with connect(dsn) as connection:
            while not ended.is_set():
                age(connection, 25)
                list(prune(connection))

    pruning = threading.Thread(target=prune_all_the_time)
    pruning.start()
    try:
        crawl = commands.crawl("seed", "-a", "full=true")
    finally:
        ended.set()
        pruning.join()
    list(prune(database))
    again = commands.crawl("seed", "-a", "full=true")

    assert (crawl.code, again.code) == (0, 0), crawl.err + again.err
    assert 0 < count(database, "snapshots") <= before
    assert count(database, "pages", "state = 'quarantined'") == 0


@pytest.mark.parametrize("months", ["-1", "x", "1.5", "٣", "99999"])
def test_setting_that_is_no_number_of_months_is_refused(database, monkeypatch, months):
    monkeypatch.setenv("WARTA_KEEP_PAGES", months)

    with pytest.raises(UsageError, match=r"WARTA_KEEP_PAGES is .*; give a number of months"):
        list(prune(database))


def add_dictionary(database, outlet, version, body=b"x"):
    database.execute(
        "INSERT INTO dictionaries (sha256, outlet, version, pages, body, bytes, ratio, made_at) "
        "VALUES (%s, %s, %s, '{}', %s, 1, 0.1, now() - interval '2 hours')",
        [sha256(body).digest(), outlet, version, zstandard.compress(body)],
    )


def test_snapshots_are_compressed_again(crawled):
    old = count(crawled, "snapshots", "level < 9")

    lines = list(compress(crawled))

    assert old > 0
    assert [line.partition(", ")[0] for line in lines] == [f"seed: {old} raw pages compressed again"]
    assert count(crawled, "snapshots", "level < 9") == 0
    assert list(compress(crawled)) == []


def test_damage_in_one_outlet_spares_the_others(crawled):
    crawled.execute("UPDATE snapshots SET outlet = 'zeta' WHERE sha256 = (SELECT max(sha256) FROM snapshots)")
    crawled.execute("UPDATE snapshots SET body = 'x' WHERE sha256 = (SELECT min(sha256) FROM snapshots)")
    add_dictionary(crawled, "zeta", 1)

    with pytest.raises(DamageError, match="can't be unpacked"):
        list(compress(crawled))

    assert count(crawled, "snapshots", "level = 9") == count(crawled, "snapshots", "outlet = 'zeta'") == 1


def test_dictionary_goes_once_no_snapshot_needs_it_and_a_newer_one_is_there(crawled):
    list(compress(crawled))
    add_dictionary(crawled, "seed", 7, b"unused")
    add_dictionary(crawled, "seed", 8, b"newest")

    said = list(dictionaries(crawled))

    assert [line.partition(", ")[0] for line in said] == ["seed: dictionary 7 deleted"]
    assert crawled.execute("SELECT version FROM dictionaries ORDER BY 1").fetchall() == [(1,), (8,)]


def test_all_of_upkeep_is_one_command(crawled, commands):
    said = commands.warta("upkeep")

    assert said.code == 0, said.err
    assert "sizes: " in said.out
    assert "airflow: not run by `warta up` on this machine" in said.out


def test_unknown_job_is_refused_before_anything_is_done(commands):
    said = commands.warta("upkeep", "sizes", "vacuum")

    assert (said.code, said.out) == (2, "")
    assert said.last_line.endswith("known: retention, compress, dictionaries, orphans, sizes, airflow")


def test_writer_may_not_delete(crawled, commands):
    age(crawled, 25)
    commands.environment["WARTA_DSN"] = as_role(commands.environment["WARTA_DSN"], "writer")

    said = commands.warta("upkeep", "retention")

    assert said.code == 3
    assert "WARTA_DSN's role may not do this" in said.last_line


def test_sizes_are_told_by_table_by_article_and_for_a_year(crawled, commands):
    list(compress(crawled))
    found = sizes(crawled)

    said = commands.warta("db", "size")

    assert said.code == 0, said.err
    assert {"articles", "snapshots"} <= {line.split()[0] for line in said.out.splitlines()}
    assert "a raw page has" in said.out
    assert said.out.splitlines()[-1].endswith(found.summary().partition("; ")[2])
    assert found.articles == count(crawled, "articles")
    assert found.articles_a_day == found.articles  # the database is younger than a day
    assert found.sample.stored < found.sample.gzip < found.sample.raw
    [outlet] = found.outlets
    assert (outlet["outlet"], outlet["raw_pages"]) == ("seed", count(crawled, "snapshots"))


def test_empty_database_has_a_size_too(commands, database):
    said = commands.warta("db", "size", "--json")

    assert said.code == 0, said.err
    assert '"bytes_an_article": null' in said.out
    assert "no article yet" in next(measure(database))


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2e9, "2.0 GB"), (3e15, "3000.0 TB")]
)
def test_bytes_are_told_in_a_unit_that_suits_them(size, text):
    assert as_text(size) == text
