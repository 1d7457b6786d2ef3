"""Raw pages in a store outside Postgres: bytes first, then the row; what no row names is swept."""

from datetime import timedelta
from hashlib import sha256

import psycopg
import pytest

from scrapers import config
from scrapers.errors import DamageError, DatabaseError, UsageError
from scrapers.maintenance.reextract import Selection, reextract
from scrapers.maintenance.takedowns import take_down
from scrapers.storage import articles
from scrapers.storage.articles import store
from scrapers.storage.snapshots import (
    compress_again,
    move_snapshots,
    read_snapshot,
    renew_dictionary,
    sweep_orphans,
)
from tests.factories import article, leased, result
from tests.storage.test_snapshots import pages


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return the folder in which raw pages are kept."""
    monkeypatch.setattr(config, "SNAPSHOTS", str(tmp_path / "raw pages"))
    return tmp_path / "raw pages"


@pytest.fixture
def keep(database, run_id):
    """Return a function that stores pages, each with an article, and returns their addresses."""

    def keep(bodies):
        kept = {f"https://www.example.test/{sha256(body).hexdigest()}": body for body in bodies}
        found = [
            result(page, body=kept[page.url], article=article(url=page.url, canonical_url=page.url))
            for page in leased(database, run_id, *kept)
        ]
        store(database, run_id, found)
        return list(kept)

    return keep


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def places(database):
    return sorted(place for (place,) in database.execute("SELECT place FROM snapshots"))


def all_read(database, bodies):
    return [read_snapshot(database, sha256(body).digest()) for body in bodies] == list(bodies)


def test_bytes_are_in_the_folder_and_the_row_names_them(database, folder, keep):
    bodies = list(pages("lama", range(3)))

    keep(bodies)

    assert files(folder) == places(database)
    assert database.execute("SELECT count(*) FROM snapshots WHERE body IS NULL AND stored_bytes > 0").fetchone() == (3,)
    assert all_read(database, bodies)


def test_same_body_again_is_stored_once(database, run_id, folder, keep):
    keep([b"<html>one"])
    [page] = leased(database, run_id, "https://www.example.test/two")

    store(database, run_id, [result(page, body=b"<html>one", state="rejected", reason="not_an_article")])

    assert len(files(folder)) == 1


def test_dictionaries_and_compressing_again_work_as_in_postgres(database, folder, keep):
    bodies = list(pages("lama", range(20)))
    keep(bodies)
    before = files(folder)
    renew_dictionary(database, "seed")

    packed = compress_again(database, "seed", 20)

    assert packed.after < 0.5 * packed.before
    assert all_read(database, bodies)
    assert set(places(database)).isdisjoint(before)
    assert sweep_orphans(database, age=timedelta(0)) == 20
    assert files(folder) == places(database)
    assert all_read(database, bodies)


def test_transaction_that_fails_leaves_bytes_and_no_row_until_they_are_swept(database, folder, keep, monkeypatch):
    def fail(*_):
        raise psycopg.OperationalError("the server closed the connection")

    monkeypatch.setattr(articles, "_finish_pages", fail)
    with pytest.raises(psycopg.OperationalError):
        keep([b"<html>one"])

    assert (len(files(folder)), places(database)) == (1, [])
    assert sweep_orphans(database) == 0  # it is young: its transaction might be open
    assert sweep_orphans(database, age=timedelta(0)) == 1
    assert files(folder) == []


def test_takedown_deletes_the_bytes(database, folder, keep):
    gone, _ = keep([b"<html>secret", b"<html>other"])

    take_down(database, gone, reason="court", requested_by="desk")

    assert files(folder) == places(database)
    assert len(files(folder)) == 1


def test_pages_in_the_store_are_read_again_by_newer_rules(database, folder, keep):
    keep([b"<html>one"])

    assert reextract(database, Selection(), processes=1).pages == {"left: not_an_article": 1}


def test_raw_pages_move_from_postgres_to_the_store(database, keep, tmp_path, monkeypatch, commands):
    bodies = list(pages("lama", range(5)))
    keep(bodies)
    commands.environment["WARTA_SNAPSHOTS"] = str(tmp_path / "raw")

    moved, swept = commands.warta("snapshots", "move"), commands.warta("snapshots", "sweep")

    assert (moved.out, swept.out) == ("5 raw pages moved to the store\n", "0 bodies deleted that no raw page names\n")
    monkeypatch.setattr(config, "SNAPSHOTS", str(tmp_path / "raw"))
    assert all_read(database, bodies)
    assert move_snapshots(database, 5) == 0


def test_crawl_keeps_raw_pages_in_the_store(commands, database, folder):
    commands.environment["WARTA_SNAPSHOTS"] = str(folder)

    crawl = commands.crawl("seed", "-a", "limit=3")

    assert crawl.code == 0, crawl.err
    assert files(folder) == places(database)
    [(digest, url)] = database.execute(
        "SELECT snapshot_sha256, pages.url FROM fetches JOIN pages USING (page_id) ORDER BY requested_at DESC LIMIT 1"
    )
    commands.warta("snapshot", url, "--output", str(folder / "shown"))
    assert sha256((folder / "shown").read_bytes()).digest() == digest


def test_store_that_is_missing_or_damaged_is_told_in_one_line(database, folder, keep, monkeypatch):
    keep([b"<html>one"])
    digest = sha256(b"<html>one").digest()
    [name] = files(folder)

    (folder / name).write_bytes(b"x")
    with pytest.raises(DamageError, match="can't be unpacked"):
        read_snapshot(database, digest)
    (folder / name).unlink()
    with pytest.raises(DamageError, match=f"{name} is missing in file://.*; restore it from a backup"):
        read_snapshot(database, digest)
    monkeypatch.setattr(config, "SNAPSHOTS", None)
    with pytest.raises(DatabaseError, match="set WARTA_SNAPSHOTS to the store that has it"):
        read_snapshot(database, digest)
    with pytest.raises(UsageError, match="WARTA_SNAPSHOTS names no store"):
        sweep_orphans(database)


@pytest.mark.parametrize("url", ["s3://bucket/folder", "nowhere://bucket", "file:///proc/nowhere"])
def test_store_that_can_not_be_written_stores_nothing(database, run_id, keep, monkeypatch, url):
    for name, value in {"AWS_ENDPOINT": "http://127.0.0.1:1", "AWS_ALLOW_HTTP": "true", "AWS_ACCESS_KEY_ID": "key",
                        "AWS_SECRET_ACCESS_KEY": "hidden", "AWS_REGION": "us-east-1"}.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(config, "SNAPSHOTS", url)

    with pytest.raises(DatabaseError, match=r"raw pages in .* can't be (opened|written): .*WARTA_SNAPSHOTS") as told:
        keep([b"<html>one"])

    assert "hidden" not in str(told.value)
    assert "\n" not in str(told.value)
    assert database.execute("SELECT count(*) FROM snapshots").fetchone() == (0,)
