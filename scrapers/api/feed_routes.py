"""The addresses of feeds: of a watch, a search, an outlet, the edits."""

from collections.abc import Callable
from dataclasses import asdict
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from scrapers import config
from scrapers.api import feeds
from scrapers.api.access import requires
from scrapers.api.reading import NotThere
from scrapers.api.routes import Database, Day, Text, begin, end
from scrapers.outbound import watches
from scrapers.publish import articles, edits, search
from scrapers.spiders import outlets

FRESH = {"Cache-Control": "private, max-age=300", "Vary": "Authorization, Cookie"}

secret_router = APIRouter()  # who knows the address may read
router = APIRouter(dependencies=[Depends(requires("feeds"))])


@secret_router.get("/watches/{secret}.{form}")
def watch_feed(request: Request, connection: Database, secret: str, form: feeds.Format) -> Response:
    """Return what matched a watch, each text once."""
    watch = watches.of_feed(connection, secret)
    if watch is None:
        raise HTTPException(404, "no watch has a feed at this address: it was given a new one, or is gone")
    found = watches.matches(connection, watch.watch_id, limit=feeds.MOST_ENTRIES)
    feed = feeds.Feed(f"warta:watch:{watch.watch_id}", watch.name, here(request), [*map(feeds.of_match, found)])
    return answer(request, feed, form)


@router.get("/search.{form}")
def search_feed(
    request: Request,
    connection: Database,
    form: feeds.Format,
    q: Annotated[str, Query(max_length=search.MOST_CHARACTERS)],
    outlet: Text = None,
    section: Text = None,
    author: Text = None,
    language: Annotated[str, Query(max_length=35)] = "id",
    since: Day = None,
    until: Day = None,
) -> Response:
    """Return what a search finds now, the newest first."""
    span = {"since": begin(since), "until": end(until)}
    asked = search.Search(q, outlet, section=section, author=author, in_language=language, **span)
    found = search.find(connection, asked, limit=feeds.MOST_ENTRIES)
    entries = [feeds.of_hit(asdict(hit)) for hit in found.hits]
    return answer(request, feeds.Feed(f"warta:{asked}", f"Warta: {q}", here(request), entries), form)


@router.get("/outlets/{outlet}.{form}")
def outlet_feed(request: Request, connection: Database, outlet: str, form: feeds.Format) -> Response:
    """Return an outlet's newest articles."""
    if outlet not in {one.name for one in outlets()}:
        raise NotThere(f"no outlet {outlet!r}: /warta/api/v1/outlets lists them")
    entries = [*map(feeds.of_hit, articles.newest_of(connection, outlet, limit=feeds.MOST_ENTRIES))]
    return answer(request, feeds.Feed(f"warta:outlet:{outlet}", f"Warta: {outlet}", here(request), entries), form)


@router.get("/edits.{form}")
def edits_feed(
    request: Request, connection: Database, form: feeds.Format, outlet: Text = None, kind: Text = None
) -> Response:
    """Return what publishers changed, the newest first."""
    found = edits.edits(connection, outlet=outlet, kind=kind, limit=feeds.MOST_ENTRIES)
    title = " ".join(filter(None, ["Warta: edits", outlet, kind]))
    feed = feeds.Feed(f"warta:edits:{outlet}:{kind}", title, here(request), [*map(feeds.of_edit, found)])
    return answer(request, feed, form)


def here(request: Request) -> str:
    """Return the address that was asked, as its reader knows it; a token in it is left out."""
    query = "&".join(part for part in request.url.query.split("&") if part and not part.startswith("token="))
    path = request.url.path.partition("/feeds/")[2]
    base = f"{config.URL}/feeds/" if config.URL else str(request.base_url).rstrip("/") + "/"
    return base + path + (f"?{query}" if query else "")


def answer(request: Request, feed: feeds.Feed, form: feeds.Format) -> Response:
    """Return the feed, or 304 where the reader has it."""
    body = feed.written(form)
    tag, at = feeds.etag(body), feed.updated.replace(microsecond=0)
    headers = {**FRESH, "ETag": tag, "Last-Modified": format_datetime(at, usegmt=True)}
    if is_known(request.headers.get, tag, at):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=feeds.MEDIA_TYPES[form], headers=headers)


def is_known(header: Callable[[str], str | None], tag: str, at: Any) -> bool:
    """Return whether the request's conditions say that its sender has this (RFC 9110, 13.2.2)."""
    if (tags := header("if-none-match")) is not None:
        return tags.strip() == "*" or tag in [one.strip().removeprefix("W/") for one in tags.split(",")]
    try:
        since = parsedate_to_datetime(header("if-modified-since") or "")
    except (ValueError, TypeError):
        return False
    return bool(since.tzinfo and at <= since)
