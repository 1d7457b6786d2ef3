"""The Dag files as Airflow reads them; no database and no network is there."""

import re
import subprocess
import sys
from copy import deepcopy
from datetime import timedelta

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG
from airflow.sdk.exceptions import ParamValidationError

from scrapers.airflow.operators import ARTICLES, CrawlOperator
from scrapers.config import ROOT
from scrapers.spiders import outlets, pool_of

DAGS = ROOT / "dags"


@pytest.fixture(scope="module")
def bag() -> DagBag:
    return DagBag(DAGS)


@pytest.fixture(params=[outlet.name for outlet in outlets()])
def outlet(request: pytest.FixtureRequest) -> type:
    return next(outlet for outlet in outlets() if outlet.name == request.param)


@pytest.fixture
def dag(bag: DagBag, outlet: type) -> DAG:
    return bag.dags[f"crawl_{outlet.name}"]


def test_every_dag_file_is_read_without_an_error(bag):
    assert bag.import_errors == {}


def test_each_outlet_has_a_dag_beside_those_of_the_corpus(bag):
    of_the_corpus = {"dedup", "export", "quarantine", "reextract", "stories", "tell_watches", "upkeep", "watch"}

    assert set(bag.dags) == {f"crawl_{outlet.name}" for outlet in outlets()} | of_the_corpus


def test_a_crawl_runs_when_and_as_its_outlet_declares(dag, outlet):
    crawl = dag.get_task("crawl")

    assert isinstance(crawl, CrawlOperator)
    assert crawl.outlet == outlet.name
    assert dag.schedule == outlet.cron()
    assert str(dag.timezone) == outlet.time_zone
    assert dag.is_paused_upon_creation is outlet.paused
    assert crawl.execution_timeout == outlet.timeout + timedelta(minutes=5)  # the crawl ends itself before


def test_a_crawl_takes_a_slot_of_its_host_and_never_runs_beside_itself(dag, outlet):
    crawl = dag.get_task("crawl")

    assert crawl.pool == pool_of(outlet.name) == f"host_{outlet.name}"
    assert dag.max_active_runs == 1
    assert dag.catchup is False


def test_a_crawl_updates_the_asset_and_the_asset_wakes_dedup(bag, dag):
    assert dag.get_task("crawl").outlets == [ARTICLES]
    assert bag.dags["dedup"].timetable.asset_condition.objects == (ARTICLES,)


def test_the_form_asks_for_what_a_crawl_can_be_told(dag):
    assert dict(dag.params.validate()) == {
        "limit": None,
        "since": None,
        "until": None,
        "urls": None,
        "mode": "incremental",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("limit", 1),
        ("since", "2026-01-31"),
        ("until", "2026-01-31"),
        ("urls", ["https://a.test/x?y=1"]),
        ("mode", "full"),
    ],
)
def test_the_form_takes_what_makes_sense(dag, field, value):
    form = deepcopy(dag.params)

    form[field] = value

    assert form.validate()[field] == value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("limit", 0),
        ("limit", "5; rm -rf /"),
        ("since", "31.01.2026"),
        ("since", "yesterday"),
        ("urls", ["file:///etc/passwd"]),
        ("urls", ["https://a.test/ -a full=true"]),
        ("mode", "fast"),
    ],
)
def test_the_form_refuses_what_does_not(dag, field, value):
    form = deepcopy(dag.params)

    with pytest.raises(ParamValidationError):
        form[field] = value


def test_each_dag_and_each_task_says_what_it_does_and_when_it_ends(bag):
    for dag in bag.dags.values():
        assert len(dag.doc_md.split()) > 20, dag.dag_id
        assert dag.tags, dag.dag_id
        assert dag.description, dag.dag_id
        assert dag.dagrun_timeout, dag.dag_id
        for task in dag.tasks:
            assert "retry" in task.doc_md, task
            assert task.owner == "warta", task
            assert task.retries == 2, task
            assert task.retry_exponential_backoff == 2, task
            assert timedelta() < task.execution_timeout < dag.dagrun_timeout, task


def test_no_dag_file_holds_an_address_or_a_password():
    for file in DAGS.glob("*.py"):
        assert not re.search(r"(?i)passw|secret|token|postgres(ql)?://|https?://", file.read_text()), file


def test_dag_files_only_wire():
    for file in DAGS.glob("*.py"):
        assert len(file.read_text().splitlines()) <= 40, file


def test_dag_files_load_declarations_and_neither_extraction_nor_storage_nor_a_crawl():
    files = ", ".join(file.stem for file in DAGS.glob("*.py"))
    loaded = f"import sys, airflow.sdk; before = set(sys.modules); import {files}; print(*set(sys.modules) - before)"
    process = subprocess.run([sys.executable, "-c", loaded], cwd=DAGS, capture_output=True, text=True, timeout=120)

    names = process.stdout.split()
    assert "scrapers.spiders.kompas" in names, process.stderr
    rooms = r"scrapers\.(crawl|storage|dedup|publish|fetch|pipelines|extract\.(article|reading|body|fields|layers))\b"
    assert [name for name in names if re.match(rf"{rooms}|(psycopg|numba|numpy|pyarrow)\b", name)] == []
    assert len(names) < 450
