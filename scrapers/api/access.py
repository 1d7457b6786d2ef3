"""Who may ask: the bearer of one of our tokens, within its scope, or somebody whom Airflow knows."""

from collections.abc import Awaitable, Callable

from fastapi import HTTPException, Request
from fastapi.concurrency import run_in_threadpool

from scrapers.api import tokens
from scrapers.api.database import reading

Admit = Callable[[Request], Awaitable[None]]  # raises HTTPException for whom Airflow does not know

CHALLENGE = {"WWW-Authenticate": "Bearer"}


def presented(request: Request) -> str:
    """Return the token of ours that a request has: as a bearer's, or as `token` of a feed's address; else nothing."""
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    token = given.strip() if kind.lower() == "bearer" else ""
    if not token and "/feeds/" in request.url.path:
        token = request.query_params.get("token", "")
    return token if token.startswith(tokens.PREFIX) else ""


def requires(scope: tokens.Scope) -> Callable[[Request], Awaitable[None]]:
    """Return a dependency that admits requests of this scope; others get 401, or 403 where their scope is too small."""

    async def check(request: Request) -> None:
        if token := presented(request):
            held = await run_in_threadpool(_scope_of, token)
            if held is None:
                raise HTTPException(401, "this token does not hold: it was ended, or has expired", CHALLENGE)
            if scope == "read" and held != "read":
                raise HTTPException(403, "this token is for feeds alone: make one with `warta token add --scope read`")
            return
        admit: Admit = request.app.state.admit
        await admit(request)

    return check


def _scope_of(token: str) -> tokens.Scope | None:
    with reading() as connection:
        return tokens.scope_of(connection, token)


async def nobody(request: Request) -> None:
    """Let only tokens of ours pass: where there is no Airflow."""
    raise HTTPException(401, "give a token: `Authorization: Bearer warta_…` (`warta token add` makes one)", CHALLENGE)
