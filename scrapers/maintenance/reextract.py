"""Reading stored pages again by the rules of today; nothing is fetched."""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

import psycopg

from scrapers.errors import NotAnArticle, UsageError, one_line
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
from scrapers.storage.snapshots import find_dictionary, unpack
from scrapers.terminal import print_table, say

BATCH = 100  # articles that are read, and stored in one transaction
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
    An article that is none any more by today's rules, or can't be read, stays as it is and is counted.
    """
    report, outlets = Report(), outlets_with_articles(connection)
    if selection.outlet and selection.outlet not in outlets:
        raise UsageError(f"no articles of an outlet {selection.outlet!r}; stored are: {', '.join(outlets) or 'none'}")
    with ProcessPool(processes) as pool:
        for outlet in [selection.outlet] if selection.outlet else outlets:
            if selection.dry_run:
                _read_outlet(connection, pool, outlet, selection, report)
            else:
                _in_a_run(connection, pool, outlet, selection, report, requested_by)
    return report


def _in_a_run(
    connection: psycopg.Connection,
    pool: ProcessPool,
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
        _read_outlet(connection, pool, outlet, selection, report, run_id, after)
        outcome, reason = "succeeded", ""
    finally:
        runs.finish_run(connection, run_id, outcome, reason or None)


def _read_outlet(
    connection: psycopg.Connection,
    pool: ProcessPool,
    outlet: str,
    selection: Selection,
    report: Report,
    run_id: UUID | None = None,
    after: int = 0,
) -> None:
    """Read the outlet's pages batch by batch; without a run nothing is stored."""
    spider, loop = spider_of(outlet), asyncio.Runner()
    with loop:
        for batch in _batches(connection, outlet, selection, after):
            read = loop.run(_read_all(connection, pool, batch, spider.rules()))
            changed = list(_compared(batch, read, selection.fields, report))
            if run_id is not None:
                with connection.transaction():
                    report.pages.update(_store(connection, run_id, changed))
                    note_progress(connection, run_id, batch[-1].article_id)
            else:
                report.pages["changed"] += len(changed)


def _batches(
    connection: psycopg.Connection, outlet: str, selection: Selection, after: int
) -> Iterator[Sequence[StoredPage]]:
    days = {"since": selection.since, "until": selection.until}
    while batch := stored_pages(connection, outlet, after, BATCH, **days):
        yield batch
        after = batch[-1].article_id


async def _read_all(
    connection: psycopg.Connection, pool: ProcessPool, batch: Sequence[StoredPage], rules: Rules
) -> list[Article | str]:
    """Return each page's article, or why there is none."""
    pages = [_pages_of(connection, stored) for stored in batch]
    reads = (_read(pool, stored, parts, rules) for stored, parts in zip(batch, pages, strict=True))
    return await asyncio.gather(*reads)


def _pages_of(connection: psycopg.Connection, stored: StoredPage) -> list[Page]:
    """Return the page that the article was read from, or each of several; none where not all are kept."""
    if stored.parts:
        parts = stored_parts(connection, stored)
        bodies = [_unpacked(connection, part.body, part.dictionary_sha256) for part in parts]
        pages = [
            Page(part.url, body, part.content_type, part.requested_at, stored.announced)
            for part, body in zip(parts, bodies, strict=True)
        ]
        return pages if len(pages) == stored.parts else []
    if stored.body is None:
        return []
    body = _unpacked(connection, stored.body, stored.dictionary_sha256)
    return [Page(stored.url, body, stored.content_type, stored.requested_at, stored.announced)]


def _unpacked(connection: psycopg.Connection, body: bytes, needs: bytes | None) -> bytes:
    return unpack(body, find_dictionary(connection, needs) if needs else None)


async def _read(pool: ProcessPool, stored: StoredPage, pages: Sequence[Page], rules: Rules) -> Article | str:
    if not pages:
        return "not kept"
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


def _compared(
    batch: Sequence[StoredPage], read: Sequence[Article | str], fields: Collection[str], report: Report
) -> Iterator[tuple[StoredPage, Rewritten]]:
    """Yield what differs from what is stored, and count all else."""
    for stored, article in zip(batch, read, strict=True):
        if isinstance(article, str):
            report.pages[f"left: {article}"] += 1
            continue
        new = rewritten(stored, article, fields)
        if new.changes:
            report.note(stored, new)
            yield stored, new
        else:
            report.pages["unchanged"] += 1


def _store(
    connection: psycopg.Connection, run_id: UUID, changed: Sequence[tuple[StoredPage, Rewritten]]
) -> Iterator[str]:
    for stored, new in changed:
        yield "changed" if store_rewritten(connection, run_id, stored, new) else "left: revised meanwhile"


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
