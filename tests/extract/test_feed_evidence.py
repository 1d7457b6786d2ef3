from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.extract.article import extract_article
from scrapers.extract.feed_evidence import StoredRevision, add_feed_evidence, keep_stored_evidence
from scrapers.extract.page import Page, Rules
from scrapers.items import Announced, Article

WIB = timezone(timedelta(hours=7))
DAY = datetime(2025, 12, 15, tzinfo=WIB)
INSTANT = datetime(2025, 12, 15, 3, 56, 12, tzinfo=UTC)  # 10:56:12 of that day in Jakarta


def article(**fields):
    told = {"outlet": "kabar.test", "url": "https://kabar.test/a", "canonical_url": "https://kabar.test/a"}
    dated = {"date_published": DAY, "date_published_precision": "day", "publisher": "Kabar Kota"}
    return Article(**(told | {"headline": "Judul", "article_body": ("Isi.",)} | dated | fields))


def test_feed_gives_the_instant_of_the_day_that_the_page_gives():
    found = add_feed_evidence(article(), Announced(published=INSTANT))

    assert (found.date_published, found.date_published_precision) == (INSTANT, "second")
    assert found.provenance["date_published"] == "feed:published"


@pytest.mark.parametrize("instant", [
    INSTANT - timedelta(hours=12),  # the day before in Jakarta, though not in UTC
    INSTANT + timedelta(days=3),
    datetime(2025, 12, 15, tzinfo=UTC),  # a feed that gives days alone
    datetime(1, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC),
])  # fmt: skip
def test_instant_of_another_day_or_none_at_all_is_not_taken(instant):
    assert add_feed_evidence(article(), Announced(published=instant)) == article()


def test_page_that_says_it_all_wins_over_its_feed():
    whole = article(
        date_published=DAY + timedelta(hours=9), date_published_precision="minute", author=("Dewi Lestari",)
    )

    assert add_feed_evidence(whole, Announced("Lain", ("Rudi Hartono",), INSTANT)) == whole


def test_page_without_any_date_takes_the_feeds():
    undated = article(date_published=None, date_published_precision=None, date_published_raw="kemarin")

    found = add_feed_evidence(undated, Announced(published=INSTANT))

    assert (found.date_published, found.date_published_raw) == (INSTANT, "kemarin")


@pytest.mark.parametrize(("said", "author"), [
    (("Dewi Lestari",), ("Dewi Lestari",)), (("oleh Dewi Lestari",), ("Dewi Lestari",)),
    (("admin",), ()), (("Redaksi",), ()), (("Kabar Kota",), ()), (("kabar.test",), ()), (("Tim Kabar",), ()),
    (("News Desk",), ()), (("dewi@kabar.test",), ()), (("admin", "Dewi Lestari"), ("Dewi Lestari",)),
])  # fmt: skip
def test_feeds_author_is_taken_where_it_is_a_person(said, author):
    found = add_feed_evidence(article(), Announced(author=said))

    assert found.author == author
    assert found.provenance.get("author") == ("feed:author" if author else None)


@pytest.mark.parametrize("title", ["", "<title>Kabar Kota</title>"])
def test_page_without_a_headline_has_that_of_its_feed(title):
    text = "".join(
        f"<p>Kepala desa {n} mengatakan bahwa jembatan nomor {n} itu dibangun warga, yang bekerja selama {n} bulan. "
        f"Menurut dia, biayanya {n} juta rupiah, dan anggaran itu berasal dari iuran warga desa.</p>"
        for n in range(8)
    )
    head = f"<head>{title}<meta property=og:site_name content='Kabar Kota'></head>"
    body = f"<html>{head}<body><article>{text}</article></body></html>"
    said = Announced("Jembatan Baru")
    page = Page(url="https://kabar.test/2025/12/15/jembatan-baru", body=body.encode(), announced=said)

    found = extract_article(page, Rules(outlet="kabar.test"))

    assert (found.headline, found.provenance["headline"]) == ("Jembatan Baru", "feed:title")


SAID = st.builds(
    Announced,
    author=st.sampled_from([(), ("Dewi Lestari",), ("Rudi Hartono",)]),
    published=st.none() | st.integers(-200_000, 200_000).map(lambda seconds: INSTANT + timedelta(seconds=seconds)),
)


@given(said=SAID)
def test_what_was_completed_stays_as_it_is(said):
    once = add_feed_evidence(article(), said)

    assert add_feed_evidence(once, said) == once


@given(first=SAID, later=SAID)
def test_feed_that_says_something_else_later_edits_nothing(first, later):
    stored = add_feed_evidence(article(), first)
    published = stored.date_published.isoformat()
    content = {"headline": stored.headline, "author": list(stored.author), "date_published": published}
    known = StoredRevision(content, stored.provenance, stored.date_published_precision)

    again = keep_stored_evidence(add_feed_evidence(article(), later), known, is_due=False)

    assert (again.author, again.date_published) == (stored.author, stored.date_published)
    edited = keep_stored_evidence(
        add_feed_evidence(replace(article(), author=("Siti Aminah",)), later), known, is_due=False
    )
    assert edited.author == ("Siti Aminah",)
