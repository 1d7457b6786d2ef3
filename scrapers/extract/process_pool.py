"""Extraction in processes of its own, see reader.py: it never stalls fetching, and a page that hangs harms no other."""

import asyncio
import os
import pickle
import socket
import subprocess
import sys
from contextlib import suppress
from operator import attrgetter
from typing import Self

from scrapers.errors import NotAnArticle
from scrapers.extract import pool_worker as reader_process
from scrapers.extract.page import Page, Rules
from scrapers.extract.pool_worker import LENGTH, TOO_LARGE
from scrapers.extract.reading import Reading, read_page

SECONDS = 30.0  # for one page; the slowest of the saved ones takes a fiftieth of that
START = 60.0  # seconds in which a process must be ready to read
TRIES = 3  # of a page whose process ends before it has the page
PAGES = 5000  # a process reads before a new one takes its place: libxml2 never gives all memory back
JOBS = 3  # at a process: the page that it reads, and the next ones, so that it waits for none while this one is busy
CHUNK = 1 << 18


class ReaderDied(Exception):
    """The process that read a page ended while it did."""


class ReaderGone(Exception):
    """The process has ended before it had the page, which is not to blame."""


class PageBeforeFailed(ReaderGone):
    """The process has ended, or is to, because of a page that it had before this one."""


class Workers:
    """Processes that run read_page, for one event loop; close() ends them, and so does the end of this process."""

    def __init__(self, processes: int, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._readers = [_Reader() for _ in range(processes)]
        self._leaving: set[_Reader] = set()  # that are to read no more, and yet have pages
        self._places = asyncio.Semaphore(processes * JOBS)
        self._is_closed = False

    async def read(self, page: Page, rules: Rules) -> Reading:
        """Return what the page holds.

        Raises NotAnArticle, TimeoutError where it took too long, ReaderDied where the process died of it, and
        CancelledError where close() came before the answer.
        """
        job = pickle.dumps((read_page, page, rules), pickle.HIGHEST_PROTOCOL)
        tries = 1
        while True:
            try:
                return await self._read(job)
            except PageBeforeFailed:  # which does not come again
                continue
            except ReaderGone:
                if tries == TRIES:
                    raise
                tries += 1

    async def _read(self, job: bytes) -> Reading:
        async with self._places:
            if self._is_closed:
                raise asyncio.CancelledError
            reader = min(self._readers, key=attrgetter("jobs"))
            reader.jobs += 1
            try:
                return await reader.read(job, self.seconds)
            except (ReaderDied, ReaderGone):
                if self._is_closed:
                    raise asyncio.CancelledError from None
                raise
            finally:
                reader.jobs -= 1
                self._replace(reader)

    def _replace(self, reader: "_Reader") -> None:
        """End a process that is to read no more, once nobody waits for it; another takes its place."""
        if reader.is_fit and not self._is_closed:
            return
        if reader in self._readers and not self._is_closed:
            self._readers[self._readers.index(reader)] = _Reader()
            self._leaving.add(reader)
        if not reader.jobs:
            self._leaving.discard(reader)
            reader.end()

    def close(self) -> None:
        """End the processes, whatever they do; whoever waits for one hears of it."""
        for reader in [] if self._is_closed else [*self._readers, *self._leaving]:
            if reader.jobs:  # its socket is being read from
                reader.kill()
            else:
                reader.end()
        self._is_closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Reader:
    """One process, and the socket that leads to it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self.jobs = 0  # that are read or wait here
        self._is_lost = False  # whether what comes may be the answer to a job that nobody waits for
        self._pages_left = PAGES
        self._is_ready = False
        self._turn = asyncio.Lock()  # of the job that is read
        self._unsent = 0  # jobs that are not wholly there
        self._sending = asyncio.Lock()  # one job after another
        self._data = bytearray()  # of answers, as far as they came
        self._has_ended = False
        self._loop: asyncio.AbstractEventLoop | None = None  # that hears of what comes
        self._came: asyncio.Event | None = None  # for who waits
        with suppress(OSError):  # too many processes, no memory: the next page tries again, and hears of it
            self._start()  # now, while the feeds are being fetched

    def _start(self) -> subprocess.Popen[bytes]:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, CHUNK)  # that pages fit into it
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", reader_process.__name__, str(theirs.fileno()), str(os.getpid())],
                pass_fds=[theirs.fileno()],
                process_group=0,  # a signal to the crawl's group is the crawl's to heed: it still waits for our answers
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},  # it imports what this process can
            )
        self._socket = ours
        return self._process

    @property
    def is_fit(self) -> bool:
        """Whether it may be given another page."""
        return not self._is_lost and self._pages_left > 0

    async def read(self, job: bytes, seconds: float) -> Reading:
        self._pages_left -= 1
        sending: asyncio.Task[bool] | None = None
        try:
            process = self._process or self._start()
            if process.poll() is not None:
                raise ReaderGone(f"a process for extraction ended with {process.returncode}")
            sending = self._send(job)
            async with self._turn:
                answer = await self._answer(process, sending, seconds)
        except BaseException:
            self._is_lost = True
            raise
        finally:
            if sending and not sending.done():
                sending.cancel()
                await asyncio.wait([sending])
        if isinstance(answer, NotAnArticle) and answer.reason == TOO_LARGE:
            self._is_lost = True  # it keeps much of the memory
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _send(self, job: bytes) -> asyncio.Task[bool] | None:
        """Send the job, behind those that are there; return the task that goes on with what does not fit yet."""
        sent = 0
        if not self._unsent:
            with suppress(BlockingIOError, ConnectionError):
                sent = self._socket.send(job)
        if sent == len(job):
            return None
        self._unsent += 1
        return asyncio.create_task(self._send_rest(memoryview(job)[sent:]))

    async def _send_rest(self, rest: memoryview) -> bool:
        """Return whether all of it was sent."""
        try:
            async with self._sending:
                await asyncio.get_running_loop().sock_sendall(self._socket, rest)
        except OSError:
            return False
        finally:
            self._unsent -= 1
        return True

    async def _answer(
        self, process: subprocess.Popen[bytes], sending: asyncio.Task[bool] | None, seconds: float
    ) -> Reading | Exception:
        """Return the answer to the job that is next; where none comes, the process is ended."""
        if self._is_lost:
            raise PageBeforeFailed("a process for extraction ended, or its answers can't be told apart any more")
        try:
            if not self._is_ready:
                await self._received(START, "the start of a process for extraction")
                self._is_ready = True
            answer: Reading | Exception = pickle.loads(await self._received(seconds, "extraction"))  # noqa: S301 - ours
        except (EOFError, ConnectionError):
            process.wait()
            if sending and not (sending.done() and sending.result()):
                raise ReaderGone("a process for extraction ended before its page was there") from None
            raise ReaderDied(f"the process that read the page ended with {process.returncode}") from None
        except BaseException:
            self.kill()  # it may still be at it
            raise
        return answer

    async def _received(self, seconds: float, what: str) -> bytes:
        """Return the next answer; raises EOFError where the process has ended."""
        self._listen()
        while (end := self._end_of_answer()) is None:
            if self._has_ended:
                raise EOFError
            if not await self._has_come(seconds):
                raise TimeoutError(f"{what} took longer than {seconds:.0f} s")
        answer = bytes(self._data[LENGTH.size : end])
        del self._data[:end]
        return answer

    def _end_of_answer(self) -> int | None:
        """Return the bytes that the next answer has with its length; None where it is not there yet."""
        if len(self._data) < LENGTH.size:
            return None
        end: int = LENGTH.size + LENGTH.unpack_from(self._data)[0]
        return end if len(self._data) >= end else None

    async def _has_come(self, seconds: float) -> bool:
        """Wait until something came, and return whether it did."""
        self._came = came = asyncio.Event()
        try:
            async with asyncio.timeout(seconds):
                await came.wait()
        except TimeoutError:
            self._take()  # what came while this very process was stopped or busy did not come late
        finally:
            self._came = None
        return came.is_set()

    def _listen(self) -> None:
        """Take what comes, from one page to the next: to begin and end that with each costs more than all else here."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            loop.add_reader(self._socket, self._take)

    def _take(self) -> None:
        """Keep what came, and wake who waits for it."""
        try:
            chunk = self._socket.recv(CHUNK)
        except BlockingIOError:
            return
        except ConnectionError:
            chunk = b""
        self._data += chunk
        if not chunk:
            self._has_ended = True
            self._listen_no_more()
        if self._came:
            self._came.set()

    def _listen_no_more(self) -> None:
        if self._loop and not self._loop.is_closed():
            self._loop.remove_reader(self._socket)

    def kill(self) -> None:
        if self._process:
            self._process.kill()

    def end(self) -> None:
        if self._process:
            self.kill()
            self._process.wait()
            self._listen_no_more()
            self._socket.close()
