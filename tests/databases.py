"""Databases that tests share one after the other: to empty one costs a tenth of what its copy would."""

from itertools import count

import psycopg
from psycopg import sql

from scrapers.local.postgres import Cluster

TABLES = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
INDEXES = """
    SELECT relname, pg_relation_size(oid) FROM pg_class
    WHERE relkind = 'i' AND relnamespace = 'public'::regnamespace
"""
SEQUENCES = """
    SELECT setval(format('%I.%I', schemaname, sequencename), start_value, false) FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
ADVANCE = """
    SELECT format('SELECT setval(%L, %s)', format('%I.%I', schemaname, sequencename), last_value) FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
# What VACUUM and REINDEX note of an empty table has it planned for otherwise than one that was never filled.
NEVER_FILLED = """
    UPDATE pg_class SET relpages = 0, reltuples = CASE relkind WHEN 'i' THEN 0 ELSE -1 END, relallvisible = 0
    WHERE relname = ANY(%s) AND relnamespace = 'public'::regnamespace
"""
# What a test may have changed beside the rows of these tables. Statistics are among it, for plans follow them.
CHANGES = """
    SELECT
        (SELECT sum(hashtext(migrations::text)::bigint) FROM migrations),
        (SELECT count(*) FROM pg_attribute),
        (SELECT count(*) FROM pg_constraint),
        (SELECT count(*) FROM pg_extension),
        (SELECT count(*) FROM pg_index WHERE indisvalid),
        (SELECT count(*) FROM pg_statistic JOIN pg_class ON pg_class.oid = starelid
         WHERE relnamespace = 'public'::regnamespace),
        (SELECT count(*) FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase
         WHERE datname = current_database()),
        (SELECT sum(hashtext(proname || prosrc)::bigint) FROM pg_proc),
        (SELECT sum(hashtext(tgname || tgenabled::text)::bigint) FROM pg_trigger),
        (SELECT sum(hashtext(relname || coalesce(relacl::text, '') || coalesce(reloptions::text, ''))::bigint)
         FROM pg_class)
"""
PAGE = 8192  # bytes; the first entry of a B-tree costs its index this much


class Databases:
    """Databases with the schema of the cluster's `migrated`, each lent to one test at a time."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._numbers = count()
        self._spare: list[str] = []
        self._connections: dict[str, psycopg.Connection] = {}
        with psycopg.connect(cluster.dsn("migrated"), autocommit=True) as connection:
            self._kept = {name for (name,) in connection.execute(TABLES)}
            self._sizes = dict(connection.execute(INDEXES).fetchall())
            self._unchanged = connection.execute(CHANGES).fetchone()

    def lend(self) -> str:
        """Return the name of a database without rows."""
        if self._spare:
            return self._spare.pop()
        name = f"test_{next(self._numbers)}"
        self._cluster.create_database(name, template="migrated")
        return name

    def connection(self, name: str) -> psycopg.Connection:
        """Return the connection on which the database is looked at and emptied after each test that has it.

        It stays open, so that its statements are planned once; one that a test has broken is made anew.
        """
        try:
            self._connections[name].execute("")
        except (KeyError, psycopg.Error):
            self._connections[name] = connection = psycopg.connect(self._cluster.dsn(name), autocommit=True)
            connection.prepare_threshold = 0
            connection.execute("SET session_replication_role = replica")  # no triggers, nor checks of foreign keys
            connection.execute("SET allow_system_table_mods = on")
        return self._connections[name]

    def fill(self, name: str, source: str) -> None:
        """Give a database that was lent the rows of another, which costs half of what a copy of its files does."""
        written, read = self.connection(name), self.connection(source)
        for table in map(sql.Identifier, self._filled(read)):
            with (
                read.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(table)) as rows,
                written.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy,
            ):
                for row in rows:
                    copy.write(row)
        for (advance,) in read.execute(ADVANCE).fetchall():
            written.execute(advance)

    def take_back(self, name: str) -> None:
        """Empty the database for the next test; one whose schema was changed is not lent again.

        Nor is it dropped: to make files costs several times as much where many were removed before.
        """
        connection = self.connection(name)
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if connection.execute(CHANGES).fetchone() == self._unchanged and self._empty(connection):
            self._spare.append(name)
        else:
            self._connections.pop(name).close()

    def _empty(self, connection: psycopg.Connection) -> bool:
        """Return whether it is as a copy of `migrated` again; TRUNCATE would make new files for tables and indexes."""
        if filled := self._filled(connection):
            for name in filled:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
            connection.execute(sql.SQL("VACUUM {}").format(sql.SQL(", ").join(map(sql.Identifier, filled))))
            connection.execute(NEVER_FILLED, [[*filled, *self._shrink_indexes(connection)]])
        connection.execute(SEQUENCES)
        connection.execute("SELECT pg_stat_reset()")
        return not self._filled(connection)

    def _filled(self, connection: psycopg.Connection) -> list[str]:
        return [name for (name,) in connection.execute(TABLES) if name not in self._kept]

    def _shrink_indexes(self, connection: psycopg.Connection) -> list[str]:
        """Make those anew that VACUUM has left large, because their size has a part in plans; return their names."""
        sizes = connection.execute(INDEXES).fetchall()
        large = [name for name, size in sizes if size > self._sizes[name] + PAGE]
        for name in large:
            connection.execute(sql.SQL("REINDEX INDEX {}").format(sql.Identifier(name)))
        return large
