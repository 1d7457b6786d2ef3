"""docs/how-to/queries.md: thirty questions, each answered by a database that was used for a while."""

import re

import pytest

from scrapers.config import ROOT
from scrapers.dedup.incremental import deduplicate
from scrapers.local.seed_site import SeedSite
from scrapers.storage.connection import connect
from tests.conftest import Commands
from tests.fault_server import Answer, FaultServer, article

PAGE = (ROOT / "docs" / "how-to" / "queries.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"^\*\*(\d+)\. (.+?)\*\*.*?```sql\n(.+?)```", PAGE, re.DOTALL | re.MULTILINE)
STORY = "/berita/nomor-1-warga-desa-membangun-jembatan"
COPY = "/lain/salinan-warga-desa-membangun-jembatan"
EMPTY_IS_GOOD = {"10", "18"}  # alarms and contradictions


@pytest.fixture(scope="module")
def used(cluster, tmp_path_factory):
    """Return a database after crawls of two outlets, an edit, a withdrawal, a copy and a takedown."""
    cluster.create_database("queries", template="migrated")
    with SeedSite() as seed, FaultServer() as other:
        state = str(tmp_path_factory.mktemp("state"))
        environment = {"WARTA_HOME": state, "WARTA_DSN": cluster.dsn("queries"), "WARTA_SEED_SITE": seed.address}
        commands = Commands(environment)
        crawl_seed(commands, seed)
        crawl_other(commands, other)
        deduplicate(cluster.dsn("queries"))
        commands.warta("takedown", other.url("/berita/nomor-3-warga-desa-membangun-jembatan"), "--reason", "putusan")
    with connect(cluster.dsn("queries")) as connection:
        yield connection


def crawl_seed(commands, seed):
    """Crawl the seed site before and after an edit."""
    commands.crawl("seed")
    seed.edition = 2
    commands.crawl("seed", "-a", "full=true")


def crawl_other(commands, other):
    """Crawl a story that is rewritten, copied by a second page with a paragraph more, withdrawn and restored."""

    def crawl(*paths):
        fast = ["-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False"]
        urls = " ".join(other.url(path) for path in paths)
        commands.crawl("news", "-a", f"url={other.address}", "-a", f"urls={urls}", *fast)

    further = "<p>Pembangunan itu dibiayai oleh iuran warga selama tiga tahun terakhir.</p></article>"
    other.answers[COPY] = Answer(article(1).replace("</article>", further))
    crawl(STORY, COPY)
    other.answers[STORY] = Answer(article(1).replace("Warga Desa Membangun Jembatan", "Iuran Warga Jadi Titian Baru"))
    crawl(STORY)
    other.answers[STORY] = Answer(status=410)
    crawl(STORY)


def test_page_has_thirty_questions():
    assert [int(number) for number, *_ in QUESTIONS] == list(range(1, 31))


@pytest.mark.parametrize(("number", "question", "sql"), QUESTIONS, ids=[number for number, *_ in QUESTIONS])
def test_question_is_answered(used, number, question, sql):
    rows = used.execute(sql).fetchall()

    assert rows or number in EMPTY_IS_GOOD, question
