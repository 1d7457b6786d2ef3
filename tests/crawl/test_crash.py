"""Crawls and Postgres killed at random moments: nothing lost, nothing doubled, and little fetched twice.

`make crash` kills 200 crawls and Postgres 50 times, over a site of 300 pages, and prints what it found.
"""

import random
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg
import pytest

from scrapers.local.postgres import Cluster
from scrapers.storage.migrate import migrate
from tests.conftest import ledger_faults, running
from tests.fault_server import FaultServer
from tests.forked_crawls import ForkedCrawl, ForkedCrawls

CONCURRENCY = 8
SETTINGS = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    "CONCURRENT_REQUESTS": str(CONCURRENCY),
    "CONCURRENT_REQUESTS_PER_DOMAIN": str(CONCURRENCY),
    "LOG_LEVEL": "WARNING",
}
ARTICLES = "SELECT url, canonical_url, revision, encode(content_sha256, 'hex') FROM articles ORDER BY url"


@dataclass
class Figures:
    """What the kills did, over all rounds."""

    kills: int = 0
    rounds: int = 0
    lost: int = 0
    doubled: int = 0
    refetched: int = 0
    most_refetched: int = 0  # in a round, for each kill
    different: int = 0
    ends: Counter[int] = field(default_factory=Counter)

    def print(self, name: str) -> None:
        """Print one line; `make crash` lets it through pytest's capture."""
        print(  # noqa: T201 - what the proof is run for
            f"\n{name}: {self.kills} kills in {self.rounds} rounds: {self.lost} lost, {self.doubled} doubled, "
            f"{self.different} unlike the control, {self.refetched} fetched again "
            f"({self.refetched / max(self.kills, 1):.2f} a kill; {CONCURRENCY} at once); ends {dict(self.ends)}"
        )


class Proof:
    """The site, a Postgres that may be killed, and crawls that start at once."""

    def __init__(self, cluster: Cluster, crawls: ForkedCrawls, site: FaultServer, seed: int) -> None:
        self.cluster = cluster
        self.crawls = crawls
        self.site = site
        self.pages = set(site.articles)  # beside them the server sees feeds, robots.txt and the probe for soft 404
        self.random = random.Random(seed)
        self.databases = 0
        self.dsn = ""
        self.control = self.undisturbed()

    def new_round(self) -> None:
        self.databases += 1
        self.cluster.create_database(f"round_{self.databases}")
        self.dsn = self.cluster.dsn(f"round_{self.databases}")
        migrate(self.dsn)
        self.site.requests.clear()

    def start(self) -> ForkedCrawl:
        settings = [part for item in SETTINGS.items() for part in ("-s", "=".join(item))]
        arguments = ("news", "-a", f"url={self.site.address}", *settings)
        return self.crawls.start(*arguments, environment={"WARTA_DSN": self.dsn})

    def undisturbed(self) -> list[tuple]:
        """Return the articles that a crawl stores when nothing happens to it."""
        self.new_round()
        crawl = self.start()
        assert crawl.wait() == 0, crawl.log.read_text()
        assert len(self.asked()) == len(self.site.articles)
        return self.articles()

    def articles(self) -> list[tuple]:
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(ARTICLES).fetchall()

    def asked(self) -> list[str]:
        return [seen.path for seen in list(self.site.requests) if seen.path in self.pages]

    def stored(self) -> int:
        with suppress(psycopg.Error), psycopg.connect(self.dsn, connect_timeout=2) as connection:
            return connection.execute("SELECT count(*) FROM articles").fetchone()[0]
        return 0

    def wait_for_the_moment(self, crawl: ForkedCrawl) -> bool:
        """Return at a random moment of the crawl; False where it ended before."""
        what = self.random.choice(["a request", "a row", "a time"])
        begun, asked = time.monotonic(), len(self.site.requests)
        stored = self.stored() if what == "a row" else 0
        more, seconds = self.random.randint(1, 30), self.random.uniform(0, 0.6)
        while crawl.is_running():
            if what == "a request" and len(self.site.requests) - asked >= more:
                return True
            if what == "a row" and self.stored() - stored >= more:
                return True
            if what == "a time" and time.monotonic() - begun >= seconds:
                return True
            time.sleep(0.002)
        return False

    def check_round(self, figures: Figures, kills: int) -> None:
        """Add what the round lost, doubled and fetched again."""
        found = self.articles()
        asked = Counter(self.asked())
        again = sum(asked.values()) - len(asked)
        figures.rounds += 1
        figures.lost += len({row[0] for row in self.control} - {row[0] for row in found})
        figures.doubled += len(found) - len({row[1] for row in found}) + sum(row[2] - 1 for row in found)
        figures.different += found != self.control
        figures.refetched += again
        figures.most_refetched = max(figures.most_refetched, again / max(kills, 1))
        assert ledger_faults(self.dsn) == []
        with psycopg.connect(self.dsn) as connection:
            assert connection.execute("SELECT DISTINCT state FROM pages").fetchall() == [("stored",)]

    def kill_crawls(self, kills: int) -> Figures:
        figures = Figures()
        while figures.kills < kills:
            self.new_round()
            in_round, is_done = 0, False
            while not is_done:
                crawl = self.start()
                if figures.kills < kills and self.wait_for_the_moment(crawl):
                    figures.ends[crawl.kill()] += 1
                    figures.kills += 1
                    in_round += 1
                else:
                    code = crawl.wait()
                    assert code == 0, crawl.log.read_text()
                    is_done = True
            self.check_round(figures, in_round)
        return figures

    def kill_postgres(self, kills: int) -> Figures:
        figures = Figures()
        while figures.kills < kills:
            self.new_round()
            in_round, crawl = 0, self.start()
            while figures.kills < kills and self.wait_for_the_moment(crawl):
                self.cluster.process().kill()
                self.cluster.start()
                figures.kills += 1
                in_round += 1
            code = crawl.wait()
            figures.ends[code] += 1
            while code != 0:  # killed while the run began: it said so, and the next crawl goes on
                assert code == 3, crawl.log.read_text()
                crawl = self.start()
                code = crawl.wait()
            self.check_round(figures, in_round)
        return figures


@pytest.fixture
def proof(tmp_path):
    """Return a function that makes the proof's set-up; it is ended with the test."""
    own = Cluster(tmp_path / "postgres", options={"fsync": "off"})  # what a killed process has written stays
    with FaultServer(articles=300) as site, ForkedCrawls(tmp_path) as crawls, running(own) as cluster:
        yield Proof(cluster, crawls, site, seed=20251215)


def check(figures: Figures) -> None:
    assert (figures.lost, figures.doubled, figures.different) == (0, 0, 0)
    assert figures.refetched <= CONCURRENCY * figures.kills
    assert figures.most_refetched <= CONCURRENCY


@pytest.mark.slow
def test_few_kills_of_crawls_and_of_postgres_lose_and_double_nothing(proof):
    crawls, postgres = proof.kill_crawls(6), proof.kill_postgres(2)

    check(crawls)
    check(postgres)
    assert (crawls.kills, postgres.kills) == (6, 2)


@pytest.mark.proof
def test_200_kills_of_crawls_lose_and_double_nothing(proof):
    figures = proof.kill_crawls(200)

    figures.print("SIGKILL of crawls")
    check(figures)


@pytest.mark.proof
def test_50_kills_of_postgres_lose_and_double_nothing(proof):
    figures = proof.kill_postgres(50)

    figures.print("SIGKILL of Postgres")
    check(figures)
