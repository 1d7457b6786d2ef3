"""Search what articles say, or said; the functions search_… of the database do the work."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Generic, TypeVar

import psycopg
from psycopg.rows import class_row

from scrapers.errors import UsageError, shortened
from scrapers.spiders import outlet as named
from scrapers.storage.connection import query

MOST_CHARACTERS = 1000  # of a query; what search_query() reads
CHARTED = timedelta(days=30)
BAR = 40  # characters that stand for the largest count of a chart
FOUND = re.compile(r"«([^«»]*)»")  # how the database marks what it has found
BEGINNING, END = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for: words, "phrases", OR, -without, begin*; and where. Times are aware, `until` is not included."""

    query: str
    outlet: str | None = None
    since: datetime = BEGINNING
    until: datetime = END
    section: str | None = None
    author: str | None = None
    in_language: str = "id"


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that matches; `snippet` is text that marks what was found by « », `place` is where to go on."""

    article_id: int
    at: datetime
    outlet: str
    headline: str
    url: str
    snippet: str
    representative_id: int | None
    withdrawn_at: datetime | None
    place: str


@dataclass(frozen=True, slots=True)
class RevisionHit:
    """An article of which a revision matches: since when one did, and until when; None where the newest still does."""

    article_id: int
    at: datetime
    outlet: str
    headline: str
    url: str
    snippet: str
    revision: int
    appeared_at: datetime
    gone_at: datetime | None
    place: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many articles match, and how that is known: `exact`, `estimate` from a sample, or `at_least`."""

    matches: int
    accuracy: str

    def __str__(self) -> str:
        """Return the number as people say it, rounded to two digits unless it is exact."""
        if self.accuracy == "exact":
            return f"{self.matches:,}"
        unit = 10 ** max(len(str(self.matches)) - 2, 0)
        if self.accuracy == "estimate":
            return f"some {round(self.matches / unit) * unit:,}"
        return f"at least {self.matches // unit * unit:,}"


@dataclass(frozen=True, slots=True)
class DayCount:
    """The articles of an outlet that match, published on one day (UTC)."""

    day: date
    outlet: str
    matches: int


Found = TypeVar("Found", Hit, RevisionHit)


@dataclass(frozen=True, slots=True)
class Page(Generic[Found]):
    """One page of results; `after` gives the next one, None where there is none. `note` says what was left out."""

    hits: Sequence[Found]
    after: str | None
    note: str | None


def find(
    connection: psycopg.Connection,
    search: Search,
    *,
    by_relevance: bool = False,
    limit: int = 20,
    after: str | None = None,
) -> Page[Hit]:
    """Return articles that match, the newest first, or the most relevant of the newest 500.

    Raises UsageError where the search cannot be made.
    """
    given = _parameters(connection, search) | {"by_relevance": by_relevance, "limit": limit, "after": after}
    return _page(connection, "search_articles", Hit, given)


def find_revisions(
    connection: psycopg.Connection, search: Search, *, limit: int = 20, after: str | None = None
) -> Page[RevisionHit]:
    """Return revised articles of which any revision matches, the newest first; at most `limit` revisions are looked at.

    Raises UsageError where the search cannot be made.
    """
    given = _parameters(connection, search) | {"limit": limit, "after": after}
    return _page(connection, "search_revisions", RevisionHit, given)


def count(connection: psycopg.Connection, search: Search) -> Count:
    """Return how many articles match. Raises UsageError where the search cannot be made."""
    given = _parameters(connection, search)
    with connection.cursor(row_factory=class_row(Count)) as cursor:
        return cursor.execute(query("count_matches"), given).fetchall()[0]


def count_by_day(connection: psycopg.Connection, search: Search) -> list[DayCount]:
    """Return how many articles match by day and outlet; of the last 30 days where the search has no `since`.

    Raises UsageError where the search cannot be made.
    """
    until = min(search.until, datetime.now(UTC) + timedelta(days=1))
    since = until - CHARTED if search.since == BEGINNING else search.since
    given = _parameters(connection, replace(search, since=since, until=until))
    with connection.cursor(row_factory=class_row(DayCount)) as cursor:
        return cursor.execute(query("count_matches_by_day"), given).fetchall()


def _parameters(connection: psycopg.Connection, search: Search) -> dict[str, object]:
    """Return the search as the statements take it; raises UsageError where it is none."""
    if search.outlet:
        named(search.outlet)
    for text in filter(None, (search.query, search.section, search.author, search.in_language)):
        _refuse_unfit(text)
    given = asdict(search)
    if connection.execute(query("asks_for_words"), given).fetchone() != (True,):
        raise UsageError(
            f"nothing to look for in {search.query!r}: give a word; `-word` alone leaves out, but finds nothing"
        )
    return given


def _refuse_unfit(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise UsageError(f"{shortened(text, 60)!r} is too long to look for: at most {MOST_CHARACTERS:,} characters")
    if "\0" in text or text.encode(errors="ignore").decode() != text:
        raise UsageError(f"{text!r} holds characters that no text in Postgres can have: leave them out")


def _page(connection: psycopg.Connection, name: str, kind: type[Found], given: dict[str, object]) -> Page[Found]:
    notes: list[psycopg.errors.Diagnostic] = []
    connection.add_notice_handler(notes.append)
    try:
        with connection.cursor(row_factory=class_row(kind)) as cursor:
            hits = cursor.execute(query(name), given).fetchall()
    except psycopg.DataError:
        raise UsageError(f"{given['after']!r} is no place to go on from: take it from a page before") from None
    finally:
        connection.remove_notice_handler(notes.append)
    warnings = [note for note in notes if note.severity_nonlocalized == "WARNING"]
    return _with_rest(hits, given, warnings[-1] if warnings else None)


def _with_rest(hits: list[Found], given: dict[str, object], warning: psycopg.errors.Diagnostic | None) -> Page[Found]:
    """Return the page with where the next one begins: after its last hit, or where a search for a phrase ended."""
    is_full = bool(hits) and (len(hits) == given["limit"] or isinstance(hits[-1], RevisionHit))
    after = hits[-1].place if is_full else None
    if warning and not given.get("by_relevance"):
        after = warning.message_detail
    return Page(hits, after, warning.message_primary if warning else None)


def passages(snippet: str) -> Sequence[tuple[str, bool]]:
    """Return a snippet in pieces, each with whether it was found."""
    return [(text, n % 2 == 1) for n, text in enumerate(FOUND.split(snippet)) if text]


def chart(counts: Sequence[DayCount]) -> list[tuple[date, str, int, str]]:
    """Return the counts with a bar each; the longest stands for the largest."""
    largest = max((one.matches for one in counts), default=1)
    return [(one.day, one.outlet, one.matches, "█" * ceil(BAR * one.matches / largest)) for one in counts]
