"""`warta doctor`: what is wrong with this installation, and what to do about it."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from scrapers import config
from scrapers.errors import WartaError
from scrapers.local import airflow
from scrapers.local.ports import is_free
from scrapers.local.processes import Processes
from scrapers.monitor.alarms import standing_alarms
from scrapers.monitor.arrivals import full_disks, overdue_crawls
from scrapers.monitor.rules import RULES
from scrapers.monitor.watch import last_watch
from scrapers.storage.connection import open_connection, query
from scrapers.storage.migrate import require_migrations, standing_since
from scrapers.storage.object_store import object_store
from scrapers.terminal import print_table, say

OK, WARNING, FAULT, SKIPPED = "ok", "warning", "fault", "skipped"
PYTHONS = ((3, 11), (3, 13))  # the oldest and the newest that Warta runs on
CLOCK_S = 5.0  # that this machine's clock and Postgres' may differ
WATCH_AGE = timedelta(minutes=45)  # three of its intervals
UNTOLD = timedelta(hours=1)  # after which an alarm should have been told
HEARTBEAT = timedelta(seconds=60)
NEEDED_DAGS = {"dedup", "tell_watches", "upkeep", "watch"}  # that nobody would miss until it is late
PRIVATE = ("postgres/pgpass", "airflow/airflow.cfg", "airflow/keys.json", "airflow/passwords.json", "connections.json")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: `state` is ok, warning, fault or skipped; `advice` says what to do, if anything."""

    name: str
    state: str
    found: str
    advice: str = ""


def examine() -> list[Check]:
    """Return what was found, each thing looked at as one or more checks; a check that fails hinders no other."""
    return [check for look in LOOKS for check in _safely(look)]


def is_well(checks: Sequence[Check]) -> bool:
    """Return whether nothing is at fault; warnings are none."""
    return all(check.state != FAULT for check in checks)


def as_json(checks: Sequence[Check]) -> dict[str, Any]:
    """Return the checks as `warta doctor --json` prints them."""
    return {"well": is_well(checks), "checks": [asdict(check) for check in checks]}


def print_checks(checks: Sequence[Check]) -> None:
    """Print a line a check, then what to do about each that is not in order."""
    print_table(("", "check", "found"), [(check.state, check.name, check.found) for check in checks])
    for check in checks:
        if check.advice:
            say(f"{check.name}: {check.advice}")


def _safely(look: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    name = look.__name__.strip("_").replace("_", " ")
    try:
        yield from look()
    except (WartaError, psycopg.Error, OSError) as error:
        yield Check(name, FAULT, " ".join(str(error).split())[:300], "see what it says; `warta status` shows what runs")


def _python() -> Iterator[Check]:
    oldest, newest = PYTHONS
    version, found = sys.version_info[:2], sys.version.split()[0]
    if oldest <= version <= newest:
        yield Check("python", OK, found)
    else:
        yield Check("python", FAULT, found, "make .venv with Python 3.11, 3.12 or 3.13: PYTHON=/path/to/python make")


def _postgres() -> Iterator[Check]:
    with open_connection() as connection:
        yield Check("postgres", OK, f"{connection.info.host}:{connection.info.port}/{connection.info.dbname}")
        yield _schema(connection)
        yield _roles(connection)
        yield _clock(connection)
        yield from _watched(connection)
        yield from _crawls(connection)


def _schema(connection: psycopg.Connection) -> Check:
    try:
        require_migrations(connection)
    except WartaError as error:
        return Check("schema", FAULT, str(error), "run `warta migrate`")
    return Check("schema", OK, "up to date")


def _roles(connection: psycopg.Connection) -> Check:
    missing = [name for (name,) in connection.execute(query("missing_roles"))]
    if missing:
        advice = "have them made, as docs/how-to/deploy.md shows"
        return Check("roles", WARNING, f"{', '.join(missing)} missing", advice)
    return Check("roles", OK, "warta_reader, warta_writer")


def _clock(connection: psycopg.Connection) -> Check:
    [there] = connection.execute(query("server_clock")).fetchone() or [datetime.now(UTC)]
    seconds = abs((there - datetime.now(UTC)).total_seconds())
    found = f"{seconds:.1f} s from Postgres'"
    if seconds > CLOCK_S:
        return Check("clock", FAULT, found, "let both machines keep time (chrony, systemd-timesyncd)")
    return Check("clock", OK, found)


def _watched(connection: psycopg.Connection) -> Iterator[Check]:
    last = last_watch(connection)
    yield _alarms(connection)
    if last is None and datetime.now(UTC) - standing_since(connection) < WATCH_AGE:
        yield Check("watch", OK, "did not run yet: the Dag `watch` runs every 15 minutes")
    elif last is None:
        yield Check("watch", WARNING, "never ran", "let the Dag `watch` run, or run `warta alarms watch`")
    elif datetime.now(UTC) - last > WATCH_AGE:
        found = f"last ran {last:%Y-%m-%d %H:%M} UTC"
        yield Check("watch", FAULT, found, "nobody hears of alarms: see the scheduler below, and the Dag `watch`")
    else:
        yield Check("watch", OK, f"last ran {last:%Y-%m-%d %H:%M} UTC")


def _alarms(connection: psycopg.Connection) -> Check:
    standing, now = standing_alarms(connection), datetime.now(UTC)
    if untold := sum(alarm.is_untold(now - UNTOLD) for alarm in standing):
        found = f"{len(standing)} stand, {untold} of them were told to nobody"
        return Check("alarms", WARNING, found, "set up a channel (docs/how-to/operate.md); `warta alarms` lists them")
    if standing:
        return Check("alarms", WARNING, f"{len(standing)} stand", "see `warta alarms`")
    return Check("alarms", OK, "none stands")


def _crawls(connection: psycopg.Connection) -> Iterator[Check]:
    overdue = list(overdue_crawls(connection, datetime.now(UTC)))
    for one in overdue:
        where = one.outlet or "all outlets"
        yield Check(
            "crawls", FAULT, f"{where}: {one.summary}", "see the scheduler below, and the Dag's runs in Airflow"
        )
    if not overdue:
        yield Check("crawls", OK, "none is overdue")


def _disk() -> Iterator[Check]:
    full = list(full_disks(None, datetime.now(UTC)))
    for one in full:
        yield Check("disk", FAULT, f"{one.subject}: {one.summary}", RULES["disk_low"].advice)
    if not full:
        yield Check("disk", OK, "there is room")


def _secrets() -> Iterator[Check]:
    there = [path for name in PRIVATE if (path := config.WARTA_HOME / name).exists()]
    open_ones = [path for path in there if path.stat().st_mode & 0o077]
    for path in open_ones:
        mode = f"{path.stat().st_mode & 0o777:o}"
        yield Check("secrets", FAULT, f"{path} may be read by others ({mode})", f"chmod 600 {path}")
    if not open_ones:
        yield Check("secrets", OK, f"{len(there)} files, for their owner alone")


def _raw_pages() -> Iterator[Check]:
    store = object_store()
    if store is None:
        yield Check("raw pages", OK, "in Postgres")
        return
    next(store.older_than(timedelta(days=36500)), None)  # lists: raises where the store can't be reached
    yield Check("raw pages", OK, "the object store answers")


def _ports() -> Iterator[Check]:
    processes = Processes(config.WARTA_HOME)
    files = {"api-server": airflow.HOME / "port", "seed-site": config.SEED_SITE_PORT_FILE}
    for name, file in files.items():
        if file.exists() and not processes.find(name) and not is_free(int(file.read_text())):
            found = f"{file.read_text().strip()}, which {name} had, is taken by another program"
            yield Check("ports", WARNING, found, "`warta up` will take another one")


def _airflow() -> Iterator[Check]:
    if not (airflow.HOME / "airflow.cfg").exists():
        yield Check("airflow", SKIPPED, "not run by `warta up` on this machine")
        return
    api = airflow.Api()
    silent = api.unhealthy(datetime.now(UTC) - HEARTBEAT)
    if silent == ["api-server"]:
        yield Check("airflow", FAULT, f"{airflow.address()} does not answer", "`warta status`, then `warta up`")
        return
    for part in silent:
        log = Processes(config.WARTA_HOME).log(part.replace("_", "-"))
        yield Check(part.replace("_", " "), FAULT, "shows no sign of life", f"`warta up` starts it again; see {log}")
    if not silent:
        yield Check("airflow", OK, f"{airflow.address()}; scheduler, dag processor and triggerer live")
    yield from _dags(api)


def _dags(api: airflow.Api) -> Iterator[Check]:
    for file, error in (api.import_errors() | api.plugin_errors()).items():
        yield Check("dags", FAULT, f"{file} cannot be read: {error}", "correct it, or run `make` where a package lacks")
    paused = api.paused_dags()
    for dag_id in sorted(NEEDED_DAGS & paused):
        yield Check("dags", FAULT, f"{dag_id} is paused", "unpause it in Airflow")
    crawls = sorted(dag_id for dag_id in paused if dag_id.startswith("crawl_"))
    yield Check("dags", OK, f"{len(crawls)} crawls are paused" if crawls else "none is paused")


LOOKS: Sequence[Callable[[], Iterator[Check]]] = (
    _python,
    _disk,
    _secrets,
    _raw_pages,
    _ports,
    _postgres,
    _airflow,
)
