"""How fast stored pages are read again, beside the extractor that has the same pages in memory.

    python -m benchmarks.reextract [--pages N] [--processes N]

Pages of 150 KB (benchmarks/crawl_site.py) are stored with their articles in an empty database. Three times, in turn,
the extraction pool reads them from memory, and `warta reextract` reads what is stored, where nothing has changed.
"""

import argparse
import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from statistics import median
from uuid import uuid4

import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks.crawl_site import BenchmarkSite
from benchmarks.postgres import empty_database
from scrapers.extract.article import extract_article
from scrapers.extract.page import Page, Rules
from scrapers.extract.process_pool import ProcessPool
from scrapers.items import CrawlScope, Fetch, LeasedPage, Link, PageResult
from scrapers.maintenance.reextract import BATCH, Selection, reextract
from scrapers.spiders import outlet
from scrapers.storage import articles, ledger, runs
from scrapers.storage.snapshots import renew_dictionary

ROUNDS = 3
FETCHED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def store(connection: psycopg.Connection, pages: Sequence[Page]) -> None:
    """Store the pages with their articles, as a crawl does; all but the first fifty with a dictionary."""
    run_id, rules = uuid4(), outlet("inews").rules()
    runs.begin_run(connection, run_id, outlet="inews")
    for start in range(0, len(pages), 50):
        batch = {page.url: page for page in pages[start : start + 50]}
        ledger.discover(connection, run_id, "inews", [Link(url=url) for url in batch])
        leased = ledger.lease(connection, run_id, "inews", len(batch), CrawlScope(urls=list(batch)))
        results = [_result(one, batch[one.url], rules) for one in leased]
        articles.store(connection, run_id, results)
        renew_dictionary(connection, "inews")
    runs.finish_run(connection, run_id, "succeeded")


def _result(leased: LeasedPage, page: Page, rules: Rules) -> PageResult:
    fetch = Fetch(
        url=page.url,
        requested_at=FETCHED_AT,
        status=200,
        content_type=page.content_type,
        size=len(page.body),
        body=page.body,
    )
    return PageResult(page=leased, fetches=(fetch,), article=extract_article(page, rules))


def read_from_memory(pages: Sequence[Page], processes: int) -> None:
    """Let the pool read the pages, as many at once as re-extraction does."""
    rules = outlet("inews").rules()

    async def read(batch: Sequence[Page]) -> None:
        await asyncio.gather(*(pool.read(page, rules) for page in batch))

    with ProcessPool(processes) as pool, asyncio.Runner() as loop:
        for start in range(0, len(pages), BATCH):
            loop.run(read(pages[start : start + BATCH]))


def seconds(work: Callable[[], object]) -> float:
    """Return how long the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    site = BenchmarkSite(given.pages)
    pages = [
        Page(
            f"https://www.inews.id{site.path(number)}",
            site.page(number).encode(),
            "text/html; charset=utf-8",
            FETCHED_AT,
        )
        for number in range(given.pages)
    ]
    with empty_database() as (_, connection):
        store(connection, pages)
        _print(pages, given.processes, connection)


def _print(pages: Sequence[Page], processes: int, connection: psycopg.Connection) -> None:
    table = Table("round", "extractor alone, pages/s", "warta reextract, pages/s", "ratio")
    ratios = []
    for number in range(1, ROUNDS + 1):
        alone = seconds(lambda: read_from_memory(pages, processes))
        report_took = seconds(lambda: reextract(connection, Selection(), processes=processes))
        ratios.append(alone / report_took)
        table.add_row(str(number), f"{len(pages) / alone:.0f}", f"{len(pages) / report_took:.0f}", f"{ratios[-1]:.2f}")
    table.add_row("median", "", "", f"{median(ratios):.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
