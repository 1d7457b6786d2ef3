"""What programs read, as models: the same for the JSON API and for MCP, from the functions of publish and monitor."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import psycopg
from pydantic import BaseModel, Field

from scrapers.errors import UsageError
from scrapers.monitor import summary
from scrapers.publish import articles, edits
from scrapers.publish import search as publish
from scrapers.spiders import outlets as declared

MOST = 100  # of a page
Cursor = Annotated[str | None, Field(description="Where the next page begins; null on the last.")]


class NotThere(UsageError):
    """What was asked for is not there."""


class Hit(BaseModel):
    """An article that a search found."""

    article_id: int
    at: datetime = Field(description="When it was published, or first seen where its page does not say.")
    outlet: str
    headline: str
    url: str
    snippet: str = Field(description="Text around what was found, which stands in « ».")
    representative_id: int | None = Field(description="The article that stands for its copies; null without copies.")
    withdrawn_at: datetime | None = Field(description="Since when its page shows it no longer.")


class Hits(BaseModel):
    """A page of what a search found."""

    items: list[Hit]
    next_cursor: Cursor
    note: str | None = Field(description="What was left out, where something was.")


class Article(BaseModel):
    """An article's newest revision."""

    article_id: int
    outlet: str
    url: str
    canonical_url: str
    headline: str
    alternative_headline: str | None
    description: str | None
    author: list[str]
    editor: str | None
    publisher: str | None
    date_line: str | None
    date_published: datetime | None
    date_published_precision: str | None
    date_modified: datetime | None
    article_section: list[str]
    keywords: list[str]
    kind: str
    in_language: str | None
    image_url: str | None
    word_count: int | None
    is_paywalled: bool | None
    is_truncated: bool
    article_body: list[str] = Field(description="Its paragraphs.")
    provenance: dict[str, Any] = Field(description="For each field, the rule that gave it.")
    revision: int = Field(description="The newest revision's number, from 1.")
    first_seen_at: datetime
    revised_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str | None
    representative_id: int | None


class Change(BaseModel):
    """What one revision changed in the one before."""

    revision: int
    stored_at: datetime
    origin: str = Field(description="publisher, or reextraction: Warta's newer rules read the same page again.")
    kinds: list[str] = Field(description="What the edit amounts to, the weightiest first.")
    fields: dict[str, list[tuple[str, str]]] = Field(
        description="For each field its text in pieces, each with `same`, `removed` or `added`."
    )


class Changes(BaseModel):
    """What the revisions of an article changed, the oldest first."""

    url: str
    items: list[Change]


class Copy(BaseModel):
    """A member of an article's cluster."""

    position: int = Field(description="Who published it first, second, …")
    article_id: int
    outlet: str
    headline: str
    date_published: datetime | None
    behind_first: timedelta | None = Field(description="How long after the first (ISO 8601).")
    kind: str | None = Field(description="exact, edited, truncated or extended; null for the representative.")
    added: float | None = Field(description="The share of its text that the representative lacks.")
    cut: float | None = Field(description="The share of the representative's text that it lacks.")
    headline_rewritten: bool | None


class Copies(BaseModel):
    """An article and its copies, by time of publication; empty where it has none."""

    representative_id: int | None
    items: list[Copy]


class Edit(BaseModel):
    """What a publisher did to an article after its first version."""

    at: datetime = Field(description="When a crawl saw it.")
    article_id: int
    outlet: str
    canonical_url: str
    headline: str
    kind: str
    kinds: list[str]
    revision: int | None = Field(description="The revision that it led to; null for withdrawals.")
    headline_before: str | None
    headline_after: str | None
    words_added: int | None
    words_removed: int | None
    paragraphs_removed: int | None
    minutes_after_publication: int | None
    reason: str | None = Field(description="How a withdrawal was seen.")


class Edits(BaseModel):
    """A page of edits, the newest first."""

    items: list[Edit]
    next_cursor: Cursor


class Outlet(BaseModel):
    """A declared outlet, and what its crawls brought within 24 hours."""

    name: str
    publisher: str | None
    in_language: str | None
    time_zone: str
    new: int
    edited: int
    withdrawn: int
    newest_at: datetime | None = Field(description="When its newest article was stored.")


class Outlets(BaseModel):
    """All outlets."""

    items: list[Outlet]


def search(
    connection: psycopg.Connection, asked: publish.Search, *, best: bool, limit: int, cursor: str | None
) -> Hits:
    """Return articles that match; raises UsageError for what is no search, and for a cursor that is none."""
    page = publish.find(connection, asked, by_relevance=best, limit=limit, after=cursor)
    return Hits(items=[Hit(**asdict(hit)) for hit in page.hits], next_cursor=page.after, note=page.note)


def article(connection: psycopg.Connection, article_id: int) -> Article:
    """Return an article; raises NotThere where there is none."""
    return Article(**_row(connection, article_id))


def _row(connection: psycopg.Connection, article_id: int) -> dict[str, Any]:
    try:
        return articles.read_article(connection, article_id)
    except UsageError as error:
        raise NotThere(str(error)) from None


def changes(connection: psycopg.Connection, article_id: int) -> Changes:
    """Return what its revisions changed; raises NotThere where there is no such article."""
    url = _row(connection, article_id)["url"]
    found = edits.as_json(url, edits.differences(connection, article_id))
    return Changes(url=url, items=found["changes"])


def copies(connection: psycopg.Connection, article_id: int) -> Copies:
    """Return its cluster; raises NotThere where there is no such article."""
    representative = _row(connection, article_id)["representative_id"]
    members = articles.cluster_members(connection, representative) if representative else []
    return Copies(representative_id=representative, items=[Copy(**member) for member in members])


def edit_stream(
    connection: psycopg.Connection,
    *,
    outlet: str | None,
    kind: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    cursor: str | None,
) -> Edits:
    """Return edits, the newest first; raises UsageError for a cursor that is none.

    Edits of one moment stay on one page, which may then be longer than `limit`.
    """
    before = _moment(cursor) if cursor else until
    asked: dict[str, Any] = {"outlet": outlet, "kind": kind}
    found = edits.edits(connection, since=since, until=before, limit=limit + 1, **asked)
    if len(found) <= limit:
        return Edits(items=[Edit(**row) for row in found], next_cursor=None)
    last = found[-1]["at"]
    kept = [row for row in found if row["at"] > last]
    if not kept:  # all of one moment
        kept = edits.edits(connection, since=last, until=last + timedelta(microseconds=1), **asked)
    return Edits(items=[Edit(**row) for row in kept], next_cursor=kept[-1]["at"].astimezone(UTC).isoformat())


def _moment(cursor: str) -> datetime:
    try:
        moment = datetime.fromisoformat(cursor)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UsageError(f"{cursor[:60]!r} is no place to go on from: take `next_cursor` of a page before")
    return moment


def outlets(connection: psycopg.Connection) -> Outlets:
    """Return the declared outlets by name."""
    today = {row["outlet"]: row for row in summary.outlets_today(connection)}
    return Outlets(
        items=[_outlet(one, today.get(one.name, {})) for one in sorted(declared(), key=lambda one: one.name)]
    )


def _outlet(one: Any, row: dict[str, Any]) -> Outlet:
    counts: dict[str, Any] = {name: row.get(name, 0) for name in ("new", "edited", "withdrawn")}
    return Outlet(
        name=one.name,
        publisher=one.publisher,
        in_language=one.in_language,
        time_zone=one.time_zone,
        newest_at=row.get("newest_at"),
        **counts,
    )
