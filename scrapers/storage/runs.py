"""Runs: one row a crawl or an ingest, alive for as long as its session holds its lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from scrapers.errors import DatabaseError, UsageError
from scrapers.storage.connection import query
from scrapers.storage.migrate import require_migrations


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stands; `counts` maps ledger states to the pages that the run left in them.

    Of its requests, `not_modified` were answered with 304, which saved `bytes_saved`; bytes are of unpacked bodies.
    `alarms` are those that stand for the outlet now.
    """

    run_id: UUID
    outlet: str
    kind: str
    requested_by: str
    outcome: str
    reason: str | None
    started_at: datetime
    finished_at: datetime | None
    discovered: int
    counts: dict[str, int]
    requests: int
    bytes: int
    not_modified: int
    bytes_saved: int
    alarms: list[str]


def begin_run(
    connection: psycopg.Connection,
    run_id: UUID,
    *,
    outlet: str,
    kind: str = "crawl",
    requested_by: str = "cli",
    arguments: dict[str, Any] | None = None,
) -> None:
    """Begin a run, and take back the pages that dead runs of the outlet still hold.

    The run counts as alive while `connection` is open. Raises UsageError where the id was used before, and
    DatabaseError where the database lacks migrations.
    """
    require_migrations(connection)
    try:
        with connection.transaction():
            connection.execute(
                query("insert_run"),
                {
                    "run_id": run_id,
                    "outlet": outlet,
                    "kind": kind,
                    "requested_by": requested_by,
                    "arguments": Jsonb(arguments or {}),
                },
            )
            connection.execute(query("lock_run"), {"run_id": run_id})
    except psycopg.errors.UniqueViolation:
        raise UsageError(f"run {run_id} exists already: leave run_id out, or choose another") from None
    except psycopg.errors.UndefinedTable as error:
        raise DatabaseError(
            f"the database's schema is incomplete ({error.diag.message_primary}): run `warta migrate`"
        ) from None
    reap_dead_runs(connection, outlet, run_id)


def resume_run(connection: psycopg.Connection, run_id: UUID, backends: Sequence[int]) -> None:
    """Let the run live on with a new connection, in place of those that Postgres' processes `backends` served.

    Postgres may not have noticed yet that they are gone. A run that was taken for dead meanwhile runs again;
    its pages are another's by then, and what it stores of them is refused.
    """
    connection.execute(query("end_sessions"), {"run_id": run_id, "backends": list(backends)})
    connection.execute(query("lock_run"), {"run_id": run_id})
    connection.execute(query("resume_run"), {"run_id": run_id})


def ping(connection: psycopg.Connection) -> None:
    """Wait until Postgres answers."""
    connection.execute("SELECT 1")


def reclaim_expired_leases(connection: psycopg.Connection, run_id: UUID, outlet: str) -> int:
    """Free the pages that the run holds, and those of the outlet's dead runs; return how many they are.

    Called when nothing is under way: what the run holds then came with an answer that was lost.
    """
    freed = connection.execute(query("release_leases"), {"run_id": run_id}).rowcount
    return freed + sum(reap_dead_runs(connection, outlet, run_id).values())


def reap_dead_runs(connection: psycopg.Connection, outlet: str, own: UUID) -> dict[UUID, int]:
    """Mark the outlet's other runs whose process is gone as interrupted; return the pages freed of each by its id."""
    rows = connection.execute(query("running_runs"), {"outlet": outlet, "own": own}).fetchall()
    freed = {run_id: _reap_if_dead(connection, run_id) for (run_id,) in rows}
    return {run_id: pages for run_id, pages in freed.items() if pages is not None}


def _reap_if_dead(connection: psycopg.Connection, run_id: UUID) -> int | None:
    with connection.transaction():
        if connection.execute(query("lock_run_if_dead"), {"run_id": run_id}).fetchone() != (True,):
            return None
        return _end(connection, run_id, "interrupted", "its process ended without saying so")


def finish_run(connection: psycopg.Connection, run_id: UUID, outcome: str, reason: str | None = None) -> None:
    """End the run with its outcome, and give back what it leased and did not finish."""
    with connection.transaction():
        _end(connection, run_id, outcome, reason)


def _end(connection: psycopg.Connection, run_id: UUID, outcome: str, reason: str | None) -> int:
    freed = connection.execute(query("release_leases"), {"run_id": run_id}).rowcount
    connection.execute(query("finish_run"), {"run_id": run_id, "outcome": outcome, "reason": reason})
    connection.execute(query("sum_up_page_counts"), {"run_id": run_id})
    return freed


def find_run(connection: psycopg.Connection, run_id: UUID) -> Run | None:
    """Return the run, or None where there is none with this id."""
    with connection.cursor(row_factory=class_row(Run)) as cursor:
        return cursor.execute(query("find_run"), {"run_id": run_id}).fetchone()
