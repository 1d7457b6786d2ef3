"""Crawls and Postgres killed at random moments: nothing lost, nothing doubled, and little fetched twice.

`make crash` kills 200 crawls and Postgres 50 times, over a site of 300 pages, and prints what it found.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg
import pytest

from scrapers.local.postgres import Cluster
from scrapers.storage.migrate import migrate
from tests.conftest import Commands, Process, ledger_faults, running
from tests.fault_server import FaultServer

CONCURRENCY = 8
SETTINGS = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    "CONCURRENT_REQUESTS": str(CONCURRENCY),
    "CONCURRENT_REQUESTS_PER_DOMAIN": str(CONCURRENCY),
    "LOG_LEVEL": "ERROR",  # nobody reads the log while the crawl runs
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


def ended(crawl: Process) -> int:
    """Return the crawl's exit code once it has ended, and show what it said, in case the test fails."""
    _, said = crawl.communicate()
    print(said)  # noqa: T201 - pytest shows it
    return crawl.returncode


class Proof:
    """The site, a Postgres that may be killed, and crawls."""

    def __init__(self, cluster: Cluster, site: FaultServer, seed: int) -> None:
        self.cluster = cluster
        self.site = site
        self.pages = set(site.articles)  # beside them the server sees feeds, robots.txt and the probe for soft 404
        self.random = random.Random(seed)
        self.databases = 0
        self.dsn = ""
        self.cluster.create_database("migrated")
        migrate(self.cluster.dsn("migrated"))
        self.control = self.undisturbed()

    def new_round(self) -> None:
        self.databases += 1
        self.cluster.create_database(f"round_{self.databases}", template="migrated")
        self.dsn = self.cluster.dsn(f"round_{self.databases}")
        self.site.requests.clear()

    def start(self) -> Process:
        settings = [part for item in SETTINGS.items() for part in ("-s", "=".join(item))]
        commands = Commands({"WARTA_DSN": self.dsn})
        return commands.start("scrapy", "crawl", "news", "-a", f"url={self.site.address}", *settings)

    def undisturbed(self) -> list[tuple]:
        """Return the articles that a crawl stores when nothing happens to it."""
        self.new_round()
        crawl = self.start()
        assert ended(crawl) == 0
        assert len(self.asked()) == len(self.site.articles)
        return self.articles()

    def articles(self) -> list[tuple]:
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(ARTICLES).fetchall()

    def asked(self) -> list[str]:
        return [seen.path for seen in list(self.site.requests) if seen.path in self.pages]

    def wait_for_the_moment(self, crawl: Process) -> bool:
        """Return at a random moment of the crawl; False where it ended before."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            has_come = self.moment(connection)
            while crawl.poll() is None:
                if has_come():
                    return True
                time.sleep(0.002)
        return False

    def moment(self, connection: psycopg.Connection) -> Callable[[], bool]:
        """Return what tells whether so many more requests or rows have come, or so much time has passed."""
        what = self.random.choice(["a request", "a row", "a time"])
        more, seconds = self.random.randint(1, 30), self.random.uniform(0, 0.6)
        begun, asked = time.monotonic(), len(self.site.requests)
        if what == "a request":
            return lambda: len(self.site.requests) - asked >= more
        if what == "a time":
            return lambda: time.monotonic() - begun >= seconds

        def stored() -> int:
            return connection.execute("SELECT count(*) FROM articles").fetchone()[0]

        before = stored()
        return lambda: stored() - before >= more

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
                    crawl.kill()
                    figures.ends[ended(crawl)] += 1
                    figures.kills += 1
                    in_round += 1
                else:
                    assert ended(crawl) == 0
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
            code = ended(crawl)
            figures.ends[code] += 1
            while code != 0:  # killed while the run began: it said so, and the next crawl goes on
                assert code == 3
                code = ended(self.start())
            self.check_round(figures, in_round)
        return figures


@pytest.fixture
def articles() -> int:
    """Return how many articles the site has."""
    return 300


@pytest.fixture
def proof(tmp_path, articles):
    """Return the proof's set-up; it is ended with the test."""
    own = Cluster(tmp_path / "postgres", options={"fsync": "off"})  # what a killed process has written stays
    with FaultServer(articles=articles) as site, running(own) as cluster:
        yield Proof(cluster, site, seed=20251215)


def check(figures: Figures) -> None:
    assert (figures.lost, figures.doubled, figures.different) == (0, 0, 0)
    assert figures.refetched <= CONCURRENCY * figures.kills
    assert figures.most_refetched <= CONCURRENCY


@pytest.mark.slow
@pytest.mark.parametrize("articles", [150])
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
