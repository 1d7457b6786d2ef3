"""The key index: which articles have a sketch key. `KeyIndex` publishes entries, finds them, and merges segments.

It is a log-structured merge-tree (O'Neil et al. 1996). Keys are hashes, so in a B-tree each key of an article would
change a page of its own. Here the entries of a batch become one segment, and FANOUT segments of a level are merged into
one of the next level, so that an entry is written once a level. The more entries there are in all, the larger are the
blocks of merged segments, so that any worker can hold all fence keys in memory.

Entries are never changed: which keys an article has now, its signature says.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import accumulate, pairwise

import numpy as np
import psycopg

from scrapers.dedup.key_index.entries import Entries, Keys, merge
from scrapers.dedup.key_index.segments import NO_ENTRIES, NO_KEYS, Segment, SegmentStore, entries_with, fits_in_memory
from scrapers.storage.connection import query

MERGE_LOCK = 0x44454B4D  # "DEKM": the advisory lock held by the one worker that merges segments
FANOUT = 8  # segments of a level, which are merged into one of the next
BLOCK_ENTRIES = 60  # in a row of key_blocks: eight rows fill a page; a multiple of it in large indexes
MAX_BLOCKS = 3 << 20  # in all, above which new ones are larger; some six million articles have as many
MAX_MEMORY = 160 << 20  # bytes held by a worker; in segments beyond it, every key is looked for
MERGED_ENTRIES = 60_000  # entries of the largest segment that are merged at a time


class KeyIndex:
    """The key index as one worker sees it; each search takes in what other workers published and merged."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self._store = SegmentStore(connection)
        self._known: dict[int, Segment] = {}

    def publish(self, entries: Entries) -> None:
        """Write the entries as a new segment, in the caller's transaction."""
        if len(entries):
            self._store.write(0, len(entries), [entries], BLOCK_ENTRIES)

    def find(self, keys: Keys) -> Entries:
        """Return the entries with one of the keys, which ascend; the entries have no order.

        An article that was published again may come twice, or with a key that it no longer has.
        """
        with self.connection.transaction():
            # one snapshot for all: no segment may be merged between reading its filter and reading its blocks
            self.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            self._refresh()
            found, blocks = [NO_ENTRIES], {}
            for segment in self._known.values():
                if segment.entries is not None:
                    found.append(entries_with(keys, segment.entries))
                else:
                    blocks[segment.segment_id] = segment.blocks_with(keys)
            if blocks:
                found += self._store.find(keys, blocks)
        return np.concatenate(found)

    def merge(self) -> bool:
        """Merge the segments of one full level; return False if no level is full or another worker is merging."""
        with self.connection.transaction():
            [(is_mine,)] = self.connection.execute(query("try_lock"), {"lock": MERGE_LOCK}).fetchall()
            listed = self._store.listed() if is_mine else []
            segments = _to_merge(listed)
            if not segments:
                return False
            size = sum(segment.size for segment in segments)
            if not fits_in_memory(size):
                self._known = {}  # writing the filter of a large segment takes as much memory as all that is held
            known = {segment.segment_id: self._known.get(segment.segment_id, segment) for segment in segments}
            sources = list(self._load(known, set()).values())
            level = segments[0].level + (len(segments) > 1)
            block = BLOCK_ENTRIES * (1 + sum(segment.size for segment in listed) // (BLOCK_ENTRIES * MAX_BLOCKS))
            self._store.write(level, size, self._merged(sources), block)
            self._store.delete(list(known))
        return True

    def _refresh(self) -> None:
        """Take in the segments of now, and hold in memory as many as fit, the smallest first."""
        listed = {segment.segment_id: segment for segment in self._store.listed()}
        by_size = sorted(listed.values(), key=lambda segment: segment.size)
        needed = accumulate(segment.memory for segment in by_size)
        left = MAX_MEMORY - sum(segment.blocks for segment in by_size) * NO_KEYS.itemsize
        resident = {segment.segment_id for segment, memory in zip(by_size, needed, strict=True) if memory <= left}
        self._known = self._load({number: self._known.get(number, listed[number]) for number in listed}, resident)

    def _load(self, segments: Mapping[int, Segment], resident: Collection[int]) -> dict[int, Segment]:
        """Return the segments with their fence keys, and those in `resident` with their entries or filters."""
        loaded = dict(segments)
        without_fences = [number for number, segment in segments.items() if not len(segment.fence_keys)]
        for number, fence_keys in self._store.fence_keys(without_fences).items():
            loaded[number] = replace(loaded[number], fence_keys=fence_keys)
        missing = [number for number in resident if not segments[number].is_resident]
        filters = self._store.filters([number for number in missing if not segments[number].is_small])
        for number in missing:
            segment = loaded[number]
            if number in filters:
                loaded[number] = replace(segment, filter=filters[number])
            elif segment.is_small:
                entries = self._store.entries_of_blocks(number, 0, len(segment.fence_keys))
                loaded[number] = replace(segment, entries=entries)
        return loaded

    def _merged(self, segments: Sequence[Segment]) -> Iterator[Entries]:
        """Yield the entries of all the segments in parts, which ascend."""
        largest = max(segments, key=lambda segment: segment.size)
        step = max(1, MERGED_ENTRIES * largest.blocks // largest.size)
        edges = [None, *np.unique(largest.fence_keys[step::step]).tolist(), None]
        for low, high in pairwise(edges):
            parts = [self._between(segment, low, high) for segment in segments]
            while len(parts) > 1:
                parts = [reduce(merge, parts[at : at + 2]) for at in range(0, len(parts), 2)]
            yield parts[0]

    def _between(self, segment: Segment, low: int | None, high: int | None) -> Entries:
        """Return a segment's entries with keys from `low` up to, without, `high`; None is no limit."""
        entries = segment.entries
        if entries is None:
            first, last = 0, len(segment.fence_keys)
            if low is not None:
                first = int(segment.blocks_between(np.array([low]), np.array([low]))[0][0])
            if high is not None:
                last = int(segment.blocks_between(np.array([high]), np.array([high]))[1][0])
            entries = self._store.entries_of_blocks(segment.segment_id, first, last)
        start = 0 if low is None else int(np.searchsorted(entries[:, 0], low))
        end = len(entries) if high is None else int(np.searchsorted(entries[:, 0], high))
        return entries[start:end]


def _to_merge(segments: Sequence[Segment]) -> list[Segment]:
    """Return the segments of the lowest full level, else one large segment that has no filter yet, if any."""
    levels: dict[int, list[Segment]] = defaultdict(list)
    for segment in segments:
        levels[segment.level].append(segment)
    for _, of_level in sorted(levels.items()):
        if len(of_level) >= FANOUT:
            return of_level
    return [segment for segment in segments if not segment.is_small and not segment.has_filter][:1]
