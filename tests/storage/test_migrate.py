import threading
from dataclasses import replace

import pytest

from scrapers.errors import DatabaseError
from scrapers.storage import migrate as module
from scrapers.storage.connection import connect
from scrapers.storage.migrate import Migration, migrate, migrations


@pytest.fixture
def empty(cluster, request):
    cluster.create_database(request.node.name[:60])
    return cluster.dsn(request.node.name[:60])


def test_each_migration_is_applied_once(empty):
    first, second = migrate(empty), migrate(empty)

    assert first == [migration.name for migration in migrations()]
    assert second == []


def test_two_migrators_at_once_apply_each_migration_once(empty):
    applied = []
    threads = [threading.Thread(target=lambda: applied.append(migrate(empty))) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(len, applied)) == [0, 0, 0, len(migrations())]


def test_edited_migration_is_refused(empty, monkeypatch):
    migrate(empty)
    edited = [replace(migrations()[0], sql=b"SELECT 1;"), *migrations()[1:]]
    monkeypatch.setattr(module, "migrations", lambda: edited)

    with pytest.raises(DatabaseError, match=r"0040_runs\.sql was edited"):
        migrate(empty)


def test_database_of_a_newer_version_is_refused(empty, monkeypatch):
    migrate(empty)
    older = migrations()[:-1]
    monkeypatch.setattr(module, "migrations", lambda: older)

    with pytest.raises(DatabaseError, match="update Warta"):
        migrate(empty)


def test_migration_that_fails_changes_nothing(empty, monkeypatch):
    broken = [*migrations(), Migration("9999_broken.sql", b"CREATE TABLE t (a int); SELECT 1 / 0;")]
    monkeypatch.setattr(module, "migrations", lambda: broken)

    with pytest.raises(DatabaseError, match="nothing was changed"):
        migrate(empty)

    with connect(empty) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_every_table_view_and_column_has_a_comment(database):
    silent = database.execute(
        """
        SELECT relname, attname
        FROM pg_class
        JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') AND NOT attisdropped
          AND (attnum = 0 OR relkind = 'r') AND attnum >= 0 AND col_description(pg_class.oid, attnum) IS NULL
        UNION ALL
        SELECT relname, NULL FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
          AND obj_description(oid, 'pg_class') IS NULL
        """
    ).fetchall()

    assert silent == []
