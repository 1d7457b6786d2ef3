"""The stored articles as a table, and which one an address is of."""

from hashlib import sha256
from typing import Any

import psycopg

from scrapers.errors import UsageError
from scrapers.spiders import page_url
from scrapers.storage.connection import connect, dict_rows, query
from scrapers.terminal import print_table, say

COLUMNS = ("id", "published (UTC)", "outlet", "headline", "rev", "copy of")


def print_articles(dsn: str | None = None, articles: int = 20) -> None:
    """Print the newest articles, a line each, and how many there are in all; times are UTC."""
    with connect(dsn) as connection:
        rows = newest_articles(connection, articles)
        counts = connection.execute(query("count_articles")).fetchone()
    shown = [
        (
            row["article_id"],
            f"{row['date_published']:%Y-%m-%d %H:%M}" if row["date_published"] else "not said",
            *(row[name] for name in ("outlet", "headline", "revision")),
            row["copy_of"] or "",
        )
        for row in rows
    ]
    print_table(COLUMNS, shown, right=("id", "rev", "copy of"), elastic="headline")
    if counts:
        stored, unique, waiting, revisions, pages = counts
        copies = f"{waiting} of them wait for deduplication" if waiting else f"{unique} of them unique"
        say(f"{stored} articles, {copies}; {revisions} revisions; {pages} pages in the ledger")


def newest_articles(connection: psycopg.Connection, articles: int) -> list[dict[str, Any]]:
    """Return the newest articles: id, date_published, outlet, headline, revision, and what each is a copy of."""
    return dict_rows(connection, "list_articles", articles=articles)


def find_article(connection: psycopg.Connection, named: str) -> tuple[int, str]:
    """Return id and canonical address of the article that `named` names: by an address in any form, or by its id.

    Raises UsageError where there is none.
    """
    if named.isascii() and named.isdigit() and len(named) < 19:  # digits of a bigint
        row = connection.execute(query("article_by_id"), {"article_id": named}).fetchone()
    else:
        forms = {"url_sha256": [sha256(form.encode()).digest() for form in (named, page_url(named))]}
        row = connection.execute(query("article_by_url"), forms).fetchone()
    if row is None:
        raise UsageError(f"no article is stored under {named!r}; `warta why URL` says what became of an address")
    return row[0], row[1]


def read_article(connection: psycopg.Connection, article_id: int) -> dict[str, Any]:
    """Return an article's newest revision: its columns, and the `representative_id` of its cluster, None without one.

    Raises UsageError where there is none.
    """
    rows = dict_rows(connection, "whole_article", article_id=article_id)
    if not rows:
        raise UsageError(f"no article has the number {article_id}")
    return rows[0]


def cluster_members(connection: psycopg.Connection, representative_id: int) -> list[dict[str, Any]]:
    """Return the articles of a cluster, who published it first to last, with what each changed."""
    return dict_rows(connection, "cluster_members", representative_id=representative_id)


def newest_of(connection: psycopg.Connection, outlet: str, *, limit: int) -> list[dict[str, Any]]:
    """Return an outlet's articles, those stored last first: headline, url, the beginning of the text, times."""
    return dict_rows(connection, "newest_of_outlet", outlet=outlet, limit=limit)
