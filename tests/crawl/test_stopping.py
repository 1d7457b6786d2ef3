"""How a crawl ends that does not run to its end: by a signal, at a limit, or because something in it hangs."""

import gzip
import signal
import textwrap
import threading
import time
from contextlib import suppress

import psutil
import pytest

from scrapers.fetch.tdm_reservations import WELL_KNOWN
from tests.fault_server import Answer, article
from tests.processes import words_of

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=16")


@pytest.fixture
def start(commands, faults):
    """Return a function that starts a crawl of the fault server; `patch` is run in its process before."""

    def started(patch="", *arguments):
        argv = ["scrapy", "crawl", "news", "-a", f"url={faults.address}", *FAST, *arguments]
        script = f"{textwrap.dedent(patch)}\nfrom scrapy.cmdline import execute\nexecute({argv!r})"
        return commands.start_script(script)

    return started


def wait_until(condition, seconds=90):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.01)


def articles_asked_for(faults):
    return [path for path in faults.paths() if path in faults.articles]


def ended(process, seconds=120):
    _, err = process.communicate(timeout=seconds)
    return process.returncode, err.strip().split("\n")[-1], err


def run(database):
    return database.execute("SELECT outcome, reason FROM runs ORDER BY started_at DESC LIMIT 1").fetchone()


def test_terminated_crawl_stores_what_comes_soon_and_leaves_the_rest(start, faults, database, balance):
    soon = threading.Event()
    faults.answers.update(dict.fromkeys(faults.articles[6:], "/fault/hang"))
    faults.answers[faults.articles[6]] = lambda _: soon.wait(30) and Answer(article(6))
    process = start()
    wait_until(lambda: balance().get("stored") == 6)

    process.send_signal(signal.SIGTERM)
    asked = time.monotonic()
    time.sleep(0.3)
    soon.set()
    code, last, err = ended(process)

    assert time.monotonic() - asked < 12
    assert code == 6, err
    assert "stopped before its end (shutdown)" in last
    assert run(database)[0] == "stopped", err
    assert balance() == {"stored": 7, "discovered": 5}
    assert database.execute("SELECT max(attempts) FROM pages").fetchone() == (0,)


CODINGS = ("gzip", "deflate", "br", "zstd")
SERVERS = {
    "slow": ("/fault/slow?s=60", "/fault/drip?ms=500", "/fault/endless_headers?ms=300"),
    "silent": ("/fault/hang", "/fault/stall"),
    "enormous": ("/fault/big?mb=200", "/fault/endless", "/fault/endless_headers", "/fault/headers?mb=50"),
    "compressed": (*(f"/fault/bomb?mb=100&coding={coding}" for coding in CODINGS), "/fault/nested?mb=100"),
    "dense": tuple(
        f"/fault/bomb?mb=15&coding={coding}&char={char}" for coding, char in zip(CODINGS, "<>(%", strict=True)
    ),
}


@pytest.mark.parametrize("modes", SERVERS.values(), ids=SERVERS)
def test_terminated_crawl_ends_in_time_whatever_the_server_does(start, faults, modes):
    """Pages, what does not exist, and what is asked of each host once: each answers in one of these ways."""
    faults.answers |= {path: modes[n % len(modes)] for n, path in enumerate(faults.articles[2:])}
    faults.answers[faults.articles[-1]] = "/fault/hang"  # or a quick machine is done with all others before the signal
    faults.answers[WELL_KNOWN], faults.otherwise = modes[-1], modes[0]
    process = start()
    wait_until(lambda: len(articles_asked_for(faults)) >= 4)
    time.sleep(2)

    process.send_signal(signal.SIGTERM)
    asked = time.monotonic()
    code, _, err = ended(process)

    assert time.monotonic() - asked < 12
    assert code == 6, err[-3000:]


def test_second_signal_ends_it_at_once_and_the_next_crawl_takes_its_pages(
    start, crawl_faults, faults, database, balance
):
    faults.answers.update(dict.fromkeys(faults.articles, "/fault/hang"))
    process = start()
    wait_until(lambda: len(articles_asked_for(faults)) >= 2)

    process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    code, last, err = ended(process, seconds=10)
    faults.answers.clear()
    again = crawl_faults()

    assert code == 6, err
    assert "second signal" in last
    assert again.code == 0, again.err
    assert balance() == {"stored": len(faults.articles)}
    assert database.execute("SELECT outcome FROM runs ORDER BY started_at").fetchall() == [
        ("interrupted",),
        ("succeeded",),
    ]


def test_crawl_that_never_ends_is_ended_at_the_outlets_timeout(start, faults, database):
    faults.answers.update(dict.fromkeys(faults.articles[6:], "/fault/hang"))
    patch = """
        from datetime import timedelta
        from scrapers.crawl import stopping
        from scrapers.spiders.base import NewsSpider
        NewsSpider.timeout, stopping.STOP_S = timedelta(seconds=4), 60  # the watchdog is not what is tried here
    """

    code, last, err = ended(start(patch))

    assert code == 8, err
    assert "not done within 0:00:04" in last
    assert run(database) == ("stopped", last.removeprefix("scrapy crawl: "))


def test_crawl_whose_process_hangs_is_ended_by_the_watchdog(start, faults, database, balance, crawl_faults):
    patch = """
        import time
        from datetime import timedelta
        from scrapers.crawl import stopping
        from scrapers.spiders.base import NewsSpider
        NewsSpider.timeout, stopping.STOP_S = timedelta(seconds=2), 1
        NewsSpider.article_page = lambda *_: time.sleep(60)
    """

    code, last, err = ended(start(patch))
    again = crawl_faults()

    assert code == 8, err
    assert "the next crawl goes on" in last, err[-3000:]
    assert again.code == 0, again.err
    assert balance() == {"stored": len(faults.articles)}


# What holds the interpreter's lock as a regular expression that takes years does, but uses no CPU meanwhile: neither
# does the event loop turn nor any thread run.
FREEZE = """
    import ctypes
    from scrapers.spiders.base import NewsSpider

    def stand_still(cls, url):
        while True:  # a signal ends the sleep, is handled as it is amid a regular expression, and changes nothing
            ctypes.PyDLL(None).sleep(600)

    NewsSpider.article_page = classmethod(stand_still)
"""


def frozen(faults):
    """Wait until the crawl has what freezes it."""
    wait_until(faults.paths)
    time.sleep(2)


def test_terminated_crawl_ends_in_time_whatever_holds_the_interpreter(start, faults, database, balance, crawl_faults):
    process = start(FREEZE)
    frozen(faults)

    process.send_signal(signal.SIGTERM)
    asked = time.monotonic()
    code, last, err = ended(process)
    took = time.monotonic() - asked
    again = crawl_faults()

    assert took < 12
    assert code == -signal.SIGKILL
    assert last == "scrapy crawl: did not stop within 11 s of a signal, and was ended; the next crawl goes on"
    assert "in stand_still" in err, "it does not say where it hung"
    assert again.code == 0, again.err
    assert balance() == {"stored": len(faults.articles)}
    outcomes = database.execute("SELECT outcome FROM runs ORDER BY started_at").fetchall()
    assert outcomes == [("interrupted",), ("succeeded",)]


def test_crawl_that_stands_still_ends_by_itself_and_the_next_takes_its_pages(
    start, faults, database, balance, crawl_faults
):
    process = start(FREEZE + "\n    from scrapers.crawl import watchdog\n    watchdog.FROZEN_S = 3.0\n")

    code, last, _ = ended(process)
    again = crawl_faults()

    assert (code, last) == (
        -signal.SIGKILL,
        "scrapy crawl: stood still for 3 s, and was ended; the next crawl goes on",
    )
    assert again.code == 0, again.err
    assert balance() == {"stored": len(faults.articles)}


def test_crawl_that_stands_still_is_ended_when_its_time_is_over(start):
    patch = """
        from datetime import timedelta
        from scrapers.crawl import stopping
        NewsSpider.timeout, stopping.STOP_S = timedelta(seconds=3), 1
    """

    code, last, _ = ended(start(textwrap.dedent(FREEZE) + textwrap.dedent(patch)))

    assert code == -signal.SIGKILL
    assert "hangs, and was ended; the next crawl goes on" in last


def test_crawl_that_somebody_stops_for_a_while_is_not_taken_for_one_that_hangs(start, faults, balance):
    faults.answers[faults.articles[0]] = "/fault/slow?s=2"
    process = start("from scrapers.crawl import watchdog\nwatchdog.FROZEN_S = 8.0\n")
    wait_until(lambda: articles_asked_for(faults))

    process.send_signal(signal.SIGSTOP)
    time.sleep(10)
    process.send_signal(signal.SIGCONT)
    code, _, err = ended(process)

    assert code == 0, err
    assert balance() == {"stored": len(faults.articles)}


def watchers(process):
    return [child for child in psutil.Process(process.pid).children() if "watcher.py" in " ".join(words_of(child))]


def test_watcher_ends_with_its_crawl_and_the_crawl_does_without_it(start, faults, balance):
    faults.answers.update(dict.fromkeys(faults.articles, "/fault/slow?s=3"))  # longer than the other takes to start
    one, other = start(), start()
    wait_until(lambda: watchers(one) and watchers(other) and len(articles_asked_for(faults)) >= 2)
    [of_one], [of_other] = watchers(one), watchers(other)

    one.kill()
    of_other.kill()
    one.communicate()
    code, _, err = ended(other)

    wait_until(lambda: not of_one.is_running())
    assert code == 0, err
    assert balance() == {"stored": len(faults.articles)}


def test_closing_that_hangs_is_bounded_and_no_success(start, database):
    patch = """
        import asyncio
        from scrapers import pipelines
        from scrapers.crawl import stopping
        stopping.CLOSE_S = 2
        pipelines.StoragePipeline.close_spider = lambda self: asyncio.sleep(600)
    """

    code, last, err = ended(start(patch))

    assert code == 1, err
    assert "did not close within 2 s" in last


def test_closing_that_fails_is_no_success(start, database):
    patch = """
        from scrapers import pipelines

        async def close_spider(self):
            raise OSError("the disk is gone")

        pipelines.StoragePipeline.close_spider = close_spider
    """

    code, last, err = ended(start(patch))

    assert code == 1, err
    assert "the disk is gone" in last


def test_crawl_that_uses_too_much_memory_ends_itself_and_says_so(start, faults, database):
    faults.answers.update(dict.fromkeys(faults.articles[6:], "/fault/hang"))
    patch = """
        from scrapers.crawl import stopping
        from scrapers.spiders.base import NewsSpider
        stopping.STOP_S = 60  # the watchdog is not what is tried here
        hoard = []

        def whole_article_url(self, url, reading):
            if not hoard:
                hoard.append(b"x" * (300 << 20))

        NewsSpider.whole_article_url = whole_article_url
    """

    code, last, err = ended(start(patch, "-s", "MEMUSAGE_LIMIT_MB=300", "-s", "MEMUSAGE_CHECK_INTERVAL_SECONDS=0.2"))

    assert code == 8, err
    assert "more than 300 MiB of memory" in last
    assert run(database)[0] == "stopped"


def test_memory_of_the_process_that_starts_a_crawl_is_not_held_against_it(start, faults, balance):
    memory = b"x" * (600 << 20)

    code, _, err = ended(start("", "-s", "MEMUSAGE_LIMIT_MB=500"))

    assert len(memory) > 500 << 20
    assert code == 0, err
    assert balance() == {"stored": len(faults.articles)}


def test_page_that_hangs_the_extractor_is_quarantined_with_its_bytes_and_harms_no_other(
    start, faults, database, balance, tmp_path
):
    (tmp_path / "hanging.py").write_text(
        textwrap.dedent("""
            import time
            from scrapers.extract.process_pool import read_page

            def extract(page, rules):
                if b"sangkut" in page.body:
                    time.sleep(600)
                return read_page(page, rules)
        """)
    )
    faults.answers[faults.articles[0]] = Answer("<html><body><p>sangkut</p></body></html>")
    patch = f"""
        import sys
        sys.path.append({str(tmp_path)!r})  # which the processes that read pages have, too
        import hanging
        from scrapers.extract import process_pool
        process_pool.read_page = hanging.extract
        process_pool.ProcessPool.__init__.__defaults__ = (3.0,)  # seconds
    """

    code, _, err = ended(start(patch))

    assert code == 0, err
    assert balance() == {"stored": len(faults.articles) - 1, "quarantined": 1}
    reason, body = database.execute(
        "SELECT reason, snapshots.bytes FROM pages JOIN fetches USING (page_id) "
        "JOIN snapshots ON sha256 = snapshot_sha256 WHERE state = 'quarantined'"
    ).fetchone()
    assert reason == "TimeoutError: extraction took longer than 3 s"
    assert body == len("<html><body><p>sangkut</p></body></html>")


def test_page_of_millions_of_elements_costs_its_process_little_memory_and_harms_no_other(
    start, faults, database, balance
):
    crowd = article("ramai").replace("</article>", "<p>x" * (15 << 18))
    faults.answers[faults.articles[5]] = Answer(gzip.compress(crowd.encode()), headers={"Content-Encoding": "gzip"})
    process, most = start(), 0

    while process.poll() is None:
        with suppress(psutil.NoSuchProcess):
            for one in psutil.Process(process.pid).children():
                most = max(most, one.memory_info().rss)
        time.sleep(0.02)

    assert process.returncode == 0, process.stderr.read()
    assert balance() == {"stored": len(faults.articles) - 1, "rejected": 1}
    assert database.execute("SELECT reason FROM pages WHERE state = 'rejected'").fetchone() == ("too_large",)
    assert 20 << 20 < most < 250 << 20


def test_queue_on_disk_is_refused_in_one_line(crawl_faults, tmp_path):
    result = crawl_faults("-s", f"JOBDIR={tmp_path}")

    assert result.code == 2
    assert "JOBDIR" in result.last_line
