"""Databases as the migrations of before the first of scrapers/storage/migrations/ made them."""

import gzip
import re
from pathlib import Path

import psycopg

from scrapers.storage.connection import query
from scrapers.storage.migrate import Migration, upgrades

FIXTURES = Path(__file__).parent / "fixtures"


def older_migrations() -> list[Migration]:
    """Return the migrations 0001 to 0038, as they were applied."""
    text = gzip.decompress((FIXTURES / "migrations_0001_0034.sql.gz").read_bytes())
    _, *parts = re.split(rb"^-- file: (\S+)\n", text, flags=re.MULTILINE)
    first = [Migration(name.decode(), sql) for name, sql in zip(parts[::2], parts[1::2], strict=True)]
    return [*first, *(migration for migration in upgrades() if migration.name < "0039")]


def migrate_to(connection: psycopg.Connection, number: str) -> None:
    """Apply the older migrations that the database lacks, up to this number."""
    connection.execute(query("create_migrations"))
    applied = {name for name, _ in connection.execute(query("applied_migrations"))}
    for migration in older_migrations():
        if migration.name not in applied and migration.name[:4] <= number:
            connection.execute(migration.sql)
            connection.execute(query("insert_migration"), {"name": migration.name, "sha256": migration.sha256})
