"""The many-machine deployment, as far as it can be judged without Docker."""

import configparser
import os
import re
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from scrapers.config import ROOT
from scrapers.local import airflow
from scrapers.local.postgres import Cluster

TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
AIRFLOW = {name for name in SERVICES if name not in ("postgres", "redis")}
SECRET = re.compile(r"PASSWORD|SECRET|_KEY")
ENTRYPOINT = ROOT / "docker" / "entrypoint.sh"


def instructions(name: str) -> list[str]:
    """Return the Dockerfile's lines that begin with the instruction, without it."""
    lines = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    return [line.removeprefix(f"{name} ") for line in lines if line.startswith(f"{name} ")]


def required() -> set[str]:
    """Return the variables without which Compose refuses to start."""
    return set(re.findall(r"\$\{(\w+):\?", TEXT))


def test_every_secret_must_be_given_and_none_has_a_default():
    interpolated = set(re.findall(r"\$\{(\w+)", TEXT))

    secrets = {name for name in interpolated if SECRET.search(name)}

    assert secrets
    assert secrets <= required()


@pytest.mark.parametrize("service", SERVICES)
def test_every_secret_in_the_environment_is_a_variable(service):
    environment = SERVICES[service].get("environment", {})

    for name, value in environment.items():
        if SECRET.search(name):
            assert re.fullmatch(r"\$\{\w+:\?set \w+ in \.env\}", str(value)), name
        assert not re.search(r"://[^@/:]*:(?!\$\{\w+:\?)[^@/]+@", str(value)), name


def test_the_example_lists_exactly_what_must_be_given_and_gives_nothing():
    example = (ROOT / ".env.example").read_text()

    given = dict(line.split("=", 1) for line in example.splitlines() if line and not line.startswith("#"))

    assert set(given) == required()
    assert set(given.values()) == {""}


def test_only_the_ui_is_published_and_only_on_this_machine():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert list(published) == ["api-server"]
    assert all(str(port).startswith("127.0.0.1:") for port in published["api-server"])


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_needs_only_what_is_there(service):
    for needed, how in SERVICES[service].get("depends_on", {}).items():
        assert needed in SERVICES
        assert how["condition"] != "service_healthy" or "healthcheck" in SERVICES[needed]
    for volume in SERVICES[service].get("volumes", []):
        source = volume.split(":")[0]
        assert (ROOT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_comes_back_and_says_how_it_is(service):
    once = service == "airflow-init"

    assert SERVICES[service]["restart"] == ("no" if once else "unless-stopped")
    assert ("healthcheck" in SERVICES[service]) is not once
    assert SERVICES[service]["logging"]["options"]["max-size"]


def test_all_of_airflow_is_one_image_that_a_plain_user_runs():
    assert len({SERVICES[name]["image"] for name in AIRFLOW}) == 1
    assert {tuple(SERVICES[name]["cap_drop"]) for name in AIRFLOW} == {("ALL",)}
    assert instructions("USER") == ["warta"]


def test_all_of_airflow_has_the_same_settings():
    shared = SERVICES["worker"]["environment"]

    assert all(SERVICES[name]["environment"].items() >= shared.items() for name in AIRFLOW)
    assert "password" not in shared["WARTA_DSN"]


def test_what_one_machine_and_many_set_alike_stands_once_and_both_read_it(tmp_path, monkeypatch):
    monkeypatch.setattr(airflow, "HOME", tmp_path)
    (tmp_path / "port").write_text("8080")
    (tmp_path / "pgpass").write_text("")
    airflow.configure(Cluster(tmp_path), keep_port=True)
    config = configparser.ConfigParser()
    config.read(tmp_path / "airflow.cfg")

    shared = airflow.shared_options()

    assert {SERVICES[name]["env_file"] for name in AIRFLOW} == {"docker/airflow.env"}
    assert all(config[section][name] == value for section, name, value in shared)
    assert {name for _, name, _ in shared} >= {"task_instance_heartbeat_timeout", "orphaned_tasks_check_interval"}
    repeated = {f"AIRFLOW__{section}__{name}".upper() for section, name, _ in shared} & set(
        SERVICES["worker"]["environment"]
    )
    assert repeated == set()


def test_the_image_is_built_from_hashed_wheels_and_from_files_that_docker_gets():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    copied = [source for line in instructions("COPY") for source in line.split()[:-1]]

    assert {f"!{source}" for source in copied} == {line for line in ignored if line.startswith("!")}
    assert "*" in ignored
    assert all((ROOT / source).exists() for source in copied)
    assert any("--require-hashes" in line and "--only-binary=:all:" in line for line in instructions("RUN"))


def test_the_entrypoint_moves_the_databases_passwords_out_of_the_environment(tmp_path: Path):
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "WARTA_DB_PASSWORD": "one",
        "AIRFLOW_DB_PASSWORD": "two",
    }

    seen = subprocess.run([ENTRYPOINT, "env"], env=environment, capture_output=True, text=True, check=True).stdout

    assert "PASSWORD" not in seen
    assert (tmp_path / ".pgpass").read_text() == "*:*:warta:warta:one\n*:*:airflow:airflow:two\n"
    assert stat.S_IMODE((tmp_path / ".pgpass").stat().st_mode) == 0o600


def test_the_entrypoint_refuses_to_start_without_a_password(tmp_path: Path):
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "WARTA_DB_PASSWORD": "one"}

    ended = subprocess.run([ENTRYPOINT, "env"], env=environment, capture_output=True, text=True, check=False)

    assert ended.returncode != 0
    assert "AIRFLOW_DB_PASSWORD" in ended.stderr


def test_the_first_start_lets_who_may_read_the_ui_see_the_plugin_in_it():
    script = (ROOT / "docker" / "init.sh").read_text()

    assert "airflow roles add-perms Viewer User --resource Plugins --action can_read" in script.splitlines()
    assert script.index("airflow sync-perm") < script.index("airflow roles add-perms")
