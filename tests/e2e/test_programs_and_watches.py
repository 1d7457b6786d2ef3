"""A search saved as a watch, its mail, its feed, and the API, in a whole Warta."""

import asyncio
import json
import os
import statistics
import time

import feedparser
import httpx
import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import expect

from scrapers.local.ports import free_port
from tests.e2e.conftest import eventually, pictured
from tests.outbound.conftest import Mailbox

REPORT = """Kemenko Polhukam Gelar Rapat di {town}

Siti Rahma
Peserta rapat (Foto: Warta)

JAKARTA, iNews.id - Kemenko Polhukam menggelar rapat koordinasi di {town} pada awal pekan ini. Rapat itu dihadiri semua
kepala daerah di wilayah tersebut.

Para peserta membahas pengamanan pelabuhan dan penyaluran bantuan bagi nelayan yang tidak dapat melaut karena cuaca.
Hasil rapat akan disampaikan kepada presiden pada pekan depan.
"""
READERS, SECONDS, PAUSE_S = 100, 60, 2.0


@pytest.fixture
def mailbox(warta, tmp_path):
    """Return what a mail server on this machine took of Warta."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port(tmp_path / "smtp", 10025))
    controller.start()
    extra = {"disable_ssl": True, "disable_tls": True, "from_email": "warta@example.com"}
    file = warta.home / "connections.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps({"warta_smtp": {"host": "127.0.0.1", "port": controller.port, "extra": extra}}))
    yield box
    controller.stop()


def told(warta, mailbox, town, tmp_path):
    """Let an article arrive, and return the mail that tells it."""
    (tmp_path / f"{town}.txt").write_text(REPORT.format(town=town))
    warta.run("ingest", str(tmp_path / f"{town}.txt"))
    warta.run("dedup")
    warta.api("POST", "dags/tell_watches/dagRuns", logical_date=None, conf={})
    return eventually(lambda: [mail for mail in mailbox.list if town in mail["Subject"]], seconds=120)[0]


def test_search_is_saved_with_one_click_tested_told_by_mail_followed_and_paused(warta, page, mailbox, tmp_path):
    page.goto(f"{warta.address}/warta/search?q=kemenko", wait_until="domcontentloaded")
    page.get_by_label("Tell by e-mail").fill("desk@example.com")
    page.get_by_role("button", name="Save as a watch").click()
    feed = page.get_by_role("status").get_by_role("link").get_attribute("href")
    expect(page.get_by_role("row").filter(has_text="kemenko")).to_contain_text("desk@example.com at once")

    page.get_by_role("button", name="Test: kemenko").click()
    expect(page.get_by_role("status")).to_contain_text("A test of kemenko is on its way")
    [test] = eventually(lambda: mailbox.list, seconds=120)
    mail = told(warta, mailbox, "Batam", tmp_path)

    assert test["Subject"].startswith("[test] kemenko: ")
    assert mail["Subject"] == "kemenko: Kemenko Polhukam Gelar Rapat di Batam"
    [entry] = feedparser.parse(httpx.get(feed).content).entries
    assert entry.title == "Kemenko Polhukam Gelar Rapat di Batam"
    page.goto(f"{warta.address}/warta/watches", wait_until="domcontentloaded")
    pictured(page, "watches")
    page.get_by_role("link", name="kemenko").first.click()
    expect(page.get_by_role("heading", name="Kemenko Polhukam Gelar Rapat di Batam")).to_be_visible()
    page.goto("about:blank")  # whose policy allows the styles of mails
    page.set_content(mail.get_body(("html",)).get_content())
    pictured(page, "digest")
    page.goto(f"{warta.address}/warta/watches", wait_until="domcontentloaded")
    page.get_by_role("button", name="Pause: kemenko").click()
    expect(page.get_by_role("row").filter(has_text="kemenko")).to_contain_text("paused: by admin")
    page.get_by_role("button", name="Remove: kemenko").click()
    expect(page.get_by_text("None.")).to_be_visible()
    logs = [file for file in warta.home.rglob("*") if file.is_file() and ".log" in file.name]
    assert [
        file for file in logs if feed.split("/")[-1].removesuffix(".atom") in file.read_text(errors="replace")
    ] == []


def test_programs_read_with_a_token_of_warta_or_of_airflow(warta):
    token = warta.run("token", "add", "e2e").strip()
    login = httpx.post(f"{warta.address}/auth/token", json={"username": "admin", "password": warta.password})
    address = f"{warta.address}/warta/api/v1/search?q=kemenko"

    answers = [
        httpx.get(address, headers={"Authorization": f"Bearer {given}"}, timeout=30)
        for given in (token, login.json()["access_token"], "warta_wrong", "eyJ.eyJ.eyJ")
    ]

    assert [answer.status_code for answer in answers[:3]] == [200, 200, 401]
    assert answers[3].status_code in (401, 403)
    assert answers[0].json()["items"] == answers[1].json()["items"] != []


@pytest.mark.proof
def test_hundred_readers_beside_a_crawl_leave_airflow_quick_and_no_connection(warta, capsys):
    """Holds on a machine that does nothing else."""
    token = warta.run("token", "add", f"load {os.getpid()}").strip()
    warta.api("POST", "dags/crawl_seed/dagRuns", logical_date=None, conf={"mode": "full"})

    took, health = asyncio.run(read_for_a_minute(warta.address, token))

    with capsys.disabled():
        print(json.dumps({"requests": len(took), **quantiles("api", took), **quantiles("health", health)}))  # noqa: T201
    assert statistics.quantiles(took, n=20)[-1] < 0.3
    assert statistics.quantiles(health, n=20)[-1] < 0.3
    left = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'warta-api'"
    eventually(lambda: warta.rows(left) == [(0,)], seconds=120)


def quantiles(name, seconds):
    """Return the 50th and 95th percentile and the maximum, in ms."""
    cuts = statistics.quantiles(seconds, n=20)
    found = {"p50": cuts[9], "p95": cuts[18], "max": max(seconds)}
    return {f"{name} {cut} ms": round(1000 * value) for cut, value in found.items()}


async def read_for_a_minute(address, token):
    """Let readers ask again and again, each with a pause; return how long each answer took, and each of health."""
    took, health, end = [], [], time.monotonic() + SECONDS
    given = {"limits": httpx.Limits(max_connections=READERS + 1), "timeout": 30, "trust_env": False}
    headers = {"Authorization": f"Bearer {token}"}
    paths = ("search?q=kemenko", "articles/1", "articles/1/revisions", "edits", "articles/1/copies")
    async with httpx.AsyncClient(base_url=address, headers=headers, **given) as client:

        async def ask(path, kept):
            began = time.monotonic()
            answer = await client.get(path)
            kept.append(time.monotonic() - began)
            assert answer.status_code == 200, answer.text

        async def read(number):
            await asyncio.sleep(PAUSE_S * number / READERS)
            while time.monotonic() < end:
                number += 1
                await ask(f"/warta/api/v1/{paths[number % len(paths)]}", took)
                await asyncio.sleep(PAUSE_S)

        async def look():
            while time.monotonic() < end:
                await ask("/api/v2/monitor/health", health)
                await asyncio.sleep(0.5)

        await asyncio.gather(look(), *map(read, range(READERS)))
    return took, health
