import configparser
import json
import os
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scrapers.errors import StartError
from scrapers.local import airflow
from scrapers.local.postgres import Cluster


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """Return Airflow's folder, empty, in a path with a space and a per cent sign."""
    home = tmp_path / "100% here" / "airflow"
    monkeypatch.setattr(airflow, "HOME", home)
    return home


@pytest.fixture
def stopped_cluster(tmp_path) -> Cluster:
    """Return a cluster that was started once; only its port and its password file are there."""
    (tmp_path / "port").write_text("5544")
    (tmp_path / "pgpass").write_text("127.0.0.1:*:*:warta:its-password\n")
    return Cluster(tmp_path)


def options(home: Path) -> dict[str, str]:
    """Return what Airflow reads, as `section.option`."""
    config = configparser.ConfigParser()  # with interpolation, as Airflow's own
    config.read(home / "airflow.cfg")
    return {f"{section}.{name}": value for section in config.sections() for name, value in config[section].items()}


def test_the_configuration_is_private_and_holds_no_password_of_postgres(home, stopped_cluster):
    airflow.configure(stopped_cluster, keep_port=False)

    files = {file.name: file.read_text() for file in home.iterdir()}

    assert {file.stat().st_mode & 0o777 for file in home.iterdir()} == {0o600}
    assert not [name for name, text in files.items() if "its-password" in text]
    url = options(home)["database.sql_alchemy_conn"]
    assert url.startswith("postgresql+psycopg://warta@127.0.0.1:5544/airflow?passfile=/")


def test_everything_that_listens_or_is_addressed_is_on_the_loopback_address_at_one_port(home, stopped_cluster):
    airflow.configure(stopped_cluster, keep_port=False)

    found = options(home)

    port = (home / "port").read_text()
    assert (found["api.host"], found["api.port"]) == ("127.0.0.1", port)
    assert found["api.base_url"] == airflow.address() == f"http://127.0.0.1:{port}"
    assert found["core.execution_api_server_url"] == f"http://127.0.0.1:{port}/execution/"


def test_keys_and_password_are_made_once(home, stopped_cluster):
    airflow.configure(stopped_cluster, keep_port=False)
    before, password = options(home), airflow.password()
    passwords = (home / "passwords.json").read_text()
    (home / "airflow.cfg").unlink()

    airflow.configure(stopped_cluster, keep_port=True)

    assert options(home) == before
    assert (home / "passwords.json").read_text() == passwords
    assert json.loads(passwords).keys() == {"admin", "viewer"}
    assert before["core.simple_auth_manager_users"] == "admin:admin,viewer:viewer"
    assert len({before["core.fernet_key"], before["api.secret_key"], before["api_auth.jwt_secret"], password}) == 4


def test_it_says_whether_a_running_airflow_has_read_another_configuration(home, stopped_cluster):
    first = airflow.configure(stopped_cluster, keep_port=False)
    again = airflow.configure(stopped_cluster, keep_port=True)
    (stopped_cluster.home / "port").write_text("5545")
    moved = airflow.configure(stopped_cluster, keep_port=True)

    assert (first, again, moved) == (True, False, True)


@pytest.mark.parametrize(("collector", "is_on"), [("http://127.0.0.1:4318", "True"), ("", "False"), (None, "False")])
def test_metrics_and_traces_are_sent_where_the_environment_names_a_collector(
    home, stopped_cluster, monkeypatch, collector, is_on
):
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    if collector is not None:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector)

    airflow.configure(stopped_cluster, keep_port=False)

    assert (options(home)["metrics.otel_on"], options(home)["traces.otel_on"]) == (is_on, is_on)


def test_a_taken_port_is_left_to_its_owner_unless_that_is_the_api_server(home, stopped_cluster):
    airflow.configure(stopped_cluster, keep_port=False)
    before = airflow.address()
    with socket.create_server(("127.0.0.1", int(before.rpartition(":")[2]))):
        airflow.configure(stopped_cluster, keep_port=True)
        kept = airflow.address()
        airflow.configure(stopped_cluster, keep_port=False)

    assert kept == before
    assert airflow.address() != before


def test_settings_of_another_airflow_do_not_reach_ours(home, monkeypatch):
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "postgresql://production/airflow")
    monkeypatch.setenv("AIRFLOW_HOME", "/elsewhere")
    monkeypatch.setenv("NO_PROXY", "intranet")

    environment = airflow.environment()

    assert "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN" not in environment
    assert environment["AIRFLOW_HOME"] == str(home)
    assert environment["NO_PROXY"] == "intranet,127.0.0.1,localhost"
    assert environment["PATH"] == os.environ["PATH"]


def test_a_component_is_started_with_this_python_and_serves_no_logs():
    assert airflow.command("scheduler") == [sys.executable, "-m", "airflow", "scheduler", "--skip-serve-logs"]
    assert airflow.command("db migrate") == [sys.executable, "-m", "airflow", "db", "migrate"]


def test_a_failed_task_is_told_by_the_last_error_in_its_log(tmp_path):
    log = tmp_path / "attempt=1.log"
    error = {"event": "Task failed", "error_detail": [{"exc_type": "AirflowException", "exc_value": "robots.txt"}]}
    log.write_text("\n".join(["::group::", json.dumps({"event": "begins"}), json.dumps(error), '{"event": "ends"}']))

    assert airflow.task_error(log) == "robots.txt"
    assert airflow.task_error(tmp_path / "none") == "its log has no error"


def test_the_newest_log_of_a_run_is_named(home):
    folder = home / "logs" / "dag_id=crawl_seed" / "run_id=manual"
    for attempt in (1, 2):
        log = folder / "task_id=crawl" / f"attempt={attempt}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.touch()
        os.utime(log, (attempt, attempt))

    assert airflow.task_log("crawl_seed", "manual") == folder / "task_id=crawl" / "attempt=2.log"
    assert airflow.task_log("crawl_seed", "other") == folder.with_name("run_id=other")


@pytest.fixture
def slow_api(home, monkeypatch):
    """Serve as the api-server does, but leave the first two requests without an answer; return what was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, body))
            if len(asked) <= 2:
                time.sleep(0.6)
                return
            again = [path for path, _ in asked].count(self.path) > 1 and "dagRuns" in self.path
            status = 409 if again else 201
            answer = json.dumps({"access_token": "t"}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    monkeypatch.setattr(airflow, "CALL_S", 0.3)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        home.mkdir(parents=True)
        (home / "port").write_text(str(server.server_port))
        (home / "passwords.json").write_text('{"admin": "secret"}')
        yield asked
        server.shutdown()


def test_a_call_that_is_not_answered_is_made_again_for_as_long_as_the_api_server_lives(slow_api):
    heard = []

    run_id = airflow.Api(lambda: True, heard.append).trigger("crawl_seed")

    assert len(slow_api) >= 3
    assert {body["dag_run_id"] for path, body in slow_api if "dagRuns" in path} == {run_id}
    assert len(heard) == 2
    assert "the api-server lives and has not answered" in heard[0]


def test_a_call_that_is_not_answered_by_an_api_server_that_has_ended_is_an_error(slow_api):
    with pytest.raises(StartError, match="does not answer"):
        airflow.Api(lambda: False).trigger("crawl_seed")
