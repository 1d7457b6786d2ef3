from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import permutations
from uuid import uuid4

import psycopg
import pytest
import zstandard

from scrapers.items import Charset, CrawlScope, Image, Link, PageResult
from scrapers.storage.articles import article_row, content_of, store
from scrapers.storage.connection import connect, query
from scrapers.storage.ledger import discover, lease
from scrapers.storage.runs import begin_run, finish_run
from tests.factories import NOON, URL, article, leased, result


def pages(database):
    return dict(database.execute("SELECT url, state FROM pages").fetchall())


def test_article_revision_snapshot_fetch_and_state_are_stored_together(database, run_id):
    [page] = leased(database, run_id, URL)

    states = store(database, run_id, [result(page, body=b"<html>raw", article=article())])

    row = database.execute("SELECT headline, article_body, author, date_published, revision FROM articles").fetchone()
    snapshot = database.execute(
        "SELECT body FROM revisions JOIN snapshots ON sha256 = snapshot_sha256 JOIN fetches USING (snapshot_sha256)"
    ).fetchone()
    assert states == {page.page_id: "stored"}
    assert row == ("Judul", ["Satu.", "Dua."], ["Penulis"], NOON, 1)
    assert zstandard.decompress(snapshot[0]) == b"<html>raw"
    assert pages(database) == {URL: "stored"}


def test_what_stands_in_and_around_the_story_is_stored_with_it(database, run_id):
    [page] = leased(database, run_id, URL)
    around = {
        "body_kinds": ("paragraph", "quote"), "images": (Image("https://www.example.test/a.jpg", "Kebun", "Antara"),),
        "date_line_agency": "iNews.id", "initials": "fyk/ash", "next_pages": (f"{URL}/2",),
        "charset": Charset("utf-8", "utf-8", "cp1252"),
    }  # fmt: skip

    store(database, run_id, [result(page, article=article(**around))])

    row = database.execute(f"SELECT {', '.join(around)} FROM articles").fetchone()
    assert row == (
        ["paragraph", "quote"],
        [{"url": "https://www.example.test/a.jpg", "caption": "Kebun", "credit_text": "Antara"}],
        "iNews.id",
        "fyk/ash",
        [f"{URL}/2"],
        {"used": "utf-8", "header": "utf-8", "declared": "cp1252"},
    )


def test_other_markup_around_the_same_words_is_no_revision(database, run_id):
    [page] = leased(database, run_id, URL)
    store(database, run_id, [result(page, article=article())])
    [again] = _lease_again(database)

    states = store(database, run_id, [result(again, article=article(body_kinds=("paragraph", "subhead")))])

    assert states == {again.page_id: "unchanged"}


def test_unchanged_article_gets_no_revision(database, run_id):
    [page] = leased(database, run_id, URL)
    store(database, run_id, [result(page, article=article())])
    [again] = _lease_again(database)

    states = store(database, run_id, [result(again, article=article(related=()))])

    assert states == {page.page_id: "unchanged"}
    assert database.execute("SELECT count(*) FROM revisions").fetchone() == (1,)


def test_edited_article_gets_a_revision_that_names_what_changed(database, run_id):
    [page] = leased(database, run_id, URL)
    store(database, run_id, [result(page, article=article())])
    [again] = _lease_again(database)

    store(database, run_id, [result(again, article=article(headline="Judul baru"))])

    assert database.execute("SELECT revision, changes FROM revisions ORDER BY 1").fetchall() == [
        (1, {}),
        (2, {"headline": ["Judul", "Judul baru"]}),
    ]
    assert database.execute("SELECT headline, revision FROM articles").fetchone() == ("Judul baru", 2)


def test_stub_does_not_replace_the_whole_text(database, run_id):
    [page] = leased(database, run_id, URL)
    store(database, run_id, [result(page, article=article())])
    [again] = _lease_again(database)

    states = store(database, run_id, [result(again, article=article(article_body=("Satu.",), is_truncated=True))])

    assert states == {page.page_id: "unchanged"}
    assert database.execute("SELECT article_body FROM articles").fetchone() == (["Satu.", "Dua."],)


def test_stub_at_the_canonical_address_leaves_the_article_with_the_page_that_has_its_text(database, run_id):
    first, canonical = sorted(leased(database, run_id, f"{URL}/jabar", URL), key=lambda page: page.url == URL)
    store(database, run_id, [result(first, article=article(url=first.url))])

    stub = article(article_body=("Satu.",), is_truncated=True)
    states = store(database, run_id, [result(canonical, article=stub)])

    assert states == {canonical.page_id: "unchanged"}
    assert pages(database)[first.url] == "stored"
    assert database.execute("SELECT page_id, article_body FROM articles").fetchone() == (
        first.page_id,
        ["Satu.", "Dua."],
    )


def _lease_again(database):
    other = uuid4()
    begin_run(database, other, outlet="seed")
    return lease(database, other, "seed", 1, CrawlScope(full=True))


def test_revisions_fetches_and_snapshots_cannot_be_changed(database, run_id):
    [page] = leased(database, run_id, URL)
    store(database, run_id, [result(page, article=article())])

    for table, column in (("revisions", "url"), ("fetches", "url"), ("snapshots", "bytes")):
        with pytest.raises(psycopg.errors.RaiseException, match="never changed"):
            database.execute(f"UPDATE {table} SET {column} = {column}")


@pytest.mark.parametrize(
    "bad",
    [
        {"headline": "nul \0"},
        {"headline": "surrogate \ud800"},
        {"description": "nul \0 in a column that may be empty"},
        {"date_published": datetime(1, 1, 1, tzinfo=UTC)},
        {"provenance": {"headline": "\0"}},
    ],
)
def test_one_row_that_postgres_refuses_costs_only_itself_and_is_quarantined(database, run_id, bad):
    one, two, three = leased(database, run_id, f"{URL}/1", f"{URL}/2", f"{URL}/3")
    batch = [
        result(page, article=article(url=page.url, canonical_url=page.url, **fields))
        for page, fields in ((one, {}), (two, bad), (three, {}))
    ]

    store(database, run_id, batch)

    reason = database.execute("SELECT reason FROM pages WHERE state = 'quarantined'").fetchone()[0]
    assert pages(database) == {one.url: "stored", two.url: "quarantined", three.url: "stored"}
    assert reason.startswith("storage: ")
    assert database.execute("SELECT count(*) FROM fetches WHERE page_id = %s", [two.page_id]).fetchone() == (1,)


def test_very_long_url_is_stored(database, run_id):
    url = "https://www.example.test/" + "".join(sha256(bytes([n])).hexdigest() for n in range(100))
    [page] = leased(database, run_id, url)

    store(database, run_id, [result(page, article=article(url=url, canonical_url=url))])

    assert pages(database) == {url: "stored"}


def test_result_of_a_lease_that_was_lost_is_left_alone(database, run_id):
    [page] = leased(database, run_id, URL)
    stale = replace(page, lease_token=page.lease_token - 1)

    states = store(database, run_id, [result(stale, article=article())])

    assert states == {page.page_id: "lost"}
    assert database.execute("SELECT count(*) FROM articles").fetchone() == (0,)
    assert pages(database) == {URL: "leased"}


def test_same_article_under_two_addresses_is_stored_once_and_its_canonical_page_wins(database, run_id):
    other = f"{URL}?from=home"
    by_url = {page.url: page for page in leased(database, run_id, URL, other)}

    store(database, run_id, [result(by_url[other], article=article(url=other))])
    store(database, run_id, [result(by_url[URL], article=article())])

    assert pages(database) == {other: "duplicate", URL: "stored"}
    assert database.execute("SELECT url, revision FROM articles").fetchall() == [(URL, 1)]


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("other", [f"{URL}.html", f"{URL}/", f"{URL}/index.html", URL.replace("www.", "")])
def test_same_text_under_two_forms_of_an_address_is_one_article_though_no_page_names_the_other(
    database, run_id, other, together
):
    one, two = (
        result(page, article=article(url=page.url, canonical_url=page.url))
        for page in leased(database, run_id, URL, other)
    )

    for batch in [[one, two]] if together else [[one], [two]]:
        store(database, run_id, batch)

    assert sorted(pages(database).values()) == ["duplicate", "stored"]
    assert database.execute("SELECT count(*), max(revision) FROM articles").fetchone() == (1, 1)


def test_same_text_at_another_address_or_another_text_at_another_form_is_an_article_of_its_own(database, run_id):
    urls = (URL, f"{URL}-lagi", f"{URL}.html")
    texts = (("Satu.", "Dua."), ("Satu.", "Dua."), ("Tiga.", "Empat."))

    for page, text in zip(leased(database, run_id, *urls), texts, strict=True):
        store(
            database, run_id, [result(page, article=article(url=page.url, canonical_url=page.url, article_body=text))]
        )

    assert set(pages(database).values()) == {"stored"}


def test_failed_page_is_deferred_and_due_again_only_then(database, run_id):
    [page] = leased(database, run_id, URL)

    store(database, run_id, [result(page, state="deferred", reason="http_500", defer=timedelta(hours=1))])

    assert lease(database, run_id, "seed", 9, CrawlScope()) == []
    database.execute("UPDATE pages SET deferred_until = now()")
    assert [page.attempts for page in lease(database, run_id, "seed", 9, CrawlScope())] == [2]


def test_page_is_leased_to_one_run_at_a_time(database, dsn, run_id):
    leased(database, run_id, URL)
    with connect(dsn) as second:
        begin_run(second, other := uuid4(), outlet="seed")

        assert lease(second, other, "seed", 9, CrawlScope()) == []


def test_expired_lease_is_taken_over_and_its_old_holder_is_fenced(database, run_id):
    [page] = leased(database, run_id, URL)
    database.execute("UPDATE pages SET lease_expires_at = now()")

    [taken] = lease(database, run_id, "seed", 9, CrawlScope())

    assert taken.lease_token > page.lease_token
    assert store(database, run_id, [result(page, article=article())]) == {page.page_id: "lost"}
    assert store(database, run_id, [result(taken, article=article())]) == {page.page_id: "stored"}


def test_pages_of_a_run_whose_process_died_are_free_when_the_next_begins(database, dsn):
    with connect(dsn) as dying:
        begin_run(dying, dead := uuid4(), outlet="seed")
        leased(dying, dead, URL)

    begin_run(database, alive := uuid4(), outlet="seed")

    assert database.execute("SELECT outcome FROM runs WHERE run_id = %s", [dead]).fetchone() == ("interrupted",)
    assert len(lease(database, alive, "seed", 9, CrawlScope())) == 1


def test_finished_run_gives_back_what_it_did_not_finish(database, run_id):
    leased(database, run_id, URL)

    finish_run(database, run_id, "stopped", "by a signal")

    assert pages(database) == {URL: "discovered"}


def test_ledger_of_a_run_balances_at_any_moment(database, run_id):
    discover(database, run_id, "seed", [Link(url=f"{URL}/{n}") for n in range(5)])
    discover(database, run_id, "seed", [Link(url=f"{URL}/{n}") for n in range(8)])
    discover(database, run_id, "seed", [Link(url=f"{URL}/1/all", variant_of=f"{URL}/1")])
    [page, *_] = lease(database, run_id, "seed", 3, CrawlScope())
    store(database, run_id, [result(page, state="rejected", reason="not_an_article")])

    balance = database.execute("SELECT discovered, accounted, leased, balanced FROM run_balance").fetchone()

    assert balance == (9, 9, 2, True)


def test_page_that_another_run_had_meanwhile_is_counted_once(database, dsn, run_id):
    discover(database, run_id, "seed", [Link(url=URL)])
    with connect(dsn) as other:
        leaser = uuid4()
        begin_run(other, leaser, outlet="seed")
        lease(other, leaser, "seed", 1, CrawlScope())
        finish_run(other, leaser, "stopped", "by a signal")

    lease(database, run_id, "seed", 1, CrawlScope())

    assert database.execute("SELECT discovered, accounted FROM run_balance").fetchall() == [(1, 1), (1, 1)]


def test_later_modification_makes_a_stored_page_due(database, run_id):
    discover(database, run_id, "seed", [Link(url=URL, modified=NOON)])
    [page] = lease(database, run_id, "seed", 1, CrawlScope())
    store(database, run_id, [result(page, article=article())])
    discover(database, run_id, "seed", [Link(url=URL, modified=NOON)])
    assert lease(database, run_id, "seed", 1, CrawlScope()) == []

    discover(database, run_id, "seed", [Link(url=URL, modified=NOON + timedelta(minutes=1))])

    assert lease(database, run_id, "seed", 1, CrawlScope()) != []


def test_body_hash_evens_out_case_quotes_dashes_and_space():
    straight = article(article_body=('"Perang  itu" – kata\u00a0dia.', "Selesai"))
    curly = article(article_body=("“perang itu” - kata dia. SELESAI",))

    hashes = [article_row(one, content_of(one))["body_sha256"] for one in (straight, curly, article())]

    assert hashes[0] == hashes[1]
    assert hashes[0] != hashes[2]


def test_pages_that_all_claim_one_canonical_url_stay_articles_of_their_own(database, run_id):
    claimed = f"{URL}/berita"
    texts = {
        "banjir": ("Banjir merendam ratusan rumah warga di pesisir utara.",),
        "beras": ("Harga beras medium naik tiga hari.",),
    }
    first, second = leased(database, run_id, *(f"{URL}/{name}" for name in texts))

    for page, (name, body) in zip((first, second), texts.items(), strict=True):
        item = article(url=page.url, canonical_url=claimed, headline=name, article_body=body)
        store(database, run_id, [result(page, article=item)])

    stored = database.execute("SELECT canonical_url, headline, revision FROM articles ORDER BY article_id").fetchall()
    assert stored == [(claimed, "banjir", 1), (second.url, "beras", 1)]


def test_further_page_of_an_article_is_a_duplicate_of_the_canonical_one(database, run_id):
    first, second = leased(database, run_id, URL, f"{URL}?part=2")
    store(database, run_id, [result(first, article=article())])

    further = article(url=second.url, article_body=("Halaman kedua berbeda seluruhnya.",))
    states = store(database, run_id, [result(second, article=further)])

    assert states == {second.page_id: "duplicate"}


def test_stored_page_is_due_again_after_each_of_its_looks_and_then_no_more(database, run_id):
    looks = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
    discover(database, run_id, "seed", [Link(url=URL)])
    waits = []
    for hours_ago in (None, 2, 7, 48):
        if hours_ago is not None:
            database.execute(
                "UPDATE pages SET next_fetch_at = now(), first_stored_at = now() - %s", [timedelta(hours=hours_ago)]
            )
        [page] = lease(database, run_id, "seed", 1, CrawlScope())
        store(database, run_id, [result(page, article=article(), revisit=looks)])
        waits.append(database.execute("SELECT next_fetch_at - first_stored_at FROM pages").fetchone()[0])

    assert waits == [*looks, None]


def test_what_an_answer_is_known_by_is_handed_out_with_the_lease_until_the_page_is_read_again(database, run_id):
    known = {"etag": '"a"', "last_modified": "Mon, 15 Dec 2025 10:56:00 GMT", "content_sha256": b"0" * 32}
    [page] = leased(database, run_id, URL)
    store(database, run_id, [result(page, article=article(), **known)])

    database.execute("UPDATE pages SET next_fetch_at = now()")
    [again] = lease(database, run_id, "seed", 1, CrawlScope())
    handed_out = {name: getattr(again, name) for name in known}
    store(database, run_id, [PageResult(page=again, state="unchanged", is_same=True)])
    begin_run(database, full := uuid4(), outlet="seed")
    [for_all] = lease(database, full, "seed", 1, CrawlScope(full=True))

    assert handed_out == known
    assert {name: getattr(for_all, name) for name in known} == dict.fromkeys(known)
    assert database.execute("SELECT etag FROM pages").fetchone() == (known["etag"],)


def test_crawl_of_some_days_asks_again_only_for_pages_whose_article_is_of_them(database, run_id):
    days = {"early": -1, "wanted": 0, "late": 1}
    dates = {f"{URL}/{name}": NOON + timedelta(days=day) for name, day in days.items()} | {f"{URL}/undated": None}
    pages = leased(database, run_id, *dates)
    told = [result(page, article=article(url=page.url, canonical_url=page.url, date_published=dates[page.url]))
            for page in pages]  # fmt: skip
    store(database, run_id, told)
    begin_run(database, again := uuid4(), outlet="seed")

    found = lease(database, again, "seed", 9, CrawlScope(full=True, since=NOON, until=NOON + timedelta(days=1)))

    assert {page.url for page in found} == {f"{URL}/wanted", f"{URL}/undated"}


def test_host_that_has_had_its_share_is_left_out(database, run_id):
    discover(database, run_id, "seed", [Link(url=url) for url in (URL, "https://jabar.example.test/news/two")])

    found = lease(database, run_id, "seed", 9, CrawlScope(), ["www.example.test"])

    assert [page.url for page in found] == ["https://jabar.example.test/news/two"]


def test_leasing_from_a_large_ledger_reads_it_in_order_instead_of_sorting_it(database, run_id):
    links = [Link(url=f"{URL}/{n}", published=NOON + timedelta(minutes=n)) for n in range(5000)]
    discover(database, run_id, "seed", links)
    database.execute("ANALYZE pages")
    wanted = {"outlet": "seed", "pages": 2, "spent_hosts": ["www.example.org"]}

    plan = database.execute(b"EXPLAIN " + query("due_pages"), wanted).fetchall()

    assert "pages_leasable_idx" in str(plan)
    assert "Sort" not in str(plan)


SITE = "https://www.example.test/2025/12/01"


@dataclass(frozen=True)
class Answered:
    """What a page answers: the story that it shows, and the address that its template prints as canonical."""

    url: str
    claims: str
    story: str
    shown: float = 1.0  # of the story's words

    def result(self, page):
        headline, body = f"{self.story} {self.story}wan", [f"{self.story}{n}" for n in range(100)]
        told = article(
            url=page.url, canonical_url=self.claims, headline=headline,
            article_body=(" ".join(body[: int(100 * self.shown)]),),
        )  # fmt: skip
        return result(page, body=f"<html>{self}".encode(), article=told)


def left_by(dsn, answers, batches):
    """Store the answers in their order, in batches of such sizes; return the articles and the pages' states."""
    with connect(dsn) as database, database.transaction(force_rollback=True):
        begin_run(database, run := uuid4(), outlet="seed")
        pages_of = {page.url: page for page in leased(database, run, *(answer.url for answer in answers))}
        left = list(answers)
        for size in (*batches, len(answers)):
            batch, left = left[:size], left[size:]
            store(database, run, [answer.result(pages_of[answer.url]) for answer in batch])
        rows = database.execute("SELECT canonical_url, headline, article_body, revision FROM articles").fetchall()
        assert database.execute("SELECT fault, detail FROM ledger_faults").fetchall() == []
        return {(url, headline, *body, revision) for url, headline, body, revision in rows}, pages(database)


SETS = {
    "a liar and the owner": [Answered("a", "a", "satu"), Answered("b", "a", "dua")],
    "two liars and the owner": [Answered("a", "a", "satu"), Answered("b", "a", "dua"), Answered("c", "a", "tiga")],
    "liars in a ring": [Answered("a", "b", "satu"), Answered("b", "c", "dua"), Answered("c", "a", "tiga")],
    "two that exchange addresses": [Answered("a", "b", "satu"), Answered("b", "a", "dua")],
    "a liar's AMP copy": [Answered("a", "a", "satu"), Answered("b", "a", "dua"), Answered("b/amp", "b", "dua", 0.8)],
    "copies of the owner": [
        Answered("a", "a", "satu"), Answered("a?ref=x", "a", "satu"), Answered("a/amp", "a", "satu"),
        Answered("b", "a", "dua"),
    ],
    "twins and a liar that claims one of them": [
        Answered("a", "a", "satu"), Answered("t", "a", "satu"), Answered("b", "t", "dua"),
    ],
    "all honest": [Answered("a", "a", "satu"), Answered("b", "b", "dua"), Answered("c", "c", "tiga")],
}  # fmt: skip


def expected(answers):
    """Return what must be left: of each story one article, under its page's own address or that of its copies."""
    owner = {answer.story: answer.url for answer in answers if answer.url == answer.claims}
    for answer in answers:
        owner.setdefault(answer.story, answer.url)
    return {(f"{SITE}/{url}", name) for name, url in owner.items()}


@pytest.mark.parametrize("name", SETS)
def test_order_in_which_pages_answer_makes_no_difference(dsn, name):
    answers = [replace(one, url=f"{SITE}/{one.url}", claims=f"{SITE}/{one.claims}") for one in SETS[name]]
    left = set()
    for order in permutations(answers):
        for batches in ((1,) * len(order), (2, 1), (len(order),)):
            articles, states = left_by(dsn, order, batches)
            left.add((frozenset((url, text.split()[0]) for url, text, *_ in articles), frozenset(states.items())))

    assert {articles for articles, _ in left} == {frozenset(expected(SETS[name]))}
    assert len({states for _, states in left}) == 1


def test_address_that_many_claim_and_no_page_has_goes_to_one_of_them_and_no_story_is_lost(dsn):
    answers = [Answered(f"{SITE}/{name}", f"{SITE}/nobodys", name) for name in ("satu", "dua", "tiga")]

    for order in permutations(answers):
        articles, states = left_by(dsn, order, (1, 1, 1))
        first, *others = order
        assert {(url, name.split()[0]) for url, name, *_ in articles} == {
            (first.claims, first.story), *((one.url, one.story) for one in others)
        }  # fmt: skip
        assert set(states.values()) == {"stored"}


def test_author_that_a_feed_names_is_the_articles_where_its_page_names_nobody(database, run_id):
    said = Link(url=URL, title="Judul", author=("admin", "Dewi\nLestari"))
    database.execute("INSERT INTO feeds (outlet, url, kind) VALUES ('seed', 'https://www.example.test/feed', 'rss')")
    [feed_id] = database.execute("SELECT feed_id FROM feeds").fetchone()
    discover(database, run_id, "seed", [said], feed_id)
    [page] = lease(database, run_id, "seed", 1, CrawlScope())

    store(database, run_id, [result(page, article=article(author=()))])
    store(database, run_id, [result(_lease_again(database)[0], article=article(author=()))])

    row = database.execute("SELECT author, provenance ->> 'author', revision FROM articles").fetchone()
    assert (page.announced.title, page.announced.author) == ("Judul", ("admin", "Dewi Lestari"))
    assert row == (["Dewi Lestari"], "feed:author", 1)
    assert database.execute("SELECT author FROM announcements").fetchone() == (["admin", "Dewi Lestari"],)


def test_what_a_feed_says_only_later_makes_no_revision_by_itself(database, run_id):
    [page] = leased(database, run_id, URL)
    store(database, run_id, [result(page, article=article(author=()))])
    database.execute("UPDATE pages SET announced_author = '{Dewi Lestari}'")

    store(database, run_id, [result(_lease_again(database)[0], article=article(author=()))])
    assert database.execute("SELECT author, revision FROM articles").fetchone() == ([], 1)

    edited = article(author=(), article_body=("Satu.", "Dua.", "Tiga."))
    store(database, run_id, [result(_lease_again(database)[0], article=edited)])
    assert database.execute("SELECT author, revision FROM articles").fetchone() == (["Dewi Lestari"], 2)
