"""From the trigger form in the browser to the rows in Postgres, and what a kill leaves behind."""

import sys
from urllib.parse import quote

import psutil
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ARTICLES, UNBALANCED, eventually, pictured
from tests.processes import words_of

REVISIONS = "SELECT count(*) FROM revisions"
RUN = "SELECT outcome, arguments, discovered FROM runs WHERE requested_by = %s"


def trigger_in_browser(page: Page, address: str, limit: int) -> str:
    """Fill the trigger form of crawl_seed and submit it; return the id of the Dag run."""
    page.goto(f"{address}/dags/crawl_seed", wait_until="domcontentloaded")
    page.get_by_test_id("trigger-dag-button").click()
    form = page.get_by_role("dialog").filter(has_text="Trigger Dag")
    form.get_by_role("spinbutton").fill(str(limit))
    form.get_by_role("spinbutton").blur()
    mode = form.locator("#element_mode").get_by_role("combobox")
    mode.fill("full")
    mode.press("Enter")
    expect(form.locator("input[name=element_mode]")).to_have_value("full")
    with page.expect_response(
        lambda answer: answer.url.endswith("/dagRuns") and answer.request.method == "POST"
    ) as sent:
        page.get_by_test_id("trigger-dag-submit").click()
    assert sent.value.ok, sent.value.text()
    return sent.value.json()["dag_run_id"]


def test_a_crawl_from_the_browser_turns_green_and_adds_only_what_was_edited(warta, page):
    articles, [(revisions,)] = warta.rows(ARTICLES), warta.rows(REVISIONS)
    warta.run("seed-site", "edit")

    run_id = trigger_in_browser(page, warta.address, limit=100)
    page.goto(f"{warta.address}/dags/crawl_seed/runs/{quote(run_id)}", wait_until="domcontentloaded")
    run = f"dags/crawl_seed/dagRuns/{quote(run_id)}"
    eventually(lambda: warta.api("GET", run)["state"] == "success", seconds=120)
    expect(page.get_by_test_id("state-badge").first).to_have_text("Success", timeout=60_000)

    [(outcome, arguments, discovered)] = warta.rows(RUN, f"airflow:crawl_seed/{run_id}")
    assert (outcome, arguments["limit"], arguments["full"]) == ("succeeded", "100", "true")
    assert discovered >= len([url for url, _ in articles if ".localhost:" in url])  # others were ingested
    assert warta.rows(UNBALANCED) == []
    assert [url for url, _ in warta.rows(ARTICLES)] == [url for url, _ in articles]
    assert warta.rows(REVISIONS) == [(revisions + 1,)]
    page.get_by_role("link", name="Articles", exact=True).click()
    pages = page.frame_locator("iframe")
    pages.get_by_role("listitem").filter(has_text="revision 2").get_by_role("link").click()
    expect(pages.locator("ins").first).to_be_visible()
    pages.locator("ins").first.scroll_into_view_if_needed()
    pictured(page, "article")


def test_a_crawl_is_one_trace_from_the_dag_run_to_the_pages_that_it_stored(warta):
    def named(name: str) -> list[Span]:
        return [span for span in warta.collector.spans() if span.name == name]

    [run, *_] = eventually(lambda: named("dag_run.crawl_seed"))
    [task] = [span for span in named("worker.crawl") if span.trace_id == run.trace_id]
    said = {one.key: one.value.string_value or one.value.int_value for one in task.attributes}
    assert (said["warta.outlet"], said["warta.outcome"]) == ("seed", "succeeded")
    assert said["warta.pages.stored"] > 10

    warta.api("POST", "dags/watch/dagRuns", logical_date=None, conf={})
    assert eventually(lambda: "airflow.warta.alarms" in warta.collector.gauges(), seconds=120)


def test_dedup_was_woken_by_the_crawls(warta):
    runs = eventually(lambda: warta.api("GET", "dags/dedup/dagRuns?state=success")["dag_runs"])

    assert {run["run_type"] for run in runs} == {"asset_triggered"}
    assert warta.rows("SELECT count(*) > 0 FROM clusters") == [(True,)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills a child with its parent")
def test_a_task_set_to_failed_leaves_no_crawl_behind_and_the_next_one_takes_over(warta):
    before = warta.rows(ARTICLES)
    run = warta.api("POST", "dags/crawl_seed/dagRuns", logical_date=None, conf={"mode": "full"})
    task = f"dags/crawl_seed/dagRuns/{quote(run['dag_run_id'])}/taskInstances/crawl"
    asked_by = f"airflow:crawl_seed/{run['dag_run_id']}"

    def crawls() -> list[psutil.Process]:
        return [process for process in warta.processes() if f"requested_by={asked_by}" in words_of(process)]

    [crawl] = eventually(crawls)
    eventually(lambda: warta.rows(RUN, asked_by))
    crawl.suspend()  # so that it cannot end by itself, nor heed SIGTERM
    warta.api("PATCH", task, new_state="failed")

    eventually(lambda: not crawls())
    following = warta.api("POST", "dags/crawl_seed/dagRuns", logical_date=None)
    eventually(lambda: warta.rows(RUN + " AND outcome = 'succeeded'", f"airflow:crawl_seed/{following['dag_run_id']}"))
    assert warta.rows(RUN, asked_by)[0][0] == "interrupted"
    assert warta.rows(UNBALANCED) == []
    assert warta.rows(ARTICLES) == before


def test_down_ends_every_process(warta):
    assert len(warta.processes()) > 5

    warta.run("down")

    assert eventually(lambda: warta.processes() == [], seconds=10)
