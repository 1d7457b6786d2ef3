from dataclasses import replace

import pytest

from scrapers.storage.articles import store
from tests.factories import leased, result


@pytest.fixture
def stored(database, run_id):
    """Return a function that stores articles, each on a page of its own, and returns their ids."""

    def keep(*articles):
        for item in articles:
            [page] = leased(database, run_id, item.canonical_url)
            store(database, run_id, [result(page, article=replace(item, url=item.canonical_url))])
        rows = dict(database.execute("SELECT canonical_url, article_id FROM articles").fetchall())
        return [rows[item.canonical_url] for item in articles]

    return keep
