"""How small raw pages get with earlier pages of their outlet as the dictionary, beside gzip.

    python -m benchmarks.snapshots FOLDER

FOLDER is one that benchmarks.extract reads. Of each host with at least six pages the first four are the dictionary, and
the rest is compressed with it, as a crawl does and as upkeep does later.
"""

import argparse
import gzip
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from benchmarks.extract import Case, cases
from scrapers.storage.snapshots import BEST_LEVEL, DICTIONARY_PAGES, FAST_LEVEL, Dictionary, pack

FEWEST = DICTIONARY_PAGES + 2


@dataclass(frozen=True, slots=True)
class Stored:
    """Stored bytes by those of gzip, by host, and milliseconds of CPU a page."""

    ratios: Sequence[float]
    of_all: float
    ms: float


def by_host(every: Iterable[Case]) -> list[list[bytes]]:
    """Return the pages of each host that has enough of them."""
    hosts: dict[str, list[bytes]] = defaultdict(list)
    for case in every:
        hosts[urlsplit(case.url).netloc].append(case.body)
    return [bodies for bodies in hosts.values() if len(bodies) >= FEWEST]


def measure(hosts: Sequence[Sequence[bytes]], level: int, pages: int) -> Stored:
    """Compress all but the first pages of each host; `pages` of these are its dictionary."""
    took, stored, zipped = 0.0, [], []
    for bodies in hosts:
        joined = b"".join(bodies[:pages])
        dictionary = Dictionary(sha256(joined).digest(), joined) if pages else None
        pack(b"", dictionary, level)
        start = time.process_time()
        stored.append(sum(len(pack(body, dictionary, level)) for body in bodies[DICTIONARY_PAGES:]))
        took += time.process_time() - start
        zipped.append(sum(len(gzip.compress(body, 6)) for body in bodies[DICTIONARY_PAGES:]))
    count = sum(len(bodies) - DICTIONARY_PAGES for bodies in hosts)
    ratios = [ours / gzips for ours, gzips in zip(stored, zipped, strict=True)]
    return Stored(ratios, sum(stored) / sum(zipped), 1000 * took / count)


def main(folder: Path) -> None:
    """Measure and print."""
    hosts = by_host(cases(folder))
    if not hosts:
        raise SystemExit(f"{folder} has no host with {FEWEST} pages")
    table = Table("zstd", "of gzip's bytes", "median host", "worst host", "ms a page", title=f"{len(hosts)} hosts")
    for level, pages in (
        (FAST_LEVEL, 0),
        (FAST_LEVEL, 1),
        (FAST_LEVEL, DICTIONARY_PAGES),
        (BEST_LEVEL, DICTIONARY_PAGES),
    ):
        found = measure(hosts, level, pages)
        cells = (found.of_all, median(found.ratios), max(found.ratios))
        table.add_row(f"level {level}, {pages} pages", *(f"{cell:.2f}" for cell in cells), f"{found.ms:.2f}")
    Console(file=sys.stdout).print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    main(parser.parse_args().folder)
