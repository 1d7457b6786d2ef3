from datetime import UTC, datetime

import pytest

from scrapers.fetch.retry_after import LEAST_S, MOST_S, UNSAID_S, seconds
from scrapers.seed_site import Answer

NOON = datetime(2025, 12, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", 120),
        ("0", LEAST_S),
        ("315360000", MOST_S),  # ten years
        ("Mon, 15 Dec 2025 12:05:00 GMT", 300),
        ("Sun, 15 Dec 2035 12:05:00 GMT", MOST_S),
        ("Mon, 15 Dec 2025 11:00:00 GMT", UNSAID_S),
        ("-5", UNSAID_S),
        ("soon", UNSAID_S),
        ("", UNSAID_S),
        ("9" * 400, UNSAID_S),
    ],
)
def test_seconds_and_dates_are_read_and_kept_within_bounds(header, wait):
    assert seconds(header, NOON) == wait


@pytest.mark.parametrize("status", [429, 503])
def test_host_that_asks_to_be_left_alone_gets_no_further_request(commands, site, database, balance, status):
    path = next(url for url in site.articles() if "/sport/" in url).removeprefix(site.address)
    site.answers[path] = Answer(status=status, headers={"Retry-After": "7200"})
    commands.crawl("seed", "-a", f"urls={site.address}{path}")
    site.seen.clear()
    del site.answers[path]
    others = [url for url in site.articles() if url.startswith(site.address) and path not in url][:3]
    site.answers[others[0].removeprefix(site.address)] = Answer(status=status, headers={"Retry-After": "7200"})

    commands.crawl("seed", "-s", "CONCURRENT_REQUESTS=1", "-a", f"urls={' '.join(others)}")

    waits = database.execute("SELECT deferred_until - now() > interval '1 hour' FROM pages").fetchall()
    answers = [seen.status for seen in site.seen if seen.path != "/robots.txt"]
    assert answers.count(status) == 1
    assert answers[-1] == status
    assert waits.count((True,)) >= 2
