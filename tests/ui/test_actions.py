"""What people do on the pages: decide, take down, start crawls and replays, look after alarms."""

import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from scrapers.config import ROOT
from scrapers.dedup import incremental
from scrapers.dedup.doubts import pairs_in_doubt
from scrapers.monitor.alarms import alarm
from scrapers.storage.articles import store
from tests.factories import URL, article, leased, result

HERE = {"Sec-Fetch-Site": "same-origin"}
SYLLABLES = ("ka", "mo", "ri", "su", "te"), ("bar", "nga", "pit", "lu", "sen", "dak", "ram")
WORDS = [first + second for first in SYLLABLES[0] for second in SYLLABLES[1]]
ALARM = """
    INSERT INTO alarms (rule, outlet, subject, summary, began_at, last_seen_at)
    VALUES ('feed_failing', 'seed', 'https://www.example.test/feed', '<b>three</b> failed polls', now(), now())
    RETURNING alarm_id
"""


def text(seed, sentences):
    """Return a text of its own for each seed."""
    chosen = random.Random(seed)
    return " ".join(" ".join(chosen.choices(WORDS, k=9)).capitalize() + "." for _ in range(sentences))


def report(number, body, **fields):
    return article(canonical_url=f"{URL}/{number}", article_body=(body,), **fields)


@pytest.fixture
def doubted(stored, dsn):
    """Return the ids of two articles that share two thirds of their text, and of two about different towns."""
    rice = "Harga beras di {} naik {} persen menjadi {} rupiah per kilogram pada {}. "
    ids = stored(
        report(1, text(1, 10) + " " + text(2, 6)),
        report(2, text(1, 10) + " " + text(3, 6)),
        report(3, rice.format("Medan", 12, 14500, "Senin") + text(4, 8), headline="Harga beras di Medan naik"),
        report(4, rice.format("Padang", 17, 15900, "Selasa") + text(4, 8), headline="Harga beras di Padang naik"),
    )
    incremental.deduplicate(dsn)
    return ids


def clusters(database):
    return dict(database.execute("SELECT article_id, representative_id FROM clusters").fetchall())


def test_pairs_in_doubt_are_those_least_certain_and_those_that_differ_in_facts_alone(database, doubted):
    pairs = pairs_in_doubt(database)

    joined, apart = doubted[:2], doubted[2:]
    assert [({pair["a"], pair["b"]}, pair["judged"]) for pair in pairs] == [
        (set(joined), "joined"),
        (set(apart), "apart"),
    ]
    assert 0.6 < pairs[0]["score"] < 0.8


def test_pair_stands_side_by_side_with_what_differs_marked_and_the_verdict_in_words(client, doubted):
    shown = client.get(f"/copies/{doubted[2]}/{doubted[3]}").text

    left, right = shown.split("<section")[1:]
    assert "<del>Medan" in left
    assert "<ins>Padang" in right
    assert "<ins>" not in left
    assert "<del>" not in right
    assert "They count as two articles now." in shown
    assert "14500" in shown.split("Numbers of the first alone:")[1].split(";")[0]


def test_decision_holds_and_leads_to_the_next_pair_until_none_is_left(client, database, dsn, doubted):
    first, second, third, fourth = doubted
    answer = client.post(
        f"/copies/{first}/{second}", data={"verdict": "different"}, headers=HERE, follow_redirects=False
    )
    place = urlsplit(answer.headers["location"]).path
    last = client.post(f"http://testserver{place}", data={"verdict": "same"}, headers=HERE)
    incremental.rebuild(dsn)
    incremental.deduplicate(dsn)

    assert answer.status_code == 303
    assert {int(number) for number in place.split("/")[-2:]} == {third, fourth}
    assert "None is in doubt." in last.text
    assert pairs_in_doubt(database) == []
    found = clusters(database)
    assert found[third] == found[fourth]
    assert not {first, second} & found.keys()
    assert "Siti" in client.get(f"/copies/{first}/{second}").text


def test_decision_leaves_nothing_in_the_servers_memory_that_compares_texts(airflow, doubted):
    script = f"""
import sys
from tests.ui.conftest import FakeAirflow
decided = FakeAirflow().browser().post("/copies/{doubted[0]}/{doubted[1]}", data={{"verdict": "same"}}, headers={HERE})
print(decided.status_code, "numba" in sys.modules)
"""

    server = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert server.stdout == "200 False\n"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/copies/1/2", {"verdict": "same"}),
        ("/articles/1/takedown", {"reason": "asked for", "meant": "true"}),
        ("/outlets/seed/crawl", {"mode": "full"}),
        ("/ledger/replay", {"outlet": "seed"}),
        ("/alarms/1/acknowledge", {}),
        ("/alarms/1/silence", {"hours": "24"}),
    ],
    ids=["decide", "take down", "crawl", "replay", "acknowledge", "silence"],
)
def test_who_may_not_trigger_the_dag_may_do_nothing_nor_may_another_site_in_their_name(airflow, path, form):
    client = airflow.browser()
    crossed = [
        client.post(path, data=form, headers=headers).status_code
        for headers in (
            {},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://elsewhere.test"},
            {"Origin": "null"},
        )
    ]
    airflow.may = False

    refused = client.post(path, data=form, headers=HERE)

    assert crossed == [403] * 5
    assert refused.status_code == 403
    assert "right to trigger the Dag" in refused.text
    assert airflow.started == []


def test_viewer_sees_no_button_but_that_of_the_language(airflow, database, doubted):
    database.execute(ALARM)
    airflow.may = False
    client = airflow.browser()

    pages = [client.get(path).text for path in ("/", f"/copies/{doubted[0]}/{doubted[1]}", "/outlets/seed", "/ledger")]

    assert [page.count('method="post"') for page in pages] == [1] * 4
    assert all("/preferences" in page for page in pages)


def test_browser_without_fetch_metadata_is_known_by_its_origin(airflow):
    sent = airflow.browser().post(
        "/outlets/seed/crawl", headers={"Origin": "http://testserver"}, follow_redirects=False
    )

    assert sent.status_code == 303


def test_takedown_asks_first_and_then_removes_for_good(client, stored, database, dsn, monkeypatch, tmp_path):
    monkeypatch.setattr("scrapers.config.TAKEDOWNS", tmp_path / "takedowns.jsonl")
    [article_id, _copy] = stored(report(1, text(1, 9)), report(2, text(1, 9)))
    incremental.deduplicate(dsn)

    asked = client.get(f"/articles/{article_id}/takedown")
    not_meant = client.post(f"/articles/{article_id}/takedown", data={"reason": "asked for"}, headers=HERE)
    kept = database.execute("SELECT count(*) FROM articles").fetchone()
    done = client.post(f"/articles/{article_id}/takedown", data={"reason": "asked for", "meant": "true"}, headers=HERE)

    assert "can&#39;t be undone" in asked.text or "can't be undone" in asked.text
    assert (not_meant.status_code, kept) == (400, (2,))
    assert "Removed: 1 articles" in done.text
    assert "Copies of its text stay" in done.text
    assert database.execute("SELECT requested_by, reason FROM takedowns").fetchall() == [("Siti", "asked for")]
    assert '"asked for"' in (tmp_path / "takedowns.jsonl").read_text()
    assert client.get(f"/articles/{article_id}").status_code == 404


def test_crawl_is_started_with_the_form_filled_and_its_run_shown(airflow, client):
    form = {
        "mode": "full",
        "limit": "5",
        "since": "2026-01-31",
        "until": "",
        "urls": "https://a.test/x\nhttps://a.test/y",
    }

    answer = client.post("/outlets/seed/crawl", data=form, headers=HERE)

    urls = ["https://a.test/x", "https://a.test/y"]
    assert airflow.started == [("crawl_seed", {"mode": "full", "limit": 5, "since": "2026-01-31", "urls": urls})]
    assert "No crawl of this run has begun" in answer.text
    assert 'href="/dags/crawl_seed/runs/manual__1" data-airflow' in answer.text


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/outlets/seed/crawl", {"mode": "fast"}, 400),
        ("/outlets/seed/crawl", {"limit": "0"}, 400),
        ("/outlets/example.test/crawl", {}, 404),
        ("/copies/1/1", {"verdict": "same"}, 404),
        ("/copies/1/999", {"verdict": "same"}, 404),
        ("/copies/1/2", {"verdict": "perhaps"}, 400),
        ("/alarms/999/acknowledge", {}, 404),
        ("/alarms/1/silence", {"hours": "-1"}, 400),
        ("/articles/999/takedown", {"reason": "x", "meant": "true"}, 404),
    ],
)
def test_form_that_makes_no_sense_is_told_in_one_line(client, airflow, path, form, status):
    answer = client.post(path, data=form, headers=HERE)

    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert airflow.started == []


def test_quarantined_page_is_read_again_by_its_dag(client, airflow, database, run_id):
    [page] = leased(database, run_id, "https://www.example.test/two")
    store(database, run_id, [result(page, body=b"<b>", state="quarantined", reason="RecursionError")])

    shown = client.get("/ledger").text
    client.post("/ledger/replay", data={"url": "https://www.example.test/two"}, headers=HERE)
    client.post("/ledger/replay", data={"outlet": "seed"}, headers=HERE)

    assert 'name="url" value="https://www.example.test/two"' in shown
    assert airflow.started == [
        ("quarantine", {"url": "https://www.example.test/two"}),
        ("quarantine", {"outlet": "seed"}),
    ]


def test_alarm_is_shown_acknowledged_and_silenced(client, database):
    [(alarm_id,)] = database.execute(ALARM).fetchall()
    before = client.get("/").text
    told = client.get("/today.json").json()["alarms"]

    after = client.post(f"/alarms/{alarm_id}/acknowledge", data={}, headers=HERE).text
    client.post(f"/alarms/{alarm_id}/silence", data={"hours": "24"}, headers=HERE)

    assert "&lt;b&gt;three&lt;/b&gt; failed polls" in before
    assert told == ["seed https://www.example.test/feed: <b>three</b> failed polls"]
    assert "Siti looks after it." in after
    assert client.get("/today.json").json()["alarms"] == []
    noted = alarm(database, alarm_id)
    assert (noted.acknowledged_by, noted.silenced_by) == ("Siti", "Siti")
    assert timedelta(hours=23) < noted.silenced_until - datetime.now(UTC) <= timedelta(hours=24)
    assert "failed polls" in client.get("/outlets/seed").text


def test_language_and_time_zone_are_kept_and_lead_back(client, stored):
    stored(report(1, "Satu."))
    form = {"language": "id", "zone": "Asia/Makassar", "back": "/warta/articles/1?x=1"}

    answer = client.post("/preferences", data=form, headers=HERE, follow_redirects=False)
    elsewhere = client.post("/preferences", data={**form, "back": "//evil.test/"}, headers=HERE, follow_redirects=False)
    shown = client.get("/articles/1").text

    assert answer.headers["location"] == "/warta/articles/1?x=1"
    assert elsewhere.headers["location"] == "/warta/"
    assert '<html lang="id"' in shown
    assert "Riwayat halamannya" in shown
    assert "2025-12-15 20:00 WITA" in shown
    assert "19:00 WIB" in shown
