"""What crawls brought, as the pages inside Airflow's UI tell it."""

from uuid import uuid4

import pytest

from scrapers.monitor.summary import crawls_of_dag_run, last_crawls, newest_quarantined, outlets_today, run_states
from scrapers.storage.articles import store
from scrapers.storage.runs import begin_run, finish_run
from tests.factories import article, leased, result

SITE = "https://www.example.test"


@pytest.fixture
def stored(database, run_id):
    """Return a function that stores an article under this path, and returns its id."""

    def stored(path, *, headline="Judul"):
        url = f"{SITE}/{path}"
        database.execute("UPDATE pages SET next_fetch_at = now() WHERE url = %s", [url])
        [page] = leased(database, run_id, url)
        given = article(url=url, canonical_url=url, headline=headline)
        store(database, run_id, [result(page, body=f"{path} {headline}".encode(), article=given)])
        return database.execute("SELECT article_id FROM articles WHERE url = %s", [url]).fetchone()[0]

    return stored


def test_today_counts_what_the_last_day_brought_by_outlet(database, run_id, stored):
    first, copy, old = stored("one"), stored("two"), stored("three")
    stored("one", headline="Judul yang sama sekali lain")
    database.execute("INSERT INTO clusters VALUES (%s, %s), (%s, %s)", [first, first, copy, first])
    database.execute("UPDATE articles SET first_seen_at = now() - interval '25 hours' WHERE article_id = %s", [old])
    database.execute(
        "UPDATE articles SET withdrawn_at = now(), withdrawn_reason = 'http_404' WHERE article_id = %s", [copy]
    )
    [page] = leased(database, run_id, f"{SITE}/four")
    store(database, run_id, [result(page, body=b"?", state="quarantined", reason="KeyError: 'headline'")])

    [row] = outlets_today(database)

    assert {name: row[name] for name in ("outlet", "new", "copies", "edited", "withdrawn", "failed")} == {
        "outlet": "seed", "new": 2, "copies": 1, "edited": 1, "withdrawn": 1, "failed": 1,
    }  # fmt: skip
    assert [page["url"] for page in newest_quarantined(database, "seed")] == [f"{SITE}/four"]


def test_outlet_with_the_newest_article_stands_first_and_one_without_any_last(database, stored):
    stored("one")
    begin_run(database, uuid4(), outlet="kompas")
    begin_run(database, uuid4(), outlet="detik")

    rows = outlets_today(database)

    assert [row["outlet"] for row in rows] == ["seed", "detik", "kompas"]
    assert [row["newest_at"] is None for row in rows] == [False, True, True]


def test_crawls_of_a_dag_run_are_those_of_its_tries(database):
    for run_id, requested_by in (("one", "a"), ("one", "b"), ("two", "c")):
        begin_run(
            database, uuid4(), outlet="seed", requested_by=f"airflow:crawl_seed/{run_id}", arguments={"t": requested_by}
        )
    [newest, *_] = last_crawls(database, "seed")
    finish_run(database, newest["run_id"], "failed", "nothing answered")

    found = crawls_of_dag_run(database, "crawl_seed", "two")

    assert [(crawl["run_id"], crawl["reason"]) for crawl in found] == [(newest["run_id"], "nothing answered")]
    assert len(crawls_of_dag_run(database, "crawl_seed", "one")) == 2
    assert run_states(database, newest["run_id"]) == []
