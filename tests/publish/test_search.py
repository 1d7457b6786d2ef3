import itertools
import json
import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrapers.errors import UsageError
from scrapers.items import CrawlScope, Link
from scrapers.publish.search import Count, DayCount, Search, chart, count, count_by_day, find, find_revisions
from scrapers.storage.articles import store as store_results
from scrapers.storage.connection import connect
from scrapers.storage.ledger import discover, lease
from scrapers.storage.migrate import migrations
from tests.factories import NOON, article, result
from tests.roles import as_role


@pytest.fixture
def store(database, run_id):
    """Return a function that stores an article with this headline and these paragraphs, and returns its id."""
    numbers = itertools.count(1)

    def stored(headline, *paragraphs, **fields):
        url = f"https://www.example.test/{next(numbers)}"
        given = {"headline": headline, "article_body": paragraphs or ("Isi.",), "url": url, "canonical_url": url}
        return store_article(database, run_id, article(**given | fields))

    return stored


@pytest.fixture
def revise(database, run_id):
    """Return a function that gives an article its next revision."""

    def revised(article_id, headline, *paragraphs):
        (url,) = database.execute("SELECT url FROM articles WHERE article_id = %s", [article_id]).fetchone()
        edited = article(headline=headline, article_body=paragraphs, url=url, canonical_url=url)
        database.execute("UPDATE pages SET next_fetch_at = now() WHERE url = %s", [url])
        assert store_article(database, run_id, edited, full=True) == article_id

    return revised


def store_article(database, run_id, given, *, full=False):
    discover(database, run_id, "seed", [Link(url=given.url)])
    [page] = lease(database, run_id, "seed", 1, CrawlScope(urls=(given.url,), full=full))
    store_results(database, run_id, [result(page, body=given.headline.encode(), article=given)])
    return database.execute("SELECT article_id FROM articles WHERE page_id = %s", [page.page_id]).fetchone()[0]


def found(database, text, **given):
    return [hit.article_id for hit in find(database, Search(text, **given)).hits]


def test_article_is_found_by_the_words_of_headline_and_body(database, store):
    one = store("Kapal tanker disita", "Di Laut Karibia.")
    store("Kapal nelayan", "Di Laut Jawa.")

    assert found(database, "tanker karibia") == [one]


@pytest.mark.parametrize(
    ("asked", "stands_for"),
    [
        ("kebijakan", True), ("bijak", True), ("KEBIJAKAN", True), ('"kebijakan"', True), ('"bijak"', False),
        ("ekon*", True), ('"kebijakan ekonomi"', True), ('"ekonomi kebijakan"', False),
        ("kebijakan -ekonomi", False), ("kebijakan -bola", True), ('kebijakan -"ekonomi baru"', True),
        ('kebijakan -"kebijakan ekonomi"', False), ("bola or kebijakan", True), ("bola OR tenis", False),
        ("resume", True), ("r\u00e9sum\u00e9", True), ("covid-19", True), ("anak-anak", True), ("anak", True),
        ("memberitakan", False), ("ita", False),
    ],
)  # fmt: skip
def test_search_is_read_as_people_type_it(database, store, asked, stands_for):
    store("Kebijakan ekonomi", "R\u00e9sum\u00e9 soal Covid-19 dan anak-anak.")
    store("Berita lain", "Tanpa kata itu.")

    assert (len(found(database, asked)) == 1) is stands_for


def test_berita_and_ita_are_two_words_though_one_is_the_others_stem(database, store):
    news, name = store("Berita pagi"), store("Ita pulang")

    assert found(database, "berita") == [news]
    assert found(database, "ita") == [name]


def test_word_finds_its_forms_by_the_language_of_its_article(database, store):
    english = store("The runner was running", in_language="en")

    assert found(database, "runs", in_language="en") == [english]
    assert found(database, "runs") == []


def test_newest_come_first_and_pages_follow_each_other_without_a_gap(database, store):
    ids = [store("Banjir", date_published=NOON - timedelta(days=day // 2 * 40)) for day in range(9)]
    ids += [store("Banjir", date_published=None)]
    first = find(database, Search("banjir"), limit=4)
    second = find(database, Search("banjir"), limit=4, after=first.after)
    third = find(database, Search("banjir"), limit=4, after=second.after)

    pages = [hit for page in (first, second, third) for hit in page.hits]
    assert [(hit.at, hit.article_id) for hit in pages] == sorted(
        ((hit.at, hit.article_id) for hit in pages), reverse=True
    )
    assert sorted(hit.article_id for hit in pages) == ids
    assert third.after is None


def test_the_most_relevant_come_first_and_their_pages_follow_each_other(database, store):
    body, headline = store("Cuaca", "Banjir di kota."), store("Banjir besar", "Banjir.")
    old = store("Banjir besar", "Banjir.", date_published=NOON - timedelta(days=400))

    first = find(database, Search("banjir"), by_relevance=True, limit=2)
    rest = find(database, Search("banjir"), by_relevance=True, limit=2, after=first.after)

    assert [hit.article_id for hit in (*first.hits, *rest.hits)] == [headline, body, old]
    assert rest.after is None


def test_filters_narrow_a_search(database, store):
    wanted = store("Banjir", article_section=("News", "Ekonomi"), author=("Raka", "Dewi Lestari"), outlet="inews")
    store("Banjir", article_section=("News",), author=("Dewi",), outlet="seed")

    for filters in (
        {"outlet": "inews"},
        {"section": "ekonomi"},
        {"author": "dewi LESTARI"},
        {"outlet": "inews", "section": "News", "author": "raka"},
    ):
        assert found(database, "banjir", **filters) == [wanted]


def test_article_that_another_outlet_takes_over_is_found_under_its_name(database, store):
    one = store("Kapal tanker disita")

    database.execute("UPDATE articles SET outlet = 'kompas'")

    assert found(database, "kapal", outlet="kompas") == [one]
    assert found(database, "kapal", outlet="seed") == []


def test_days_narrow_a_search(database, store):
    before, within = store("Banjir", date_published=NOON - timedelta(days=1)), store("Banjir", date_published=NOON)
    store("Banjir", date_published=NOON + timedelta(days=1))

    assert found(database, "banjir", since=NOON, until=NOON + timedelta(hours=1)) == [within]
    assert found(database, "banjir", until=NOON) == [before]


def test_snippet_marks_what_was_found_also_in_other_forms(database, store):
    store("Judul", "Menteri bicara soal perekonomian.", "Lalu pulang.")

    [hit] = find(database, Search("ekonomi")).hits

    assert "«perekonomian»" in hit.snippet


def test_hit_names_its_representative_and_its_withdrawal(database, store):
    original, copy = store("Banjir", date_published=NOON + timedelta(hours=1)), store("Banjir")
    database.execute(
        "INSERT INTO clusters (article_id, representative_id) VALUES (%(a)s, %(a)s), (%(b)s, %(a)s)",
        {"a": original, "b": copy},
    )
    database.execute(
        "UPDATE articles SET withdrawn_at = now(), withdrawn_reason = 'http_404' WHERE article_id = %s", [copy]
    )

    first, second = find(database, Search("banjir")).hits

    assert (first.representative_id, first.withdrawn_at) == (original, None)
    assert second.representative_id == original
    assert second.withdrawn_at is not None


def test_what_an_edit_took_out_is_found_among_revisions_alone(database, store, revise):
    edited = store("Tersangka", "Ia ditahan.")
    revise(edited, "Saksi", "Ia pulang.")
    revise(edited, "Saksi", "Ia pulang sore.")
    store("Tersangka lain")

    [gone] = find_revisions(database, Search("tersangka")).hits
    [stays] = find_revisions(database, Search("saksi")).hits

    assert edited not in found(database, "tersangka")
    assert found(database, "saksi sore") == [edited]
    stored = [
        at
        for (at,) in database.execute(
            "SELECT stored_at FROM revisions WHERE article_id = %s ORDER BY revision", [edited]
        )
    ]
    assert (gone.article_id, gone.appeared_at, gone.gone_at, gone.headline) == (edited, stored[0], stored[1], "Saksi")
    assert (stays.appeared_at, stays.gone_at, stays.revision) == (stored[1], None, 3)
    assert "«Tersangka»" in find_revisions(database, Search("tersangka ditahan")).hits[0].snippet or gone.snippet


def test_few_matches_are_counted(database, store):
    for _ in range(3):
        store("Banjir", "besar di kota")
    store("Banjir", "di kota besar")

    assert count(database, Search("banjir")) == Count(4, "exact")
    assert count(database, Search('"besar di"')) == Count(3, "exact")
    assert count(database, Search("banjir", outlet="inews")) == Count(0, "exact")


def test_many_matches_are_reckoned_from_a_sample_of_bounded_size(database, store):
    first = store("Banjir", "besar di kota")
    database.execute(
        """
        INSERT INTO article_search (article_id, revision, at, outlet, stored_at, labels, words)
        SELECT article_id, 1 + number, at, outlet, stored_at,
               array_remove(labels, 'sample') || CASE WHEN number <= 420 THEN '{sample}'::text[] END, words
        FROM article_search CROSS JOIN generate_series(1, 2100) AS number
        WHERE article_id = %s
        """,
        [first],
    )
    assert count(database, Search("banjir")) == Count(25_600, "at_least")

    database.execute("UPDATE article_search SET replaced_at = now() WHERE revision BETWEEN 11 AND 421")
    assert count(database, Search("banjir")) == Count(576, "estimate")
    assert count(database, Search('"besar di"')) == Count(576, "estimate")

    database.execute("UPDATE article_search SET replaced_at = now() WHERE revision BETWEEN 2 AND 421")
    assert count(database, Search('"kota besar" or "di besar"')) == Count(0, "exact")
    assert count(database, Search('"di besar"')) == Count(0, "exact")


def test_count_is_said_as_exactly_as_it_is_known():
    assert str(Count(999, "exact")) == "999"
    assert str(Count(12_545, "estimate")) == "some 13,000"
    assert str(Count(25_600, "at_least")) == "at least 25,000"
    assert str(Count(0, "at_least")) == "at least 0"


def test_matches_are_counted_by_day_and_outlet(database, store):
    today = datetime.now(UTC).replace(hour=12)
    for outlet, day in (("inews", 0), ("inews", 0), ("seed", 0), ("seed", 1), ("seed", 90)):
        store("Banjir", outlet=outlet, date_published=today - timedelta(days=day))

    counts = count_by_day(database, Search("banjir"))

    yesterday = (today - timedelta(days=1)).date()
    assert counts == [
        DayCount(yesterday, "seed", 1),
        DayCount(today.date(), "inews", 2),
        DayCount(today.date(), "seed", 1),
    ]
    assert [len(bar) for *_, bar in chart(counts)] == [20, 40, 20]


@pytest.mark.parametrize("asked", ["", "   ", "-banjir", '""', "or", "&|!", '-"a b"', "*", "-", "(" * 900, "'\\:*<->"])
def test_search_for_no_word_is_one_clear_line(database, store, asked):
    store("Banjir")

    with pytest.raises(UsageError, match="nothing to look for"):
        find(database, Search(asked))


@pytest.mark.parametrize(
    ("asked", "told"), [("x" * 100_000, "too long"), ("a\0b", "holds characters"), ("\udcff", "holds characters")]
)
def test_search_that_postgres_would_refuse_is_one_clear_line(database, asked, told):
    with pytest.raises(UsageError, match=told) as refused:
        find(database, Search(asked))

    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("after", ["x", "2026-99-99T00:00:00Z,1", ",", "2026-01-01T00:00:00Z", "NaN,x"])
@pytest.mark.parametrize("by_relevance", [True, False])
def test_place_that_no_page_named_is_one_clear_line(database, store, after, by_relevance):
    with pytest.raises(UsageError, match="no place to go on from"):
        find(database, Search("banjir"), after=after, by_relevance=by_relevance)


def test_unknown_outlet_is_named(database):
    with pytest.raises(UsageError, match="no outlet 'ines'"):
        find(database, Search("banjir", outlet="ines"))


def test_text_with_more_words_than_a_tsvector_holds_is_found_by_its_first_ones(database, store):
    parts = [f"bananana{chr(0x20000 + n) * 230}kan-bananana{chr(0x21000 + n) * 230}kan" for n in range(204)]

    one = store("Judul", "kapal " + " ".join(parts))

    assert found(database, "kapal judul") == [one]


def test_command_shows_hits_without_what_would_steer_a_terminal(commands, store):
    store("Banjir \x1b[31mbesar", "Banjir di kota.")

    shown, as_json = commands.warta("search", "banjir"), commands.warta("search", "banjir", "--json")

    assert (shown.code, as_json.code) == (0, 0), shown.err + as_json.err
    assert "\x1b" not in shown.out
    assert "«Banjir» di kota" in shown.out
    assert shown.out.endswith("1 found; no more\n")
    assert json.loads(as_json.out)["headline"] == "Banjir \x1b[31mbesar"


def test_command_takes_filters_and_goes_on_where_a_page_ended(commands, store):
    filters = ["--outlet", "seed", "--since", "2025-12-15", "--until", "2025-12-15", "--section", "news"]
    for hour in range(3):
        store(f"Banjir {hour}", date_published=NOON + timedelta(hours=hour), article_section=("News",))
    store("Banjir lama", date_published=NOON - timedelta(days=2), article_section=("News",))

    first = commands.warta("search", "banjir", *filters, "-n", "2")
    rest = commands.warta("search", "banjir", *filters, "-n", "2", "--after", first.out.split()[-1])

    assert re.findall(r"Banjir \w+", first.out + rest.out) == ["Banjir 2", "Banjir 1", "Banjir 0"]


def test_command_counts_and_charts(commands, store):
    store("Banjir", date_published=NOON)

    counted = commands.warta("search", "banjir", "--count")
    charted = commands.warta("search", "banjir", "--by-day", "--since", "2025-12-01")

    assert counted.out == "1 articles\n"
    assert re.search(r"2025-12-15 +seed +1 +█+\n1 articles\n", charted.out)


def test_command_refuses_options_that_exclude_each_other(commands):
    refused = commands.warta("search", "banjir", "--count", "--by-day")

    assert refused.code == 2
    assert "exclude each other" in refused.last_line


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
PARTS = ['"', "-", "or", "OR", "*", "kapal", "-kapal", '"kapal tanker"', "'", "\\", ":*", "a-b", "x@y.id/a", "ban*"]
TYPED = st.lists(st.one_of(TEXT, st.sampled_from(PARTS)), max_size=12).map(" ".join)
OFTEN = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@OFTEN
@given(asked=TYPED, text=TYPED, by_relevance=st.booleans())
def test_no_search_and_no_text_make_an_error(database, asked, text, by_relevance):
    (words,) = database.execute("SELECT search_words(%s, %s, 'id')", [text, [asked]]).fetchone()
    refusals = {}

    for ask in (partial(find, by_relevance=by_relevance), find_revisions, count, count_by_day):
        try:
            ask(database, Search(asked))
        except UsageError as error:
            refusals[ask] = str(error)

    assert words is not None
    assert len(refusals) in (0, 4)  # what one way of asking takes, all do
    assert all(len(message.splitlines()) == 1 for message in refusals.values())


@OFTEN
@given(words=st.lists(TEXT, max_size=12))
def test_text_is_found_by_its_own_words(database, words):
    text = " ".join(re.findall(r"\w+", " ".join(words)))

    row = database.execute(
        "SELECT words @@ exact, numnode(exact) FROM search_words(%s, '{}', 'id') AS words, search_query(%s)",
        [text, f'"{text}"'],
    ).fetchone()

    assert row in ((True, row[1]), (False, 0))


def test_reader_may_search(database, dsn, store):
    one = store("Banjir")

    with connect(as_role(dsn, "reader")) as reader:
        assert found(reader, "banjir") == [one]
        assert find_revisions(reader, Search("banjir")).hits == []
        assert count(reader, Search("banjir")).matches == 1


def test_revisions_that_were_stored_before_search_came_are_found(database, store, revise):
    edited = store("Tersangka", "Ia ditahan.", date_published=NOON)
    revise(edited, "Saksi", "Ia pulang.")
    kept = "SELECT to_jsonb(s) FROM article_search AS s ORDER BY revision"
    before = database.execute(kept).fetchall()
    [migration] = [migration.sql.decode() for migration in migrations() if migration.name == "0050_search.sql"]
    inserts = [statement for statement in migration.split("\n\n") if statement.startswith("INSERT")]

    database.execute("TRUNCATE article_search")
    for insert in inserts:
        database.execute(insert)

    assert len(inserts) == 2
    assert [sorted(row.items()) for (row,) in database.execute(kept)] == [sorted(row.items()) for (row,) in before]
