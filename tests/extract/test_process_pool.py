import asyncio
import gc
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from scrapers.errors import NotAnArticle, WorkerCrashed
from scrapers.extract import process_pool as module
from scrapers.extract.page import Page
from scrapers.extract.process_pool import ProcessPool
from scrapers.extract.reading import read_page
from tests.extract.conftest import INEWS
from tests.extract.page_jobs import die, fail, fail_unsendably, hang, hoard, overgrow, process, wait_a_second

SAVED = Path(__file__).parents[1] / "fixtures" / "pages" / "inews"
PAGE = Page(url="https://www.inews.id/news/nasional/judul", body=next(SAVED.glob("*.html")).read_bytes())


def children():
    """Return the processes that this one has started, and that are not gone."""
    return set(psutil.Process().children())


def sockets():
    """Return how many sockets this process shares with others on this machine."""
    return len(psutil.Process().net_connections("unix"))


def test_worker_gives_what_reading_here_gives():
    with ProcessPool(1) as workers:
        assert asyncio.run(workers.read(PAGE, INEWS)) == read_page(PAGE, INEWS)


def test_page_without_an_article_says_so_from_the_worker_too():
    with ProcessPool(1) as workers, pytest.raises(NotAnArticle) as error:
        asyncio.run(workers.read(Page(url=PAGE.url, body=b""), INEWS))

    assert error.value.reason == "empty_page"


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "error", "seconds"), [(hang, TimeoutError, 5), (die, WorkerCrashed, 30)])
def test_page_that_hangs_or_kills_its_worker_harms_no_other(monkeypatch, fault, error, seconds):
    async def both():
        monkeypatch.setattr(module, "read_page", fault)
        bad = asyncio.create_task(workers.read(PAGE, INEWS))
        await asyncio.sleep(0)
        monkeypatch.setattr(module, "read_page", read_page)
        return await asyncio.gather(bad, workers.read(PAGE, INEWS), return_exceptions=True)

    with ProcessPool(1, seconds) as workers:
        bad, good = asyncio.run(both())

    assert isinstance(bad, error)
    assert good == read_page(PAGE, INEWS)


@pytest.mark.parametrize("fault", [hoard, overgrow])
def test_page_that_takes_too_much_memory_is_too_large_and_its_process_reads_no_other(monkeypatch, fault):
    async def between_two():
        monkeypatch.setattr(module, "read_page", process)
        first = asyncio.create_task(workers.read(PAGE, INEWS))
        await asyncio.sleep(0)
        monkeypatch.setattr(module, "read_page", fault)
        bad = asyncio.create_task(workers.read(PAGE, INEWS))
        await asyncio.sleep(0)
        monkeypatch.setattr(module, "read_page", process)
        return await asyncio.gather(first, bad, workers.read(PAGE, INEWS), return_exceptions=True)

    with ProcessPool(1) as workers:
        before, bad, after = asyncio.run(between_two())

    assert isinstance(bad, NotAnArticle)
    assert (bad.reason, "MiB of memory" in str(bad)) == ("too_large", True)
    assert isinstance(after, int)
    assert after != before


def test_pages_wait_at_the_process_so_that_it_reads_on_while_the_crawl_is_busy(monkeypatch):
    async def stand_still():
        await workers.read(PAGE, INEWS)  # all is imported now
        readings = [asyncio.create_task(workers.read(PAGE, INEWS)) for _ in range(3)]
        await asyncio.sleep(0.1)
        time.sleep(5)
        began = time.monotonic()
        await asyncio.gather(*readings)
        return time.monotonic() - began

    monkeypatch.setattr(module, "read_page", wait_a_second)
    with ProcessPool(1) as workers:
        assert asyncio.run(stand_still()) < 0.9


def test_page_behind_many_that_kill_their_process_is_read(monkeypatch):
    async def one_behind_five():
        monkeypatch.setattr(module, "read_page", die)
        bad = [asyncio.create_task(workers.read(PAGE, INEWS)) for _ in range(5)]
        await asyncio.sleep(0)
        monkeypatch.setattr(module, "read_page", read_page)
        return await asyncio.gather(*bad, workers.read(PAGE, INEWS), return_exceptions=True)

    with ProcessPool(1) as workers:
        *bad, good = asyncio.run(one_behind_five())

    assert [type(one) for one in bad] == [WorkerCrashed] * 5
    assert good == read_page(PAGE, INEWS)


def test_page_that_nobody_waits_for_any_more_gives_no_other_page_its_answer(monkeypatch):
    async def cancel_the_second():
        first = asyncio.create_task(workers.read(PAGE, INEWS))
        await asyncio.sleep(0)
        monkeypatch.setattr(module, "read_page", process)
        second = asyncio.create_task(workers.read(PAGE, INEWS))
        await asyncio.sleep(0.01)
        second.cancel()
        monkeypatch.setattr(module, "read_page", read_page)
        return await asyncio.gather(first, workers.read(PAGE, INEWS))

    with ProcessPool(1) as workers:
        assert asyncio.run(cancel_the_second()) == [read_page(PAGE, INEWS)] * 2


def test_page_that_is_read_while_the_workers_close_is_no_bad_page():
    async def cut(workers):
        reading = asyncio.create_task(workers.read(PAGE, INEWS))
        await asyncio.sleep(0)
        workers.close()
        await reading

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cut(ProcessPool(1)))


def test_page_that_hangs_in_a_process_that_is_to_read_no_more_holds_no_close_up(monkeypatch):
    async def close_behind_the_last():
        first = asyncio.create_task(workers.read(PAGE, INEWS))
        await asyncio.sleep(0)
        monkeypatch.setattr(module, "read_page", hang)
        last = asyncio.create_task(workers.read(PAGE, INEWS))
        await first
        workers.close()
        await asyncio.wait_for(last, 10)

    monkeypatch.setattr(module, "MAX_PAGES_PER_WORKER", 1)
    workers = ProcessPool(1)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(close_behind_the_last())


def test_page_that_comes_after_the_workers_are_closed_is_no_bad_page():
    workers = ProcessPool(1)
    asyncio.run(workers.read(PAGE, INEWS))
    workers.close()
    workers.close()

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(workers.read(PAGE, INEWS))


def test_error_in_a_worker_says_where_it_arose(monkeypatch):
    monkeypatch.setattr(module, "read_page", fail)

    with ProcessPool(1) as workers, pytest.raises(ZeroDivisionError) as error:
        asyncio.run(workers.read(PAGE, INEWS))

    assert "in fail" in error.value.__notes__[0]


def test_worker_is_replaced_after_its_pages(monkeypatch):
    monkeypatch.setattr(module, "MAX_PAGES_PER_WORKER", 1)
    monkeypatch.setattr(module, "read_page", process)

    with ProcessPool(1) as workers:
        assert asyncio.run(workers.read(PAGE, INEWS)) != asyncio.run(workers.read(PAGE, INEWS))


def test_process_that_dies_between_two_pages_costs_none():
    before = children()  # such as what sees to the end of the tests' Postgres

    async def killed_between():
        await workers.read(PAGE, INEWS)
        [child] = children() - before
        child.kill()
        while child.status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.01)
        return await workers.read(PAGE, INEWS)

    with ProcessPool(1) as workers:
        assert asyncio.run(killed_between()) == read_page(PAGE, INEWS)


def test_page_that_was_read_while_the_crawl_itself_stood_still_did_not_take_too_long(monkeypatch):
    async def stand_still():
        reading = asyncio.create_task(workers.read(PAGE, INEWS))
        await asyncio.sleep(0.2)
        time.sleep(4)
        return await reading

    monkeypatch.setattr(module, "read_page", wait_a_second)
    with ProcessPool(1) as workers:
        asyncio.run(workers.read(PAGE, INEWS))  # all is imported now
        workers.page_timeout_s = 2.0

        assert asyncio.run(stand_still()) == read_page(PAGE, INEWS)


def test_page_larger_than_what_a_socket_holds_is_read():
    large = replace(PAGE, body=PAGE.body + b"<!-- " + b"x" * 4_000_000 + b" -->")

    with ProcessPool(1) as workers:
        assert asyncio.run(workers.read(large, INEWS)).article == read_page(PAGE, INEWS).article


def test_error_that_cannot_be_sent_is_named(monkeypatch):
    monkeypatch.setattr(module, "read_page", fail_unsendably)

    with ProcessPool(1) as workers, pytest.raises(RuntimeError, match="Unsendable: what went wrong"):
        asyncio.run(workers.read(PAGE, INEWS))


def test_process_that_cannot_be_started_costs_one_page_and_no_more(monkeypatch):
    def refuse(*_, **__):
        raise BlockingIOError("too many processes")

    with monkeypatch.context() as full:
        full.setattr(module.subprocess, "Popen", refuse)
        workers = ProcessPool(1)
        with pytest.raises(BlockingIOError):
            asyncio.run(workers.read(PAGE, INEWS))

    with workers:
        asyncio.run(workers.read(PAGE, INEWS))


def test_closed_workers_leave_no_process_and_no_open_file(monkeypatch):
    gc.collect()  # files that earlier tests have left to it
    before = children(), sockets()
    monkeypatch.setattr(module, "read_page", fail)

    with ProcessPool(2) as workers, pytest.raises(ZeroDivisionError):
        asyncio.run(workers.read(PAGE, INEWS))

    assert (children(), sockets()) == before


def test_process_that_reads_pages_imports_nothing_that_only_a_crawl_needs():
    loaded = "import sys, scrapers.extract.pool_worker; print(*sys.modules)"

    modules = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.split()

    assert "scrapers.extract.reading" in modules
    assert {"asyncio", "psycopg", "scrapy"}.isdisjoint(modules)
