import re

import pytest

from scrapers.settings import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n-- (\d+\. .+?)\n(.+?)```", README, re.DOTALL)
DOCUMENT = ROOT / "seeds" / "000_650c3db9ef69406e.txt"


@pytest.fixture(scope="module")
def crawled(cluster, tmp_path_factory):
    """Return a database after two crawls, an edit between them, an ingest and a dedup."""
    from scrapers.dedup.incremental import deduplicate
    from scrapers.seed_site import SeedSite
    from scrapers.storage.connection import connect
    from tests.conftest import Commands

    cluster.create_database("readme", template="migrated")
    with SeedSite() as site:
        commands = Commands(
            {
                "WARTA_HOME": str(tmp_path_factory.mktemp("state")),
                "WARTA_DSN": cluster.dsn("readme"),
                "WARTA_SEED_SITE": site.address,
            }
        )
        commands.crawl("seed")
        site.edition = 2
        commands.crawl("seed")
        commands.warta("ingest", str(DOCUMENT))
    deduplicate(cluster.dsn("readme"))
    with connect(cluster.dsn("readme")) as connection:
        yield connection


def test_readme_has_ten_queries():
    assert len(QUERIES) == 10


@pytest.mark.parametrize(("title", "query"), QUERIES, ids=[title for title, _ in QUERIES])
def test_query_of_the_readme_gives_rows(crawled, title, query):
    assert crawled.execute(query).fetchall()


def test_files_that_the_readme_names_are_there():
    for name in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / name).exists(), name
