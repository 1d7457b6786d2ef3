"""Alarms from what crawls of the seed site brought, through the commands that users type."""

import json
from argparse import Namespace
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from scrapers.errors import DatabaseError
from scrapers.local.seed_site import Answer
from scrapers.monitor.alarms import standing_alarms
from scrapers.monitor.findings import Finding
from scrapers.monitor.rules import RULES
from scrapers.monitor.watch import OF_ALL, keep, last_watch, watch
from scrapers.storage import articles
from scrapers.storage.connection import connect
from scrapers.storage.runs import begin_run, finish_run
from tests.factories import article, leased, result


def rename_class(site, old, new):
    """Let all pages of the site have another name for a CSS class; return how many have it."""
    with httpx.Client() as client:  # one: each would read all certificates
        for url in site.urls():
            parts = urlsplit(url)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            html = client.get(f"http://127.0.0.1:{site.port}{path}", headers={"Host": parts.netloc}).text
            if old in html:
                site.answers[path] = Answer(body=html.replace(old, new))
    return len(site.answers)


@pytest.fixture(autouse=True)
def roomy_disk(monkeypatch):
    """Let the disk have room, whatever this machine's has."""
    monkeypatch.setattr("shutil.disk_usage", lambda path: Namespace(total=100e9, free=50e9))


@pytest.fixture
def listed(commands):
    """Return a function that returns what `warta alarms … --json` prints."""

    def alarms(*arguments):
        ended = commands.warta("alarms", *arguments, "--json")
        assert ended.code == 0, ended.err
        return json.loads(ended.out)

    return alarms


def test_one_renamed_css_class_is_an_alarm_of_that_crawl_which_ends_when_the_class_is_back(commands, site, listed):
    commands.crawl("seed")
    assert listed() == []
    assert rename_class(site, "bodyArticleWrapper", "isiBerita") >= 10

    crawled = commands.crawl("seed", "-a", "full=true")

    [alarm] = listed()
    assert (alarm["rule"], alarm["outlet"], alarm["field"]) == ("template_changed", "seed", "article_body")
    assert alarm["subject"].startswith("css:article.bodyArticleWrapper")
    shares = "found it on 100 % of the pages before, and on 15 % of the newest 13, body:density instead"
    assert alarm["summary"].endswith(shares)
    assert alarm["sample_url"].startswith(site.address)
    assert "warta extract" in alarm["advice"]
    assert crawled.code == 0
    assert "WARNING: alarm template_changed: article_body css:article.bodyArticleWrapper" in crawled.err

    site.answers.clear()
    commands.crawl("seed", "-a", "full=true")

    assert listed() == []
    [ended] = listed("--days", "1")
    assert (ended["alarm_id"], ended["ended_at"] > ended["began_at"]) == (alarm["alarm_id"], True)


NOW = datetime.now(UTC)


@pytest.fixture
def read(database):
    """Return a function that lets a crawl of `kompas` read pages: each gives an article, or its state and reason."""

    def crawl(pages, *, began=NOW, **fields):
        run_id = uuid4()
        begin_run(database, run_id, outlet="kompas")
        urls = [f"https://www.kompas.com/read/{run_id}/{n}" for n in range(len(pages))]
        for page, given in zip(leased(database, run_id, *urls, outlet="kompas"), pages, strict=True):
            if isinstance(given, dict):
                told = {"outlet": "kompas", "url": page.url, "canonical_url": page.url, "date_published": began}
                body = (page.url, *given.get("article_body", ()))  # of its own: no page is another's duplicate
                given = {"article": article(**(told | given | {"article_body": body, "headline": page.url}))}
            else:
                given = {"state": given[0], "reason": given[1]}
            articles.store(database, run_id, [result(page, requested_at=datetime.now(UTC), **given)])
        finish_run(database, run_id, "succeeded")
        database.execute("UPDATE runs SET started_at = %s WHERE run_id = %s", (began, run_id))
        database.execute("UPDATE articles SET first_seen_at = %s WHERE url LIKE %s", (began, f"%{run_id}%"))

    return crawl


def found(database, **asked):
    return [(alarm.rule, alarm.field, alarm.subject) for alarm in watch(database, NOW, **asked)]


CSS = {"provenance": {"article_body": "css:.read__content", "headline": "css:h1", "author": "css:.author"}}
DENSE = {"provenance": {"article_body": "body:density", "headline": "css:h1", "author": "css:.author"}}
ANONYMOUS = {"provenance": {"article_body": "css:.read__content", "headline": "css:h1"}}
LONG = CSS | {"article_body": ("kata " * 400,)}
SHORT = CSS | {"article_body": ("kata " * 20,)}
FUTURE = CSS | {"date_published": NOW + timedelta(hours=7)}
UNREAD, QUARANTINED, ROBOTS = ("rejected", "not_an_article"), ("quarantined", "KeyError"), ("rejected", "robots")


@pytest.mark.parametrize(
    ("before", "newest", "alarms"),
    [
        ([CSS] * 30, [CSS] * 7 + [DENSE] * 5, []),
        ([CSS] * 30, [CSS] * 3 + [DENSE] * 9, [("template_changed", "article_body", "css:.read__content")]),
        ([CSS] * 8, [DENSE] * 12, []),
        ([CSS] * 30, [CSS] * 3 + [ANONYMOUS] * 9, [("field_missing", "author", "css:.author")]),
        ([CSS, ANONYMOUS] * 15, [ANONYMOUS] * 6 + [CSS] * 6, []),
        ([CSS] * 30, [CSS] * 3 + [UNREAD] * 9, [("pages_unread", None, None)]),
        ([CSS] * 30, [CSS] * 8 + [UNREAD] * 4, []),
        ([CSS] * 30, [CSS] * 3 + [QUARANTINED] * 9, [("quarantine_growing", None, None)]),
        ([CSS] * 30, [CSS] * 3 + [ROBOTS] * 9, [("robots_changed", None, "robots.txt")]),
        ([CSS] * 15 + [ROBOTS] * 15, [CSS] * 6 + [ROBOTS] * 6, []),
        ([LONG] * 30, [SHORT] * 20, [("length_changed", "article_body", None)]),
        ([LONG, SHORT] * 15, [SHORT] * 12 + [LONG] * 8, []),
        ([CSS] * 30, [CSS] * 8 + [FUTURE] * 12, [("dates_odd", "date_published", None)]),
    ],
    ids=["some-other-rule", "other-rule", "few-before", "no-author", "author-at-times", "unread", "some-unread",
         "quarantine", "robots", "robots-as-before", "shorter", "short-at-times", "future"],
)  # fmt: skip
def test_what_the_newest_pages_lack_is_an_alarm_with_a_sample_of_them(database, read, before, newest, alarms):
    read(before, began=NOW - timedelta(days=2))
    read(newest, began=NOW - timedelta(minutes=30))

    assert found(database) == alarms
    assert found(database, outlet="kompas") == alarms
    for alarm in standing_alarms(database):
        assert alarm.began_at == NOW - timedelta(minutes=30)
        assert alarm.sample_url.startswith("https://www.kompas.com/read/")


def fail(database, url="https://www.kompas.com/rss", failures=3):
    database.execute(
        "INSERT INTO feeds (outlet, url, kind, failures, error, last_read_at)"
        " VALUES ('kompas', %s, 'rss', %s, 'http_500', %s)"
        " ON CONFLICT (url) DO UPDATE SET failures = excluded.failures",
        (url, failures, NOW - timedelta(hours=5)),
    )


def test_alarm_is_one_row_from_when_it_began_to_when_it_was_over_and_another_if_it_comes_again(database):
    fail(database)
    [first] = watch(database, NOW)
    fail(database, failures=4)
    [again] = watch(database, NOW + timedelta(minutes=15))
    fail(database, failures=0)
    none = watch(database, NOW + timedelta(minutes=30))
    fail(database)
    [second] = watch(database, NOW + timedelta(minutes=45))

    assert (first.rule, first.subject, first.outlet) == ("feed_failing", "https://www.kompas.com/rss", "kompas")
    assert first.began_at == NOW - timedelta(hours=5)
    assert (again.alarm_id, again.summary) == (first.alarm_id, "4 failed polls in a row: http_500")
    assert none == []
    assert second.alarm_id != first.alarm_id
    [_, ended] = standing_alarms(database, since=NOW)
    assert (ended.alarm_id, ended.ended_at) == (first.alarm_id, NOW + timedelta(minutes=30))
    assert last_watch(database) == NOW + timedelta(minutes=45)


def test_crawl_of_one_outlet_ends_no_alarm_of_another_nor_one_that_it_cannot_tell(database):
    fail(database)
    watch(database, NOW)
    keep(database, NOW, [Finding("disk_low", None, "full", NOW, subject="/")], ["disk_low"])
    fail(database, failures=0)

    watch(database, NOW + timedelta(minutes=1), outlet="tempo")

    assert {alarm.rule for alarm in standing_alarms(database)} == {"feed_failing", "disk_low"}


def test_watches_at_the_same_time_keep_one_row(database, dsn):
    fail(database)

    def look(_):
        with connect(dsn) as connection:
            return [alarm.alarm_id for alarm in watch(connection, NOW)]

    with ThreadPoolExecutor(4) as threads:
        assert len({tuple(ids) for ids in threads.map(look, range(8))}) == 1


def test_alarm_is_acknowledged_and_silenced_by_command_which_holds_if_it_comes_again(database, commands, listed):
    fail(database)
    [alarm] = watch(database, NOW)
    number = str(alarm.alarm_id)

    [acknowledged] = listed("acknowledge", number, "--by", "ani")
    [kept] = listed("acknowledge", number, "--by", "budi")
    [silenced] = listed("silence", number, "--hours", "48", "--by", "ani")
    printed = commands.warta("alarms")
    fail(database, failures=0)
    watch(database, NOW + timedelta(minutes=15))
    fail(database)
    [again] = watch(database, NOW + timedelta(minutes=30))
    late = commands.warta("alarms", "acknowledge", number)
    unknown = commands.warta("alarms", "silence", "999")

    assert acknowledged["acknowledged_by"] == kept["acknowledged_by"] == "ani"
    assert silenced["silenced_by"] == "ani"
    assert "feed_failing kompas https://www.kompas.com/rss: 3 failed polls" in printed.out
    assert "acknowledged by ani" in printed.out
    assert (again.acknowledged_by, again.silenced_by) == (None, "ani")
    assert (late.code, late.last_line) == (2, f"warta: alarm {number} has ended: there is nothing to look after")
    assert (unknown.code, unknown.last_line) == (2, "warta: no alarm 999: `warta alarms` lists them")


def crawls(database, outlet, *, ended, outcome="succeeded", reason=None, by="airflow:crawl_x/scheduled__1"):
    database.execute(
        "INSERT INTO runs (run_id, outlet, kind, requested_by, started_at, finished_at, outcome, reason)"
        " VALUES (%s, %s, 'crawl', %s, %s, %s, %s, %s)",
        (uuid4(), outlet, by, ended - timedelta(minutes=5), ended, outcome, reason),
    )


def test_outlet_that_its_schedule_has_not_crawled_for_three_intervals_is_an_alarm_which_says_why(database):
    for name, minutes in (("kompas", 85), ("tempo", 95), ("detik", 95), ("inews", 5)):
        crawls(database, name, ended=NOW - timedelta(minutes=minutes))
    crawls(database, "detik", ended=NOW - timedelta(minutes=9), outcome="failed", reason="nothing could be fetched")
    crawls(database, "okezone", ended=NOW - timedelta(days=5), by="cli")

    alarms = {alarm.outlet: alarm.summary for alarm in watch(database, NOW) if alarm.rule == "no_crawl"}

    assert sorted(alarms) == ["detik", "tempo"]
    assert alarms["detik"].endswith("the last that failed: nothing could be fetched")
    assert alarms["tempo"].endswith("none has begun")


def test_scheduler_that_stands_still_is_one_alarm_and_not_one_for_each_outlet(database):
    names = ["kompas", "tempo", "detik", "inews"]
    for name in names:
        crawls(database, name, ended=NOW - timedelta(hours=2))

    [alarm] = watch(database, NOW)

    assert (alarm.rule, alarm.outlet) == ("no_crawl", None)
    assert alarm.summary.startswith("4 of 4 outlets have none, such as ")


def test_host_that_stays_closed_and_a_full_disk_are_alarms(database, monkeypatch):
    database.execute(
        "INSERT INTO hosts (host, closed_until, closed_because, openings) VALUES"
        " ('www.kompas.com', now() + interval '2 hours', 'http_403', 6),"
        " ('www.tempo.co', now() + interval '1 hour', 'x', 1)"
    )
    monkeypatch.setattr("shutil.disk_usage", lambda path: Namespace(total=100e9, free=1.5e9))

    alarms = {alarm.rule: alarm for alarm in watch(database, NOW)}

    assert sorted(alarms) == ["disk_low", "host_closed"]
    assert (alarms["host_closed"].outlet, alarms["host_closed"].subject) == ("kompas", "www.kompas.com")
    assert alarms["disk_low"].summary == "1.5 GB of 100 GB are free"


def test_look_that_fails_is_said_and_hinders_no_other_and_ends_no_alarm(database):
    fail(database)
    watch(database, NOW)
    database.execute("ALTER TABLE run_fields RENAME TO elsewhere")

    with pytest.raises(DatabaseError, match=r"^alarms could not be looked for: field_missing, template_changed \("):
        watch(database, NOW)

    assert [alarm.rule for alarm in standing_alarms(database)] == ["feed_failing"]


def test_every_rule_is_looked_for_and_described():
    assert sorted(rule for names in OF_ALL.values() for rule in names) == sorted(RULES)


def test_copies_and_edits_that_surge_in_a_day_are_alarms(database, read):
    read([CSS] * 40, began=NOW - timedelta(days=3))
    read([CSS] * 24, began=NOW - timedelta(hours=2))
    ids = [number for (number,) in database.execute("SELECT article_id FROM articles ORDER BY article_id")]
    for copy in ids[-16:]:
        database.execute("INSERT INTO clusters (article_id, representative_id) VALUES (%s, %s)", (copy, ids[0]))
    database.execute(
        "INSERT INTO revisions (article_id, revision, run_id, url, content, provenance, changes)"
        ' SELECT article_id, 2, run_id, url, content, provenance, \'{"headline": ["a", "b"]}\' FROM revisions'
        " WHERE article_id <= %s",
        (ids[21],),
    )
    database.execute("UPDATE articles SET revision = 2 WHERE article_id <= %s", (ids[21],))

    alarms = {alarm.rule: alarm for alarm in watch(database, datetime.now(UTC))}

    assert sorted(alarms) == ["duplicates_surging", "edits_surging"]
    copies = "16 of 24 articles of the last day are copies, and 0 % of those before"
    assert alarms["duplicates_surging"].summary == copies
    assert alarms["edits_surging"].summary == "22 articles were edited in the last day, where 0 are usual"


@pytest.mark.parametrize(("days", "alarms"), [(1, []), (4, ["https://www.kompas.com/rss"])], ids=["a-day", "four-days"])
def test_feed_that_answers_and_announces_nothing_for_days_is_an_alarm(database, read, days, alarms):
    read([CSS] * 280, began=NOW - timedelta(hours=1))
    fail(database, failures=0)
    database.execute("UPDATE feeds SET last_polled_at = %s", (NOW,))
    database.execute(
        "INSERT INTO announcements (page_id, feed_id, title, first_seen_at)"
        " SELECT page_id, feed_id, 'x', %s - row_number() OVER (ORDER BY page_id) * interval '2 hours'"
        " FROM pages CROSS JOIN feeds",
        (NOW - timedelta(days=days),),
    )

    found = [alarm for alarm in watch(database, NOW) if alarm.rule == "feed_silent"]

    assert [alarm.subject for alarm in found] == alarms
    assert all("nothing new since " in alarm.summary for alarm in found)
