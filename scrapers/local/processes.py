"""Background processes that outlive the command that started them, found again by a record of each."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from scrapers.local.files import write_private

GRACE_S = 20.0  # from SIGTERM to SIGKILL
LOG_BYTES = 10_000_000  # a longer log is put aside at the next start
CLOCK_STEP_S = 2.0  # psutil derives the start from the boot time, which moves when the clock is set


@dataclass(frozen=True)
class Record:
    """A process that was started: its number, when it began (seconds since the epoch), where it works and listens."""

    name: str
    pid: int
    create_time: float
    cwd: str
    address: str = ""


class Processes:
    """The background processes of one state folder: records in run/, what they print in logs/."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def log(self, name: str) -> Path:
        """Return the file that the process prints to."""
        return self.home / "logs" / f"{name}.log"

    def start(self, name: str, argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, address: str = "") -> Record:
        """Start the process in a session of its own, where no Ctrl-C reaches it, and record it.

        What a killed one of that name has left behind is ended first.
        """
        self.stop(name)
        log = self.log(name)
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".old.log"))
        with log.open("ab") as output:
            process = subprocess.Popen(
                argv,
                env=env,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            return self.record(name, process.pid, cwd, address)
        except BaseException:
            process.kill()
            raise

    def record(self, name: str, pid: int, cwd: Path, address: str = "") -> Record:
        """Write down a process that runs; raises psutil.NoSuchProcess where it does not."""
        record = Record(name, pid, psutil.Process(pid).create_time(), str(cwd.resolve()), address)
        write_private(self._file(name), json.dumps(asdict(record)))
        return record

    def find(self, name: str) -> Record | None:
        """Return the record of a process that still runs, and None where its number is another's by now."""
        record = self._read(name)
        return record if record and _process(record) else None

    def interrupt(self, name: str) -> bool:
        """Send SIGTERM to the process alone, if it still runs; True where it did."""
        if (record := self._read(name)) and (process := _process(record)):
            send_signal([process], signal.SIGTERM)
            return True
        return False

    def stop(self, *names: str, grace_s: float = GRACE_S) -> list[str]:
        """End the processes and all that they started; return the names of those that ran.

        Each gets SIGTERM, and SIGKILL with its group where it has not ended after the grace. What runs in
        a session of its own, as a crawl does, gets its SIGTERM at the same time.
        """
        records = [record for name in names if (record := self._read(name))]
        leaders = {record.name: process for record in records if (process := _process(record))}
        children = [child for leader in leaders.values() for child in _children(leader)]
        send_signal([*leaders.values(), *filter(_leads_a_session, children)], signal.SIGTERM)
        wait_for_end(list(leaders.values()), grace_s)
        send_signal(list(leaders.values()), signal.SIGKILL)
        wait_for_end(list(filter(_leads_a_session, children)), 1.0)
        rest = [*children, *(left for record in records for left in _left_behind(record))]
        send_signal(rest, signal.SIGKILL)
        wait_for_end([*leaders.values(), *rest], 5.0)
        for name in names:
            self._file(name).unlink(missing_ok=True)
        return list(leaders)

    def _read(self, name: str) -> Record | None:
        try:
            return Record(**json.loads(self._file(name).read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def _file(self, name: str) -> Path:
        return self.home / "run" / f"{name}.json"


def send_signal(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    """Send the signal to those that still run."""
    for process in processes:
        with suppress(psutil.Error):
            process.send_signal(number)


def wait_for_end(processes: Sequence[psutil.Process], seconds: float) -> None:
    """Return when all have ended, or after so many seconds; unlike psutil's, it takes a zombie for ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(_runs(process) for process in processes):
        time.sleep(0.05)


def _process(record: Record) -> psutil.Process | None:
    with suppress(psutil.Error):
        process = psutil.Process(record.pid)
        if abs(process.create_time() - record.create_time) < CLOCK_STEP_S and _runs(process):
            return process
    return None


def _children(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return process.children(recursive=True)
    return []


def _left_behind(record: Record) -> list[psutil.Process]:
    """Return the living members of the process' session: a killed scheduler's workers wait for ever.

    The kernel gives the session's number to no other while one of them lives; that they work in the same
    directory tells them from a daemon that got the number after a restart of the machine.
    """
    return [
        process
        for process in psutil.process_iter(["cwd"])
        if process.info["cwd"] == record.cwd and _session(process) == record.pid
        if process.pid != record.pid
    ]


def _leads_a_session(process: psutil.Process) -> bool:
    return _session(process) == process.pid


def _session(process: psutil.Process) -> int | None:
    with suppress(ProcessLookupError, PermissionError):
        return os.getsid(process.pid)
    return None


def _runs(process: psutil.Process) -> bool:
    """Tell whether the process has not ended; one that ended and whose parent did not ask yet has."""
    with suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False
