"""Saved searches: what each found, whom it tells, and what failed."""

from datetime import time
from typing import Annotated, Any

import psycopg
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, BeforeValidator

from scrapers import config
from scrapers.errors import UsageError
from scrapers.outbound import events, watches
from scrapers.publish.search import Search
from scrapers.ui.access import Acting
from scrapers.ui.database import Database, Writable
from scrapers.ui.rendering import go, page, view_of

TELL = "tell_watches"  # the Dag whose right to be triggered lets somebody save watches
MOST_MATCHES = 50
MOST_MESSAGES = 20

Time = Annotated[time, BeforeValidator(lambda text: text or "07:00")]

router = APIRouter(default_response_class=HTMLResponse)


class WatchForm(BaseModel):
    """The form of a new watch; without a name it is called by its query."""

    q: str
    name: str = ""
    outlet: str = ""
    section: str = ""
    author: str = ""
    email: str = ""
    webhook: str = ""
    every: watches.Every = "at_once"
    time_of_day: Time = time(7)

    def search(self) -> Search:
        """Return what it looks for."""
        return Search(self.q, self.outlet or None, section=self.section or None, author=self.author or None)


@router.get("/watches")
def show_watches(request: Request, connection: Database) -> HTMLResponse:
    """Show all watches, and messages that were not delivered."""
    return _page(request, connection)


def _page(request: Request, connection: psycopg.Connection, *, status: int = 200, **given: Any) -> HTMLResponse:
    found = {
        "watches": watches.all_watches(connection),
        "webhooks": events.all_webhooks(connection),
        "failed": watches.deliveries(connection, failed=True, limit=MOST_MESSAGES),
        "saved": None,
        "tested": None,
        "feed": None,
        "error": None,
    }
    return page(request, "watches.html", status=status, **{**found, **given})


@router.get("/watches/{watch_id}")
def show_watch(request: Request, connection: Database, watch_id: int) -> HTMLResponse:
    """Show what a watch found, each text once, and its messages."""
    return page(
        request,
        "watch.html",
        watch=watches.by_id(connection, watch_id),
        matches=watches.matches(connection, watch_id, limit=MOST_MATCHES),
        messages=watches.deliveries(connection, watch_id, limit=MOST_MESSAGES),
    )


@router.post("/watches")
def save(request: Request, connection: Writable, reader: Acting, form: Annotated[WatchForm, Form()]) -> HTMLResponse:
    """Save a search as a watch, and show the address of its feed, which is not shown again."""
    reader.require(TELL)
    zone = view_of(request).zone
    try:
        way, address = watches.way_out(form.email, form.webhook)
        watch, secret = watches.add(
            connection,
            form.name or form.q[: watches.MOST_NAME],
            form.search(),
            way=way,
            address=address,
            every=form.every,
            time_of_day=form.time_of_day,
            time_zone="Asia/Jakarta" if zone == "UTC" else zone,
            by=reader.name,
        )
    except UsageError as error:
        return _page(request, connection, status=400, error=str(error))
    return _page(request, connection, saved=watch, feed=_feed(request, secret))


@router.post("/watches/{watch_id}/feed")
def new_feed(request: Request, connection: Writable, reader: Acting, watch_id: int) -> HTMLResponse:
    """Give a watch's feed another address, and show it."""
    reader.require(TELL)
    watch = watches.by_id(connection, watch_id)
    secret = watches.new_feed(connection, watch.name)
    return _page(request, connection, saved=watch, feed=_feed(request, secret))


@router.post("/watches/{watch_id}/test")
def send_test(request: Request, connection: Database, reader: Acting, watch_id: int) -> Response:
    """Let the Dag send a message with what matches now: the secrets of mail servers are not here."""
    reader.require(TELL)
    watch = watches.by_id(connection, watch_id)
    return _page(request, connection, tested=watch, run_id=reader.start(TELL, {"test": watch.name}))


@router.post("/watches/{watch_id}/{deed}")
def act(request: Request, connection: Writable, reader: Acting, watch_id: int, deed: str) -> Response:
    """Pause, resume or remove a watch."""
    reader.require(TELL)
    name = watches.by_id(connection, watch_id).name
    if deed == "pause":
        watches.pause(connection, name, f"by {reader.name}")
    elif deed == "resume":
        watches.resume(connection, name)
    elif deed == "remove":
        watches.remove(connection, name)
    else:
        raise UsageError(f"nothing is done by {deed!r}")
    return go(request, "watches")


def _feed(request: Request, secret: str) -> str:
    root = config.URL or f"{request.url.scheme}://{request.url.netloc}{request.scope['root_path']}"
    return f"{root}/feeds/watches/{secret}.atom"
