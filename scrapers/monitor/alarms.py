"""What needs somebody, as it stands: list it, say that you look after it, silence it.

`scrapers.monitor.watch` keeps the table; this reads it and notes what people say of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg.rows import class_row

from scrapers.errors import UsageError
from scrapers.monitor.rules import RULES
from scrapers.storage.connection import query
from scrapers.terminal import say


@dataclass(frozen=True, slots=True)
class Alarm:
    """A row of table `alarms`, whose COMMENTs say what each column holds; times are aware.

    `notified_at` is when it was last told through any channel, None where it was not.
    """

    alarm_id: int
    rule: str
    outlet: str | None
    field: str | None
    subject: str | None
    sample_url: str | None
    summary: str
    began_at: datetime
    raised_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    silenced_until: datetime | None
    silenced_by: str | None
    notified_at: datetime | None

    @property
    def advice(self) -> str:
        """Return what to do, in a sentence; docs/how-to/operate.md says more under the rule's name."""
        return RULES[self.rule].advice if self.rule in RULES else "A later version of Warta raised it: update this one."

    @property
    def about(self) -> str:
        """Return what it is about: the outlet or `all outlets`, the field, the subject."""
        return " ".join(filter(None, (self.outlet or "all outlets", self.field, self.subject)))

    def is_untold(self, since: datetime) -> bool:
        """Return whether it was raised before `since`, and nobody was told or has said anything of it."""
        said = self.notified_at or self.acknowledged_at or self.silenced_until
        return self.ended_at is None and said is None and self.raised_at < since

    def line(self) -> str:
        """Return it in one line, without its advice."""
        return f"{self.rule} {self.about}: {self.summary}"


def standing_alarms(
    connection: psycopg.Connection, outlet: str | None = None, *, since: datetime | None = None, limit: int = 1000
) -> list[Alarm]:
    """Return the alarms that stand, the newest first, then those that ended after `since`, if that is given."""
    return _alarms(connection, outlet=outlet, since=since, limit=limit)


def alarm(connection: psycopg.Connection, alarm_id: int) -> Alarm:
    """Return one alarm, standing or ended; raises UsageError where there is none of that number."""
    found = _alarms(connection, alarm_id=alarm_id, since=datetime.min.replace(tzinfo=UTC))
    if not found:
        raise UsageError(f"no alarm {alarm_id}: `warta alarms` lists them")
    return found[0]


def acknowledge(connection: psycopg.Connection, alarm_id: int, *, by: str) -> Alarm:
    """Note that `by` looks after the alarm, and return it; who said so first stays.

    Raises UsageError where there is none of that number, or it has ended.
    """
    if alarm(connection, alarm_id).ended_at:
        raise UsageError(f"alarm {alarm_id} has ended: there is nothing to look after")
    connection.execute(query("acknowledge_alarm"), {"alarm_id": alarm_id, "by": by})
    return alarm(connection, alarm_id)


def silence(connection: psycopg.Connection, alarm_id: int, *, until: datetime, by: str) -> Alarm:
    """Let the alarm be told to nobody until then, and return it; it is still listed.

    It holds for the same alarm if it ends and begins again. A time that has passed ends the silence. Raises UsageError
    where there is none of that number.
    """
    connection.execute(query("silence_alarm"), {"alarm_id": alarm_id, "until": until, "by": by})
    return alarm(connection, alarm_id)


def as_json(alarms: Sequence[Alarm]) -> list[dict[str, Any]]:
    """Return the alarms as `warta alarms --json` prints them."""
    names = [*Alarm.__dataclass_fields__, "advice"]
    return [{name: getattr(alarm, name) for name in names} for alarm in alarms]


def print_alarms(alarms: Sequence[Alarm]) -> None:
    """Print three lines an alarm: what it is, since when and with which sample, what to do."""
    for alarm in alarms:
        say(f"{alarm.alarm_id}  {alarm.line()}")
        say(f"     {', '.join(_facts(alarm))}")
        say(f"     {alarm.advice}")


def _facts(alarm: Alarm) -> list[str]:
    facts = [f"since {alarm.began_at:%Y-%m-%d %H:%M} UTC"]
    if alarm.ended_at:
        facts.append(f"ended {alarm.ended_at:%Y-%m-%d %H:%M}")
    if alarm.acknowledged_by:
        facts.append(f"acknowledged by {alarm.acknowledged_by}")
    if alarm.silenced_until and not alarm.ended_at:
        facts.append(f"silenced until {alarm.silenced_until:%Y-%m-%d %H:%M} by {alarm.silenced_by}")
    return facts + ([f"for example {alarm.sample_url}"] if alarm.sample_url else [])


def _alarms(connection: psycopg.Connection, **asked: Any) -> list[Alarm]:
    given = {"outlet": None, "alarm_id": None, "since": None, "limit": 1000, **asked}
    with connection.cursor(row_factory=class_row(Alarm)) as cursor:
        return cursor.execute(query("list_alarms"), given).fetchall()
