"""What a crawl makes of a database that fails under it, through a proxy that cuts, stalls and goes silent."""

import asyncio
import subprocess
import time
from contextlib import suppress
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from scrapers.items import CrawlScope, Link
from scrapers.local.postgres import Cluster
from scrapers.storage import articles, ledger, runs
from scrapers.storage import session as session_module
from scrapers.storage.connection import AWAY, connect, explain
from scrapers.storage.migrate import migrate
from scrapers.storage.runs import begin_run
from scrapers.storage.session import Session
from tests.conftest import ledger_faults, running
from tests.factories import URL, article, result
from tests.fault_server import article_path
from tests.tcp_proxy import TcpProxy

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False")


@pytest.fixture
def proxy(dsn):
    with TcpProxy(int(conninfo_to_dict(dsn)["port"])) as proxy:
        yield proxy


@pytest.fixture
def through_proxy(dsn, proxy, monkeypatch):
    """Return the DSN that leads through the proxy; it is Warta's own too."""
    through = make_conninfo(dsn, port=str(proxy.port))
    monkeypatch.setenv("WARTA_DSN", through)
    monkeypatch.setattr(session_module, "CALL_S", 2.0)
    return through


async def begun():
    session = Session(uuid4(), "seed")
    await session.begin(requested_by="test", arguments={})
    return session


def commits(data):
    return b"COMMIT" in data


def counts(database):
    tables = ("pages", "run_pages", "fetches", "snapshots", "articles", "revisions")
    return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


FAULTS = {
    "cut before COMMIT": lambda proxy: setattr(proxy, "cut_before", commits),
    "COMMIT's answer lost": lambda proxy: setattr(proxy, "cut_after", commits),
    "cut at the first byte": lambda proxy: setattr(proxy, "cut_before", bool),
}


@pytest.fixture(params=FAULTS.values(), ids=FAULTS)
def fault(request, through_proxy, proxy):
    return lambda: request.param(proxy)


def in_order(steps):
    return asyncio.run(steps())


def test_call_whose_connection_is_cut_is_made_again_and_adds_nothing_twice(fault, proxy, database):
    async def steps():
        session = await begun()
        fault()
        await session.call(ledger.discover, session.run_id, session.outlet, [Link(url=URL), Link(url=f"{URL}/2")])
        fault()
        leased = await session.call(ledger.lease, session.run_id, session.outlet, 1, CrawlScope(urls=[URL]))
        if not leased:  # the pages are ours, and the answer that said so was lost
            assert await session.call(runs.reclaim_expired_leases, session.run_id, session.outlet) == 1
            leased = await session.call(ledger.lease, session.run_id, session.outlet, 1, CrawlScope(urls=[URL]))
        fault()
        states = await session.call(
            articles.store, session.run_id, [result(leased[0], article=article())], session.outlet
        )
        fault()
        await session.finish("succeeded", None)
        return states

    states = in_order(steps)

    assert list(states.values()) == ["stored"]
    assert counts(database) == {
        "pages": 2, "run_pages": 2, "fetches": 1, "snapshots": 1, "articles": 1, "revisions": 1
    }  # fmt: skip
    assert proxy.cuts == 4
    assert database.execute("SELECT outcome FROM runs").fetchall() == [("succeeded",)]


@pytest.mark.parametrize("silence", ["stall", "go_silent"])
def test_connection_that_goes_silent_is_replaced_and_its_old_session_ended(through_proxy, proxy, database, silence):
    async def steps():
        session = await begun()
        getattr(proxy, silence)()
        if silence == "stall":
            asyncio.get_running_loop().call_later(4, proxy.go_on)
        await session.call(ledger.discover, session.run_id, session.outlet, [Link(url=URL)])
        await session.finish("succeeded", None)

    before = time.monotonic()
    in_order(steps)

    assert time.monotonic() - before < 20
    assert proxy.connections >= 2
    assert counts(database)["pages"] == 1


def test_connection_lost_as_it_takes_over_the_run_does_not_keep_the_run_from_the_next(through_proxy, proxy, database):
    def silent_once_it_has_the_lock(data):
        if b"pg_advisory_lock" in data:
            proxy.cut_before = None
            proxy._flows.clear()  # the server's answer is kept back
            proxy._loop.call_later(0.5, lambda: (proxy.go_silent(), proxy.go_on()))
        return False

    async def steps():
        session = await begun()
        proxy.cut_before = silent_once_it_has_the_lock
        proxy.go_silent()
        await session.call(ledger.discover, session.run_id, session.outlet, [Link(url=URL)])
        await session.finish("succeeded", None)

    before = time.monotonic()
    in_order(steps)

    assert proxy.cut_before is None
    assert proxy.connections == 3
    assert time.monotonic() - before < 10
    assert database.execute("SELECT outcome FROM runs").fetchall() == [("succeeded",)]


def test_run_that_was_taken_for_dead_runs_again_and_loses_only_its_leases(through_proxy, proxy, database, dsn):
    async def steps():
        session = await begun()
        await session.call(ledger.discover, session.run_id, session.outlet, [Link(url=URL)])
        [page] = await session.call(ledger.lease, session.run_id, session.outlet, 1, CrawlScope())
        database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        time.sleep(0.2)
        with connect(dsn) as other:
            begin_run(other, uuid4(), outlet="seed")
            assert database.execute("SELECT state FROM pages").fetchall() == [("discovered",)]
        states = await session.call(articles.store, session.run_id, [result(page, article=article())], session.outlet)
        outcome = database.execute("SELECT outcome FROM runs WHERE run_id = %s", [session.run_id]).fetchone()
        await session.finish("succeeded", None)
        return states, outcome

    states, outcome = in_order(steps)

    assert list(states.values()) == ["lost"]
    assert outcome == ("running",)


def test_deadlock_and_serialization_failure_are_tried_again(through_proxy, database):
    failures = [psycopg.errors.DeadlockDetected("deadlock"), psycopg.errors.SerializationFailure("serialize")]

    def fails_twice(connection):
        if failures:
            raise failures.pop()
        return "done"

    async def steps():
        session = await begun()
        try:
            return await session.call(fails_twice)
        finally:
            await session.finish("succeeded", None)

    assert in_order(steps) == "done"


def test_server_that_takes_no_writes_for_a_while_counts_as_away(through_proxy, database):
    """As after a failover that lands on a standby: sessions are ended, and new ones may only read."""
    name = database.info.dbname
    read_only = psycopg.sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(
        psycopg.sql.Identifier(name)
    )
    end_others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"

    async def steps():
        session = await begun()
        await session.call(ledger.discover, session.run_id, session.outlet, [Link(url=URL)])
        database.execute(read_only)
        database.execute(end_others, [name])
        asyncio.get_running_loop().call_later(
            3, database.execute, read_only.as_string().replace("= on", "= off").encode()
        )
        [page] = await session.call(ledger.lease, session.run_id, session.outlet, 1, CrawlScope())
        states = await session.call(articles.store, session.run_id, [result(page, article=article())], session.outlet)
        await session.finish("succeeded", None)
        return states

    before = time.monotonic()
    states = in_order(steps)

    assert list(states.values()) == ["stored"]
    assert time.monotonic() - before > 2.5
    assert database.execute("SELECT outcome FROM runs").fetchall() == [("succeeded",)]


@pytest.mark.parametrize(
    "error",
    [
        "ReadOnlySqlTransaction", "AdminShutdown", "CrashShutdown", "CannotConnectNow", "DatabaseDropped",
        "IdleSessionTimeout", "TooManyConnections", "ConnectionFailure", "IdleInTransactionSessionTimeout",
        "DeadlockDetected", "SerializationFailure", "DiskFull", "OutOfMemory", "IoError",
        "ObjectNotInPrerequisiteState", "InFailedSqlTransaction",
    ],
)  # fmt: skip
def test_passing_states_of_a_server_are_all_known_as_such(error):
    assert issubclass(getattr(psycopg.errors, error), AWAY)


@pytest.mark.parametrize(
    "error", ["UniqueViolation", "UndefinedTable", "InsufficientPrivilege", "InvalidTextRepresentation"]
)
def test_what_another_try_would_meet_again_is_no_passing_state(error):
    assert not issubclass(getattr(psycopg.errors, error), AWAY)


def test_connection_that_is_left_in_the_middle_of_a_command_is_replaced(through_proxy, proxy, database):
    left = []

    def leaves_a_command_once(connection):
        if not left:
            left.append(connection)
            connection.pgconn.send_query(b"SELECT pg_sleep(9)")
            raise psycopg.OperationalError("flushing failed: could not send data to server: Broken pipe")
        return connection.execute("SELECT 'done'").fetchone()

    async def steps():
        session = await begun()
        told = await session.call(leaves_a_command_once)
        return told, (await session.finish("succeeded", None)).outcome

    assert in_order(steps) == (("done",), "succeeded")
    assert left[0].closed
    assert proxy.connections == 2


def test_full_disk_is_said_with_what_to_do():
    said = explain(psycopg.errors.DiskFull('could not extend file "base/5/1": No space left on device'))

    assert "disk of Postgres is full" in said
    assert "free some space" in said


@pytest.fixture
def own_cluster(tmp_path):
    """Return a Postgres that a test may kill, with Warta's schema; its ledger is proved sound at the end."""
    with running(Cluster(tmp_path / "postgres", options={"fsync": "off"})) as cluster:
        migrate(cluster.dsn())
        yield cluster
        cluster.start()
        assert ledger_faults(cluster.dsn()) == []


def wait_for_articles(faults, pages, process):
    while len([path for path in faults.paths() if path in faults.articles]) < pages and process.poll() is None:
        time.sleep(0.005)


@pytest.mark.slow
def test_no_request_leaves_while_the_database_is_away(commands, faults, own_cluster):
    commands.environment["WARTA_DSN"] = own_cluster.dsn()
    faults.answers.update(dict.fromkeys(faults.articles, "/fault/article"))
    slowly = ("-s", "DOWNLOAD_DELAY=0.3", "-s", "AUTOTHROTTLE_ENABLED=False")
    process = commands.start("scrapy", "crawl", "news", "-a", f"url={faults.address}", *slowly)
    wait_for_articles(faults, 3, process)

    own_cluster.stop()
    gone = time.monotonic()
    time.sleep(3)
    back = time.monotonic()
    own_cluster.start()
    _, err = process.communicate(timeout=90)

    assert process.returncode == 0, err
    assert [seen.target for seen in faults.requests if gone < seen.at < back] == []
    asked = [path for path in faults.paths() if path in faults.articles]
    assert sorted(asked) == sorted(faults.articles)


@pytest.mark.slow
def test_transaction_never_spans_a_download(crawl_faults, faults, database, balance):
    database.execute(f'ALTER DATABASE "{database.info.dbname}" SET idle_in_transaction_session_timeout = 300')
    faults.answers.update(dict.fromkeys(faults.articles[:4], "/fault/slow?s=1"))

    result = crawl_faults()

    assert result.code == 0, result.err
    assert balance() == {"stored": len(faults.articles)}
    assert "terminating connection" not in result.err


def test_page_is_fetched_by_hand_without_any_database(commands, site):
    commands.environment["WARTA_DSN"] = "host=127.0.0.1 port=9 dbname=none"

    result = commands.run("scrapy", "fetch", "--nolog", "--spider", "seed", f"{site.address}/feed")

    assert result.code == 0, result.err
    assert "<rss" in result.out


@pytest.fixture
def small_disk(tmp_path):
    """Return a folder on a disk of its own, of 160 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if mount.returncode:
        pytest.skip(f"a disk of its own takes a mount: {mount.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.proof
def test_full_disk_ends_the_crawl_and_the_next_one_goes_on_once_there_is_space(commands, faults, small_disk):
    faults.articles[:] = [article_path(number) for number in range(1, 121)]
    ballast = small_disk / "ballast"
    crawl = ("scrapy", "crawl", "news", "-a", f"url={faults.address}", *FAST)
    with running(Cluster(small_disk / "postgres")) as cluster:
        migrate(cluster.dsn())
        commands.environment["WARTA_DSN"] = cluster.dsn()
        process = commands.start(*crawl, "-s", "DOWNLOAD_DELAY=0.05")
        wait_for_articles(faults, 20, process)
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)
        err = process.communicate(timeout=180)[1]
        assert (process.returncode, "disk of Postgres is full" in err) == (3, True), err
        asked = len(faults.paths())

        ballast.unlink()
        cluster.start()
        again = commands.run(*crawl)

        assert again.code == 0, again.err
        assert ledger_faults(cluster.dsn()) == []
        with connect(cluster.dsn()) as connection:
            assert connection.execute("SELECT count(*), count(DISTINCT url) FROM articles").fetchone() == (120, 120)
        assert asked < 120
