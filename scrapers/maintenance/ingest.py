"""Text documents, plain-text dumps of article pages, into the same tables as crawled pages."""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import psycopg

from scrapers.errors import NotAnArticle, UsageError, one_line
from scrapers.extract.text_document import read_text_document, text_document_url
from scrapers.items import CrawlScope, Fetch, Link, PageResult
from scrapers.spiders import outlet
from scrapers.spiders.base import NewsSpider
from scrapers.storage import articles, ledger, runs
from scrapers.urls import is_address


def documents(paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each document: files, the *.txt of a folder, or `-` for standard input.

    Raises UsageError for a path that is not there or cannot be read.
    """
    for path in paths:
        if str(path) == "-":
            yield "standard input", sys.stdin.buffer.read()
            continue
        files = sorted(path.rglob("*.txt")) if path.is_dir() else [path]
        if not files:
            raise UsageError(f"no *.txt in {path}")
        for file in files:
            try:
                yield str(file), file.read_bytes()
            except OSError as error:
                raise UsageError(f"{file} cannot be read: {error.strerror}") from None


def ingest(
    connection: psycopg.Connection,
    found: Iterable[tuple[str, bytes]],
    *,
    outlet_name: str,
    url: str | None = None,
    on_stored: Callable[[str], None] = lambda text: None,
) -> list[tuple[str, str, str | None]]:
    """Store documents as articles of an outlet; return name, state and reason of each.

    A document without `url` is identified by its bytes (RFC 6920), so that the same one is stored once. The states
    are the ledger's: stored, unchanged, duplicate, rejected or quarantined. `on_stored` hears how far it is. Raises
    UsageError where several documents come with one `url`.
    """
    found = list(found)
    if url and len(found) != 1:
        raise UsageError(f"--url names one page, but {len(found)} documents were given")
    spider = outlet(outlet_name)
    run_id = uuid4()
    runs.begin_run(connection, run_id, outlet=spider.name, kind="ingest", arguments={"documents": len(found)})
    outcomes = []
    try:
        for name, data in found:
            outcomes.append((name, *_store_document(connection, run_id, spider, url or text_document_url(data), data)))
            on_stored(f"{len(outcomes):,} of {len(found):,} documents")
    except BaseException:
        runs.finish_run(connection, run_id, "stopped", "ended before all documents were read")
        raise
    runs.finish_run(connection, run_id, "succeeded")
    return outcomes


def _store_document(
    connection: psycopg.Connection, run_id: UUID, spider: type[NewsSpider], url: str, data: bytes
) -> tuple[str, str | None]:
    """Take one document through the ledger, as a crawl does a page; return its state and reason."""
    ledger.discover(connection, run_id, spider.name, [Link(url=url)])
    leased = ledger.lease(connection, run_id, spider.name, 1, CrawlScope(urls=[url]))
    if not leased:
        return "unchanged", "given twice"
    fetch = Fetch(url=url, requested_at=datetime.now(UTC), robots="not_asked", size=len(data), body=data)
    result = PageResult(page=leased[0], fetches=(fetch,))
    try:
        article = read_text_document(data.decode("utf-8-sig"), url=url, rules=spider.rules())
        result = replace(result, article=replace(article, canonical_url=_identity(spider, url)))
    except NotAnArticle as error:
        result = replace(result, state="rejected", reason=error.reason)
    except Exception as error:  # noqa: BLE001 - one bad document never harms its neighbours; it is kept with its error
        result = replace(result, state="quarantined", reason=one_line(error))
    state = articles.store(connection, run_id, [result])[leased[0].page_id]
    return state, result.reason


def _identity(spider: type[NewsSpider], url: str) -> str:
    return spider.article_url(url) if is_address(url) else url
