"""The connections of the pages: one that reads, and one for what people decide."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, TypeVar

import psycopg
from fastapi import Depends
from psycopg.conninfo import make_conninfo
from psycopg.errors import QueryCanceled

from scrapers import config
from scrapers.storage.connection import connect, query

STATEMENT_S = 5  # seconds that Postgres may take for one question of a page
WRITE_S = 30  # the same of what somebody does: a takedown, a decision that joins large clusters

T = TypeVar("T")


def reading() -> Iterator[psycopg.Connection]:
    """Yield a connection that reads as the role warta_reader, where there is one; it takes no writes."""
    with _connected(f"-c statement_timeout={STATEMENT_S}s -c default_transaction_read_only=on") as connection:
        connection.execute(query("become_reader"))
        yield connection


def writing() -> Iterator[psycopg.Connection]:
    """Yield a connection with the rights of WARTA_DSN."""
    with _connected(f"-c statement_timeout={WRITE_S}s -c lock_timeout={WRITE_S}s") as connection:
        yield connection


@contextmanager
def _connected(options: str) -> Iterator[psycopg.Connection]:
    parts = config.dsn_parts(config.dsn())
    with connect(make_conninfo(**{**parts, "options": f"{parts.get('options', '')} {options}"})) as connection:
        yield connection


Database = Annotated[psycopg.Connection, Depends(reading)]
Writable = Annotated[psycopg.Connection, Depends(writing)]


def in_time(ask: Callable[..., T], *given: object) -> T | None:
    """Return what the function returns; None where Postgres takes too long, so that the rest of a page is shown."""
    try:
        return ask(*given)
    except QueryCanceled:
        return None
