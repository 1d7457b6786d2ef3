"""Articles, and pages of the ledger, as tests need them: what a test does not name has a usual value."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from scrapers.items import Article, CrawlScope, Fetch, LeasedPage, Link, PageResult
from scrapers.storage.ledger import discover, lease

NOON = datetime(2025, 12, 15, 12, tzinfo=UTC)
URL = "https://www.example.test/news/one"


def article(**fields: Any) -> Article:
    usual = {
        "outlet": "seed", "url": URL, "canonical_url": URL, "headline": "Judul", "article_body": ("Satu.", "Dua."),
        "author": ("Penulis",), "date_published": NOON, "provenance": {"headline": "css:h1"},
    }  # fmt: skip
    return Article(**(usual | fields))


def leased(database: psycopg.Connection, run_id: UUID, *urls: str, outlet: str = "seed") -> list[LeasedPage]:
    """Discover pages, and return them leased by the run, in the order of their addresses."""
    discover(database, run_id, outlet, [Link(url=url) for url in urls])
    pages = lease(database, run_id, outlet, len(urls), CrawlScope(urls=urls))
    return sorted(pages, key=lambda page: urls.index(page.url))


def result(page: LeasedPage, *, body: bytes = b"<html>", requested_at: datetime = NOON, **fields: Any) -> PageResult:
    """Return what a fetch of the page gave."""
    fetch = Fetch(url=page.url, requested_at=requested_at, status=200, size=len(body), body=body)
    return PageResult(page=page, fetches=(fetch,), **fields)
