import json
from datetime import UTC, datetime

import pytest
from scrapy.http import HtmlResponse, Response

from scrapers.discovery.feeds import Feed, Home, Rss
from scrapers.discovery.text import UnreadableFeed
from scrapers.items import Link, NotTaken

URL = "https://www.example.test/feed.json"
VERSION = "https://jsonfeed.org/version/1.1"


def read(text):
    return list(Rss(URL).read(Response(URL, body=text.encode()), "UTC"))


def feed(*items, **said):
    return json.dumps({"version": VERSION, "title": "Berita", **said, "items": items})


def test_json_feed_gives_address_title_times_and_authors_of_each_item():
    item = {
        "id": "1",
        "url": "/a#more",
        "title": "Kopi &amp; teh",
        "date_published": "2025-12-15T10:56:00+07:00",
        "date_modified": "2025-12-15T11:56:00+07:00",
        "authors": [{"name": "Siti"}, {"url": "/budi"}, {"name": "Budi"}],
    }

    [link] = read(feed(item, home_page_url="https://www.example.test/"))

    assert link == Link(
        url="https://www.example.test/a",
        discovered_in=URL,
        title="Kopi & teh",
        author=("Siti", "Budi"),
        published=datetime(2025, 12, 15, 3, 56, tzinfo=UTC),
        modified=datetime(2025, 12, 15, 4, 56, tzinfo=UTC),
        is_item=True,
    )


def test_author_is_the_items_else_the_feeds_also_as_version_1_0_names_it():
    first, second = read(feed({"url": "/a", "author": {"name": "Siti"}}, {"url": "/b"}, authors=[{"name": "Redaksi"}]))

    assert (first.author, second.author) == (("Siti",), ("Redaksi",))


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ({"id": "https://www.example.test/a"}, "/a"),
        ({"id": "1", "external_url": "https://elsewhere.test/a"}, "https://elsewhere.test/a"),
        ({"id": "/a"}, None),
        ({"url": "https://[domain]/a"}, None),
        ({"url": 7, "title": ["x"], "authors": "x", "date_published": {}}, None),
        ("no item", None),
    ],
)
def test_what_is_wrong_with_one_item_costs_only_itself(item, url):
    first, second = read(feed(item, {"url": "/z"}))

    assert isinstance(first, Link if url else NotTaken)
    assert url is None or first.url.removeprefix("https://www.example.test") == url
    assert second.url == "https://www.example.test/z"


@pytest.mark.parametrize(
    "text",
    [
        '{"items": [{"url": "/a"},\n {"url": "/b",}]}',
        '{"items": [{"url": "/a"}, {"url": "/b',
        '{"items": [{"url": "/a"}',
    ],
)
def test_json_feed_that_breaks_off_gives_what_came(text):
    given = Rss(URL).read(Response(URL, body=text.encode()), "UTC")

    assert next(given).url == "https://www.example.test/a"
    with pytest.raises(UnreadableFeed):
        list(given)


def test_json_with_control_characters_and_a_byte_order_mark_is_read_and_an_empty_feed_is_an_answer():
    assert [link.title for link in read('\ufeff {"items": [{"url": "/a", "title": "x\ty\x01"},]}')] == ["x y\x01"]
    assert read(feed()) == []


@pytest.mark.parametrize("text", ['{"a": 1}', "{", '{"items', '{"items": ' + "[" * 100_000, "[]", '{"a" 1}'])
def test_json_that_is_no_feed_is_said_to_be_none(text):
    with pytest.raises(UnreadableFeed):
        read(text)


@pytest.mark.parametrize(
    ("link", "is_named"),
    [
        ("rel=alternate type='application/feed+json' href=/feed.json", True),
        ("rel=alternate type='application/json' title='JSON Feed' href=/x", True),
        ("rel=alternate type='application/json' href=/feeds/all.json", True),
        ("rel=alternate type='application/json' href=/wp-json/wp/v2/pages/2 title=JSON", False),
        ("rel=alternate type='application/json+oembed' href=/oembed?url=feed", False),
        ("rel='ALTERNATE home' type='Application/RSS+XML; charset=utf-8' href=/rss", True),
        ("rel=alternate type=text/xml title=RSS href=/x", True),
        ("rel=preload type='application/feed+json' href=/feed.json", False),
        ("rel=alternate type='application/rss+xml' href='https://[domain]/rss'", False),
        ("rel=alternate type='application/rss+xml' href='/comments/feed/'", False),
    ],
)
def test_home_page_names_feeds_of_each_kind_and_nothing_else(link, is_named):
    page = HtmlResponse(URL, body=f"<link {link}><a href=/a>A</a>".encode(), encoding="utf-8")

    found = list(Home(URL).read(page, "UTC"))

    assert [type(one) for one in found if isinstance(one, Feed)] == [Rss] * is_named
    assert [one.url for one in found if isinstance(one, Link)] == ["https://www.example.test/a"]
