import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from scrapers.config import ROOT
from scrapers.local.postgres import Cluster
from tests.conftest import Commands, Result


def heed_ctrl_c():
    """Let the process heed SIGINT, which a CI in the background ignores."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def warta(home: Path, *arguments: str, **environment: str) -> Result:
    """Run the command to its end."""
    return Commands({"WARTA_HOME": str(home), **environment}).warta(*arguments)


def started_up(home: Path) -> "subprocess.Popen[str]":
    """Start `warta up` as a shell does: it heeds signals from the first line on."""
    return subprocess.Popen(
        [sys.executable, "-m", "scrapers", "up"],
        cwd=ROOT,
        env={**os.environ, "WARTA_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=heed_ctrl_c,
    )


def started_under(home: Path) -> list[psutil.Process]:
    """Return the processes that work in the folder or were started for it."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            words = [process.cwd(), *process.cmdline(), *process.environ().values()]
            if process.status() != psutil.STATUS_ZOMBIE and any(str(home) in word for word in words):
                found.append(process)
    return found


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path):
    """End what a test that failed has left running."""
    yield
    for process in started_under(tmp_path):
        with suppress(psutil.Error):
            process.kill()


def test_down_is_fine_where_nothing_runs(tmp_path):
    never = warta(tmp_path / "never", "down")
    ended = warta(tmp_path, "down")

    assert never.out + never.err == ended.out + ended.err == "Nothing was running\n"
    assert never.code == ended.code == 0
    assert not (tmp_path / "never").exists()


def test_status_names_every_service_and_fails_where_one_is_stopped(tmp_path):
    status = warta(tmp_path, "status")

    lines = (status.out + status.err).splitlines()

    services = ["postgres", "seed-site", "api-server", "scheduler", "dag-processor", "triggerer", "log-rotation"]
    assert [line.split()[:2] for line in lines[1:]] == [[name, "stopped"] for name in services]
    assert status.code == 7


@pytest.fixture
def database(tmp_path, first_start):
    """Return the home of a Postgres that `warta db start` has started, in a path longer than any terminal is wide."""
    home = tmp_path / ("long-" * 30)
    first_start(home / "postgres")
    started = warta(home, "db", "start")
    assert started.code == 0, started.err
    yield home
    warta(home, "db", "stop")


def server_of(home: Path) -> psutil.Process:
    server = Cluster(home / "postgres").process()
    assert server
    return server


def test_what_is_meant_to_be_copied_is_on_one_line(database):
    again, status = warta(database, "db", "start"), warta(database, "status")

    assert conninfo_to_dict((again.out + again.err).removeprefix("Postgres runs: "))["dbname"] == "warta"
    assert f"{database}/postgres/postgres.log" in status.out + status.err


def test_a_postgres_that_lives_and_does_not_answer_is_busy(database):
    server = server_of(database)
    server.suspend()
    status = warta(database, "status")
    server.resume()
    lines = (status.out + status.err).splitlines()

    assert lines[1].split()[:3] == ["postgres", "busy", str(server.pid)]
    assert "does not answer" in lines[1]
    assert status.code == 7


@pytest.mark.slow
@pytest.mark.parametrize("why", ["its process is stopped for a while", "all its connections are taken"])
def test_an_up_that_fails_leaves_a_postgres_alone_that_it_did_not_start(database, why):
    server, settings = server_of(database), (database / "postgres" / "data" / "warta.conf").read_bytes()
    taken = []
    if why.startswith("its process"):
        server.suspend()
        threading.Timer(12, server.resume).start()
    else:
        dsn = Cluster(database / "postgres").dsn()
        with suppress(psycopg.OperationalError):
            while True:
                taken.append(psycopg.connect(dsn))
        threading.Timer(12, lambda: [connection.close() for connection in taken]).start()

    up = warta(database, "up", WARTA_DSN="host=127.0.0.1 port=1 dbname=none")
    lines = (up.out + up.err).splitlines()

    assert up.code == 3, lines
    assert [line for line in lines if line.startswith("ok     Postgres: port ")]
    assert server_of(database) == server
    assert server.is_running()
    assert (database / "postgres" / "data" / "warta.conf").read_bytes() == settings


KILLED_AT_BIRTH = """
import os, signal
from scrapers.config import WARTA_HOME
from scrapers.local import processes, up

def record(self, name, *arguments, **further):
    if name == "NAME":
        os.kill(os.getpid(), signal.SIGKILL)
    return original(self, name, *arguments, **further)

original, processes.Processes.record = processes.Processes.record, record
# the warm-up has much to compile, or it would be done before `down` comes
os.environ["NUMBA_CACHE_DIR"] = str(WARTA_HOME / "numba")
up.up()
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["airflow-db", "seed-site", "api-server", "scheduler", "dag-processor", "triggerer", "warm-up"]
)
def test_what_an_up_started_that_was_killed_before_it_wrote_that_down_is_ended_by_down(tmp_path, name, first_start):
    first_start(tmp_path / "postgres")
    killed = Commands({"WARTA_HOME": str(tmp_path)}).start_script(KILLED_AT_BIRTH.replace("NAME", name))
    killed.communicate(timeout=120)
    left = [process for process in started_under(tmp_path) if process.name() != "postgres"]
    down = warta(tmp_path, "down")

    assert killed.returncode == -signal.SIGKILL
    assert name in down.out + down.err
    assert down.code == 0
    assert not [process for process in left if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    assert started_under(tmp_path) == []


@pytest.mark.parametrize("name", ["WARTA_PG_BIN", "WARTA_DSN"])
def test_a_step_that_fails_says_which_and_why_and_leaves_nothing_running(tmp_path, name):
    wrong = {"WARTA_PG_BIN": str(tmp_path), "WARTA_DSN": "host=127.0.0.1 port=1 dbname=none"}[name]
    step, code = {"WARTA_PG_BIN": ("Postgres", 7), "WARTA_DSN": ("Warta's tables", 3)}[name]

    up = warta(tmp_path / "state", "up", **{name: wrong})
    lines = (up.out + up.err).splitlines()

    assert up.code == code
    assert [line for line in lines if line.startswith(f"failed {step} (")]
    assert name in lines[-1] or "port 1" in lines[-1]
    assert "Traceback" not in "\n".join(lines)
    assert started_under(tmp_path) == []


def test_a_state_folder_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").touch()

    up = warta(tmp_path / "file" / "state", "up")

    assert (up.out + up.err).count("\n") == 1
    assert up.code == 7


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_up_stops_what_it_has_started(tmp_path, number, first_start):
    first_start(tmp_path / "postgres")
    up = started_up(tmp_path)
    while not (tmp_path / "postgres" / "port").exists():
        assert up.poll() is None
        time.sleep(0.05)

    up.send_signal(number)
    output = up.communicate()[0]

    assert up.returncode == 6
    assert number.name in output.splitlines()[-1]
    assert started_under(tmp_path) == []


@pytest.mark.slow
def test_down_ends_an_up_that_is_still_at_work(tmp_path, first_start):
    first_start(tmp_path / "postgres")
    up = started_up(tmp_path)
    while not (tmp_path / "postgres" / "port").exists():
        assert up.poll() is None
        time.sleep(0.05)

    down = warta(tmp_path, "down")

    assert "an unfinished `up`" in down.out + down.err
    assert up.wait(timeout=10) == 6
    assert started_under(tmp_path) == []


def test_ctrl_c_before_all_is_imported_shows_no_traceback():
    interrupted = "import os, signal, scrapers.__main__; os.kill(os.getpid(), signal.SIGINT)"

    ended = subprocess.run(
        [sys.executable, "-c", interrupted], cwd=ROOT, capture_output=True, check=False, preexec_fn=heed_ctrl_c
    )

    assert (ended.returncode, ended.stdout, ended.stderr) == (-signal.SIGINT, b"", b"")
