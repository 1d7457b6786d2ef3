"""Pairs of articles that may have been judged wrongly: side by side, for a person to decide."""

import subprocess
import sys
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel

from scrapers.config import ROOT
from scrapers.dedup.doubts import pairs_in_doubt
from scrapers.errors import UsageError, WartaError
from scrapers.parent import dying_with_us
from scrapers.publish.comparison import compare
from scrapers.ui.access import DECIDE, Acting
from scrapers.ui.database import Database
from scrapers.ui.fields import ArticleId
from scrapers.ui.rendering import go, page

DECISION_S = 60  # seconds that a decision may take, one that joins large clusters included
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
    connection: Database,
    reader: Acting,
    first: ArticleId,
    second: ArticleId,
    form: Annotated[Decision, Form()],
) -> RedirectResponse:
    """Keep what somebody decided, and lead on to the next pair in doubt."""
    reader.require(DECIDE)
    after = following(pairs_in_doubt(connection), first, second)
    _keep(first, second, form.verdict, reader.name)
    return go(request, f"copies/{after['a']}/{after['b']}" if after else "copies")


def _keep(first: int, second: int, verdict: str, by: str) -> None:
    """Decide in a process of its own: what compares texts would stay in the memory of Airflow's api-server for good."""
    decide = "merge" if verdict == "same" else "split"
    command = [sys.executable, "-m", "scrapers", "duplicates", decide, str(first), str(second), f"--by={by}", "--json"]
    ended = subprocess.run(
        dying_with_us(command), cwd=ROOT, capture_output=True, text=True, timeout=DECISION_S, check=False
    )
    if ended.returncode:
        kind = UsageError if ended.returncode == UsageError.exit_code else WartaError
        raise kind(ended.stderr.strip().removeprefix("warta: ") or "the decision was not kept")


def following(pairs: list[dict[str, Any]], first: int, second: int) -> dict[str, Any] | None:
    """Return the pair after this one, the first one where this is the last or none of them; None without others."""
    ids = [{pair["a"], pair["b"]} for pair in pairs]
    at = ids.index({first, second}) if {first, second} in ids else -1
    others = [*pairs[at + 1 :], *pairs[: max(at, 0)]]
    return others[0] if others else None
