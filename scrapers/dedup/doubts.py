"""Pairs of articles that may have been judged wrongly, for a person to decide."""

from typing import Any

import psycopg

from scrapers.storage.connection import dict_rows


def pairs_in_doubt(connection: psycopg.Connection, *, limit: int = 100) -> list[dict[str, Any]]:
    """Return pairs of which no person has decided, what most needs a look first.

    Each has the ids `a` and `b`, what was `judged` (`joined`, of which b is the copy, or `apart`), the `score` of those
    that were joined, and outlet and headline of both.
    """
    return dict_rows(connection, "pairs_in_doubt", limit=limit)
