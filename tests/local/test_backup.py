"""`warta db backup`, `verify` and `restore`, asked as users do; also while a crawl runs and after a takedown."""

import json
import stat
from pathlib import Path

import pytest

from scrapers.items import CrawlScope
from scrapers.local.backup import count_rows
from scrapers.local.postgres import Cluster
from scrapers.storage.connection import connect
from scrapers.storage.ledger import lease
from tests.conftest import NUMBERS, Commands, ledger_faults
from tests.fault_server import Answer
from tests.maintenance.test_takedowns import SECRET, places_of, with_secret

TARGET = "/berita/nomor-1-warga-desa-membangun-jembatan"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "warta.dump"


@pytest.fixture
def empty(cluster: Cluster) -> str:
    """Return the DSN of a database without tables."""
    name = f"empty_{next(NUMBERS)}"
    cluster.create_database(name)
    return cluster.dsn(name)


@pytest.fixture
def elsewhere(commands: Commands, empty: str) -> Commands:
    """Return the commands on the empty database."""
    return Commands({**commands.environment, "WARTA_DSN": empty})


def rows_of(dsn):
    with connect(dsn) as connection:
        return count_rows(connection)


def test_restored_database_is_the_one_that_was_backed_up_and_its_roles_have_their_rights(
    crawled, commands, elsewhere, file, empty
):
    written = commands.warta("db", "backup", str(file))
    restored = elsewhere.warta("db", "restore", str(file))

    assert (written.code, restored.code) == (0, 0), written.err + restored.err
    assert written.out.startswith(f"written: {file} (")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert rows_of(empty) == count_rows(crawled) == json.loads(Path(f"{file}.json").read_text())["rows"]
    assert ledger_faults(empty) == []
    assert "nothing was taken down again" in restored.out
    with connect(empty) as connection:
        connection.execute("SET ROLE warta_reader")
        connection.execute("TABLE latest_articles LIMIT 1")
        connection.execute("SET ROLE warta_writer")
        connection.execute("UPDATE pages SET attempts = attempts")
    assert elsewhere.crawl("seed", "-a", "limit=1").code == 0


def test_backup_verifies_and_leaves_no_database_behind(commands, file, crawled):
    commands.warta("db", "backup", str(file))

    verified = commands.warta("db", "verify", str(file))

    assert verified.code == 0, verified.err
    assert verified.out.startswith(f"verified: {file} (")
    left = "SELECT count(*) FROM pg_database WHERE datname LIKE 'warta_verify%'"
    assert crawled.execute(left).fetchone() == (0,)


def test_backup_that_lacks_rows_does_not_verify(commands, file, crawled):
    commands.warta("db", "backup", str(file))
    counts = Path(f"{file}.json")
    told = json.loads(counts.read_text())
    counts.write_text(json.dumps(told | {"rows": told["rows"] | {"articles": 99}}))

    verified = commands.warta("db", "verify", str(file))

    assert verified.code == 9
    assert "articles had 99 rows and has 13" in verified.last_line


def test_damaged_backup_does_not_verify(commands, file, crawled):
    commands.warta("db", "backup", str(file))
    body = bytearray(file.read_bytes())
    body[len(body) // 2 :] = b""
    file.write_bytes(body)

    verified = commands.warta("db", "verify", str(file))

    assert verified.code == 3
    assert "pg_restore on " in verified.last_line


def test_crawl_goes_on_in_a_backup_that_was_made_while_it_ran(
    commands, elsewhere, file, crawl_faults, faults, empty, dsn
):
    for number in (1, 2, 3):
        faults.answers[f"/berita/nomor-{number}-warga-desa"] = Answer(with_secret(number))
    urls = " ".join(map(faults.url, faults.answers))
    crawl_faults(*faults.answers)
    with connect(dsn) as connection:
        run_id, outlet = connection.execute("SELECT run_id, outlet FROM runs").fetchone()
        connection.execute("UPDATE runs SET outcome = 'running', finished_at = NULL")
        connection.execute("SELECT pg_advisory_lock(hashtextextended(%s::text, 0))", [run_id])
        connection.execute("UPDATE pages SET next_fetch_at = now()")
        held = lease(connection, run_id, outlet, 2, CrawlScope())

        written = commands.warta("db", "backup", str(file))
        connection.execute("UPDATE pages SET state = 'stored', lease_token = NULL, lease_expires_at = NULL")
        connection.execute("UPDATE runs SET outcome = 'succeeded', finished_at = now()")

    assert len(held) == 2
    assert written.code == 0, written.err
    assert elsewhere.warta("db", "restore", str(file)).code == 0
    assert ledger_faults(empty) == []
    fast = ["-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False"]
    crawl = elsewhere.crawl("news", "-a", f"url={faults.address}", "-a", f"urls={urls}", *fast)
    assert crawl.code == 0, crawl.err
    with connect(empty) as connection:
        assert connection.execute("SELECT count(*) FROM pages WHERE state = 'leased'").fetchone() == (0,)
        assert connection.execute("SELECT outcome FROM runs WHERE run_id = %s", [run_id]).fetchone() == ("interrupted",)
    assert ledger_faults(empty) == []


@pytest.fixture
def taken_down(commands, crawl_faults, faults, file, tmp_path):
    """Return the commands after a backup and, later, a takedown."""
    faults.answers[TARGET] = Answer(with_secret(1))
    crawl_faults(TARGET)
    assert commands.warta("db", "backup", str(file)).code == 0
    assert commands.warta("takedown", faults.url(TARGET), "--reason", "putusan", "--by", "Dewan Pers").code == 0
    return commands


def test_what_was_taken_down_after_the_backup_is_taken_down_again(taken_down, elsewhere, file, empty, tmp_path):
    restored = elsewhere.warta("db", "restore", str(file))

    assert restored.code == 0, restored.err
    assert f"taken down again: 1, as noted in {tmp_path / 'state' / 'takedowns.jsonl'}" in restored.out
    with connect(empty) as connection:
        assert places_of(connection, SECRET) == []
        assert connection.execute("SELECT reason, requested_by FROM takedowns").fetchall() == [
            ("putusan", "Dewan Pers")
        ]
    assert ledger_faults(empty) == []


def test_takedowns_may_be_noted_in_another_file(taken_down, elsewhere, file, empty, tmp_path):
    notes = (tmp_path / "state" / "takedowns.jsonl").rename(tmp_path / "notes")

    restored = elsewhere.warta("db", "restore", str(file), "--takedowns", str(notes))

    assert restored.code == 0, restored.err
    with connect(empty) as connection:
        assert places_of(connection, SECRET) == []


@pytest.mark.parametrize(
    ("notes", "said"), [(None, "no file"), ('{"url": "x"}\n', "line 1 is no takedown"), ("{", "line 1 is no takedown")]
)
def test_takedowns_that_cannot_be_read_are_told_before_anything_is_restored(
    commands, elsewhere, file, empty, tmp_path, notes, said
):
    commands.warta("db", "backup", str(file))
    named = tmp_path / "notes"
    if notes:
        named.write_text(notes)

    restored = elsewhere.warta("db", "restore", str(file), "--takedowns", str(named))

    assert restored.code == 2
    assert said in restored.last_line
    assert rows_of(empty) == {}


def test_takedown_is_not_done_where_it_cannot_be_noted(commands, tmp_path, database):
    commands.environment["WARTA_TAKEDOWNS"] = str(tmp_path)

    said = commands.warta("takedown", "https://x.example/a", "--reason", "x")

    assert said.code == 2
    assert "takedowns can't be noted" in said.last_line
    assert database.execute("SELECT count(*) FROM takedowns").fetchone() == (0,)


def test_database_with_rows_is_not_restored_into(commands, file, crawled):
    commands.warta("db", "backup", str(file))
    before = count_rows(crawled)

    restored = commands.warta("db", "restore", str(file))

    assert restored.code == 2
    assert restored.err.strip().count("\n") == 0
    assert "is not empty (" in restored.last_line
    assert count_rows(crawled) == before


def test_migrated_database_without_rows_is_empty_enough(commands, file, cluster, crawled):
    commands.warta("db", "backup", str(file))
    name = f"migrated_{next(NUMBERS)}"
    cluster.create_database(name, template="migrated")
    there = Commands({**commands.environment, "WARTA_DSN": cluster.dsn(name)})

    restored = there.warta("db", "restore", str(file))

    assert restored.code == 0, restored.err
    assert rows_of(cluster.dsn(name)) == count_rows(crawled)


def test_backup_is_not_written_over_another(commands, file):
    file.write_text("mine")

    said = commands.warta("db", "backup", str(file))

    assert said.code == 2
    assert "exists already" in said.last_line
    assert file.read_text() == "mine"


def fake_pg_dump(folder, script):
    """Return a folder with a pg_dump that runs the script."""
    folder.mkdir()
    for name in ("pg_ctl", "pg_dump"):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return str(folder)


FULL_DISK = """
case "$1" in
    --version) echo 'pg_dump (PostgreSQL) 99.1' ;;
    *) echo PGDMP; echo 'pg_dump: error: could not write to output file: No space left on device' >&2; exit 1 ;;
esac
"""


def test_backup_that_cannot_be_written_leaves_nothing(commands, tmp_path, file):
    missing = commands.warta("db", "backup", str(tmp_path / "none" / "warta.dump"))
    too_long = commands.warta("db", "backup", "x" * 300)
    commands.environment["WARTA_PG_BIN"] = fake_pg_dump(tmp_path / "bin", FULL_DISK)
    full = commands.warta("db", "backup", str(file))

    assert (missing.code, too_long.code, full.code) == (2, 2, 3)
    assert "can't be written" in missing.last_line
    assert "can't be written" in too_long.last_line
    assert full.last_line.endswith("No space left on device")
    assert [path for path in tmp_path.iterdir() if path.name.startswith("warta.dump")] == []


def test_file_that_is_no_backup_is_refused(commands, elsewhere, file):
    file.write_text("x")

    assert "is no backup" in elsewhere.warta("db", "restore", str(file)).last_line
    assert "is no backup" in commands.warta("db", "verify", str(file)).last_line
    assert "can't be read" in commands.warta("db", "verify", f"{file}.none").last_line


def test_server_that_is_newer_than_the_programs_is_named(commands, file, tmp_path):
    commands.environment["WARTA_PG_BIN"] = fake_pg_dump(tmp_path / "bin", "echo 'pg_dump (PostgreSQL) 14.3'")

    said = commands.warta("db", "backup", str(file))

    assert said.code == 7
    assert "is 14, which can't dump it: set WARTA_PG_BIN" in said.last_line
    assert not file.exists()
