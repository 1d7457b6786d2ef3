"""Segments of the key index in Postgres: each is a sorted run of entries, written once, in blocks.

An entry says that an article had a sketch key when the article was published. A worker holds the entries of a small
segment in memory. Of a large one it holds a Bloom filter of the keys and the fence keys, the first key of each block,
which tell which blocks to fetch.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import psycopg

from scrapers.dedup.arrays import ArrayDumper
from scrapers.dedup.key_index.bloom_filter import CACHE_LINE, Filter, add_keys, may_contain
from scrapers.dedup.key_index.entries import Entries, Keys, find_places
from scrapers.storage.connection import query

MAX_RESIDENT_ENTRIES = 500_000  # of a segment that is held in memory as a whole: 8 MB
FILTER_BITS = 12  # for each entry of a larger one
MAX_FILTER_BYTES = 32 << 20  # a segment of more than 700,000 articles has fewer bits a key
FETCHED_BLOCKS = 1_000  # at a time
FETCHED_FILTER_BYTES = 1 << 18  # at a time
ENTRY_BYTES = 16  # key and article, each a bigint as Postgres sends it

NO_KEYS, NO_ENTRIES = np.empty(0, np.int64), np.empty((0, 2), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A segment and what a worker holds of it in memory: fence keys, and entries or a filter."""

    segment_id: int
    level: int
    size: int  # entries
    blocks: int
    has_filter: bool
    fence_keys: Keys = field(default_factory=lambda: NO_KEYS)  # empty until they are read
    entries: Entries | None = None
    filter: Filter | None = None

    @property
    def is_small(self) -> bool:
        """Whether it is held in memory as a whole."""
        return self.size <= MAX_RESIDENT_ENTRIES

    @property
    def is_resident(self) -> bool:
        """Whether its entries or its filter are in memory."""
        return self.entries is not None or self.filter is not None

    @property
    def memory(self) -> int:
        """The bytes that its entries or its filter take in memory."""
        return self.size * ENTRY_BYTES if self.is_small else _filter_bytes(self.size)

    def blocks_with(self, keys: Keys) -> Keys:
        """Return the numbers of the blocks that may have entries with one of the keys."""
        if self.filter is not None:
            keys = keys[may_contain(keys, self.filter)]
        first, last = self.blocks_between(keys, keys)
        return np.unique(ranges(first, last))

    def blocks_between(self, low: Keys, high: Keys) -> tuple[Keys, Keys]:
        """Return for each range of keys, `high` included, its first block and the block after its last."""
        first = np.searchsorted(self.fence_keys, low, "left") - 1  # the same key may end the block before
        return np.maximum(first, 0), np.searchsorted(self.fence_keys, high, "right")


class SegmentStore:
    """Reads and writes segments in Postgres."""

    def __init__(self, connection: psycopg.Connection) -> None:
        connection.adapters.register_dumper(np.ndarray, ArrayDumper)
        self.connection = connection

    def listed(self) -> list[Segment]:
        """Return all segments, without fence keys, entries and filters."""
        return [Segment(*row) for row in self.connection.execute(query("list_key_segments"))]

    def fence_keys(self, segment_ids: Sequence[int]) -> dict[int, Keys]:
        """Return the fence keys of the segments."""
        if not segment_ids:
            return {}
        # row by row: a result set with all of them would take as much memory again
        wanted = {"segment_ids": segment_ids}
        rows = self.connection.cursor().stream(query("read_fence_keys"), wanted, binary=True)
        return {segment_id: _to_numbers(fence_keys) for segment_id, fence_keys in rows}

    def filters(self, segment_ids: Sequence[int]) -> dict[int, Filter]:
        """Return the filters of those segments that have one."""
        filters: dict[int, Filter] = {}
        if segment_ids:
            wanted = {"segment_ids": segment_ids, "part": FETCHED_FILTER_BYTES}
            # part by part: a whole filter would be in memory three times on its way
            parts = self.connection.cursor().stream(query("read_key_filters"), wanted, binary=True)
            for segment_id, first, length, part in parts:
                if segment_id not in filters:
                    filters[segment_id] = np.empty(length // 8, "<u8")
                filters[segment_id].view(np.uint8)[first : first + len(part)] = np.frombuffer(part, np.uint8)
        return filters

    def entries_of_blocks(self, segment_id: int, first: int, last: int) -> Entries:
        """Return the entries of a segment's blocks from `first` to the one before `last`."""
        wanted = {"segment_id": segment_id, "first": first, "last": last}
        return _to_entries(self.connection.cursor(binary=True).execute(query("key_blocks_between"), wanted).fetchall())

    def find(self, keys: Keys, blocks: Mapping[int, Keys]) -> Iterator[Entries]:
        """Yield the entries with one of the keys from the given blocks of each segment."""
        lasts = np.cumsum([len(numbers) for numbers in blocks.values()], dtype=np.int32)
        wanted = {
            "segment_ids": np.fromiter(blocks, np.int64),
            "firsts": np.append(np.int32(0), lasts[:-1]) + np.int32(1),
            "lasts": lasts,
            "blocks": np.concatenate(list(blocks.values())).astype(np.int32),
        }
        with self.connection.cursor("key_blocks", binary=True) as cursor:  # the blocks may not fit in memory
            cursor.execute(query("find_key_blocks"), wanted)
            while rows := cursor.fetchmany(FETCHED_BLOCKS):
                entries = _to_entries(rows)
                yield entries_with(keys, entries[np.argsort(entries[:, 0])])

    def write(self, level: int, most: int, parts: Iterable[Entries], block: int) -> None:
        """Write a segment of at most `most` entries, in blocks of `block` entries; the parts ascend."""
        [(segment_id,)] = self.connection.execute(query("next_key_segment")).fetchall()
        words = np.zeros(0 if fits_in_memory(most) else _filter_bytes(most) // 8, "<u8")
        fence_keys, count = np.empty(most // block + 1, ">i8"), 0
        left, size = NO_ENTRIES, 0
        for part in chain(parts, [None]):
            if part is not None:
                left, size = np.concatenate([left, part]), size + len(part)
                if len(words):
                    add_keys(part[:, 0], words)
            whole = len(left) if part is None else len(left) // block * block
            blocks = _to_blocks(left[:whole], block)
            if blocks:
                numbers = {"segment_id": segment_id, "first": count, "blocks": blocks}
                self.connection.execute(query("insert_key_blocks"), numbers)
            fence_keys[count : count + len(blocks)] = left[:whole:block, 0]
            left, count = left[whole:], count + len(blocks)
        self.connection.execute(query("insert_key_segment"), {
            "segment_id": segment_id,
            "level": level,
            "entries": size,
            "fence_keys": fence_keys[:count].data,
            "filter": words.data if len(words) else None,
        })  # fmt: skip

    def delete(self, segment_ids: Sequence[int]) -> None:
        """Delete the segments."""
        self.connection.execute(query("delete_key_segments"), {"segment_ids": segment_ids})


def fits_in_memory(size: int) -> bool:
    """Return whether a segment of `size` entries is held in memory as a whole."""
    return size <= MAX_RESIDENT_ENTRIES


def entries_with(keys: Keys, entries: Entries) -> Entries:
    """Return the entries with one of the keys; both ascend by key."""
    found: Entries = entries[find_places(keys, entries[:, 0])]
    return found


def ranges(firsts: Keys, lasts: Keys) -> Keys:
    """Return the numbers of all ranges from `firsts[i]` up to, without, `lasts[i]`, one range after the other."""
    counts = lasts - firsts
    before = np.cumsum(counts) - counts
    numbers: Keys = np.arange(counts.sum()) + np.repeat(firsts - before, counts)
    return numbers


def _filter_bytes(size: int) -> int:
    lines = min(size * FILTER_BITS // 8, MAX_FILTER_BYTES) // (8 * CACHE_LINE)
    return max(lines, 1) * 8 * CACHE_LINE


def _to_blocks(entries: Entries, block: int) -> list[bytes]:
    """Return the entries as the bytes of blocks of `block` entries; the last may have fewer."""
    written = np.ascontiguousarray(entries, ">i8").tobytes()
    return [written[at : at + block * ENTRY_BYTES] for at in range(0, len(written), block * ENTRY_BYTES)]


def _to_numbers(sent: bytes) -> Keys:
    return np.frombuffer(sent, ">i8").astype(np.int64)


def _to_entries(rows: Iterable[tuple[bytes]]) -> Entries:
    entries: Entries = _to_numbers(b"".join(block for (block,) in rows)).reshape(-1, 2)
    return entries
