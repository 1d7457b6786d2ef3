"""The connections of programs: a few that read, shared, opened when the first is needed and closed when idle."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool, PoolTimeout

from scrapers import config
from scrapers.errors import DatabaseError
from scrapers.storage.connection import query

STATEMENT_S = 5  # seconds that Postgres may take for one question
MOST = 8  # connections of one process
WAIT_S = 5.0  # for one of them, or for Postgres
IDLE_S = 5.0  # then one of them is closed, and the next after as long again


@contextmanager
def reading() -> Iterator[psycopg.Connection]:
    """Give a connection that reads as the role warta_reader, where there is one; it takes no writes.

    Raises DatabaseError where none can be had within WAIT_S.
    """
    try:
        with pool(config.dsn()).connection(timeout=WAIT_S) as connection:
            yield connection
    except PoolTimeout:
        raise DatabaseError("Postgres cannot be reached, or all connections are busy: try again later") from None


@cache
def pool(dsn: str) -> ConnectionPool[psycopg.Connection]:
    """Return the pool of a database."""
    parts = config.dsn_parts(dsn)
    limits = f"-c timezone=UTC -c statement_timeout={STATEMENT_S}s -c default_transaction_read_only=on"
    options = f"{parts.get('options', '')} {limits}".strip()
    return ConnectionPool(
        make_conninfo(**{**parts, "options": options, "application_name": "warta-api", "connect_timeout": "5"}),
        kwargs={"autocommit": True},
        min_size=0,
        max_size=MOST,
        max_idle=IDLE_S,
        max_waiting=100,
        reconnect_timeout=WAIT_S,
        configure=_become_reader,
        check=ConnectionPool.check_connection,
        open=True,
    )


def _become_reader(connection: psycopg.Connection) -> None:
    connection.execute(query("become_reader"))
