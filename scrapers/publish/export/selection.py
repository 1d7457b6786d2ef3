"""What an export is to hold: a choice of articles, and the moment as of which they are taken."""

import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import psycopg

from scrapers.errors import DatabaseError, UsageError
from scrapers.storage.connection import query

LEVELS = ("all", "unique", "cluster")
PATIENCE_S = 60.0  # how long a moment that was asked for may take to settle
PAUSE_S = 0.1  # a transaction takes its time just before it can be seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which articles are exported; None takes all. Days are days of publication in UTC, `until` is the last one.

    `as_of` is aware; None is the present moment. `level` is `all`, `unique` (without exact copies) or `cluster`
    (of each cluster only the article that stands for it).
    """

    as_of: datetime | None = None
    level: str = "all"
    outlet: tuple[str, ...] | None = None
    since: date | None = None
    until: date | None = None
    section: str | None = None
    language: str | None = None
    kind: str | None = None

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise UsageError(f"no level {self.level!r}: choose one of {', '.join(LEVELS)}")

    def as_parameters(self) -> dict[str, Any]:
        """Return the parameters of the queries of export.sql."""
        return asdict(self) | {"outlet": list(self.outlet) if self.outlet else None}

    def as_json(self) -> dict[str, Any]:
        """Return the selection as the manifest has it: times in ISO 8601 and UTC, without what takes all."""
        given = {name: value for name, value in self.as_parameters().items() if value is not None}
        return {name: _plain(value) for name, value in given.items()}


class Corpus(NamedTuple):
    """The database of an export, and the moment as of which it is read; `dsn` is None for the configured one."""

    dsn: str | None
    as_of: datetime


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def settled(connection: psycopg.Connection, selection: Selection) -> Selection:
    """Return the selection as of a moment of which all is known, so that the same export can be made at any time.

    Without a moment it is the present, or the last one before the oldest transaction that is still open: that one may
    yet store something as of its beginning. A moment that was asked for is waited for.

    Raises UsageError for a moment to come, or one that does not settle within PATIENCE_S, and DatabaseError where the
    server does not show the transactions of others.
    """
    [asked] = connection.execute(query("export_moment")).fetchone() or (None,)
    assert asked is not None  # noqa: S101 - it gives a row
    if selection.as_of and selection.as_of > asked:
        raise UsageError(f"--as-of {selection.as_of.isoformat()} is to come; it is {asked.isoformat()} now")
    wanted = selection.as_of or asked
    deadline = time.monotonic() + PATIENCE_S
    while True:
        time.sleep(PAUSE_S)
        [moment] = connection.execute(query("settled_moment"), {"asked": wanted}).fetchone() or (None,)
        if moment and (moment == wanted or selection.as_of is None):
            return replace(selection, as_of=moment)
        if time.monotonic() > deadline:
            raise _unsettled(wanted, moment)


def _unsettled(wanted: datetime, moment: datetime | None) -> UsageError | DatabaseError:
    if moment is None:
        return DatabaseError(
            "an export has to know since when transactions are open, and the server does not show those of other roles "
            "to this one: GRANT pg_read_all_stats to it"
        )
    return UsageError(
        f"a transaction that is open since {moment.isoformat()} may still store articles as of {wanted.isoformat()}: "
        "end it (pg_stat_activity shows whose it is), or ask for an earlier --as-of"
    )
