"""Table page_counts, by which view ledger knows how many pages are in which state without counting them."""

import pytest

from scrapers.storage.articles import store
from scrapers.storage.connection import connect
from scrapers.storage.runs import finish_run
from tests.conftest import ledger_faults
from tests.factories import URL, article, leased, result


def counts(connection):
    rows = connection.execute("SELECT outlet, state, reason, pages FROM ledger").fetchall()
    return {" ".join(filter(None, row[:3])): row[3] for row in rows}


def test_ledger_follows_pages_through_their_states_and_whoever_else_writes(database, dsn, run_id):
    stored, rejected, _ = leased(database, run_id, *(f"{URL}/{n}" for n in range(3)))
    assert counts(database) == {"seed leased": 3}

    results = [
        result(stored, article=article(url=stored.url, canonical_url=stored.url)),
        result(rejected, state="rejected", reason="empty_page"),
    ]
    store(database, run_id, results)
    assert counts(database) == {"seed leased": 1, "seed rejected empty_page": 1, "seed stored": 1}

    finish_run(database, run_id, "succeeded")
    assert counts(database) == {"seed discovered": 1, "seed rejected empty_page": 1, "seed stored": 1}
    with database.transaction(force_rollback=True):
        database.execute("UPDATE pages SET outlet = 'other'")
        assert counts(database) == {"other discovered": 1, "other rejected empty_page": 1, "other stored": 1}
        database.execute("DELETE FROM run_pages")
        database.execute("DELETE FROM pages WHERE state = 'discovered'")
        assert counts(database) == {"other rejected empty_page": 1, "other stored": 1}
        database.execute("TRUNCATE pages CASCADE")
        assert counts(database) == {}
    assert ledger_faults(dsn) == []


def test_end_of_a_run_leaves_one_row_a_state_and_remembers_what_came_last(database, run_id):
    leased(database, run_id, *(f"{URL}/{n}" for n in range(3)))
    last = database.execute("SELECT max(discovered_at) FROM pages").fetchone()

    finish_run(database, run_id, "succeeded")

    rows = database.execute("SELECT state, pages FROM page_counts ORDER BY state").fetchall()
    assert rows == [("discovered", 3), ("leased", 0)]
    assert database.execute("SELECT max(last_discovered_at) FROM ledger").fetchone() == last


@pytest.mark.parametrize("first", ["summing up", "counting"])
def test_two_crawls_of_an_outlet_count_and_sum_up_without_waiting(database, dsn, run_id, first):
    leased(database, run_id, *(f"{URL}/{n}" for n in range(4)))
    both = [
        "SELECT sum_up_page_counts('seed')",
        f"UPDATE pages SET state = 'rejected', reason = 'x', lease_token = NULL, lease_expires_at = NULL"
        f" WHERE url = '{URL}/1'",
    ]
    with connect(dsn) as other:
        other.execute("SET lock_timeout = '1s'")
        with database.transaction(), other.transaction():
            for statement in both if first == "summing up" else both[::-1]:
                database.execute(statement)
                other.execute(statement.replace("/1", "/2"))
        assert counts(other) == {"seed leased": 2, "seed rejected x": 2}
        with database.transaction():
            database.execute("SELECT sum_up_page_counts('seed')")
            other.execute("SELECT sum_up_page_counts('seed')")
    assert counts(database) == {"seed leased": 2, "seed rejected x": 2}
