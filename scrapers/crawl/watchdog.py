"""A process that ends in time, whatever hangs in it.

Two look after it. A thread ends it with a line and an exit code; it needs the interpreter's lock, which a regular
expression, a parser or a decompressor may hold for minutes. So there is a small process beside it, watcher.py, that
needs nothing of the one that it watches.
"""

import asyncio
import faulthandler
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress

from scrapers.crawl import watcher
from scrapers.errors import WartaError

BEAT_S = 1.0  # from one sign of life to the next
FROZEN_S = 30.0  # without a sign of life: as long as a page may take in a process of its own
LATER_S = 0.5  # than the thread, which says more: an exit code, and why

logger = logging.getLogger(__name__)


class Watchdog:
    """Ends this process, without any further step, where it still runs when its time is over; `name` begins its lines.

    `stop_s` is how long a signal may wait for the event loop that watch() was given, `frozen_s` how long that may stand
    still.
    """

    def __init__(self, name: str, *, stop_s: float, frozen_s: float | None = None) -> None:
        self._name = name
        self._timer: threading.Timer | None = None
        self._signals, self._heard = socket.socketpair()
        self._signals.setblocking(False)
        self._heard.setblocking(False)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._process = self._start(stop_s, FROZEN_S if frozen_s is None else frozen_s)

    def _start(self, stop_s: float, frozen_s: float) -> subprocess.Popen[bytes] | None:
        """Start the process that watches this one; without it, the thread still does."""
        arguments = [str(self._heard.fileno()), str(os.getpid()), self._name, str(stop_s), str(frozen_s)]
        try:
            process = subprocess.Popen(
                [sys.executable, "-IS", watcher.__file__, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                pass_fds=[self._heard.fileno()],
                process_group=0,  # a signal to the crawl's group is not for it
            )
            if process.stdin:
                os.set_blocking(process.stdin.fileno(), False)  # where it hangs, this one does not
        except OSError as error:
            logger.warning("nobody watches over this process: %s", error)
            return None
        return process

    def allow(self, seconds: float, error: WartaError) -> None:
        """Give the process so many seconds from now; then it ends with the error's line and exit code."""
        self.rest()
        self._timer = threading.Timer(seconds, _end, (f"{self._name}: {error}", error.exit_code))
        self._timer.daemon = True
        self._timer.start()
        self._say(f"within {seconds + LATER_S} {' '.join(str(error).split())[:1000]}")

    def rest(self) -> None:
        """Let the process run as long as it likes."""
        if self._timer:
            self._timer.cancel()
        self._say("rest")

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Watch over the running loop from now on, until leave()."""
        self._loop = loop
        faulthandler.register(watcher.DUMP)
        loop.add_reader(self._heard, self._hear)
        signal.set_wakeup_fd(self._signals.fileno(), warn_on_full_buffer=False)
        self._beat()

    def leave(self) -> None:
        """Ask the loop for no more signs of life: it has ended."""
        if self._loop:
            signal.set_wakeup_fd(-1)
            self._loop = None
            self._say("leave")

    def _hear(self) -> None:
        with suppress(BlockingIOError):
            while len(self._heard.recv(4096)) == 4096:
                pass

    def _beat(self) -> None:
        if self._loop:
            self._say("beat")
            self._loop.call_later(BEAT_S, self._beat)

    def _say(self, line: str) -> None:
        if self._process and self._process.stdin:
            with suppress(OSError):  # it has ended, and nobody is to blame
                os.write(self._process.stdin.fileno(), line.encode() + b"\n")


def _end(line: str, exit_code: int) -> None:
    watcher.write(line)
    os._exit(exit_code)
