"""The job `airflow` of `warta upkeep`: Airflow's own tables and the logs of its tasks."""

import json
import os
import sys
from datetime import UTC, datetime, timedelta

import pytest

from scrapers.errors import StartError
from scrapers.local import airflow
from scrapers.local.upkeep import clean_airflow, delete_logs

TELL = "import json, os, sys; json.dump([sys.argv[1:], dict(os.environ)], open({file!r}, 'w'))"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Return the folder of an Airflow that `warta up` has made."""
    monkeypatch.setattr(airflow, "HOME", tmp_path)
    (tmp_path / "airflow.cfg").touch()
    return tmp_path


def test_tables_are_cleaned_with_the_configuration_that_a_task_is_not_given(home, monkeypatch):
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "airflow-db-not-allowed:///")
    monkeypatch.setenv("WARTA_KEEP_LOGS", "2")
    told = home / "told"
    monkeypatch.setattr(airflow, "command", lambda name: [sys.executable, "-c", TELL.format(file=str(told)), name])

    lines = list(clean_airflow())

    [name, _, before, *options], environment = json.loads(told.read_text())
    assert name == "db clean"
    assert options == ["--skip-archive", "--error-on-cleanup-failure", "--yes"]
    assert timedelta(days=59) < datetime.now(UTC) - datetime.fromisoformat(before) < timedelta(days=61)
    assert environment["AIRFLOW_HOME"] == str(home)
    assert "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN" not in environment
    assert len(lines) == 2


def test_failure_is_one_line(home, monkeypatch):
    fail = "import sys; sys.exit('Traceback\\nno database')"
    monkeypatch.setattr(airflow, "command", lambda name: [sys.executable, "-c", fail])

    with pytest.raises(StartError, match="`airflow db clean` failed: no database; is Postgres there"):
        list(clean_airflow())


def test_nothing_is_cleaned_that_is_kept_for_ever(home, monkeypatch):
    monkeypatch.setenv("WARTA_KEEP_LOGS", "0")

    assert list(clean_airflow()) == []


def test_old_logs_of_airflow_go_and_young_ones_stay(tmp_path):
    long_ago, month = datetime.now(UTC) - timedelta(days=100), datetime.now(UTC) - timedelta(days=90)
    for name in ("dag_id=x/run_id=1/attempt=1.log", "dag_id=x/run_id=2/attempt=1.log"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("x")
    os.utime(tmp_path / "dag_id=x/run_id=1/attempt=1.log", (long_ago.timestamp(),) * 2)

    assert delete_logs(tmp_path, month) == 1
    os.utime(tmp_path / "dag_id=x/run_id=1", (long_ago.timestamp(),) * 2)
    assert delete_logs(tmp_path, month) == 0

    assert [path.name for path in (tmp_path / "dag_id=x").iterdir()] == ["run_id=2"]
