"""Duplicates and clusters: the decisions of each layer, and what they join."""

import psycopg

from scrapers.storage.connection import query

LOCK = 0x44454450  # "DEDP": the advisory lock that lets one dedup at a time
FEWEST_WORDS = 20  # a shorter body says too little to call two articles the same


def deduplicate(connection: psycopg.Connection) -> dict[str, int]:
    """Find duplicates among all stored articles and bring the clusters up to date, in one transaction.

    Returns how many decisions were made by each layer and how many taken back, and the clusters and articles in
    them. Safe to run at any time, twice at once, and to kill: a second run changes nothing.
    """
    with connection.transaction():
        connection.execute(query("lock_dedup"), {"lock": LOCK})
        revoked = connection.execute(query("revoke_stale_duplicates")).rowcount
        by_url = connection.execute(query("insert_url_duplicates")).rowcount
        by_content = connection.execute(query("insert_exact_duplicates"), {"fewest_words": FEWEST_WORDS}).rowcount
        members = _cluster(connection)
    return {
        "canonical_url": by_url,
        "exact_content": by_content,
        "revoked": revoked,
        "clusters": len(set(members.values())),
        "clustered_articles": len(members),
    }


def _cluster(connection: psycopg.Connection) -> dict[int, int]:
    """Store who stands for whom by the standing decisions; return it, article id to representative id."""
    pairs: list[tuple[int, int]] = connection.execute(query("standing_duplicates")).fetchall()
    members = representatives(pairs, _preference(connection, pairs))
    ids = list(members)
    connection.execute(query("delete_other_clusters"), {"article_ids": ids})
    connection.execute(
        query("upsert_clusters"), {"article_ids": ids, "representative_ids": [members[article] for article in ids]}
    )
    return members


def _preference(connection: psycopg.Connection, pairs: list[tuple[int, int]]) -> list[int]:
    ids = list({article for pair in pairs for article in pair})
    return [article for (article,) in connection.execute(query("article_order"), {"article_ids": ids})]


def representatives(pairs: list[tuple[int, int]], preference: list[int]) -> dict[int, int]:
    """Join the pairs into clusters; return the most preferred member of each article's cluster.

    `preference` lists every article of `pairs`, the best representative first.
    """
    neighbours: dict[int, set[int]] = {}
    for one, other in pairs:
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    found: dict[int, int] = {}
    for representative in preference:
        to_visit = [representative] if representative not in found else []
        while to_visit:
            article = to_visit.pop()
            found[article] = representative
            to_visit.extend(neighbours[article] - found.keys())
    return found
