"""The ledger: every discovered URL in exactly one state, and the crawl frontier."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import psycopg

from scrapers.items import LeasedPage, Link, Wanted
from scrapers.storage.connection import query

LEASE = timedelta(minutes=10)  # far above the longest fetch with its retries


def discover(connection: psycopg.Connection, run_id: UUID, outlet: str, links: Sequence[Link]) -> int:
    """Add links to the ledger and return how many pages are new; those it has are refreshed."""
    if not links:
        return 0
    pages = [link for link in links if link.variant_of is None]
    variants = [link for link in links if link.variant_of is not None]
    with connection.transaction():
        rows = connection.execute(
            query("insert_pages"),
            {
                "outlet": outlet,
                "run_id": run_id,
                "url": [link.url for link in pages],
                "discovered_in": [link.discovered_in for link in pages],
                "title": [link.title for link in pages],
                "published": [link.published for link in pages],
                "modified": [link.modified for link in pages],
            },
        ).fetchall()
        added = [is_new for (is_new,) in rows].count(True)
        added += connection.execute(
            query("insert_variants"),
            {
                "outlet": outlet,
                "run_id": run_id,
                "url": [link.url for link in variants],
                "variant_of": [link.variant_of for link in variants],
                "discovered_in": [link.discovered_in for link in variants],
            },
        ).rowcount
        connection.execute(query("count_discovered"), {"run_id": run_id, "pages": added})
    return added


def lease(connection: psycopg.Connection, run_id: UUID, outlet: str, pages: int, wanted: Wanted) -> list[LeasedPage]:
    """Lease up to `pages` pages that are due; an empty list means that none is."""
    only = None if wanted.urls is None else [sha256(url.encode()).digest() for url in wanted.urls]
    with connection.transaction():
        rows = connection.execute(
            query("lease_pages"),
            {
                "run_id": run_id,
                "outlet": outlet,
                "pages": pages,
                "full": wanted.full,
                "only": only,
                "since": wanted.since,
                "until": wanted.until,
                "lease": LEASE,
            },
        ).fetchall()
        from_others = sum(is_other_run for *_, is_other_run in rows)
        connection.execute(query("count_discovered"), {"run_id": run_id, "pages": from_others})
    return [LeasedPage(*page) for *page, _ in rows]
