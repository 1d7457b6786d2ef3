"""Duplicates among the articles that have arrived: claim, sign and publish, probe, judge, decide and link.

A worker claims articles by deleting them from the queue in a transaction that it commits when their decisions and
clusters are written: killed anywhere, they wait again at once. Signatures are committed on a second connection before
candidates are looked for: of two workers that hold two copies, the one that publishes later finds the other's.
"""

import gc
import json
import struct
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import accumulate, chain, compress
from typing import Any, ClassVar

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.abc import Buffer, DumperKey
from psycopg.adapt import Dumper, Loader, PyFormat
from psycopg.postgres import adapters
from psycopg.pq import Format

from scrapers.dedup.addresses import article_key, outlet_id
from scrapers.dedup.boilerplate import is_syndicated
from scrapers.dedup.candidates import COMMON, NEIGHBOURS, SHARED_KEYS
from scrapers.dedup.clusters import LOCK, relink
from scrapers.dedup.documents import Document
from scrapers.dedup.scanner import shared_keys
from scrapers.dedup.signatures import ALGORITHM, Signature, sign
from scrapers.dedup.verify import Verdict, judge, unlike
from scrapers.storage.connection import connect, query

Probed = tuple[int, int, bytes]  # a claimed article, another one, and that one's keys as Postgres sends them

BATCH = 1_000  # articles a transaction; 14 MB more than 500, and twice as many made it no faster
CROWD = 2 * COMMON  # articles that share one key with another: some of its keys are common phrases, hot from then on
_AT_ONCE = 20_000  # rows of the probe that Python holds at a time: 10 MB beside what libpq has received
FEWEST_WORDS = 20  # a shorter body says too little to call two articles the same
IDLE_S = 600  # a worker that hangs so long in a transaction loses its claim


@dataclass(frozen=True, slots=True)
class Signed:
    """An article as it was signed."""

    article_id: int
    revision: int
    published: datetime | None
    body: int | None  # a hash of its text, where that is long enough to tell articles apart
    keys: Sequence[int]  # ascending
    signature: Signature


@dataclass(frozen=True, slots=True)
class Arrived(Signed):
    """A claimed article, with what else is published of it."""

    url_key: int
    outlet_id: int | None
    syndicated: bool


@dataclass(frozen=True, slots=True)
class Accepted:
    """A pair that is one article: the one that came first, its copy, and what that is to it."""

    original: Signed
    copy: Signed
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Refused:
    """A claimed article and another one that it is different from; `differs` where it is the same about other facts."""

    article: Signed
    other: Signed
    differs: bool


def deduplicate(dsn: str | None = None, *, batch: int = BATCH) -> dict[str, int]:
    """Look at all articles that wait; return how many, and the decisions made by each layer and taken back.

    Safe to run at any time, any number at once, and to kill: a second run changes nothing.
    """
    counts = Counter(dict.fromkeys(
        ("articles", "canonical_url", "outlet_id", "exact_content", "near_duplicate", "refused", "revoked"), 0
    ))  # fmt: skip
    with connect(dsn) as work, connect(dsn) as publishing:
        for connection in (work, publishing):
            connection.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, false)", [f"{IDLE_S}s"])
            # few rows are looked up of large tables; the planner takes them for many more, and would read the whole
            connection.execute("SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off")
            connection.execute("SET jit = off")
            connection.adapters.register_dumper(np.ndarray, _ArrayDumper)
        with _garbage_waiting():
            while done := _next_batch(work, publishing, batch):
                counts.update(done)
                gc.collect(0)
    return dict(counts)


@contextmanager
def _garbage_waiting() -> Iterator[None]:
    """Leave garbage to whoever collects it: to look for cycles among a batch takes a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def rebuild(dsn: str | None = None) -> int:
    """Let all articles wait to be looked at again; return how many. What stands, stands until then."""
    with connect(dsn) as connection:
        return connection.execute(query("queue_all_for_dedup")).rowcount


def _next_batch(work: psycopg.Connection, publishing: psycopg.Connection, batch: int) -> dict[str, int] | None:
    """Take the next articles through all steps, in one transaction of `work`; return the counts, None at the end."""
    with work.transaction():
        claimed = sorted({article for (article,) in work.execute(query("claim_for_dedup"), {"articles": batch})})
        if not claimed:
            return None
        signed = _sign(work, claimed)
        _publish(publishing, signed)
        accepted, refused = _judge(work, signed, _candidates(work, publishing, signed))
        work.execute(query("lock_dedup"), {"lock": LOCK})
        return {"articles": len(claimed), **_decide(work, signed, accepted, refused)}


def _sign(work: psycopg.Connection, claimed: list[int]) -> list[Arrived]:
    rows = work.execute(query("articles_to_sign"), {"article_ids": claimed, "fewest_words": FEWEST_WORDS})
    found = []
    for article_id, outlet, url, headline, body, identifier, published, revision, body_sha256 in rows:
        document = Document(article_id, headline, "\n\n".join(body), url, outlet, published)
        signature = sign(document)
        found.append(Arrived(
            article_id=article_id,
            revision=revision,
            published=published,
            body=int.from_bytes(body_sha256[:8], signed=True) if body_sha256 else None,
            keys=signature.keys,
            signature=signature,
            url_key=_hash64(article_key(url)),
            outlet_id=_own_id(url, outlet, headline, identifier, published),
            syndicated=is_syndicated(document),
        ))  # fmt: skip
    return found


def _own_id(url: str, outlet: str, headline: str, identifier: str | None, published: datetime | None) -> int | None:
    """Return a hash of the outlet's own id: as the address shows it, else as the page declares it.

    A declared one counts together with headline and day: templates print one of their own on many pages.
    """
    if shown := outlet_id(url):
        return _hash64("\0".join(shown))
    if identifier and published and sum(char.isdigit() for char in identifier) >= 4:
        return _hash64("\0".join((outlet, identifier, headline.casefold(), published.date().isoformat())))
    return None


def _hash64(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:8], signed=True)


class _ArrayDumper(Dumper):
    """Sends a numpy array in Postgres' binary format: of 64-bit or 32-bit integers, or of truth values."""

    format = Format.BINARY
    _types: ClassVar = {"int64": ("int8", ">i8"), "int32": ("int4", ">i4"), "bool": ("bool", "i1")}

    def get_key(self, obj: NDArray[Any], format: PyFormat) -> DumperKey:
        """Return what tells dumpers of arrays apart."""
        return self.cls, obj.dtype.name  # type: ignore[return-value]

    def upgrade(self, obj: NDArray[Any], format: PyFormat) -> "_ArrayDumper":
        """Return a dumper of such arrays."""
        dumper = type(self)(self.cls)
        dumper.oid = adapters.types[self._types[obj.dtype.name][0]].array_oid
        return dumper

    def dump(self, obj: NDArray[Any]) -> bytes:
        """Return a header (dimensions, nulls, type, length, lower bound), then each element behind its size."""
        name, written = self._types[obj.dtype.name]
        elements = np.empty(len(obj), [("size", ">i4"), ("value", written)])
        elements["size"], elements["value"] = obj.itemsize, obj
        return struct.pack(">5i", 1, 0, adapters.types[name].oid, len(obj), 1) + elements.tobytes()


def _columns(keys: Mapping[int, Collection[int]]) -> dict[str, Any]:
    """Return the keys of articles as one array, in which those of each end where the next one's begin."""
    ends = list(accumulate(map(len, keys.values())))
    return {
        "article_ids": list(keys),
        "firsts": [end - len(mine) + 1 for end, mine in zip(ends, keys.values(), strict=True)],
        "lasts": ends,
        "keys": np.fromiter(chain.from_iterable(keys.values()), np.int64),
    }


def _publish(publishing: psycopg.Connection, signed: Sequence[Arrived]) -> None:
    """Commit the signatures, then enter them under the keys that are hot by then."""
    publishing.execute(
        query("publish_signatures"),
        {
            "algorithm": ALGORITHM,
            "revision": [one.revision for one in signed],
            "published": [one.published for one in signed],
            "words": [len(one.signature.body) for one in signed],
            "syndicated": [one.syndicated for one in signed],
            "url_key": [one.url_key for one in signed],
            "outlet_id": [one.outlet_id for one in signed],
            "body": [one.body for one in signed],
            "signature": [one.signature.compressed() for one in signed],
            **_columns({one.article_id: one.keys for one in signed}),
        },
    )
    publishing.execute(query("publish_hot_keys"), {"article_ids": [one.article_id for one in signed]})


def _candidates(
    work: psycopg.Connection, publishing: psycopg.Connection, signed: Sequence[Arrived]
) -> dict[tuple[int, int], bool]:
    """Return pairs of ids, a claimed article first, and whether they are known to share keys.

    They are those that share keys, under a hot key those near in length, and those that stand as near-duplicates.
    """
    keys = {one.article_id: one.keys for one in signed}
    is_filled = _hot_keys(work, keys)
    hot = set(is_filled)
    sharing, sharing_one = _probe(work, keys, hot)
    many = {article for article, count in sharing_one.items() if count > CROWD}
    many.update(article for article, count in Counter(one for one, _, _ in sharing).items() if count > COMMON)
    crowded = _crowded(work, {key for article in many for key in keys[article]} - hot)
    if to_fill := sorted([*crowded, *(key for key in hot if not is_filled[key])]):
        _heat(publishing, to_fill)
        hot.update(crowded)
        sharing = _sharing(sharing, keys, hot)
    near = work.execute(query("near_partners"), {"article_ids": list(keys)}).fetchall()
    if hot:
        near += work.execute(
            query("probe_hot_keys"), {"article_ids": list(keys), "keys": sorted(hot), "neighbours": NEIGHBOURS}
        ).fetchall()  # fmt: skip
    return dict.fromkeys(near, False) | {(one, other): True for one, other, _ in sharing}


def _hot_keys(work: psycopg.Connection, keys: Mapping[int, Collection[int]]) -> dict[int, bool]:
    """Return the hot ones of the keys, and whether those are filled: a worker may have been killed before it had."""
    return dict(work.execute(query("hot_keys_of"), {"keys": _columns(keys)["keys"]}).fetchall())


def _heat(publishing: psycopg.Connection, keys: Sequence[int]) -> None:
    """Make the keys hot ones, each step committed: who publishes an article after the first enters it by itself."""
    for step in ("insert_hot_keys", "fill_hot_keys", "mark_hot_keys_filled"):
        publishing.execute(query(step), {"keys": keys})


class _BytesLoader(Loader):
    """Leaves a value as Postgres sends it."""

    format = Format.BINARY

    def load(self, data: Buffer) -> bytes:
        """Return the bytes."""
        return bytes(data)


def _probe(
    work: psycopg.Connection, keys: Mapping[int, Collection[int]], hot: set[int]
) -> tuple[list[Probed], Counter[int]]:
    """Return whom each article shares SHARED_KEYS keys with, one of which is not hot, and all keys of that one.

    Also return with how many others each article shares a key that is not hot.
    """
    cursor = work.cursor(binary=True)
    cursor.adapters.register_loader(adapters.types["int8"].array_oid, _BytesLoader)
    given = _columns({article: [key for key in mine if key not in hot] for article, mine in keys.items()})
    cursor.execute(query("probe"), given | {"algorithm": ALGORITHM})
    found: list[Probed] = []
    sharing_one: Counter[int] = Counter()
    while some := cursor.fetchmany(_AT_ONCE):
        sharing_one.update(one for one, _, _ in some)
        found += _sharing(some, keys, hot)
    return found, sharing_one


def _sharing(probed: Sequence[Probed], keys: Mapping[int, Collection[int]], hot: set[int]) -> list[Probed]:
    """Return those that share SHARED_KEYS keys, one of which is not hot."""
    mine = np.fromiter(chain.from_iterable(keys.values()), np.int64)
    numbers = {article: number for number, article in enumerate(keys)}
    found = shared_keys(
        mine,
        ~np.isin(mine, np.fromiter(hot, np.int64)),
        np.fromiter(accumulate(map(len, keys.values()), initial=0), np.int64),
        np.fromiter((numbers[one] for one, _, _ in probed), np.int64),
        np.frombuffer(b"".join(theirs for _, _, theirs in probed), np.uint8),
        np.fromiter(accumulate(len(theirs) for _, _, theirs in probed), np.int64),
    )
    return list(compress(probed, (found[:, 0] >= SHARED_KEYS) & (found[:, 1] > 0)))


def _crowded(work: psycopg.Connection, keys: Collection[int]) -> list[int]:
    wanted = {"keys": sorted(keys), "most": COMMON}
    return [key for (key,) in work.execute(query("crowded_keys"), wanted)] if keys else []


def _judge(
    work: psycopg.Connection, signed: Sequence[Arrived], pairs: Mapping[tuple[int, int], bool]
) -> tuple[list[Accepted], list[Refused]]:
    """Judge each pair once; those with the very same text are left to the layer of exact content."""
    known: dict[int, Signed] = {one.article_id: one for one in signed}
    known |= _stored(work, {other for _, other in pairs} - known.keys())
    candidates: dict[int, list[Signed]] = defaultdict(list)
    for (claimed, number), shares_keys in sorted(pairs.items()):
        if number in known and (claimed < number or (number, claimed) not in pairs):
            one, other = known[claimed], known[number]
            is_same = one.body is not None and one.body == other.body
            if not is_same and (shares_keys or len(set(one.keys).intersection(other.keys)) >= SHARED_KEYS):
                candidates[claimed].append(other)
    accepted, refused = [], []
    for claimed, others in candidates.items():
        one = known[claimed]
        unlikes = unlike(one.signature, [other.signature for other in others])
        for other, is_unlike in zip(others, unlikes, strict=True):
            if is_unlike:
                refused.append(Refused(one, other, differs=False))
                continue
            original, copy = sorted((one, other), key=_publication)
            verdict = judge(original.signature, copy.signature)
            if verdict.is_duplicate:
                accepted.append(Accepted(original, copy, verdict))
            else:
                refused.append(Refused(one, other, verdict.differs))
    return sorted(accepted, key=lambda pair: (pair.copy.article_id, pair.original.article_id)), refused


def _publication(one: Signed) -> tuple[bool, datetime | None, int]:
    return one.published is None, one.published, one.article_id


def _stored(work: psycopg.Connection, article_ids: set[int]) -> dict[int, Signed]:
    wanted = {"article_ids": sorted(article_ids), "algorithm": ALGORITHM}
    found = {}
    rows = work.cursor(binary=True).execute(query("find_signatures"), wanted)
    for article, revision, published, body, keys, stored in rows:
        found[article] = Signed(article, revision, published, body, keys, Signature.decompressed(stored))
    return found


def _decide(
    work: psycopg.Connection, signed: Sequence[Arrived], accepted: Sequence[Accepted], refused: Sequence[Refused]
) -> dict[str, int]:
    """Write the decisions on the claimed articles, and the clusters that follow; the caller holds the lock."""
    claimed = [one.article_id for one in signed]
    revoked = work.execute(query("revoke_stale_duplicates"), {
        "article_ids": claimed,
        "refused": np.array([pair.article.article_id for pair in refused], np.int64),
        "others": np.array([pair.other.article_id for pair in refused], np.int64),
    }).fetchall()  # fmt: skip
    touched = {*claimed, *chain.from_iterable(revoked)}
    same = work.execute(query("insert_identity_duplicates"), {"article_ids": sorted(touched)}).fetchall()
    near = _insert_near_duplicates(work, accepted)
    _replace_refusals(work, signed, accepted, refused)
    touched.update(article for a, b, *_ in (*same, *near) for article in (a, b))
    relink(work, sorted(touched))
    layers = Counter(layer for *_, layer in same)
    return {**layers, "near_duplicate": len(near), "refused": len(refused), "revoked": len(revoked)}


def _insert_near_duplicates(work: psycopg.Connection, accepted: Sequence[Accepted]) -> list[tuple[int, int]]:
    if not accepted:
        return []
    evidence = [
        json.dumps({
            "kind": pair.verdict.kind,
            **pair.verdict.evidence,
            "algorithm": ALGORITHM,
            "revisions": [pair.copy.revision, pair.original.revision],
        })
        for pair in accepted
    ]  # fmt: skip
    return work.execute(query("insert_near_duplicates"), {
        "algorithm": ALGORITHM,
        "copies": [pair.copy.article_id for pair in accepted],
        "originals": [pair.original.article_id for pair in accepted],
        "copy_revisions": [pair.copy.revision for pair in accepted],
        "original_revisions": [pair.original.revision for pair in accepted],
        "scores": [pair.verdict.score for pair in accepted],
        "evidence": evidence,
    }).fetchall()  # fmt: skip


def _replace_refusals(
    work: psycopg.Connection, signed: Sequence[Arrived], accepted: Sequence[Accepted], refused: Sequence[Refused]
) -> None:
    """Write who is different from each claimed article; who was so before stays, where both are as they were."""
    revisions = {one.article_id: one.revision for one in signed}
    different: dict[int, dict[int, tuple[int, bool]]] = defaultdict(dict)
    before = work.cursor(binary=True).execute(query("refusals_of"), {"article_ids": list(revisions)}).fetchall()
    for article, revision, algorithm, *columns in before:
        if (revision, algorithm) == (revisions[article], ALGORITHM):
            different[article] = {other: (known, differs) for other, known, differs in zip(*columns, strict=True)}
    for one in refused:
        different[one.article.article_id][one.other.article_id] = one.other.revision, one.differs
    for pair in accepted:
        different[pair.copy.article_id].pop(pair.original.article_id, None)
        different[pair.original.article_id].pop(pair.copy.article_id, None)
    replaced = [article for article, revision, *_ in before if revision <= revisions[article]]
    work.execute(query("delete_refusals"), {"article_ids": replaced})
    found = {article: others for article, others in different.items() if others and article in revisions}
    if found:
        told = list(chain.from_iterable(others.values() for others in found.values()))
        work.execute(query("insert_refusals"), {
            "algorithm": ALGORITHM,
            "revision": [revisions[article] for article in found],
            "revisions": np.array([revision for revision, _ in told], np.int32),
            "differs": np.array([differs for _, differs in told], np.bool_),
            **_columns(found),
        })  # fmt: skip
