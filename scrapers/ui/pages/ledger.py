"""What became of each address, and what waits in quarantine."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel

from scrapers.monitor import health, history, summary
from scrapers.ui.access import REPLAY, Acting
from scrapers.ui.database import Database, in_time
from scrapers.ui.rendering import go, page, time_zones

router = APIRouter(default_response_class=HTMLResponse)


@router.get("/ledger")
def show_ledger(request: Request, connection: Database, outlet: str = "", url: str = "") -> HTMLResponse:
    """Show all that is known of one address, or pages by state and reason, and those in quarantine."""
    return page(
        request,
        "ledger.html",
        form={"outlet": outlet, "url": url},
        outlets=list(time_zones()),
        told=history.history(connection, url) if url else None,
        names=(*history.PARTS, "untaken"),
        states=None if url else in_time(summary.ledger_states, connection, outlet or None),
        untaken=None if url else in_time(health.untaken, connection, outlet or None),
        quarantined=summary.newest_quarantined(connection, outlet or None),
    )


class Replay(BaseModel):
    """Which pages in quarantine are read again: one, or all of an outlet, or all."""

    url: str = ""
    outlet: str = ""


@router.post("/ledger/replay")
def replay(request: Request, reader: Acting, form: Annotated[Replay, Form()]) -> RedirectResponse:
    """Start a run of the Dag that reads pages in quarantine again, and lead to its page."""
    reader.require(REPLAY)
    conf = {name: value for name, value in form.model_dump().items() if value}
    return go(request, f"dags/{REPLAY}/runs/{reader.start(REPLAY, conf)}")
