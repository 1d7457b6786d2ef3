"""Backups: pg_dump and pg_restore on Warta's database, with the rows of each table counted beside it.

FILE         the database, in pg_dump's custom format
FILE.json    when it was made, and how many rows each table had at that moment: `verify` compares
"""

import json
import os
import re
import secrets
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from scrapers import config
from scrapers.errors import DamageError, DatabaseError, StartError, UsageError
from scrapers.local.psql import handed_over, ignore_libpq_variables, program
from scrapers.maintenance.takedowns import repeat
from scrapers.parent import dying_with_us
from scrapers.storage.connection import connect, query, where
from scrapers.storage.files import write_private
from scrapers.storage.migrate import migrate

MAGIC = b"PGDMP"  # how a file of pg_dump's custom format begins
ZSTD, GZIP = "--compress=zstd", "--compress=1"  # raw pages are compressed already: gzip's fastest level


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made, verified or restored: its rows by table, and its size in bytes."""

    rows: Mapping[str, int]
    size: int


def back_up(file: Path) -> Backup:
    """Write the database to a new file, as it is at this moment, crawls or not; return what is in it.

    The file is there whole or not at all. Raises UsageError where it can't be written or exists, and DatabaseError.
    """
    ignore_libpq_variables()
    with connect() as connection, _new(file) as part, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        _require_programs_for(connection)
        [snapshot] = connection.execute(query("begin_backup")).fetchone() or ("",)
        _dump(connection.info.dbname, snapshot, part)
        rows = count_rows(connection)
        _write_counts(file, rows)
    return Backup(rows, file.stat().st_size)


def restore(file: Path, takedowns: Sequence[Mapping[str, Any]]) -> Backup:
    """Fill the empty database from a backup, bring it up to date, and take down again what was; return what is in it.

    Empty is a database without tables, or one whose tables have no rows, as `warta db start` makes it. Raises
    UsageError for any other, and for a file that is no backup; DatabaseError where it fails, and nothing is left of it.
    """
    _require_backup(file)
    ignore_libpq_variables()
    with connect() as connection:
        _require_programs_for(connection)
        _require_empty(connection)
        _load(file, connection.info.dbname)
    migrate()
    with connect() as connection:
        connection.execute(query("make_roles"))
        repeat(connection, [dict(row) for row in takedowns])
        connection.execute("ANALYZE")
        return Backup(count_rows(connection), file.stat().st_size)


def verify(file: Path) -> Backup:
    """Restore a backup into a database that is dropped afterwards; return what is in it.

    Raises DamageError where a table has not as many rows as when the backup was made, or the ledger has faults, and
    UsageError for a file that is no backup or lacks its counts.
    """
    _require_backup(file)
    expected = _read_counts(file)
    ignore_libpq_variables()
    with connect() as connection, _scratch(connection) as name:
        _require_programs_for(connection)
        _load(file, name)
        with connect(make_conninfo(config.dsn(), dbname=name)) as restored:
            rows = count_rows(restored)
            faults = restored.execute(query("count_ledger_faults")).fetchone()
    for table in sorted(rows.keys() | expected.keys()):
        if rows.get(table) != expected.get(table):
            had, has = expected.get(table, "no table"), rows.get(table, "no table")
            raise DamageError(f"{file}: {table} had {had} rows and has {has}; make another backup")
    if faults != (0,):
        raise DamageError(f"{file}: its ledger has {faults and faults[0]} faults; make another backup")
    return Backup(rows, file.stat().st_size)


@contextmanager
def _new(file: Path) -> Iterator[IO[bytes]]:
    """Yield a file beside it that takes its name at the end; it is gone where the block fails."""
    part = file.with_name(f"{file.name}.part")
    try:
        if file.exists():
            raise UsageError(f"{file} exists already: give the backup another name, or move that one away")
        part.unlink(missing_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:  # noqa: PTH123 - takes the descriptor
            yield output
            output.flush()
            os.fsync(output.fileno())
        part.replace(file)
    except OSError as fault:
        raise UsageError(f"the backup can't be written to {file}: {fault.strerror}; choose another place") from None
    finally:
        with suppress(OSError):  # it could not be made
            part.unlink(missing_ok=True)
            if not file.exists():
                _counts_of(file).unlink(missing_ok=True)


def _dump(database: str, snapshot: str, output: IO[bytes]) -> None:
    """Write the custom format; without owners and rights, which the server where it is restored may not have."""
    options = ["--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}"]
    try:
        _run("pg_dump", [*options, ZSTD], database, output)
    except DatabaseError as error:
        if "compress" not in str(error):  # this pg_dump has no zstd, and says so before it writes
            raise
        _run("pg_dump", [*options, GZIP], database, output)


def _load(file: Path, database: str) -> None:
    """Restore all or nothing, without roles and rights."""
    options = ["--no-owner", "--no-acl", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", options, database, file=file)


def _run(
    name: str,
    options: Sequence[str],
    database: str,
    output: IO[bytes] | None = None,
    file: Path | None = None,
) -> None:
    """Run one of Postgres' programs on a database of the server; raises DatabaseError with what it says."""
    arguments, environment = handed_over(config.dsn_parts(config.dsn()))
    named = ["--dbname", make_conninfo(arguments[-1] if arguments else "", dbname=database)]
    command = [program(name), *options, *named, *([str(file)] if file else [])]
    ended = subprocess.run(
        dying_with_us(command), env=environment, stdout=output, stderr=subprocess.PIPE, text=True, check=False
    )
    if ended.returncode:
        line = next((line for line in ended.stderr.splitlines() if "error:" in line), ended.stderr.strip()[:300])
        raise DatabaseError(f"{name} on {where(config.dsn_parts(config.dsn()))} failed: {line}")


def _require_programs_for(connection: psycopg.Connection) -> None:
    """Raise StartError where the server is newer than the programs: they refuse it."""
    pg_dump = program("pg_dump")
    told = subprocess.run([pg_dump, "--version"], capture_output=True, text=True, check=False).stdout
    ours, server = int((re.findall(r"(\d+)", told) or ["0"])[0]), connection.info.server_version // 10000
    if server > ours:
        raise StartError(
            f"Postgres is {server}, and {pg_dump} is {ours}, which can't dump it: "
            f"set WARTA_PG_BIN to the folder of the programs of Postgres {server}"
        )


def _require_backup(file: Path) -> None:
    try:
        with file.open("rb") as opened:
            if opened.read(len(MAGIC)) == MAGIC:
                return
    except OSError as fault:
        raise UsageError(f"the backup {file} can't be read: {fault.strerror}") from None
    raise UsageError(f"{file} is no backup that `warta db backup` has made")


def _require_empty(connection: psycopg.Connection) -> None:
    """Raise UsageError where a table has rows; tables without rows make place for those of the backup."""
    for table, rows in count_rows(connection).items():
        if rows and table != "migrations":
            name = where(config.dsn_parts(config.dsn()))
            raise UsageError(
                f"{name} is not empty ({table} has {rows:,} rows): restore into a new database, named by WARTA_DSN"
            )
    with connection.transaction():
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


@contextmanager
def _scratch(connection: psycopg.Connection) -> Iterator[str]:
    """Make a database beside the connection's own, and drop it at the end."""
    name = f"warta_verify_{secrets.token_hex(4)}"
    connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    try:
        yield name
    finally:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def count_rows(connection: psycopg.Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    counts = {}
    for (table,) in connection.execute(query("own_tables")).fetchall():
        count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", table))
        [counts[table]] = connection.execute(count).fetchone() or (0,)
    return counts


def _counts_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def _write_counts(file: Path, rows: Mapping[str, int]) -> None:
    told = {"made_at": datetime.now(UTC).isoformat(timespec="seconds"), "rows": rows}
    write_private(_counts_of(file), json.dumps(told, indent=2) + "\n")


def _read_counts(file: Path) -> dict[str, int]:
    try:
        return dict(json.loads(_counts_of(file).read_text(encoding="utf-8"))["rows"])
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(f"{_counts_of(file)}, with the counts of the backup, is not there or damaged") from None
