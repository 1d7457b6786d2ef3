"""The JSON API, version 1."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

import psycopg
from fastapi import APIRouter, Depends, Path, Query

from scrapers.api import reading
from scrapers.api.access import requires
from scrapers.api.database import reading as connected
from scrapers.publish import search

ArticleId = Annotated[int, Path(ge=1, lt=2**63, description="The article's number.")]
Limit = Annotated[int, Query(ge=1, le=reading.MOST, description="How many at most.")]
Cursor = Annotated[str | None, Query(max_length=200, description="`next_cursor` of the page before.")]
Text = Annotated[str | None, Query(max_length=search.MOST_CHARACTERS)]
Day = Annotated[date | None, Query(ge=date(1900, 1, 1), lt=date(9999, 1, 1), description="A day, in UTC.")]

router = APIRouter(prefix="/v1", dependencies=[Depends(requires("read"))])


def database() -> Iterator[psycopg.Connection]:
    """Yield a connection that reads."""
    with connected() as connection:
        yield connection


Database = Annotated[psycopg.Connection, Depends(database)]


@router.get("/search", summary="Search headlines and texts")
def find(
    connection: Database,
    q: Annotated[str, Query(max_length=search.MOST_CHARACTERS, description='Words, "a phrase", OR, -without, begin*.')],
    outlet: Text = None,
    since: Day = None,
    until: Day = None,
    section: Text = None,
    author: Text = None,
    language: Annotated[str, Query(max_length=35, description="The query's language (BCP 47).")] = "id",
    best: Annotated[bool, Query(description="The most relevant of the newest 500 first.")] = False,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> reading.Hits:
    """Return articles that match, the newest first."""
    asked = search.Search(
        q, outlet, since=begin(since), until=end(until), section=section, author=author, in_language=language
    )
    return reading.search(connection, asked, best=best, limit=limit, cursor=cursor)


@router.get("/articles/{article_id}", summary="An article")
def show_article(connection: Database, article_id: ArticleId) -> reading.Article:
    """Return its newest revision."""
    return reading.article(connection, article_id)


@router.get("/articles/{article_id}/revisions", summary="What its revisions changed")
def show_revisions(connection: Database, article_id: ArticleId) -> reading.Changes:
    """Return what each revision changed in the one before, word by word; nothing where there is one."""
    return reading.changes(connection, article_id)


@router.get("/articles/{article_id}/copies", summary="Its copies")
def show_copies(connection: Database, article_id: ArticleId) -> reading.Copies:
    """Return who published the same text, when, and what each changed."""
    return reading.copies(connection, article_id)


@router.get("/edits", summary="What publishers changed")
def show_edits(
    connection: Database,
    outlet: Text = None,
    kind: Text = None,
    since: Day = None,
    until: Day = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> reading.Edits:
    """Return edits, withdrawals and returns, the newest first."""
    span = {"since": begin(since) if since else None, "until": end(until) if until else None}
    return reading.edit_stream(connection, outlet=outlet, kind=kind, **span, limit=limit, cursor=cursor)


@router.get("/outlets", summary="The outlets")
def show_outlets(connection: Database) -> reading.Outlets:
    """Return the declared outlets, and what their crawls brought within 24 hours."""
    return reading.outlets(connection)


def begin(day: date | None) -> datetime:
    """Return the beginning of a day in UTC; of all time without one."""
    return datetime.combine(day, time(), UTC) if day else search.BEGINNING


def end(day: date | None) -> datetime:
    """Return the end of a day in UTC; of all time without one."""
    return begin(day) + timedelta(days=1) if day else search.END
