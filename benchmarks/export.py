"""Exports: how fast articles go from Postgres into Parquet, beside a bare COPY of the same rows, in how much memory.

    python -m benchmarks.export [ARTICLES …]

For each number of articles (10,000) a Postgres of its own is filled with generated ones, of five outlets and two years,
each with its revision and its fetch. COPY and the export take turns, each in a process of its own, and the faster of
the turns count; CPU is that of the process and of all of Postgres' processes. Of several numbers, it says how the
export's CPU grows with them: the slope of its line in logarithms, 1 where an article costs the same in all.
"""

import argparse
import json
import math
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import linear_regression
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from benchmarks.dedup_postgres import POSTGRES, articles, server_cpu
from benchmarks.postgres import empty_database, say
from scrapers.local.postgres import Cluster
from scrapers.storage.articles import content_of

ARTICLES = 10_000
POOL = 2_000  # texts that the articles have in turn
ROUNDS = 2  # of which the fastest count
FILLER = 50_000  # rows a statement
FILL = """
WITH pool AS MATERIALIZED (SELECT * FROM texts), filled AS (
    SELECT id, 'outlet_' || id %% 5 AS outlet, 'https://www.example.test/berita/' || id AS url,
           sha256(id::text::bytea) AS hash,
           timestamptz '2025-01-01 00:00+00' + hashint8extended(id, 1) %% 365 * interval '1 day' AS published,
           pool.content
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS id JOIN pool ON pool.number = id %% %(pool)s
), fetched AS (
    INSERT INTO fetches (run_id, page_id, url, requested_at, robots, outcome, snapshot_sha256)
    SELECT %(run_id)s, id, url, published, 'allowed', 'answered', hash FROM filled
), revised AS (
    INSERT INTO revisions (article_id, revision, run_id, snapshot_sha256, url, content, provenance, changes)
    SELECT id, 1, %(run_id)s, hash, url, jsonb_set(content, '{date_published}', to_jsonb(published)), '{}', '{}'
    FROM filled
)
INSERT INTO articles (article_id, outlet, page_id, url, canonical_url, canonical_url_sha256, url_key, headline, author,
    date_published, article_section, keywords, article_body, related, provenance, content_sha256, body_sha256,
    body_words, revision)
OVERRIDING SYSTEM VALUE
SELECT id, outlet, id, url, url, hash, url, '', '{}', published, '{}', '{}', '{}', '[]', '{}', hash, hash, 350, 1
FROM filled
"""
COPY = """
COPY (SELECT article_id, outlet, canonical_url, revisions.url, revision, first_seen_at, revisions.stored_at,
             withdrawn_at, withdrawn_reason, representative_id, clusters.kind, robots, opt_outs, content
      FROM articles
      JOIN revisions USING (article_id, revision)
      LEFT JOIN clusters USING (article_id)
      LEFT JOIN fetches USING (snapshot_sha256, run_id)) TO STDOUT
"""
TURN = """
import json, resource, sys, time
from pathlib import Path
from scrapers.publish.export.export import export
from scrapers.publish.export.selection import Selection
from scrapers.storage.connection import connect

def peak_mb():  # not ru_maxrss where there is /proc: that is inherited from the process that started this one
    if (status := Path("/proc/self/status")).exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20

def copy(dsn, statement):
    with connect(dsn) as connection, connection.cursor().copy(statement) as rows:
        for row in rows:
            pass

dsn, folder, statement = sys.argv[1:]
started, cpu = time.monotonic(), time.process_time()
if statement:
    copy(dsn, statement)
else:
    export(Path(folder), Selection(), dsn=dsn)
print(json.dumps({"seconds": time.monotonic() - started, "cpu": time.process_time() - cpu, "mb": peak_mb()}))
"""


def fill(connection: psycopg.Connection, count: int) -> None:
    """Store generated articles, each with a revision and a fetch, without the pages they would be on."""
    texts = [(number, content_of(article)) for number, article in enumerate(articles(1, POOL))]
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")  # no foreign keys, no triggers
        connection.execute("CREATE TEMP TABLE texts (number bigint, content jsonb) ON COMMIT DROP")
        connection.cursor().executemany("INSERT INTO texts VALUES (%s, %s)", texts)
        for first in range(1, count + 1, FILLER):
            numbers = {"first": first, "last": min(first + FILLER - 1, count), "pool": POOL}
            connection.execute(FILL, numbers | {"run_id": "00000000-0000-0000-0000-000000000000"})
    connection.execute("VACUUM ANALYZE articles, revisions, fetches")


def turn(cluster: Cluster, statement: str = "") -> dict[str, Any]:
    """Copy the articles by a statement, or export them where there is none; return seconds, CPU, and peak memory."""
    postgres = cluster.process()
    assert postgres is not None  # noqa: S101 - it was started
    before = server_cpu(postgres)
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-c", TURN, cluster.dsn(), str(Path(folder) / "export"), statement]
        said: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return said | {"server": server_cpu(postgres) - before}


def measure(count: int) -> float:
    """Print what COPY and the export take for so many articles; return the export's CPU seconds."""
    with empty_database(**POSTGRES) as (cluster, connection):
        fill(connection, count)
        turns = [(turn(cluster, COPY), turn(cluster)) for _ in range(ROUNDS)]
    copied, exported = (min(kind, key=lambda one: float(one["seconds"])) for kind in zip(*turns, strict=True))
    for one in (copied, exported):
        one["all_cpu"] = one["cpu"] + one["server"]
    rate, by_cpu = (copied[kind] / exported[kind] for kind in ("seconds", "all_cpu"))
    say(
        f"{count:>9,} articles: export {exported['seconds']:.1f} s ({exported['all_cpu']:.1f} CPU), "
        f"COPY {copied['seconds']:.1f} s ({copied['all_cpu']:.1f} CPU); "
        f"{rate:.2f} of COPY's rate, {by_cpu:.2f} by CPU; peak memory {exported['mb']:.0f} MB"
    )
    return float(exported["all_cpu"])


def main(counts: Sequence[int]) -> None:
    """Measure each number of articles, and say how the cost grows with them."""
    costs = {count: measure(count) for count in counts or [ARTICLES]}
    if len(costs) > 1:
        slope = linear_regression(list(map(math.log, costs)), list(map(math.log, costs.values()))).slope
        say(f"CPU seconds grow with the articles to the power of {slope:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=int, nargs="*", help="numbers of articles")
    main(parser.parse_args().articles)
