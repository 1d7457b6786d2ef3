"""Apply the numbered migrations, each once, in order.

A new database gets migrations/*.sql. The first of these, up to BASELINE, stand for 39 older ones. A database that has
older ones, up to OLDEST at least, gets the rest of them from migrations/upgrades/*.sql, which gives it the same schema;
then it is recorded as having the new ones, and goes on with those after BASELINE.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import cast

import psycopg

from scrapers.errors import DatabaseError
from scrapers.storage.connection import connect, query

OLDEST = "0034_decisions_that_were_taken_back.sql"
BASELINE = "0049_roles.sql"
LOCK = 0x57415254  # "WART": the advisory lock that lets one migrator at a time


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of migrations/, its statements and their SHA-256."""

    name: str
    sql: bytes

    @property
    def sha256(self) -> str:
        """Return the checksum that is kept once the migration is applied."""
        return hashlib.sha256(self.sql).hexdigest()


def migrations() -> list[Migration]:
    """Return the migrations of a new database, in order."""
    return _files("migrations")


def upgrades() -> list[Migration]:
    """Return the older migrations after OLDEST, in order."""
    return _files("migrations", "upgrades")


def _files(*folder: str) -> list[Migration]:
    entries = resources.files("scrapers.storage").joinpath(*folder).iterdir()
    files = sorted((entry for entry in entries if entry.name.endswith(".sql")), key=lambda file: file.name)
    return [Migration(file.name, file.read_bytes()) for file in files]


def migrate(dsn: str | None = None) -> list[str]:
    """Bring the database up to date in one transaction; return the names of what was applied now.

    Safe when two start at once. Raises DatabaseError where an applied migration was edited afterwards, or
    the database is newer than this code, or older than OLDEST.
    """
    with connect(dsn) as connection, connection.transaction():
        connection.execute(query("lock"), {"lock": LOCK})
        connection.execute(query("create_migrations"))
        known = migrations()
        upgraded = _upgrade(connection, known)
        missing = _missing(known, _applied(connection))
        for migration in missing:
            _apply(connection, migration)
    return [migration.name for migration in (*upgraded, *missing)]


def require_migrations(connection: psycopg.Connection) -> None:
    """Raise DatabaseError where the database lacks a migration of this version; it may have later ones."""
    if connection.execute(query("schema_is_ready")).fetchone() == (False,):
        raise DatabaseError(f"database {connection.info.dbname} has no tables of Warta: run `warta migrate`")
    applied = _applied(connection)
    for migration in migrations():
        if migration.name not in applied:
            raise DatabaseError(f"the database lacks migration {migration.name}: run `warta migrate`")


def standing_since(connection: psycopg.Connection) -> datetime:
    """Return the time at which the database got its first tables, in UTC."""
    [(since,)] = connection.execute(query("standing_since")).fetchall()
    return cast("datetime", since)


def _applied(connection: psycopg.Connection) -> dict[str, str]:
    """Return the migrations that the database has, with their checksums."""
    return dict(connection.execute(query("applied_migrations")).fetchall())


def _upgrade(connection: psycopg.Connection, known: list[Migration]) -> list[Migration]:
    """Bring a database that has older migrations to the schema of BASELINE; return what was applied for that."""
    applied = _applied(connection)
    if not applied or min(applied) >= known[0].name:
        return []
    if OLDEST not in applied:
        raise DatabaseError(
            f"the database stands at migration {max(applied)}, and this version of Warta upgrades from {OLDEST} on: "
            "run `warta migrate` of a version that still has that file, then this one's"
        )
    missing = _missing(upgrades(), {name: sha256 for name, sha256 in applied.items() if name > OLDEST})
    for migration in missing:
        _apply(connection, migration)
    connection.execute(query("forget_migrations"))
    for migration in known:
        if migration.name <= BASELINE:
            _record(connection, migration)
    return missing


def _missing(known: list[Migration], applied: dict[str, str]) -> list[Migration]:
    for name in applied.keys() - {migration.name for migration in known}:
        raise DatabaseError(
            f"the database has migration {name}, which this version of Warta lacks: update Warta, "
            "or point WARTA_DSN to another database"
        )
    for migration in known:
        if applied.get(migration.name, migration.sha256) != migration.sha256:
            raise DatabaseError(
                f"migration {migration.name} was edited after it was applied: restore the file and add a new migration"
            )
    return [migration for migration in known if migration.name not in applied]


def _apply(connection: psycopg.Connection, migration: Migration) -> None:
    try:
        connection.execute(migration.sql)
    except psycopg.Error as error:
        raise DatabaseError(f"migration {migration.name} failed, nothing was changed: {error}") from error
    _record(connection, migration)


def _record(connection: psycopg.Connection, migration: Migration) -> None:
    connection.execute(query("insert_migration"), {"name": migration.name, "sha256": migration.sha256})
