"""The pages inside Airflow's UI, as a browser gets them; Airflow itself is not there."""

import re
from datetime import date
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from fastapi import HTTPException
from starlette.testclient import TestClient

from scrapers.cli.edits import Kind
from scrapers.items import Image
from scrapers.publish.search import DayCount
from scrapers.spiders.seed import SeedSpider
from scrapers.storage.articles import store
from scrapers.storage.runs import finish_run
from scrapers.ui.app import build
from scrapers.ui.charts import Bar, by_day
from scrapers.ui.pages.edits import KINDS
from scrapers.ui.rendering import passages
from tests.factories import article, leased, result

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
PAGES = [
    "/", "/search?q=jembatan", "/edits", "/copies", "/outlets", "/outlets/seed", "/ledger", "/ledger?outlet=seed",
]  # fmt: skip


@pytest.fixture
def hostile(database, run_id) -> int:
    """Return the id of an article of which every text is markup, in two revisions, with a copy."""
    texts = dict.fromkeys(
        ("headline", "alternative_headline", "description", "editor", "publisher", "date_line", "date_published_raw",
         "date_modified_raw", "identifier"), HOSTILE,
    )  # fmt: skip
    lists = dict.fromkeys(("author", "article_section", "keywords", "article_body"), (HOSTILE, HOSTILE + " jembatan"))
    address = f"javascript:alert(1)//{HOSTILE}"
    links = {"image": Image(address, HOSTILE, HOSTILE), "amp_url": address}
    given = article(**texts, **lists, **links, provenance={"headline": HOSTILE, "author": HOSTILE})
    [page] = leased(database, run_id, given.url)
    store(database, run_id, [result(page, body=HOSTILE.encode(), article=given)])
    [(article_id,)] = database.execute("SELECT article_id FROM articles").fetchall()
    edited = article(**{**texts, "headline": HOSTILE + " lagi"}, **lists, **links)
    database.execute("UPDATE pages SET next_fetch_at = now()")
    [page] = leased(database, run_id, given.url)
    store(database, run_id, [result(page, body=b"<b>", article=edited)])
    [page] = leased(database, run_id, "https://www.example.test/two")
    store(database, run_id, [result(page, body=HOSTILE.encode(), state="quarantined", reason=HOSTILE)])
    finish_run(database, run_id, "failed", HOSTILE)
    database.execute("UPDATE articles SET withdrawn_at = now(), withdrawn_reason = %s", [HOSTILE])
    database.execute("INSERT INTO clusters VALUES (%s, %s)", [article_id, article_id])
    return article_id


class Markup(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.scripts: list[str | None] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs
        if tag == "script":
            self.scripts.append(dict(attrs).get("src"))

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("path", PAGES)
def test_page_of_an_empty_database_says_that_there_is_nothing(client, path):
    answer = client.get(path)

    assert answer.status_code == 200, answer.text
    assert re.search(r"<title>.+ – Warta</title>", answer.text)


def test_today_shows_what_a_crawl_brought(commands, client):
    commands.crawl("seed")

    today = Markup(client.get("/").text)

    assert re.search(r"seed\s+\d{4}-\d\d-\d\d \d\d:\d\d UTC \([-0-9 ]*\d\d:\d\d WIB\)\s+\d+", today.text)
    assert "succeeded" in today.text


def test_search_marks_what_it_found_and_leads_to_the_article_and_on(commands, client, monkeypatch):
    commands.crawl("seed")

    found = client.get("/search", params={"q": "jembatan OR kapal OR desa OR ekonomi", "until": "2030-01-01"})
    link = re.search(r'href="(/warta/articles/\d+)"', found.text)[1]
    shown = client.get(f"http://testserver{link}")

    assert "<mark>" in found.text
    assert shown.status_code == 200
    assert "css:" in shown.text or "json" in shown.text
    assert "https://" in shown.text or "http://" in shown.text


def test_next_link_gives_the_hits_that_follow(database, run_id, client):
    for number in range(25):
        given = article(url=f"https://www.example.test/{number}", canonical_url=f"https://www.example.test/{number}")
        [page] = leased(database, run_id, given.url)
        store(database, run_id, [result(page, body=str(number).encode(), article=given)])
    finish_run(database, run_id, "succeeded", None)

    first = client.get("/search?q=judul")
    following = re.search(r'rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&")
    second = client.get(f"http://testserver{following}")

    ids = [re.findall(r"/articles/(\d+)", answer.text) for answer in (first, second)]
    assert [len(found) for found in ids] == [20, 5]
    assert not set(ids[0]) & set(ids[1])


def test_article_shows_what_its_revisions_changed_and_its_history(commands, site, database, client):
    commands.crawl("seed")
    site.edition = 2
    commands.crawl("seed", "-a", "full=true")
    [(article_id,)] = database.execute("SELECT article_id FROM edits WHERE 'figures_changed' = ANY (kinds)").fetchall()

    shown = client.get(f"/articles/{article_id}").text
    stream = client.get("/edits?kind=figures_changed").text

    assert "<del>12.300" in shown
    assert "<ins>13.200" in shown
    assert "Fetches (" in shown
    assert f"/articles/{article_id}" in stream


def test_raw_page_comes_as_it_was_and_can_do_nothing(database, client, hostile):
    answer = client.get(f"/articles/{hostile}/page")

    assert answer.text == "<b>"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (
        f'<iframe sandbox="" loading="lazy" src="/warta/articles/{hostile}/page"'
        in client.get(f"/articles/{hostile}").text
    )


def test_no_page_lets_markup_of_strangers_through(client, hostile):
    text, address = quote(HOSTILE, safe=""), quote("https://www.example.test/news/one", safe="")
    paths = [
        *PAGES, f"/articles/{hostile}", f"/search?q={text}", f"/search?q=a&section={text}&outlet={text}",
        f"/edits?outlet={text}&kind={text}", f"/edits?since={text}", f"/outlets/{text}", f"/ledger?outlet={text}",
        f"/ledger?url={address}", f"/ledger?url={text}", "/dags/crawl_seed/runs/x", f"/dags/{text}/runs/{text}",
    ]  # fmt: skip

    pages = {path: Markup(client.get(path).text) for path in paths}

    for path, page in pages.items():
        assert "main" in page.elements, path
        assert page.scripts == ["/warta/static/warta.js"], path
        assert "img" not in page.elements, path
        assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"], path
        assert not [value for name, value in page.attributes if name == "href" and "script:" in value], path
    assert "<script>alert(1)</script>" in pages[f"/articles/{hostile}"].text


def test_pages_load_only_their_style_sheet_and_are_framed_by_airflow_alone(client):
    policy = client.get("/").headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-inline" not in policy
    assert client.get("/static/style.css").headers["content-type"].startswith("text/css")


@pytest.mark.parametrize(("path", "status", "told"), [
    ("/articles/999", 404, "no article has the number 999"),
    ("/articles/0", 400, "article_id"),
    ("/articles/99999999999999999999", 400, "article_id"),
    ("/articles/999/page", 404, "no article has the number 999"),
    ("/outlets/nobody", 404, "no outlet"),
    ("/nowhere", 404, "Not Found"),
    ("/search?q=-word", 400, "nothing to look for"),
    ("/search?q=word&after=nonsense", 400, "no place to go on from"),
    ("/search?q=word&since=yesterday", 400, "since"),
    ("/search?q=word%00", 400, "characters"),
    ("/edits?outlet=a%00b", 400, "no text"),
    ("/edits?until=0001-01-01", 400, "until"),
])  # fmt: skip
def test_what_is_not_there_is_told_in_one_line(client, path, status, told):
    answer = client.get(path)

    assert (answer.status_code, told in answer.text) == (status, True), answer.text
    assert "Traceback" not in answer.text


def test_database_that_is_away_gives_a_page_that_says_so(client, monkeypatch):
    monkeypatch.setenv("WARTA_DSN", "host=127.0.0.1 port=1 dbname=warta user=warta password=its-password")

    answer = client.get("/")

    assert answer.status_code == 503
    assert "cannot be reached" in answer.text
    assert "its-password" not in answer.text


def test_database_without_tables_gives_a_page_that_says_what_to_do(client, cluster, monkeypatch):
    cluster.create_database("without_tables")
    monkeypatch.setenv("WARTA_DSN", cluster.dsn("without_tables"))

    answer = client.get("/")

    assert answer.status_code == 503
    assert "warta migrate" in answer.text


def test_question_that_takes_too_long_is_ended_and_the_rest_of_today_is_shown(client, monkeypatch):
    monkeypatch.setattr(
        "scrapers.monitor.summary.hours_today", lambda connection: connection.execute("SELECT pg_sleep(60)")
    )
    monkeypatch.setattr("scrapers.ui.database.STATEMENT_S", 1)

    answer = client.get("/")

    assert answer.status_code == 200
    assert "Too much to look through" in answer.text


def test_fault_that_nobody_foresaw_shows_no_traceback(client, monkeypatch):
    monkeypatch.setattr("scrapers.monitor.summary.outlets_today", lambda connection: 1 / 0)

    answer = client.get("/")

    assert answer.status_code == 500
    assert "nobody foresaw" in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


def test_pages_read_as_the_reader_and_write_nothing(client, monkeypatch, database):
    roles = (
        "SELECT current_user, current_setting('default_transaction_read_only'), current_setting('statement_timeout')"
    )
    seen = []
    monkeypatch.setattr(
        "scrapers.monitor.summary.outlets_today", lambda connection: seen.extend(connection.execute(roles)) or []
    )

    client.get("/")

    assert seen == [("warta_reader", "on", "5s")]


def test_who_may_not_read_gets_no_page(dsn, monkeypatch):
    def refuse():
        raise HTTPException(403, "Forbidden")

    monkeypatch.setenv("WARTA_DSN", dsn)
    client = TestClient(build(refuse))

    assert {
        client.get(path).status_code
        for path in [*PAGES, "/articles/1", "/articles/1/page", "/static/style.css", "/today.json"]
    } == {403}
    assert client.get("/docs").status_code == client.get("/openapi.json").status_code == 404


def test_tab_of_a_dag_leads_to_its_outlet(client):
    crawl = client.get("/dags/crawl_seed", follow_redirects=False)
    dedup = client.get("/dags/dedup", follow_redirects=False)

    assert crawl.headers["location"] == "/warta/outlets/seed"
    assert dedup.headers["location"] == "/warta/"


def test_tab_of_a_dag_run_shows_what_its_crawl_stored(commands, client, database):
    commands.crawl("seed", "-a", "requested_by=airflow:crawl_seed/manual__2026-01-01T00:00:00+00:00")

    shown = Markup(client.get("/dags/crawl_seed/runs/manual__2026-01-01T00:00:00+00:00").text)

    [(headline,)] = database.execute("SELECT headline FROM articles LIMIT 1").fetchall()
    assert "succeeded" in shown.text
    assert headline in shown.text


def test_times_stand_in_utc_with_the_outlets_own_beside(client, database, run_id):
    given = article(headline="Judul")
    [page] = leased(database, run_id, given.url)
    store(database, run_id, [result(page, article=given)])
    finish_run(database, run_id, "succeeded", None)

    shown = Markup(client.get("/articles/1").text).text

    assert SeedSpider.time_zone == "Asia/Jakarta"
    assert "2025-12-15 12:00 UTC (19:00 WIB)" in shown


def test_chart_has_a_bar_for_each_day_and_never_only_a_few():
    first, last = date(2026, 1, 1), date(2026, 1, 3)

    drawn = by_day([DayCount(first, "a", 1), DayCount(first, "b", 3), DayCount(last, "a", 2)]).bars

    assert len(drawn) == 30
    assert drawn[-3:] == [Bar("2026-01-01", 4, 270, 100), Bar("2026-01-02", 0, 280, 0), Bar("2026-01-03", 2, 290, 50)]


def test_snippet_is_split_where_something_was_found():
    assert passages("di «Laut» Jawa") == [("di ", False), ("Laut", True), (" Jawa", False)]


def test_form_of_edits_offers_the_kinds_that_the_command_takes():
    assert list(KINDS) == [kind.value for kind in Kind]
