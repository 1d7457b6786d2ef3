"""Databases that tests share one after the other: to empty one costs a tenth of what its copy would."""

from itertools import count

import psycopg
from psycopg import sql

from scrapers.local.postgres import Cluster

TABLES = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
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


class Databases:
    """Databases with the schema of the cluster's `migrated`, each lent to one test at a time."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._numbers = count()
        self._spare: list[str] = []
        with psycopg.connect(cluster.dsn("migrated"), autocommit=True) as connection:
            self._kept = {name for (name,) in connection.execute(TABLES)}
            self._unchanged = connection.execute(CHANGES).fetchone()

    def lend(self) -> str:
        """Return the name of a database without rows."""
        if self._spare:
            return self._spare.pop()
        name = f"test_{next(self._numbers)}"
        self._cluster.create_database(name, template="migrated")
        return name

    def take_back(self, name: str) -> None:
        """Empty a database for the next test; one whose schema was changed is dropped."""
        with psycopg.connect(self._cluster.dsn(name), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            is_unchanged = connection.execute(CHANGES).fetchone() == self._unchanged
            if is_unchanged:
                self._empty(connection)
        if is_unchanged:
            self._spare.append(name)
            return
        with psycopg.connect(self._cluster.dsn("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _empty(self, connection: psycopg.Connection) -> None:
        filled = [name for (name,) in connection.execute(TABLES) if name not in self._kept]
        if filled:
            names = sql.SQL(", ").join(map(sql.Identifier, filled))
            connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
        for (sequence,) in connection.execute(SEQUENCES).fetchall():
            connection.execute(sql.SQL("ALTER SEQUENCE {} RESTART").format(sql.Identifier(sequence)))
        connection.execute("SELECT pg_stat_reset()")
