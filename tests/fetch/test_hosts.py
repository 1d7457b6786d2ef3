"""How hosts are treated, as they see it: told by the times of the requests that reach the fault server."""

import asyncio
from datetime import timedelta

import pytest

from scrapers.fetch.hosts import Hosts
from scrapers.fetch.refusals import HostClosed
from scrapers.local.seed_site import Answer as SeedAnswer
from scrapers.storage.hosts import Turn
from tests.fault_server import Answer

JITTER_S = 0.05  # of the clocks and the loop; never of the delay itself


def pages(database):
    return database.execute("SELECT state, reason, attempts FROM pages ORDER BY page_id").fetchall()


def later(database, **time):
    """Let time pass for hosts, robots.txt and deferred pages."""
    passed = {"by": timedelta(**time)}
    database.execute("UPDATE hosts SET closed_until = closed_until - %(by)s", passed)
    database.execute("UPDATE robots SET fetched_at = fetched_at - %(by)s, asked_at = asked_at - %(by)s", passed)
    database.execute("UPDATE pages SET deferred_until = deferred_until - %(by)s", passed)


@pytest.mark.parametrize("status", [429, 503])
def test_host_that_asks_to_be_left_alone_gets_no_request_from_any_crawl_before_that_is_over(
    crawl_faults, faults, database, balance, status
):
    first = crawl_faults(f"/fault/{status}?after=3600", "-s", "CONCURRENT_REQUESTS=1")
    asked = len(faults.requests)

    second = crawl_faults(*faults.articles)

    assert (first.code, second.code) == (4, 4)
    assert f"http_{status}" in second.last_line
    assert len(faults.requests) == asked
    assert {(state, attempts) for state, _, attempts in pages(database)} == {("deferred", 0)}
    later(database, hours=1)
    assert crawl_faults(*faults.articles).code == 0
    assert balance()["stored"] == len(faults.articles)


def test_crawl_delay_is_kept_between_requests_once_robots_txt_has_named_it(crawl_faults, faults, database, balance):
    faults.answers["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 0.7\n", content_type="text/plain")

    result = crawl_faults(*faults.articles[:4])

    assert result.code == 0, result.err
    assert balance() == {"stored": 4}
    gaps = faults.gaps()
    assert len(gaps) == 6  # robots.txt, the four, tdmrep.json and the probe for soft 404
    assert all(gap > 0.7 - JITTER_S for gap in gaps[1:]), gaps


def test_crawls_of_one_host_share_its_rate(commands, faults, database, balance):
    pages = [faults.url(path) for path in faults.articles]
    crawls = [
        commands.start("scrapy", "crawl", "news", "-a", f"url={faults.address}", "-a", f"urls={' '.join(half)}",
                       "-s", "DOWNLOAD_DELAY=0.5", "-s", "AUTOTHROTTLE_ENABLED=False")
        for half in (pages[:5], pages[5:10])
    ]  # fmt: skip

    ends = [process.communicate(timeout=100) for process in crawls]

    assert [process.returncode for process in crawls] == [0, 0], ends
    assert balance() == {"stored": 10}
    gaps = faults.gaps()
    # a process that is held up sends after its turn, and the next turn is then so much nearer
    late_s = [0.0, *(max(gap - 0.5, 0.0) for gap in gaps)]
    assert all(gap + before > 0.5 - JITTER_S for gap, before in zip(gaps, late_s, strict=False)), gaps
    assert min(gaps) > 0.25, gaps


def test_host_that_fails_as_a_whole_is_left_alone_and_burns_no_attempts(crawl_faults, faults, database, balance):
    for path in faults.articles:
        faults.answers[path] = "/fault/close"

    result = crawl_faults(*faults.articles, "-s", "RETRY_TIMES=0", "-s", "DOWNLOAD_DELAY=0.05")

    assert result.code == 4
    assert len(faults.paths()) <= 7  # five failures, and what was under way
    assert len([True for *_, attempts in pages(database) if attempts]) <= 5
    later(database, hours=1)
    asked = len(faults.paths())
    crawl_faults(*faults.articles, "-s", "RETRY_TIMES=0", "-s", "DOWNLOAD_DELAY=0.05")
    assert len(faults.paths()) - asked == 1  # the one that tries
    later(database, hours=1)
    faults.answers.clear()
    assert crawl_faults(*faults.articles).code == 0
    assert balance()["stored"] >= 1  # the one that tried, and all that came after its answer


def test_page_that_fails_among_others_closes_no_host(crawl_faults, faults, database, balance):
    for path in faults.articles[:3]:
        faults.answers[path] = "/fault/500"

    result = crawl_faults(*faults.articles)

    assert result.code == 0, result.err
    assert balance() == {"stored": len(faults.articles) - 3, "deferred": 3}


def test_robots_txt_is_asked_once_a_day_by_all_crawls_together(crawl_faults, faults, database, balance):
    crawl_faults(faults.articles[0])
    crawl_faults(faults.articles[1])
    once = [seen.path for seen in faults.requests].count("/robots.txt")
    later(database, hours=24)
    crawl_faults(faults.articles[2])

    assert once == 1
    assert [seen.path for seen in faults.requests].count("/robots.txt") == 2


def test_robots_txt_that_cannot_be_had_means_wait_and_burns_no_attempts(crawl_faults, faults, database, balance):
    faults.answers["/robots.txt"] = "/fault/close"

    results = [crawl_faults(article, "-s", "RETRY_TIMES=0") for article in faults.articles[:2]]

    assert [result.code for result in results] == [4, 4]
    assert [seen.path for seen in faults.requests] == ["/robots.txt"]
    assert [row[0::2] for row in pages(database)] == [("deferred", 0)] * 2


def test_copy_of_robots_txt_serves_while_it_cannot_be_had_and_forbids_what_it_forbade(
    crawl_faults, faults, database, balance
):
    forbidden, free = faults.articles[:2]
    faults.answers["/robots.txt"] = Answer(f"User-agent: warta\nDisallow: {forbidden}\n", content_type="text/plain")
    crawl_faults(faults.articles[2])
    later(database, days=3)
    faults.answers["/robots.txt"] = "/fault/500"

    result = crawl_faults(forbidden, free)

    assert result.code == 0, result.err
    assert forbidden not in faults.paths()
    assert sorted(row[:2] for row in pages(database)) == [("rejected", "robots"), ("stored", None), ("stored", None)]
    later(database, days=31)
    assert crawl_faults(*faults.articles[3:5]).code == 4  # too old to be trusted


def test_robots_txt_is_followed_over_five_redirects_and_no_further(crawl_faults, faults, database, balance):
    rules = Answer("User-agent: *\nDisallow: /berita/\n", content_type="text/plain")
    faults.answers |= {"/robots.txt": "/fault/redirects?n=5", "/fault/article": rules}

    forbidden = crawl_faults(faults.articles[0])
    faults.answers["/robots.txt"] = "/fault/redirects?n=6"
    later(database, days=1)
    free = crawl_faults(faults.articles[1])

    assert (forbidden.code, free.code) == (5, 0)


@pytest.mark.parametrize(
    ("fault", "code"), [("/fault/404", 0), ("/fault/403", 0), ("/fault/loop", 0), ("/fault/robots?kb=5000", 0),
                        ("/fault/garbage", 4), ("/fault/429", 4), ("/fault/stall", 4)],
)  # fmt: skip
def test_robots_txt_that_is_no_rules_is_read_as_rfc_9309_says(crawl_faults, faults, balance, fault, code):
    faults.answers["/robots.txt"] = fault

    result = crawl_faults(faults.articles[0], "-s", "DOWNLOAD_TIMEOUT=2", "-s", "RETRY_TIMES=0")

    assert result.code == code, result.err


def test_seed_site_on_this_machine_is_crawled_without_a_turn_for_each_request(commands, site, database, balance):
    site.answers["/favicon.ico"] = SeedAnswer(status=404)

    result = commands.crawl("seed")

    updates = database.execute("SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'hosts'").fetchone()[0]
    assert result.code == 0, result.err
    assert updates < len(site.seen) / 2


class Ledger:
    """What a run's session says of a host, and how often it was asked."""

    def __init__(self, *turns):
        self.turns = list(turns)
        self.asked = 0

    async def call(self, take_turn, host, delay):
        self.asked += 1
        await asyncio.sleep(0)
        return self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]


def turns_of(ledger, requests):
    async def take():
        hosts = Hosts(ledger)
        turns = [hosts.acquire("example.com", 0.0) for _ in range(requests)]
        return await asyncio.gather(*turns, return_exceptions=True)

    return asyncio.run(take())


def turn(*, taken=False, due_in_s=0.0, closed_s=0.0):
    return Turn(taken, due_in_s, closed_s, "http_503" if closed_s else None, failures=0)


def test_requests_that_wait_together_for_a_host_without_a_delay_ask_the_ledger_once():
    ledger = Ledger(turn(taken=True))

    assert turns_of(ledger, 12) == [False] * 12
    assert ledger.asked == 1


def test_requests_that_wait_together_for_a_host_that_is_closed_are_all_kept_back():
    ledger = Ledger(turn(closed_s=60.0))

    assert [type(error) for error in turns_of(ledger, 12)] == [HostClosed] * 12
    assert ledger.asked == 1


def test_requests_that_wait_together_wait_for_the_turn_that_another_crawl_has():
    ledger = Ledger(turn(due_in_s=0.01), turn(taken=True))

    assert turns_of(ledger, 12) == [False] * 12
    assert ledger.asked == 2
