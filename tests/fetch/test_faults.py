"""What a crawl makes of a server where something goes wrong: docs/faults.md has the whole table."""

import pytest


def states(database):
    return database.execute("SELECT state, reason FROM pages ORDER BY page_id").fetchall()


def test_small_outlet_of_the_fault_server_is_crawled_as_any_site(crawl_faults, faults, database, balance):
    result = crawl_faults()

    assert result.code == 0, result.err
    assert balance() == {"stored": len(faults.articles)}
    assert faults.paths().count("/feed") == 1


@pytest.mark.parametrize("target", ["/fault/500?times=1", "/fault/reset?after=300&times=2", "/fault/close?times=1"])
def test_fault_that_passes_costs_a_retry_and_no_article(crawl_faults, faults, database, balance, target):
    result = crawl_faults(target)

    assert result.code == 0, result.err
    assert balance() == {"stored": 1}
    assert len(faults.paths()) == int(target[-1]) + 1
