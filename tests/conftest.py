"""What the tests share: a real Postgres, the seed site on a real HTTP server, and crawls as their own processes."""

import gc
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from filelock import FileLock
from psycopg import sql

from scrapers.config import ROOT
from scrapers.items import Article
from scrapers.local.postgres import Cluster
from scrapers.local.seed_site import SeedSite
from scrapers.parent import dying_with_us
from scrapers.storage.articles import store
from scrapers.storage.connection import connect
from scrapers.storage.migrate import migrate
from tests.databases import Databases
from tests.factories import leased, result
from tests.fault_server import FaultServer
from tests.fork_server import ForkedProcess, can_fork, fork_server

# Importing airflow.sdk makes a folder for logs: not in the user's home.
AIRFLOW_HOME = tempfile.TemporaryDirectory(prefix="airflow-")
os.environ["AIRFLOW_HOME"] = AIRFLOW_HOME.name
NUMBERS = count()
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False")
LEDGER_FAULTS = "SELECT fault, detail FROM ledger_faults"
Process = ForkedProcess | subprocess.Popen[str]


def pytest_configure() -> None:
    """Look for no garbage among the tests that are found: it all stays, and to look takes seconds of each worker."""
    gc.disable()


def pytest_runtestloop() -> None:
    """Look for garbage from now on, rarely, and never among what was there before."""
    gc.freeze()
    gc.set_threshold(50_000)
    gc.enable()


STOP_AFTER_US = """
import sys
from pathlib import Path
sys.stdin.read()
from scrapers.local.postgres import Cluster
Cluster(Path(sys.argv[1])).stop()
"""


def check_passwords_quickly(cluster: Cluster) -> None:
    """Have a password hashed once and not 4,096 times: thousands of connections are half of what they cost."""
    password = (cluster.home / "pgpass").read_text().strip().rpartition(":")[2]
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute("SET scram_iterations = 1")
        connection.execute(sql.SQL("ALTER ROLE CURRENT_USER PASSWORD {}").format(sql.Literal(password)))


@contextmanager
def running(cluster: Cluster) -> Iterator[Cluster]:
    """Start the cluster and stop it; where these tests are killed, a process that hears of it does."""
    guard = subprocess.Popen(
        [sys.executable, "-c", STOP_AFTER_US, cluster.home], cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        cluster.start()
        check_passwords_quickly(cluster)
        yield cluster
    finally:
        cluster.stop()
        guard.terminate()
        guard.communicate()


THROWN_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",  # its statistics change plans, at a time of its own
}


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], None]:
    """Return a function that gives a folder what a Postgres has that was started once and stopped.

    It has a migrated database `migrated`, and no port yet. All workers copy what the first has made.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    made, is_done = Cluster(folder / "first_start", options={"fsync": "off"}), folder / "first_start_is_done"
    with FileLock(folder / "first_start.lock"):
        if not is_done.exists():
            with running(made):
                made.create_database("migrated")
                migrate(made.dsn("migrated"))
            is_done.touch()

    def copy(home: Path) -> None:
        shutil.copytree(made.data, home / "data")
        shutil.copy(made.home / "pgpass", home)

    return copy


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory, first_start: Callable[[Path], None]) -> Iterator[Cluster]:
    """Return a Postgres of this test session alone, with an empty, migrated database `migrated`."""
    cluster = Cluster(tmp_path_factory.mktemp("postgres"), options=THROWN_AWAY)
    first_start(cluster.home)
    with running(cluster):
        yield cluster


@pytest.fixture(scope="session")
def databases(cluster: Cluster) -> Databases:
    """Return the databases of the cluster that tests have one after the other."""
    return Databases(cluster)


@pytest.fixture
def dsn(cluster: Cluster, databases: Databases) -> Iterator[str]:
    """Return the DSN of an empty database with Warta's schema; whatever the test did, its ledger is proved sound."""
    name = databases.lend()
    yield cluster.dsn(name)
    assert databases.connection(name).execute(LEDGER_FAULTS).fetchall() == []
    databases.take_back(name)


def ledger_faults(dsn: str) -> list[tuple[Any, ...]]:
    """Return what breaks the conservation law, and what runs that have ended left leased."""
    with connect(dsn) as connection:
        return connection.execute(LEDGER_FAULTS).fetchall()


@pytest.fixture
def database(dsn: str) -> Iterator[psycopg.Connection]:
    """Return a connection to a fresh database with Warta's schema."""
    with connect(dsn) as connection:
        yield connection


@pytest.fixture
def site() -> Iterator[SeedSite]:
    """Return the seed site, served on a free port; nothing is scraped from it yet."""
    with SeedSite() as site:
        yield site


@dataclass
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def last_line(self) -> str:
        """Return the last line on standard error: what the user is told."""
        return self.err.strip().split("\n")[-1]


@dataclass
class Commands:
    """Runs Warta's commands as a user does, in a process of each from the root of the checkout.

    The process is forked, unless `forks` is False or the environment has what an interpreter reads when it starts.
    """

    environment: dict[str, str] = field(default_factory=dict)
    forks: bool = True

    def start(self, *arguments: str) -> Process:
        """Start `python -m …` and return the process."""
        return self._start("-m", *arguments)

    def start_script(self, script: str) -> Process:
        """Start `python -c …` and return the process."""
        return self._start("-c", script)

    def _start(self, *arguments: str) -> Process:
        environment = {**os.environ, **self.environment}
        if self.forks and can_fork(environment):
            return fork_server().start(*arguments, environment=environment)
        return subprocess.Popen(
            dying_with_us([sys.executable, *arguments]),  # also where the tests themselves are killed
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, stdin: str = "") -> Result:
        """Run `python -m …` to its end."""
        process = self.start(*arguments)
        out, err = process.communicate(stdin, timeout=120)
        return Result(process.returncode, out, err)

    def warta(self, *arguments: str, stdin: str = "") -> Result:
        """Run `warta …` to its end."""
        return self.run("scrapers", *arguments, stdin=stdin)

    def crawl(self, *arguments: str) -> Result:
        """Run `scrapy crawl …` to its end."""
        return self.run("scrapy", "crawl", *arguments)


@pytest.fixture
def commands(tmp_path: Path, dsn: str, site: SeedSite) -> Commands:
    """Return Warta's commands, with a fresh database and the seed site."""
    return Commands({"WARTA_HOME": str(tmp_path / "state"), "WARTA_DSN": dsn, "WARTA_SEED_SITE": site.address})


@pytest.fixture(scope="session")
def crawled_template(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the name of a database after two crawls of the seed site, the second of which found it unchanged."""
    cluster.create_database("crawled", template="migrated")
    home = str(tmp_path_factory.mktemp("crawled"))
    with SeedSite() as site:
        environment = {"WARTA_HOME": home, "WARTA_DSN": cluster.dsn("crawled"), "WARTA_SEED_SITE": site.address}
        for arguments in ([], ["-a", "full=true"]):
            crawl = Commands(environment).crawl("seed", *arguments)
            assert crawl.code == 0, crawl.err
    return "crawled"


@pytest.fixture
def crawled(commands: Commands, dsn: str, databases: Databases, crawled_template: str) -> Iterator[psycopg.Connection]:
    """Return a connection to a database with the same rows, which the commands work on, too."""
    with connect(dsn) as connection:
        databases.fill(connection.info.dbname, crawled_template)
        yield connection


@pytest.fixture
def faults() -> Iterator[FaultServer]:
    """Return a small outlet whose addresses say what goes wrong, and that remembers when each request came."""
    with FaultServer() as server:
        yield server


@pytest.fixture
def crawl_faults(commands: Commands, faults: FaultServer) -> Callable[..., Result]:
    """Return a function that crawls the fault server as any site, without a pause between requests.

    It takes targets (`/fault/429?after=5`), none for the whole outlet, and further arguments of `scrapy crawl`.
    """

    def crawl(*arguments: str) -> Result:
        targets = [faults.url(argument) for argument in arguments if argument.startswith("/")]
        further = [argument for argument in arguments if not argument.startswith("/")]
        pages = ["-a", f"urls={' '.join(targets)}"] if targets else []
        return commands.crawl("news", "-a", f"url={faults.address}", *FAST, *pages, *further)

    return crawl


@pytest.fixture(scope="session")
def as_json() -> Callable[[Article], dict[str, Any]]:
    """Turn an article into what a JSON file holds: lists for tuples, ISO 8601 for instants."""
    return lambda article: json.loads(json.dumps(asdict(article), default=datetime.isoformat))


@pytest.fixture
def balance(database: psycopg.Connection) -> Callable[[], dict[str, int]]:
    """Return the ledger's counts by state."""

    def states() -> dict[str, int]:
        return dict(database.execute("SELECT state, count(*) FROM pages GROUP BY state").fetchall())

    return states


@pytest.fixture
def run_id(database: psycopg.Connection) -> str:
    """Return the id of a run of the outlet `seed` that is under way."""
    from scrapers.storage.runs import begin_run

    run_id = uuid4()
    begin_run(database, run_id, outlet="seed")
    return run_id


@pytest.fixture
def stored(database: psycopg.Connection, run_id: UUID) -> Callable[..., list[int]]:
    """Return a function that stores articles, each on a page of its own, and returns their ids."""

    def keep(*articles: Article) -> list[int]:
        for item in articles:
            [page] = leased(database, run_id, item.canonical_url)
            store(database, run_id, [result(page, article=replace(item, url=item.canonical_url))])
        rows = dict(database.execute("SELECT canonical_url, article_id FROM articles").fetchall())
        return [rows[item.canonical_url] for item in articles]

    return keep
