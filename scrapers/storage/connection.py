"""Connections to Postgres, and the SQL that stands in queries/*.sql."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources

import psycopg
from psycopg.conninfo import conninfo_to_dict

from scrapers import settings
from scrapers.errors import DatabaseError

CONNECT_TIMEOUT_S = 10
OLDEST_SERVER = 150000  # the oldest release that the tests are meant to hold for


@cache
def query(name: str) -> bytes:
    """Return the statement in queries/<name>.sql."""
    return resources.files("scrapers.storage").joinpath("queries", f"{name}.sql").read_bytes()


def open_connection(dsn: str | None = None) -> psycopg.Connection:
    """Return a new autocommit connection to `dsn` (default: the configured database), in UTC.

    Raises DatabaseError with one line that names the server and never the password.
    """
    dsn = dsn or settings.dsn()
    try:
        connection = psycopg.connect(
            dsn,
            autocommit=True,
            connect_timeout=CONNECT_TIMEOUT_S,
            application_name="warta",
            # with the connection, which has its time limit: a statement of its own could wait for ever
            options=f"{conninfo_to_dict(dsn).get('options') or ''} -c timezone=UTC".strip(),
        )
    except (psycopg.Error, UnicodeError) as error:
        raise DatabaseError(
            f"Postgres at {_where(dsn)} cannot be reached: {_first_line(error)} "
            "(is it running? `warta status`; does WARTA_DSN point to it?)"
        ) from error
    if connection.info.server_version < OLDEST_SERVER:
        version = connection.info.parameter_status("server_version")
        connection.close()
        raise DatabaseError(f"Postgres at {_where(dsn)} is {version}; Warta needs 15 or newer")
    return connection


@contextmanager
def connect(dsn: str | None = None) -> Iterator[psycopg.Connection]:
    """Open a connection as open_connection() does, and close it at the end of the block."""
    connection = open_connection(dsn)
    try:
        yield connection
    finally:
        connection.close()


def _where(dsn: str) -> str:
    try:
        parts = conninfo_to_dict(dsn)
    except psycopg.Error:
        return "an unreadable WARTA_DSN"
    host, port = parts.get("host", "the local socket"), parts.get("port", "5432")
    return f"{host}:{port}/{parts.get('dbname', '')}"


def _first_line(error: Exception) -> str:
    """Return what libpq says, in one line; it never holds the password."""
    return " ".join(str(error).split("\n")[0].split())
