"""A database that older migrations made goes on: it arrives where a new one begins, with all that it holds."""

import re
from uuid import uuid4

import pytest

from scrapers.errors import DatabaseError
from scrapers.storage.connection import connect
from scrapers.storage.migrate import BASELINE, migrate, migrations, upgrades
from scrapers.storage.runs import begin_run
from tests.conftest import ledger_faults
from tests.storage.older import FIXTURES, migrate_to
from tests.storage.schema import HEADING, KEPT, major, pg_dump
from tests.test_readme import QUERIES

LATER = ["0034", *(migration.name[:4] for migration in upgrades() if migration.name < "0039")]
NEWER = re.compile(r"\b(?:edits|search_articles)\b")  # came after the first migration of a new database
UNCHANGED = [
    "runs", "pages", "run_pages", "announcements", "fetches", "snapshots", "revisions", "hosts", "robots", "signatures",
    "duplicates", "clusters", "splits", "refusals", "dedup_queue", "ledger", "latest_articles",
]  # fmt: skip


@pytest.fixture
def older(cluster, request):
    """Return a function that gives a database with rows in it which stands at an older migration."""
    names = []

    def at(number):
        names.append(f"{request.node.name[:40]}_{number}")
        cluster.create_database(names[-1])
        with connect(cluster.dsn(names[-1])) as connection:
            migrate_to(connection, "0034")
            connection.execute((FIXTURES / "rows_0034.sql").read_text("utf-8"))
            migrate_to(connection, number)
        return cluster.dsn(names[-1])

    return at


def rows_of_the_readme(dsn):
    """Return what each query of the README gives that an older database can answer."""
    with connect(dsn) as connection:
        queries = {title: query for title, query in QUERIES if not NEWER.search(query)}
        return {title: connection.execute(query).fetchall() for title, query in queries.items()}


def rows_of_the_tables(dsn):
    """Return the rows of tables and views, by column."""
    with connect(dsn) as connection:
        of = {table: connection.execute(f"SELECT to_jsonb(t) FROM {table} AS t").fetchall() for table in UNCHANGED}
        return {table: [row for (row,) in rows] for table, rows in of.items()}


@pytest.mark.skipif(
    not KEPT.read_text("utf-8").startswith(HEADING.format(major=major())),
    reason="schema.sql was written by another major version of pg_dump, which prints it otherwise",
)
def test_migrations_arrive_at_the_schema_that_is_kept(cluster):
    assert HEADING.format(major=major()) + pg_dump(cluster.dsn("migrated")) == KEPT.read_text("utf-8"), "`make schema`"


@pytest.mark.parametrize("number", LATER)
def test_older_database_arrives_at_the_schema_of_a_new_one(older, cluster, number):
    dsn = older(number)

    applied = migrate(dsn)

    missing = [migration.name for migration in upgrades() if migration.name[:4] > number]
    assert applied == missing + [migration.name for migration in migrations() if migration.name > BASELINE]
    assert pg_dump(dsn) == pg_dump(cluster.dsn("migrated"))
    assert migrate(dsn) == []


@pytest.mark.parametrize("number", LATER)
def test_queries_of_the_readme_give_the_same_rows_after_an_upgrade(older, number):
    dsn = older(number)
    before = rows_of_the_readme(dsn)

    migrate(dsn)

    assert rows_of_the_readme(dsn) == before
    assert all(before.values())
    assert ledger_faults(dsn) == []


def test_upgrade_keeps_every_row_and_value(older):
    dsn = older("0034")
    before = rows_of_the_tables(dsn)

    migrate(dsn)

    after = rows_of_the_tables(dsn)
    for table, rows in before.items():
        assert rows
        assert [{name: row[name] for name in rows[0]} for row in after[table]] == rows


def test_upgraded_database_is_recorded_as_a_new_one_is(older, cluster):
    dsn = older("0036")

    migrate(dsn)

    names = "SELECT name, sha256 FROM migrations ORDER BY name"
    with connect(dsn) as upgraded, connect(cluster.dsn("migrated")) as new:
        assert upgraded.execute(names).fetchall() == new.execute(names).fetchall()


def test_database_that_is_too_old_is_refused_with_what_to_do(cluster):
    cluster.create_database("too_old")
    with connect(cluster.dsn("too_old")) as connection:
        migrate_to(connection, "0033")

    with pytest.raises(DatabaseError, match=r"stands at migration 0033.* run `warta migrate` of a version"):
        migrate(cluster.dsn("too_old"))


def test_run_begins_only_in_a_database_that_was_upgraded(older):
    dsn = older("0038")

    lacking = pytest.raises(DatabaseError, match=r"lacks migration 0040.* run `warta migrate`")
    with connect(dsn) as connection, lacking:
        begin_run(connection, uuid4(), outlet="seed")

    migrate(dsn)
    with connect(dsn) as connection:
        begin_run(connection, uuid4(), outlet="seed")


def test_upgrade_that_was_edited_after_it_was_applied_is_refused(older):
    dsn = older("0036")
    with connect(dsn) as connection:
        connection.execute("UPDATE migrations SET sha256 = '' WHERE name LIKE '0036%'")

    with pytest.raises(DatabaseError, match=r"0036_hints\.sql was edited"):
        migrate(dsn)


def test_every_migration_of_before_is_older_than_the_first_of_a_new_database():
    assert max(migration.name for migration in upgrades()) < min(migration.name for migration in migrations())
