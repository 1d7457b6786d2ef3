"""What `warta db psql` may do, asked as users do: through the command."""

import os
import time
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from scrapers.local.postgres import Cluster
from scrapers.storage.migrate import migrate
from tests.conftest import Commands

PASSWORD = "pass word%'\"@1"
ASK = [
    "-Atc",
    "SELECT current_user, session_user",
    "-c",
    "SHOW statement_timeout",
    "-c",
    "SHOW default_transaction_read_only",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Return a state folder whose embedded Postgres runs, with Warta's tables."""
    home = tmp_path_factory.mktemp("home")
    cluster = Cluster(home / "postgres", options={"fsync": "off"})
    cluster.start()
    migrate(cluster.dsn())
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE other")
        literal = psycopg.sql.Literal(PASSWORD)
        connection.execute(psycopg.sql.SQL("CREATE ROLE dewi LOGIN PASSWORD {} IN ROLE warta_reader").format(literal))
        connection.execute(psycopg.sql.SQL("CREATE ROLE owner LOGIN PASSWORD {} IN ROLE warta_reader").format(literal))
    yield home
    cluster.stop()


@pytest.fixture
def warta(home: Path) -> Commands:
    return Commands({"WARTA_HOME": str(home), "WARTA_DSN": ""})


def dsn_of(home: Path, user: str, **parts: str) -> str:
    known = conninfo_to_dict(Cluster(home / "postgres").dsn())
    return make_conninfo(
        host="127.0.0.1", port=known["port"], user=user, password=PASSWORD, **{"dbname": "warta", **parts}
    )


def test_psql_reads_as_a_reader_for_half_a_minute(warta):
    ended = warta.warta("db", "psql", *ASK)

    assert ended.out.split() == ["warta_reader|warta_reader", "30s", "on"], ended.err
    assert warta.warta("db", "psql", "-c", "TABLE latest_articles").code == 0


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE t (i int)", "DELETE FROM pages", "DROP TABLE articles", "SET ROLE warta",
     "RESET ROLE; DELETE FROM pages",
     "SET SESSION AUTHORIZATION warta", "COPY pages TO PROGRAM 'cat'", "SELECT pg_read_file('/etc/passwd')"],
)  # fmt: skip
def test_a_reader_in_psql_changes_nothing_whatever_he_sets_before(warta, statement):
    unlocked = "SET default_transaction_read_only = off"

    ended = warta.warta("db", "psql", "-v", "ON_ERROR_STOP=1", "-c", unlocked, "-c", statement)

    assert ended.code != 0
    assert "permission denied" in ended.err or "must be" in ended.err


@pytest.mark.parametrize("option", ["--owner", "--write"])
def test_psql_as_the_owner_is_asked_for(warta, option):
    ended = warta.warta("db", "psql", option, "-Atc", "SELECT current_user", "-c", "SHOW statement_timeout")

    assert ended.out.split() == ["warta", "0"], ended.err


def test_psql_follows_warta_dsn_also_where_no_postgres_of_ours_was_ever_started(warta, home, tmp_path):
    warta.environment |= {"WARTA_DSN": dsn_of(home, "dewi", dbname="other"), "WARTA_HOME": str(tmp_path / "none")}

    ended = warta.warta("db", "psql", *ASK, "-c", "SELECT current_database()")

    assert ended.out.split() == ["dewi|dewi", "30s", "on", "other"], ended.err
    assert not (tmp_path / "none").exists()


def test_the_role_of_warta_dsn_becomes_the_reader_where_it_may(warta, home):
    warta.environment["WARTA_DSN"] = dsn_of(home, "owner", options="-c work_mem=5MB")

    ended = warta.warta("db", "psql", *ASK, "-c", "SHOW work_mem")
    owner = warta.warta("db", "psql", "--owner", *ASK)

    assert ended.out.split() == ["warta_reader|owner", "30s", "on", "5MB"], ended.err
    assert owner.out.split() == ["owner|owner", "0", "off"], owner.err


@pytest.mark.parametrize("form", ["words", "address"])
def test_no_password_stands_in_arguments_that_all_users_can_read(warta, home, form):
    port = conninfo_to_dict(Cluster(home / "postgres").dsn())["port"]
    quoted = "pass%20word%25%27%22%401"
    address = f"postgresql://dewi:{quoted}@127.0.0.1:{port}/warta?keepalives_idle=30"
    warta.environment["WARTA_DSN"] = address if form == "address" else dsn_of(home, "dewi", keepalives_idle="30")

    process = warta.start("scrapers", "db", "psql", "-Atc", "SELECT pg_sleep(60)")
    psql = psutil.Process(process.pid)
    while psql.name() != "psql" or not psql.cmdline():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    arguments = " ".join(psql.cmdline())
    process.kill()
    process.communicate()

    assert "keepalives_idle=30" in arguments
    assert "pass" not in arguments
    assert quoted not in arguments


def test_arguments_are_psqls_own_and_may_name_another_database(warta):
    named = [
        warta.warta("db", "psql", *how, "-Atc", "SELECT current_database()") for how in (["-d", "other"], ["other"])
    ]

    assert [ended.out for ended in named] == ["other\n", "other\n"], named
    assert warta.warta("db", "psql", "-Atc", "SELECT 1/0").code == 1


def test_variables_of_another_server_do_not_lead_away(warta):
    warta.environment |= {
        "PGHOSTADDR": "127.0.0.2",
        "PGPORT": "1",
        "PGSERVICE": "nonsense",
        "PGUSER": os.environ.get("USER", "x"),
    }

    assert warta.warta("db", "psql", "-Atc", "SELECT current_user").out == "warta_reader\n"


def test_a_server_that_is_not_there_is_one_line_of_ours(warta):
    warta.environment["WARTA_DSN"] = "host=127.0.0.1 port=1 dbname=x password=TOPSECRET"

    ended = warta.warta("db", "psql")

    assert ended.code == 3
    assert ended.err.startswith("warta: Postgres at 127.0.0.1:1/x cannot be reached")
    assert "TOPSECRET" not in ended.err
