"""Which articles have a key: segments of sorted entries in Postgres, each written once, and merged as they grow.

A log-structured merge-tree (O'Neil et al. 1996). Keys are hashes: in a tree, each of an article's keys would change a
page of its own. Here those of a batch are a segment, and FANOUT segments of a level become one of the next, so that an
entry is written as often as there are levels. A worker holds small segments whole; of a large one it holds a Bloom
filter (1970; all bits of a key in one line of the cache: Putze, Sanders and Singler 2007) and the first key of each
block, and fetches the blocks that may have what it looks for. The more there is in all, the larger are the blocks of
what is merged, so that any worker can hold their first keys.

An entry says that its article had the key when it was published; which keys it has now, its signature says.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import accumulate, chain, pairwise

import numpy as np
import psycopg
from numpy.typing import NDArray

from scrapers.dedup.arrays import ArrayDumper
from scrapers.dedup.merging import LINE, Filter, enter, may_have, merged, places_of
from scrapers.storage.connection import query

LOCK = 0x44454B4D  # "DEKM": the advisory lock under which segments are merged, by one at a time
FANOUT = 8  # segments of a level, which become one of the next
BLOCK = 60  # entries in a row of key_blocks; eight such rows fill a page. Of many segments a multiple of it
FIRSTS = 3 << 20  # blocks in all, above which new ones are larger: some six million articles have as many
HELD = 500_000  # entries of a segment, up to which a worker holds all of them: 8 MB
FILTER_BITS = 12  # for each entry of a larger one
LONGEST_FILTER = 32 << 20  # bytes; of a segment of more than 700,000 articles a key has fewer bits
MEMORY = 160 << 20  # bytes of all that is held; in segments for which there is none left, every key is looked for
AT_ONCE = 60_000  # entries of the largest segment that are merged at a time
FETCHED = 1_000  # blocks that are fetched at a time
PART = 1 << 18  # bytes of a filter that are fetched at a time
ENTRY = 16  # bytes: key and article, each a bigint as Postgres sends it

Keys = NDArray[np.int64]
Entries = NDArray[np.int64]  # rows of key and article, ascending
_NO_KEYS, _NO_ENTRIES = np.empty(0, np.int64), np.empty((0, 2), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class _Segment:
    segment_id: int
    level: int
    size: int  # entries
    blocks: int
    has_filter: bool
    firsts: Keys = field(default_factory=lambda: _NO_KEYS)  # the first key of each block; none before they are read
    entries: Entries | None = None
    filter: Filter | None = None

    @property
    def is_small(self) -> bool:
        return self.size <= HELD

    @property
    def is_held(self) -> bool:
        return self.entries is not None or self.filter is not None

    @property
    def memory(self) -> int:
        """Bytes that it takes to hold it."""
        return self.size * ENTRY if self.is_small else _filter_bytes(self.size)

    def blocks_of(self, keys: Keys) -> Keys:
        """Return the numbers of the blocks that may have one of the keys."""
        if self.filter is not None:
            keys = keys[may_have(keys, self.filter)]
        first, last = self.blocks_between(keys, keys)
        return np.unique(ranges(first, last))

    def blocks_between(self, low: Keys, high: Keys) -> tuple[Keys, Keys]:
        """Return the first block that may have a key from low to high, and the one behind the last."""
        first = np.searchsorted(self.firsts, low, "left") - 1  # the same key may end the block before
        return np.maximum(first, 0), np.searchsorted(self.firsts, high, "right")


def places_in(keys: Keys, entries: Entries) -> Keys:
    """Return the places of the entries that have one of the keys; both ascend."""
    found: Keys = places_of(keys, entries[:, 0])
    return found


class Segments:
    """The segments as one worker knows them; what others publish and merge it sees when it looks for keys."""

    def __init__(self, connection: psycopg.Connection) -> None:
        connection.adapters.register_dumper(np.ndarray, ArrayDumper)
        self.connection = connection
        self._known: dict[int, _Segment] = {}

    def publish(self, entries: Entries) -> None:
        """Write the entries as a segment, in the caller's transaction."""
        if len(entries):
            self._write(0, len(entries), [entries], BLOCK)

    def find(self, keys: Keys) -> Entries:
        """Return the entries of the keys, which ascend, as of now and in any order.

        An article that was published again may be there twice, or with a key that it has no more.
        """
        with self.connection.transaction():
            # of one snapshot: a segment must not be merged between the look at its filter and that at its blocks
            self.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            self._refresh()
            found, blocks = [_NO_ENTRIES], {}
            for segment in self._known.values():
                if segment.entries is not None:
                    found.append(segment.entries[places_in(keys, segment.entries)])
                else:
                    blocks[segment.segment_id] = segment.blocks_of(keys)
            if blocks:
                lasts = np.cumsum([len(numbers) for numbers in blocks.values()], dtype=np.int32)
                wanted = {
                    "segment_ids": np.fromiter(blocks, np.int64),
                    "firsts": np.append(np.int32(0), lasts[:-1]) + np.int32(1),
                    "lasts": lasts,
                    "blocks": np.concatenate(list(blocks.values())).astype(np.int32),
                }
                with self.connection.cursor("key_blocks", binary=True) as cursor:  # they may be more than fit in memory
                    cursor.execute(query("find_key_blocks"), wanted)
                    while rows := cursor.fetchmany(FETCHED):
                        entries = _entries(rows)
                        entries = entries[np.argsort(entries[:, 0])]
                        found.append(entries[places_in(keys, entries)])
        return np.concatenate(found)

    def merge(self) -> bool:
        """Merge the segments of a level that has many, unless another worker merges; tell whether it was done."""
        with self.connection.transaction():
            [(is_mine,)] = self.connection.execute(query("try_lock_key_segments"), {"lock": LOCK}).fetchall()
            listed = self._listed() if is_mine else []
            segments = _to_merge(listed)
            if not segments:
                return False
            size = sum(segment.size for segment in segments)
            if size > HELD:
                self._known = {}  # to write the filter of a large one takes as much memory as all that is held
            known = {segment.segment_id: self._known.get(segment.segment_id, segment) for segment in segments}
            sources = list(self._read(known, set()).values())
            level = segments[0].level + (len(segments) > 1)
            block = BLOCK * (1 + sum(segment.size for segment in listed) // (BLOCK * FIRSTS))
            self._write(level, size, self._merged(sources), block)
            self.connection.execute(query("delete_key_segments"), {"segment_ids": list(known)})
        return True

    def _listed(self) -> list[_Segment]:
        return [_Segment(*row) for row in self.connection.execute(query("key_segments"))]

    def _refresh(self) -> None:
        """Learn of the segments that are there now, and hold as many as there is memory for, the smallest first."""
        listed = {segment.segment_id: segment for segment in self._listed()}
        by_size = sorted(listed.values(), key=lambda segment: segment.size)
        needed = accumulate(segment.memory for segment in by_size)
        left = MEMORY - sum(segment.blocks for segment in by_size) * _NO_KEYS.itemsize
        held = {segment.segment_id for segment, memory in zip(by_size, needed, strict=True) if memory <= left}
        self._known = self._read({number: self._known.get(number, listed[number]) for number in listed}, held)

    def _read(self, segments: Mapping[int, _Segment], held: Collection[int]) -> dict[int, _Segment]:
        """Return the segments with the first keys of their blocks, and with what is held of those to be held."""
        read = dict(segments)
        if unread := [number for number, segment in segments.items() if not len(segment.firsts)]:
            # row by row: a result of them all would take as much memory again
            rows = self.connection.cursor().stream(query("read_key_segments"), {"segment_ids": unread}, binary=True)
            for number, firsts in rows:
                read[number] = replace(read[number], firsts=_numbers(firsts))
        lacking = [number for number in held if not segments[number].is_held]
        filters = self._filters([number for number in lacking if not segments[number].is_small])
        for number in lacking:
            if number in filters:
                read[number] = replace(read[number], filter=filters[number])
            elif read[number].is_small:
                read[number] = replace(read[number], entries=self._blocks(number, 0, len(read[number].firsts)))
        return read

    def _filters(self, segment_ids: Sequence[int]) -> dict[int, Filter]:
        """Return the filters of those of the segments that have one."""
        found: dict[int, Filter] = {}
        if segment_ids:
            wanted = {"segment_ids": segment_ids, "part": PART}
            # part by part: a whole one would be in memory three times more on its way
            parts = self.connection.cursor().stream(query("read_key_filters"), wanted, binary=True)
            for number, first, length, part in parts:
                if number not in found:
                    found[number] = np.empty(length // 8, "<u8")
                found[number].view(np.uint8)[first : first + len(part)] = np.frombuffer(part, np.uint8)
        return found

    def _blocks(self, segment_id: int, first: int, last: int) -> Entries:
        """Return the entries of a segment's blocks from the first to the one before the last."""
        wanted = {"segment_id": segment_id, "first": first, "last": last}
        return _entries(self.connection.cursor(binary=True).execute(query("key_blocks_between"), wanted).fetchall())

    def _merged(self, segments: Sequence[_Segment]) -> Iterator[Entries]:
        """Yield the entries of all the segments, in parts that ascend."""
        largest = max(segments, key=lambda segment: segment.size)
        step = max(1, AT_ONCE * largest.blocks // largest.size)
        edges = [None, *np.unique(largest.firsts[step::step]).tolist(), None]
        for low, high in pairwise(edges):
            parts = [self._between(segment, low, high) for segment in segments]
            while len(parts) > 1:
                parts = [reduce(merged, parts[at : at + 2]) for at in range(0, len(parts), 2)]
            yield parts[0]

    def _between(self, segment: _Segment, low: int | None, high: int | None) -> Entries:
        """Return the entries of a segment with keys from low to below high; None is no limit."""
        entries = segment.entries
        if entries is None:
            first, last = 0, len(segment.firsts)
            if low is not None:
                first = int(segment.blocks_between(np.array([low]), np.array([low]))[0][0])
            if high is not None:
                last = int(segment.blocks_between(np.array([high]), np.array([high]))[1][0])
            entries = self._blocks(segment.segment_id, first, last)
        start = 0 if low is None else int(np.searchsorted(entries[:, 0], low))
        end = len(entries) if high is None else int(np.searchsorted(entries[:, 0], high))
        return entries[start:end]

    def _write(self, level: int, most: int, parts: Iterable[Entries], block: int) -> None:
        """Write a segment of at most as many entries, which come in parts that ascend, so many in a block."""
        [(segment_id,)] = self.connection.execute(query("next_key_segment")).fetchall()
        words = np.zeros(_filter_bytes(most) // 8 if most > HELD else 0, "<u8")
        firsts, count = np.empty(most // block + 1, ">i8"), 0
        left, size = _NO_ENTRIES, 0
        for part in chain(parts, [None]):
            if part is not None:
                left, size = np.concatenate([left, part]), size + len(part)
                if len(words):
                    enter(part[:, 0], words)
            whole = len(left) if part is None else len(left) // block * block
            written = np.ascontiguousarray(left[:whole], ">i8").tobytes()
            blocks = [written[at : at + block * ENTRY] for at in range(0, len(written), block * ENTRY)]
            if blocks:
                numbers = {"segment_id": segment_id, "first": count, "blocks": blocks}
                self.connection.execute(query("insert_key_blocks"), numbers)
            firsts[count : count + len(blocks)] = left[:whole:block, 0]
            left, count = left[whole:], count + len(blocks)
        self.connection.execute(query("insert_key_segment"), {
            "segment_id": segment_id,
            "level": level,
            "entries": size,
            "firsts": firsts[:count].data,
            "filter": words.data if len(words) else None,
        })  # fmt: skip


def _to_merge(segments: Sequence[_Segment]) -> list[_Segment]:
    """Return the segments of the lowest level that has FANOUT, else one that is large and has no filter yet."""
    levels: dict[int, list[_Segment]] = defaultdict(list)
    for segment in segments:
        levels[segment.level].append(segment)
    for _, found in sorted(levels.items()):
        if len(found) >= FANOUT:
            return found
    return [segment for segment in segments if not segment.is_small and not segment.has_filter][:1]


def _filter_bytes(entries: int) -> int:
    lines = min(entries * FILTER_BITS // 8, LONGEST_FILTER) // (8 * LINE)
    return max(lines, 1) * 8 * LINE


def _numbers(sent: bytes) -> Keys:
    return np.frombuffer(sent, ">i8").astype(np.int64)


def _entries(rows: Iterable[tuple[bytes]]) -> Entries:
    found: Entries = _numbers(b"".join(entries for (entries,) in rows)).reshape(-1, 2)
    return found


def ranges(firsts: Keys, lasts: Keys) -> Keys:
    """Return the numbers from each first to the one before its last, one range after the other."""
    counts = lasts - firsts
    before = np.cumsum(counts) - counts
    found: Keys = np.arange(counts.sum()) + np.repeat(firsts - before, counts)
    return found
