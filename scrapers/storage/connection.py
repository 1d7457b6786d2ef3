"""Connections to Postgres, and the statements of queries/*.sql by name."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import resources
from typing import Any

import psycopg
from psycopg import errors
from psycopg.rows import dict_row

from scrapers import config
from scrapers.errors import DatabaseError

CONNECT_TIMEOUT_S = 10
NAME_LINE = re.compile(rb"^-- name: (\w+)\n", re.MULTILINE)
OLDEST_SERVER = 150000  # the oldest release that the tests are meant to hold for

# What passes, on a new connection: psycopg has most of it as OperationalError, classes 08, 40, 53, 55, 57 and 58 of
# https://www.postgresql.org/docs/current/errcodes-appendix.html. What class 25 has of it, it calls an InternalError.
AWAY = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    errors.ReadOnlySqlTransaction,  # a standby, until it is promoted or the address leads to the new primary
    errors.IdleInTransactionSessionTimeout,
    errors.InFailedSqlTransaction,  # what a broken transaction's further statements are told
)


def query(name: str) -> bytes:
    """Return the statement that stands under `-- name: <name>` in one of queries/*.sql."""
    try:
        return statements()[name]
    except KeyError:
        raise LookupError(f"no statement {name!r} in scrapers/storage/queries/*.sql") from None


@cache
def statements() -> dict[str, bytes]:
    """Return all statements of queries/*.sql by name; each begins with the comment that describes it."""
    found: dict[str, bytes] = {}
    for file in resources.files("scrapers.storage").joinpath("queries").iterdir():
        _, *named = NAME_LINE.split(file.read_bytes())
        for name, statement in zip(map(bytes.decode, named[::2]), named[1::2], strict=True):
            if name in found:
                raise LookupError(f"two statements {name!r} in scrapers/storage/queries/*.sql")
            found[name] = statement.strip()
    return found


def dict_rows(connection: psycopg.Connection, name: str, /, **parameters: Any) -> list[dict[str, Any]]:
    """Return the rows that the statement of this name gives, each a dict by column."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query(name), parameters).fetchall()


def open_connection(dsn: str | None = None) -> psycopg.Connection:
    """Return a new autocommit connection to `dsn` (default: the configured database), in UTC.

    Raises DatabaseError with one line that names the server and never the password.
    """
    parts = config.dsn_parts(dsn or config.dsn())
    limit = parts.get("connect_timeout") or CONNECT_TIMEOUT_S
    # with the connection, which has its time limit: a statement of its own could wait for ever
    options = f"{parts.get('options') or ''} -c timezone=UTC".strip()
    given = {**parts, "connect_timeout": limit, "options": options, "application_name": "warta"}
    try:
        connection = psycopg.connect(autocommit=True, **given)  # type: ignore[arg-type]  # libpq checks the values
    except (psycopg.Error, UnicodeError) as error:
        raise DatabaseError(
            f"Postgres at {where(parts)} cannot be reached: {first_line(error)} "
            "(is it running? `warta status`; does WARTA_DSN point to it?)"
        ) from None  # a traceback would show the error below, with all that libpq says
    if connection.info.server_version < OLDEST_SERVER:
        version = connection.info.parameter_status("server_version")
        connection.close()
        raise DatabaseError(f"Postgres at {where(parts)} is {version}; Warta needs 15 or newer")
    return connection


@contextmanager
def connect(dsn: str | None = None) -> Iterator[psycopg.Connection]:
    """Open a connection as open_connection() does, and close it at the end of the block."""
    connection = open_connection(dsn)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def session_lock(connection: psycopg.Connection, name: str) -> Iterator[bool]:
    """Hold the advisory lock of this name for the block; the block is told whether it has it, or another session."""
    is_ours = connection.execute(query("try_session_lock"), {"name": name}).fetchone() == (True,)
    try:
        yield is_ours
    finally:
        if is_ours and not connection.closed:
            connection.execute(query("release_session_lock"), {"name": name})


def where(parts: Mapping[str, Any]) -> str:
    """Return a server and its database in a few words; they hold no password."""
    host, port = parts.get("host") or parts.get("hostaddr") or "the local socket", parts.get("port", "5432")
    return f"{host}:{port}/{parts.get('dbname', '')}"


def first_line(error: Exception) -> str:
    """Return what Postgres or libpq says, in one line."""
    return " ".join(str(error).split("\n")[0].split())


def explain(error: Exception) -> str:
    """Return in one line what is wrong with the database, and what to do where that is known."""
    first = first_line(error)
    if isinstance(error, errors.ReadOnlySqlTransaction):
        return f"Postgres takes no writes ({first}): a standby, or default_transaction_read_only is on"
    if isinstance(error, errors.InsufficientPrivilege):
        return f"WARTA_DSN's role may not do this ({first}): see docs/how-to/deploy.md for who may do what"
    if isinstance(error, errors.UndefinedTable | errors.UndefinedColumn | errors.UndefinedFunction):
        return f"the database's schema is incomplete ({first}): run `warta migrate`"
    if isinstance(error, errors.DiskFull):
        return f"the disk of Postgres is full ({first}): free some space, then run it again"
    if isinstance(error, errors.OutOfMemory):
        return f"Postgres has no memory left ({first})"
    return first
