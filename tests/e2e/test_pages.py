"""Warta's pages inside Airflow's UI."""

import csv
import io
import re
from urllib.parse import quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.conftest import eventually, pictured, sign_in

PAGES = [
    "", "search?q=kemenko", "articles/1", "articles/1/takedown", "edits?since=2020-01-01", "copies", "copies/1/11",
    "watches", "outlets", "outlets/seed", "ledger?url=https://www.inews.id/", "dags/crawl_seed/runs/none",
]  # fmt: skip
HOSTILE = (
    "</title>\"'><script>window.top.taken = 1</script>"
    '<img src=x onerror="window.top.taken = 1"><svg onload=alert(1)><a href="javascript:alert(1)">x</a>'
)
ALARM = """
    INSERT INTO alarms (rule, outlet, subject, sample_url, summary, began_at, last_seen_at)
    VALUES ('feed_failing', 'seed', 'http://www.inews.localhost/feed', 'http://www.inews.localhost/feed',
            '3 failed polls in a row: http_500', now() - interval '2 hours', now())
    RETURNING alarm_id
"""
REPORT = """Harga Beras di {town} Naik {percent} Persen

Siti Rahma
Pedagang beras di pasar (Foto: Warta)

{island}, iNews.id - Harga beras di {town} naik {percent} persen menjadi {price} rupiah per kilogram, {day}. Kenaikan
ini terjadi sejak awal pekan di semua pasar tradisional kota itu.

Pedagang menyebut pasokan dari petani berkurang karena musim tanam mundur. Mereka berharap pemerintah segera menyalurkan
cadangan beras supaya harga kembali terjangkau bagi warga.

Dinas perdagangan setempat berjanji menggelar operasi pasar di setiap kecamatan sampai harga stabil. Warga diminta
membeli secukupnya dan tidak menimbun beras di rumah.

Sementara itu petani meminta harga gabah tidak ditekan ketika panen raya tiba, karena ongkos pupuk dan tenaga kerja juga
bertambah mahal pada musim ini.
"""
REPORTS = (
    {"town": "Medan", "island": "SUMATRA UTARA", "percent": 12, "price": "14.500", "day": "Senin"},
    {"town": "Padang", "island": "SUMATRA BARAT", "percent": 17, "price": "15.900", "day": "Selasa"},
)


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


def test_home_page_has_a_card_that_leads_to_today(warta, page):
    card = page.get_by_role("region", name="Warta today")

    expect(card).to_contain_text("new articles of")
    card.get_by_role("link", name="Warta today").click()
    expect(page.frame_locator("iframe").get_by_role("heading", name="Today")).to_be_visible()


def test_alarm_is_acknowledged_where_it_is_seen(warta, page):
    [(alarm_id,)] = warta.rows(ALARM)
    page.goto(f"{warta.address}/plugin/warta", wait_until="domcontentloaded")
    pages = page.frame_locator("iframe")
    alarm = pages.locator(f"#alarm-{alarm_id}")
    expect(alarm).to_contain_text("3 failed polls in a row")
    pictured(page, "today")

    alarm.get_by_role("button", name="Acknowledge").click()

    expect(pages.locator(f"#alarm-{alarm_id}")).to_contain_text("admin looks after it.")
    assert warta.rows("SELECT acknowledged_by FROM alarms WHERE alarm_id = %s", alarm_id) == [("admin",)]
    warta.rows("UPDATE alarms SET ended_at = now() WHERE alarm_id = %s RETURNING 1", alarm_id)


def test_pair_in_doubt_is_decided_by_a_key(warta, page, tmp_path):
    for report in REPORTS:
        (tmp_path / f"{report['town']}.txt").write_text(REPORT.format(**report))
    warta.run("ingest", str(tmp_path))
    warta.run("dedup")
    page.goto(f"{warta.address}/warta/copies", wait_until="domcontentloaded")
    page.get_by_role("link", name="Look at the first").click()
    expect(page.get_by_role("heading", name="Are these two the same?")).to_be_visible()
    expect(page.locator("del").first).to_be_visible()
    expect(page.locator("ins").first).to_be_visible()
    pictured(page, "copies")

    page.keyboard.press("d")

    expect(page.get_by_text("None is in doubt.")).to_be_visible()
    assert warta.rows("SELECT decided_by FROM splits") == [("admin",)]


def test_viewer_reads_every_page_and_can_change_nothing(warta, page):
    [(alarm_id,)] = warta.rows(ALARM)
    page.context.clear_cookies()
    sign_in(page, warta, "viewer")

    page.goto(f"{warta.address}/warta/", wait_until="domcontentloaded")
    expect(page.locator(f"#alarm-{alarm_id}")).to_contain_text("3 failed polls in a row")
    expect(page.get_by_role("button", name="Acknowledge")).to_have_count(0)
    read = {path: page.goto(f"{warta.address}/warta/{path}", wait_until="domcontentloaded").status for path in PAGES}
    forms = {
        f"alarms/{alarm_id}/acknowledge": {},
        "articles/1/takedown": {"reason": "x", "meant": "true"},
        "copies/1/11": {"verdict": "same"},
        "ledger/replay": {},
        "outlets/seed/crawl": {},
    }
    here = {"Origin": warta.address}
    sent = {
        path: page.request.post(f"{warta.address}/warta/{path}", form=form, headers=here).status
        for path, form in forms.items()
    }
    ended = warta.rows("UPDATE alarms SET ended_at = now() WHERE alarm_id = %s RETURNING acknowledged_by", alarm_id)

    assert {path for path, status in read.items() if status != 200} <= {"articles/1/takedown"}
    assert set(sent.values()) == {403}, sent
    assert ended == [(None,)]


def test_found_articles_are_taken_away(warta, page):
    page.goto(f"{warta.address}/warta/search?q=kemenko", wait_until="domcontentloaded")
    hits = page.locator(".hits li").count()

    with page.expect_download() as downloaded:
        page.get_by_role("link", name="csv").click()

    rows = list(csv.DictReader(io.StringIO(downloaded.value.path().read_text(encoding="utf-8"))))
    assert len(rows) == hits > 0
    assert all("kemenko" in f"{row['headline']} {row['article_body']}".lower() for row in rows)


def test_crawl_started_on_its_outlets_page_shows_its_run(warta, page):
    page.goto(f"{warta.address}/warta/outlets/seed", wait_until="domcontentloaded")
    page.locator("select[name=mode]").select_option("full")
    page.get_by_label("At most").fill("3")
    pictured(page, "outlet")

    page.get_by_role("button", name="Start the crawl").click()

    run_id = re.search(r"/warta/dags/crawl_seed/runs/(.+)", page.url)[1]
    eventually(lambda: warta.api("GET", f"dags/crawl_seed/dagRuns/{run_id}")["state"] == "success", seconds=120)
    page.reload(wait_until="domcontentloaded")
    expect(page.get_by_role("row").filter(has_text="seed")).to_contain_text("succeeded")


def test_link_to_a_dag_leads_out_of_the_frame(warta, page):
    page.goto(f"{warta.address}/plugin/warta/warta/outlets/seed", wait_until="domcontentloaded")

    page.frame_locator("iframe").get_by_role("link", name="its Dag").click()

    page.wait_for_url(f"{warta.address}/dags/crawl_seed")
    expect(page.get_by_test_id("trigger-dag-button")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_fit_a_telephone(warta, page, scheme):
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme=scheme)
    faults = {}
    for path in PAGES:
        page.goto(f"{warta.address}/warta/{path}", wait_until="domcontentloaded")
        found = Axe().run(page).response["violations"]
        faults[path] = [
            (fault["id"], fault["nodes"][0]["html"]) for fault in found if fault["impact"] in ("serious", "critical")
        ]
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path

    assert {path: found for path, found in faults.items() if found} == {}


def test_hostile_article_runs_nothing_and_nothing_is_asked_of_others(warta, page):
    kept = warta.rows("SELECT headline, article_body, author FROM articles WHERE article_id = 1")[0]
    change = "UPDATE articles SET headline = %s, article_body = %s, author = %s WHERE article_id = 1 RETURNING 1"
    asked, opened = set(), []
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    warta.rows(change, HOSTILE, [HOSTILE, HOSTILE], [HOSTILE])
    try:
        for path in PAGES:
            page.goto(f"{warta.address}/warta/{path}", wait_until="load")
            assert page.evaluate("window.taken") is None, path
        page.goto(f"{warta.address}/warta/articles/1", wait_until="load")
        expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    finally:
        warta.rows(change, *kept)

    assert opened == []
    assert asked == {urlsplit(warta.address).netloc}


def test_pages_can_be_read_without_script_and_speak_indonesian(warta, page):
    context = page.context.browser.new_context(
        java_script_enabled=False, locale="id-ID", storage_state=page.context.storage_state()
    )
    plain = context.new_page()

    for path, heading in {"": "Hari ini", "outlets": "Media", "copies": "Salinan"}.items():
        plain.goto(f"{warta.address}/warta/{path}", wait_until="domcontentloaded")
        expect(plain.get_by_role("heading", level=1)).to_have_text(heading)
    context.close()


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
