"""`warta reextract`: stored pages are read by the rules of today, and what differs is a revision of Warta's own."""

import json
import random
import time
from datetime import UTC, datetime

import pytest
from psycopg.types.json import Jsonb

from scrapers.dedup.incremental import deduplicate
from scrapers.errors import UsageError
from scrapers.extract.article import extract_article
from scrapers.extract.page import Page
from scrapers.items import CrawlScope, Fetch, Link, PageResult
from scrapers.local.seed_site import Answer, read_stories
from scrapers.maintenance.reextract import BATCH, Selection, reextract, run_form
from scrapers.spiders import outlet
from scrapers.storage.articles import store
from scrapers.storage.ledger import discover, lease
from scrapers.storage.reextraction import rewritten, store_rewritten, stored_pages
from tests.factories import article as another_article
from tests.fault_server import article

NOON = datetime(2025, 12, 15, 12, tzinfo=UTC)
OLD = "Judul menurut aturan lama"


@pytest.fixture
def keep(database, run_id):
    """Return a function that stores pages of the outlet `kompas` as a crawl does."""

    def keep(numbers):
        rules = outlet("kompas").rules()
        urls = {
            f"https://www.kompas.com/read/2025/12/15/{number:08}/warga-desa-membangun": article(number)
            for number in numbers
        }
        discover(database, run_id, "kompas", [Link(url=url) for url in urls])
        results = []
        for page in lease(database, run_id, "kompas", len(urls), CrawlScope(urls=list(urls))):
            body = urls[page.url].encode()
            read = extract_article(Page(page.url, body, "text/html", NOON), rules)
            fetch = Fetch(
                url=page.url, requested_at=NOON, status=200, content_type="text/html", size=len(body), body=body
            )
            results.append(PageResult(page=page, fetches=(fetch,), article=read))
        store(database, run_id, results)

    return keep


@pytest.fixture
def read_by_older_rules(database):
    """Return a function that lets articles have the headline that older rules found."""

    def change(share=1.0):
        database.execute("ALTER TABLE revisions DISABLE TRIGGER append_only")
        database.execute(
            "UPDATE revisions SET content = content || %s WHERE article_id %% 100 < %s",
            [Jsonb({"headline": OLD}), 100 * share],
        )
        database.execute(
            "UPDATE articles SET headline = %s, content_sha256 = sha256('old') WHERE article_id %% 100 < %s",
            [OLD, 100 * share],
        )
        database.execute("ALTER TABLE revisions ENABLE TRIGGER append_only")

    return change


def runs(database):
    return database.execute("SELECT count(*) FROM runs WHERE kind = 'reextract'").fetchone()


def headlines(database):
    return [headline for (headline,) in database.execute("SELECT headline FROM articles ORDER BY article_id")]


def test_what_is_read_as_before_writes_nothing(database, keep):
    keep(range(5))
    before = database.execute("SELECT to_jsonb(articles), xmin::text FROM articles ORDER BY article_id").fetchall()

    report = reextract(database, Selection(), processes=1)

    assert report.pages == {"unchanged": 5}
    assert (
        database.execute("SELECT to_jsonb(articles), xmin::text FROM articles ORDER BY article_id").fetchall() == before
    )
    assert database.execute("SELECT count(*) FROM revisions").fetchone() == (5,)


def test_dry_run_shows_what_would_change_and_stores_nothing(commands, database, keep, read_by_older_rules):
    keep(range(5))
    right = headlines(database)
    read_by_older_rules()

    told = commands.warta("reextract", "--outlet", "kompas", "--dry-run").out

    assert "5  changed" in told
    assert "headline        5" in told
    assert "[-Judul menurut aturan lama-]" in told
    assert right[0].split()[-1] in told
    assert set(headlines(database)) == {OLD}
    assert database.execute("SELECT count(*) FROM runs WHERE kind = 'reextract'").fetchone() == (0,)


def test_change_is_a_revision_of_wartas_own(commands, database, keep, read_by_older_rules, dsn):
    keep(range(5))
    right = headlines(database)
    read_by_older_rules()

    told = commands.warta("reextract")

    assert told.code == 0
    assert headlines(database) == right
    newest = database.execute(
        "SELECT origin, snapshot_sha256 IS NOT NULL, changes FROM revisions WHERE revision = 2 ORDER BY article_id"
    ).fetchall()
    assert newest == [("reextraction", True, {"headline": [OLD, headline]}) for headline in right]
    assert json.loads(commands.warta("edits", "--json").out) == []
    assert "Warta's newer rules" in commands.warta("diff", "1").out
    assert reextract(database, Selection(), processes=1).pages == {"unchanged": 5}
    assert deduplicate(dsn)


def test_only_the_fields_asked_for_are_changed(database, keep, read_by_older_rules):
    keep(range(2))
    read_by_older_rules()
    database.execute("UPDATE articles SET author = '{Lama}'")
    database.execute("ALTER TABLE revisions DISABLE TRIGGER append_only")
    database.execute("UPDATE revisions SET content = content || %s", [Jsonb({"author": ["Lama"]})])

    report = reextract(database, Selection(fields=("author",)), processes=1)

    assert report.fields == {"author": 2}
    assert set(headlines(database)) == {OLD}
    assert database.execute("SELECT count(*) FROM articles WHERE author = '{Lama}'").fetchone() == (0,)
    content = database.execute("SELECT content ->> 'headline' FROM revisions WHERE revision = 2").fetchall()
    assert content == [(OLD,), (OLD,)]


def test_days_can_be_chosen_in_airflows_form(commands, database, keep, read_by_older_rules, monkeypatch):
    keep(range(3))
    read_by_older_rules()
    monkeypatch.setenv("WARTA_DSN", commands.environment["WARTA_DSN"])
    form = {"outlet": None, "since": None, "until": "2001-01-01", "fields": [], "dry_run": False, "workers": 1}

    nothing = run_form(form)
    everything = run_form(form | {"until": None, "since": "2001-01-01"})

    assert nothing == {"pages": {}, "fields": {}}
    assert everything == {"pages": {"changed": 3}, "fields": {"headline": 3}}


def test_page_that_is_not_kept_or_damaged_is_left_and_counted(database, keep):
    keep(range(3))
    database.execute(
        "UPDATE revisions SET snapshot_sha256 = NULL WHERE article_id = (SELECT min(article_id) FROM articles)"
    )
    database.execute(
        "UPDATE snapshots SET body = substr(body, 1, 50) FROM revisions"
        " WHERE sha256 = snapshot_sha256 AND article_id = (SELECT max(article_id) FROM articles)"
    )

    report = reextract(database, Selection(), processes=1)

    assert report.pages == {"unchanged": 1, "left: not kept": 1, "left: damaged": 1}


def test_page_that_retention_deletes_meanwhile_is_still_read_again(database, keep, run_id):
    keep(range(2))
    pages = stored_pages(database, "kompas", after=0, limit=2)
    database.execute("ALTER TABLE revisions DISABLE TRIGGER append_only")
    database.execute("UPDATE fetches SET snapshot_sha256 = NULL")
    database.execute("UPDATE revisions SET snapshot_sha256 = NULL")
    database.execute("DELETE FROM snapshots")

    for page in pages:
        new = another_article(outlet="kompas", headline="Baru")
        assert store_rewritten(database, run_id, page, rewritten(page, new, {"headline"}))

    assert database.execute("SELECT snapshot_sha256 FROM revisions WHERE revision = 2").fetchall() == [(None,), (None,)]
    assert headlines(database) == ["Baru", "Baru"]


def test_all_outlets_are_read_one_after_the_other(database, keep, read_by_older_rules):
    keep(range(40))
    database.execute("UPDATE articles SET outlet = 'tempo' WHERE article_id % 2 = 0")

    report = reextract(database, Selection(), processes=2)

    assert report.pages == {"unchanged": 20, "changed": 20}  # each by the rules of its outlet
    runs = database.execute("SELECT outlet, outcome FROM runs WHERE kind = 'reextract' ORDER BY outlet").fetchall()
    assert runs == [("kompas", "succeeded"), ("tempo", "succeeded")]


def test_article_of_several_pages_is_joined_again(commands, site, database, read_by_older_rules):
    story = next(story for story in read_stories(1) if story.pages)
    path = "/" + story.url.split("/", 3)[3]
    site.answers[f"{path}/all"] = Answer(status=404)
    commands.crawl("seed", "-a", f"urls={site.address}{path}")
    (headline, parts) = database.execute("SELECT headline, cardinality(page_starts) FROM articles").fetchone()
    assert parts > 1
    read_by_older_rules()

    report = reextract(database, Selection(), processes=1)

    assert report.pages == {"changed": 1}
    assert report.fields == {"headline": 1}
    assert headlines(database) == [headline]


def test_text_documents_are_read_as_such(commands, database):
    commands.warta("ingest", "seeds/000_650c3db9ef69406e.txt")

    assert reextract(database, Selection(), processes=1).pages == {"unchanged": 1}


@pytest.mark.parametrize(("arguments", "said"), [
    (("--fields", "judul"), "no field 'judul'"),
    (("--outlet", "kompos"), "no articles of an outlet 'kompos'"),
], ids=["field", "outlet"])  # fmt: skip
def test_wrong_argument_is_said_in_one_line(commands, arguments, said):
    result = commands.warta("reextract", *arguments)

    assert (result.code, len(result.err.splitlines())) == (2, 1)
    assert said in result.err


def test_fields_are_those_of_an_article():
    with pytest.raises(UsageError, match="no field 'x'; known: headline"):
        Selection(fields=("x",))


@pytest.mark.slow
def test_reextraction_that_is_killed_again_and_again_ends_as_an_undisturbed_one(
    commands, database, keep, read_by_older_rules
):
    keep(range(3 * BATCH))
    right = headlines(database)
    read_by_older_rules(share=0.5)
    kills = 0
    for seed in range(10):
        before = runs(database)
        process = commands.start("scrapers", "reextract", "--workers", "1")
        while process.poll() is None and runs(database) == before:
            time.sleep(0.01)
        time.sleep(random.Random(seed).uniform(0, 0.5))
        kills += process.poll() is None
        process.kill()
        process.communicate()

    commands.warta("reextract", "--workers", "1")

    assert kills >= 1
    assert headlines(database) == right
    most = "SELECT max(revision), count(*) FROM revisions"
    assert database.execute(most).fetchone() == (2, 3 * BATCH + 3 * BATCH // 2)
    assert database.execute(
        "SELECT count(*) FROM runs WHERE kind = 'reextract' AND outcome = 'running'"
    ).fetchone() == (0,)
