"""What deduplication costs in Postgres: CPU beside 100,000 and 1,000,000 stored articles, memory, bytes, workers.

    python -m benchmarks.dedup_postgres [STORED …] [--corpus FILE|SIZE … [--among NUMBER]]

The articles are generated: words and sentences of our own, a quarter of them edited copies. The stored ones beside
which they are measured are signatures with random keys: what the indexes cost is real, more stored articles do not
bring more candidates. CPU is the worker's and that of all of Postgres' processes.

With --corpus the articles are labelled ones, as `benchmarks.dedup` takes them, in a database of their own for each
corpus and each number of stored ones (none, where none is given): there many pairs are judged, and what is found is
scored. Of several sizes, it says how the cost grows with them: the slope of its line in logarithms, 1 where an
article costs the same in all.
"""

import argparse
import json
import math
import random
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import accumulate
from statistics import linear_regression
from typing import Any

import numpy as np
import psutil
import psycopg
from psycopg.types.json import Jsonb

from benchmarks.dedup import Row, labelled, scores
from benchmarks.dedup_corpus import START
from benchmarks.postgres import empty_database, say
from scrapers.dedup.incremental import BATCH_SIZE
from scrapers.dedup.key_index.entries import Entries
from scrapers.dedup.key_index.index import KeyIndex
from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.signatures import ALGORITHM, KEYS, sign
from scrapers.items import Article
from scrapers.local.postgres import Cluster
from scrapers.storage.articles import article_row, content_of

MEASURED = 4_000  # articles
SHARED = 72_000  # articles, taken by one worker and by two in turn: half a minute, beside which their start is short
ROUNDS = 2  # of which the fastest count
WORDS = 350
POSTGRES = {"shared_buffers": "512MB", "max_wal_size": "4GB"}
COPIES = 0.25
FILLER = 20_000  # rows a statement
VACUUMED = 3 * FILLER  # rows; about what a worker takes in the minute after which autovacuum looks again
# Signatures of articles that are not there: as many bytes and keys as the measured ones have, and keys as those of
# articles of 512 words are, of whose hashes they are the lowest.
FILL = """
INSERT INTO signatures (article_id, revision, algorithm, words, syndicated, url_key, outlet_id, body, keys, signature)
SELECT id, 1, %(algorithm)s, 350, false, hashint8extended(id, 1), hashint8extended(id, 2), hashint8extended(id, 3),
       ARRAY(SELECT (hashint8extended(id * 64 + key, 4) >> 4) & ((1::bigint << 60) - 1) AS hash
             FROM generate_series(1, %(keys)s) AS key ORDER BY hash), %(signature)s
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS id
"""
WORKER = """
import json, resource, sys, time
from pathlib import Path
from scrapers.dedup import batch  # with numba, which would otherwise be loaded, and counted, where work is found
from scrapers.dedup.incremental import deduplicate
from scrapers.dedup.stories import grouping

def timed(function, spent):
    def call(*given):
        started = time.process_time()
        try:
            return function(*given)
        finally:
            spent.append(time.process_time() - started)
    return call

def peak_mb():
    # not ru_maxrss where there is /proc: Linux hands on that of the process that started this one
    if (status := Path("/proc/self/status")).exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20

print("ready", flush=True)
sys.stdin.readline()
of_stories = []
grouping.group = timed(grouping.group, of_stories)
started = time.process_time()
counts = deduplicate(sys.argv[1])
cpu = time.process_time() - started
print(json.dumps({"cpu": cpu, "stories": sum(of_stories), "counts": counts, "mb": peak_mb()}))
"""


def articles(first: int, count: int) -> list[Article]:
    """Return generated articles, numbered from `first`; about COPIES of them are edited copies of ones before."""
    chosen = random.Random(first)  # noqa: S311 - texts, no secrets
    syllables = [a + b for a in "bdgjklmnprst" for b in ("a", "i", "u", "e", "o", "an", "ar", "ung")]
    vocabulary = ["".join(chosen.choices(syllables, k=chosen.randint(2, 4))) for _ in range(20_000)]
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(vocabulary))))
    found: list[Article] = []
    for number in range(first, first + count):
        words = _text(chosen, vocabulary, weights)
        if found and chosen.random() < COPIES:
            words = [
                word if chosen.random() > 0.03 else chosen.choice(vocabulary) for word in _words(chosen.choice(found))
            ]
        url = f"https://www.example.test/berita/{number}/{'-'.join(words[:6]).lower()}"
        headline = " ".join(words[:8])
        found.append(
            Article(outlet="seed", url=url, canonical_url=url, headline=headline, article_body=(" ".join(words),))
        )
    return found


def _words(article: Article) -> list[str]:
    return article.article_body[0].split()


def _text(chosen: random.Random, vocabulary: list[str], weights: list[float]) -> list[str]:
    words = chosen.choices(vocabulary, cum_weights=weights, k=WORDS)
    for place in range(0, WORDS, 12):
        words[place] = words[place].capitalize()
        words[place - 1] += "."
    for place in range(5, WORDS, 25):
        words[place] = str(chosen.randint(2, 9999)) if place % 2 else words[place].capitalize()
    return words


def store(connection: psycopg.Connection, found: Iterable[Article], first: int) -> None:
    """Store the articles, numbered from `first`, without the pages they would be on; let them wait for dedup."""
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")  # no foreign keys, no triggers
        for number, article in enumerate(found, first):
            row = article_row(article, content_of(article)) | {"article_id": number, "page_id": 0, "revision": 1}
            names = [name for name in row if row[name] is not None]
            connection.execute(
                f"INSERT INTO articles ({', '.join(names)}) OVERRIDING SYSTEM VALUE "  # noqa: S608 - our own columns
                f"VALUES ({', '.join(f'%({name})s' for name in names)})",
                {name: _column(value) for name, value in row.items()},
            )
        connection.execute(
            "INSERT INTO dedup_queue (article_id) SELECT article_id FROM articles WHERE article_id >= %s ORDER BY 1",
            [first],
        )


def _column(value: Any) -> Any:
    if isinstance(value, dict):
        return Jsonb(value)
    return list(value) if isinstance(value, tuple) else value


def fill(connection: psycopg.Connection, stored: int) -> None:
    """Bring the signatures to `stored` rows; the new ones are numbered below zero."""
    [(have, lowest)] = connection.execute("SELECT count(*), least(min(article_id), 0) FROM signatures").fetchall()
    [one] = articles(1, 1)
    signature = sign(Document(1, one.headline, one.article_body[0])).compressed()
    index = KeyIndex(connection)
    while have < stored:
        rows = min(FILLER, stored - have)
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            numbers = {"first": lowest - rows, "last": lowest - 1, "keys": KEYS}
            connection.execute(FILL, numbers | {"signature": signature, "algorithm": ALGORITHM})
            for last in range(lowest - 1, lowest - rows - 1, -BATCH_SIZE):
                index.publish(_entries(connection, max(last - BATCH_SIZE, lowest - rows - 1), last))
        have, lowest = have + rows, lowest - rows
        while index.merge():
            pass
        if have // VACUUMED > (have - rows) // VACUUMED:
            connection.execute("VACUUM key_blocks, key_segments")
    connection.execute("VACUUM ANALYZE signatures, key_blocks, key_segments")


def _entries(connection: psycopg.Connection, before: int, last: int) -> Entries:
    """Return the entries of the keys of filled articles, those after `before` up to `last`."""
    rows = connection.execute(
        "SELECT key, article_id FROM signatures CROSS JOIN unnest(keys) AS key"
        " WHERE article_id > %s AND article_id <= %s ORDER BY 1, 2",
        [before, last],
    )
    return np.array(rows.fetchall(), np.int64)


def server_cpu(postmaster: psutil.Process) -> float:
    """Return the CPU seconds of all of Postgres' processes, those that have ended included."""
    times = postmaster.cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in postmaster.children():
        spent = child.cpu_times()
        total += spent.user + spent.system
    return float(total)


def work(dsn: str, workers: int) -> tuple[list[dict[str, Any]], float]:
    """Let workers take what waits; return what each says, and the seconds from all being ready until all are done."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, dsn], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        for _ in range(workers)
    ]
    for process in processes:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        process.stdout.readline()
    started = time.monotonic()
    for process in processes:
        assert process.stdin is not None  # noqa: S101
        process.stdin.write("\n")
    said = [json.loads(process.communicate()[0]) for process in processes]
    return said, time.monotonic() - started


def cost(cluster: Cluster, connection: psycopg.Connection, beside: int, waiting: int) -> float:
    """Let one worker take the articles that wait, say what it took, and return the CPU milliseconds of one."""
    connection.execute("CHECKPOINT")
    before = server_cpu(_postmaster(cluster))
    [said], _ = work(cluster.dsn(), 1)
    worker, server = (1000 * spent / waiting for spent in (said["cpu"], server_cpu(_postmaster(cluster)) - before))
    say(
        f"{beside:>9,} stored: {worker + server:.2f} ms an article (worker {worker:.2f}, "
        f"{1000 * said['stories'] / waiting:.2f} of it for stories, Postgres {server:.2f}), "
        f"{1000 / (worker + server):,.0f} a CPU second; worker {said['mb']:.0f} MB; "
        f"{said['counts']['near_duplicate']} near-duplicates, {said['counts']['refused']} refused"
    )
    return worker + server


def _postmaster(cluster: Cluster) -> psutil.Process:
    process = cluster.process()
    assert process is not None  # noqa: S101 - it was started
    return process


def main(stored: Sequence[int], corpora: Sequence[str] = (), among: int = 0) -> None:
    """Measure generated articles beside each number of stored ones, or the labelled corpora; print a line each."""
    if not corpora:
        with empty_database(**POSTGRES) as (cluster, connection):
            measure(cluster, connection, stored or [100_000, 1_000_000])
        return
    for have in stored or [0]:
        costs: dict[int, float] = {}
        for given in corpora:
            rows = labelled(given, among)
            with empty_database(**POSTGRES) as (cluster, connection):
                costs[len(rows)] = measure_labelled(cluster, connection, rows, have)
        if len(costs) > 1:
            say(f"CPU seconds grow with the articles to the power of {growth(costs):.2f}")


def growth(costs: Mapping[int, float]) -> float:
    """Return the power of its size with which a corpus' cost grows, by what one article costs at each size."""
    totals = [math.log(size * each) for size, each in costs.items()]
    return linear_regression([math.log(size) for size in costs], totals).slope


def measure_labelled(cluster: Cluster, connection: psycopg.Connection, rows: Sequence[Row], stored: int) -> float:
    """Measure labelled articles beside stored ones, print the figures, and return the CPU milliseconds of one."""
    fill(connection, stored)
    store(connection, map(_article, rows), 1)
    say(f"{len(rows):,} labelled articles:")
    spent = cost(cluster, connection, stored, len(rows))
    stands_for: dict[int, int] = dict(connection.execute("SELECT article_id, representative_id FROM clusters"))
    labels = {row["id"]: stands_for.get(number, number) for number, row in enumerate(rows, 1)}
    precision, recall, f1, joined = scores(rows, labels)
    say(f"precision {precision:.4f}, recall {recall:.4f}, F1 {f1:.4f}, {joined} stories in the worst cluster")
    _print_bytes(connection)
    return spent


def _article(row: Row) -> Article:
    url = f"https://www.example.test/{row['id']}"
    return Article(
        outlet=row.get("outlet") or "seed",
        url=url,
        canonical_url=url,
        headline=row["title"],
        article_body=tuple(row["body"].split("\n\n")),
        date_published=START + timedelta(hours=float(row.get("ts", 0))),
    )


def measure(cluster: Cluster, connection: psycopg.Connection, stored: Sequence[int]) -> None:
    """Print the figures of generated articles, a line each."""
    first, costs = 1, []
    for have in [0, *stored]:
        fill(connection, have)
        store(connection, articles(first, MEASURED), first)
        first += MEASURED
        costs.append(cost(cluster, connection, have, MEASURED))
    say(f"the last costs {costs[-1] / costs[1]:.2f} times the first with stored ones")
    _print_bytes(connection)
    seconds: dict[int, list[float]] = {1: [], 2: []}
    spent: dict[int, list[float]] = {1: [], 2: []}
    for workers in (1, 2) * ROUNDS:
        store(connection, articles(first, SHARED), first)
        first += SHARED
        before = server_cpu(_postmaster(cluster))
        said_by_each, taken = work(cluster.dsn(), workers)
        seconds[workers].append(taken)
        spent[workers].append(server_cpu(_postmaster(cluster)) - before + sum(said["cpu"] for said in said_by_each))
    say(
        f"two workers: {min(seconds[1]) / min(seconds[2]):.2f} times one by the clock ({_listed(seconds)}), and by CPU "
        f"{2 * min(spent[1]) / min(spent[2]):.2f} times on free cores ({_listed(spent)})"
    )


def _listed(seconds: dict[int, list[float]]) -> str:
    return "; ".join(f"{workers}: " + ", ".join(f"{one:.1f} s" for one in taken) for workers, taken in seconds.items())


def _print_bytes(connection: psycopg.Connection) -> None:
    tables = ("signatures", "key_blocks", "key_segments", "duplicates", "refusals", "clusters")
    sizes = {
        name: connection.execute("SELECT pg_total_relation_size(%s::regclass)", [name]).fetchone() for name in tables
    }
    [(rows, measured)] = connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE article_id > 0) FROM signatures"
    ).fetchall()
    each = {name: (size[0] if size else 0) / (rows if name in tables[:3] else measured) for name, size in sizes.items()}
    say(
        "bytes an article: "
        + ", ".join(f"{name} {value:,.0f}" for name, value in each.items())
        + f"; {sum(each.values()):,.0f} in all"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stored", type=int, nargs="*", help="articles beside which to measure")
    parser.add_argument("--corpus", nargs="+", default=(), help="labelled file, or number of articles to generate")
    parser.add_argument("--among", type=int, default=0, help="other generated articles to put the corpus among")
    told = parser.parse_args()
    main(told.stored, told.corpus, told.among)
