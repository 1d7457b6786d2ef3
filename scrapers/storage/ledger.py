"""The ledger: every discovered URL in exactly one state, and the crawl frontier."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg

from scrapers.items import Discovered, LeasedPage, Link, Wanted
from scrapers.storage.connection import query

LEASE = timedelta(minutes=10)  # a living crawl puts it off, so it is over only for one that hangs


def discover(
    connection: psycopg.Connection, run_id: UUID, outlet: str, links: Sequence[Link], feed_id: int | None = None
) -> Discovered:
    """Add links to the ledger, with what feed `feed_id` says of them; those it has are refreshed."""
    if not links:
        return Discovered()
    pages = [link for link in links if link.variant_of is None]
    variants = [link for link in links if link.variant_of is not None]
    row = _columns(pages) | {"outlet": outlet, "run_id": run_id, "feed_id": feed_id}
    with connection.transaction():
        rows = connection.execute(query("insert_pages"), row).fetchall()
        new = [is_new for (is_new,) in rows].count(True)
        added = new
        if feed_id is not None:
            connection.execute(query("insert_announcements"), row)
        if variants:
            variant_of = [_key(link.variant_of or "") for link in variants]
            added += connection.execute(
                query("insert_variants"), row | _columns(variants) | {"variant_of": variant_of}
            ).rowcount
        if added:
            connection.execute(query("count_discovered"), {"run_id": run_id, "pages": added})
    return Discovered(new, len(rows) - new)


def _columns(links: Sequence[Link]) -> dict[str, list[Any]]:
    return {
        "url_sha256": [_key(link.url) for link in links],
        "url": [link.url for link in links],
        "discovered_in": [link.discovered_in for link in links],
        "title": [link.title for link in links],
        "published": [link.published for link in links],
        "modified": [link.modified for link in links],
    }


def _key(url: str) -> bytes:
    return sha256(url.encode()).digest()


def lease(
    connection: psycopg.Connection,
    run_id: UUID,
    outlet: str,
    pages: int,
    wanted: Wanted,
    spent_hosts: Sequence[str] = (),
) -> list[LeasedPage]:
    """Lease up to `pages` pages that are due, none of `spent_hosts`; an empty list means that none is."""
    only = None if wanted.urls is None else [_key(url) for url in wanted.urls]
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
                "spent_hosts": list(spent_hosts),
                "lease": LEASE,
            },
        ).fetchall()
        from_others = sum(is_new_to_run for *_, is_new_to_run in rows)
        if from_others:
            connection.execute(query("count_discovered"), {"run_id": run_id, "pages": from_others})
    return [LeasedPage(*page) for *page, _ in rows]


def keep_leases(connection: psycopg.Connection, run_id: UUID) -> None:
    """Let all that the run has leased expire only LEASE from now."""
    connection.execute(query("keep_leases"), {"run_id": run_id, "lease": LEASE})
