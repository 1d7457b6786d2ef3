"""The application of the pages: its headers, and what it shows where a page can't be had."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import psycopg
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from scrapers.errors import DatabaseError, UsageError, WartaError
from scrapers.http_errors import status_and_line
from scrapers.ui.access import Reader
from scrapers.ui.database import STATEMENT_S
from scrapers.ui.pages import ROUTERS
from scrapers.ui.rendering import page

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; frame-src 'self'; "
    "form-action 'self'; frame-ancestors 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}

AT_ONCE = 8  # pages that are made at a time; Airflow's own routes share the 40 threads of the api-server

Next = Callable[[Request], Awaitable[Response]]


def build(identify: Callable[..., Reader]) -> FastAPI:
    """Return the application; `identify` is a dependency of FastAPI that gives who reads.

    It raises HTTPException for who may not.
    """

    def remember(request: Request, reader: Reader = Depends(identify)) -> None:  # noqa: B008 - FastAPI's own form
        request.state.reader = reader

    app = FastAPI(title="Warta", dependencies=[Depends(remember)], docs_url=None, redoc_url=None, openapi_url=None)
    for router in ROUTERS:
        app.include_router(router)
    app.middleware("http")(add_headers)
    app.middleware("http")(taking_turns(asyncio.Semaphore(AT_ONCE)))
    for kind in (WartaError, psycopg.Error, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, show_error)
    return app


def taking_turns(turns: asyncio.Semaphore) -> Callable[[Request, Next], Awaitable[Response]]:
    """Return what lets so many pages be made at a time; the others wait without holding a thread."""

    async def wait_for_turn(request: Request, call_next: Next) -> Response:
        async with turns:
            return await call_next(request)

    return wait_for_turn


async def add_headers(request: Request, call_next: Next) -> Response:
    """Let a page load nothing but its style sheet and script, and be framed by this host alone.

    A page's own header wins.
    """
    answer = await call_next(request)
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


def show_error(request: Request, error: Exception) -> HTMLResponse:
    """Return a page that says in one line what was wrong."""
    status, message = told(error)
    answer = page(request, "error.html", status=status, title=HTTPStatus(status).phrase, message=message)
    answer.headers.update(HEADERS)  # an unforeseen error is answered outside of the middleware
    return answer


def told(error: Exception) -> tuple[int, str]:
    """Return the status and the line for an error."""
    if isinstance(error, UsageError):
        return 404, str(error)
    if isinstance(error, WartaError) and not isinstance(error, DatabaseError):
        return 500, str(error)
    return status_and_line(error, statement_s=STATEMENT_S)
