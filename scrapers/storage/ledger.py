"""The ledger: every discovered URL in exactly one state, and the crawl frontier."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg

from scrapers.items import Announced, CrawlScope, Discovered, LeasedPage, Link, NotTaken
from scrapers.storage.connection import query
from scrapers.urls import other_spelling

UNTAKEN_ROWS = 1_000  # that are kept of one feed
LONGEST_UNTAKEN = 2_000  # characters of an address that are kept
LEASE = timedelta(minutes=10)  # a living crawl puts it off, so it is over only for one that hangs
BUILT = timedelta(seconds=5)  # so near the poll, an instant is when the feed was made
MOST_AUTHORS = 10  # of an announcement
LONGEST_AUTHOR = 200  # characters


def discover(
    connection: psycopg.Connection, run_id: UUID, outlet: str, links: Sequence[Link], feed_id: int | None = None
) -> Discovered:
    """Add links to the ledger, with what feed `feed_id` says of them; those it has are refreshed."""
    if not links:
        return Discovered()
    if feed_id is not None:
        links = without_build_time(links, datetime.now(UTC))
    pages = [link for link in links if link.variant_of is None]
    variants = [link for link in links if link.variant_of is not None]
    row = _columns(pages) | {"outlet": outlet, "run_id": run_id, "feed_id": feed_id}
    with connection.transaction():
        claimed = len(connection.execute(query("claim_pages"), row).fetchall()) if feed_id and "." not in outlet else 0
        rows = connection.execute(query("insert_pages"), row).fetchall()
        inserted = sum(is_new for (is_new,) in rows)
        added = inserted + claimed
        if feed_id is not None:
            connection.execute(query("insert_announcements"), row)
        if variants:
            variant_of = [_key(link.variant_of or "") for link in variants]
            added += connection.execute(
                query("insert_variants"), row | _columns(variants) | {"variant_of": variant_of}
            ).rowcount
        if added:
            connection.execute(query("count_discovered"), {"run_id": run_id, "pages": added})
        known = _count_known(connection, links) if feed_id is not None else 0
    return Discovered(inserted + claimed, len(rows) - inserted, known)


def without_other_spellings(connection: psycopg.Connection, links: Sequence[Link]) -> Sequence[Link]:
    """Return the links without those that only a slash at the end sets apart from a page that the ledger has.

    People who link to a page forget it, or add one. What was found wanting is tried in the other spelling too.
    """
    keys = {link.url: _key(other) for link in links if (other := other_spelling(link.url))}
    if not keys:
        return links
    known = {key for (key,) in connection.execute(query("find_sound_pages"), {"url_sha256": list(keys.values())})}
    return [link for link in links if keys.get(link.url) not in known]


def _count_known(connection: psycopg.Connection, links: Sequence[Link]) -> int:
    row = connection.execute(query("count_known_pages"), {"url_sha256": [_key(link.url) for link in links]}).fetchone()
    return int(row[0]) if row else 0


def note_untaken(connection: psycopg.Connection, feed_id: int, untaken: Sequence[NotTaken]) -> None:
    """Keep what feed `feed_id` announces and the crawl does not take; of each feed the last UNTAKEN_ROWS."""
    if not untaken:
        return
    row = {
        "feed_id": feed_id,
        "url_sha256": [sha256(one.url.encode("utf-8", "surrogatepass")).digest() for one in untaken],
        "url": [_storable(one.url) for one in untaken],
        "reason": [one.reason for one in untaken],
    }
    with connection.transaction():
        connection.execute(query("insert_untaken"), row)
        connection.execute(query("trim_untaken"), {"feed_id": feed_id, "most": UNTAKEN_ROWS})


def _storable(url: str) -> str:
    return url[:LONGEST_UNTAKEN].encode("utf-8", "replace").decode().replace("\0", "")


def without_build_time(links: Sequence[Link], now: datetime) -> Sequence[Link]:
    """Return the links without what dates the feed and not the article: the moment of the poll, or one that all share.

    `now` is when the feed was polled.
    """
    dated = {link.url: link.published for link in links if link.published and link.variant_of is None}
    is_shared = len(dated) > 1 and len(set(dated.values())) == 1
    return [
        replace(link, published=None) if link.published and (is_shared or abs(now - link.published) < BUILT) else link
        for link in links
    ]


def _columns(links: Sequence[Link]) -> dict[str, list[Any]]:
    return {
        "url_sha256": [_key(link.url) for link in links],
        "url": [link.url for link in links],
        "discovered_in": [link.discovered_in for link in links],
        "title": [link.title for link in links],
        "author": [_lines(link.author) for link in links],
        "published": [link.published for link in links],
        "modified": [link.modified for link in links],
    }


def _lines(authors: Sequence[str]) -> str | None:
    """Return the names a line each, as the SQL takes them apart again; None where there is none."""
    names = (" ".join(name[:LONGEST_AUTHOR].split()) for name in authors[:MOST_AUTHORS])
    return "\n".join(dict.fromkeys(filter(None, names))) or None


def announced(title: str | None, author: Sequence[str] | None, published: datetime | None) -> Announced:
    """Return what the ledger's columns hold of a page's announcements."""
    return Announced(title, tuple(author or ()), published)


def _key(url: str) -> bytes:
    return sha256(url.encode()).digest()


def lease(
    connection: psycopg.Connection,
    run_id: UUID,
    outlet: str,
    pages: int,
    wanted: CrawlScope,
    spent_hosts: Sequence[str] = (),
) -> list[LeasedPage]:
    """Lease up to `pages` pages that are due, none of `spent_hosts`, the newest first; an empty list: none is due."""
    row = {
        "run_id": run_id,
        "outlet": outlet,
        "pages": pages,
        "only": None if wanted.urls is None else [_key(url) for url in wanted.urls],
        "since": wanted.since,
        "until": wanted.until,
        "spent_hosts": list(spent_hosts),
    }
    with connection.transaction():
        due = [page_id for (page_id,) in connection.execute(query(_due(wanted)), row)]
        if not due:
            return []
        leases = {"run_id": run_id, "page_ids": due, "lease": LEASE}
        rows = {row[0]: row for row in connection.execute(query("lease_pages"), leases)}
        from_others = sum(is_new_to_run for *_, is_new_to_run in rows.values())
        if from_others:
            connection.execute(query("count_discovered"), {"run_id": run_id, "pages": from_others})
    reads_again = wanted.full or wanted.urls is not None
    return [_leased(*rows[page_id], reads_again=reads_again) for page_id in due]


def _due(wanted: CrawlScope) -> str:
    """Return the name of the statement that finds what a run is after."""
    if wanted.urls is not None:
        return "given_pages_again" if wanted.again else "given_pages"
    if wanted.full:
        return "all_pages"
    return "due_pages_of_days" if wanted.since or wanted.until else "due_pages"


def _leased(*row: Any, reads_again: bool) -> LeasedPage:
    *page, title, author, published, _ = row
    leased = replace(LeasedPage(*page), announced=announced(title, author, published))
    return replace(leased, etag=None, last_modified=None, content_sha256=None) if reads_again else leased


def knows(connection: psycopg.Connection, outlet: str, urls: Sequence[str], titles: Sequence[str]) -> bool:
    """Return whether one of these addresses or titles is of a page or an article of the outlet."""
    values = {"outlet": outlet, "url_sha256": [_key(url) for url in urls], "title": list(titles)}
    row = connection.execute(query("knows_page"), values).fetchone()
    return bool(row and row[0])


def renew_leases(connection: psycopg.Connection, run_id: UUID) -> None:
    """Let all that the run has leased expire only LEASE from now."""
    connection.execute(query("renew_leases"), {"run_id": run_id, "lease": LEASE})
