import psycopg
import pytest

from scrapers.storage.connection import connect
from tests.roles import as_role


@pytest.fixture
def reader(dsn):
    with connect(as_role(dsn, "reader")) as connection:
        yield connection


@pytest.fixture
def writer(dsn):
    with connect(as_role(dsn, "writer")) as connection:
        yield connection


def test_reader_reads_every_table_and_view(reader, database):
    names = database.execute(
        "SELECT c.relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')"
    ).fetchall()

    for (name,) in names:
        reader.execute(f'TABLE "{name}" LIMIT 1')  # raises where it may not

    assert {("articles",), ("pages",), ("latest_articles",)} <= set(names)


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM pages", "UPDATE articles SET headline = ''", "INSERT INTO hosts (host) VALUES ('x')",
     "DROP TABLE runs",
     "CREATE TABLE x (y int)", "TRUNCATE snapshots", "SELECT nextval('lease_tokens')"],
)  # fmt: skip
def test_reader_writes_nothing(reader, statement):
    reader.execute("SET default_transaction_read_only = off")  # which is only there to say so more plainly

    with pytest.raises(psycopg.errors.InsufficientPrivilege) as refused:
        reader.execute(statement)

    assert refused.value.sqlstate == "42501"


def test_readers_query_ends_after_half_a_minute(reader, dsn):
    assert reader.execute("SHOW statement_timeout").fetchone() == ("30s",)

    with connect(as_role(dsn, "reader")) as hasty:
        hasty.execute("SET statement_timeout = '50ms'")
        with pytest.raises(psycopg.errors.QueryCanceled):
            hasty.execute("SELECT pg_sleep(5)")


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM pages", "DELETE FROM articles", "DROP TABLE runs", "TRUNCATE snapshots", "CREATE TABLE x (y int)",
     "INSERT INTO migrations (name, sha256) VALUES ('x', '')", "SELECT grant_to_roles()"],
)  # fmt: skip
def test_writer_destroys_nothing(writer, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        writer.execute(statement)


def test_writer_can_crawl_and_deduplicate(commands, dsn, site, database, balance):
    commands.environment["WARTA_DSN"] = as_role(dsn, "writer")

    crawled, deduplicated = commands.crawl("seed"), commands.warta("dedup")

    assert (crawled.code, deduplicated.code) == (0, 0), crawled.err + deduplicated.err
    assert balance()["stored"] == len(site.articles())


def test_writer_can_ingest_search_and_export(commands, dsn, tmp_path):
    commands.environment["WARTA_DSN"] = as_role(dsn, "writer")

    done = [
        commands.warta("ingest", "seeds/000_650c3db9ef69406e.txt"),
        commands.warta("search", "a*"),
        commands.warta("export", str(tmp_path / "export"), "--format", "jsonl"),
    ]

    assert [one.code for one in done] == [0, 0, 0], "".join(one.err for one in done)


def test_writer_can_neither_take_down_nor_restore(commands, dsn, tmp_path, database):
    backup = str(tmp_path / "backup")
    assert commands.warta("db", "backup", backup).code == 0
    commands.environment["WARTA_DSN"] = as_role(dsn, "writer")

    taken_down = commands.warta("takedown", "https://x.example/a", "--reason", "x")
    restored = commands.warta("db", "restore", backup)

    assert (taken_down.code, restored.code) == (3, 3)
    assert "role may not do this" in taken_down.last_line
    assert "role may not do this" in restored.last_line
    assert database.execute("SELECT count(*) FROM takedowns").fetchone() == (0,)
