"""Warta's pages inside Airflow's UI."""

import re
from urllib.parse import quote

from playwright.sync_api import expect


def test_menu_leads_to_today_and_on_to_an_article_whose_address_can_be_shared(warta, page):
    page.get_by_role("link", name="Warta", exact=True).click()
    pages = page.frame_locator("iframe")
    expect(pages.get_by_role("heading", name="Today")).to_be_visible()
    expect(pages.get_by_role("row").filter(has_text="seed").first).to_contain_text("UTC")

    pages.get_by_role("link", name="Search").click()
    pages.get_by_role("searchbox").fill("kemenko")
    pages.get_by_role("button", name="Search").click()
    found = pages.get_by_role("heading").get_by_role("link").first
    headline = found.inner_text()
    found.click()
    expect(pages.get_by_role("heading", level=1)).to_have_text(headline)

    page.wait_for_url(re.compile("/plugin/warta/.*articles/"))
    page.reload(wait_until="domcontentloaded")
    expect(pages.get_by_role("heading", level=1)).to_have_text(headline)


def test_raw_page_of_an_article_is_shown_and_runs_nothing(warta, page):
    page.goto(f"{warta.address}/warta/articles/1", wait_until="domcontentloaded")

    page.get_by_text("Show it, without").click()
    raw = page.frame_locator("iframe")

    expect(raw.locator("body")).to_contain_text(page.get_by_role("heading", level=1).inner_text())


def test_dag_and_its_runs_have_a_tab_of_their_own(warta, page):
    page.goto(f"{warta.address}/dags/crawl_seed", wait_until="domcontentloaded")
    page.get_by_role("link", name="Outlet", exact=True).click()

    expect(page.frame_locator("iframe").get_by_role("heading", name="seed")).to_be_visible()

    [run] = warta.api("GET", "dags/crawl_seed/dagRuns?limit=1&state=success")["dag_runs"]
    page.goto(f"{warta.address}/dags/crawl_seed/runs/{quote(run['dag_run_id'])}", wait_until="domcontentloaded")
    page.get_by_role("link", name="Articles", exact=True).click()

    expect(page.frame_locator("iframe").get_by_role("row").filter(has_text="seed")).to_contain_text("succeeded")


def test_airflow_loaded_every_plugin(warta):
    errors = warta.api("GET", "plugins/importErrors")
    [ours] = [one for one in warta.api("GET", "plugins")["plugins"] if one["name"] == "warta"]

    assert errors["total_entries"] == 0
    assert [view["destination"] for view in ours["external_views"]] == ["nav", "dag", "dag_run"]


def test_unknown_user_is_asked_to_log_in_and_gets_the_page_then(warta, page):
    page.context.clear_cookies()

    page.goto(f"{warta.address}/warta/edits?outlet=seed", wait_until="domcontentloaded")
    page.locator("input[name=username]").fill("admin")
    page.locator("input[name=password]").fill(warta.password)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Edits")).to_be_visible()
    assert page.url == f"{warta.address}/warta/edits?outlet=seed"
