from datetime import UTC, datetime

import pytest

from scrapers.fetch.retry_after import LEAST_S, MOST_S, UNSAID_S, seconds
from scrapers.local.seed_site import Answer

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
    pages = [url for url in site.articles() if url.startswith(site.address)][:4]
    site.answers[pages[0].removeprefix(site.address)] = Answer(status=status, headers={"Retry-After": "7200"})

    commands.crawl("seed", "-s", "CONCURRENT_REQUESTS=1", "-a", f"urls={' '.join(pages[:3])}")
    answers = [seen.status for seen in site.seen if seen.path != "/robots.txt"]
    asked = len(site.seen)
    commands.crawl("seed", "-a", f"urls={pages[3]}")

    assert (answers.count(status), answers[-1]) == (1, status)
    assert len(site.seen) == asked
    [(busy, waits)] = database.execute(
        "SELECT closed_until - now() > interval '1 hour', closed_because FROM hosts WHERE host = %s",
        [site.address.removeprefix("http://")],
    ).fetchall()
    assert (busy, waits) == (True, f"http_{status}")
