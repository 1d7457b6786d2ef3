"""The tasks of the Dag `watch`: look for alarms, tell them, and give what stands as metrics."""

from collections import Counter
from collections.abc import Iterable

import psycopg
from airflow.sdk.observability.stats import Stats

from scrapers.airflow.notices import ping, tell
from scrapers.monitor.alarms import Alarm
from scrapers.monitor.rules import RULES
from scrapers.monitor.watch import watch
from scrapers.storage.connection import connect, dict_rows


def look() -> list[str]:
    """Look for alarms of all outlets, send metrics, and return a line for each alarm that stands."""
    with connect() as connection:
        alarms = watch(connection)
        for name, value in metrics(connection, alarms).items():
            Stats.gauge(f"warta.{name}", value)
    return [alarm.line() for alarm in alarms]


def metrics(connection: psycopg.Connection, alarms: Iterable[Alarm]) -> dict[str, float]:
    """Return what is sent to StatsD or OpenTelemetry, where Airflow's [metrics] names one; docs/how-to/operate.md."""
    by_rule = Counter(alarm.rule for alarm in alarms)
    [measured] = dict_rows(connection, "metrics")
    crawls = {f"crawls.{outcome}": number for outcome, number in measured.pop("crawls").items()}
    return {"alarms": by_rule.total(), **{f"alarms.{rule}": by_rule[rule] for rule in RULES}, **crawls, **measured}


def tell_all() -> dict[str, int]:
    """Tell the alarms that were not told, then say to WARTA_WATCH_PING that all of this works; raises NoticeError."""
    with connect() as connection:
        told = tell(connection)
    ping()
    return told
