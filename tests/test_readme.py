import re
from uuid import uuid4

import pytest

from scrapers.config import ROOT
from scrapers.storage.connection import query as stored_query
from scrapers.storage.runs import begin_run
from tests.conftest import Commands

README = (ROOT / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n-- (\d+\. .+?)\n(.+?)```", README, re.DOTALL)
DOCUMENT = ROOT / "seeds" / "000_650c3db9ef69406e.txt"


@pytest.fixture(scope="module")
def crawled(cluster, tmp_path_factory):
    """Return a database after two crawls, an edit between them, an ingest and a dedup."""
    from scrapers.dedup.incremental import deduplicate
    from scrapers.local.seed_site import SeedSite
    from scrapers.storage.connection import connect

    cluster.create_database("readme", template="migrated")
    with SeedSite() as site:
        commands = Commands(
            {
                "WARTA_HOME": str(tmp_path_factory.mktemp("state")),
                "WARTA_DSN": cluster.dsn("readme"),
                "WARTA_SEED_SITE": site.address,
            }
        )
        commands.crawl("seed")
        site.edition = 2
        commands.crawl("seed")
        commands.warta("ingest", str(DOCUMENT))
    deduplicate(cluster.dsn("readme"))
    with connect(cluster.dsn("readme")) as connection:
        yield connection


def test_readme_has_ten_queries():
    assert len(QUERIES) == 10


@pytest.mark.parametrize(("title", "query"), QUERIES, ids=[title for title, _ in QUERIES])
def test_query_of_the_readme_gives_rows(crawled, title, query):
    assert crawled.execute(query).fetchall()


BLOCKS = [
    (f"{path.name}: {number}", block)
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    for number, block in enumerate(re.findall(r"```sql\n(.+?)```", path.read_text(encoding="utf-8"), re.DOTALL), 1)
]
WORDS = " ".join(f"kata{number:x}" for number in range(130_000))
MONSTERS = {  # what some page may make of an article: values of columns
    "130,000 different words": {"article_body": [WORDS]},
    "words of 2 KB": {"article_body": [" ".join(letter * 2100 for letter in "abcdefghij")]},
    "a headline of 3 MB": {"headline": "kapal tanker " * 250_000},
    "nothing in it": {"headline": "", "article_body": [], "author": [], "article_section": [], "keywords": []},
    "the first and the last date": {"date_published": "1900-01-01 00:00+00", "date_modified": "9999-01-01 00:00+00"},
    "no date": {"date_published": None},
    "characters of four bytes": {"article_body": [" ".join(map(chr, range(0x20000, 0x2A000))) * 4]},
    "words with hyphens": {"article_body": [" ".join(f"{chr(0x20000 + n)}-{chr(0x21000 + n)}" for n in range(9_000))]},
    "addresses": {"article_body": [" ".join(f"a{n}.id/{n:x}" for n in range(60_000))]},
    "markup and operators": {
        "headline": "<b>&amp;'\"\\ | ! :* <->",
        "article_body": ["\u202e & | ! ( <-> '' \\ $1 %s"],
    },
    "far too many sections": {"article_section": ["x" * 5000] * 50},
    "an address of 100 KB": {"canonical_url": f"https://x.example/{'a' * 100_000}"},
}
INSERT = """
WITH page AS (
    INSERT INTO pages (outlet, url, url_sha256, state, run_id)
    SELECT 'seed', %(canonical_url)s, sha256(convert_to(%(canonical_url)s, 'UTF8')), 'stored', run_id FROM runs LIMIT 1
    RETURNING page_id, url, url_sha256, run_id
), article AS (
    INSERT INTO articles (outlet, page_id, url, canonical_url, canonical_url_sha256, url_key, headline, author,
                          article_section, keywords, article_body, date_published, date_modified, related, provenance,
                          content_sha256, body_sha256, body_words, revision)
    SELECT 'seed', page_id, url, url, url_sha256, url, %(headline)s, %(author)s, %(article_section)s, %(keywords)s,
           %(article_body)s, %(date_published)s, %(date_modified)s, '[]', '{}', '', '', 0, 2
    FROM page
    RETURNING article_id, headline
)
INSERT INTO revisions (article_id, revision, run_id, url, content, provenance, changes)
SELECT article_id, revision, run_id, url, '{}', '{}', jsonb_build_object('headline', jsonb_build_array('', headline))
FROM page, article, generate_series(1, 2) AS revision
"""


@pytest.fixture(scope="module")
def monstrous(crawled, cluster):
    """Return a database that holds an article of each kind of monster."""
    for number, values in enumerate(MONSTERS.values()):
        usual = {
            "canonical_url": f"https://x.example/{number}", "headline": "kapal tanker", "author": ["A"],
            "article_section": ["news"], "keywords": ["k"], "article_body": ["kapal tanker"],
            "date_published": "2025-12-15 00:00+00", "date_modified": None,
        }  # fmt: skip
        crawled.execute(INSERT, usual | values)
    return crawled


@pytest.mark.parametrize(("name", "block"), BLOCKS, ids=[name for name, _ in BLOCKS])
def test_no_stored_article_makes_a_query_of_the_documentation_fail(monstrous, name, block):
    with monstrous.transaction(force_rollback=True):
        cursor = monstrous.execute(block)

        assert cursor.statusmessage
        assert cursor.description is None or isinstance(
            cursor.fetchall(), list
        )  # a value that Python can't hold raises


@pytest.mark.parametrize("command", ["articles", "search kapal", "coverage", "coverage seed", "status"])
def test_no_stored_article_makes_a_command_fail(monstrous, command, tmp_path, cluster):
    commands = Commands({"WARTA_HOME": str(tmp_path), "WARTA_DSN": cluster.dsn("readme")})

    ended = commands.warta(*command.split())

    assert ended.code == (7 if command == "status" else 0), ended.err
    assert "Traceback" not in ended.err


MANY = """
INSERT INTO pages (outlet, url, url_sha256, state, run_id)
SELECT 'seed', url, sha256(convert_to(url, 'UTF8')), 'stored', (SELECT run_id FROM runs LIMIT 1)
FROM (SELECT format('https://many.example/%%s', n) AS url FROM generate_series(1, %(articles)s) AS n) AS made;
INSERT INTO articles (outlet, page_id, url, canonical_url, canonical_url_sha256, url_key, headline, author,
                      article_section, keywords, article_body, date_published, related, provenance, content_sha256,
                      body_sha256, body_words, revision)
SELECT 'seed', page_id, url, url, url_sha256, url, 'Headline ' || page_id, '{A}', '{news}', '{}',
       array[repeat('kata ', 50)], CASE WHEN page_id %% 10 > 0 THEN now() - page_id * interval '1 minute' END,
       '[]', '{}', '', url_sha256, 50, 1
FROM pages WHERE url LIKE 'https://many.example/%%';
INSERT INTO clusters (article_id, representative_id, kind)
SELECT article_id, article_id - article_id %% 3, 'exact' FROM articles
WHERE url LIKE 'https://many.example/%%' AND article_id %% 9 < 3
  AND article_id - article_id %% 3 IN (SELECT article_id FROM articles)
ON CONFLICT DO NOTHING;
ANALYZE pages, articles, clusters;
"""
LOOK_UPS = {
    "the newest": "SELECT at, headline, author FROM latest_articles LIMIT 10",
    "the newest of each text": "SELECT at, headline, author FROM unique_articles LIMIT 10",
    "what `warta articles` lists": stored_query("list_articles").decode(),
    "one article": "SELECT * FROM latest_articles WHERE article_id = %(article_id)s",
    "one address": "SELECT * FROM latest_articles WHERE canonical_url = %(url)s",
    "one page": "SELECT * FROM pages WHERE page_id = page_id_of(%(url)s)",
    "one cluster": "SELECT * FROM syndication WHERE representative_id = %(representative)s ORDER BY position",
    "the history of one page": next(query for title, query in QUERIES if title.startswith("9."))
    .replace("= 1 ", "= %(article_id)s ").rstrip().rstrip(";"),
}  # fmt: skip


def slow_look_ups(connection, articles):
    """Return the look-ups that take over 50 ms or read a whole table, with their plans, among so many articles."""
    connection.execute(MANY.replace("%(articles)s", str(articles)).replace("%%", "%"))
    article_id, url, representative = connection.execute(
        "SELECT article_id, canonical_url, representative_id FROM articles JOIN clusters USING (article_id)"
        " WHERE url LIKE 'https://many.example/%' LIMIT 1"
    ).fetchone()
    values = {"article_id": article_id, "url": url, "representative": representative, "articles": 20}
    slow = {}
    for name, query in LOOK_UPS.items():
        for _ in range(2):  # the first fills Postgres' memory
            rows = connection.execute(f"EXPLAIN (ANALYZE, FORMAT TEXT) {query}", values).fetchall()
        plan = "\n".join(line for (line,) in rows)
        if "Seq Scan" in plan or float(re.findall(r"Execution Time: ([\d.]+) ms", plan)[0]) > 50:
            slow[name] = plan
    return slow


@pytest.fixture
def with_a_run(database):
    begin_run(database, uuid4(), outlet="seed")
    yield database
    database.execute("TRUNCATE pages, articles, clusters CASCADE")


def test_look_ups_among_many_articles_read_no_whole_table(with_a_run):
    slow = slow_look_ups(with_a_run, 20_000)

    assert not slow, slow


@pytest.mark.proof
def test_look_ups_among_a_million_articles_take_less_than_50_ms(with_a_run):
    assert slow_look_ups(with_a_run, 1_000_000) == {}
