"""Extraction in processes of its own: parsing never stalls fetching, and a page that hangs harms no other."""

import asyncio
import multiprocessing
import os
import resource
import sys
import threading
from typing import Self

from pebble import ProcessPool

from scrapers.extract.page import Page, Rules
from scrapers.extract.reading import Reading, read_page
from scrapers.parent import die_with_parent

SECONDS = 30.0  # for one page; the slowest of the saved ones takes a fiftieth of that
BYTES = 2 << 30  # of address space a process; a page has at most 16 MiB, its tree some thirty times as much
PAGES = 5000  # a process reads before a new one takes its place: libxml2 never gives all memory back


class Workers:
    """Processes that run read_page; close() ends them, and so does the end of this process."""

    def __init__(self, processes: int, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._closing = threading.Lock()  # a crawl that is cut short closes while it stops; pebble takes one at a time
        sys.warnoptions.append("ignore:resource_tracker")  # where we are killed, its word of it is not the last one
        self.pool = ProcessPool(
            processes,
            max_tasks=PAGES,
            initializer=_prepare,
            initargs=[os.getpid()],
            # a fork would copy the reactor's threads and the connection to Postgres
            context=multiprocessing.get_context("spawn"),
        )
        self.pool.schedule(os.getpid)  # the first starts now, while the feeds are being fetched

    async def read(self, page: Page, rules: Rules) -> Reading:
        """Return what the page holds.

        Raises NotAnArticle, TimeoutError where it took too long, pebble.ProcessExpired where the process died of it.
        """
        future = self.pool.schedule(read_page, args=[page, rules], timeout=self.seconds)
        try:
            return await asyncio.wrap_future(future)
        except TimeoutError:
            raise TimeoutError(f"extraction took longer than {self.seconds:.0f} s") from None

    def close(self) -> None:
        """End the processes, whatever they do."""
        with self._closing:
            self.pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
            self.pool.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _prepare(parent: int) -> None:
    os.setpgrp()  # a signal to the crawl's group is the crawl's to heed: it still waits for our answers
    die_with_parent(parent)
    if sys.platform == "linux":  # macOS does not heed it
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
