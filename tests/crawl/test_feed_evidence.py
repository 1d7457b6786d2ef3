"""What a page lacks and its feed says, by real crawls."""

from datetime import UTC, datetime, timedelta

import pytest

from scrapers.items import Link
from scrapers.storage.ledger import without_build_time
from tests.fault_server import Answer, article

NOON = datetime(2025, 12, 15, 12, tzinfo=UTC)
PATHS = [f"/2025/12/15/warga-membangun-jembatan-{n}" for n in ("satu", "dua", "tiga")]
QUERY = (
    "SELECT date_published, date_published_precision, author, provenance ->> 'date_published', "
    "provenance ->> 'author', revision FROM articles ORDER BY date_published"
)


def bare(seed):
    """Return a page that gives the day in its address alone, and no author."""
    page = article(seed)
    return page[: page.index("<script")] + page[page.index("</script>") + 9 :]


@pytest.fixture
def feed(faults):
    """Return a function that lets the site's feed say so of its pages: a time and a name for each."""

    def serve(items):
        told = "".join(
            f"<item><title>Judul {path}</title><link>{faults.url(path)}</link>"
            f"<pubDate>{time:%a, %d %b %Y %T} GMT</pubDate><dc:creator>{name}</dc:creator></item>"
            for path, time, name in items
        )
        body = f'<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{told}</channel></rss>'
        faults.answers["/feed"] = Answer(body, content_type="application/rss+xml")

    faults.answers |= {path: Answer(bare(path)) for path in PATHS}
    faults.answers["/sitemap.xml"] = Answer(status=404)
    faults.answers["/"] = Answer('<link rel="alternate" type="application/rss+xml" href="/feed">')
    return serve


def test_instant_and_author_of_the_feed_are_the_articles_where_its_page_has_none(crawl_faults, feed, database, balance):
    times = [NOON + timedelta(hours=n, seconds=7) for n in range(3)]
    feed(list(zip(PATHS, times, ("Dewi Lestari", "admin", "Rudi Hartono"), strict=True)))

    first = crawl_faults()
    stored = database.execute(QUERY).fetchall()
    feed([(PATHS[0], NOON - timedelta(hours=3), "Siti Aminah")])  # it says something else of one, and has dropped two
    again = crawl_faults("-a", "full=true")

    assert (first.code, again.code) == (0, 0), first.err
    assert [(when, precision, rule) for when, precision, _, rule, *_ in stored] == [
        (time, "second", "feed:published") for time in times
    ]
    assert database.execute(QUERY).fetchall() == stored
    assert balance() == {"unchanged": 3}


def test_time_at_which_the_feed_was_made_dates_no_article(crawl_faults, feed, database, balance):
    feed([(path, NOON + timedelta(seconds=7), "admin") for path in PATHS])

    crawl_faults()

    midnight = datetime(2025, 12, 15, tzinfo=UTC)
    assert {(when, precision) for when, precision, *_ in database.execute(QUERY).fetchall()} == {(midnight, "day")}


def test_instant_of_the_poll_and_one_that_all_share_are_no_evidence():
    def dates(*times):
        links = [Link(url=f"https://a.test/{n}", published=time) for n, time in enumerate(times)]
        return [link.published for link in without_build_time(links, NOON)]

    hour = timedelta(hours=1)
    assert dates(NOON - hour, NOON - 2 * hour) == [NOON - hour, NOON - 2 * hour]
    assert dates(NOON - hour, NOON - hour, None) == [None, None, None]
    assert dates(NOON - hour) == [NOON - hour]
    assert dates(NOON, NOON - hour, NOON - 2 * hour) == [None, NOON - hour, NOON - 2 * hour]
