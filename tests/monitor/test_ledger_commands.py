"""`warta why`, `coverage`, `backfill` and `quarantine`, on a ledger that real crawls have written."""

import json
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from scrapers.config import ROOT
from scrapers.errors import UsageError
from scrapers.items import CrawlScope, Link, NamedFeed, PageResult, PolledFeed, PollMode
from scrapers.maintenance.quarantine import body_of, drop, quarantined, replay
from scrapers.monitor import coverage, history
from scrapers.monitor.watch import watch
from scrapers.storage import articles, feeds, ledger, runs
from scrapers.storage.connection import connect
from tests.factories import leased, result
from tests.fault_server import Answer

SAVED = ROOT / "tests" / "fixtures" / "pages" / "kompas" / "harga_kedelai_naik"
NOON = datetime(2025, 12, 15, 5, tzinfo=UTC)


@pytest.fixture
def kompas(database):
    """Return the id of a run of the outlet `kompas` that is under way."""
    run_id = uuid4()
    runs.begin_run(database, run_id, outlet="kompas")
    return run_id


@pytest.fixture
def page():
    """Return a saved page's address and bytes."""
    return json.loads(SAVED.with_suffix(".json").read_text())["url"], SAVED.with_suffix(".html").read_bytes()


def quarantine(database, run_id, url, body):
    [page] = leased(database, run_id, url, outlet="kompas")
    ended = result(page, body=body, requested_at=datetime.now(UTC), state="quarantined", reason="KeyError: 'headline'")
    articles.store(database, run_id, [ended])
    runs.finish_run(database, run_id, "succeeded")


def test_why_tells_the_whole_history_of_a_url_in_any_of_its_forms(commands, site, database):
    commands.crawl("seed")
    url = next(url for url in site.articles() if "/techno/" in url)
    site.edition = 2
    commands.crawl("seed", "-a", "full=true")

    told = json.loads(commands.warta("why", f"{url}?utm_source=x", "--json").out)
    printed = commands.warta("why", url)

    assert (told["page"]["url"], told["page"]["state"]) == (url, "unchanged")
    assert told["page"]["discovered_in"].startswith(site.address)
    assert len(told["announcements"]) >= 1
    assert [fetch["status"] for fetch in told["fetches"]] == [200, 200]
    assert [run["state"] for run in told["runs"]] == ["stored", "unchanged"]
    assert [revision["revision"] for revision in told["revisions"]] == [1]
    assert printed.code == 0
    assert "unchanged" in printed.out


def test_why_of_an_unknown_url_names_its_canonical_form_and_the_nearest_known(database, kompas):
    known = "https://www.kompas.com/tren/read/2026/03/04/071500478/harga-kedelai-naik"
    ledger.discover(database, kompas, "kompas", [Link(url=known)])

    told = history.history(database, "https://www.kompas.com/tren/read/2026/03/04/071500478/harga-kedelai?page=2")

    assert told["page"] is None
    assert told["canonical_url"] == "https://www.kompas.com/tren/read/2026/03/04/071500478/harga-kedelai"
    assert told["nearest"] == [known]


def test_coverage_counts_states_by_day_and_names_hours_that_are_missing_or_silent(database, kompas):
    links = [
        Link(url=f"https://www.kompas.com/a/{day}/{hour}/{n}", published=NOON + timedelta(days=day, hours=hour))
        for day in range(4)
        for hour in range(3)
        for n in range(3)
        if (day, hour) != (2, 1)
    ]
    ledger.discover(database, kompas, "kompas", links)
    done = [link.url for link in links if "/a/0/0/" not in link.url]
    for page in ledger.lease(database, kompas, "kompas", 100, CrawlScope(urls=done)):
        articles.store(database, kompas, [result(page, state="unchanged")])

    found = coverage.days(
        database,
        "kompas",
        time_zone="Asia/Jakarta",
        first=date(2025, 12, 15),
        last=date(2025, 12, 18),
        now=NOON + timedelta(days=9),
    )

    first, _, third, _ = found
    assert (first.announced, first.states) == (9, {"discovered": 3, "unchanged": 6})
    assert first.missing == {12: 3}
    assert (third.announced, third.silent) == (6, [13])
    assert [day.silent for day in found if day is not third] == [[], [], []]


def test_coverage_shows_each_outlet_and_alarms_in_the_terminal_and_as_json(commands, database, kompas):
    ledger.discover(database, kompas, "kompas", [Link(url="https://www.kompas.com/a", published=datetime.now(UTC))])
    feeds.name_feeds(database, "kompas", [NamedFeed("https://www.kompas.com/rss", "rss", {})], named=None)
    [feed] = feeds.due_feeds(database, kompas, "kompas", PollMode())
    failed = PolledFeed(feed_id=feed.feed_id, status=200, error="no rss in the answer, which is an HTML page")
    feeds.store_poll(database, kompas, failed, [])
    watch(database)

    every = json.loads(commands.warta("coverage", "--json").out)
    one = json.loads(commands.warta("coverage", "kompas", "--json").out)
    printed = commands.warta("coverage")

    assert every["outlets"][0]["states"] == {"discovered": 1}
    assert [alarm["rule"] for alarm in every["alarms"]] == ["feed_failing"]
    assert (len(one["days"]), one["days"][-1]["announced"]) == (14, 1)
    assert "which is an HTML page" in printed.out


def test_crawl_says_at_its_end_which_alarms_stand(crawl_faults, faults):
    faults.answers["/feed"] = Answer("<html><body>Sedang dalam perbaikan</body></html>")

    result = crawl_faults()

    assert result.code == 0
    assert f"WARNING: alarm feed_failing: {faults.url('/feed')}: 1 failed polls in a row" in result.err


def test_backfill_says_at_once_what_is_wrong_with_its_arguments(commands):
    unknown = commands.warta("backfill", "kompass", "--since", "2025-12-01", "--until", "2025-12-02")
    reversed_ = commands.warta("backfill", "kompas", "--since", "2025-12-02", "--until", "2025-12-01")

    assert (unknown.code, reversed_.code) == (2, 2)
    assert "did you mean 'kompas'" in unknown.err
    assert "is after" in reversed_.err


def test_backfill_stores_the_articles_of_its_days_and_shows_their_coverage(commands, site, database, balance):
    result = commands.warta("backfill", "seed", "--since", "2025-12-14", "--until", "2025-12-15")

    assert result.code == 0, result.err
    assert "2025-12-14" in result.out
    assert balance()["stored"] > 1


def test_backfill_takes_up_what_an_outage_made_give_up_but_not_what_is_gone(database, kompas):
    urls = [f"https://www.kompas.com/{n}" for n in range(2)]
    ledger.discover(database, kompas, "kompas", [Link(url=url, published=NOON) for url in urls])
    for page, reason in zip(
        ledger.lease(database, kompas, "kompas", 2, CrawlScope()), ("http_404", "TimeoutError"), strict=True
    ):
        articles.store(database, kompas, [PageResult(page=page, state="gave_up", reason=reason)])
    backfill = uuid4()
    runs.begin_run(database, backfill, outlet="kompas")

    taken = ledger.lease(database, backfill, "kompas", 9, CrawlScope(since=NOON, until=NOON + timedelta(days=1)))

    assert len(taken) == 1


def test_quarantined_page_is_listed_and_shown_and_replayed_into_an_article(database, kompas, page, balance):
    url, body = page
    quarantine(database, kompas, url, body)

    [listed] = quarantined(database, outlet="kompas")
    [(_, state, _)] = replay(database, [listed])

    assert (listed["url"], listed["reason"], listed["bytes"]) == (url, "KeyError: 'headline'", len(body))
    assert body_of(database, listed) == body
    assert state == "stored"
    assert quarantined(database) == []
    assert database.execute("SELECT encode(snapshot_sha256, 'hex') FROM revisions").fetchall() == [
        (listed["snapshot_sha256"].hex(),)
    ]
    assert database.execute("SELECT kind, outcome FROM runs ORDER BY started_at DESC LIMIT 1").fetchone() == (
        "quarantine",
        "succeeded",
    )


def test_replayed_page_that_turns_out_to_be_empty_is_rejected(database, kompas, page, balance):
    url, _ = page
    quarantine(database, kompas, url, b" ")

    [(_, state, reason)] = replay(database, quarantined(database))

    assert (state, reason) == ("rejected", "empty_page")


def test_dropped_page_is_rejected_with_the_reason(database, kompas, page, balance):
    url, body = page
    quarantine(database, kompas, url, body)

    dropped = list(drop(database, quarantined(database, urls=[url]), "a test page"))

    assert dropped == [url]
    assert database.execute("SELECT state, reason FROM pages").fetchall() == [("rejected", "dropped: a test page")]
    with pytest.raises(UsageError, match="not in quarantine"):
        quarantined(database, urls=[url])


def test_quarantine_commands_list_show_and_replay(commands, dsn, page):
    url, body = page
    with connect(dsn) as database:
        run_id = uuid4()
        runs.begin_run(database, run_id, outlet="kompas")
        quarantine(database, run_id, url, body)

    listed = json.loads(commands.warta("quarantine", "list", "--json").out)
    shown = commands.warta("quarantine", "show", url)
    replayed = commands.warta("quarantine", "replay")

    assert [one["url"] for one in listed] == [url]
    assert shown.out == body.decode()
    assert replayed.out.split()[:2] == ["stored", url]
