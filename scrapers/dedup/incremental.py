"""Duplicates among the articles that have arrived: claim, sign and publish, probe, judge, decide and link.

A worker claims articles by deleting them from the queue in a transaction that it commits when their decisions and
clusters are written: killed anywhere, they wait again at once. Signatures are committed on a second connection before
candidates are looked for: of two workers that hold two copies, the one that publishes later finds the other's.
"""

import gc
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import accumulate, chain
from typing import Any, NamedTuple

import numpy as np
import psycopg
from psycopg.postgres import adapters

from scrapers.dedup.addresses import article_key, outlet_id
from scrapers.dedup.arrays import ArrayDumper, BytesLoader
from scrapers.dedup.boilerplate import is_syndicated
from scrapers.dedup.candidates import COMMON, NEIGHBOURS, SHARED_KEYS
from scrapers.dedup.clusters import LOCK, relink
from scrapers.dedup.documents import Document
from scrapers.dedup.scanner import shared_keys
from scrapers.dedup.segments import Entries, Keys, Segments, ranges
from scrapers.dedup.signatures import ALGORITHM, Signature, decompress, sign
from scrapers.dedup.verify import Verdict, judge_each
from scrapers.dedup.waiting import COUNTED
from scrapers.storage.connection import connect, query

Partners = tuple[Keys, Keys, Keys]  # a claimed article, another one, and how many keys they share

BATCH = 1_000  # articles a transaction; 14 MB more than 500, and twice as many made it no faster
CROWD = 2 * COMMON  # articles that share one key with another: some of its keys are common phrases, hot from then on
FEWEST_WORDS = 20  # a shorter body says too little to call two articles the same
IDLE_S = 600  # a worker that hangs so long in a transaction loses its claim


@dataclass(frozen=True, slots=True)
class Arrived:
    """A claimed article as it was signed, with what else is published of it."""

    article_id: int
    revision: int
    published: datetime | None
    body: int | None  # a hash of its text, where that is long enough to tell articles apart
    signature: Signature
    url_key: int
    outlet_id: int | None
    syndicated: bool

    @property
    def text(self) -> bytes:
        """Return what it is judged by."""
        return self.signature.to_bytes()


class Stored(NamedTuple):
    """An article that was signed before: its keys as Postgres sends them, and what it is judged by."""

    article_id: int
    revision: int
    published: datetime | None
    body: int | None
    keys: bytes
    text: bytes


Signed = Arrived | Stored


@dataclass(frozen=True, slots=True)
class Accepted:
    """A pair that is one article: the one that came first, its copy, and what that is to it."""

    original: Signed
    copy: Signed
    verdict: Verdict


class Refused(NamedTuple):
    """A claimed article and another one that it is different from; `differs` where it is the same about other facts."""

    article: Arrived
    other: Signed
    differs: bool


def deduplicate(dsn: str | None = None, *, batch: int = BATCH) -> dict[str, int]:
    """Look at all articles that wait; return how many, and the decisions made by each layer and taken back.

    Safe to run at any time, any number at once, and to kill: a second run changes nothing.
    """
    counts = Counter(dict.fromkeys(COUNTED, 0))
    with connect(dsn) as work, connect(dsn) as publishing:
        for connection in (work, publishing):
            connection.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, false)", [f"{IDLE_S}s"])
            # few rows are looked up of large tables; the planner takes them for many more, and would read the whole
            connection.execute("SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off")
            connection.execute("SET jit = off")
        work.adapters.register_dumper(np.ndarray, ArrayDumper)
        segments = Segments(publishing)
        with _garbage_waiting():
            while done := _next_batch(work, segments, batch):
                counts.update(done)
                while segments.merge():
                    pass
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


def _next_batch(work: psycopg.Connection, segments: Segments, batch: int) -> dict[str, int] | None:
    """Take the next articles through all steps, in one transaction of `work`; return the counts, None at the end."""
    with work.transaction():
        claimed = sorted({article for (article,) in work.execute(query("claim_for_dedup"), {"articles": batch})})
        if not claimed:
            return None
        signed = _sign(work, claimed)
        is_filled = _publish(segments, signed)
        accepted, refused = _judge(signed, *_candidates(work, segments, signed, is_filled))
        work.execute(query("lock_dedup"), {"lock": LOCK})
        return {"articles": len(claimed), **_decide(work, signed, accepted, refused)}


def _sign(work: psycopg.Connection, claimed: list[int]) -> list[Arrived]:
    wanted = {"article_ids": claimed, "fewest_words": FEWEST_WORDS}
    rows = work.cursor(binary=True).execute(query("articles_to_sign"), wanted)
    found = []
    for article_id, outlet, url, headline, body, identifier, published, revision, body_sha256 in rows:
        document = Document(article_id, headline, "\n\n".join(body), url, outlet, published)
        signature = sign(document)
        found.append(Arrived(
            article_id=article_id,
            revision=revision,
            published=published,
            body=int.from_bytes(body_sha256[:8], signed=True) if body_sha256 else None,
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


def _columns(keys: Mapping[int, Collection[int]]) -> dict[str, Any]:
    """Return the keys of articles as one array, in which those of each end where the next one's begin."""
    ends = list(accumulate(map(len, keys.values())))
    return {
        "article_ids": list(keys),
        "firsts": [end - len(mine) + 1 for end, mine in zip(ends, keys.values(), strict=True)],
        "lasts": ends,
        "keys": np.fromiter(chain.from_iterable(keys.values()), np.int64),
    }


def _publish(segments: Segments, signed: Sequence[Arrived]) -> dict[int, bool]:
    """Commit the signatures and the entries of their keys, then enter them under the keys that are hot by then.

    Return these keys, and whether all articles that had them before are entered.
    """
    keys = {one.article_id: one.signature.keys for one in signed}
    with segments.connection.transaction():
        changed = segments.connection.execute(
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
                **_columns(keys),
            },
        ).fetchall()
        segments.publish(_entries({article: keys[article] for (article,) in changed}))
    mine = _entries(keys)
    hot = segments.connection.execute(query("hot_keys_of"), {"keys": mine[:, 0]}).fetchall()
    is_filled: dict[int, bool] = dict(hot)
    segments.connection.execute(query("insert_hot_key_articles"), _with_words(signed, _under(mine, is_filled)))
    return is_filled


def _under(entries: Entries, keys: Collection[int]) -> Entries:
    """Return the entries of these keys."""
    found: Entries = entries[np.isin(entries[:, 0], list(keys))]
    return found


def _with_words(signed: Sequence[Arrived], entries: Entries) -> dict[str, Any]:
    """Return the entries of signed articles as columns of table hot_key_articles."""
    words = {one.article_id: len(one.signature.body) for one in signed}
    lengths = np.fromiter(map(words.__getitem__, entries[:, 1].tolist()), np.int32)
    return {"keys": entries[:, 0], "words": lengths, "article_ids": entries[:, 1]}


def _entries(keys: Mapping[int, Collection[int]]) -> Entries:
    """Return rows of key and article, ascending."""
    found = np.empty((sum(map(len, keys.values())), 2), np.int64)
    found[:, 0] = np.fromiter(chain.from_iterable(keys.values()), np.int64)
    found[:, 1] = np.repeat(np.fromiter(keys, np.int64), [len(mine) for mine in keys.values()])
    return found[np.lexsort((found[:, 1], found[:, 0]))]


def _candidates(
    work: psycopg.Connection, segments: Segments, signed: Sequence[Arrived], is_filled: Mapping[int, bool]
) -> tuple[list[tuple[int, int]], dict[int, Stored]]:
    """Return pairs of ids, a claimed article first, that share SHARED_KEYS keys; and those that are stored, by id.

    They are those that share a key that is not hot, under a hot key those near in length, and those that stand as
    near-duplicates.
    """
    keys = {one.article_id: one.signature.keys for one in signed}
    mine = _entries(keys)
    hot = set(is_filled)
    entries = _probe(segments, mine, hot)
    crowded = _crowded(work, mine, entries, _in_crowds(mine, entries))  # which leaves few partners to count
    entries = entries[~np.isin(entries[:, 0], crowded)]
    hot.update(crowded)
    partners = _partners(mine, entries)
    if crowded := _crowded(work, mine, entries, _with_many(partners, mine, hot)):
        entries = entries[~np.isin(entries[:, 0], crowded)]
        hot.update(crowded)
        partners = _partners(mine, entries)
    if to_fill := sorted(key for key in hot if not is_filled.get(key)):
        _heat(segments, to_fill)
    ones, others, _ = _likely(partners, mine, hot)
    near = work.execute(query("near_partners"), {"article_ids": list(keys)}).fetchall()
    # under one hot key alone nobody is found who shares SHARED_KEYS: who shares another key too is a partner by that
    under_hot = _under(mine, hot)
    under_hot = under_hot[np.isin(under_hot[:, 1], _frequent(under_hot[:, 1], SHARED_KEYS - 1))]
    if len(under_hot):
        wanted = _with_words(signed, under_hot) | {"neighbours": NEIGHBOURS}
        near += work.execute(query("probe_hot_keys"), wanted).fetchall()
    pairs = dict.fromkeys(near, False) | dict.fromkeys(zip(ones.tolist(), others.tolist(), strict=True), True)
    stored = _stored(work, {other for _, other in pairs} - keys.keys())
    return _sharing(keys, pairs, stored, hot), stored


def _probe(segments: Segments, mine: Entries, hot: Collection[int]) -> Entries:
    """Return the entries of all articles that have one of these keys that is not hot, by key."""
    wanted = mine[~np.isin(mine[:, 0], list(hot))]
    found = segments.find(np.unique(wanted[:, 0]))
    found = np.concatenate([found[~np.isin(found[:, 1], mine[:, 1])], wanted])
    return found[np.argsort(found[:, 0])]


def _in_crowds(mine: Entries, entries: Entries) -> Keys:
    """Return the claimed articles of which a key is that of more than CROWD others."""
    found: Keys = mine[np.isin(mine[:, 0], _frequent(entries[:, 0], CROWD + 1)), 1]
    return found


def _with_many(partners: Partners, mine: Entries, hot: Collection[int]) -> Keys:
    """Return the claimed articles that share a key with more than CROWD others, or are likely pairs with many."""
    return np.concatenate([_frequent(partners[0], CROWD), _frequent(_likely(partners, mine, hot)[0], COMMON)])


def _frequent(values: Keys, most: int) -> Keys:
    distinct, counts = np.unique(values, return_counts=True)
    found: Keys = distinct[counts > most]
    return found


def _partners(mine: Entries, entries: Entries) -> Partners:
    """Return the pairs of a claimed article and another one that share keys of the entries."""
    first, last = (np.searchsorted(entries[:, 0], mine[:, 0], side) for side in ("left", "right"))
    claimed, one = np.unique(mine[:, 1], return_inverse=True)
    known, other = np.unique(entries[:, 1], return_inverse=True)
    width = max(len(known), 1)
    pairs = np.repeat(one * width, last - first) + other[ranges(first, last)]
    pairs, shared = np.unique(pairs, return_counts=True)
    ones, others = claimed[pairs // width], known[pairs % width]
    are_two = ones != others
    return ones[are_two], others[are_two], shared[are_two]


def _likely(partners: Partners, mine: Entries, hot: Collection[int]) -> Partners:
    """Return the pairs that share SHARED_KEYS keys that are not hot, or fewer and maybe hot ones."""
    ones, others, shared = partners
    are_likely = (shared >= SHARED_KEYS) | np.isin(ones, _under(mine, hot)[:, 1])
    return ones[are_likely], others[are_likely], shared[are_likely]


def _crowded(work: psycopg.Connection, mine: Entries, entries: Entries, articles: Keys) -> list[int]:
    """Return which of these articles' keys are those of more than COMMON."""
    keys = mine[np.isin(mine[:, 1], articles), 0]
    found = entries[np.isin(entries[:, 0], keys)]
    found = found[np.isin(found[:, 0], _frequent(found[:, 0], COMMON))]
    if not len(found):
        return []
    wanted = {"keys": found[:, 0], "article_ids": found[:, 1], "most": COMMON}
    return [key for (key,) in work.execute(query("crowded_keys"), wanted)]


def _heat(segments: Segments, keys: Sequence[int]) -> None:
    """Make the keys hot ones, each step committed: who publishes an article after the first enters it by itself."""
    publishing = segments.connection
    publishing.execute(query("insert_hot_keys"), {"keys": keys})
    entries = segments.find(np.array(keys, np.int64))
    publishing.execute(query("fill_hot_keys"), {"keys": entries[:, 0], "article_ids": entries[:, 1]})
    publishing.execute(query("mark_hot_keys_filled"), {"keys": keys})


def _stored(work: psycopg.Connection, article_ids: set[int]) -> dict[int, Stored]:
    wanted = {"article_ids": sorted(article_ids), "algorithm": ALGORITHM}
    cursor = work.cursor(binary=True)
    cursor.adapters.register_loader(adapters.types["int8"].array_oid, BytesLoader)
    rows = cursor.execute(query("find_signatures"), wanted)
    return {
        article: Stored(article, revision, published, body, keys, decompress(text))
        for article, revision, published, body, keys, text in rows
    }


def _sharing(
    keys: Mapping[int, Collection[int]],
    pairs: Mapping[tuple[int, int], bool],
    stored: Mapping[int, Stored],
    hot: Collection[int],
) -> list[tuple[int, int]]:
    """Return the pairs that share SHARED_KEYS keys, where it says true one that is not hot; of claimed ones once."""
    probed = [(pair, stored[pair[1]].keys) for pair in pairs if pair[1] in stored]
    mine = np.fromiter(chain.from_iterable(keys.values()), np.int64)
    numbers = {article: number for number, article in enumerate(keys)}
    shared = shared_keys(
        mine,
        ~np.isin(mine, list(hot)),
        np.fromiter(accumulate(map(len, keys.values()), initial=0), np.int64),
        np.fromiter((numbers[one] for (one, _), _ in probed), np.int64),
        np.frombuffer(b"".join(theirs for _, theirs in probed), np.uint8),
        np.fromiter(accumulate(len(theirs) for _, theirs in probed), np.int64),
    ).tolist()
    found = [
        pair
        for (pair, _), (all_, not_hot) in zip(probed, shared, strict=True)
        if all_ >= SHARED_KEYS and (not_hot or not pairs[pair])
    ]
    for one, other in pairs:
        is_first = other in keys and (one < other or (other, one) not in pairs)
        if is_first and len(set(keys[one]).intersection(keys[other])) >= SHARED_KEYS:
            found.append((one, other))
    return sorted(found)


def _judge(
    signed: Sequence[Arrived], pairs: Sequence[tuple[int, int]], stored: Mapping[int, Stored]
) -> tuple[list[Accepted], list[Refused]]:
    """Judge each pair; those with the very same text are left to the layer of exact content."""
    claimed = {one.article_id: one for one in signed}
    known: dict[int, Signed] = {**stored, **claimed}
    candidates: dict[int, list[Signed]] = defaultdict(list)
    for number, other in pairs:
        if known[other].body is None or known[other].body != claimed[number].body:
            candidates[number].append(known[other])
    accepted, refused = [], []
    for number, others in candidates.items():
        one = claimed[number]
        for each, verdict in zip(others, judge_each(one.text, [other.text for other in others]), strict=True):
            if verdict is None or verdict.differs:
                refused.append(Refused(one, each, differs=verdict is not None))
            elif _publication(one) < _publication(each):
                accepted.append(Accepted(one, each, verdict))
            else:
                accepted.append(Accepted(each, one, verdict.turned()))
    return sorted(accepted, key=lambda pair: (pair.copy.article_id, pair.original.article_id)), refused


def _publication(one: Signed) -> tuple[bool, datetime | None, int]:
    return one.published is None, one.published, one.article_id


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
