"""Deduplication beside datasketch and rensa with their usual settings, on one corpus in one run.

    python -m benchmarks.dedup [FILE | SIZE] [--among NUMBER] [--peers PACKAGES]

FILE holds an article a line (`.gz` too) with its true `cluster` beside `id`, `title` and `body`; without one, SIZE
articles (10,000) are generated. They are put among NUMBER other generated ones, in the order of `ts` (hours). Both
libraries are given three-word shingles, 128 permutations and bands for a Jaccard similarity of 0.5, and what they join
is a cluster. They are taken from the folder PACKAGES, where `make bench-dedup` installs them; one that is not there is
left out. CPU seconds are of this process; memory is what its peak grew by, so that the methods run from the leanest to
the hungriest.
"""

import argparse
import gzip
import json
import re
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.dedup_corpus import corpus
from scrapers.dedup.offline import deduplicate_documents
from scrapers.dedup.text.documents import Document

PERMUTATIONS, THRESHOLD = 128, 0.5

Row = dict[str, Any]
Labels = dict[Any, Any]  # id → cluster


def main(given: str = "10000", among: int = 0) -> None:
    """Print a row a method: precision, recall, F1, largest false cluster, articles a CPU second, memory.

    A second table has the share of the copies of each kind that Warta joins with a true copy.
    """
    rows = labelled(given, among)
    by_kind = Table("copies", "linked", "of")
    table = Table("method", "precision", "recall", "F1", "stories joined", "articles / CPU s", "+MB")
    for name, method in {"warta": warta, "rensa": rensa, "datasketch": datasketch}.items():
        try:
            before, started = _peak(), time.process_time()
            labels = method(rows)
        except ImportError as error:
            print(f"{name} is left out: {error}")  # noqa: T201
            continue
        seconds = time.process_time() - started
        precision, recall, f1, joined = scores(rows, labels)
        figures = f"{precision:.4f}", f"{recall:.4f}", f"{f1:.4f}", str(joined)
        table.add_row(name, *figures, f"{len(rows) / seconds:,.0f}", f"{_peak() - before:,.0f}")
        for kind, (linked, copies) in linked_by_kind(rows, labels).items() if name == "warta" else ():
            by_kind.add_row(kind, f"{linked / copies:.4f}", str(copies))
    Console().print(table)
    Console().print(by_kind)


def labelled(given: str, among: int = 0) -> list[Row]:
    """Return the articles of a file, or as many generated ones as a number says, among other generated ones."""
    rows = corpus(int(given), seed=1) if given.isdigit() else _read(Path(given))
    return sorted([*rows, *generated(among)], key=lambda row: float(row.get("ts", 0)))


def generated(size: int) -> Iterator[Row]:
    """Yield generated articles whose ids and clusters are no other corpus'."""
    for row in corpus(size, seed=2):
        yield row | {"id": f"generated-{row['id']}", "cluster": f"generated-{row['cluster']}"}


def scores(rows: Iterable[Row], labels: Labels) -> tuple[float, float, float, int]:
    """Return pairwise precision, recall and F1, and how many stories the worst cluster joins."""
    truth = {row["id"]: row["cluster"] for row in rows}
    stories: dict[Any, set[Any]] = defaultdict(set)
    for article, story in truth.items():
        stories[labels[article]].add(story)
    said, true = _pairs(labels.values()), _pairs(truth.values())
    both = _pairs((labels[article], story) for article, story in truth.items())
    precision, recall = both / said if said else 1.0, both / true if true else 1.0
    f1 = 2 * precision * recall / (precision + recall) if both else 0.0
    return precision, recall, f1, max(map(len, stories.values()))


def linked_by_kind(rows: Iterable[Row], labels: Labels) -> dict[str, tuple[int, int]]:
    """Return of each kind of copy (`strength`) how many are joined with another article of their story, and how many
    there are."""
    members: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        members[row["cluster"]].append(row)
    found: dict[str, list[bool]] = defaultdict(list)
    for story in members.values():
        together = Counter(labels[row["id"]] for row in story)
        for row in story if len(story) > 1 else ():
            if row.get("strength", "orig") != "orig":
                found[row["strength"]].append(together[labels[row["id"]]] > 1)
    return {kind: (sum(linked), len(linked)) for kind, linked in sorted(found.items())}


def _pairs(labels: Iterable[Any]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(labels).values())


def warta(rows: list[Row]) -> Labels:
    """Cluster as `warta dedup --input` does."""
    documents = (Document(row["id"], row["title"], row["body"], outlet=row.get("outlet")) for row in rows)
    return {answer["id"]: answer["cluster"] for answer in deduplicate_documents(documents)}


def rensa(rows: list[Row]) -> Labels:
    """Cluster with rensa's RMinHash and LSH."""
    library = import_module("rensa")
    index = library.RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=32)
    sketches = []
    for number, row in enumerate(rows):
        sketch = library.RMinHash(num_perm=PERMUTATIONS, seed=1)
        sketch.update(_shingles(row))
        index.insert(number, sketch)
        sketches.append(sketch)
    edges = ((number, other) for number, sketch in enumerate(sketches) for other in index.query(sketch))
    return _joined(rows, ((a, b) for a, b in edges if a < b and sketches[a].jaccard(sketches[b]) >= THRESHOLD))


def datasketch(rows: list[Row]) -> Labels:
    """Cluster with datasketch's MinHash and MinHashLSH."""
    library = import_module("datasketch")
    index = library.MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    sketches = []
    for number, row in enumerate(rows):
        sketch = library.MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([shingle.encode() for shingle in _shingles(row)])
        index.insert(number, sketch)
        sketches.append(sketch)
    return _joined(rows, ((number, other) for number, sketch in enumerate(sketches) for other in index.query(sketch)))


def _shingles(row: Row) -> list[str]:
    words = re.findall(r"\w+", row["body"].lower())
    return [" ".join(words[place : place + 3]) for place in range(max(1, len(words) - 2))]


def _joined(rows: list[Row], edges: Iterable[tuple[int, int]]) -> Labels:
    parents = list(range(len(rows)))

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = number = parents[parents[number]]
        return number

    for one, other in edges:
        parents[root(one)] = root(other)
    return {row["id"]: root(number) for number, row in enumerate(rows)}


def _read(path: Path) -> Iterator[Row]:
    opener: Callable[..., Any] = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _peak() -> float:
    scale = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is bytes on macOS, kilobytes on Linux
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 2**20


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", default="10000", help="labelled file, or number of articles to generate")
    parser.add_argument("--among", type=int, default=0, help="other generated articles to put them among")
    parser.add_argument("--peers", metavar="PACKAGES", help="the folder in which the other libraries are installed")
    arguments = parser.parse_args()
    if arguments.peers:
        sys.path.append(arguments.peers)  # last, so that Warta runs with its own
    main(arguments.corpus, arguments.among)
