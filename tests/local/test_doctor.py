"""`warta doctor` on installations that lack something; Airflow's answers are those of its REST API, made here."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scrapers.monitor.findings import Finding
from scrapers.monitor.watch import keep, watch


@pytest.fixture
def doctor(commands):
    """Return a function that returns the exit code of `warta doctor --json` and its checks by name."""

    def run():
        ended = commands.warta("doctor", "--json")
        told = json.loads(ended.out)
        assert told["well"] == (ended.code == 0)
        return ended.code, {check["name"]: check for check in told["checks"]}

    return run


def test_sound_installation_is_well_whatever_is_not_used_on_this_machine(commands, database, doctor):
    watch(database)

    code, checks = doctor()
    printed = commands.warta("doctor")

    assert code == 0, checks
    states = {name: check["state"] for name, check in checks.items()}
    assert states == dict.fromkeys(states, "ok") | {"airflow": "skipped"}
    assert {"postgres", "schema", "roles", "clock", "disk", "secrets", "watch", "crawls", "raw pages"} <= states.keys()
    assert "postgres" in printed.out


def test_watch_that_never_ran_is_told_unless_the_database_is_new(database, doctor):
    found = [doctor()[1]["watch"]["state"]]
    database.execute("UPDATE migrations SET applied_at = applied_at - interval '1 hour'")
    found.append(doctor()[1]["watch"]["state"])

    assert found == ["ok", "warning"]


def test_database_that_is_away_is_a_fault_and_the_rest_is_still_looked_at(commands, doctor):
    commands.environment["WARTA_DSN"] = "host=127.0.0.1 port=9 dbname=warta user=warta password=geheim"

    code, checks = doctor()

    assert code == 1
    assert checks["postgres"]["state"] == "fault"
    assert "127.0.0.1:9/warta cannot be reached" in checks["postgres"]["found"]
    assert "geheim" not in json.dumps(checks)
    assert checks["disk"]["state"] == "ok"


def test_what_is_late_or_lacks_or_lies_open_is_told_with_what_to_do(commands, database, doctor):
    watch(database, datetime.now(UTC) - timedelta(hours=2))
    database.execute("DELETE FROM migrations WHERE name = (SELECT max(name) FROM migrations)")
    database.execute(
        "INSERT INTO runs (run_id, outlet, kind, requested_by, started_at, finished_at, outcome)"
        " SELECT gen_random_uuid(), 'kompas', 'crawl', 'airflow:crawl_kompas/scheduled__1', at, at, 'succeeded'"
        " FROM (SELECT now() - interval '3 hours' AS at) AS long_ago"
    )
    found = Finding("feed_failing", "kompas", "http_500", datetime.now(UTC), subject="https://www.kompas.com/rss")
    keep(database, datetime.now(UTC) - timedelta(hours=2), [found], [], outlet="kompas")
    password = Path(commands.environment["WARTA_HOME"]) / "postgres" / "pgpass"
    password.parent.mkdir(parents=True)
    password.write_text("x")
    password.chmod(0o644)

    code, checks = doctor()

    assert code == 1
    assert {name for name, check in checks.items() if check["state"] == "fault"} == {
        "watch",
        "schema",
        "crawls",
        "secrets",
    }
    assert checks["alarms"]["found"] == "1 stand, 1 of them were told to nobody"
    assert checks["schema"]["advice"] == "run `warta migrate`"
    assert checks["secrets"]["advice"] == f"chmod 600 {password}"
    assert checks["crawls"]["found"].startswith("kompas: no successful crawl since ")


class Airflow(BaseHTTPRequestHandler):
    def do_GET(self):
        old, fresh = ((datetime.now(UTC) - timedelta(seconds=age)).isoformat() for age in (600, 5))
        beats = {"scheduler": old, "dag_processor": fresh, "triggerer": fresh}
        answers = {
            "/api/v2/monitor/health": {part: {f"latest_{part}_heartbeat": beat} for part, beat in beats.items()},
            "/api/v2/importErrors": {"import_errors": [{"filename": "x.py", "stack_trace": "…\nSyntaxError: x"}]},
            "/api/v2/plugins/importErrors": {"import_errors": []},
            "/api/v2/dags?limit=1000&paused=true": {"dags": [{"dag_id": "watch"}, {"dag_id": "crawl_kompas"}]},
        }
        self.answer(200, answers[self.path])

    def do_POST(self):
        self.answer(201, {"access_token": "x"})

    def answer(self, status, value):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def log_message(self, *args):
        pass


def test_scheduler_that_has_stopped_a_paused_watch_and_a_broken_dag_are_told(commands, database, doctor):
    watch(database)
    home = Path(commands.environment["WARTA_HOME"]) / "airflow"
    home.mkdir(parents=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Airflow)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    for name, text in {"airflow.cfg": "", "port": str(server.server_port), "passwords.json": '{"admin": "x"}'}.items():
        (home / name).write_text(text)
        (home / name).chmod(0o600)

    ended = commands.warta("doctor", "--json")
    server.shutdown()
    server.server_close()

    assert ended.code == 1, ended.err
    faults = [(check["name"], check["found"]) for check in json.loads(ended.out)["checks"] if check["state"] == "fault"]
    assert faults == [
        ("scheduler", "shows no sign of life"),
        ("dags", "x.py cannot be read: SyntaxError: x"),
        ("dags", "watch is paused"),
    ]
