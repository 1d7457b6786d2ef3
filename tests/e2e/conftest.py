"""A whole Warta of its own, and a browser: `make test-e2e` installs what this needs."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest
from playwright.sync_api import Page, sync_playwright

from scrapers.config import ROOT
from scrapers.local.postgres import Cluster
from tests.telemetry import Collector, collecting

SCREENSHOTS = ROOT / ".warta" / "e2e"  # the last thing that each test saw
BROWSERS = (  # the same as in install.sh
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FLAGS = [
    "--no-sandbox",  # root and containers have no user namespace for it; the only site visited is our own
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
]
FIRST_START = 400  # seconds; one processor, everything compiled for the first time


ARTICLES = "SELECT url, headline FROM articles ORDER BY url"
UNBALANCED = "SELECT * FROM run_balance WHERE NOT balanced"


def eventually(found: Callable[[], Any], seconds: float = 60) -> Any:
    """Return what is found as soon as it is true; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < deadline, f"nothing came within {seconds} s"
        time.sleep(0.2)
    return value


@dataclass
class Warta:
    """A Warta that `warta up` has started on a state folder of its own."""

    home: Path
    collector: Collector  # what Airflow sends its metrics and traces to

    def run(self, *arguments: str) -> str:
        """Run `warta …` to its end and return what it printed; fails where it does."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("WARTA_", "AIRFLOW"))}
        ours = {"WARTA_HOME": str(self.home), "WARTA_ALLOWED_NETWORKS": "127.0.0.0/8"}
        ended = subprocess.run(
            [sys.executable, "-m", "scrapers", *arguments],
            env={**kept, **ours, **self.collector.environment},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=FIRST_START,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Return what Postgres answers."""
        with psycopg.connect(Cluster(self.home / "postgres").dsn()) as connection:
            return connection.execute(query, values).fetchall()

    def processes(self) -> list[psutil.Process]:
        """Return all processes that carry this Warta's state folder in their environment."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("WARTA_HOME") == str(self.home):
                    found.append(process)
        return found

    @property
    def address(self) -> str:
        """Return where Airflow's UI is."""
        return f"http://127.0.0.1:{(self.home / 'airflow' / 'port').read_text().strip()}"

    def password_of(self, user: str) -> str:
        """Return the password of one of Airflow's users."""
        return json.loads((self.home / "airflow" / "passwords.json").read_text())[user]

    @property
    def password(self) -> str:
        """Return the password of the user `admin`."""
        return self.password_of("admin")

    def api(self, method: str, path: str, **body: object) -> dict[str, object]:
        """Return the answer of Airflow's REST API; fails where it is an error."""
        with httpx.Client(base_url=self.address, trust_env=False, timeout=60) as client:
            login = client.post("/auth/token", json={"username": "admin", "password": self.password})
            headers = {"Authorization": f"Bearer {login.json()['access_token']}"}
            answer = client.request(method, f"/api/v2/{path}", json=body or None, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()


def pictured(page: Page, name: str) -> None:
    """Keep a picture of the page, which docs/images has a smaller copy of."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")  # it is painted
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


@pytest.fixture(scope="session")
def warta(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warta]:
    """Return a running Warta that has crawled the seed site once."""
    with collecting() as collector:
        warta = Warta(tmp_path_factory.mktemp("warta e2e") / "state", collector)
        try:
            warta.run("up")
            yield warta
        finally:
            warta.run("down")


def sign_in(page: Page, warta: Warta, user: str) -> None:
    """Sign in to Airflow's UI."""
    page.goto(warta.address, wait_until="domcontentloaded")
    page.locator("input[name=username]").fill(user)
    page.locator("input[name=password]").fill(warta.password_of(user))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login" not in url, wait_until="domcontentloaded")


@pytest.fixture
def page(warta: Warta, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return a browser's page, signed in to Airflow's UI."""
    browsers = list(filter(None, map(shutil.which, BROWSERS)))
    assert browsers, "no Chromium here: tests/e2e/install.sh gets one or says how"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browsers[0], args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 1100})
        page.set_default_timeout(60_000)
        sign_in(page, warta, "admin")
        yield page
        page.screenshot(path=SCREENSHOTS / f"{request.node.name}.png")
        browser.close()
