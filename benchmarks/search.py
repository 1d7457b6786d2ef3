"""What search costs: CPU by kind of search among 10,000 to 1,000,000 articles, and what it adds to storing one.

    python -m benchmarks.search [ARTICLES …]

The articles are generated: words of our own, as often as Zipf's law has it, a third of them with Indonesian affixes;
50,000 texts at most, each as often as it takes, over two years. CPU is that of Postgres' process which answers,
snippets included; counts by day are of a month. The searches are made three times: the first time tells what a cold
cache costs, of the others the least counts.
"""

import json
import math
import random
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import accumulate, pairwise
from pathlib import Path
from statistics import linear_regression, median, quantiles
from typing import Any
from uuid import uuid4

import psycopg

from benchmarks.postgres import empty_database, say
from scrapers.items import Article
from scrapers.storage.articles import article_row, content_of
from scrapers.storage.connection import query
from scrapers.storage.runs import begin_run

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
TEXTS = 50_000
VOCABULARY = 300_000
WORDS = 270  # of an article, about 2,000 characters
SEARCHES = 20  # of a kind; half as many of the last four
ROUNDS = 3
POSTGRES = {"shared_buffers": "1GB", "max_wal_size": "8GB", "maintenance_work_mem": "512MB", "fsync": "off"}
STORED = 2_000  # articles
BATCH = 8
OUTLETS = [name for place, name in enumerate("abcdefghijklmnop", 1) for _ in range(64 // place**2 or 1)]
KINDS = ("common", "usual", "seldom", "rare", "two words", "OR", "prefix", "filtered", "phrase")
UNFILTERED = {
    "outlet": None, "since": "-infinity", "until": "infinity", "section": None, "author": None, "in_language": "id",
    "by_relevance": False, "limit": 20, "after": None,
}  # fmt: skip
WAYS: dict[str, tuple[str, dict[str, Any]]] = {  # of asking: statement and parameters
    "newest": ("search_articles", {"by_relevance": False}),
    "best": ("search_articles", {"by_relevance": True}),
    "count": ("count_matches", {}),
    "by day": ("count_matches_by_day", {"since": "2025-12-01", "until": "2026-01-01"}),
}
FILL = """
INSERT INTO articles (outlet, page_id, url, canonical_url, canonical_url_sha256, url_key, headline, author,
                      article_section, keywords, article_body, date_published, first_seen_at, related, in_language,
                      provenance, content_sha256, body_sha256, body_words, revision)
SELECT outlet, number, url, url, sha256(url::bytea), url, headline, author, section, '{}', article_body, at, at, '[]',
       'id', '{}', '', '', 270, 1
FROM (SELECT number, 'https://www.example.test/' || number AS url, (number::bigint * 7919) %% %(texts)s AS text_id,
             %(first)s::timestamptz + interval '730 days' * number / %(articles)s AS at
      FROM generate_series(1, %(articles)s) AS number) AS made
JOIN texts USING (text_id)
ORDER BY number;
"""
INDEX = """
INSERT INTO article_search (article_id, revision, at, outlet, stored_at, labels, words)
SELECT article_id, revision, date_published, articles.outlet, now(),
       search_labels(articles.outlet, article_section, articles.author) || period_labels(date_published)
       || '{newest}'::text[] || CASE WHEN article_id % 64 = 0 THEN '{sample}'::text[] END, words
FROM articles JOIN texts ON text_id = (substr(url, 26)::bigint * 7919) % (SELECT count(*) FROM texts)
ORDER BY article_id
"""
PAGES = """
INSERT INTO pages (outlet, url, url_sha256, state, run_id)
SELECT 'seed', url, sha256(url::bytea), 'stored', %(run_id)s
FROM generate_series(1, %(pages)s) AS number, format('https://stored.example.test/%%s', number) AS url
RETURNING page_id
"""


class Texts:
    """Generated texts; the same each time."""

    def __init__(self) -> None:
        self._random = random.Random(1)  # noqa: S311 - texts, no secrets
        syllables = [a + b for a in "bdgjklmnprst" for b in ("a", "i", "u", "e", "o", "an", "ar", "ung")]
        roots = [
            "".join(self._random.choices(syllables, k=self._random.choice((1, 2, 2, 3, 3)))) for _ in range(VOCABULARY)
        ]
        self.vocabulary = [self._affixed(root) if place % 3 == 2 else root for place, root in enumerate(roots)]
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))

    def _affixed(self, root: str) -> str:
        before, after = (
            self._random.choice(["me", "di", "ber", "pe", "ke", ""]),
            self._random.choice(["kan", "an", "nya"]),
        )
        return before + root + after

    def words(self) -> list[str]:
        """Return the words of one text."""
        return self._random.choices(self.vocabulary, cum_weights=self._weights, k=WORDS)

    def choice(self, *, first: int, last: int) -> str:
        """Return a word of a rank from `first` to `last`, 0 being the most frequent."""
        return self.vocabulary[self._random.randint(first, last)]

    def searches(self) -> dict[str, list[Mapping[str, str]]]:
        """Return the searches of each kind, as parameters of search_articles()."""
        found: dict[str, list[Mapping[str, str]]] = {kind: [] for kind in KINDS}
        for _ in range(SEARCHES):
            found["common"].append({"query": self.choice(first=0, last=50)})
            found["usual"].append({"query": self.choice(first=100, last=1_000)})
            found["seldom"].append({"query": self.choice(first=5_000, last=20_000)})
            found["rare"].append({"query": self.choice(first=VOCABULARY // 6, last=VOCABULARY - 1)})
            found["two words"].append(
                {"query": f"{self.choice(first=20, last=500)} {self.choice(first=100, last=5_000)}"}
            )
        for number in range(SEARCHES // 2):
            found["OR"].append(
                {"query": f"{self.choice(first=20, last=500)} or {self.choice(first=1_000, last=9_000)}"}
            )
            found["prefix"].append({"query": f"{self.choice(first=500, last=9_000)[:5]}*"})
            filters = [{"outlet": "p"}, {"section": "ekonomi"}, {"author": "penulis 77"}][number % 3]
            found["filtered"].append({"query": self.choice(first=0, last=1_000)} | filters)
            text = [*pairwise(self.words())]
            found["phrase"].append({"query": f'"{" ".join(self._random.choice(text))}"'})
        return found


def fill(
    connection: psycopg.Connection,
    texts: Texts,
    articles: int,
    *,
    first: datetime = FIRST,
    outlets: Sequence[str] = OUTLETS,
) -> None:
    """Store so many articles and their words for search, from `first` on, without the pages they would be on."""
    different = min(articles, TEXTS)
    connection.execute(
        "CREATE UNLOGGED TABLE texts (text_id bigint, outlet text, author text[], section text[], headline text,"
        " article_body text[], words tsvector)"
    )
    with connection.cursor() as cursor, cursor.copy("COPY texts FROM STDIN") as copy:
        for number in range(different):
            words = texts.words()
            author, section = f"Penulis {number % 499}", ["news", "ekonomi", "bola"][number % 3]
            headline, body = " ".join(words[:9]), " ".join(words[9:])
            copy.write_row((number, outlets[number % len(outlets)], [author], [section], headline, [body], ""))
    connection.execute("UPDATE texts SET words = search_words(headline, article_body, 'id')")
    connection.execute("ALTER TABLE texts ADD PRIMARY KEY (text_id)")
    connection.execute("ANALYZE texts")
    connection.execute("DROP INDEX article_search_words_idx")
    connection.execute("SET session_replication_role = replica")  # no foreign keys, no triggers
    connection.execute(FILL, {"articles": articles, "texts": different, "first": first})
    connection.execute(INDEX)
    connection.execute("SET session_replication_role = DEFAULT")
    connection.execute("CREATE INDEX article_search_words_idx ON article_search USING gin (words, labels)")
    connection.execute("DROP TABLE texts")
    connection.execute("VACUUM ANALYZE articles, article_search")


def cpu_ms(connection: psycopg.Connection) -> float:
    """Return the CPU milliseconds that the connection's server process has taken (Linux)."""
    return int(Path(f"/proc/{connection.info.backend_pid}/schedstat").read_text().split()[0]) / 1e6


def cost(connection: psycopg.Connection, statement: str, parameters: dict[str, Any]) -> float:
    """Return the CPU milliseconds of one search."""
    before = cpu_ms(connection)
    connection.execute(query(statement), UNFILTERED | parameters).fetchall()
    return cpu_ms(connection) - before


def measure(connection: psycopg.Connection, searches: Mapping[str, Sequence[Mapping[str, str]]]) -> float:
    """Print what each kind of search costs in each way of asking; return the median of those that give articles."""
    connection.execute("SET client_min_messages = error")
    everything: list[float] = []
    for way, (statement, given) in WAYS.items():
        for kind, asked in searches.items():
            rounds = [[cost(connection, statement, {**one, **given}) for one in asked] for _ in range(ROUNDS)]
            warm = [min(each) for each in zip(*rounds[1:], strict=True)]
            everything += warm if statement == "search_articles" else []
            say(f"  {way:10}{kind:10} {_spread(warm)}   first time {_spread(rounds[0])}")
    say(f"  all              {_spread(everything)}")
    return median(everything)


def _spread(costs: Sequence[float]) -> str:
    p95 = quantiles(costs, n=20, method="inclusive")[-1]
    return f"p50 {median(costs):7.1f}  p95 {p95:7.1f}  max {max(costs):7.1f} ms"


def storing(connection: psycopg.Connection, texts: Texts, name: str) -> float:
    """Store articles in batches, as a crawl does; return the CPU milliseconds of one."""
    run_id = uuid4()
    begin_run(connection, run_id, outlet="seed")
    made = connection.execute(PAGES.replace("stored.", f"{name}."), {"run_id": run_id, "pages": STORED}).fetchall()
    pages = [page_id for (page_id,) in made]
    spent = 0.0
    for first in range(0, STORED, BATCH):
        given = _batch(texts, pages[first : first + BATCH], name)
        before = cpu_ms(connection)
        connection.execute(query("insert_articles"), given | {"run_id": run_id, "were_looked_at": False})
        spent += cpu_ms(connection) - before
    return spent / STORED


def _batch(texts: Texts, pages: Sequence[int], name: str) -> dict[str, str]:
    rows, revisions = [], []
    for page_id in pages:
        words = texts.words()
        url = f"https://{name}.example.test/{page_id}"
        article = Article(
            outlet="seed", url=url, canonical_url=url, headline=" ".join(words[:9]), article_body=(" ".join(words[9:]),)
        )
        content = content_of(article)
        rows.append(article_row(article, content) | {"page_id": page_id, "revision": 1})
        revisions.append({"page_id": page_id, "content": json.loads(content)})
    return {"articles": json.dumps(rows, default=_hex), "revisions": json.dumps(revisions)}


def _hex(value: bytes) -> str:
    return f"\\x{value.hex()}"


def main(sizes: Sequence[int]) -> None:
    """Measure each number of articles in a database of its own; print the figures."""
    costs: dict[int, float] = {}
    for articles in sizes:
        texts = Texts()
        with empty_database(**POSTGRES) as (_, connection):
            fill(connection, texts, articles)
            [(table, index)] = connection.execute(
                "SELECT pg_total_relation_size('article_search'), pg_relation_size('article_search_words_idx')"
            ).fetchall()
            say(
                f"{articles:,} articles: {table / articles:,.0f} bytes an article, {index / articles:,.0f} of the index"
            )
            costs[articles] = measure(connection, texts.searches())
            added = storing(connection, texts, "indexed")
            connection.execute("ALTER TABLE articles DISABLE TRIGGER index_for_search")
            say(f"  storing: {added:.2f} ms an article, {storing(connection, texts, 'plain'):.2f} without search")
    if len(costs) > 1:
        slope = linear_regression([math.log(size) for size in costs], [math.log(each) for each in costs.values()]).slope
        say(f"the median search grows with the articles to the power of {slope:.2f}")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
