"""Extraction in processes of its own: parsing never stalls fetching, and a page that hangs harms no other."""

import asyncio
import multiprocessing
import resource
import sys
from typing import Self

from pebble import ProcessPool

from scrapers.extract.article import extract_article, page_count
from scrapers.extract.page import Page, Rules
from scrapers.items import Article

SECONDS = 30.0  # for one page; the slowest of the saved ones takes a fiftieth of that
BYTES = 2 << 30  # of address space a process; a page has at most 16 MiB, its tree some thirty times as much
PAGES = 5000  # a process reads before a new one takes its place: libxml2 never gives all memory back


def read_page(page: Page, rules: Rules) -> tuple[Article, int]:
    """Return the page's article, and of how many pages it is the first; raises NotAnArticle."""
    return extract_article(page, rules), page_count(page)


class Workers:
    """Processes that run read_page; they start with the first page and end with close()."""

    def __init__(self, processes: int, seconds: float = SECONDS) -> None:
        # spawn: a fork would copy the reactor's threads and the connection to Postgres
        context = multiprocessing.get_context("spawn")
        self.seconds = seconds
        self.pool = ProcessPool(processes, max_tasks=PAGES, initializer=_bound_memory, context=context)

    async def read_page(self, page: Page, rules: Rules) -> tuple[Article, int]:
        """Return what read_page does.

        Raises NotAnArticle, TimeoutError where it took too long, pebble.ProcessExpired where the process died of it.
        """
        future = self.pool.schedule(read_page, args=[page, rules], timeout=self.seconds)
        try:
            return await asyncio.wrap_future(future)
        except TimeoutError:
            raise TimeoutError(f"extraction took longer than {self.seconds:.0f} s") from None

    def close(self) -> None:
        """End the processes, whatever they do."""
        self.pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
        self.pool.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _bound_memory() -> None:
    if sys.platform == "linux":  # macOS does not heed it
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
