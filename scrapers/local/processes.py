"""Background processes that outlive the command that started them, found again by a record of each."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

import psutil

from scrapers.storage.files import write_private

GRACE_S = 20.0  # from SIGTERM to SIGKILL
LOG_BYTES = 10_000_000  # a longer log is put aside at the next start
SAME_START_S = 2.0  # between two readings of a start by the clock, where there is nothing better
MARK = "WARTA_SERVICE"  # in the environment of each process that was started, and of all that it starts


@dataclass(frozen=True)
class Record:
    """A process that was started: its number, when it began, where it works and listens.

    `began` is no clock's time but what no other process has: the boot, and the ticks from then to the process' start.
    `create_time`, in seconds since the epoch, moves with the clock, and counts only where `began` is not known: in
    records of older releases, and on systems that do not tell.
    """

    name: str
    pid: int
    create_time: float
    cwd: str
    address: str = ""
    began: str = ""


class Processes:
    """The background processes of one state folder: records in run/, what they print in logs/.

    Each has a mark in its environment, by which it is found where its starter was killed before it wrote the record.
    """

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
        mark = self._mark(name, make=True)  # written down before the process is born
        log = self.log(name)
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".old.log"))
        with log.open("ab") as output:
            process = subprocess.Popen(
                argv,
                env={**env, MARK: mark},
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
        process = psutil.Process(pid)
        record = Record(name, pid, process.create_time(), str(cwd.resolve()), address, _began(pid))
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
        recorded = {record.name: process for record in records if (process := _process(record))}
        unrecorded = {name: self._marked([name]) for name in names if name not in recorded}
        leaders = [*recorded.values(), *filter(_leads_a_session, chain.from_iterable(unrecorded.values()))]
        children = [child for leader in leaders for child in _children(leader)]
        send_signal([*leaders, *filter(_leads_a_session, children)], signal.SIGTERM)
        wait_for_end(leaders, grace_s)
        send_signal(leaders, signal.SIGKILL)
        wait_for_end(list(filter(_leads_a_session, children)), 1.0)
        rest = [*children, *(left for record in records for left in _left_behind(record)), *self._marked(names)]
        send_signal(rest, signal.SIGKILL)
        wait_for_end([*leaders, *rest], 5.0)
        for name in names:
            self._file(name).unlink(missing_ok=True)
        return [name for name in names if recorded.get(name) or unrecorded.get(name)]

    def _marked(self, names: Iterable[str]) -> list[psutil.Process]:
        """Return the living processes with the mark of one of the names, but this one and those that started it."""
        marks = {self._mark(name) for name in names} - {""}
        if not marks:
            return []
        ours = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
        return [process for process in psutil.process_iter() if process.pid not in ours and _mark_of(process) in marks]

    def _mark(self, name: str, *, make: bool = False) -> str:
        """Return the mark of this folder's process of that name; empty where none was ever made.

        The folder's path is in it, since a copy of the folder has the same secret and not the same processes.
        """
        file = self.home / "run" / "mark"
        if make and not file.exists():
            write_private(file, secrets.token_hex(16))
        with suppress(FileNotFoundError):
            return f"{file.read_text()}:{name}:{self.home.resolve()}"
        return ""

    def _read(self, name: str) -> Record | None:
        try:
            record = Record(**json.loads(self._file(name).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        is_whole = (
            isinstance(record.pid, int) and 0 < record.pid < 2**31 and isinstance(record.create_time, int | float)
        )
        return record if is_whole else None

    def _file(self, name: str) -> Path:
        return self.home / "run" / f"{name}.json"


def send_signal(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    """Send the signal to those that still run."""
    for process in processes:
        with suppress(psutil.Error):
            process.send_signal(number)


def wait_for_end(processes: Sequence[psutil.Process], seconds: float) -> None:
    """Wait until all have ended, or for `seconds`; unlike psutil's, it takes a zombie for ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(_runs(process) for process in processes):
        time.sleep(0.05)


def _process(record: Record) -> psutil.Process | None:
    with suppress(psutil.Error):
        process = psutil.Process(record.pid)
        if _is_of(record, process) and _runs(process):
            return process
    return None


def _is_of(record: Record, process: psutil.Process) -> bool:
    if record.began:
        return record.began == _began(process.pid)
    return abs(process.create_time() - record.create_time) < SAME_START_S


def _began(pid: int) -> str:
    """Return the boot and the ticks from then to the process' start (proc(5): field 22); empty where nobody tells."""
    if sys.platform != "linux":
        return ""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
    return f"{boot}:{stat.rpartition(')')[2].split()[19]}"  # the name before the brace may have any character


def _mark_of(process: psutil.Process) -> str:
    """Return the mark in the environment that the process was started with; empty for another user's."""
    with suppress(psutil.Error, OSError):
        return process.environ().get(MARK, "")
    return ""


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
