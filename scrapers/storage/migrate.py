"""Apply the numbered migrations, each once, in order."""

import hashlib
from dataclasses import dataclass
from importlib import resources

import psycopg

from scrapers.errors import DatabaseError
from scrapers.storage.connection import connect, query

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
    """Return all migrations, in order."""
    folder = resources.files("scrapers.storage").joinpath("migrations")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return [Migration(f.name, f.read_bytes()) for f in files]


def migrate(dsn: str | None = None) -> list[str]:
    """Bring the database up to date in one transaction; return the names of what was applied now.

    Safe when two start at once. Raises DatabaseError where an applied migration was edited afterwards, or
    the database is newer than this code.
    """
    with connect(dsn) as connection, connection.transaction():
        connection.execute(query("lock_migrations"), {"lock": LOCK})
        connection.execute(query("create_migrations"))
        rows: list[tuple[str, str]] = connection.execute(query("applied_migrations")).fetchall()
        missing = _missing(migrations(), dict(rows))
        for migration in missing:
            _apply(connection, migration)
    return [migration.name for migration in missing]


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
    connection.execute(query("insert_migration"), {"name": migration.name, "sha256": migration.sha256})
