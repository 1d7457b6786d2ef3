"""Articles that arrive, as tests of what is told and asked need them."""

from itertools import count

import pytest

from scrapers.items import CrawlScope, Link
from scrapers.storage.articles import store as store_results
from scrapers.storage.ledger import discover, lease
from tests.factories import article, result


@pytest.fixture
def arrive(database, run_id):
    """Return a function that stores an article, or its next revision, and returns its id."""
    numbers = count(1)

    def arrived(headline, *paragraphs, url=None, outlet="seed", settled=True, **fields):
        url = url or f"https://www.example.test/{next(numbers)}"
        given = {"headline": headline, "article_body": paragraphs or ("Isi.",), "url": url, "canonical_url": url}
        database.execute("UPDATE pages SET next_fetch_at = now() WHERE url = %s", [url])
        discover(database, run_id, outlet, [Link(url=url)])
        [page] = lease(database, run_id, outlet, 1, CrawlScope(urls=(url,), full=True))
        done = article(**{"outlet": outlet, **given, **fields})
        store_results(database, run_id, [result(page, body=(headline + str(next(numbers))).encode(), article=done)])
        if settled:
            database.execute("DELETE FROM dedup_queue")
        return database.execute("SELECT article_id FROM articles WHERE page_id = %s", [page.page_id]).fetchone()[0]

    return arrived
