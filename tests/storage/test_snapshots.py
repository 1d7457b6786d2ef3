"""Raw pages: compressed with a dictionary of their outlet's pages, and had back byte for byte."""

import gzip
import random
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import DamageError
from scrapers.items import Article, CrawlScope, Fetch, Link, PageResult
from scrapers.storage.articles import store
from scrapers.storage.ledger import discover, lease
from scrapers.storage.snapshots import (
    BEST_LEVEL,
    Dictionary,
    compress_again,
    find_dictionary,
    pack,
    read_snapshot,
    renew_dictionary,
    unpack,
)

NOON = datetime(2025, 12, 15, 12, tzinfo=UTC)
WORDS = [f"{start}{end}" for start in ("kapal", "warga", "harga", "jalan", "pasar") for end in range(400)]


def pages(template, numbers):
    """Return pages of one template, each with a text of its own."""
    markup = "".join(
        f'<div class="{template}-{n}"><a href="/{template}/{n * 7919}">{template * 2}</a></div>\n' for n in range(300)
    )
    for number in numbers:
        text = " ".join(random.Random(number).choices(WORDS, k=300))
        yield f"<html><head><title>{number}</title></head><body>{markup}<p>{text}</p></body></html>".encode()


@pytest.fixture
def keep(database, run_id):
    """Return a function that stores pages of the outlet `seed`, each with an article."""

    def keep(bodies):
        for body in bodies:
            url = f"https://www.example.test/{sha256(body).hexdigest()}"
            discover(database, run_id, "seed", [Link(url=url)])
            [page] = lease(database, run_id, "seed", 1, CrawlScope(urls=[url]))
            fetch = Fetch(url=url, requested_at=NOON, status=200, size=len(body), body=body)
            article = Article(outlet="seed", url=url, canonical_url=url, headline=url[-9:], article_body=(url,))
            store(database, run_id, [PageResult(page=page, fetches=(fetch,), article=article)])

    return keep


def stored_bytes(database):
    return database.execute("SELECT sum(length(body))::float / sum(bytes) FROM snapshots").fetchone()[0]


@given(st.binary(), st.binary())
def test_body_is_unpacked_as_it_was(body, dictionary):
    known = Dictionary(sha256(dictionary).digest(), dictionary)

    assert unpack(pack(body, known), known) == body
    assert unpack(pack(body, known, BEST_LEVEL), known) == body


def test_pages_take_less_than_half_of_gzip_once_there_is_a_dictionary(database, keep):
    keep(pages("lama", range(8)))
    ratio = renew_dictionary(database, "seed")
    later = list(pages("lama", range(100, 110)))

    keep(later)

    hashes = [sha256(body).digest() for body in later]
    [(stored,)] = database.execute(
        "SELECT sum(length(body)) FROM snapshots WHERE sha256 = ANY (%s)", [hashes]
    ).fetchall()
    assert stored < 0.45 * sum(len(gzip.compress(body, 6)) for body in later)
    assert ratio == pytest.approx(stored / sum(map(len, later)), rel=0.2)
    assert [read_snapshot(database, digest) for digest in hashes] == later


def test_dictionary_is_renewed_only_where_pages_have_changed(database, keep):
    keep(pages("lama", range(8)))
    made = renew_dictionary(database, "seed")
    keep(pages("lama", range(20, 40)))
    unchanged = renew_dictionary(database, "seed")

    keep(pages("baru", range(50, 70)))
    renewed = renew_dictionary(database, "seed")

    assert made
    assert unchanged is None
    assert renewed
    assert database.execute("SELECT version FROM dictionaries ORDER BY 1").fetchall() == [(1,), (2,)]


def test_few_pages_make_no_dictionary(database, keep):
    keep(pages("lama", range(7)))

    assert renew_dictionary(database, "seed") is None


def test_what_was_stored_before_is_compressed_again_and_stays_the_same(database, keep):
    bodies = list(pages("lama", range(20)))
    keep(bodies)
    renew_dictionary(database, "seed")
    before = stored_bytes(database)

    first, second = compress_again(database, "seed", 15), compress_again(database, "seed", 15)

    assert (first.snapshots, second.snapshots, compress_again(database, "seed", 15).snapshots) == (15, 5, 0)
    assert first.after < 0.5 * first.before
    assert stored_bytes(database) < 0.5 * before
    assert [read_snapshot(database, sha256(body).digest()) for body in bodies] == bodies


def test_outlet_without_a_dictionary_is_left_alone(database, keep):
    keep(pages("lama", range(3)))

    assert compress_again(database, "seed", 15).snapshots == 0


def test_missing_dictionary_and_damaged_bytes_are_named(database, keep):
    keep(pages("lama", range(1)))
    database.execute("UPDATE snapshots SET body = substr(body, 1, length(body) - 9)")
    [(digest,)] = database.execute("SELECT sha256 FROM snapshots").fetchall()

    with pytest.raises(DamageError, match="can't be unpacked"):
        read_snapshot(database, digest)
    with pytest.raises(DamageError, match=f"dictionary {'00' * 32} is missing or damaged"):
        find_dictionary(database, bytes(32))


def test_damaged_snapshot_is_never_replaced(database, keep):
    keep(pages("lama", range(8)))
    renew_dictionary(database, "seed")
    database.execute(
        "UPDATE snapshots SET body = %s WHERE first_seen_at = (SELECT min(first_seen_at) FROM snapshots)",
        [pack(b"other")],
    )

    with pytest.raises(DamageError, match=r"snapshot [0-9a-f]{64} is damaged"):
        compress_again(database, "seed", 8)
    assert database.execute("SELECT max(level) FROM snapshots").fetchone() == (3,)


def test_crawl_makes_the_dictionary_of_its_outlet(commands, database):
    commands.crawl("seed")

    assert database.execute("SELECT outlet, version, cardinality(pages) FROM dictionaries").fetchall() == [
        ("seed", 1, 4)
    ]
