"""How a crawl looks at feeds: real crawls, a real HTTP server, a real Postgres."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from scrapers.crawl.announcements import article_links
from scrapers.items import Link
from scrapers.local.seed_site import Answer, SeedSite
from scrapers.monitor import coverage
from scrapers.spiders.news import AnySiteSpider

XML = "application/xml"
ROBOTS = Answer(body="", content_type="text/plain")
CRAWL = """
from scrapy.crawler import CrawlerProcess
from scrapy.utils.project import get_project_settings
from scrapers.crawl.middleware import run_of
from scrapers.discovery.feeds import Archive, Home, Robots, Rss, Section, Sitemap
from scrapers.spiders.seed import SITE, SeedSpider

class Spider(SeedSpider):
    feeds = ({feeds},)
    allowed_networks = (*SeedSpider.allowed_networks, *{allowed_networks})

process = CrawlerProcess(get_project_settings())
crawler = process.create_crawler(Spider)
process.crawl(crawler, **{arguments})
process.start()
error = run_of(crawler).error
raise SystemExit(error and str(error))
"""
FEED = 'Rss(f"{SITE}/feed")'
INDEX = 'Sitemap(f"{SITE}/sitemap-index.xml")'


@pytest.fixture
def crawl(commands, site):
    """Crawl the site with these feeds alone; return what was asked for: paths, robots.txt left out."""
    site.answers["/robots.txt"] = ROBOTS

    def run(feeds, allowed_networks=(), **arguments):
        site.seen.clear()
        script = CRAWL.format(feeds=feeds, allowed_networks=allowed_networks, arguments=arguments)
        process = commands.start_script(script)
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return [seen.path for seen in site.seen if seen.path != "/robots.txt"]

    return run


def article(site, number=0):
    """Return the path of an article that the seed site has."""
    return list(site.articles())[number].removeprefix(site.address)


def sitemap(*paths):
    urls = "".join(f"<url><loc>{path}</loc><lastmod>2025-12-15T10:00:00+07:00</lastmod></url>" for path in paths)
    return Answer(body=f"<urlset>{urls}</urlset>", content_type=XML)


def index(**lastmods):
    entries = "".join(
        f"<sitemap><loc>/{name}.xml</loc><lastmod>{lastmod}</lastmod></sitemap>" for name, lastmod in lastmods.items()
    )
    return Answer(body=f"<sitemapindex>{entries}</sitemapindex>", content_type=XML)


def test_second_crawl_asks_for_feeds_conditionally_and_says_what_that_saved(commands, site, database, balance):
    commands.crawl("seed")
    site.seen.clear()

    result = commands.crawl("seed")

    answered = [(seen.path, seen.status) for seen in site.seen if seen.path != "/robots.txt"]
    requests, not_modified, received, saved = database.execute(
        "SELECT requests, not_modified, bytes, bytes_saved FROM run_transfer ORDER BY started_at DESC LIMIT 1"
    ).fetchone()
    assert result.code == 0, result.err
    assert answered
    assert {status for _, status in answered} == {304}
    assert (requests, not_modified, received) == (len(answered), len(answered), 0)
    assert saved > 10_000
    assert f"which saved {saved} bytes" in result.err


def test_scheduled_crawl_asks_only_for_the_feeds_that_are_due(crawl, site, database, balance):
    scheduled = "airflow:crawl_seed/scheduled__2025-12-15"
    crawl(FEED, limit="1")

    asked_again = crawl(FEED, limit="1", requested_by=scheduled)
    database.execute("UPDATE feeds SET next_poll_at = now()")
    asked_when_due = crawl(FEED, limit="1", requested_by=scheduled)

    assert "/feed" not in asked_again
    assert "/feed" in asked_when_due


def test_interval_of_a_feed_halves_when_it_changes_and_grows_when_it_does_not(crawl, site, database):
    def interval():
        return database.execute("SELECT poll_interval FROM feeds").fetchone()[0]

    site.answers["/map.xml"] = sitemap(article(site, 0))
    crawl('Sitemap(f"{SITE}/map.xml")', limit="1")
    after_news = interval()
    crawl('Sitemap(f"{SITE}/map.xml")', limit="1")
    after_nothing = interval()
    site.answers["/map.xml"] = sitemap(article(site, 0), article(site, 1))
    crawl('Sitemap(f"{SITE}/map.xml")', limit="1")

    assert (after_news, after_nothing) == (timedelta(minutes=15), timedelta(minutes=22, seconds=30))
    assert interval() == after_nothing / 2


def test_sitemap_that_confirmed_its_lastmod_is_asked_for_when_that_changes_and_retired_when_it_is_not_named(
    crawl, site, database
):
    site.answers["/sitemap-index.xml"] = index(a="2025-12-15", b="2025-12-15")
    site.answers["/a.xml"], site.answers["/b.xml"] = sitemap(article(site, 0)), sitemap(article(site, 1))

    first = crawl(INDEX, limit="1")
    confirming = crawl(INDEX, limit="1")
    second = crawl(INDEX, limit="1")
    site.answers["/sitemap-index.xml"] = index(a="2025-12-16")
    third = crawl(INDEX, limit="1")

    assert {"/a.xml", "/b.xml"} <= set(first) & set(confirming)
    assert not {"/a.xml", "/b.xml"} & set(second)
    assert ("/a.xml" in third, "/b.xml" in third) == (True, False)
    assert database.execute("SELECT url FROM feeds WHERE retired_at IS NOT NULL").fetchall() == [
        (f"{site.address}/b.xml",)
    ]


def test_lastmod_saves_polls_for_a_week_and_never_for_ever(crawl, site, database):
    site.answers["/sitemap-index.xml"] = index(a="2019-05-01T00:00:00Z")
    site.answers["/a.xml"] = sitemap(article(site, 0))
    crawl(INDEX, limit="1")
    crawl(INDEX, limit="1")  # confirms it

    saved = crawl(INDEX, limit="1")
    database.execute("UPDATE feeds SET next_poll_at = next_poll_at - interval '7 days'")
    site.answers["/a.xml"] = sitemap(article(site, 0), article(site, 1))
    after_a_week = crawl(INDEX, limit="1")
    not_believed = crawl(INDEX, limit="1")

    assert ["/a.xml" in asked for asked in (saved, after_a_week, not_believed)] == [False, True, True]
    assert database.execute("SELECT is_lastmod_wrong FROM feeds WHERE url LIKE '%/a.xml'").fetchone() == (True,)


def test_lastmod_that_is_a_mere_day_is_not_believed_while_that_day_may_go_on(crawl, site, database):
    today = datetime.now(UTC).date().isoformat()
    site.answers["/sitemap-index.xml"] = index(a=today)
    site.answers["/a.xml"] = sitemap(article(site, 0))

    asked = [crawl(INDEX, limit="1") for _ in range(3)]

    assert ["/a.xml" in paths for paths in asked] == [True, True, True]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(body="<!DOCTYPE html><html><body><a href='/'>Maaf</a></body></html>"), "which is an HTML page"),
        (Answer(body=b"", content_type=XML), "which is empty"),
        (
            Answer(body=gzip.compress(b"<urlset>" + b" " * (60 << 20)), content_type="application/gzip"),
            "more than 50 MiB",
        ),
        (index(**{"sitemap-index": "2025-12-15"}), "cycle"),
    ],
    ids=["html", "empty", "bomb", "cycle"],
)
def test_feed_that_is_something_else_fails_with_the_reason_which_an_alarm_shows(
    crawl, site, database, balance, answer, reason
):
    site.answers["/sitemap-index.xml"] = answer

    crawl(f"{FEED}, {INDEX}", limit="1")

    [(rule, subject, summary)] = database.execute("SELECT rule, subject, summary FROM alarms").fetchall()
    assert (rule, subject) == ("feed_failing", f"{site.address}/sitemap-index.xml")
    assert reason in summary
    assert database.execute("SELECT outcome FROM runs").fetchall() == [("succeeded",)]


def test_list_ends_at_the_first_of_its_further_pages_that_is_missing_and_no_feed_fails(crawl, site, database, balance):
    page = '<a href="{}">A</a><a rel="next" href="{}">2</a><a rel="next" href="?page=0">1</a>'
    site.answers["/daftar"] = Answer(body=page.format(article(site), "/daftar/2"))

    asked = crawl('Section(f"{SITE}/daftar", pages=5)')

    assert [path for path in asked if path.startswith("/daftar")] == ["/daftar", "/daftar/2"]
    polled = database.execute("SELECT last_status, failures, error FROM feeds ORDER BY last_status").fetchall()
    assert polled == [(200, 0, None), (404, 0, None)]


@pytest.fixture
def elsewhere(site):
    """Return another server, with a sitemap that robots.txt of the site names, and the sitemap's address."""
    with SeedSite() as other:
        url = f"http://peta.localhost:{other.port}/kabar.xml"
        other.answers["/robots.txt"] = ROBOTS
        other.answers["/kabar.xml"] = sitemap(article(site), "https://lain.example/read/1/berita-lain")
        site.answers["/robots.txt"] = Answer(body=f"Sitemap: {url}\n", content_type="text/plain")
        yield other, url


SITEMAPS = "SELECT url, last_status, error, taken, untaken FROM feeds WHERE kind = 'sitemap'"


def test_sitemap_on_another_host_that_robots_txt_names_is_read_for_the_outlets_own_articles(
    crawl, site, elsewhere, database, balance
):
    other, url = elsewhere

    crawl('Robots(f"{SITE}/robots.txt")', allowed_networks=[f"peta.localhost@127.0.0.1/32:{other.port}"], limit="1")

    assert [seen.path for seen in other.seen if seen.path != "/robots.txt"] == ["/kabar.xml"]
    assert database.execute("SELECT url FROM articles").fetchall() == [(article(site),)]
    assert database.execute(SITEMAPS).fetchall() == [(url, 200, None, 1, 1)]
    assert database.execute("SELECT url, reason FROM untaken_announcements").fetchall() == [
        ("https://lain.example/read/1/berita-lain", "other_site")
    ]


def test_sitemap_on_another_host_that_may_not_be_reached_is_refused_and_its_feed_says_why(
    crawl, site, elsewhere, database, balance
):
    other, url = elsewhere
    site.answers["/feed"] = Answer(
        body=f"<rss><channel><item><link>{article(site)}</link></item></channel></rss>", content_type=XML
    )

    crawl(f'Robots(f"{{SITE}}/robots.txt"), {FEED}', limit="1")

    [(refused, status, error, taken, _)] = database.execute(SITEMAPS).fetchall()
    assert other.seen == []
    assert (refused, status, taken) == (url, None, None)
    assert f"address guard: peta.localhost leads to port {other.port} of 127.0.0.1, where the outlet is not" in error
    assert database.execute("SELECT url FROM articles").fetchall() == [(article(site),)]


def test_bad_item_of_a_feed_costs_only_itself(crawl, site, database, balance):
    items = "".join(f"<item><link>{url}</link></item>" for url in ("https://[domain]/x", "", article(site)))
    site.answers["/feed"] = Answer(body=f"<rss><channel>{items}</channel></rss>", content_type=XML)

    asked = crawl(FEED)

    assert any(article(site).endswith(path) for path in asked if path.startswith("/read/"))
    assert database.execute("SELECT failures, error, links FROM feeds").fetchall() == [(0, None, 1)]


def test_backfill_reads_the_lists_of_its_days_until_a_page_brings_nothing_more(crawl, site, database, balance):
    page = "<html><body><a href='{}'>Berita</a></body></html>"
    site.answers["/indeks/10-12-2025/1"] = Answer(body=page.format(article(site, 0)))
    site.answers["/indeks/10-12-2025/2"] = Answer(body=page.format(article(site, 1)))
    site.answers["/indeks/10-12-2025/3"] = Answer(body=page.format(article(site, 1)))
    site.answers["/indeks/11-12-2025/1"] = Answer(body=page.format(article(site, 2)))
    site.answers["/indeks/11-12-2025/2"] = Answer(body="<html><body><a href='/tentang'>Tentang</a></body></html>")

    asked = crawl(
        'Archive(f"{SITE}/indeks/{{day:%d-%m-%Y}}/{{page}}")', since="2025-12-10", until="2025-12-11", limit="1"
    )

    lists = sorted(path for path in asked if path.startswith("/indeks"))
    assert lists == [
        *(f"/indeks/10-12-2025/{number}" for number in (1, 2, 3)),
        *(f"/indeks/11-12-2025/{number}" for number in (1, 2)),
    ]


def test_backfill_reads_only_the_sitemaps_that_can_hold_its_days(crawl, site):
    site.answers["/sitemap-index.xml"] = index(**{"map-2025-11": "2025-12-01", "map-2025-12": "2025-12-31"})
    site.answers["/map-2025-11.xml"] = site.answers["/map-2025-12.xml"] = sitemap(article(site))

    asked = crawl('Sitemap(f"{SITE}/sitemap-index.xml", newest=0)', since="2025-12-10", until="2025-12-11", limit="1")

    assert "/map-2025-12.xml" in asked
    assert "/map-2025-11.xml" not in asked


def test_what_a_feed_says_is_kept_and_compared_with_what_the_page_says(crawl, site, database):
    path = next(url for url in site.articles() if "/techno/" in url).removeprefix(site.address)
    item = (
        "<item><title>Sama sekali lain</title><link>{}</link><pubDate>Mon, 01 Dec 2025 10:00:00 +0700</pubDate></item>"
    )
    site.answers["/feed"] = Answer(body=f"<rss><channel>{item.format(path)}</channel></rss>", content_type=XML)

    crawl(FEED, limit="1")

    [(title, published)] = database.execute("SELECT title, published FROM announcements").fetchall()
    assert (title, f"{published:%F %H:%M}") == ("Sama sekali lain", "2025-12-01 03:00")
    contradictions = database.execute("SELECT field, announced FROM announcement_contradictions").fetchall()
    assert [field for field, _ in contradictions] == ["date_published", "headline"]
    assert contradictions[1] == ("headline", "Sama sekali lain")
    assert coverage.contradicted(database, "seed")["articles"] == 1


def test_links_to_files_are_no_articles():
    urls = [
        "https://www.kabar.example/berita/warga-menanti-harga-turun",
        "https://www.kabar.example/berita/warga-menanti-harga-turun.JPG",
    ]

    found = article_links(AnySiteSpider(url="https://www.kabar.example/"), [Link(url=url) for url in urls])

    assert [link.url for link in found] == urls[:1]


def test_another_look_at_a_page_that_did_not_change_is_a_304_and_no_revision(crawl, site, database, balance):
    crawl(FEED, limit="1")
    database.execute("UPDATE pages SET next_fetch_at = now() WHERE state = 'stored'")
    [(url,)] = database.execute("SELECT url FROM pages WHERE state = 'stored'").fetchall()
    path = url.removeprefix(site.address)

    crawl(FEED, limit="50", requested_by="airflow:crawl_seed/scheduled__2025-12-15")

    assert [seen.status for seen in site.seen if seen.path == path] == [304]
    assert database.execute("SELECT state FROM pages WHERE url = %s", [url]).fetchone() == ("unchanged",)
    assert database.execute(
        "SELECT count(*) FROM revisions JOIN articles USING (article_id) WHERE articles.url = %s", [url]
    ).fetchone() == (1,)


def test_address_that_is_too_long_is_not_taken_and_costs_no_other(crawl, site, database):
    long = f"{site.address}/news/nasional/{'jembatan-baru-' * 300}"
    other = next(iter(site.articles()))
    site.answers["/feed"] = Answer(
        body=f"<rss><channel><item><link>{long}</link></item><item><link>{other}</link></item></channel></rss>",
        content_type=XML,
    )

    crawl(FEED)

    [(reason,)] = database.execute("SELECT reason FROM untaken_announcements WHERE length(url) > 1000").fetchall()
    assert reason == "address_too_long"
    assert database.execute("SELECT state FROM pages WHERE url = %s", [other]).fetchall() == [("stored",)]
