import pytest

from scrapers.publish.export.export import export
from scrapers.publish.export.selection import Selection
from scrapers.storage.articles import store
from tests.factories import leased, result


@pytest.fixture
def stored(database, run_id):
    """Return a function that stores articles, each read from the page of its own address."""

    def store_all(*articles):
        pages = leased(database, run_id, *(article.url for article in articles))
        pairs = zip(pages, articles, strict=True)
        return store(
            database,
            run_id,
            [result(page, body=article.url.encode("utf-8", "replace"), article=article) for page, article in pairs],
        )

    return store_all


@pytest.fixture
def exported(dsn, tmp_path):
    """Return a function that exports what it is told to select, and returns the folder and the manifest."""

    def export_into(name="export", format="parquet", **selection):
        folder = tmp_path / name
        return folder, export(folder, Selection(**selection), format, dsn=dsn)

    return export_into
