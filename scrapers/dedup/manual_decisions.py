"""Manual decisions about pairs of articles."""

import psycopg

from scrapers.dedup.clusters.stored import CLUSTERS_LOCK, relink
from scrapers.errors import UsageError
from scrapers.storage.connection import query


def merge(connection: psycopg.Connection, article: int, other: int, *, by: str) -> list[list[int]]:
    """Join two articles permanently: no later run separates them. Raises UsageError if one is not stored.

    Returns the cluster that they are in now.
    """
    return _decide(connection, article, other, by, ("delete_split", "insert_merge"))


def split(connection: psycopg.Connection, article: int, other: int, *, by: str) -> list[list[int]]:
    """Separate two articles permanently: no later run joins them. Raises UsageError if one is not stored.

    Returns the clusters that they are in now.
    """
    return _decide(connection, article, other, by, ("revoke_merge", "insert_split"))


def _decide(
    connection: psycopg.Connection, article: int, other: int, by: str, queries: tuple[str, ...]
) -> list[list[int]]:
    if article == other:
        raise UsageError(f"{article} is one article: name two")
    with connection.transaction():
        _check_stored(connection, article, other)
        connection.execute(query("lock"), {"lock": CLUSTERS_LOCK})
        for name in queries:
            connection.execute(query(name), {"a": min(article, other), "b": max(article, other), "decided_by": by})
        relink(connection, [article, other])
        clusters = [cluster_of(connection, each) for each in (article, other)]
    return clusters[:1] if clusters[0] == clusters[1] else clusters


def cluster_of(connection: psycopg.Connection, article: int) -> list[int]:
    """Return the articles that are one with this one, itself included; the one that stands for them comes first."""
    rows = connection.execute(query("cluster_of_article"), {"article_id": article}).fetchall()
    return [member for (member,) in rows] or [article]


def _check_stored(connection: psycopg.Connection, *articles: int) -> None:
    for wanted in articles:
        if connection.execute(query("article_by_id"), {"article_id": wanted}).fetchone() is None:
            raise UsageError(f"no article {wanted}; `warta articles` shows the newest and their ids")
