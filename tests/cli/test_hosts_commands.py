import json
from datetime import timedelta

import pytest

from scrapers.local.seed_site import SeedSite
from scrapers.storage.hosts import close_host, take_turn

HOST = "www.inews.localhost"


@pytest.fixture
def closed(database, site):
    """Return the name of the seed site's host, closed for an hour."""
    host = f"{HOST}:{site.port}"
    take_turn(database, host, timedelta(0))
    close_host(database, host, timedelta(hours=1), "http_429\x1b[31m")
    return host


def test_closed_hosts_are_listed_with_the_reason_and_the_time(commands, closed):
    shown, as_json = commands.warta("hosts", "list"), commands.warta("hosts", "list", "--json")

    [line] = [line for line in shown.out.splitlines() if line.startswith(closed)]
    assert "http_429" in line
    assert "\x1b" not in shown.out
    [one] = json.loads(as_json.out)
    assert (one["host"], one["closed_because"]) == (closed, "http_429\x1b[31m")


def test_a_crawl_names_the_closed_host_once_with_the_command_that_opens_it(commands, closed, site):
    refused = commands.crawl("seed")

    assert refused.code == 4
    assert site.seen == []
    assert f"{closed} is closed until" in refused.last_line
    assert refused.last_line.count(f"`warta hosts open {closed}`") == 1
    assert len([line for line in refused.err.splitlines() if "WARNING" in line and "closed" in line]) == 1

    opened, again = commands.warta("hosts", "open", closed), commands.crawl("seed")

    assert (opened.code, again.code) == (0, 0), opened.err + again.err
    assert commands.warta("hosts", "list").out.endswith("0 closed\n")


def test_pages_that_waited_for_a_host_are_due_once_it_is_opened(commands, database, closed):
    commands.warta("hosts", "open", closed)
    commands.crawl("seed")
    database.execute(
        "UPDATE pages SET state = 'deferred', reason = 'http_503', deferred_until = now() + interval '1 hour'"
        " WHERE state = 'stored'"
    )

    opened = commands.warta("hosts", "open", closed)

    assert "0 pages" not in opened.out
    assert database.execute(
        "SELECT count(*) FROM pages WHERE state = 'deferred' AND deferred_until > now() AND url LIKE %s",
        [f"%{closed}%"],
    ).fetchone() == (0,)


def test_a_host_that_no_crawl_asked_is_told(commands):
    ended = commands.warta("hosts", "open", "nobody.example")

    assert ended.code == 2
    assert "no crawl has ever asked a host 'nobody.example'" in ended.err


def test_a_crawl_of_a_seed_site_that_nobody_serves_says_so_and_closes_no_host(commands, database):
    with SeedSite() as gone:
        pass
    commands.environment["WARTA_SEED_SITE"] = gone.address

    ended = commands.crawl("seed")

    assert ended.code == 4
    assert ended.err.strip().splitlines()[-1].endswith("`warta seed-site serve` serves it, as `warta up` does")
    assert database.execute("SELECT count(*) FROM hosts").fetchone() == (0,)


def test_the_seed_site_can_be_served_by_hand_and_crawled(commands, balance):
    del commands.environment["WARTA_SEED_SITE"]
    served = commands.start("scrapers", "seed-site", "serve")
    line = served.stderr.readline()

    crawled = commands.crawl("seed")
    served.terminate()

    assert line.startswith("the seed site answers on http://www.inews.localhost:")
    assert crawled.code == 0, crawled.err
    assert balance()["stored"] > 0
    assert served.wait(timeout=30) == 0
