"""Raw pages, each kept once and compressed with earlier pages of its outlet as the dictionary.

Pages of one outlet share most of their markup. Zstandard takes any bytes as a dictionary (RFC 8878, raw content).
Some whole pages, one after the other, do better than a trained dictionary, which holds 112 KB at most by default.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg
import zstandard

from scrapers.errors import DamageError, DatabaseError, UsageError
from scrapers.storage.connection import query
from scrapers.storage.object_store import ObjectStore, object_store

FAST_LEVEL = 3  # zstd's own default: while a crawl waits
BEST_LEVEL = 9  # what upkeep compresses again with; beyond it pages get little smaller
DICTIONARY_PAGES = 4  # a fifth adds little
SAMPLE_PAGES = 12  # that a new dictionary is tried on
MOST_PAGE_BYTES = 512 * 1024  # of each page in a dictionary; a longer one is no usual page
WORN = 1.25  # a dictionary is made anew where pages take so much more space than those that it was tried on
WORTH = 0.9  # and where the new one takes so much of the space of the old
ORPHANED = timedelta(days=1)  # how long bodies that no row names stay: no transaction takes as long


@dataclass(frozen=True, slots=True)
class Dictionary:
    """What pages of an outlet are compressed with."""

    sha256: bytes
    body: bytes = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Packed:
    """What compressing again came to: how many snapshots, and their stored bytes before and after."""

    snapshots: int
    before: int
    after: int


Kept = tuple[bytes, bytes, bytes | None]  # a snapshot's SHA-256, its compressed body, the SHA-256 of its dictionary

MOST_CACHED = 16  # dictionaries, of some 2 MB at most; a process works on few outlets at a time
_cached: dict[bytes, Dictionary] = {}


def pack(body: bytes, dictionary: Dictionary | None = None, level: int = FAST_LEVEL) -> bytes:
    """Return the body, compressed."""
    return _compressor(dictionary, level).compress(body)


def unpack(packed: bytes, dictionary: Dictionary | None = None) -> bytes:
    """Return the body, empty for nothing; raises DamageError where it is damaged, or needs another dictionary."""
    try:
        return zstandard.ZstdDecompressor(dict_data=_as_zstd(dictionary)).decompress(packed) if packed else b""
    except zstandard.ZstdError as error:
        raise DamageError(f"a snapshot can't be unpacked ({error}); restore table snapshots from a backup") from None


@lru_cache(maxsize=8)
def _compressor(dictionary: Dictionary | None, level: int) -> zstandard.ZstdCompressor:
    """Return a compressor; it is not for two threads at once, and a process has one connection."""
    return zstandard.ZstdCompressor(level, dict_data=_as_zstd(dictionary))


@lru_cache(maxsize=8)
def _as_zstd(dictionary: Dictionary | None) -> zstandard.ZstdCompressionDict | None:
    if dictionary is None:
        return None
    return zstandard.ZstdCompressionDict(dictionary.body, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def store_snapshots(connection: psycopg.Connection, run_id: UUID, bodies: Mapping[bytes, bytes]) -> None:
    """Keep bodies, by their SHA-256, but those that are kept already; they are of the run's outlet."""
    dictionary = _newest(connection, run_id) if bodies else None
    kept = sorted(_not_kept(connection, bodies))  # in one order, so that no two crawls wait for each other
    given = {
        "run_id": run_id,
        "sha256": kept,
        "bytes": [len(bodies[digest]) for digest in kept],
        "dictionary_sha256": dictionary and dictionary.sha256,
        "level": FAST_LEVEL,
    }
    packed = [pack(bodies[digest], dictionary) for digest in kept]
    connection.execute(query("insert_snapshots"), given | _placed(kept, packed))


def _not_kept(connection: psycopg.Connection, bodies: Mapping[bytes, bytes]) -> set[bytes]:
    """Return the bodies that may be new: of those in the store nothing is stored twice."""
    if object_store() is None:
        return set(bodies)  # Postgres sees to that itself
    rows = connection.execute(query("kept_snapshots"), {"sha256": list(bodies)})
    return bodies.keys() - {digest for (digest,) in rows}


def _placed(digests: Sequence[bytes], packed: Sequence[bytes]) -> dict[str, Any]:
    """Put compressed bodies where they are kept, and return what their rows say of it."""
    store = object_store() if packed else None
    nothing = [None] * len(packed)
    return {
        "body": nothing if store else list(packed),
        "place": store.put(zip(digests, packed, strict=True)) if store else nothing,
        "stored_bytes": [len(body) for body in packed],
    }


def _newest(connection: psycopg.Connection, run_id: UUID) -> Dictionary | None:
    """Return the newest dictionary of the run's outlet; None where it has none yet."""
    row = connection.execute(query("newest_dictionary_of_run"), {"run_id": run_id}).fetchone()
    return find_dictionary(connection, row[0]) if row else None


def find_dictionary(connection: psycopg.Connection, digest: bytes) -> Dictionary:
    """Return the dictionary of this SHA-256; raises DamageError where the database lacks it, or it is damaged."""
    known = _cached.get(digest)
    if known is None:
        row = connection.execute(query("find_dictionary"), {"sha256": digest}).fetchone()
        known = Dictionary(digest, zstandard.decompress(row[0]) if row else b"")
        if sha256(known.body).digest() != digest:
            raise DamageError(f"dictionary {digest.hex()} is missing or damaged; restore it from a backup")
        if len(_cached) >= MOST_CACHED:
            _cached.clear()
        _cached[digest] = known
    return known


def read_snapshot(connection: psycopg.Connection, digest: bytes) -> bytes | None:
    """Return the body of this SHA-256; None where none is kept.

    Raises as read_body does.
    """
    row = connection.execute(query("find_snapshot"), {"sha256": digest}).fetchone()
    return read_body(connection, *row) if row else None


def read_body(
    connection: psycopg.Connection, packed: bytes | None, dictionary_sha256: bytes | None, place: str | None
) -> bytes:
    """Return the body that these columns of a snapshot stand for.

    Raises DamageError where it, or its dictionary, is damaged or missing, and DatabaseError where its store is away.
    """
    dictionary = find_dictionary(connection, dictionary_sha256) if dictionary_sha256 else None
    return unpack(_packed(packed, place), dictionary)


def _packed(packed: bytes | None, place: str | None) -> bytes:
    """Return the compressed body, from the store where it is not in the row."""
    if place is None:
        return packed or b""
    store = object_store()
    if store is None:
        raise DatabaseError(f"raw page {place} is kept outside Postgres: set WARTA_SNAPSHOTS to the store that has it")
    return store.get(place)


def renew_dictionary(connection: psycopg.Connection, outlet: str, without: Sequence[bytes] = ()) -> float | None:
    """Make the outlet's first dictionary, or a new one where its pages have changed; return its ratio, else None.

    The ratio is stored bytes by bytes of the pages that it was tried on. Nothing is made of fewer than eight pages, nor
    of those named in `without`.
    """
    current = connection.execute(query("newest_dictionary"), {"outlet": outlet}).fetchone()
    recent = _recent_ratio(connection, current[0]) if current else None
    if current and (recent is None or recent <= WORN * current[1]):
        return None
    asked = {
        "outlet": outlet,
        "bytes": MOST_PAGE_BYTES,
        "limit": DICTIONARY_PAGES + SAMPLE_PAGES,
        "without": list(without),
    }
    rows = connection.execute(query("newest_article_snapshots"), asked).fetchall()
    bodies = {digest: read_body(connection, *kept) for digest, *kept in rows}
    if len(bodies) < 2 * DICTIONARY_PAGES:
        return None
    pages, sample = list(bodies)[:DICTIONARY_PAGES], list(bodies.values())[DICTIONARY_PAGES:]
    joined = b"".join(bodies[digest] for digest in pages)
    dictionary = Dictionary(sha256(joined).digest(), joined)
    ratio = sum(len(pack(body, dictionary)) for body in sample) / sum(map(len, sample))
    if recent is not None and ratio > WORTH * recent:
        return None
    made = {"sha256": dictionary.sha256, "outlet": outlet, "pages": pages, "bytes": len(joined), "ratio": ratio}
    connection.execute(query("insert_dictionary"), made | {"body": pack(joined, level=BEST_LEVEL)})
    return ratio


def _recent_ratio(connection: psycopg.Connection, dictionary_sha256: bytes) -> float | None:
    """Return stored bytes by bytes of the newest snapshots with this dictionary; None where there are few as yet."""
    asked = {"dictionary_sha256": dictionary_sha256, "limit": SAMPLE_PAGES, "level": FAST_LEVEL}
    row = connection.execute(query("recent_ratio"), asked).fetchone()
    return row[0] if row else None


def compress_again(connection: psycopg.Connection, outlet: str, limit: int) -> Packed:
    """Compress the outlet's oldest snapshots with its newest dictionary, at most `limit`; return what that saved.

    Each is unpacked and compared before it takes the place of what was stored. One that would be larger stays.
    """
    current = connection.execute(query("newest_dictionary"), {"outlet": outlet}).fetchone()
    if current is None:
        return Packed(0, 0, 0)
    with connection.transaction():
        asked = {"outlet": outlet, "limit": limit, "level": BEST_LEVEL}
        rows = _here(connection, "snapshots_to_pack", asked)
        dictionary = find_dictionary(connection, current[0])
        again = [_packed_again(connection, dictionary, *row, is_needed=False) for row in rows]
        _replace(connection, again)
    return Packed(len(rows), sum(len(packed) for _, packed, _ in rows), sum(len(packed) for _, packed, _ in again))


def _here(connection: psycopg.Connection, name: str, asked: Mapping[str, Any]) -> list[Kept]:
    """Return snapshots that a query finds, with their compressed bodies, from wherever these are."""
    rows = connection.execute(query(name), asked).fetchall()
    return [(digest, _packed(body, place), dictionary) for digest, body, dictionary, place in rows]


def retire_dictionaries(connection: psycopg.Connection, pages: Sequence[bytes]) -> None:
    """Delete the dictionaries that hold one of these pages; what needs them is compressed otherwise before."""
    for digest, outlet in connection.execute(query("retire_dictionaries"), {"pages": list(pages)}).fetchall():
        renew_dictionary(connection, outlet, without=pages)
        current = connection.execute(query("newest_dictionary"), {"outlet": outlet}).fetchone()
        dictionary = find_dictionary(connection, current[0]) if current else None
        while _compress_otherwise(connection, digest, dictionary):
            pass
        connection.execute(query("delete_dictionary"), {"sha256": digest})
        _cached.pop(digest, None)


def _compress_otherwise(connection: psycopg.Connection, old: bytes, dictionary: Dictionary | None) -> int:
    """Compress some of the snapshots that need the old dictionary with another, or with none; return how many."""
    with connection.transaction():
        asked = {"dictionary_sha256": old, "limit": 500}
        rows = _here(connection, "snapshots_with_dictionary", asked)
        _replace(connection, [_packed_again(connection, dictionary, *row, is_needed=True) for row in rows])
    return len(rows)


def _replace(connection: psycopg.Connection, again: Sequence[Kept]) -> None:
    if again:
        sha256s, bodies, dictionaries = map(list, zip(*again, strict=True))
        given = {"sha256": sha256s, "dictionary_sha256": dictionaries, "level": BEST_LEVEL}
        connection.execute(query("replace_snapshots"), given | _placed(sha256s, bodies))


def _packed_again(
    connection: psycopg.Connection,
    dictionary: Dictionary | None,
    digest: bytes,
    packed: bytes,
    with_dictionary: bytes | None,
    *,
    is_needed: bool,
) -> Kept:
    """Return the snapshot's SHA-256, its compressed body, and the SHA-256 of the dictionary that this one needs.

    Where it is not needed, what would be larger stays as it was.
    """
    body = read_body(connection, packed, with_dictionary, None)
    smaller = pack(body, dictionary, BEST_LEVEL)
    if sha256(unpack(smaller, dictionary)).digest() != digest:
        raise DamageError(f"snapshot {digest.hex()} is damaged; restore it from a backup")
    if not is_needed and len(smaller) >= len(packed):
        return digest, packed, with_dictionary
    return digest, smaller, dictionary.sha256 if dictionary else None


def delete_bodies(places: Sequence[str]) -> None:
    """Delete bodies from the store, once the transaction that deletes their rows is committed."""
    if places and (store := object_store()):
        store.delete(places)


def move_snapshots(connection: psycopg.Connection, limit: int) -> int:
    """Move bodies from Postgres to the store, at most `limit`; return how many.

    Raises UsageError where WARTA_SNAPSHOTS names no store.
    """
    store = _needed_store()
    with connection.transaction():
        rows = connection.execute(query("snapshots_in_postgres"), {"limit": limit}).fetchall()
        places = store.put(rows)
        moved = {"sha256": [row[0] for row in rows], "place": places, "stored_bytes": [len(row[1]) for row in rows]}
        connection.execute(query("move_snapshots"), moved)
    return len(rows)


def sweep_orphans(connection: psycopg.Connection, age: timedelta = ORPHANED) -> int:
    """Delete what the store has and no snapshot names; return how many bodies that were.

    Whatever is younger than `age` stays: its transaction may still be open. The store has to be this database's alone.
    """
    store, deleted = _needed_store(), 0
    for names in store.older_than(age):
        unused = [name for (name,) in connection.execute(query("unused_places"), {"names": names})]
        store.delete(unused)
        deleted += len(unused)
    return deleted


def _needed_store() -> ObjectStore:
    store = object_store()
    if store is None:
        raise UsageError("raw pages are kept in Postgres: WARTA_SNAPSHOTS names no store")
    return store
