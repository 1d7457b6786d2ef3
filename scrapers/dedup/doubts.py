"""Pairs of articles that may have been judged wrongly, for a person to decide."""

from typing import Any

import psycopg
from psycopg.rows import dict_row

from scrapers.storage.connection import query


def pairs_in_doubt(connection: psycopg.Connection, *, limit: int = 100) -> list[dict[str, Any]]:
    """Return pairs of which no person has decided, what most needs a look first.

    Each has the ids `a` and `b`, what was `judged` (`joined`, of which b is the copy, or `apart`), the `score` of those
    that were joined, and outlet and headline of both.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query("pairs_in_doubt"), {"limit": limit}).fetchall()
