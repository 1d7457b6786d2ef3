"""How fast an outlet is crawled with everything on, beside Scrapy that downloads the same pages and does nothing.

    python -m benchmarks.crawl [--pages N] [--rounds N] [--peers PYTHON]

A site of N pages (benchmarks/crawl_site.py) is served on this machine by a process of its own. In each round Scrapy
downloads it, and then an outlet is crawled into an empty database: robots.txt, address guard, ledger, snapshots and
extraction as always; only the pauses between requests are left out. PYTHON is an interpreter that has other crawlers
(benchmarks/crawl_peers.py), which then fetch and read the same pages. The figures are each client's median round.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.crawl_site import BenchmarkSite
from benchmarks.postgres import own_postgres
from scrapers.extract.dom.tree import parse
from scrapers.extract.page import Page
from scrapers.local.postgres import Cluster
from scrapers.settings import EXTRACT_PROCESSES
from scrapers.storage.connection import connect
from scrapers.storage.migrate import migrate

PEERS = ("newspaper4k", "news-please", "fundus")
SAMPLE = 100  # pages on which a parse is timed
Took = Mapping[str, float]


@contextmanager
def served(pages: int) -> Iterator[str]:
    """Serve the site for as long as the block lasts; yields its address."""
    command = [sys.executable, "-m", "benchmarks.crawl_site", str(pages)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.terminate()


def cpu_of(process: psutil.Process | None) -> float:
    """Return the seconds of CPU that a process and its children, also those that ended, have taken."""
    if process is None:
        return 0.0
    living = 0.0
    for child in process.children():
        with suppress(psutil.NoSuchProcess):  # it ends now, and counts among those that ended
            times = child.cpu_times()
            living += times.user + times.system
    return living + sum(process.cpu_times()[:4])


def run(client: Sequence[str], site: str, dsn: str = "") -> dict[str, float]:
    """Run a client to its end and return what it says it took."""
    ended = subprocess.run(
        [*client, site], env={**os.environ, "WARTA_DSN": dsn}, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise SystemExit(f"{' '.join(client)} failed:\n{ended.stderr[-2000:]}")
    took: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
    return took


def ours(name: str) -> list[str]:
    """Return the command of one of benchmarks/crawl_clients.py."""
    return [sys.executable, "-m", "benchmarks.crawl_clients", name]


def crawl(cluster: Cluster, number: int, site: str, pages: int) -> dict[str, float]:
    """Crawl the site into a new database; stops the benchmark where not every article was stored."""
    name = f"round_{number}"
    cluster.create_database(name)
    migrate(cluster.dsn(name))
    postgres = cluster.process()
    before = cpu_of(postgres)
    took = run(ours("warta"), site, cluster.dsn(name))
    with connect(cluster.dsn(name)) as connection:
        stored = connection.execute("SELECT count(*) FROM articles").fetchone()
    if stored != (pages,):
        raise SystemExit(f"of {pages} articles {stored} were stored: the figures would say nothing")
    return took | {"postgres": cpu_of(postgres) - before}


def parse_seconds(pages: int) -> float:
    """Return the seconds of CPU that one parse of one of the site's pages takes."""
    site = BenchmarkSite(pages)
    sample = [Page(url="http://a.example/", body=site.page(number).encode()) for number in range(min(pages, SAMPLE))]
    begun = time.process_time()
    for page in sample:
        parse(page)
    return (time.process_time() - begun) / len(sample)


def middle(rounds: Sequence[Took], pages: int) -> dict[str, float]:
    """Return the median of each figure, in seconds a page."""
    return {key: median(took[key] for took in rounds) / pages for key in rounds[0] if key != "pages"}


def stages(scrapy: Took, warta: Took, parse: float) -> dict[str, float]:
    """Return the seconds of CPU that each stage of a crawl takes a page."""
    return {
        "fetch (Scrapy that does nothing)": scrapy["crawl"],
        "parse": parse,
        "extract": warta["workers"] - parse,
        "store: this side": warta["store"],
        "store: Postgres": warta["postgres"],
        "the rest: robots, guard, queues, links, log": warta["crawl"] - scrapy["crawl"] - warta["store"],
    }


def report(scrapy: Took, warta: Took, parse: float, peers: Mapping[str, float]) -> None:
    """Print pages a second, the ratios, and the CPU time by stage; a Took is in seconds a page."""
    out = Console(width=100)
    rates = {"Scrapy, nothing": 1 / scrapy["seconds"], "Warta, everything": 1 / warta["seconds"]} | dict(peers)
    table = Table("crawler", "pages/s", "of Scrapy's", "Warta is × as fast")
    for name, rate in rates.items():
        table.add_row(name, f"{rate:.1f}", f"{rate * scrapy['seconds']:.2f}", f"{1 / warta['seconds'] / rate:.1f}")
    out.print(table)
    costs = stages(scrapy, warta, parse)
    table = Table("stage", "CPU ms a page")
    for name, seconds in (costs | {"sum": sum(costs.values())}).items():
        table.add_row(name, f"{seconds * 1000:.2f}")
    out.print(table)
    # a process can't take more than one core; all of them share the two
    bound = max(warta["crawl"], warta["workers"] / EXTRACT_PROCESSES, sum(costs.values()) / 2)
    out.print(
        f"by CPU time alone, on two idle cores: {1 / bound:.0f} pages/s, {scrapy['crawl'] / bound:.2f} of Scrapy's"
    )


def main() -> None:
    """Run the rounds and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--peers",
        metavar="PYTHON",
        nargs="+",
        default=[],
        help="interpreters that have newspaper4k, news-please, fundus",
    )
    given = parser.parse_args()
    with served(given.pages) as site:
        with own_postgres() as cluster:
            rounds = [
                (run(ours("scrapy"), site), crawl(cluster, number, site, given.pages)) for number in range(given.rounds)
            ]
        scrapy, warta = (middle(client, given.pages) for client in zip(*rounds, strict=True))
        peers = {name: rate for name in PEERS for python in given.peers if (rate := peer(python, name, site))}
    report(scrapy, warta, parse_seconds(given.pages), peers)


def peer(python: str, name: str, site: str) -> float | None:
    """Return the pages a second of another crawler; None where it is not installed or reads nothing."""
    client = [python, str(Path(__file__).with_name("crawl_peers.py")), name]
    took = run(client, site)
    if not took.get("pages"):
        Console(stderr=True).print(f"{name} with {python}: {took.get('why', 'it read no page')}; left out")
        return None
    return took["pages"] / took["seconds"]


if __name__ == "__main__":
    main()
