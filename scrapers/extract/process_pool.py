"""A pool of processes that read pages (see pool_worker.py): parsing never blocks fetching, and a page can't take long.

The standard library's pools don't fit: a page that hangs or crashes must end its own process alone, and a worker must
import neither the crawl nor its connection to Postgres.
"""

import asyncio
import os
import pickle
import socket
import subprocess
import sys
from contextlib import suppress
from operator import attrgetter
from typing import Self

from scrapers.errors import NotAnArticle, PreviousJobFailed, WorkerCrashed, WorkerExited
from scrapers.extract import pool_worker
from scrapers.extract.page import Page, Rules
from scrapers.extract.pool_worker import LENGTH, TOO_LARGE
from scrapers.extract.reading import Reading, read_page

PAGE_TIMEOUT_S = 30.0  # the slowest of the saved pages takes a fiftieth of that
START_TIMEOUT_S = 60.0  # until a worker has imported what it needs
MAX_ATTEMPTS = 3  # to send a page to a worker that exits before it has the page
MAX_PAGES_PER_WORKER = 5000  # then a new one takes its place, since libxml2 never returns all of its memory
PREFETCH = 3  # jobs at a worker: the one that it does and the next ones, so that it needn't wait for them
CHUNK_BYTES = 1 << 18


class ProcessPool:
    """Worker processes that run read_page for one event loop, until close() or the end of this process."""

    def __init__(self, processes: int, page_timeout_s: float = PAGE_TIMEOUT_S) -> None:
        self.page_timeout_s = page_timeout_s
        self._workers = [_Worker() for _ in range(processes)]
        self._retiring: set[_Worker] = set()  # that get no more jobs and still have some
        self._free_places = asyncio.Semaphore(processes * PREFETCH)
        self._is_closed = False

    async def read(self, page: Page, rules: Rules) -> Reading:
        """Return what the page holds.

        Raises NotAnArticle; TimeoutError after `page_timeout_s`; WorkerCrashed if the page crashed the worker; and
        CancelledError if the pool was closed before the answer.
        """
        job = pickle.dumps((read_page, page, rules), pickle.HIGHEST_PROTOCOL)
        attempts = 1
        while True:
            try:
                return await self._read(job)
            except PreviousJobFailed:  # can't repeat for ever: each such job fails only once
                continue
            except WorkerExited:
                if attempts == MAX_ATTEMPTS:
                    raise
                attempts += 1

    async def _read(self, job: bytes) -> Reading:
        async with self._free_places:
            if self._is_closed:
                raise asyncio.CancelledError
            worker = min(self._workers, key=attrgetter("jobs"))
            worker.jobs += 1
            try:
                return await worker.read(job, self.page_timeout_s)
            except (WorkerCrashed, WorkerExited):
                if self._is_closed:
                    raise asyncio.CancelledError from None
                raise
            finally:
                worker.jobs -= 1
                self._replace(worker)

    def _replace(self, worker: "_Worker") -> None:
        """Put a new worker in the place of one that can take no more jobs; end that when its last job is done."""
        if worker.can_take_jobs and not self._is_closed:
            return
        if worker in self._workers and not self._is_closed:
            self._workers[self._workers.index(worker)] = _Worker()
            self._retiring.add(worker)
        if not worker.jobs:
            self._retiring.discard(worker)
            worker.end()

    def close(self) -> None:
        """End the workers; calls of read() that wait for one raise CancelledError."""
        for worker in [] if self._is_closed else [*self._workers, *self._retiring]:
            if worker.jobs:  # its socket is still being read
                worker.kill()
            else:
                worker.end()
        self._is_closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Worker:
    """A worker process and the socket to it; jobs are done and answered in the order in which they are sent."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self.jobs = 0  # being done or waiting here
        self._is_lost = False  # whether the next answer may belong to a job that nobody waits for
        self._pages_left = MAX_PAGES_PER_WORKER
        self._is_ready = False
        self._turn = asyncio.Lock()  # held by the job whose answer comes next
        self._unsent = 0  # jobs that are not sent completely
        self._sending = asyncio.Lock()  # held by the job that is being sent
        self._data = bytearray()  # received, and not yet taken as an answer
        self._has_ended = False
        self._loop: asyncio.AbstractEventLoop | None = None  # with which the socket is registered
        self._arrived: asyncio.Event | None = None  # set when data arrives
        with suppress(OSError):  # too many processes, no memory: the next page tries again and raises it
            self._start()  # now, so that it imports while the feeds are being fetched

    def _start(self) -> subprocess.Popen[bytes]:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, CHUNK_BYTES)  # most pages fit into it
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", pool_worker.__name__, str(theirs.fileno()), str(os.getpid())],
                pass_fds=[theirs.fileno()],
                process_group=0,  # the crawl alone handles signals to its group: it still waits for our answers
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},  # imports from the same places
            )
        self._socket = ours
        return self._process

    @property
    def can_take_jobs(self) -> bool:
        """Whether it may be given another page."""
        return not self._is_lost and self._pages_left > 0

    async def read(self, job: bytes, timeout_s: float) -> Reading:
        """Send the job and return the answer; raises what the job raised, or the exceptions above."""
        self._pages_left -= 1
        sending: asyncio.Task[bool] | None = None
        try:
            process = self._process or self._start()
            if process.poll() is not None:
                raise WorkerExited(f"a process for extraction ended with {process.returncode}")
            sending = self._send(job)
            async with self._turn:
                answer = await self._answer(process, sending, timeout_s)
        except BaseException:
            self._is_lost = True
            raise
        finally:
            if sending and not sending.done():
                sending.cancel()
                await asyncio.wait([sending])
        if isinstance(answer, NotAnArticle) and answer.reason == TOO_LARGE:
            self._is_lost = True  # the process keeps much of the memory
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _send(self, job: bytes) -> asyncio.Task[bool] | None:
        """Send the job after those before it; return the task that sends the rest, if it doesn't fit at once."""
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
        self, process: subprocess.Popen[bytes], sending: asyncio.Task[bool] | None, timeout_s: float
    ) -> Reading | Exception:
        """Return the answer to the next job; kill the process if none arrives in time."""
        if self._is_lost:
            raise PreviousJobFailed("a process for extraction ended, or its answers can't be told apart any more")
        try:
            if not self._is_ready:
                await self._receive(START_TIMEOUT_S, "the start of a process for extraction")
                self._is_ready = True
            answer: Reading | Exception = pickle.loads(await self._receive(timeout_s, "extraction"))  # noqa: S301 - ours
        except (EOFError, ConnectionError):
            process.wait()
            if sending and not (sending.done() and sending.result()):
                raise WorkerExited("a process for extraction ended before its page was there") from None
            raise WorkerCrashed(f"the process that read the page ended with {process.returncode}") from None
        except BaseException:
            self.kill()  # it may still be reading the page
            raise
        return answer

    async def _receive(self, timeout_s: float, what: str) -> bytes:
        """Return the next message; raises EOFError if the process has exited, TimeoutError with `what` took so long."""
        self._listen()
        while (end := self._message_end()) is None:
            if self._has_ended:
                raise EOFError
            if not await self._wait_for_data(timeout_s):
                raise TimeoutError(f"{what} took longer than {timeout_s:.0f} s")
        message = bytes(self._data[LENGTH.size : end])
        del self._data[:end]
        return message

    def _message_end(self) -> int | None:
        """Return where the next message ends in the received data; None if it isn't complete."""
        if len(self._data) < LENGTH.size:
            return None
        end: int = LENGTH.size + LENGTH.unpack_from(self._data)[0]
        return end if len(self._data) >= end else None

    async def _wait_for_data(self, timeout_s: float) -> bool:
        """Wait for more data; return whether any arrived."""
        self._arrived = arrived = asyncio.Event()
        try:
            async with asyncio.timeout(timeout_s):
                await arrived.wait()
        except TimeoutError:
            self._receive_available()  # data that arrived while this process was stopped or busy is in time
        finally:
            self._arrived = None
        return arrived.is_set()

    def _listen(self) -> None:
        """Register the socket with the event loop once; doing so for every page would dominate the cost."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            loop.add_reader(self._socket, self._receive_available)

    def _receive_available(self) -> None:
        """Keep the data that arrived, and wake the coroutine that waits for it."""
        try:
            chunk = self._socket.recv(CHUNK_BYTES)
        except BlockingIOError:
            return
        except ConnectionError:
            chunk = b""
        self._data += chunk
        if not chunk:
            self._has_ended = True
            self._stop_listening()
        if self._arrived:
            self._arrived.set()

    def _stop_listening(self) -> None:
        if self._loop and not self._loop.is_closed():
            self._loop.remove_reader(self._socket)

    def kill(self) -> None:
        """Kill the process; a job that waits for it hears of that."""
        if self._process:
            self._process.kill()

    def end(self) -> None:
        """Kill the process, wait for its end, and close the socket."""
        if self._process:
            self.kill()
            self._process.wait()
            self._stop_listening()
            self._socket.close()
