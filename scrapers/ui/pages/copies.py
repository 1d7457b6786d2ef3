"""Pairs of articles that may have been judged wrongly: side by side, for a person to decide."""

from typing import Annotated, Any, Literal

import psycopg
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel

from scrapers.dedup.doubts import pairs_in_doubt
from scrapers.publish.comparison import compare
from scrapers.ui.access import DECIDE, Acting
from scrapers.ui.database import Database, Writable
from scrapers.ui.fields import ArticleId
from scrapers.ui.rendering import go, page

router = APIRouter(default_response_class=HTMLResponse)


class Decision(BaseModel):
    """What somebody decides of a pair."""

    verdict: Literal["same", "different"]


@router.get("/copies")
def show_copies(request: Request, connection: Database) -> HTMLResponse:
    """Show the pairs that are in doubt."""
    return page(request, "copies.html", pairs=pairs_in_doubt(connection))


@router.get("/copies/{first}/{second}")
def show_pair(request: Request, connection: Database, first: ArticleId, second: ArticleId) -> HTMLResponse:
    """Show two articles side by side, how they were judged, and the pair in doubt that follows."""
    return page(
        request,
        "pair.html",
        pair=compare(connection, first, second),
        following=following(pairs_in_doubt(connection), first, second),
    )


@router.post("/copies/{first}/{second}")
def decide(
    request: Request,
    connection: Writable,
    reader: Acting,
    first: ArticleId,
    second: ArticleId,
    form: Annotated[Decision, Form()],
) -> RedirectResponse:
    """Keep what somebody decided, and lead on to the next pair in doubt."""
    reader.require(DECIDE)
    after = following(pairs_in_doubt(connection), first, second)
    _keep(connection, first, second, form.verdict, reader.name)
    return go(request, f"copies/{after['a']}/{after['b']}" if after else "copies")


def _keep(connection: psycopg.Connection, first: int, second: int, verdict: str, by: str) -> None:
    from scrapers.dedup.manual_decisions import merge, split  # loads numba, for which only a decision need wait

    (merge if verdict == "same" else split)(connection, first, second, by=by)


def following(pairs: list[dict[str, Any]], first: int, second: int) -> dict[str, Any] | None:
    """Return the pair after this one, the first one where this is the last or none of them; None without others."""
    ids = [{pair["a"], pair["b"]} for pair in pairs]
    at = ids.index({first, second}) if {first, second} in ids else -1
    others = [*pairs[at + 1 :], *pairs[: max(at, 0)]]
    return others[0] if others else None
