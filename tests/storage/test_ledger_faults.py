"""View ledger_faults, which every test with a database asks at its end: each breach of the law is found."""

from datetime import UTC, datetime

import pytest

from scrapers.items import Article, CrawlScope, Fetch, Link, PageResult
from scrapers.storage.articles import store
from scrapers.storage.ledger import discover, lease

URL = "https://www.example.test/news/one"


@pytest.fixture
def ledger(database, run_id):
    """Return a ledger with a stored, a rejected and a leased page; what a test breaks is rolled back."""
    discover(database, run_id, "seed", [Link(url=f"{URL}/{n}") for n in range(3)])
    pages = lease(database, run_id, "seed", 3, CrawlScope())
    fetch = Fetch(url=URL, requested_at=datetime.now(UTC), status=200, size=6, body=b"<html>")
    article = Article(
        outlet="seed", url=pages[0].url, canonical_url=pages[0].url, headline="Judul", article_body=("A.",)
    )
    results = [
        PageResult(page=pages[0], article=article, fetches=(fetch,)),
        PageResult(page=pages[1], state="rejected", reason="empty_page", fetches=(fetch,)),
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
    ],
)
def test_breach_is_found(ledger, breach, fault):
    ledger.execute(breach)

    assert fault in faults(ledger)
