"""Try all watches on what has arrived: percolation, by search's own words, labels and queries."""

import logging
from datetime import datetime

import psycopg

from scrapers.storage.connection import query

BATCH = 2000  # articles at a time, in a transaction of their own
FEW = 200  # below which reading each article for each watch is faster than an index of them

logger = logging.getLogger(__name__)


def match_arrivals(connection: psycopg.Connection, now: datetime) -> int:
    """Store what matches among the articles that have arrived; return how many arrivals were looked at.

    A batch's arrivals go and its matches come in one transaction, so that a killed process leaves what it had not
    done. The caller sees to it that nobody else does this at the same time.
    """
    total = 0
    while taken := _match_batch(connection, now):
        total += taken
    return total


def _match_batch(connection: psycopg.Connection, now: datetime) -> int:
    with connection.transaction():
        connection.execute(query("make_arrived"))
        taken: int = connection.execute(query("take_arrivals"), {"now": now, "limit": BATCH}).fetchall()[0][0]
        if taken:
            if taken > FEW:
                connection.execute(query("index_arrived"))
                connection.execute("SET LOCAL enable_seqscan = off")
            matched = connection.execute(query("match_arrived"), {"now": now}).rowcount
            logger.info("%s arrivals, %s matches", taken, matched)
    return taken
