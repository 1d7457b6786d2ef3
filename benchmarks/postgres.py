"""A Postgres for one benchmark alone, and lines that are printed at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from scrapers.local.postgres import Cluster
from scrapers.storage.connection import connect
from scrapers.storage.migrate import migrate


@contextmanager
def own_postgres(**options: str) -> Iterator[Cluster]:
    """Start a Postgres with these options in a folder that is deleted at the end."""
    with TemporaryDirectory(prefix="bench-") as folder:
        cluster = Cluster(Path(folder) / "postgres", options=options)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


@contextmanager
def empty_database(**options: str) -> Iterator[tuple[Cluster, psycopg.Connection]]:
    """Start such a Postgres with Warta's tables in it; yield it and a connection."""
    with own_postgres(**options) as cluster:
        migrate(cluster.dsn())
        with connect(cluster.dsn()) as connection:
            yield cluster, connection


def say(line: str) -> None:
    """Print the line at once."""
    print(line, flush=True)  # noqa: T201 - the figures are what the benchmark is for
