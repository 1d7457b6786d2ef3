"""What the pages inside Airflow's UI cost over a million articles: the time of the server, and CPU, of each.

    python -m benchmarks.ui [ARTICLES]

The articles are those of `benchmarks.search`, the last of them stored just now; `ui.sql` makes what stands around them:
a page of the ledger each, crawls of all outlets every half hour of the last 30 days with their requests, an edit of
every twentieth, a copy of every fifth, pairs in doubt. Each kind of page is asked for under many addresses; its first
request, which compiles the template, is left out. The time is that of the whole request, a new connection to Postgres
included; CPU is Python's and Postgres' mean.
"""

import os
import random
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

import psutil
from starlette.testclient import TestClient

from benchmarks.postgres import empty_database, say
from benchmarks.search import POSTGRES, Texts, fill
from scrapers.local.postgres import Cluster
from scrapers.spiders import outlets
from scrapers.ui.access import Reader
from scrapers.ui.app import build

ROUNDS = 40  # requests of each kind of page
LIMIT_MS = 200  # that each page is to answer within, 95 times of 100
AROUND = Path(__file__).with_suffix(".sql")


def names() -> list[str]:
    """Return outlets as often as their share of the articles: the first has 64 times what the last have."""
    known = [outlet.name for outlet in outlets()][:16]
    return [name for place, name in enumerate(known, 1) for _ in range(64 // place**2 or 1)]


def addresses(texts: Texts, articles: int) -> dict[str, list[str]]:
    """Return the addresses that each kind of page is asked for under."""
    chosen = random.Random(2)  # noqa: S311 - numbers of articles, no secrets
    ids = [chosen.randint(40, articles - 40) for _ in range(ROUNDS)]
    words = [texts.choice(first=20, last=20_000) for _ in ids]
    large, small = names()[0], names()[-1]
    return {
        "today": ["/" for _ in ids],
        "card": ["/today.json" for _ in ids],
        "search": [f"/search?q={word}" for word in words],
        "search, an outlet": [f"/search?q={word}&outlet={small}" for word in words],
        "article": [f"/articles/{number}" for number in ids],
        "article, revised": [f"/articles/{number - number % 20}" for number in ids],
        "edits": ["/edits" for _ in ids],
        "edits, a kind": [f"/edits?kind=update&outlet={small}" for _ in ids],
        "copies": ["/copies" for _ in ids],
        "pair": [f"/copies/{number - number % 5}/{number - number % 5 + 1}" for number in ids],
        "outlets": ["/outlets" for _ in ids],
        "outlet, large": [f"/outlets/{large}" for _ in ids],
        "outlet, small": [f"/outlets/{small}" for _ in ids],
        "ledger": ["/ledger" for _ in ids],
        "ledger, an outlet": [f"/ledger?outlet={small}" for _ in ids],
        "ledger, an address": [f"/ledger?url=https://www.example.test/{number}" for number in ids],
    }


def cpu_s(postmaster: psutil.Process) -> float:
    """Return the CPU seconds of this process and of the connections that Postgres has ended."""
    theirs = postmaster.cpu_times()
    return time.process_time() + theirs.children_user + theirs.children_system


def measure(client: TestClient, postmaster: psutil.Process, paths: Sequence[str]) -> tuple[list[float], float]:
    """Return the milliseconds of each request but the first, and the mean of their CPU."""
    client.get(paths[0])
    times = []
    before = cpu_s(postmaster)
    for path in paths:
        began = time.perf_counter()
        answer = client.get(path)
        times.append(1000 * (time.perf_counter() - began))
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code}")
    return times, 1000 * (cpu_s(postmaster) - before) / len(paths)


def postmaster_of(cluster: Cluster) -> psutil.Process:
    """Return the first process of the server."""
    return psutil.Process(int((cluster.home / "data" / "postmaster.pid").read_text().split()[0]))


def main(articles: int) -> None:
    """Build the database, and print a line for each kind of page."""
    texts = Texts()
    with empty_database(**POSTGRES) as (cluster, connection):
        first = datetime.now(UTC) - timedelta(days=730)
        fill(connection, texts, articles, first=first, outlets=names())
        for statement in AROUND.read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                connection.execute(statement.encode())
        say(f"{articles:,} articles")
        os.environ["WARTA_DSN"] = cluster.dsn()
        client = TestClient(build(lambda: Reader("reader", lambda dag_id: True, lambda dag_id, conf: "")))
        slow = []
        for kind, paths in addresses(texts, articles).items():
            times, cpu = measure(client, postmaster_of(cluster), paths)
            p95 = quantiles(times, n=20, method="inclusive")[-1]
            say(f"  {kind:20} p50 {median(times):6.0f}  p95 {p95:6.0f}  max {max(times):6.0f} ms   CPU {cpu:6.0f} ms")
            slow += [kind] if p95 > LIMIT_MS else []
        say(f"p95 above {LIMIT_MS} ms: {', '.join(slow) or 'none'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
