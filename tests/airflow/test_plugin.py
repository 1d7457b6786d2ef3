"""The plugin as Airflow finds and loads it, and who is let in."""

import json
import os
import subprocess
import sys

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from scrapers.airflow.plugin import PREFIX, WartaPlugin
from scrapers.config import ROOT

LOADED = """
import json, sys
from airflow import plugins_manager
before = set(sys.modules)
plugins, errors = plugins_manager._get_plugins()
added = sorted(set(sys.modules) - before)
ours = [plugin for plugin in plugins if plugin.name == "warta"]
print(json.dumps({"found": len(ours), "errors": errors, "added": added, "views": plugins_manager._get_ui_plugins()[0]}))
"""


@pytest.fixture(scope="module")
def anonymous() -> TestClient:
    """Return a browser that is not signed in, with the pages mounted as Airflow mounts them."""
    airflow = FastAPI()
    for app in WartaPlugin().fastapi_apps:
        airflow.mount(app["url_prefix"], app["app"])
    return TestClient(airflow, follow_redirects=False)


def test_airflow_finds_the_plugin_in_its_folder_and_loads_none_of_the_pages():
    environment = {**os.environ, "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"), "PYTHONPATH": str(ROOT)}
    ended = subprocess.run([sys.executable, "-c", LOADED], env=environment, capture_output=True, text=True, timeout=240)

    found = json.loads(ended.stdout.splitlines()[-1])

    assert (found["found"], found["errors"]) == (1, {})
    assert [view["destination"] for view in found["views"]] == ["nav", "dag", "dag_run"]
    assert [name for name in found["added"] if name.startswith("scrapers.")] == [
        "scrapers.airflow",
        "scrapers.airflow.plugin",
    ]
    assert not {"psycopg", "scrapy", "numpy"} & set(found["added"])


def test_pages_are_built_once_under_the_prefix_that_the_views_lead_to():
    plugin = WartaPlugin()

    *programs, pages = plugin.fastapi_apps

    assert [app["url_prefix"] for app in programs] == [f"{PREFIX}/api", f"{PREFIX}/feeds"]  # before the shorter one
    assert pages["url_prefix"] == PREFIX
    assert plugin.fastapi_apps[-1]["app"] is pages["app"]
    assert all(view["href"].startswith(f"{PREFIX}/") for view in plugin.external_views)


def test_browser_of_an_unknown_user_is_led_to_the_login_and_back(anonymous):
    answer = anonymous.get("/warta/search?q=a+b", headers={"Accept": "text/html"})

    assert answer.status_code == 302
    assert answer.headers["location"] == "/api/v2/auth/login?next=%2Fwarta%2Fsearch%3Fq%3Da%2Bb"


@pytest.mark.parametrize(
    "path", ["/", "/articles/1", "/articles/1/page", "/ledger", "/static/style.css", "/dags/x/runs/y"]
)
def test_program_of_an_unknown_user_gets_nothing(anonymous, path):
    answer = anonymous.get(f"/warta{path}")

    assert answer.status_code == 401
    assert answer.json() == {"detail": "Not authenticated"}


@pytest.mark.parametrize("path", ["/api/v1/outlets", "/api/v1/search?q=a", "/feeds/edits.atom"])
def test_program_of_an_unknown_user_asks_the_api_in_vain(anonymous, path):
    answer = anonymous.get(f"/warta{path}")

    assert answer.status_code == 401
    assert answer.json()["detail"] == "Not authenticated"


def test_program_of_an_unknown_user_may_send_nothing(anonymous):
    answer = anonymous.post("/warta/copies/1/2", data={"verdict": "same"}, headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 401
