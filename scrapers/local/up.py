"""Everything that Warta needs on one machine: started, stopped, and told about.

`up` starts only what does not run yet and, where it fails or is interrupted, stops what it has started.
"""

import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

import psutil
import psycopg
from filelock import FileLock, Timeout
from rich.console import Console

from scrapers import config
from scrapers.errors import StartError, Stopped
from scrapers.local import airflow
from scrapers.local.ports import free_port, is_free
from scrapers.local.postgres import binaries, embedded
from scrapers.local.processes import Processes
from scrapers.storage.files import write_private
from scrapers.terminal import print_table

SEED_SITE = "seed-site"
STOPPED = "stopped"
DAGS = {"crawl_seed", "dedup"}
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
BUSY = "busy"
RUNNING = "running"
LOCK_S = 3600  # longer than any `up` may take
SEED_SITE_S = 60
HEARTBEAT_S = 30  # Airflow's own limit for a part that it calls healthy
AIRFLOW_S = 900  # a small, busy machine; what has ended is not waited for
MIGRATION_S = 900
DAGS_S = 600
STATELESS_GRACE_S = 5.0
RUN_S = 900
TELL_S = 15.0  # between two lines of a step that is still at work, where no terminal shows it
ROTATION = "log-rotation"
SERVICES = (SEED_SITE, *airflow.COMPONENTS, ROTATION)
WARM_UP = "warm-up"
PASSING = (airflow.MIGRATION, WARM_UP)  # processes that end by themselves

processes = Processes(config.WARTA_HOME)


class Up:
    """One call of `up`: what it shows, and how to undo what it has started."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.undo = ExitStack()
        self.tell: Callable[[str], None] = lambda text: None
        self.since = datetime.now(UTC)  # heartbeats of Airflow's parts before it say nothing
        self.crawl = ""  # the run of crawl_seed, where this call has started one

    @contextmanager
    def step(self, title: str) -> Iterator[list[str]]:
        """Show that the step is at work, then how long it took and what the block has put in the list."""
        start, outcome, details = time.monotonic(), "failed", list[str]()
        told = start
        if not self.console.is_terminal:
            self.console.out(f"       {title} ...", highlight=False)
        with self.console.status(f"{title} ...", spinner="line") as live:

            def tell(text: str) -> None:
                nonlocal told
                live.update(f"{title}: {text} ...")
                if not self.console.is_terminal and time.monotonic() - told > TELL_S:
                    told = time.monotonic()
                    self.console.out(f"       {title}: {text} ({told - start:.0f} s)", highlight=False)

            self.tell = tell
            try:
                yield details
                outcome = "ok"
            except (OSError, psycopg.Error) as fault:
                raise StartError(f"{title}: {fault}; see {processes.home / 'logs'}".replace("\n", " ")) from fault
            finally:
                what = ": ".join([title, *details])
                self.console.out(
                    f"{outcome:<7}{what} ({time.monotonic() - start:.1f} s)",
                    style="red" if outcome == "failed" else None,
                    highlight=False,
                )

    def wait(self, ready: Callable[[], bool], seconds: float, *needed: str) -> bool:
        """Return whether it was ready in time; raises StartError where a process that it needs has ended."""
        deadline = time.monotonic() + seconds
        while not ready():
            for name in needed:
                if not processes.find(name):
                    log = processes.log(name)
                    raise StartError(f"{name} has ended: {airflow.last_line(log)}; see {log}")
            if time.monotonic() > deadline:
                return False
            time.sleep(0.25)
        return True

    def api(self) -> airflow.Api:
        """Return Airflow's REST API, whose calls wait for as long as the api-server lives."""
        return airflow.Api(lambda: processes.find("api-server") is not None, lambda text: self.tell(text))


def up() -> None:
    """Start what does not run, crawl the seed site if it never was, and show the articles.

    Returns with everything running. Raises WartaError, Stopped at Ctrl-C or SIGTERM, after it has stopped
    what this call has started.
    """
    console = Console()
    work = Up(console)
    with _signals_raise_stopped(), _exclusive_lock(console):
        try:
            processes.record("up", os.getpid(), Path.cwd())
            _end_what_is_not_recorded()
            for title, step in STEPS:
                with work.step(title) as details:
                    details.extend(filter(None, [step(work)]))
                if step is _crawl_seed:  # what users wait for is shown as soon as it is there
                    _show_articles()
        except BaseException:
            for number in SIGNALS:  # a second Ctrl-C would leave half of it running
                signal.signal(number, signal.SIG_IGN)
            console.out("Stopping what this call has started ...", highlight=False)
            work.undo.close()
            raise
    _report(console)


def _end_what_is_not_recorded() -> None:
    """End processes of an `up` that was killed before it had recorded them."""
    processes.stop(*(name for name in (*SERVICES, *PASSING) if not processes.find(name)))


def down() -> None:
    """Stop all that `up` has started, and nothing else; the data stays. Fine where nothing runs."""
    console = Console()
    if not config.WARTA_HOME.exists():
        console.out("Nothing was running")
        return
    stopped = ["an unfinished `up`"] if processes.interrupt("up") else []
    with _exclusive_lock(console):
        cluster = embedded()
        with console.status("Stopping ...", spinner="line"):
            stopped += _stop_airflow() + processes.stop(*PASSING, SEED_SITE, ROTATION)
            stopped += ["postgres"] if cluster.process() else []
            cluster.stop()
    console.out(f"Stopped: {', '.join(stopped)}" if stopped else "Nothing was running", highlight=False)


@dataclass(frozen=True)
class Service:
    """One service of this machine: `state` is running, stopped or busy; `since` is its start, in local time."""

    name: str
    state: str
    pid: int | None
    since: str
    address: str
    log: str

    @property
    def runs(self) -> bool:
        """Return whether it runs and answers."""
        return self.state == RUNNING


def services() -> list[Service]:
    """Return what `up` starts, running or not."""
    return [_postgres(), *(_service(name) for name in SERVICES)]


def print_services(found: Sequence[Service]) -> None:
    """Print a line a service."""
    columns = ("service", "state", "pid", "since", "address", "log")
    print_table(columns, [tuple("" if value is None else value for value in astuple(one)) for one in found])


def _postgres() -> Service:
    cluster = embedded()
    server, log = cluster.process(), _short(cluster.log)
    if not server:
        return Service("postgres", STOPPED, None, "", "", log)
    reason = cluster.silence()
    state, address = (BUSY, f"does not answer: {reason}") if reason else (RUNNING, f"127.0.0.1:{cluster.port()}")
    return Service("postgres", state, server.pid, _since(server), address, log)


def _service(name: str) -> Service:
    log = _short(processes.log(name))
    if record := processes.find(name):
        return Service(name, RUNNING, record.pid, _since(psutil.Process(record.pid)), record.address, log)
    return Service(name, STOPPED, None, "", "", log)


def _since(process: psutil.Process) -> str:
    with suppress(psutil.Error):  # it may end at any time
        return datetime.fromtimestamp(process.create_time(), UTC).astimezone().strftime("%Y-%m-%d %H:%M")
    return ""


def _start_postgres(work: Up) -> str:
    cluster = embedded()
    cluster.start(launches=lambda: work.undo.callback(cluster.stop), tell=work.tell)
    return f"port {cluster.port()}"


def _migrate(work: Up) -> str:
    """Create Warta's tables. What takes longest begins before: Airflow's tables and, which wait for them, its parts."""
    from scrapers.storage.migrate import migrate

    _begin_airflow(work)
    applied = migrate(config.dsn())
    if not _was_crawled():
        _start_background(work, WARM_UP, "scrapers.local.warm_up")
    return f"{len(applied)} migrations applied" if applied else ""


def _begin_airflow(work: Up) -> None:
    """Configure Airflow and start what of it does not run; what runs with another configuration is stopped first."""
    if airflow.configure(embedded(), keep_port=processes.find("api-server") is not None):
        _stop_airflow()
    if not airflow.is_migrated(embedded()):
        _start_background(work, airflow.MIGRATION, "scrapers.local.airflow_tables")
    missing = [name for name in airflow.COMPONENTS if not processes.find(name)]
    # a heartbeat of those that ended says nothing of those that start
    work.since = datetime.now(UTC) - (timedelta(0) if missing else timedelta(seconds=HEARTBEAT_S))
    work.undo.callback(_stop_airflow, missing)
    for name in missing:
        address = airflow.address() if name == "api-server" else ""
        _start_module(name, "scrapers.local.component", name, address=address)


def _start_background(work: Up, name: str, module: str) -> None:
    work.undo.callback(processes.stop, name)
    _start_module(name, module)


def _start_module(name: str, module: str, *arguments: str, address: str = "") -> None:
    command = [sys.executable, "-m", module, *arguments]
    processes.start(name, command, env=airflow.environment(), cwd=config.ROOT, address=address)


def _migrate_airflow(work: Up) -> str:
    if airflow.is_migrated(embedded()):
        return ""
    if not work.wait(lambda: not processes.find(airflow.MIGRATION), MIGRATION_S):
        raise StartError(f"Airflow's tables were not made in {MIGRATION_S} s; see {processes.log(airflow.MIGRATION)}")
    if not airflow.is_migrated(embedded()):
        log = processes.log(airflow.MIGRATION)
        raise StartError(f"Airflow's database: `airflow db migrate` failed: {airflow.last_line(log)}; see {log}")
    return "migrated"


def _start_seed_site(work: Up) -> str:
    if not processes.find(ROTATION):
        _start_background(work, ROTATION, "scrapers.local.log_rotation")
    if record := processes.find(SEED_SITE):
        return record.address
    port = free_port(config.SEED_SITE_PORT_FILE, config.SEED_SITE_PORT)
    write_private(config.SEED_SITE_PORT_FILE, str(port))
    work.undo.callback(processes.stop, SEED_SITE)
    address = f"http://www.inews.localhost:{port}"
    _start_module(SEED_SITE, "scrapers.local.seed_site", "--port", str(port), address=address)
    if not work.wait(lambda: not is_free(port), SEED_SITE_S, SEED_SITE):
        raise StartError(f"the seed site did not answer in {SEED_SITE_S} s; see {processes.log(SEED_SITE)}")
    return config.seed_site()


def _wait_for_airflow(work: Up) -> str:
    api = work.api()

    def healthy() -> bool:
        waiting = api.unhealthy(work.since)
        work.tell(f"waiting for {', '.join(waiting)}")
        return not waiting

    if not work.wait(healthy, AIRFLOW_S, *airflow.COMPONENTS):
        parts = ", ".join(api.unhealthy(work.since))
        raise StartError(f"Airflow: no sign of life from {parts} in {AIRFLOW_S} s; see {processes.home / 'logs'}")
    return airflow.address()


def _stop_airflow(names: Sequence[str] = tuple(airflow.COMPONENTS)) -> list[str]:
    """Stop the scheduler first: the tasks that end with it report to the api-server.

    The others hold nothing that they could lose, and the triggerer may take ten seconds over it.
    """
    stopped = processes.stop("scheduler") if "scheduler" in names else []
    return stopped + processes.stop(*(name for name in names if name != "scheduler"), grace_s=STATELESS_GRACE_S)


def _wait_for_dags(work: Up) -> str:
    from scrapers.spiders import outlets, pool_of  # not at the top: the seed site's port is known only now

    api = work.api()
    api.create_pools(pool_of(outlet.name) for outlet in outlets())

    def parsed() -> bool:
        if api.dag_ids() >= DAGS:
            return True
        for file, error in api.import_errors().items():
            raise StartError(f"Airflow cannot read {file}: {error}; see {airflow.HOME / 'logs' / 'dag_processor'}")
        return False

    if not work.wait(parsed, DAGS_S, *airflow.COMPONENTS):
        raise StartError(f"Airflow has not read its Dags in {DAGS_S} s; see {processes.log('dag-processor')}")
    broken = [f"{file}: {error}" for file, error in api.import_errors().items()]
    return "; ".join(broken) and f"cannot read {'; '.join(broken)}"


def _crawl_seed(work: Up) -> str:
    """Crawl the seed site; nothing to do where that was done, on the same database."""
    if _was_crawled():
        return "was crawled before"
    api = work.api()
    for dag_id in sorted(DAGS):
        api.unpause(dag_id)
    # One that an interrupted `up` has triggered goes on by itself.
    work.crawl = next(iter(api.runs("crawl_seed", *airflow.ACTIVE)), None) or api.trigger("crawl_seed")
    api.wait("crawl_seed", work.crawl, RUN_S, work.tell)
    return ""


def _show_articles() -> None:
    from scrapers.publish.articles import print_articles

    print_articles(config.dsn())


def _deduplicate(work: Up) -> str:
    """Wait for the `dedup` that the crawl has woken."""
    if not work.crawl:
        return "were looked for before"
    api = work.api()
    work.tell("waiting for dedup")
    woken = api.woken_by("dedup", work.crawl, DAGS_S)
    api.wait("dedup", woken, RUN_S, work.tell)
    return _count_duplicates()


def _count_duplicates() -> str:
    from scrapers.storage.connection import connect, query

    with connect() as connection:
        stored, unique, *_ = connection.execute(query("count_articles")).fetchone() or (0, 0)
    return f"{unique} of {stored} articles are unique"


def _was_crawled() -> bool:
    from scrapers.storage.connection import connect, query

    with connect() as connection:
        return connection.execute(query("seed_was_crawled")).fetchone() == (True,)


STEPS: Sequence[tuple[str, Callable[[Up], str]]] = (
    ("Postgres", _start_postgres),
    ("Warta's tables", _migrate),
    ("Seed site", _start_seed_site),
    ("Airflow's tables", _migrate_airflow),
    ("Airflow", _wait_for_airflow),
    ("Dags", _wait_for_dags),
    ("Seed crawl", _crawl_seed),
    ("Duplicates", _deduplicate),
)


def _report(console: Console) -> None:
    warta = shlex.quote(_short(Path(sys.executable).with_name("warta")))
    lines = ["", f"Query it:  {warta} db psql -c 'TABLE latest_articles'"]
    if config.is_embedded():  # a DSN given in WARTA_DSN may hold a password
        lines.append(f"Postgres:  {shlex.join([str(binaries() / 'psql'), embedded().reader_dsn()])}")
    lines.append(f"Airflow:   {airflow.address()}   user {airflow.USER}   password {airflow.password()}")
    lines.append(f"Read it:   {airflow.address()}/plugin/warta")
    lines.append(f"It all runs on in the background: `{warta} status` shows it, `make down` stops it.")
    console.out("\n".join(lines), highlight=False)


def _short(path: Path) -> str:
    """Return the path as seen from here."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


@contextmanager
def _exclusive_lock(console: Console) -> Iterator[None]:
    """Let one `up` or `down` at a time work on this state folder; the next one waits."""
    lock = FileLock(config.WARTA_HOME / "up.lock")
    try:
        config.WARTA_HOME.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            console.out("Waiting for another `warta up` or `warta down` ...", highlight=False)
            lock.acquire(timeout=LOCK_S)
    except Timeout:
        raise StartError(f"another `warta up` or `warta down` has held {lock.lock_file} for {LOCK_S} s") from None
    except OSError as fault:
        raise StartError(f"cannot use {config.WARTA_HOME}: {fault}; whose is it?") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _signals_raise_stopped() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped(f"stopped by {signal.Signals(number).name}; `make up` starts again")

    # what nohup or a shell's `&` has told us to ignore stays ignored
    heeded = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
