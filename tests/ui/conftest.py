"""A browser of the pages, as a test needs it: who reads, what they may, and what Airflow was told to start."""

from dataclasses import dataclass, field

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from scrapers.ui.access import Reader
from scrapers.ui.app import build


@dataclass
class FakeAirflow:
    """What Airflow would know of its user; `started` are the runs that the pages asked for."""

    may: bool = True
    started: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def start(self, dag_id, conf):
        self.started.append((dag_id, dict(conf)))
        return "manual__1"

    def pages(self) -> FastAPI:
        """Return the pages, as this user has them."""
        return build(lambda: Reader("Siti", lambda dag_id: self.may, self.start))

    def browser(self) -> TestClient:
        """Return a browser of one who is signed in, with the pages mounted as Airflow mounts them."""
        airflow = FastAPI()
        airflow.mount("/warta", self.pages())
        return TestClient(airflow, base_url="http://testserver/warta", raise_server_exceptions=False)


@pytest.fixture
def airflow(dsn, monkeypatch) -> FakeAirflow:
    monkeypatch.setenv("WARTA_DSN", dsn)
    return FakeAirflow()


@pytest.fixture
def client(airflow) -> TestClient:
    return airflow.browser()
