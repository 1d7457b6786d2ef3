"""Which page results share a transaction."""

import asyncio
from types import SimpleNamespace

import pytest
from scrapy.exceptions import DropItem
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from scrapers import pipelines
from scrapers.items import LeasedPage, PageResult
from scrapers.pipelines import StoragePipeline


@pytest.fixture
def store():
    """Return a function that hands so many results to the pipeline while so many pages are under way.

    It returns how many results each transaction had; of 16 pages that may be under way, 8 are half.
    """

    def stored(results, *, under_way, then=0):
        batches = []

        class Run:
            stopping = SimpleNamespace(is_stopping=False)

            def page_done(self, page, links):
                self.pages_under_way.pop()

        async def store_all(function, run_id, batch, outlet):
            batches.append(len(batch))
            return {result.page.page_id: "rejected" for result in batch}

        async def hand_over():
            run = Run()
            run.pages_under_way = set(range(under_way))
            run.session = SimpleNamespace(call=store_all, run_id=None, outlet="seed")
            crawler = SimpleNamespace(settings=Settings({"CONCURRENT_REQUESTS": 16}), engine=object())
            crawler.get_spider_middleware = lambda middleware: SimpleNamespace(run=run)
            crawler.stats = MemoryStatsCollector(SimpleNamespace(settings=Settings()))
            pipeline = StoragePipeline(crawler)
            waiting = [asyncio.create_task(pipeline.process_item(_result(number))) for number in range(results)]
            await asyncio.sleep(0.05)
            waiting += [asyncio.create_task(pipeline.process_item(_result(100 + number))) for number in range(then)]
            ended = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 10)
            assert all(isinstance(one, DropItem) for one in ended)

        asyncio.run(hand_over())
        return batches

    return stored


def _result(number):
    page = LeasedPage(number, f"http://a.example/{number}", 1, 1, None, None, None)
    return PageResult(page=page, state="rejected", reason="not_an_article")


@pytest.fixture
def endless(monkeypatch):
    monkeypatch.setattr(pipelines, "LINGER_S", 600)


@pytest.mark.usefixtures("endless")
def test_results_wait_until_they_are_half_of_what_may_be_under_way(store):
    assert store(3, under_way=16, then=5) == [8]


@pytest.mark.usefixtures("endless")
def test_results_do_not_wait_where_no_other_page_is_under_way(store):
    assert store(3, under_way=3) == [3]


def test_few_results_wait_a_moment_for_others(store):
    assert store(2, under_way=16, then=1) == [3]
    assert store(1, under_way=16) == [1]


@pytest.mark.usefixtures("endless")
def test_no_transaction_has_more_than_a_batch(store, monkeypatch):
    monkeypatch.setattr(pipelines, "BATCH", 5)
    assert store(8, under_way=8) == [5, 3]
