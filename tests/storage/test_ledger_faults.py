"""View ledger_faults, which every test with a database asks at its end: each breach of the law is found."""

import pytest

from scrapers.storage.articles import store
from tests.factories import URL, article, leased, result


@pytest.fixture
def ledger(database, run_id):
    """Return a ledger with a stored, a rejected and a leased page; what a test breaks is rolled back."""
    stored, rejected, _ = leased(database, run_id, *(f"{URL}/{n}" for n in range(3)))
    results = [
        result(stored, article=article(url=stored.url, canonical_url=stored.url)),
        result(rejected, state="rejected", reason="empty_page"),
    ]
    assert sorted(store(database, run_id, results).values()) == ["rejected", "stored"]
    with database.transaction(force_rollback=True):
        yield database


def faults(database):
    return {fault for (fault,) in database.execute("SELECT fault FROM ledger_faults").fetchall()}


def test_sound_ledger_has_no_faults(ledger):
    assert faults(ledger) == set()


@pytest.mark.parametrize(
    ("breach", "fault"),
    [
        ("UPDATE runs SET discovered = discovered + 1", "the run's pages do not add up"),
        ("UPDATE runs SET discovered = discovered - 1, pruned_at = now()", "the run's pages do not add up"),
        (
            "UPDATE runs SET outcome = 'failed', reason = 'x', finished_at = now()",
            "leased by a run that has ended",
        ),
        ("UPDATE runs SET outcome = 'failed', finished_at = now()", "ended without a reason"),
        ("UPDATE pages SET reason = '' WHERE state = 'rejected'", "left without a reason"),
        ("UPDATE run_pages SET state = 'deferred' WHERE state = 'stored'", "the last run's account differs"),
        ("UPDATE pages SET state = 'stored' WHERE state = 'rejected'", "stored without an article"),
        ("UPDATE pages SET state = 'discovered' WHERE state = 'stored'", "article of a page that is not stored"),
        ("UPDATE articles SET revision = 2", "revisions with a gap"),
        ("DELETE FROM fetches", "stored without a fetch that answered"),
        ("UPDATE page_counts SET pages = pages + 1", "the kept number of pages differs"),
    ],
)
def test_breach_is_found(ledger, breach, fault):
    ledger.execute(breach)

    assert fault in faults(ledger)
