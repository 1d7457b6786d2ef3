"""Pages that wait for Postgres leave the rest of Airflow its threads."""

import inspect
import socket
import threading
import time
from contextlib import asynccontextmanager, contextmanager, suppress

import httpx
import uvicorn
from anyio import to_thread
from fastapi import FastAPI

from scrapers.ui.app import AT_ONCE
from scrapers.ui.pages import ROUTERS

THREADS, READERS = AT_ONCE + 2, 3 * AT_ONCE  # that the server has, and that ask at once


@contextmanager
def served(app):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = server.force_exit = True
        thread.join()


def test_health_is_told_at_once_while_every_page_waits_for_postgres(airflow, monkeypatch):
    asked = threading.Semaphore(0)

    def slow(connection):
        asked.release()
        connection.execute("SELECT pg_sleep(2)")
        return []

    def read(address):
        with suppress(httpx.HTTPError):
            httpx.get(address, timeout=3)

    monkeypatch.setattr("scrapers.monitor.summary.hours_today", slow)

    @asynccontextmanager
    async def with_few_threads(app):
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        yield

    app = FastAPI(lifespan=with_few_threads)
    app.get("/health")(lambda: "well")
    app.mount("/warta", airflow.pages())
    with served(app) as address:
        httpx.get(f"{address}/health", timeout=10)
        readers = [threading.Thread(target=read, args=[f"{address}/warta/"]) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        for _ in range(AT_ONCE):
            asked.acquire(timeout=10)
        asked.acquire(timeout=0.5)  # where more are made at a time

        began = time.monotonic()
        answer = httpx.get(f"{address}/health", timeout=10)
        took = time.monotonic() - began

        assert answer.json() == "well"
        assert took < 1
        for reader in readers:
            reader.join()


def test_no_page_runs_in_the_event_loop_that_it_would_block():
    endpoints = [route.endpoint for router in ROUTERS for route in router.routes]

    assert len(endpoints) > 15
    assert [one.__name__ for one in endpoints if inspect.iscoroutinefunction(one)] == []
