"""Crawls that Airflow kills, clears, doubles and takes up again: nothing is lost, nothing stored twice."""

import os
import signal
import sys
from contextlib import suppress
from itertools import pairwise
from urllib.parse import quote

import psutil
import pytest

from tests.e2e.conftest import ARTICLES, UNBALANCED, Warta, eventually
from tests.processes import words_of

REVISIONS = "SELECT article_id, revision FROM revisions ORDER BY 1, 2"
RUNS = "SELECT outcome FROM runs WHERE requested_by = %s ORDER BY started_at"
FETCHED_DAYS = """
    SELECT DISTINCT (articles.date_published AT TIME ZONE 'Asia/Jakarta')::date::text
    FROM articles JOIN fetches USING (page_id) JOIN runs USING (run_id)
    WHERE runs.requested_by = %s ORDER BY 1
"""

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills a child with its parent")


def trigger(warta: Warta, **conf: str) -> tuple[str, str]:
    """Trigger a crawl of known pages, too, of the seed site; return the id of its Dag run, and how its runs name it."""
    run = warta.api("POST", "dags/crawl_seed/dagRuns", logical_date=None, conf={"mode": "full", **conf})
    return str(run["dag_run_id"]), f"airflow:crawl_seed/{run['dag_run_id']}"


def state(warta: Warta, run_id: str) -> str:
    return str(warta.api("GET", f"dags/crawl_seed/dagRuns/{quote(run_id)}")["state"])


def stopped_in_the_middle(warta: Warta, asked_by: str) -> psutil.Process:
    """Return the crawl's process, stopped once the ledger knows of its run: it can neither go on nor end."""
    [crawl] = eventually(lambda: [one for one in warta.processes() if f"requested_by={asked_by}" in words_of(one)])
    eventually(lambda: warta.rows(RUNS, asked_by))
    crawl.suspend()
    return crawl


def kill_and_clear(warta: Warta, run_id: str, asked_by: str) -> None:
    """Kill the crawl in the middle, clear its task once Airflow knows, and wait for its good end."""
    stopped_in_the_middle(warta, asked_by).kill()
    task = f"dags/crawl_seed/dagRuns/{quote(run_id)}/taskInstances/crawl"
    eventually(lambda: warta.api("GET", task)["state"] == "up_for_retry")
    cleared = {"dag_run_id": run_id, "task_ids": ["crawl"], "only_failed": False, "dry_run": False}
    warta.api("POST", "dags/crawl_seed/clearTaskInstances", **cleared)
    eventually(lambda: state(warta, run_id) == "success")


@linux
def test_a_crawl_that_was_killed_is_cleared_and_ends_well(warta):
    articles, revisions = warta.rows(ARTICLES), warta.rows(REVISIONS)
    run_id, asked_by = trigger(warta)

    kill_and_clear(warta, run_id, asked_by)

    assert warta.rows(RUNS, asked_by) == [("interrupted",), ("succeeded",)]
    assert warta.rows(UNBALANCED) == []
    assert (warta.rows(ARTICLES), warta.rows(REVISIONS)) == (articles, revisions)


@linux
def test_a_backfill_of_thirty_days_that_was_killed_ends_with_the_articles_of_those_days(warta):
    articles, revisions = warta.rows(ARTICLES), warta.rows(REVISIONS)
    run_id, asked_by = trigger(warta, since="2025-11-16", until="2025-12-15")

    kill_and_clear(warta, run_id, asked_by)

    days = [day for [day] in warta.rows(FETCHED_DAYS, asked_by) if day]  # undated pages may be of any day
    assert days == ["2025-12-13", "2025-12-14", "2025-12-15"]
    assert warta.rows(RUNS, asked_by) == [("interrupted",), ("succeeded",)]
    assert warta.rows(UNBALANCED) == []
    assert (warta.rows(ARTICLES), warta.rows(REVISIONS)) == (articles, revisions)


def test_two_runs_asked_for_at_once_crawl_one_after_the_other(warta):
    articles, revisions = warta.rows(ARTICLES), warta.rows(REVISIONS)

    asked = [trigger(warta) for _ in range(2)]
    eventually(lambda: [state(warta, run_id) for run_id, _ in asked] == ["success", "success"], seconds=120)

    runs = warta.rows(
        "SELECT started_at, finished_at FROM runs WHERE requested_by = ANY(%s) ORDER BY 1", [by for _, by in asked]
    )
    assert len(runs) == 2
    assert all(finished <= started for (_, finished), (started, _) in pairwise(runs))
    assert warta.rows(UNBALANCED) == []
    assert (warta.rows(ARTICLES), warta.rows(REVISIONS)) == (articles, revisions)


@linux
def test_a_scheduler_that_was_killed_takes_up_its_crawl_again(warta):
    articles, revisions = warta.rows(ARTICLES), warta.rows(REVISIONS)
    run_id, asked_by = trigger(warta)

    crawl = stopped_in_the_middle(warta, asked_by)
    [scheduler] = [one for one in warta.processes() if "scheduler" in words_of(one) and os.getsid(one.pid) == one.pid]
    for process in [scheduler, *scheduler.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)
    eventually(lambda: not crawl.is_running() or crawl.status() == psutil.STATUS_ZOMBIE)
    warta.run("up")
    eventually(lambda: state(warta, run_id) == "success", seconds=150)

    assert warta.rows(RUNS, asked_by)[-1] == ("succeeded",)
    assert warta.rows(UNBALANCED) == []
    assert (warta.rows(ARTICLES), warta.rows(REVISIONS)) == (articles, revisions)
