"""Articles that have to go: their text is removed everywhere, and does not come back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from scrapers.spiders import url_forms
from scrapers.storage.connection import dict_rows, query
from scrapers.storage.snapshots import delete_bodies, retire_dictionaries
from scrapers.storage.takedowns import TAKEN_DOWN, forms
from scrapers.terminal import print_table, say
from scrapers.urls import is_address

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Removed:
    """What a takedown removed; `copies` are articles with the same text that stay: their ids and addresses."""

    takedown_id: int
    articles: int
    pages: int
    snapshots: int
    copies: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class _Found:
    """What stands under an address."""

    pages: Sequence[Row]
    articles: Sequence[Row]
    snapshots: Sequence[bytes]

    def ids(self) -> dict[str, list[int]]:
        """Return the ids as queries take them."""
        return {
            "page_ids": [page["page_id"] for page in self.pages],
            "article_ids": [article["article_id"] for article in self.articles],
        }

    def addresses(self) -> Iterable[str | None]:
        """Yield every address under which the articles were known."""
        yield from (page["url"] for page in self.pages)
        for article in self.articles:
            yield from (article[name] for name in ("canonical_url", "claimed_url", "url", "amp_url"))


def take_down(
    connection: psycopg.Connection, url: str, *, reason: str, requested_by: str, at: datetime | None = None
) -> Removed:
    """Remove the article of an address for good, and let it not be stored again; return what was removed.

    Text, revisions, raw pages that no other article shares, what feeds announced, duplicates, signatures: all goes at
    once. The address, who asked, when (`at`, else now) and why stay. An address that nothing is stored under is noted
    all the same. Safe to repeat. Needs the owner's rights.
    """
    retire_dictionaries(connection, _find(connection, url).snapshots)
    with connection.transaction():
        found = _find(connection, url)
        ids = found.ids()
        takedown_id = _note(connection, url, found, reason=reason, requested_by=requested_by, at=at)
        copies = connection.execute(query("copies_elsewhere"), ids).fetchall()
        connection.execute(query("queue_cluster_mates"), ids)
        connection.execute(query("delete_articles"), ids)
        connection.execute(query("forget_former_clusters"), ids)
        connection.execute(query("clear_pages"), ids | {"reason": TAKEN_DOWN})
        deleted = connection.execute(query("delete_snapshots"), {"sha256": list(found.snapshots)}).fetchall()
    delete_bodies([place for (place,) in deleted if place])
    return Removed(takedown_id, len(found.articles), len(found.pages), len(found.snapshots), copies)


def _find(connection: psycopg.Connection, url: str) -> _Found:
    """Return what stands under the address, locked where a transaction is open."""
    pages = dict_rows(connection, "pages_to_take_down", url_sha256=list(forms(url_forms(url))))
    page_ids = [page["page_id"] for page in pages]
    articles = dict_rows(connection, "articles_to_take_down", page_ids=page_ids)
    ids = {"page_ids": page_ids, "article_ids": [article["article_id"] for article in articles]}
    snapshots = [digest for (digest,) in connection.execute(query("snapshots_to_take_down"), ids)]
    return _Found(pages, articles, snapshots)


def _note(
    connection: psycopg.Connection, url: str, found: _Found, *, reason: str, requested_by: str, at: datetime | None
) -> int:
    """Keep who asked for it and why, with the addresses; return the takedown's id, an earlier one's if it has one."""
    addresses = forms({*url_forms(url), *found.addresses()})
    known = connection.execute(query("find_takedown"), {"url_sha256": list(addresses)}).fetchone()
    article = found.articles[0] if found.articles else None
    row = (
        known
        or connection.execute(
            query("insert_takedown"),
            {
                "outlet": article["outlet"] if article else found.pages[0]["outlet"] if found.pages else None,
                "url": article["canonical_url"] if article else url,
                "identifier": article["identifier"] if article else None,
                "reason": reason,
                "requested_by": requested_by,
                "taken_down_at": at,
            },
        ).fetchone()
    )
    assert row  # noqa: S101 - RETURNING of a row that was inserted or updated
    given = {"takedown_id": row[0], "url_sha256": list(addresses), "url": list(addresses.values())}
    connection.execute(query("insert_takedown_addresses"), given)
    return int(row[0])


def takedowns(connection: psycopg.Connection) -> list[Row]:
    """Return all takedowns, the newest first, each with its addresses."""
    return dict_rows(connection, "takedowns")


def takedown(connection: psycopg.Connection, takedown_id: int) -> Row:
    """Return one of them."""
    return next(row for row in takedowns(connection) if row["takedown_id"] == takedown_id)


def repeat(connection: psycopg.Connection, told: Iterable[Row]) -> int:
    """Take down again what another database has taken down, as `takedowns` tells it; return how many."""
    done = 0
    for row in told:
        at = datetime.fromisoformat(str(row["taken_down_at"]))
        for url in (row["url"], *(url for url in row["addresses"] if is_address(url))):
            take_down(connection, url, reason=row["reason"], requested_by=row["requested_by"], at=at)
        done += 1
    return done


def print_takedowns(rows: Sequence[Row]) -> None:
    """Print a line a takedown; times are UTC."""
    if not rows:
        say("nothing was taken down")
        return
    columns = ("taken down (UTC)", "by", "outlet", "reason", "address")
    lines = [
        (f"{row['taken_down_at']:%Y-%m-%d %H:%M}", row["requested_by"], row["outlet"] or "", row["reason"], row["url"])
        for row in rows
    ]
    print_table(columns, lines, elastic="address")


def print_removed(removed: Removed) -> None:
    """Print what a takedown removed, and which copies stay."""
    say(f"removed: {removed.articles} articles, {removed.snapshots} raw pages")
    say(f"not fetched again: {removed.pages} pages")
    if not removed.pages:
        say("nothing was stored under this address; if it is announced, it will not be stored")
    for article_id, url in removed.copies:
        say(f"a copy stays: article {article_id}, {url}")
