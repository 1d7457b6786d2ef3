"""psql on Warta's database: with a reader's rights unless the owner's are asked for, and no secret in its arguments."""

import os
import shutil
from collections.abc import Mapping, Sequence

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo

from scrapers import config
from scrapers.errors import StartError, UsageError
from scrapers.local.postgres import binaries, embedded
from scrapers.storage.connection import connect, query

READS_ONLY = "-c statement_timeout=30s -c default_transaction_read_only=on"


def psql(arguments: Sequence[str], *, as_owner: bool) -> None:
    """Become psql with these arguments; the connection is in its environment, so that they may name another database.

    A reader's session is the embedded Postgres' role `warta_reader`; with WARTA_DSN it is that DSN's own role, which
    becomes `warta_reader` where it may. Either way it takes no writes, and ends a statement after half a minute.
    Raises DatabaseError, and StartError where there is no psql.
    """
    ignore_libpq_variables()
    if as_owner:
        parts = config.dsn_parts(config.dsn())
    elif config.is_embedded():
        parts = config.dsn_parts(embedded().reader_dsn())
    else:
        parts = config.dsn_parts(config.dsn())
        role = " -c role=warta_reader" if _may_be_reader() else ""
        parts["options"] = f"{parts.get('options', '')}{role}"
    if not as_owner:
        parts["options"] = f"{parts.get('options', '')} {READS_ONLY}".strip()
    with connect(make_conninfo(**parts)):  # what is wrong is told in a line of ours, with what to do
        pass
    found = program("psql")
    connection, environment = handed_over(parts)
    os.execve(found, [found, *connection, *arguments], environment)  # noqa: S606 - an argument list, no shell


def _may_be_reader() -> bool:
    """Tell whether the role of WARTA_DSN may become `warta_reader`, and that one reads the tables."""
    with connect() as connection:
        try:
            connection.execute("SET ROLE warta_reader")
            return connection.execute(query("may_read")).fetchone() == (True,)
        except psycopg.Error:
            return False


def ignore_libpq_variables() -> None:
    """Take libpq's variables out of the environment where the database is the embedded one: they lead to another."""
    if config.is_embedded():
        for variable in _variables().values():
            os.environ.pop(variable, None)


def program(name: str) -> str:
    """Return the path of one of Postgres' programs; raises StartError where there is none."""
    try:
        found = str(binaries() / name)
    except StartError:
        if config.PG_BIN:
            raise
        found = name
    if not (path := shutil.which(found)):
        raise StartError(f"no {found} here: install Postgres' client programs, or set WARTA_PG_BIN to their folder")
    return path


def handed_over(parts: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Return a connection as a program's arguments and its environment: no argument is a secret, which all can read.

    What has no variable is an argument, and so is all of it where a service file is named, which comes before
    variables. Raises UsageError for a secret that has no variable.
    """
    kept, variables = dict(os.environ), _variables()
    secrets = {option.keyword.decode() for option in pq.Conninfo.get_defaults() if option.dispchar}
    has_service = "service" in parts or "PGSERVICE" in kept
    arguments = {}
    for name, value in parts.items():
        if name in variables and (name in secrets or not has_service):
            kept[variables[name]] = value
        elif name in secrets:
            raise UsageError(
                f"WARTA_DSN: Postgres' programs can be given {name} in a service file only (PGSERVICEFILE)"
            )
        else:
            arguments[name] = value
    return (["-d", make_conninfo(**arguments)] if arguments else []), kept


def _variables() -> dict[str, str]:
    """Return libpq's parameters that have a variable, each with its name."""
    return {option.keyword.decode(): option.envvar.decode() for option in pq.Conninfo.get_defaults() if option.envvar}
