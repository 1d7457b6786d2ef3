"""Airflow on this machine: its configuration, its database, its four components and a REST client.

Everything stands in airflow.cfg (0600) under AIRFLOW_HOME, keys included, and nothing of it in the
environment, which each crawl inherits. So `AIRFLOW_HOME=.warta/airflow .venv/bin/airflow …` works as well.
"""

import base64
import configparser
import io
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from scrapers import config
from scrapers.errors import StartError
from scrapers.local.ports import free_port
from scrapers.local.postgres import Cluster
from scrapers.storage.files import write_private

HOME = config.WARTA_HOME / "airflow"
DATABASE = "airflow"
VERSION = version("apache-airflow-core")
FIRST_PORT = 8080
USER, VIEWER = "admin", "viewer"  # who may do everything, and who may look
ACTIVE = ("queued", "running")
CALL_S = 30.0  # after which a call is made again
# Their log servers would listen on every interface; the api-server reads the logs from the disk instead.
COMPONENTS = {
    "api-server": ["api-server"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
}


def environment() -> dict[str, str]:
    """Return the variables of Airflow's processes: ours, without those meant for another Airflow."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW_")}
    loopback = ",".join(filter(None, [kept.get("NO_PROXY") or kept.get("no_proxy"), "127.0.0.1,localhost"]))
    return {
        **kept,
        "AIRFLOW_HOME": str(HOME),
        "WARTA_HOME": str(config.WARTA_HOME),
        "NO_PROXY": loopback,  # tasks talk to the api-server, which no proxy reaches
        "no_proxy": loopback,
        "PYTHONUNBUFFERED": "1",
    }


def command(component: str) -> list[str]:
    """Return the command line of one of Airflow's components or subcommands."""
    return [sys.executable, "-m", "airflow", *COMPONENTS.get(component, component.split())]


def address() -> str:
    """Return where the UI is."""
    return f"http://127.0.0.1:{(HOME / 'port').read_text().strip()}"


def password() -> str:
    """Return the password of the UI's user who may do everything."""
    return str(json.loads((HOME / "passwords.json").read_text())[USER])


def _complete_passwords() -> None:
    """Make a password for each user who has none yet."""
    file = HOME / "passwords.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    if missing := {USER, VIEWER} - known.keys():
        write_private(file, json.dumps(known | {user: secrets.token_urlsafe(12) for user in sorted(missing)}))


def configure(cluster: Cluster, *, keep_port: bool) -> bool:
    """Write airflow.cfg; True where it differs from the one that a running Airflow has read, or is another release's.

    `keep_port` says that the api-server runs, so that its own port is not mistaken for a taken one.
    """
    if not keep_port:
        write_private(HOME / "port", str(free_port(HOME / "port", FIRST_PORT)))
    _complete_passwords()
    config = configparser.RawConfigParser()
    config.read_dict(_options(int((HOME / "port").read_text()), _metadata_url(cluster), _keys()))
    text = io.StringIO(f"# Written by `warta up` for Airflow {VERSION}; edits are lost.\n")
    text.seek(0, io.SEEK_END)
    config.write(text)
    file = HOME / "airflow.cfg"
    if file.exists() and file.read_text(encoding="utf-8") == text.getvalue():
        return False
    write_private(file, text.getvalue())
    return True


def _options(port: int, metadata: str, keys: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return what differs from Airflow's defaults; RUN `airflow config list` for the rest."""
    at = f"http://127.0.0.1:{port}"
    options = {
        "core": {
            "dags_folder": str(config.ROOT / "dags"),
            "plugins_folder": str(config.ROOT / "plugins"),
            "executor": "LocalExecutor",
            "parallelism": "4",
            "simple_auth_manager_users": f"{USER}:admin,{VIEWER}:viewer",  # user:role
            "simple_auth_manager_passwords_file": str(HOME / "passwords.json"),
            "execution_api_server_url": f"{at}/execution/",
            "fernet_key": keys["fernet_key"],
            "hostname_callable": "socket.gethostname",  # the default asks the name server, who may be away
        },
        "database": {"sql_alchemy_conn": metadata, "sql_alchemy_conn_async": metadata},
        "api": {
            "host": "127.0.0.1",
            "port": str(port),
            "base_url": at,
            "workers": "1",
            "secret_key": keys["secret_key"],
        },
        "api_auth": {"jwt_secret": keys["jwt_secret"]},
        "dag_processor": {
            "refresh_interval": "5",  # by default a new file shows up after five minutes
            "bundle_refresh_check_interval": "2",
            "dag_bundle_storage_path": str(HOME / "dag_bundles"),  # not /tmp, which all users share
        },
        "logging": {"colored_console_log": "False"},
        **telemetry(),
    }
    for section, name, value in shared_options():
        options.setdefault(section, {})[name] = value
    return {
        section: {key: value.replace("%", "%%") for key, value in values.items()} for section, values in options.items()
    }


def telemetry() -> dict[str, dict[str, str]]:
    """Return the options that send metrics and traces, where OpenTelemetry's variable names a collector."""
    is_on = str(bool(os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")))
    return {section: {"otel_on": is_on} for section in ("metrics", "traces")}


def shared_options() -> list[tuple[str, str, str]]:
    """Return section, name and value of the options that docker-compose.yml sets too, by the same file."""
    lines = (config.ROOT / "docker" / "airflow.env").read_text(encoding="utf-8").splitlines()
    given = [line.split("=", 1) for line in lines if line and not line.startswith("#")]
    names = [(variable.lower().split("__")[1:], value) for variable, value in given]  # AIRFLOW__SECTION__NAME
    return [(section, name, value) for (section, name), value in names]


def _metadata_url(cluster: Cluster) -> str:
    """Return SQLAlchemy's form of the connection string; libpq reads the password from the file."""
    parts = conninfo_to_dict(cluster.dsn(DATABASE))
    host = f"{parts['user']}@{parts['host']}:{parts['port']}"
    return f"postgresql+psycopg://{host}/{DATABASE}?passfile={quote(str(parts['passfile']), safe='/')}"


def _keys() -> dict[str, str]:
    """Return Airflow's keys, made at the first call."""
    file = HOME / "keys.json"
    if not file.exists():
        fernet_key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        keys = {
            "fernet_key": fernet_key,
            **{name: secrets.token_hex(64) for name in ("secret_key", "jwt_secret")},
        }
        write_private(file, json.dumps(keys))
    return dict(json.loads(file.read_text(encoding="utf-8")))


MIGRATION = "airflow-db"  # the process that makes Airflow's tables


def is_migrated(cluster: Cluster) -> bool:
    """Return whether Airflow's database is of the installed version; makes the database.

    The version stands in the database's comment, so that to ask costs no start of Airflow.
    """
    cluster.create_database(DATABASE)
    comment = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    with psycopg.connect(cluster.dsn(DATABASE), autocommit=True) as connection:
        return connection.execute(comment).fetchone() == (_migrated(),)


def note_migrated(cluster: Cluster) -> None:
    """Note in Airflow's database that its tables are those of the installed version."""
    with psycopg.connect(cluster.dsn(DATABASE), autocommit=True) as connection:
        names = (sql.Identifier(DATABASE), sql.Literal(_migrated()))
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(*names))


def _migrated() -> str:
    return f"migrated for Airflow {VERSION}"


def last_line(log: Path) -> str:
    """Return the last line with a text in it."""
    lines = log.read_text(errors="replace").split("\n") if log.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "it printed nothing")


def task_log(dag_id: str, run_id: str) -> Path:
    """Return the newest log of the Dag run's tasks, or the folder where it would be."""
    folder = HOME / "logs" / f"dag_id={dag_id}" / f"run_id={run_id}"
    return max(folder.rglob("*.log"), key=lambda log: log.stat().st_mtime, default=folder)


def task_error(log: Path) -> str:
    """Return the last error in a task's log, which has one JSON object a line."""
    lines = log.read_text(errors="replace").splitlines() if log.is_file() else []
    for line in reversed(lines):
        with suppress(ValueError, KeyError, IndexError, TypeError):
            return str(json.loads(line)["error_detail"][0]["exc_value"])
    return "its log has no error"


class Api:
    """Airflow's REST API, as its one user.

    A call that is not answered is made again for as long as the api-server lives, as `lives` says, and `tell` hears of
    it: a busy machine is slow, and no call here does more when it is made twice.
    """

    def __init__(
        self, lives: Callable[[], bool] = lambda: False, tell: Callable[[str], object] = lambda text: None
    ) -> None:
        # trust_env: a proxy of the environment is not for 127.0.0.1
        self._client = httpx.Client(base_url=address(), trust_env=False, timeout=CALL_S)
        self._lives = lives
        self._tell = tell

    def unhealthy(self, since: datetime) -> list[str]:
        """Return which parts of Airflow do not answer, or have shown no sign of life since that time."""
        parts = ["scheduler", "dag_processor", "triggerer"]
        try:
            health = self._client.get("/api/v2/monitor/health").json()
            beats = {part: health[part][f"latest_{part}_heartbeat"] for part in parts}
            return [part for part, beat in beats.items() if not beat or datetime.fromisoformat(beat) < since]
        except (httpx.HTTPError, ValueError, KeyError):
            return ["api-server"]

    def create_pools(self, names: Iterable[str]) -> None:
        """Make the pools that are missing, of one slot each: at most one crawl an outlet."""
        there = {pool["name"] for pool in self._call("GET", "pools?limit=1000")["pools"]}
        for name in sorted(set(names) - there):
            body = {"name": name, "slots": 1, "description": "One crawl at a time"}
            self._call("POST", "pools", body, done_already=httpx.codes.CONFLICT)

    def dag_ids(self) -> set[str]:
        """Return the Dags that Airflow has read."""
        return {dag["dag_id"] for dag in self._call("GET", "dags?limit=1000")["dags"]}

    def import_errors(self) -> dict[str, str]:
        """Return the Dag files that could not be read, each with the last line of its traceback."""
        errors = self._call("GET", "importErrors")["import_errors"]
        return {error["filename"]: error["stack_trace"].strip().rpartition("\n")[2] for error in errors}

    def plugin_errors(self) -> dict[str, str]:
        """Return the plugins that could not be imported, each with its error."""
        errors = self._call("GET", "plugins/importErrors")["import_errors"]
        return {error["source"]: error["error"].strip().rpartition("\n")[2] for error in errors}

    def paused_dags(self) -> set[str]:
        """Return the Dags that are paused."""
        return {dag["dag_id"] for dag in self._call("GET", "dags?limit=1000&paused=true")["dags"]}

    def unpause(self, dag_id: str) -> None:
        """Let the Dag run."""
        self._call("PATCH", f"dags/{dag_id}", {"is_paused": False})

    def trigger(self, dag_id: str) -> str:
        """Start a run of the Dag, with its form as it stands; return the run's id."""
        run_id = f"manual__up_{uuid4().hex}"  # ours, so that a call that is made twice starts one run
        body = {"logical_date": None, "dag_run_id": run_id}
        self._call("POST", f"dags/{dag_id}/dagRuns", body, done_already=httpx.codes.CONFLICT)
        return run_id

    def runs(self, dag_id: str, *states: str) -> list[str]:
        """Return the ids of the Dag's runs in one of the states, the newest first."""
        query = "&".join(["order_by=-run_after", *(f"state={state}" for state in states)])
        return [run["dag_run_id"] for run in self._call("GET", f"dags/{dag_id}/dagRuns?{query}")["dag_runs"]]

    def wait(self, dag_id: str, run_id: str, seconds: float, tell: Callable[[str], None]) -> None:
        """Wait until the run has succeeded; call `tell` with the states of its tasks meanwhile.

        Raises StartError, which names the log, if the run failed or did not end within `seconds`.
        """
        run = f"dags/{dag_id}/dagRuns/{quote(run_id)}"
        deadline = time.monotonic() + seconds
        while (state := self._call("GET", run)["state"]) in ACTIVE and time.monotonic() < deadline:
            tasks = self._call("GET", f"{run}/taskInstances")["task_instances"]
            tell(", ".join(_task(task) for task in tasks) or state)
            time.sleep(0.5)
        if state != "success":
            what = "failed" if state == "failed" else f"is still {state} after {seconds:.0f} s"
            log = task_log(dag_id, run_id)
            raise StartError(f"the Dag run {dag_id} {what}: {task_error(log)}; see {log}")

    def woken_by(self, dag_id: str, source_run_id: str, seconds: float) -> str:
        """Return the run of the Dag that the asset, updated by that other run, has started.

        Raises StartError where there is none after so many seconds.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for run_id in self.runs(dag_id):
                events = self._call("GET", f"dags/{dag_id}/dagRuns/{quote(run_id)}/upstreamAssetEvents")
                if any(event["source_run_id"] == source_run_id for event in events["asset_events"]):
                    return run_id
            time.sleep(0.5)
        raise StartError(f"the Dag {dag_id} was not woken by {source_run_id} within {seconds:.0f} s; is it paused?")

    @cached_property
    def _token(self) -> str:
        answer = self._answer("POST", "/auth/token", json={"username": USER, "password": password()})
        if answer.status_code != httpx.codes.CREATED:
            raise StartError(f"Airflow at {address()} refuses the password in {HOME / 'passwords.json'}")
        return str(answer.json()["access_token"])

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, done_already: int | None = None
    ) -> Any:
        """Return the decoded answer; raises StartError. The status `done_already` is what a second call may get."""
        headers = {"Authorization": f"Bearer {self._token}"}
        answer = self._answer(method, f"/api/v2/{path}", json=body, headers=headers)
        if answer.is_error and answer.status_code != done_already:
            raise StartError(f"Airflow: {method} {path} was answered {answer.status_code}: {answer.text[:200]}")
        try:
            return answer.json()
        except ValueError as fault:
            raise StartError(f"Airflow: {method} {path} was answered with no JSON: {answer.text[:200]}") from fault

    def _answer(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Return the answer, as soon as one comes; raises StartError where the api-server has ended without one."""
        began = time.monotonic()
        while True:
            try:
                return self._client.request(method, path, **given)
            except httpx.HTTPError as fault:
                if not self._lives():
                    raise StartError(f"Airflow at {address()} does not answer: {fault}") from fault
                waited = time.monotonic() - began
                self._tell(f"the api-server lives and has not answered {method} {path} for {waited:.0f} s")
                time.sleep(1)


def _task(task: Mapping[str, Any]) -> str:
    tries = f" (try {task['try_number']})" if task["try_number"] > 1 else ""
    return f"{task['task_id']} {task['state'] or 'waiting'}{tries}"
