import os
import re
import subprocess
import tomllib

import pytest
from packaging.requirements import Requirement

from scrapers.config import ROOT

LOCKS = {"requirements.lock": "dev", "requirements-cluster.lock": "cluster"}


def locked(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==([^ ;\\]+)", (ROOT / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize(("lock", "extra"), LOCKS.items())
def test_the_lock_has_what_pyproject_asks_for(lock, extra):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    versions = locked(lock)

    wanted = [Requirement(line) for line in (*project["dependencies"], *project["optional-dependencies"][extra])]

    assert [str(it) for it in wanted if not it.specifier.contains(versions.get(it.name, "0"))] == []


@pytest.mark.parametrize("lock", [*LOCKS, "requirements-uv.lock"])
def test_a_lock_has_a_hash_for_each_package_and_names_no_registry(lock):
    text = (ROOT / lock).read_text()

    packages = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL)

    assert packages
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert not re.search(r"https?://|--(extra-)?index-url", text)


def test_an_unfit_python_is_named_and_nothing_is_made(tmp_path):
    (tmp_path / "scripts").mkdir()
    script = tmp_path / "scripts" / "bootstrap"
    script.write_bytes((ROOT / "scripts" / "bootstrap").read_bytes())
    script.chmod(0o755)

    made = subprocess.run([script], env={**os.environ, "PYTHON": "/bin/false"}, capture_output=True, text=True)

    assert made.returncode == 1
    assert made.stderr == "PYTHON=/bin/false is no Python 3.11, 3.12 or 3.13\n"
    assert not (tmp_path / ".venv").exists()


def test_make_alone_lists_the_targets():
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    targets = re.findall(r"^make ([a-z0-9-]+)", listed, re.MULTILINE)
    tests = {"test", "test-e2e", "test-spark", "test-readers", "test-s3", "crash", "proof", "check"}
    measured = (
        "extract",
        "discovery",
        "crawl",
        "dedup",
        "dedup-postgres",
        "search",
        "ui",
        "export",
        "reextract",
        "snapshots",
    )
    benchmarks = {f"bench-{what}" for what in measured}
    assert {"up", "down", "status", *tests, *benchmarks, "schema", "reference", "lock", "clean", "help"} == set(targets)
