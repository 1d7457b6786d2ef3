"""Whole crawls of the seed site: a real `scrapy crawl`, a real HTTP server, a real Postgres."""

import json
import random
import signal
import time

import pytest

from scrapers.local.postgres import Cluster
from scrapers.local.seed_site import Answer, read_stories
from scrapers.storage.connection import connect
from scrapers.storage.migrate import migrate

ROBOTS_FORBID = Answer(body="User-agent: *\nDisallow: /\n", content_type="text/plain")
SEED_PATH = "/news/internasional/dulu-berperang-kini-amerika-jajaki-kerja-sama-dengan-taliban-lawan-isis-di-afghanistan"


def articles(database):
    return dict(database.execute("SELECT canonical_url, headline FROM articles").fetchall())


def revisions(database):
    return database.execute("SELECT article_id, revision, content FROM revisions ORDER BY 1, 2").fetchall()


def wait_for_requests(site, requests, process):
    """Wait until the crawl has sent so many requests, or has ended."""
    before = len(site.seen)
    while len(site.seen) - before < requests and process.poll() is None:
        time.sleep(0.005)


def last_run(database):
    return database.execute("SELECT outcome, reason, discovered FROM runs ORDER BY started_at DESC LIMIT 1").fetchone()


def test_first_crawl_stores_each_article_of_the_site_exactly_once(commands, site, database, balance):
    result = commands.crawl("seed")

    assert result.code == 0, result.err
    assert articles(database) == site.articles()
    assert len(revisions(database)) == len(site.articles())
    assert balance()["stored"] == len(site.articles())
    assert last_run(database)[0] == "succeeded"


def test_no_page_is_asked_for_twice_in_a_crawl(commands, site, database, balance):
    commands.crawl("seed")

    asked = [(seen.host, seen.path) for seen in site.seen]

    assert len(asked) == len(set(asked))


def test_amp_all_and_twin_forms_make_no_second_article_and_name_what_they_duplicate(commands, site, database, balance):
    commands.crawl("seed")

    duplicates = database.execute(
        "SELECT variant.url, page.url FROM pages AS variant JOIN pages AS page ON page.page_id = variant.duplicate_of "
        "WHERE variant.state = 'duplicate'"
    ).fetchall()

    variants = {
        url.removeprefix(site.address).removesuffix(page.removeprefix(site.address)) for url, page in duplicates
    }
    assert any(url.startswith(f"{site.address}/amp/") for url, _ in duplicates)
    assert any(url == f"{page}/all" for url, page in duplicates)
    assert any(url == f"{page}/2" for url, page in duplicates)
    assert any("utm_source=" in url for url, _ in duplicates), variants
    assert any("jabar.inews.localhost" in url or "/regional/jabar/" in url for url, _ in duplicates)


def test_article_of_several_pages_is_stored_whole(commands, site, database, balance):
    commands.crawl("seed")

    body = database.execute(
        "SELECT article_body FROM articles WHERE canonical_url LIKE '%%/finance/makro/%%'"
    ).fetchone()[0]

    story = next(story for story in read_stories(1) if story.pages)
    assert len(body) == len(story.article_body)


def test_article_whose_whole_cannot_be_had_is_joined_from_its_pages(commands, site, database, balance):
    story = next(story for story in read_stories(1) if story.pages)
    path = "/" + story.url.split("/", 3)[3]
    site.answers[f"{path}/all"] = Answer(status=404)

    commands.crawl("seed")

    body, starts, editor, is_truncated = database.execute(
        "SELECT article_body, page_starts, editor, is_truncated FROM articles WHERE url LIKE %s", [f"%{path}"]
    ).fetchone()
    first, second, _ = story.pages
    assert len(body) == len(story.article_body)
    assert starts == [0, first, first + second]
    assert (editor is not None, is_truncated) == (True, False)


def test_article_of_which_a_page_is_missing_is_stored_as_cut_short(commands, site, database, balance):
    story = next(story for story in read_stories(1) if story.pages)
    path = "/" + story.url.split("/", 3)[3]
    site.answers[f"{path}/all"] = site.answers[f"{path}/2"] = Answer(status=404)

    commands.crawl("seed")

    body, is_truncated = database.execute(
        "SELECT article_body, is_truncated FROM articles WHERE url LIKE %s", [f"%{path}"]
    ).fetchone()
    assert (len(body), is_truncated) == (story.pages[0], True)


def test_second_crawl_after_the_edit_adds_exactly_one_revision_and_nothing_else(commands, site, database, balance):
    commands.crawl("seed")
    before = revisions(database)
    site.edition = 2
    site.seen.clear()

    commands.crawl("seed")

    added = [row for row in revisions(database) if row not in before]
    changes = database.execute("SELECT changes FROM revisions WHERE revision = 2").fetchall()
    assert len(added) == 1
    assert added[0][1] == 2
    assert {"article_body", "date_modified"} <= changes[0][0].keys()
    assert articles(database) == site.articles()


def test_full_crawl_looks_at_every_page_again_and_writes_no_revision(commands, site, database, balance):
    commands.crawl("seed")
    before = revisions(database)

    result = commands.crawl("seed", "-a", "full=true")

    assert result.code == 0, result.err
    assert revisions(database) == before
    assert balance()["unchanged"] == len(before)


def test_crawl_with_a_limit_fetches_no_more_pages_than_that(commands, site, database, balance):
    commands.crawl("seed", "-a", "limit=3")

    assert database.execute("SELECT count(DISTINCT page_id) FROM fetches").fetchone() == (3,)
    assert balance()["discovered"] > 0


def test_crawl_of_given_urls_fetches_only_those(commands, site, database, balance):
    result = commands.crawl("seed", "-a", f"urls={site.address}{SEED_PATH}/all")

    assert result.code == 0, result.err
    assert list(articles(database)) == [f"{site.address}{SEED_PATH}"]
    assert last_run(database)[0] == "succeeded"


def test_crawl_since_a_day_leaves_what_was_announced_earlier(commands, site, database, balance):
    commands.crawl("seed", "-a", "since=2025-12-15", "-a", "until=2025-12-15")

    published = database.execute(
        "SELECT announced_published FROM pages WHERE announced_published IS NOT NULL AND state = 'stored'"
    ).fetchall()
    assert published
    assert {f"{day.astimezone().date()}" for (day,) in published} <= {"2025-12-14", "2025-12-15"}
    assert database.execute(
        "SELECT count(*) FROM pages WHERE state = 'discovered' AND announced_published IS NOT NULL"
    ).fetchone()[0]


def test_items_are_written_as_json_lines_with_where_each_field_came_from(commands, tmp_path, balance):
    file = tmp_path / "articles.jsonl"

    commands.crawl("seed", "-O", str(file))

    items = [json.loads(line) for line in file.read_text().splitlines()]
    seed = next(item for item in items if item["url"].endswith(SEED_PATH))
    assert seed["image"]["credit_text"] == "Reuters"
    assert seed["provenance"]["headline"]
    assert all(item["headline"] and item["article_body"] for item in items)


def test_crawls_killed_at_random_moments_and_run_again_store_what_an_undisturbed_one_does(
    commands, site, database, balance
):
    moments = random.Random(20251215)
    site.delay_s = 0.02
    for _ in range(4):
        process = commands.start("scrapy", "crawl", "seed")
        wait_for_requests(site, moments.randint(1, 12), process)
        process.send_signal(signal.SIGKILL)
        process.communicate()

    result = commands.crawl("seed")

    assert result.code == 0, result.err
    assert articles(database) == site.articles()
    assert [revision for _, revision, _ in revisions(database)] == [1] * len(site.articles())
    assert "leased" not in balance()
    assert database.execute("SELECT count(*) FROM runs WHERE outcome = 'interrupted'").fetchone()[0] > 0


def test_two_crawls_at_once_share_the_pages(commands, site, database, balance):
    both = [commands.start("scrapy", "crawl", "seed") for _ in range(2)]

    for process in both:
        process.communicate(timeout=60)

    fetched = database.execute("SELECT count(*), count(DISTINCT url) FROM fetches WHERE page_id IS NOT NULL").fetchone()
    assert [process.returncode for process in both] == [0, 0]
    assert articles(database) == site.articles()
    assert fetched[0] == fetched[1]


def test_terminated_crawl_says_so_and_gives_its_pages_back(commands, site, database, balance):
    site.delay_s = 0.3
    process = commands.start("scrapy", "crawl", "seed")
    wait_for_requests(site, 5, process)

    process.terminate()
    _, err = process.communicate(timeout=30)

    assert process.returncode == 6, err
    assert "stopped before its end" in err.strip().split("\n")[-1]
    assert last_run(database)[0] == "stopped"
    assert "leased" not in balance()


def test_robots_txt_that_forbids_is_said_in_one_line_and_nothing_is_asked_for(commands, site, database, balance):
    site.answers["/robots.txt"] = ROBOTS_FORBID

    result = commands.crawl("seed")

    assert result.code == 5
    assert "robots.txt" in result.last_line
    assert {seen.path for seen in site.seen} == {"/robots.txt"}
    assert last_run(database)[0] == "failed"


def test_page_forbidden_by_robots_txt_is_rejected_and_never_asked_for(commands, site, database, balance):
    site.answers["/robots.txt"] = Answer(body=f"User-agent: *\nDisallow: {SEED_PATH}\n", content_type="text/plain")

    result = commands.crawl("seed")

    assert result.code == 0, result.err
    assert database.execute("SELECT state, reason FROM pages WHERE url LIKE %s", [f"%{SEED_PATH}"]).fetchone() == (
        "rejected",
        "robots",
    )
    assert SEED_PATH not in {seen.path for seen in site.seen}


@pytest.mark.parametrize("status", [500, 503])
def test_robots_txt_that_fails_means_wait(commands, site, database, balance, status):
    site.answers["/robots.txt"] = Answer(status=status, body="User-agent: *\nAllow: /\n")

    result = commands.crawl("seed")

    assert result.code == 4
    assert "nothing could be fetched" in result.last_line
    assert "robots.txt" in result.err
    assert {seen.path for seen in site.seen} == {"/robots.txt"}


def test_page_that_answers_500_is_deferred_and_its_neighbours_are_stored(commands, site, database, balance):
    path = next(url for url in site.articles() if "/techno/" in url).removeprefix(site.address)
    site.answers[path] = Answer(status=500)

    result = commands.crawl("seed")

    page = database.execute(
        "SELECT state, reason, deferred_until > now() FROM pages WHERE url LIKE %s", [f"%{path}"]
    ).fetchone()
    assert result.code == 0, result.err
    assert page == ("deferred", "http_500", True)
    assert len(articles(database)) == len(site.articles()) - 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(status=500), "http_500"),
        (Answer(body=""), "rss in the answer"),
        (Answer(body="{}"), "rss in the answer"),
    ],
)
def test_site_that_fails_as_a_whole_fails_the_crawl_with_the_reason(commands, site, database, balance, answer, reason):
    site.answers["*"] = answer
    site.answers["/robots.txt"] = Answer(body="", content_type="text/plain")

    result = commands.crawl("seed")

    assert result.code == 4
    assert "nothing could be fetched" in result.last_line
    assert reason in result.err
    assert last_run(database)[:2] == ("failed", result.last_line.removeprefix("scrapy crawl: "))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(body=""), "empty_page"),
        (Answer(body="<html><body><ul><li><a href='/news'>Berita</a></li></ul></body></html>"), "not_an_article"),
    ],
)
def test_page_without_an_article_is_rejected_with_the_reason(commands, site, database, balance, answer, reason):
    site.answers[SEED_PATH] = answer

    result = commands.crawl("seed", "-a", f"urls={site.address}{SEED_PATH}")

    assert result.code == 0, result.err
    assert database.execute("SELECT state, reason FROM pages").fetchall() == [("rejected", reason)]


def test_unknown_outlet_is_said_in_one_line_with_the_nearest_name(commands):
    result = commands.crawl("seeed")

    assert result.code == 2
    assert result.err.strip() == "scrapy crawl: no outlet 'seeed'; did you mean 'seed'? (`scrapy list` shows all)"


@pytest.mark.parametrize(
    "argument", ["limit=0", "since=yesterday", "full=perhaps", "urls=file:///etc/passwd", "limt=3"]
)
def test_wrong_crawl_argument_is_said_in_one_line(commands, argument):
    result = commands.crawl("seed", "-a", argument)

    assert result.code == 2
    assert argument.split("=")[0] in result.err
    assert len(result.err.strip().split("\n")) == 1


@pytest.mark.parametrize(
    "dsn", ["host=127.0.0.1 port=9 dbname=warta password=tell-nobody", "no dsn at all", "postgresql://h:p@/%zz"]
)
def test_database_that_is_not_there_is_said_in_one_line_without_the_password(commands, dsn):
    commands.environment["WARTA_DSN"] = dsn

    result = commands.crawl("seed")

    assert result.code == 3
    assert "Postgres" in result.err
    assert len(result.err.strip().split("\n")) == 1
    assert "tell-nobody" not in result.err


def test_database_without_tables_is_said_in_one_line(commands, cluster):
    cluster.create_database("empty")
    commands.environment["WARTA_DSN"] = cluster.dsn("empty")

    result = commands.crawl("seed")

    assert result.code == 3
    assert result.last_line.endswith("run `warta migrate`")


@pytest.fixture
def own_cluster(tmp_path):
    """Return a Postgres that a test may kill, with Warta's schema."""
    cluster = Cluster(tmp_path / "postgres")
    cluster.start()
    migrate(cluster.dsn())
    yield cluster
    cluster.stop()


@pytest.mark.slow
def test_crawl_waits_for_a_database_that_is_killed_and_comes_back_and_loses_nothing(commands, site, own_cluster):
    commands.environment["WARTA_DSN"] = own_cluster.dsn()
    site.delay_s = 0.1
    process = commands.start("scrapy", "crawl", "seed")
    wait_for_requests(site, 15, process)

    own_cluster.process().kill()
    own_cluster.start()
    _, err = process.communicate(timeout=90)

    assert process.returncode == 0, err
    with connect(own_cluster.dsn()) as database:
        assert articles(database) == site.articles()
        assert database.execute("SELECT * FROM run_balance WHERE NOT balanced").fetchall() == []


@pytest.mark.slow
def test_crawl_whose_database_does_not_come_back_says_so_and_the_next_one_takes_up_what_is_left(
    commands, site, own_cluster
):
    commands.environment["WARTA_DSN"] = own_cluster.dsn()
    site.delay_s = 0.1
    impatient = (
        "from scrapers.storage import session; session.PATIENCE_S = 0.5; "
        "from scrapy.cmdline import execute; execute(['scrapy', 'crawl', 'seed'])"
    )
    process = commands.start_script(impatient)
    wait_for_requests(site, 15, process)

    own_cluster.stop()
    _, err = process.communicate(timeout=60)
    own_cluster.start()
    again = commands.crawl("seed")

    assert process.returncode == 3, err
    assert "the database went away" in err.strip().split("\n")[-1]
    assert again.code == 0, again.err
    with connect(own_cluster.dsn()) as database:
        assert articles(database) == site.articles()
