"""Reading stored pages again by the rules of today; nothing is fetched."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

import psycopg

from scrapers.errors import DamageError, NotAnArticle, UsageError, one_line
from scrapers.extract.multipage import join
from scrapers.extract.page import Page, Rules
from scrapers.extract.process_pool import ProcessPool
from scrapers.extract.text_document import read_text_document
from scrapers.items import Article
from scrapers.maintenance.quarantine import spider_of
from scrapers.publish.edits import Piece, compare_words, marked, shortened, shown_value
from scrapers.storage import runs
from scrapers.storage.articles import CONTENT
from scrapers.storage.connection import connect
from scrapers.storage.reextraction import (
    Rewritten,
    StoredPage,
    note_progress,
    outlets_with_articles,
    rewritten,
    store_rewritten,
    stored_pages,
    stored_parts,
    unfinished,
)
from scrapers.storage.snapshots import read_body
from scrapers.terminal import print_table, say

BATCH = 100  # articles whose changes are stored in one transaction
AHEAD = 24  # pages that are being read or wait for it, so that the processes need not wait for the database
SAMPLES = 3  # changes of each field that are shown


@dataclass(slots=True)
class Report:
    """What came of reading stored pages again: pages by outcome, changes by field, and some of these."""

    pages: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[tuple[str, Any, Any]]] = field(default_factory=dict)  # by field: address, old, new

    def note(self, stored: StoredPage, new: Rewritten) -> None:
        """Count an article's changes, and keep the first of each field."""
        for name, (before, after) in new.changes.items():
            self.fields[name] += 1
            if self.fields[name] <= SAMPLES:
                self.samples.setdefault(name, []).append((stored.canonical_url, before, after))


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles are read again, which of their fields count, and whether anything is stored."""

    outlet: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    fields: tuple[str, ...] = CONTENT
    dry_run: bool = False

    def __post_init__(self) -> None:
        unknown = sorted(set(self.fields) - set(CONTENT))
        if unknown:
            raise UsageError(f"no field {unknown[0]!r}; known: {', '.join(CONTENT)}")

    def arguments(self) -> dict[str, Any]:
        """Return it as the run keeps it."""
        days = {"since": self.since and self.since.isoformat(), "until": self.until and self.until.isoformat()}
        return days | {"fields": list(self.fields)}


def reextract(
    connection: psycopg.Connection, selection: Selection, *, processes: int = 2, requested_by: str = "cli"
) -> Report:
    """Read stored pages again, store as revisions what is read otherwise now, and return what came of it.

    What is read as before writes nothing. It may be stopped at any time: the next call with the same selection goes on.
    An article whose page is none by today's rules, or can't be read, stays as it is and is counted.
    """
    report, outlets = Report(), outlets_with_articles(connection)
    if selection.outlet and selection.outlet not in outlets:
        raise UsageError(f"no articles of an outlet {selection.outlet!r}; stored are: {', '.join(outlets) or 'none'}")
    with ProcessPool(processes) as pool, asyncio.Runner() as loop:  # one loop, which the pool is bound to
        for outlet in [selection.outlet] if selection.outlet else outlets:
            if selection.dry_run:
                loop.run(_read_outlet(connection, pool, outlet, selection, report))
            else:
                _in_a_run(connection, pool, loop, outlet, selection, report, requested_by)
    return report


def _in_a_run(
    connection: psycopg.Connection,
    pool: ProcessPool,
    loop: asyncio.Runner,
    outlet: str,
    selection: Selection,
    report: Report,
    requested_by: str,
) -> None:
    run_id, arguments = uuid4(), selection.arguments()
    runs.begin_run(connection, run_id, outlet=outlet, kind="reextract", requested_by=requested_by, arguments=arguments)
    outcome, reason = "stopped", "ended before all pages were read"
    try:
        after = unfinished(connection, run_id, outlet, arguments)
        note_progress(connection, run_id, after)
        loop.run(_read_outlet(connection, pool, outlet, selection, report, run_id, after))
        outcome, reason = "succeeded", ""
    finally:
        runs.finish_run(connection, run_id, outcome, reason or None)


async def _read_outlet(
    connection: psycopg.Connection,
    pool: ProcessPool,
    outlet: str,
    selection: Selection,
    report: Report,
    run_id: UUID | None = None,
    after: int = 0,
) -> None:
    """Read the outlet's pages, and store what differs, batch by batch; without a run nothing is stored."""
    changed, done = [], 0
    async for stored, article in _read_ahead(connection, pool, outlet, selection, after):
        if new := _compared(stored, article, selection.fields, report):
            changed.append((stored, new))
        done += 1
        if done % BATCH == 0:
            _keep(connection, run_id, changed, stored, report)
            changed = []
    if done % BATCH:
        _keep(connection, run_id, changed, stored, report)


async def _read_ahead(
    connection: psycopg.Connection, pool: ProcessPool, outlet: str, selection: Selection, after: int
) -> AsyncIterator[tuple[StoredPage, Article | str]]:
    """Yield the outlet's pages in order, each with its article or why there is none; the next ones are being read."""
    rules, reads = spider_of(outlet).rules(), deque[tuple[StoredPage, asyncio.Task[Article | str]]]()
    for stored in _stored_pages(connection, outlet, selection, after):
        reads.append((stored, asyncio.create_task(_read(pool, stored, _pages_or_why(connection, stored), rules))))
        if len(reads) == AHEAD:
            stored, task = reads.popleft()
            yield stored, await task
    for stored, task in reads:
        yield stored, await task


def _stored_pages(
    connection: psycopg.Connection, outlet: str, selection: Selection, after: int
) -> Iterator[StoredPage]:
    days = {"since": selection.since, "until": selection.until}
    while pages := stored_pages(connection, outlet, after, AHEAD, **days):
        yield from pages
        after = pages[-1].article_id


def _pages_or_why(connection: psycopg.Connection, stored: StoredPage) -> list[Page] | str:
    """Return the pages that the article was read from, or why they can't be had."""
    try:
        return _pages_of(connection, stored) or "not kept"
    except DamageError:  # one page never ends the others
        return "damaged"


def _pages_of(connection: psycopg.Connection, stored: StoredPage) -> list[Page]:
    """Return the page that the article was read from, or each of several; none where not all are kept."""
    if stored.parts:
        parts = stored_parts(connection, stored)
        bodies = [read_body(connection, part.body, part.dictionary_sha256, part.place) for part in parts]
        pages = [
            Page(part.url, body, part.content_type, part.requested_at, stored.announced)
            for part, body in zip(parts, bodies, strict=True)
        ]
        return pages if len(pages) == stored.parts else []
    if stored.body is None and stored.place is None:
        return []
    body = read_body(connection, stored.body, stored.dictionary_sha256, stored.place)
    return [Page(stored.url, body, stored.content_type, stored.requested_at, stored.announced)]


async def _read(pool: ProcessPool, stored: StoredPage, pages: Sequence[Page] | str, rules: Rules) -> Article | str:
    if isinstance(pages, str):
        return pages
    try:
        if stored.status is None and not stored.parts:
            return read_text_document(pages[0].body.decode("utf-8-sig"), url=stored.url, rules=rules)
        read = [(await pool.read(page, rules)).article for page in pages]
    except NotAnArticle as error:
        return error.reason
    except Exception as error:  # noqa: BLE001 - one page never ends the others; it stays as it is, and is counted
        return one_line(error)
    articles = [article for article in read if isinstance(article, Article)]
    if len(articles) < len(read):
        return next(error.reason for error in read if isinstance(error, NotAnArticle))
    article = join(articles)
    is_cut_short = stored.parts and stored.content.get("is_truncated")  # a page of several that could not be had
    return replace(article, is_truncated=True) if is_cut_short else article


def _compared(stored: StoredPage, article: Article | str, fields: Collection[str], report: Report) -> Rewritten | None:
    """Return what differs from what is stored, or None; all is counted but what is yet to be stored."""
    if isinstance(article, str):
        report.pages[f"left: {article}"] += 1
        return None
    new = rewritten(stored, article, fields)
    if new.changes:
        report.note(stored, new)
        return new
    report.pages["unchanged"] += 1
    return None


def _keep(
    connection: psycopg.Connection,
    run_id: UUID | None,
    changed: Sequence[tuple[StoredPage, Rewritten]],
    last: StoredPage,
    report: Report,
) -> None:
    """Store what differs in one transaction, with how far the run has come; without a run it is only counted."""
    if run_id is None:
        report.pages.update("changed" for _ in changed)
        return
    with connection.transaction():
        for stored, new in changed:
            is_stored = store_rewritten(connection, run_id, stored, new)
            report.pages["changed" if is_stored else "left: revised meanwhile"] += 1
        note_progress(connection, run_id, last.article_id)


def print_report(report: Report, *, dry_run: bool) -> None:
    """Print how many pages came out how, which fields changed, and samples of that."""
    for outcome, pages in sorted(report.pages.items()):
        say(f"{pages:8d}  {outcome}")
    if report.fields:
        say("")
        print_table(("field", "changes"), report.fields.most_common(), right=("changes",))
    for name, samples in report.samples.items():
        for url, before, after in samples:
            say(f"\n{name}  {url}")
            say(f"  {_marked(compare_words(shown_value(before), shown_value(after)))}")
    if dry_run:
        say("\nnothing was stored: without --dry-run these changes are")


def _marked(pieces: Sequence[Piece]) -> str:
    return "".join(marked(piece) for piece in islice(shortened(pieces), 40)).replace("\n", "\n  ")


def run_form(form: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Do what Airflow's form asks for, print the report, and return pages by outcome and changes by field."""
    since, until = (
        datetime.fromisoformat(form[name]).replace(tzinfo=UTC) if form[name] else None for name in ("since", "until")
    )
    end = until and until + timedelta(days=1)
    selection = Selection(form["outlet"] or None, since, end, tuple(form["fields"]) or CONTENT, form["dry_run"])
    with connect() as connection:
        report = reextract(connection, selection, processes=form["workers"], requested_by="airflow:reextract")
    print_report(report, dry_run=selection.dry_run)
    return {"pages": dict(report.pages), "fields": dict(report.fields)}
