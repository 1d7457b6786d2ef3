"""Pages that were damaged, or made to do harm: each gives an article or is said not to be one, in bounded time."""

import json
import random
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrapers.errors import NotAnArticle
from scrapers.extract.article import extract_article
from scrapers.extract.page import Page, Rules

PAGES = sorted((Path(__file__).parent.parent / "fixtures" / "pages").glob("*/*.html"))
URL = "https://www.example.org/news/2026/03/08/a-story"
FETCHED_AT = datetime(2026, 4, 1, tzinfo=UTC)
ANY_SITE = Rules(outlet="example")
REASONS = {"empty_page", "not_an_article", "too_deep", "too_large"}
MOST_SECONDS = 5  # of CPU for one page; the median takes some milliseconds
ENCODINGS = ("utf-8", "utf-16", "utf-32", "latin-1", "cp1252", "shift_jis", "koi8-r", "utf-7", "big5")
HARM = (
    b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"&#xD800;", b"&#x202e;", b"<!--", b"<![CDATA[", b"<script>", b"</script>",
    b"<svg><title>", b"<title><script>alert(1)</script></title>", b'<base href="javascript:">', b"<plaintext>", b"]]>",
    b'<script type="application/ld+json">{"@type":"NewsArticle","headline":["a",{"b":[]}],"author":{"@id":1}}</script>',
    b'<meta property="article:published_time" content="9999-99-99T99:99:99+99:99">', b"<p" + b" x" * 5_000 + b">",
    b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>&b;', b"<div>" * 300, b"<b><i>" * 300, b"x" * 100_000,
)  # fmt: skip


def flipped(page, rng):
    body = bytearray(page)
    for _ in range(rng.randint(1, 40)):
        body[rng.randrange(len(body))] = rng.randrange(256)
    return bytes(body)


def cut(page, rng):
    begin, end = sorted(rng.randrange(len(page)) for _ in range(2))
    return page[:begin] + page[end:] if rng.random() < 0.5 else page[:begin]


def nested(page, rng):
    at = rng.randrange(len(page))
    return (
        page[:at] + rng.choice((b"<div>", b"<table><tr><td>", b"<ul><li>", b"<a>")) * rng.randint(1, 3_000) + page[at:]
    )


def recoded(page, rng):
    text = page.decode("utf-8", "replace")
    return text.encode(rng.choice(ENCODINGS), "replace")


def harmed(page, rng):
    at = rng.randrange(len(page))
    return page[:at] + rng.choice(HARM) + page[at:]


def shuffled(page, rng):
    tags = page.split(b"<")
    begin = rng.randrange(len(tags))
    present = tags[begin : begin + 50]
    rng.shuffle(present)
    return b"<".join(tags[:begin] + present + tags[begin + 50 :])


MUTATIONS = (flipped, cut, nested, recoded, harmed, shuffled)


def outcome(page):
    """Return `article` or the reason why there is none; anything else that happens is a failure of the test."""
    try:
        article = extract_article(page, ANY_SITE)
    except NotAnArticle as error:
        return error.reason
    json.dumps([article.headline, article.article_body, article.author]).encode()
    assert article.headline
    assert all(article.article_body)
    return "article"


def mutated_pages(count):
    rng = random.Random(count)
    pages = [page.read_bytes() for page in PAGES]
    for _ in range(count):
        body = rng.choice(pages)
        for mutation in rng.choices(MUTATIONS, k=rng.randint(1, 3)):
            body = mutation(body, rng) if body else body
        yield Page(URL, body, content_type=rng.choice((None, "text/html; charset=utf-8")), fetched_at=FETCHED_AT)


@pytest.mark.parametrize("count", [200, pytest.param(10_000, marks=pytest.mark.proof)])
def test_damaged_page_gives_an_article_or_the_reason_why_it_gives_none(count):
    outcomes = Counter()
    slowest = 0.0
    for page in mutated_pages(count):
        begun = time.process_time()
        outcomes[outcome(page)] += 1
        slowest = max(slowest, time.process_time() - begun)

    assert outcomes.total() == count
    assert set(outcomes) <= {"article", *REASONS}
    assert outcomes["article"] > count / 4
    assert slowest < MOST_SECONDS


@pytest.mark.parametrize(
    "body",
    [
        b"<h1>" + b"Judul " * 500_000,
        b"<title>" + b"a - " * 300_000 + b"</title><h1>Judul</h1>",
        b'<meta name="author" content="' + b"a@" * 500_000 + b'"><h1>Judul</h1>',
        b'<meta name="date" content="' + b"2026-" * 300_000 + b'"><h1>Judul</h1>',
        b'<script type="application/ld+json">' + b'{"a":' * 200_000,
        b'<script type="application/ld+json">{"headline": "' + b'x"' * 300_000,
        b'<script type="application/ld+json">' + b"[" * 500_000 + b"</script><h1>Judul</h1>",
        b'<h1>Judul</h1><script>"publish_date"' + b" " * 1_000_000,
        b"<h1>Judul</h1>" + b'<div class="author date">x 2026</div>' * 20_000,
        b"<h1>Judul</h1>" + b'<div class="author date">' * 1_500 + b"x 2026",
        b'<h1>Judul</h1><p class="byline">By ' + b"and " * 300_000,
        b"<h1 itemprop=headline itemscope>" * 1_500 + b"Judul",
        b'<h1>Judul</h1><script type="application/ld+json">{' + b" " * 300_000 + b";" * 300_000 + b"</script>",
        b'<h1>Judul</h1><script type="application/ld+json">' + b"/* " * 300_000 + b"</script>",
        b"<h1>Judul</h1>" + b"".join(b'<meta name="%sx" content=2026>' % (b"og:" * count) for count in range(500)),
    ],
    ids=range(15),
)
def test_page_made_to_be_slow_is_read_in_bounded_time(body):
    begun = time.process_time()

    outcome(Page(URL, body, fetched_at=FETCHED_AT))

    assert time.process_time() - begun < MOST_SECONDS


def test_script_as_a_title_stays_text():
    page = Page(
        URL, b"<title>&lt;script&gt;alert(1)&lt;/script&gt;</title><p>" + b"Sebuah kalimat yang cukup panjang. " * 20
    )

    article = extract_article(page, ANY_SITE)

    assert article.headline == "<script>alert(1)</script>"
