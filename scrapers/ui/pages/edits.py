"""What publishers changed after publication, and what they withdrew."""

from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from scrapers.publish import edits
from scrapers.ui.database import Database
from scrapers.ui.fields import Day, begin, end
from scrapers.ui.rendering import page, time_zones

MOST_EDITS = 200
KINDS = (  # of edits, the weightiest first
    "paragraph_removed", "figures_changed", "headline_rewrite", "update", "typo", "details", "withdrawn", "restored",
)  # fmt: skip

router = APIRouter(default_response_class=HTMLResponse)


@router.get("/edits")
def show_edits(
    request: Request, connection: Database, outlet: str = "", kind: str = "", since: Day = None, until: Day = None
) -> HTMLResponse:
    """Show what publishers changed within some days, the last seven unless they are given."""
    last = until or datetime.now(UTC).date()
    first = since or last - timedelta(days=6)
    span = {"since": begin(first), "until": end(last)}
    found = edits.edits(connection, outlet=outlet or None, kind=kind or None, limit=MOST_EDITS, **span)
    form = {"outlet": outlet, "kind": kind, "since": first, "until": last}
    length = last - first + timedelta(days=1)
    earlier = {**form, "since": first - length, "until": last - length}
    given: dict[str, Any] = {"outlets": list(time_zones()), "kinds": KINDS, "is_cut": len(found) == MOST_EDITS}
    return page(request, "edits.html", edits=found, form=form, earlier=earlier, **given)
