"""Extraction in processes of its own: parsing never stalls fetching, and a page that hangs harms no other.

A process is this module, run by itself: it imports what reads a page and nothing of the crawl, so that it starts in a
third of the time that the standard pools' take. No thread of the crawl is in it, nor its connection to Postgres.
"""

import asyncio
import os
import resource
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from queue import SimpleQueue
from typing import Any, Self

from scrapers.errors import NotAnArticle
from scrapers.extract.page import Page, Rules
from scrapers.extract.reading import Reading, read_page
from scrapers.parent import die_with_parent

SECONDS = 30.0  # for one page; the slowest of the saved ones takes a fiftieth of that
BYTES = 2 << 30  # of address space a process; a page has at most 16 MiB, its tree some thirty times as much
START = 60.0  # seconds in which a process must be ready to read
PAGES = 5000  # a process reads before a new one takes its place: libxml2 never gives all memory back

Job = tuple[Callable[[Page, Rules], Reading], Page, Rules]


class ReaderDied(Exception):
    """The process that read a page ended while it did."""


class Workers:
    """Processes that run read_page; close() ends them, and so does the end of this process."""

    def __init__(self, processes: int, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._threads = ThreadPoolExecutor(processes, "extract")  # each waits for one process
        self._idle: SimpleQueue[_Reader] = SimpleQueue()
        self._readers: set[_Reader] = set()
        self._closing = threading.Lock()
        self._is_closed = False
        for _ in range(processes):  # now, while the feeds are being fetched
            self._start()

    async def read(self, page: Page, rules: Rules) -> Reading:
        """Return what the page holds.

        Raises NotAnArticle, TimeoutError where it took too long, ReaderDied where the process died of it, and
        CancelledError where close() came before the answer.
        """
        try:
            work = self._threads.submit(self._read, (read_page, page, rules))
        except RuntimeError:  # it takes no more
            if self._is_closed:
                raise asyncio.CancelledError from None
            raise
        return await asyncio.wrap_future(work)

    def close(self) -> None:
        """End the processes, whatever they do."""
        with self._closing:
            self._is_closed = True
            for reader in self._readers:
                reader.end()
        self._threads.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> None:
        with self._closing:
            if not self._is_closed:
                reader = _Reader()
                self._readers.add(reader)
                self._idle.put(reader)

    def _read(self, job: Job) -> Reading:
        if self._is_closed:  # no process would ever be idle again
            raise asyncio.CancelledError
        reader = self._idle.get()
        try:
            return reader.read(job, self.seconds)
        except ReaderDied:
            if self._is_closed:
                raise asyncio.CancelledError from None
            raise
        finally:
            if reader.is_fit:
                self._idle.put(reader)
            else:
                with self._closing:
                    self._readers.discard(reader)
                    reader.end()
                self._start()


class _Reader:
    """One process, and the pipe to it."""

    def __init__(self) -> None:
        self._pipe, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno()), str(os.getpid())],
                pass_fds=[theirs.fileno()],
                process_group=0,  # a signal to the crawl's group is the crawl's to heed: it still waits for our answers
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},  # it imports what this process can
            )
        self._pages_left = PAGES
        self._is_ready = False
        self.is_fit = True

    def read(self, job: Job, seconds: float) -> Reading:
        self._pages_left -= 1
        self.is_fit = False  # until it has answered
        try:
            if not self._is_ready:
                self._received(START, "the start of a process for extraction")
                self._is_ready = True
            self._pipe.send(job)
            answer: Reading | Exception = self._received(seconds, "extraction")
        except (EOFError, ConnectionError):
            self._process.wait()
            raise ReaderDied(f"the process that read the page ended with {self._process.returncode}") from None
        self.is_fit = self._pages_left > 0
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _received(self, seconds: float, what: str) -> Any:
        if not self._pipe.poll(seconds):
            raise TimeoutError(f"{what} took longer than {seconds:.0f} s")
        return self._pipe.recv()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


def _serve(pipe: Connection, parent: int) -> None:
    """Read the pages that come, until no more can."""
    die_with_parent(parent)
    if sys.platform == "linux":  # macOS does not heed it
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    with suppress(EOFError, ConnectionError):  # the crawl has ended
        pipe.send("ready")
        while True:
            job: Job = pipe.recv()
            pipe.send(_answer(*job))


def _answer(read: Callable[[Page, Rules], Reading], page: Page, rules: Rules) -> Reading | Exception:
    try:
        return read(page, rules)
    except NotAnArticle as why:
        return why
    except Exception as error:  # noqa: BLE001 - whatever it is, the crawl is to hear of it
        error.add_note(traceback.format_exc())
        return error


if __name__ == "__main__":
    _serve(Connection(int(sys.argv[1])), int(sys.argv[2]))
