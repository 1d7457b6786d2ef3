"""`warta takedown`: an article goes from every table, for good, and does not come back."""

import json

import pytest
import zstandard

from scrapers.dedup.incremental import deduplicate
from scrapers.maintenance.takedowns import repeat, take_down
from scrapers.storage.connection import connect
from scrapers.storage.snapshots import read_snapshot
from tests.fault_server import Answer, article

TARGET = "/berita/nomor-1-warga-desa-membangun-jembatan"
OTHER = "/berita/nomor-2-warga-desa-membangun-jembatan"
SECRET = "Sastrowardoyo"


def with_secret(number):
    """Return the page of an article that names somebody."""
    return (
        article(number)
        .replace("jembatan", f"jembatan {SECRET}", 1)
        .replace("</article>", f"<p>{SECRET} menolak.</p></article>")
    )


def tables(database):
    return [
        name
        for (name,) in database.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations' ORDER BY 1"
        )
    ]


def places_of(database, text):
    """Return the tables in whose rows or unpacked bytes a text stands."""
    found = [
        table
        for table in tables(database)
        if database.execute(
            f"SELECT EXISTS (SELECT FROM {table} AS t WHERE t::text ILIKE %s)", [f"%{text}%"]
        ).fetchone()[0]
    ]
    hashes = [digest for (digest,) in database.execute("SELECT sha256 FROM snapshots")]
    if any(text.encode() in read_snapshot(database, digest) for digest in hashes):
        found.append("bytes of snapshots")
    bodies = [body for (body,) in database.execute("SELECT body FROM dictionaries")]
    if any(text.encode() in zstandard.decompress(body) for body in bodies):
        found.append("bytes of dictionaries")
    return found


@pytest.fixture
def crawled(crawl_faults, faults):
    """Return the address of a crawled and revised article that names somebody."""
    faults.answers[TARGET] = Answer(with_secret(1))
    crawl_faults(TARGET, OTHER)
    faults.answers[TARGET] = Answer(with_secret(1).replace("menolak", "menolak keras"))
    crawl_faults(TARGET)
    return faults.url(TARGET)


def test_nothing_of_the_text_is_left_and_who_asked_is_kept(commands, crawled, database):
    assert {"articles", "revisions", "bytes of snapshots"} <= set(places_of(database, SECRET))

    done = commands.warta("takedown", f"{crawled}?utm_source=x", "--reason", "putusan pengadilan", "--by", "Dewan Pers")

    assert done.out.splitlines() == ["removed: 1 articles, 2 raw pages", "not fetched again: 1 pages"]
    assert places_of(database, SECRET) == []
    [told] = json.loads(commands.warta("takedowns", "--json").out)
    assert (told["url"], told["reason"], told["requested_by"]) == (crawled, "putusan pengadilan", "Dewan Pers")
    assert "Dewan Pers" in commands.warta("takedowns").out
    assert database.execute("SELECT count(*) FROM articles").fetchone() == (1,)


def test_no_crawl_fetches_or_stores_it_again(commands, crawled, crawl_faults, faults, database):
    commands.warta("takedown", crawled, "--reason", "x")
    faults.requests.clear()

    crawl_faults(TARGET)
    crawl_faults("-a", "full=true")

    assert TARGET not in [request.path for request in faults.requests]
    assert places_of(database, SECRET) == []
    assert json.loads(commands.warta("why", crawled, "--json").out)["page"]["reason"] == "taken_down"


def test_it_is_known_under_another_address(commands, crawled, crawl_faults, faults, database):
    commands.warta("takedown", crawled, "--reason", "x")
    faults.answers["/lain/alamat-baru-dari-berita-yang-sama"] = Answer(
        with_secret(1).replace("<head>", f'<head><link rel="canonical" href="{crawled}">')
    )

    crawl_faults("/lain/alamat-baru-dari-berita-yang-sama")

    assert places_of(database, SECRET) == []
    state = database.execute("SELECT state, reason FROM pages WHERE url LIKE '%alamat-baru%'").fetchone()
    assert state == ("rejected", "taken_down")


def test_raw_page_that_another_article_shares_stays(crawled, crawl_faults, faults, database):
    faults.answers["/berita/nomor-9-halaman-kembar-yang-sama-persis"] = Answer(
        with_secret(1).replace("menolak", "menolak keras")
    )
    crawl_faults("/berita/nomor-9-halaman-kembar-yang-sama-persis")
    shared = database.execute(
        "SELECT snapshot_sha256 FROM fetches GROUP BY 1 HAVING count(DISTINCT page_id) > 1"
    ).fetchall()
    assert len(shared) == 1

    take_down(database, crawled, reason="x", requested_by="test")

    assert SECRET.encode() in read_snapshot(database, shared[0][0])


def test_dictionary_that_holds_the_page_is_replaced(commands, site, database):
    commands.crawl("seed")
    [(pages,)] = database.execute("SELECT pages FROM dictionaries").fetchall()
    url, headline = database.execute(
        "SELECT canonical_url, headline FROM articles JOIN revisions USING (article_id) WHERE snapshot_sha256 = %s",
        [pages[0]],
    ).fetchone()
    site.edition = 2
    commands.crawl("seed", "-a", "full=true")
    (needed,) = database.execute("SELECT count(*) FROM snapshots WHERE dictionary_sha256 IS NOT NULL").fetchone()
    assert needed > 0

    take_down(database, url, reason="x", requested_by="test")

    hashes = [digest for (digest,) in database.execute("SELECT sha256 FROM snapshots")]
    assert all(read_snapshot(database, digest) for digest in hashes)
    assert database.execute("SELECT count(*) FROM dictionaries WHERE %s = ANY (pages)", [pages[0]]).fetchone() == (0,)
    assert "bytes of dictionaries" not in places_of(database, f"<h1>{headline}")


def test_copies_stay_are_named_and_are_clustered_anew(commands, crawled, crawl_faults, faults, database, dsn):
    copy = "/lain/salinan-berita-warga-desa-membangun"
    text = with_secret(1).replace("menolak", "menolak keras").replace("Warga Desa", "Masyarakat Desa")
    for number in (1, 2):
        faults.answers[f"{copy}-{number}"] = Answer(text)
        crawl_faults(f"{copy}-{number}")
    deduplicate(dsn)
    assert database.execute("SELECT count(*) FROM clusters").fetchone()[0] >= 2

    printed = commands.warta("takedown", crawled, "--reason", "x").out
    deduplicate(dsn)

    assert "a copy stays: article" in printed
    members = "SELECT count(*) FROM clusters LEFT JOIN articles USING (article_id) WHERE articles.article_id IS NULL"
    assert database.execute(members).fetchone() == (0,)
    assert database.execute("SELECT count(*) FROM unique_articles").fetchone()[0] >= 1


def test_address_that_nothing_is_stored_under_is_noted_all_the_same(commands, crawl_faults, faults, database):
    faults.answers[TARGET] = Answer(with_secret(1))

    told = commands.warta("takedown", faults.url(TARGET), "--reason", "x").out
    crawl_faults(TARGET)

    assert "if it is announced, it will not be stored" in told
    assert places_of(database, SECRET) == []


def test_takedowns_of_one_database_are_repeated_in_another(crawled, commands, database, cluster):
    commands.warta("takedown", crawled, "--reason", "putusan", "--by", "Dewan Pers")
    told = json.loads(commands.warta("takedowns", "--json").out)
    cluster.create_database("restored", template="migrated")

    with connect(cluster.dsn("restored")) as restored:
        assert repeat(restored, told) == 1
        assert repeat(restored, told) == 1
        rows = restored.execute("SELECT url, reason, requested_by, taken_down_at FROM takedowns").fetchall()

    assert rows == database.execute("SELECT url, reason, requested_by, taken_down_at FROM takedowns").fetchall()


def test_nothing_taken_down_is_said(commands):
    assert commands.warta("takedowns").out == "nothing was taken down\n"
