import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from scrapers.local.processes import Processes

SLEEPS = "import time; time.sleep(60)"
# Ignores SIGTERM, and so does the child that it starts in its own group; then it says who they are.
STUBBORN = """
import os, pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path("new").write_text(str(child.pid))
pathlib.Path("new").rename("child")
time.sleep(60)
"""
# As the scheduler does while a crawl runs: waits for a child that leads a session of its own.
WAITS_FOR_A_CRAWL = """
import pathlib, signal, subprocess, sys
signal.signal(signal.SIGTERM, lambda *ignored: None)
crawl = '''
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, lambda *ignored: (pathlib.Path("ended").touch(), sys.exit()))
pathlib.Path("child").touch()
time.sleep(60)
'''
subprocess.run([sys.executable, "-c", crawl], start_new_session=True)
"""


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    processes = Processes(tmp_path)
    yield processes
    processes.stop("service", grace_s=0.3)


@pytest.fixture
def start(processes: Processes, tmp_path: Path) -> Callable[[str], int]:
    """Start the program as the process `service` and return its number."""
    return lambda program: processes.start("service", [sys.executable, "-c", program], env=os.environ, cwd=tmp_path).pid


def runs(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def appears(path: Path) -> str:
    """Return what is in the file as soon as it is there."""
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline, f"no {path}"
        time.sleep(0.02)
    return path.read_text()


def test_a_started_process_is_found_until_it_is_stopped(processes, start):
    pid = start(SLEEPS)

    found = processes.find("service")
    stopped = processes.stop("service")

    assert found
    assert found.pid == pid
    assert stopped == ["service"]
    assert processes.find("service") is None
    assert not runs(pid)


def test_stopping_what_does_not_run_is_no_fault(processes):
    assert processes.stop("service", "another") == []


def test_what_a_process_prints_is_in_its_log(processes, start):
    pid = start("import sys; print('said'); print('complained', file=sys.stderr)")

    psutil.wait_procs([psutil.Process(pid)], timeout=10)

    assert set(processes.log("service").read_text().split()) == {"said", "complained"}


def test_a_log_that_has_grown_long_is_put_aside(processes, start):
    log = processes.log("service")
    log.parent.mkdir()
    log.write_bytes(b"." * 10_000_001)

    start(SLEEPS)

    assert log.read_bytes() == b""
    assert log.with_suffix(".old.log").stat().st_size == 10_000_001


def test_a_process_that_got_the_number_of_a_recorded_one_is_left_alone(processes, start):
    innocent = start(SLEEPS)
    file = processes.home / "run" / "service.json"
    record = json.loads(file.read_text())
    file.write_text(json.dumps({**record, "create_time": record["create_time"] - 60}))

    found = processes.find("service")
    stopped = processes.stop("service")

    assert found is None
    assert stopped == []
    assert runs(innocent)
    psutil.Process(innocent).kill()


def test_a_process_that_ignores_sigterm_is_killed_with_its_group(processes, start, tmp_path):
    leader = start(STUBBORN)
    child = int(appears(tmp_path / "child"))

    processes.stop("service", grace_s=0.3)

    assert not runs(leader)
    assert not runs(child)


def test_a_crawl_in_a_session_of_its_own_is_asked_to_end_before_anything_is_killed(processes, start, tmp_path):
    start(WAITS_FOR_A_CRAWL)
    appears(tmp_path / "child")

    processes.stop("service", grace_s=5)

    assert (tmp_path / "ended").exists()


@pytest.mark.parametrize("command", ["stop", "start"])
def test_what_a_killed_process_left_behind_is_ended_by_the_next_stop_or_start(processes, start, tmp_path, command):
    leader = start(STUBBORN)
    child = int(appears(tmp_path / "child"))
    os.kill(leader, signal.SIGKILL)
    os.waitpid(leader, 0)

    start(SLEEPS) if command == "start" else processes.stop("service")

    assert not runs(child)


def test_it_is_out_of_reach_of_ctrl_c(start):
    pid = start(SLEEPS)

    assert os.getsid(pid) == os.getpgid(pid) == pid


def test_a_damaged_record_counts_as_none(processes):
    file = processes.home / "run" / "service.json"
    file.parent.mkdir()
    file.write_text('{"pid": 1')

    assert processes.find("service") is None
    assert processes.stop("service") == []


def test_interrupt_sends_sigterm_to_the_process_and_leaves_its_group_alone(processes, start, tmp_path):
    leader = start(STUBBORN.replace("signal.signal", "print"))
    child = int(appears(tmp_path / "child"))

    interrupted = processes.interrupt("service")
    psutil.wait_procs([psutil.Process(leader)], timeout=10)

    assert interrupted
    assert not runs(leader)
    assert runs(child)
