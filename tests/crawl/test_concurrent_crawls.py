"""Several crawls of one outlet at once share the work and never double it."""

import signal
import threading
import time

import pytest

from tests.fault_server import Answer, FaultServer, page

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "CONCURRENT_REQUESTS=4")


@pytest.fixture
def faults():
    with FaultServer(articles=60) as server:
        yield server


@pytest.fixture
def start(commands, faults):
    return lambda *more: commands.start("scrapy", "crawl", "news", "-a", f"url={faults.address}", *FAST, *more)


@pytest.fixture
def home(faults):
    """Set to let the site's home page be answered, which every crawl asks for first."""
    is_open = threading.Event()
    answer = Answer(page("", '<link rel="alternate" type="application/rss+xml" href="/feed">', title="Beranda"))
    faults.answers["/"] = lambda request: is_open.wait(60) and answer
    yield is_open
    is_open.set()


def asked(faults):
    return [path for path in faults.paths() if path in faults.articles]


def wait_until(condition):
    end = time.monotonic() + 60
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    assert condition()


def runs(database):
    return database.execute("SELECT count(*) FROM runs WHERE outcome = 'running'").fetchone()[0]


def test_three_crawls_at_once_fetch_each_page_once(start, faults, database, balance):
    faults.answers.update(dict.fromkeys(faults.articles, "/fault/slow?s=0.3"))
    three = [start() for _ in range(3)]

    ends = [(process.communicate(timeout=120)[1], process.returncode) for process in three]

    shares = database.execute("SELECT count(*) FROM run_pages WHERE state = 'stored' GROUP BY run_id").fetchall()
    assert [code for _, code in ends] == [0, 0, 0], ends
    assert sorted(asked(faults)) == sorted(faults.articles)
    assert balance() == {"stored": 60}
    assert len(shares) > 1


def test_full_crawls_at_once_fetch_each_page_once_more(crawl_faults, start, faults, database, balance):
    crawl_faults()
    faults.requests.clear()
    faults.answers.update(dict.fromkeys(faults.articles, "/fault/slow?s=0.3"))
    both = [start("-a", "full=true") for _ in range(2)]

    ends = [(process.communicate(timeout=120)[1], process.returncode) for process in both]

    assert [code for _, code in ends] == [0, 0], ends
    [first, second] = database.execute("SELECT started_at FROM runs ORDER BY 1 DESC LIMIT 2").fetchall()[::-1]
    before = "SELECT count(*) FROM fetches WHERE page_id IS NOT NULL AND requested_at BETWEEN %s AND %s"
    [taken_again] = database.execute(before, [*first, *second]).fetchone()  # by the crawl that began later
    assert len(asked(faults)) <= 60 + taken_again
    assert set(balance()) <= {"stored", "unchanged"}


def test_crawl_takes_over_what_another_leaves_when_it_is_killed(start, faults, database, balance):
    faults.answers.update(dict.fromkeys(faults.articles, "/fault/slow?s=0.3"))
    killed, other = start(), start()
    while len(asked(faults)) < 10 and killed.poll() is None:
        time.sleep(0.01)

    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    _, err = other.communicate(timeout=120)

    assert other.returncode == 0, err
    assert balance() == {"stored": 60}
    assert len(asked(faults)) <= 60 + 4


def test_feed_that_one_crawl_asks_for_is_not_asked_for_by_another_and_both_fetch_its_pages(
    start, faults, home, database, balance
):
    faults.answers.update(dict.fromkeys(faults.articles, "/fault/slow?s=0.3"))
    faults.answers["/sitemap.xml"] = "/fault/404"
    first = start()
    wait_until(lambda: "/" in faults.paths())
    second = start()
    wait_until(lambda: runs(database) == 2)
    time.sleep(1)  # time enough to ask for the home page too

    home.set()
    ends = [(process.communicate(timeout=120)[1], process.returncode) for process in (first, second)]

    shares = database.execute("SELECT count(*) FROM run_pages WHERE state = 'stored' GROUP BY run_id").fetchall()
    assert [code for _, code in ends] == [0, 0], ends
    assert faults.paths().count("/") == faults.paths().count("/feed") == 1
    assert sorted(asked(faults)) == sorted(faults.articles)
    assert balance() == {"stored": 60}
    assert len(shares) == 2


def test_feed_that_another_crawl_found_and_asks_for_is_waited_for_where_no_other_is_due(
    start, faults, database, balance
):
    faults.answers.update(dict.fromkeys(faults.articles, "/fault/slow?s=0.3"))
    faults.answers["/sitemap.xml"] = "/fault/404"
    home = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    faults.answers["/"] = lambda _: Answer(page("", home, title="Beranda"))
    items = "".join(f"<item><link>{faults.address}{path}</link></item>" for path in faults.articles)
    feed = Answer(f'<rss version="2.0"><channel>{items}</channel></rss>', content_type="application/rss+xml")
    is_open = threading.Event()
    faults.answers["/feed"] = lambda _: is_open.wait(60) and feed
    first = start()
    wait_until(lambda: "/feed" in faults.paths())

    second = start("-a", "requested_by=crawl_news/scheduled__2026-02-14")  # which leaves the home page for its interval
    wait_until(lambda: runs(database) == 2)
    time.sleep(1)  # time enough to see that nothing is due
    is_open.set()
    ends = [(process.communicate(timeout=120)[1], process.returncode) for process in (first, second)]

    shares = database.execute("SELECT count(*) FROM run_pages WHERE state = 'stored' GROUP BY run_id").fetchall()
    assert [code for _, code in ends] == [0, 0], ends
    assert faults.paths().count("/") == faults.paths().count("/feed") == 1
    assert balance() == {"stored": 60}
    assert len(shares) == 2


def test_feed_that_a_killed_crawl_had_asked_for_is_asked_for_by_the_other(start, faults, home, database, balance):
    faults.answers["/sitemap.xml"] = "/fault/404"
    killed = start()
    wait_until(lambda: "/" in faults.paths())
    other = start()
    wait_until(lambda: runs(database) == 2)
    time.sleep(1)  # time enough to see that the home page is taken

    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    wait_until(lambda: faults.paths().count("/") == 2)
    home.set()
    _, err = other.communicate(timeout=120)

    assert other.returncode == 0, err
    assert faults.paths().count("/feed") == 1
    assert balance() == {"stored": 60}


def test_page_that_fails_again_and_again_is_left_alone_longer_each_time_and_then_given_up(
    crawl_faults, faults, database
):
    faults.answers[faults.articles[0]] = "/fault/500"
    crawl_faults("-s", "RETRY_TIMES=0")
    waits = []

    for _ in range(4):
        page = "SELECT state, reason, attempts, extract(epoch FROM deferred_until - last_fetched_at)::float FROM pages"
        waits.append(database.execute(f"{page} WHERE state = 'deferred'").fetchone())
        database.execute("UPDATE pages SET deferred_until = now() WHERE state = 'deferred'")
        crawl_faults("-s", "RETRY_TIMES=0")

    quarter_hours = [seconds / 900 for *_, seconds in waits]
    assert [wait[:3] for wait in waits] == [("deferred", "http_500", n) for n in (1, 2, 3, 4)]
    for wait, expected in zip(quarter_hours, (1, 2, 4, 8), strict=True):
        assert 0.75 * expected <= wait <= 1.25 * expected
        assert wait != expected
    assert database.execute("SELECT state, reason FROM pages WHERE state = 'gave_up'").fetchall() == [
        ("gave_up", "http_500")
    ]
