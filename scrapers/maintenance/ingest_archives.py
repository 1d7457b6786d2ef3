"""Pages of web archives into the same tables as crawled ones; the log of requests names the archive they come from."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import groupby, zip_longest
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import class_row

from scrapers.errors import DamageError, WartaError
from scrapers.extract.process_pool import ProcessPool
from scrapers.extract.reading import Reading
from scrapers.items import CrawlScope, LeasedPage, Link
from scrapers.maintenance.captured_pages import captured_result, left_to_crawl, read_capture
from scrapers.maintenance.web_archive import SUFFIXES, Archive, Capture, Place
from scrapers.spiders import outlet, outlet_of, outlets
from scrapers.spiders.base import NewsSpider
from scrapers.spiders.news import AnySiteSpider
from scrapers.storage import articles, ledger, runs
from scrapers.storage.connection import query
from scrapers.terminal import say

BATCH = 100  # captures of an outlet that are read, and stored in one transaction
BATCH_BYTES = 32 * 1024 * 1024  # of their bodies, after which a batch is full
WAITING = ("discovered", "deferred")  # states of pages that a crawl has yet to fetch

ReadAll = Callable[[Sequence[tuple[Capture, LeasedPage]]], list[Reading | BaseException]]


@dataclass(slots=True)
class Report:
    """What came of archives: their captures by outcome, and the faults of files that could not be read to their end."""

    captures: Counter[str] = field(default_factory=Counter)
    faults: list[WartaError] = field(default_factory=list)


class KnownPage(NamedTuple):
    """What the ledger knows of the page of a capture; `place` is the capture's in the list that was asked about.

    `last_answer` is when the page that it is, or duplicates, was last fetched; `is_stored` says that this very capture
    is in the log.
    """

    place: int
    state: str
    has_article: bool
    last_answer: datetime | None
    is_stored: bool


def archives_among(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return the web archives among paths, and in those that are folders; and the paths that hold none."""
    archives: list[Path] = []
    others: list[Path] = []
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        found = [file for file in files if file.name.endswith(SUFFIXES)]
        archives += found
        others += [] if found else [path]
    return archives, others


def ingest_archives(
    connection: psycopg.Connection,
    paths: Sequence[Path],
    outlet_name: str | None = None,
    *,
    processes: int = 2,
    on_stored: Callable[[str], None] = lambda text: None,
) -> Report:
    """Store the articles of archived pages, each as of its capture; return what came of the captures.

    A page goes to the outlet that is named (a declared one, or the domain of any site), else to the declared outlet
    that it is of. What is not newer than a stored article's page is left alone, and so is what was stored before.
    `on_stored` hears how far it is. Raises UsageError for an unknown outlet.
    """
    place, report = placing(outlet_name), Report()
    if not paths:
        return report
    with ProcessPool(processes) as pool, asyncio.Runner() as loop:
        for path in paths:
            archive = Archive(path, place)
            for outcomes in _ingest(connection, archive, lambda pages: loop.run(_read_all(pool, pages))):
                report.captures.update(outcomes)
                on_stored(f"{report.captures.total():,} pages, {path.name}")
            report.captures.update({f"skipped: {why}": count for why, count in archive.skipped.items()})
            if archive.fault:
                report.faults.append(archive.fault)
    return report


def placing(outlet_name: str | None) -> Callable[[str], Place | str]:
    """Return what says whose page an address is, or why it is nobody's."""
    named = _named(outlet_name) if outlet_name else None
    spiders: dict[str, NewsSpider] = {declared.name: declared() for declared in ([] if named else outlets())}

    def place(url: str) -> Place | str:
        declared = None if named else outlet_of(_host(url))
        spider = spiders[declared.name] if declared else named
        if spider is None or not spider.is_on_outlet(url):
            return f"not of {outlet_name or 'a declared outlet'}"
        page_url = spider.article_page(url)
        return Place(spider, page_url) if page_url else "no article's address"

    return place


def _named(name: str) -> NewsSpider:
    return AnySiteSpider(f"https://{name}/") if "." in name else outlet(name)()


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # brackets that hold no address
        return ""


def _ingest(connection: psycopg.Connection, archive: Archive, read_all: ReadAll) -> Iterator[Iterable[str]]:
    """Store what one archive holds, in a run for each outlet; yield the outcomes of some captures after others."""
    run_ids: dict[str, UUID] = {}
    outcome, reason = "stopped", "ended before the archive was read"
    try:
        for spider, batch in _batches(archive.captures()):
            if spider.name not in run_ids:
                run_ids[spider.name] = uuid4()
                given = {"archive": archive.path.name}
                runs.begin_run(connection, run_ids[spider.name], outlet=spider.name, kind="ingest", arguments=given)
            for captures in _rounds(batch):
                yield list(_store(connection, run_ids[spider.name], spider, captures, read_all))
        outcome, reason = ("failed", str(archive.fault)) if archive.fault else ("succeeded", "")
    finally:
        for run_id in run_ids.values():
            runs.finish_run(connection, run_id, outcome, reason or None)


def _batches(captures: Iterable[Capture]) -> Iterator[tuple[NewsSpider, list[Capture]]]:
    """Yield captures of one outlet together, as many as are read at once."""
    waiting: defaultdict[NewsSpider, list[Capture]] = defaultdict(list)
    size = 0
    for capture in captures:
        spider = capture.place.spider
        waiting[spider].append(capture)
        size += len(capture.response.body)
        if len(waiting[spider]) == BATCH or size >= BATCH_BYTES:
            yield from waiting.items()
            waiting.clear()
            size = 0
    yield from waiting.items()


def _rounds(captures: Iterable[Capture]) -> Iterator[list[Capture]]:
    """Yield the first capture of each page, then the second of those that have two, and so on."""
    ordered = sorted(captures, key=lambda capture: (capture.place.url, capture.at))
    pages = [list(of_page) for _, of_page in groupby(ordered, lambda capture: capture.place.url)]
    for together in zip_longest(*pages):
        yield [capture for capture in together if capture]


def _store(
    connection: psycopg.Connection, run_id: UUID, spider: NewsSpider, captures: Sequence[Capture], read_all: ReadAll
) -> Iterator[str]:
    """Store captures of different pages; yield the outcome of each."""
    known = _known(connection, captures)
    settled = {place: why for place, one in known.items() if (why := _why_not(one, captures[place]))}
    yield from settled.values()
    wanted = {one.place.url: (place, one) for place, one in enumerate(captures) if place not in settled}
    leased = _lease(connection, run_id, spider.name, list(wanted))
    yield from ["skipped: a crawl has the page, or it was taken down"] * (len(wanted) - len(leased))
    pages = [(wanted[page.url][1], page) for page in leased]
    results = [captured_result(*page, reading) for page, reading in zip(pages, read_all(pages), strict=True)]
    waiting = {one.place for one in known.values() if one.state in WAITING}
    results = [left_to_crawl(one) if wanted[one.page.url][0] in waiting else one for one in results]
    states = articles.store(connection, run_id, results)
    for one in results:
        state = states[one.page.page_id]
        yield f"{state}: {one.reason}" if one.reason else state


def _known(connection: psycopg.Connection, captures: Sequence[Capture]) -> dict[int, KnownPage]:
    """Return what is known of the captures' pages, by the place of the capture."""
    asked = {
        "place": list(range(len(captures))),
        "url_sha256": [sha256(capture.place.url.encode()).digest() for capture in captures],
        "requested_at": [capture.at for capture in captures],
    }
    with connection.cursor(row_factory=class_row(KnownPage)) as cursor:
        return {one.place: one for one in cursor.execute(query("known_captures"), asked)}


def _why_not(known: KnownPage, capture: Capture) -> str | None:
    """Return the outcome of a capture that is left alone; None for one that is to be stored."""
    if known.is_stored:
        return "unchanged: stored before"
    if known.has_article and known.last_answer and known.last_answer >= capture.at:
        return "unchanged: older than what is stored"
    return "unchanged: another address of a known page" if known.state == "duplicate" else None


def _lease(connection: psycopg.Connection, run_id: UUID, outlet_name: str, urls: list[str]) -> list[LeasedPage]:
    if not urls:
        return []
    ledger.discover(connection, run_id, outlet_name, [Link(url=url) for url in urls])
    return ledger.lease(connection, run_id, outlet_name, len(urls), CrawlScope(urls=urls, again=True))


async def _read_all(pool: ProcessPool, pages: Sequence[tuple[Capture, LeasedPage]]) -> list[Reading | BaseException]:
    """Return what each page holds, or why there is nothing to be had."""
    return await asyncio.gather(*(read_capture(pool, *page) for page in pages), return_exceptions=True)


def print_captures(report: Report) -> None:
    """Print how many captures had which outcome."""
    for outcome, captures in sorted(report.captures.items()):
        say(f"{captures:8d}  {outcome}")


def fault_of(report: Report, files: int) -> WartaError | None:
    """Return the error of those of so many files that could not be read to their end; None where all were."""
    if len(report.faults) < 2:
        return report.faults[0] if report.faults else None
    return DamageError(f"{len(report.faults)} of {files} archives: {'; '.join(map(str, report.faults))}")
