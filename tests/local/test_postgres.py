import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from scrapers.config import ROOT
from scrapers.errors import StartError, UsageError
from scrapers.local import postgres
from scrapers.local.postgres import Cluster

FAST = {"fsync": "off"}
START = "import sys, pathlib; from scrapers.local.postgres import Cluster; Cluster(pathlib.Path(sys.argv[1])).start()"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Return a running cluster that no test stops."""
    cluster = Cluster(tmp_path_factory.mktemp("shared"), options=FAST)
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Cluster]:
    """Return a cluster that was never started, in a folder whose path has a space and a quote."""
    cluster = Cluster(tmp_path / "it's here" / "postgres", options=FAST)
    yield cluster
    cluster.stop()


@pytest.fixture
def initialised(new: Cluster, first_start: Callable[[Path], None]) -> Cluster:
    """Return a stopped cluster in such a folder, with the data of its first start."""
    first_start(new.home)
    return new


@pytest.fixture
def started(initialised: Cluster) -> Cluster:
    initialised.start()
    return initialised


def query(cluster: Cluster, statement: str) -> list[tuple]:
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def pid(cluster: Cluster) -> int:
    process = cluster.process()
    assert process
    return process.pid


def test_a_second_start_leaves_the_running_server_alone(shared):
    before = pid(shared)

    shared.start()

    assert pid(shared) == before


@pytest.mark.slow
def test_processes_that_start_it_at_the_same_time_get_one_server(new):
    racers = [subprocess.Popen([sys.executable, "-c", START, new.home], cwd=ROOT) for _ in range(4)]

    codes = [racer.wait(timeout=60) for racer in racers]

    assert codes == [0, 0, 0, 0]
    servers = [p for p in psutil.process_iter(["cmdline"]) if str(new.data) in (p.info["cmdline"] or ())]
    assert [server.pid for server in servers] == [pid(new)]


def test_data_is_there_again_after_a_stop_and_a_start(started):
    query(started, "CREATE TABLE kept AS SELECT 1 AS one")

    started.stop()
    stopped = started.is_running()
    started.start()

    assert not stopped
    assert query(started, "TABLE kept") == [(1,)]


@pytest.mark.slow
def test_what_was_committed_survives_a_killed_server(tmp_path, first_start):
    first_start(tmp_path / "postgres")
    cluster = Cluster(tmp_path / "postgres")  # with fsync
    cluster.start()
    query(cluster, "CREATE TABLE kept AS SELECT 1 AS one")

    os.kill(pid(cluster), signal.SIGKILL)
    cluster.start()

    assert query(cluster, "TABLE kept") == [(1,)]
    cluster.stop()


def test_the_port_stays_the_same_unless_another_program_has_taken_it(started):
    first = (started.home / "port").read_text()

    started.stop()
    started.start()
    again = (started.home / "port").read_text()
    started.stop()
    with socket.create_server(("127.0.0.1", int(first))):
        started.start()
        other = (started.home / "port").read_text()

    assert again == first
    assert other != first
    assert query(started, "SELECT 1") == [(1,)]


def test_a_port_file_that_was_lost_is_written_again(shared):
    port = (shared.home / "port").read_text()
    (shared.home / "port").unlink()

    shared.start()

    assert (shared.home / "port").read_text() == port


@pytest.mark.parametrize("password", ["wrong", ""])
def test_it_refuses_whoever_does_not_have_the_password(shared, password, tmp_path, monkeypatch):
    pgpass = tmp_path / "pgpass"
    pgpass.write_text(f"*:*:*:*:{password}\n")
    pgpass.chmod(0o600)

    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(shared.dsn(), passfile=str(pgpass))


def test_the_password_is_in_a_private_file_and_nowhere_else(shared):
    password = (shared.home / "pgpass").read_text().splitlines()[0].rpartition(":")[2]

    assert (shared.home / "pgpass").stat().st_mode & 0o777 == 0o600
    assert len(password) > 30
    assert password not in shared.dsn()
    holders = [path for path in shared.home.glob("*") if path.is_file() and password in path.read_text()]
    assert holders == [shared.home / "pgpass"]


def test_it_listens_on_the_loopback_address_only(shared):
    process = shared.process()
    assert process

    listening = [c.laddr.ip for c in process.net_connections("all") if c.status == psutil.CONN_LISTEN or not c.laddr]

    assert listening == ["127.0.0.1"]


def test_it_speaks_utf_8_and_utc(shared):
    assert query(shared, "SELECT getdatabaseencoding(), current_setting('timezone')") == [("UTF8", "UTC")]
    assert query(shared, "SELECT upper('é')") == [("É",)]


def test_a_reader_may_log_in_from_the_first_call_on_and_stays_who_he_is(shared):
    first, again = shared.reader_dsn(), shared.reader_dsn()

    assert first == again
    with psycopg.connect(first) as connection:
        connection.execute("SET ROLE NONE")
        assert connection.execute("SELECT session_user, current_user").fetchone() == ("warta_reader", "warta_reader")
    owner, reader = [line.rpartition(":")[2] for line in (shared.home / "pgpass").read_text().splitlines()]
    assert len(reader) > 30
    assert owner != reader
    assert reader not in shared.log.read_text()


def test_all_connections_taken_is_no_reason_to_touch_the_server(initialised):
    cluster = Cluster(initialised.home, options={**FAST, "max_connections": "5", "superuser_reserved_connections": "0"})
    cluster.start()
    before, settings, heard = pid(cluster), (cluster.data / "warta.conf").read_text(), []
    taken = [psycopg.connect(cluster.dsn()) for _ in range(5)]
    launched = []
    threading.Timer(3, lambda: [connection.close() for connection in taken]).start()

    cluster.start(tell=heard.append, launches=lambda: launched.append(True))

    assert pid(cluster) == before
    assert (cluster.data / "warta.conf").read_text() == settings
    assert launched == []
    assert f"process {before} lives and does not answer" in heard[0]
    assert "too many clients" in heard[0]
    cluster.stop()


def test_a_server_that_stays_silent_is_told_of_and_left_as_it_is(started, monkeypatch):
    monkeypatch.setattr(postgres, "PATIENCE_SECONDS", 1)
    server = started.process()
    server.suspend()

    with pytest.raises(StartError, match=rf"process {server.pid}\) lives, but did not answer .*; it is left as it is"):
        started.start()
    server.resume()

    assert started.process() == server
    assert query(started, "SELECT 1") == [(1,)]


@pytest.mark.slow
def test_a_server_that_a_killed_command_had_begun_to_start_is_taken_over(started):
    server = pid(started)
    (started.home / "port").unlink()

    started.start()

    assert pid(started) == server


@pytest.mark.parametrize("name", ["it's 100% here", "ü – 新聞", "a  b", "a;b&c|d", "#{x}~!"])
def test_a_folder_may_have_nearly_any_name(tmp_path, name):
    cluster = Cluster(tmp_path / name, options=FAST)
    cluster.start()

    assert query(cluster, "SELECT 1") == [(1,)]
    cluster.stop()


@pytest.mark.parametrize("name", ['a"b', "a$HOME", "a$(touch x)", "a`touch x`", "a\nb", "a\\b", "a\udcffb"])
def test_a_folder_that_a_shell_would_misread_is_refused_at_once(tmp_path, name):
    with pytest.raises(UsageError, match="choose another folder") as refused:
        Cluster(tmp_path / name, options=FAST).start()

    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_stop_leaves_another_cluster_running(started, shared):
    started.stop()

    assert not started.is_running()
    assert shared.is_running()


def test_stop_and_start_leave_a_process_alone_that_got_the_number_of_a_dead_server(started):
    started.stop()
    innocent = subprocess.Popen(["sleep", "60"])
    began = int(time.time())
    (started.data / "postmaster.pid").write_text(f"{innocent.pid}\n{started.data}\n{began}\n5432\n\n127.0.0.1\n")

    started.stop()
    started.start()

    assert started.is_running()
    assert innocent.poll() is None
    innocent.kill()
    innocent.wait()


def test_stop_is_fine_where_nothing_was_started_and_where_the_data_is_gone(started, tmp_path):
    server = started.process()
    assert server

    Cluster(tmp_path / "never").stop()
    shutil.rmtree(started.home)
    started.stop()

    assert not psutil.pid_exists(server.pid) or server.status() == psutil.STATUS_ZOMBIE


def test_a_start_that_was_killed_in_the_middle_does_not_harm_the_next(new):
    (new.home / "data.new" / "base").mkdir(parents=True)

    new.start()

    assert new.is_running()


def test_a_bad_setting_is_one_line_that_names_the_log(tmp_path, first_start):
    first_start(tmp_path / "postgres")
    cluster = Cluster(tmp_path / "postgres", options={**FAST, "shared_buffers": "plenty"})

    with pytest.raises(StartError) as failed:
        cluster.start()

    assert "\n" not in str(failed.value)
    assert "contains errors" in str(failed.value)
    assert str(cluster.log) in str(failed.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="a plain user needs neither unshare nor setpriv")
def test_root_without_user_namespaces_is_told_which_folder_a_plain_user_cannot_reach(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "unshare").symlink_to("/bin/false")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    (tmp_path / "private").mkdir(mode=0o700)

    with pytest.raises(StartError, match=f"root, and uid 65534 cannot reach {tmp_path}/private/postgres"):
        Cluster(tmp_path / "private" / "postgres").start()


def test_a_lost_password_is_said_and_the_data_is_not_touched(started):
    started.stop()
    (started.home / "pgpass").unlink()

    with pytest.raises(StartError, match="pgpass"):
        started.start()

    assert (started.data / "PG_VERSION").exists()


def test_a_database_is_made_once_and_may_copy_another(shared):
    shared.create_database("original")
    with psycopg.connect(shared.dsn("original"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")

    shared.create_database("copied", template="original")
    shared.create_database("copied", template="original")

    with psycopg.connect(shared.dsn("copied")) as connection:
        assert connection.execute("TABLE kept").fetchall() == [(1,)]
