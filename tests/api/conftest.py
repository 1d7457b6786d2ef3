"""The API and the feeds as Airflow mounts them; Airflow itself is not there."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from scrapers.api import tokens
from scrapers.api.app import build_api, build_feeds
from scrapers.api.database import pool
from tests.arrivals import arrive

__all__ = ["arrive"]


@pytest.fixture
def airflow(dsn, monkeypatch):
    """Return an application with the API and the feeds in their places."""
    monkeypatch.setenv("WARTA_DSN", dsn)
    mounted = FastAPI()
    mounted.mount("/warta/api", build_api())
    mounted.mount("/warta/feeds", build_feeds())
    yield mounted
    pool(dsn).close()
    pool.cache_clear()


@pytest.fixture
def anonymous(airflow):
    """Return a client without a token."""
    return TestClient(airflow, base_url="http://testserver/warta", raise_server_exceptions=False)


@pytest.fixture
def token(database):
    """Return a token that reads."""
    return tokens.add(database, "notebook", "read", by="test")


@pytest.fixture
def client(airflow, token):
    """Return a client with that token."""
    headers = {"Authorization": f"Bearer {token}"}
    return TestClient(airflow, base_url="http://testserver/warta", headers=headers, raise_server_exceptions=False)


@pytest.fixture
def edited_and_copied(arrive, database):
    """Return a function that stores an edited article and its copy, and returns their ids."""

    def keep():
        first = arrive("Kapal tanker", "Kapal disita.", url="https://www.example.test/a")
        arrive("Kapal tanker disita", "Kapal itu disita di Batam.", url="https://www.example.test/a")
        copy = arrive("Tanker disita", "Kapal disita.")
        database.execute("INSERT INTO clusters VALUES (%s, %s)", [first, first])
        database.execute("INSERT INTO clusters VALUES (%s, %s, 'edited', 0, 0.1)", [copy, first])
        return first, copy

    return keep
