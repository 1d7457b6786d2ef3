"""The applications of the API and of feeds: who is let in, how many at once, and how an error is told."""

import asyncio
from http import HTTPStatus

import psycopg
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from scrapers.api import feed_routes, routes
from scrapers.api.access import Admit, nobody
from scrapers.api.database import MOST, STATEMENT_S
from scrapers.api.reading import NotThere
from scrapers.errors import UsageError, WartaError, shortened
from scrapers.http_errors import status_and_line

WAITING = 200  # requests that wait for their turn; more are sent away
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def build_api(admit: Admit = nobody) -> FastAPI:
    """Return the JSON API, to be mounted at /warta/api; `admit` raises HTTPException for who has no token of ours."""
    app = FastAPI(
        title="Warta",
        version="1",
        summary="A news corpus: search, articles, their edits and copies.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        openapi_tags=None,
    )
    return _built(app, admit, routes.router)


def build_feeds(admit: Admit = nobody) -> FastAPI:
    """Return the feeds, to be mounted at /warta/feeds."""
    app = FastAPI(title="Warta's feeds", docs_url=None, redoc_url=None, openapi_url=None)
    return _built(app, admit, feed_routes.secret_router, feed_routes.router)


def _built(app: FastAPI, admit: Admit, *routers: APIRouter) -> FastAPI:
    app.state.admit = admit
    for router in routers:
        app.include_router(router)
    for kind in (WartaError, psycopg.Error, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, show_error)
    app.add_middleware(Turns)
    app.add_middleware(Discreet)
    return app


class Turns:
    """Lets so many requests be worked on as there are connections, so that Airflow's own never wait for all of them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.turns = asyncio.Semaphore(MOST)
        self.waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for a turn, or say that too many wait."""
        if self.waiting >= WAITING:
            busy = problem(503, "too many ask at once: try again in a few seconds", {"Retry-After": "5"})
            await busy(scope, receive, send)
            return
        self.waiting += 1
        try:
            async with self.turns:
                await self.app(scope, receive, send)
        finally:
            self.waiting -= 1


class Discreet:
    """Keeps secrets of addresses out of the server's log of requests, which reads them when all is done."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, then leave out of the address what nobody else may know."""
        try:
            await self.app(scope, receive, send)
        finally:
            begin, found, rest = str(scope.get("path", "")).partition("/watches/")
            if found:
                scope["path"] = f"{begin}{found}***.{rest.rpartition('.')[2]}"
            if b"token=" in scope.get("query_string", b""):
                scope["query_string"] = b"token=***"


def show_error(request: Request, error: Exception) -> JSONResponse:
    """Return an error as RFC 9457 has it."""
    status, detail = told(error)
    headers = dict(getattr(error, "headers", None) or {})
    return problem(status, shortened(detail, 500), headers)


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return one line about what went wrong as application/problem+json."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(body, status, {**HEADERS, **(headers or {})}, media_type="application/problem+json")


def told(error: Exception) -> tuple[int, str]:
    """Return the status and the line for an error."""
    match error:
        case NotThere():
            return 404, str(error)
        case UsageError():
            return 400, str(error)
    return status_and_line(error, statement_s=STATEMENT_S)
