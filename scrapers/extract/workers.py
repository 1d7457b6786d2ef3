"""Extraction in processes of its own, see reader.py: it never stalls fetching, and a page that hangs harms no other."""

import asyncio
import os
import pickle
import socket
import subprocess
import sys
from contextlib import suppress
from typing import Self

from scrapers.extract import reader as reader_process
from scrapers.extract.page import Page, Rules
from scrapers.extract.reader import LENGTH
from scrapers.extract.reading import Reading, read_page

SECONDS = 30.0  # for one page; the slowest of the saved ones takes a fiftieth of that
START = 60.0  # seconds in which a process must be ready to read
TRIES = 3  # of a page whose process ends before it has the page
PAGES = 5000  # a process reads before a new one takes its place: libxml2 never gives all memory back
CHUNK = 1 << 18


class ReaderDied(Exception):
    """The process that read a page ended while it did."""


class ReaderGone(Exception):
    """The process has ended before it had the page, which is not to blame."""


class Workers:
    """Processes that run read_page, for one event loop; close() ends them, and so does the end of this process."""

    def __init__(self, processes: int, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._idle: asyncio.Queue[_Reader | None] = asyncio.Queue()  # None: there will be none any more
        self._busy: set[_Reader] = set()
        self._is_closed = False
        for _ in range(processes):
            self._idle.put_nowait(_Reader())

    async def read(self, page: Page, rules: Rules) -> Reading:
        """Return what the page holds.

        Raises NotAnArticle, TimeoutError where it took too long, ReaderDied where the process died of it, and
        CancelledError where close() came before the answer.
        """
        job = pickle.dumps((read_page, page, rules), pickle.HIGHEST_PROTOCOL)
        for _ in range(TRIES - 1):
            with suppress(ReaderGone):
                return await self._read(job)
        return await self._read(job)

    async def _read(self, job: bytes) -> Reading:
        reader = await self._idle.get()
        if reader is None:
            self._idle.put_nowait(None)  # for the next who waits
            raise asyncio.CancelledError
        self._busy.add(reader)
        try:
            return await reader.read(job, self.seconds)
        except (ReaderDied, ReaderGone):
            if self._is_closed:
                raise asyncio.CancelledError from None
            raise
        finally:
            self._busy.discard(reader)
            if reader.is_fit and not self._is_closed:
                self._idle.put_nowait(reader)
            else:
                reader.end()
                self._idle.put_nowait(None if self._is_closed else _Reader())

    def close(self) -> None:
        """End the processes, whatever they do; whoever waits for one hears of it."""
        self._is_closed = True
        for reader in self._busy:  # their sockets are being read from
            reader.kill()
        while not self._idle.empty():
            if idle := self._idle.get_nowait():
                idle.end()
        self._idle.put_nowait(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Reader:
    """One process, and the socket that leads to it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._pages_left = PAGES
        self._is_ready = False
        self._data = bytearray()  # of an answer, as far as it came
        self._has_ended = False
        self._loop: asyncio.AbstractEventLoop | None = None  # that hears of what comes
        self._came: asyncio.Event | None = None  # for who waits
        self.is_fit = True
        with suppress(OSError):  # too many processes, no memory: the next page tries again, and hears of it
            self._start()  # now, while the feeds are being fetched

    def _start(self) -> subprocess.Popen[bytes]:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
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

    async def read(self, job: bytes, seconds: float) -> Reading:
        self._pages_left -= 1
        self.is_fit = False  # until it has answered
        process = self._process or self._start()
        try:
            if not self._is_ready:
                await self._received(START, "the start of a process for extraction")
                self._is_ready = True
            if process.poll() is not None:
                raise ReaderGone(f"a process for extraction ended with {process.returncode}")
            await self._send(job, seconds)
            answer: Reading | Exception = pickle.loads(await self._received(seconds, "extraction"))  # noqa: S301 - ours
        except (EOFError, ConnectionError):
            process.wait()
            raise ReaderDied(f"the process that read the page ended with {process.returncode}") from None
        self.is_fit = self._pages_left > 0
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _send(self, job: bytes, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await asyncio.get_running_loop().sock_sendall(self._socket, job)
        except ConnectionError as error:  # it did not read all of it
            raise ReaderGone("a process for extraction ended before its page was there") from error

    async def _received(self, seconds: float, what: str) -> bytes:
        """Return the next answer; raises EOFError where the process has ended."""
        self._listen()
        while len(self._data) < LENGTH.size or len(self._data) < LENGTH.size + LENGTH.unpack_from(self._data)[0]:
            if self._has_ended:
                raise EOFError
            if not await self._has_come(seconds):
                raise TimeoutError(f"{what} took longer than {seconds:.0f} s")
        answer = bytes(self._data[LENGTH.size :])
        self._data.clear()
        return answer

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
