"""The process beside a crawl's own, run as a script by watchdog.py; it kills the one that it watches where

- the time that it was given is over, and it has not ended itself,
- a signal was sent to it that it does not heed, because its main thread does not come back from what it does,
- its event loop does not turn any more.

What a signal leaves behind without any help of the interpreter is a byte in a socket (signal.set_wakeup_fd). The event
loop takes it out: as long as it lies there, the loop has not turned since. Only the standard library is imported, and
little of it, so that it starts at once and stays small.
"""

import os
import select
import signal
import socket
import sys
import time

TICK_S = 0.2
DUMP = signal.SIGUSR2  # has a watched process write where each of its threads is
DUMPED_S = 0.3
TO_STOP = {signal.SIGTERM, signal.SIGINT}


class Watch:
    """What is known of the watched process; seconds are those in which both processes could run."""

    def __init__(self, signals: socket.socket, watched: int, name: str, stop_s: float, frozen_s: float) -> None:
        self.signals = signals
        self.watched = watched
        self.name = name
        self.stop_s = stop_s
        self.frozen_s = frozen_s
        self.ends_at = float("inf")
        self.why = ""
        self.is_beating = False
        self.silent_s = 0.0
        self.unheard_s = 0.0

    def hear(self, line: str) -> None:
        """Take what the watched process says."""
        word, _, rest = line.partition(" ")
        if word == "within":
            seconds, _, self.why = rest.partition(" ")
            self.ends_at = time.monotonic() + float(seconds)
        elif word == "rest":
            self.ends_at = float("inf")
        else:
            self.is_beating, self.silent_s = word == "beat", 0.0

    def reason(self, passed_s: float) -> str | None:
        """Return why the watched process is to end now, `passed_s` after the last look; None where it is not."""
        is_watched = self.is_beating and not _is_stopped(self.watched)
        self.silent_s = self.silent_s + passed_s if is_watched else 0.0
        self.unheard_s = self.unheard_s + passed_s if is_watched and self._was_asked_to_stop() else 0.0
        if time.monotonic() >= self.ends_at:
            return self.why
        if self.unheard_s >= self.stop_s:
            return f"did not stop within {self.stop_s:.0f} s of a signal, and was ended; the next crawl goes on"
        if self.silent_s >= self.frozen_s:
            return f"stood still for {self.frozen_s:.0f} s, and was ended; the next crawl goes on"
        return None

    def _was_asked_to_stop(self) -> bool:
        """Return whether a signal to end lies there that the loop has not heard of."""
        try:
            waiting = self.signals.recv(4096, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        return bool(TO_STOP & set(waiting))

    def end(self, reason: str) -> None:
        """Have the process say where it is, and kill it."""
        if os.getppid() == self.watched and self.is_beating:
            os.kill(self.watched, DUMP)
            time.sleep(DUMPED_S)
        write(f"{self.name}: {reason}")
        if os.getppid() == self.watched:
            os.kill(self.watched, signal.SIGKILL)


def write(line: str) -> None:
    """Write a line to standard error, where there is one."""
    try:  # noqa: SIM105 - contextlib takes longer to load than all else here
        os.write(2, f"{line}\n".encode())
    except OSError:
        pass


def _is_stopped(process: int) -> bool:
    """Return whether somebody has stopped the process (SIGSTOP, a debugger); only Linux tells."""
    try:
        with open(f"/proc/{process}/stat", "rb") as stat:  # noqa: PTH123 - pathlib takes longer to load than this runs
            return stat.read().rpartition(b") ")[2][:1] in b"Tt"
    except OSError:
        return False


def main(signals: str, watched: str, name: str, stop_s: str, frozen_s: str) -> None:
    """Watch until the process that says so on standard input has ended, or is to be ended."""
    heard = socket.socket(fileno=int(signals))
    heard.setblocking(False)
    watch = Watch(heard, int(watched), name, float(stop_s), float(frozen_s))
    looked_at, unread = time.monotonic(), ""
    while True:
        if select.select([0], [], [], TICK_S)[0]:
            if not (said := os.read(0, 65536)):
                return
            *lines, unread = (unread + said.decode(errors="replace")).split("\n")
            for line in lines:
                watch.hear(line)
        now = time.monotonic()
        if reason := watch.reason(min(now - looked_at, 2 * TICK_S)):  # more is the machine's own sleep
            watch.end(reason)
            return
        looked_at = now


if __name__ == "__main__":
    main(*sys.argv[1:6])
