"""What goes in comes out of each format the same, or is in quarantine with its reason."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scrapers.items import Article, Contributor, Image
from scrapers.publish.export.formats import FORMATS
from scrapers.storage.articles import content_of
from tests.publish.export.reading import rows

NUMBERS = count()
FORMULAS = st.sampled_from(
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'quoted'", "''", "", "\n", '"', ",", "＝1"]
)
TEXT = st.text(st.characters(exclude_categories=()), max_size=20) | FORMULAS  # also NUL and halves of pairs
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
DECEMBER = datetime(2025, 12, 1, tzinfo=UTC)
LIMITS = [datetime(year, 1, 1, tzinfo=UTC) for year in (1890, 1900, 9998)]  # the first is refused
TIME = (
    st.none()
    | st.integers(0, 5_000_000_000_000).map(lambda some: DECEMBER + timedelta(microseconds=some))
    | st.sampled_from(LIMITS)
)
OUTLETS = ["a/b", "..x"]
IMAGE = st.none() | st.builds(Image, url=st.none() | TEXT, caption=st.none() | TEXT, credit_text=st.none() | TEXT)


@st.composite
def articles(draw):
    url = f"https://www.example.test/news/{next(NUMBERS)}"
    return draw(
        st.builds(
            Article, outlet=st.sampled_from(OUTLETS), url=st.just(url), canonical_url=st.just(url),
            headline=TEXT, article_body=TEXTS, description=st.none() | TEXT, author=TEXTS, editor=st.none() | TEXT,
            date_published=TIME, date_published_raw=st.none() | TEXT, date_modified=TIME, article_section=TEXTS,
            keywords=TEXTS, image=IMAGE, in_language=st.none() | TEXT, alternative_headline=st.none() | TEXT,
            contributor=st.lists(st.builds(Contributor, TEXT, TEXT), max_size=2).map(tuple),
            is_paywalled=st.none() | st.booleans(), is_truncated=st.booleans(), identifier=st.none() | TEXT,
        )
    )  # fmt: skip


@pytest.fixture
def goes_in_and_comes_out(database, stored, exported):
    """Return a function that stores articles, exports what is new in each format, and compares."""

    def check(given):
        number = next(NUMBERS)
        given = [replace(article, outlet=f"{article.outlet}{number}") for article in given]
        states = stored(*given)
        kept = {article.url: article for article in given if article.url in _urls(database, "stored")}
        refused = database.execute("SELECT reason FROM pages WHERE state = 'quarantined'").fetchall()
        for format in FORMATS:
            folder, manifest = exported(f"{number}-{format}", format, outlet=[f"{name}{number}" for name in OUTLETS])
            found = rows(folder)

            assert manifest["articles"] == len(found)
            assert {row["url"] for row in found} == kept.keys()
            for row in found:
                article = kept[row["url"]]
                assert row["outlet"] == article.outlet
                content = _content(article)
                assert {name: row[name] for name in content} == content
        assert len(kept) + list(states.values()).count("quarantined") == len(given)
        assert all(reason.startswith("storage: ") for (reason,) in refused)

    return check


def _urls(database, state):
    return {url for (url,) in database.execute("SELECT url FROM pages WHERE state = %s", [state])}


def _content(article):
    return json.loads(content_of(article))


QUIET = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.generate],
}  # stored once, seen for ever


def test_articles_come_out_as_they_went_in_or_are_quarantined_with_a_reason(goes_in_and_comes_out):
    @settings(max_examples=10, **QUIET)
    @given(st.lists(articles(), min_size=20, max_size=40))
    def check(some):
        goes_in_and_comes_out(some)

    check()


@pytest.mark.proof
def test_ten_thousand_articles_come_out_as_they_went_in(goes_in_and_comes_out):
    generated = []

    @settings(max_examples=210, **QUIET)
    @given(st.lists(articles(), min_size=50, max_size=60))
    def generate(some):
        generated.extend(some)

    generate()

    assert len(generated) >= 10_000
    goes_in_and_comes_out(generated)
