import json
import os
import shutil
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


def record_of(processes: Processes) -> dict:
    return json.loads((processes.home / "run" / "service.json").read_text())


def change_record(processes: Processes, **values: object) -> None:
    (processes.home / "run" / "service.json").write_text(json.dumps(record_of(processes) | values))


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


@pytest.mark.parametrize("form", ["new", "of an older release"])
def test_a_process_that_got_the_number_of_a_recorded_one_is_left_alone(processes, start, form):
    innocent = start(SLEEPS)
    boot, _, ticks = record_of(processes)["began"].rpartition(":")
    if form == "new":
        change_record(processes, began=f"{boot}:{int(ticks) - 6000}")
    else:
        change_record(processes, began="", create_time=record_of(processes)["create_time"] - 60)
    (processes.home / "run" / "mark").unlink()  # by which it would be known for what it is

    found = processes.find("service")
    stopped = processes.stop("service")

    assert found is None
    assert stopped == []
    assert runs(innocent)
    psutil.Process(innocent).kill()


def test_a_process_of_another_boot_is_none_of_ours(processes, start):
    start(SLEEPS)
    ticks = record_of(processes)["began"].rpartition(":")[2]
    change_record(processes, began=f"another-boot:{ticks}")

    assert processes.find("service") is None


@pytest.mark.parametrize("step_s", [-3600, 10, 86400])
def test_a_clock_that_was_set_hides_no_process(processes, start, step_s):
    pid = start(SLEEPS)
    change_record(processes, create_time=record_of(processes)["create_time"] + step_s)  # the clock's part of it

    found = processes.find("service")
    stopped = processes.stop("service")

    assert found
    assert found.pid == pid
    assert stopped == ["service"]
    assert not runs(pid)


def test_a_record_of_an_older_release_still_counts(processes, start):
    pid = start(SLEEPS)
    file = processes.home / "run" / "service.json"
    file.write_text(json.dumps({name: value for name, value in record_of(processes).items() if name != "began"}))

    assert processes.stop("service") == ["service"]
    assert not runs(pid)


@pytest.mark.parametrize("command", ["stop", "start"])
def test_a_process_whose_starter_was_killed_before_it_could_write_the_record_is_ended(processes, start, command):
    orphan = start(SLEEPS)
    while not psutil.Process(orphan).environ():  # it can be read a moment after the start
        time.sleep(0.01)
    (processes.home / "run" / "service.json").unlink()

    ended = processes.stop("service") if command == "stop" else start(SLEEPS)

    assert ended
    assert not runs(orphan)


def test_a_copy_of_the_state_folder_ends_nothing_of_the_original(processes, start, tmp_path):
    pid = start(SLEEPS)
    (processes.home / "run" / "service.json").unlink()
    shutil.copytree(processes.home / "run", tmp_path / "copy" / "run")

    assert Processes(tmp_path / "copy").stop("service") == []
    assert runs(pid)


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


@pytest.mark.parametrize(
    "text",
    ['{"pid": 1', "[]", "\x00", '{"name": "service", "pid": -1, "create_time": 1, "cwd": "/"}',
     '{"name": "service", "pid": "1", "create_time": 1, "cwd": "/"}'],
)  # fmt: skip
def test_a_damaged_record_counts_as_none(processes, text):
    file = processes.home / "run" / "service.json"
    file.parent.mkdir()
    file.write_text(text)

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
