"""Feeds, as feed readers get them."""

import json
from datetime import UTC, datetime

import feedparser
import pytest
from lxml import etree

from scrapers.api import tokens
from scrapers.outbound import watches
from scrapers.outbound.telling import tell
from scrapers.publish.search import Search

ATOM = "{http://www.w3.org/2005/Atom}"
FRESH = {"date_published": datetime.now(UTC)}
HOSTILE = "Kapal <script>alert(1)</script> & \x0b \x00 tanker"


@pytest.fixture
def feeds(database, arrive):
    """Return the addresses of a feed of each kind, with and without entries."""
    _, secret = watches.add(database, "Tanker", Search("tanker"), by="test")
    _, empty = watches.add(database, "Leer", Search("zzzz"), by="test")
    first = arrive(
        HOSTILE.replace("\x00", ""), "Kapal tanker.", url="https://www.example.test/a", author=("A", "B"), **FRESH
    )
    copy = arrive("Tanker disita", "Kapal tanker.", **FRESH)
    database.execute("INSERT INTO clusters VALUES (%s, %s), (%s, %s)", [first, first, copy, first])
    tell(database)
    arrive("Kapal tanker dilepas", "Kapal tanker.", url="https://www.example.test/a", **FRESH)
    gone = "UPDATE articles SET withdrawn_at = now(), withdrawn_reason = 'http_404' WHERE article_id = %s"
    database.execute(gone, [copy])
    token = tokens.add(database, "reader", "feeds", by="test")
    return {
        "watch": f"/feeds/watches/{secret}.", "empty watch": f"/feeds/watches/{empty}.",
        "search": f"/feeds/search.{{}}?q=tanker&token={token}", "outlet": f"/feeds/outlets/seed.{{}}?token={token}",
        "edits": f"/feeds/edits.{{}}?token={token}", "empty edits": f"/feeds/edits.{{}}?outlet=kompas&token={token}",
    }  # fmt: skip


def addresses(feeds, form):
    return {name: path.format(form) if "{}" in path else path + form for name, path in feeds.items()}


def assert_valid(body):
    """Hold what RFC 4287 demands, and what the W3C's validator reports beyond it."""
    feed = etree.fromstring(body)
    assert [len(feed.findall(ATOM + name)) for name in ("id", "title", "updated")] == [1, 1, 1]
    assert [link.get("rel") for link in feed.findall(ATOM + "link")] == ["self"]
    ids = [entry.findtext(ATOM + "id") for entry in feed.findall(ATOM + "entry")]
    assert len(ids) == len(set(ids))
    for entry in feed.findall(ATOM + "entry"):
        assert entry.findtext(ATOM + "title")
        assert [link.get("rel") for link in entry.findall(ATOM + "link")] == ["alternate"]
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert entry.find(ATOM + "content").get("type") == "text"
    for text in [*feed.iter(ATOM + "updated"), *feed.iter(ATOM + "published")]:
        assert datetime.fromisoformat(text.text).tzinfo


def test_every_feed_is_valid_and_feedparser_reads_it(anonymous, feeds):
    counts = {}
    for name, address in addresses(feeds, "atom").items():
        answer = anonymous.get(address)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
        assert_valid(answer.content)
        parsed = feedparser.parse(answer.content)
        assert not parsed.bozo, name
        assert "token" not in parsed.feed.links[0].href
        counts[name] = len(parsed.entries)

    assert counts == {"watch": 1, "empty watch": 0, "search": 2, "outlet": 2, "edits": 2, "empty edits": 0}


def test_json_feed_has_the_same_entries(anonymous, feeds):
    for name, address in addresses(feeds, "json").items():
        answer = anonymous.get(address)
        feed = json.loads(answer.content)
        atom = feedparser.parse(anonymous.get(addresses(feeds, "atom")[name]).content)
        assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert [item["id"] for item in feed["items"]] == [entry.id for entry in atom.entries], name


def test_entry_tells_its_copies_and_keeps_its_id(anonymous, feeds, database):
    address = addresses(feeds, "atom")["watch"]

    [entry] = feedparser.parse(anonymous.get(address).content).entries
    database.execute("UPDATE articles SET headline = 'Lain'")
    [later] = feedparser.parse(anonymous.get(address).content).entries

    assert "also seed: https://www.example.test/" in entry.summary
    assert entry.link == "https://www.example.test/a"
    assert (later.id, later.title) == (entry.id, "Lain")


@pytest.mark.parametrize("form", ["atom", "json"])
def test_reader_that_has_the_feed_gets_304(anonymous, feeds, database, form):
    address = addresses(feeds, form)["search"]
    first = anonymous.get(address)

    again = anonymous.get(address, headers={"If-None-Match": f'"x", W/{first.headers["etag"]}'})
    by_time = anonymous.get(address, headers={"If-Modified-Since": first.headers["last-modified"]})
    wrong = anonymous.get(address, headers={"If-None-Match": '"x"', "If-Modified-Since": "yesterday"})
    database.execute("UPDATE articles SET headline = 'Tanker lain'")
    changed = anonymous.get(address, headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert by_time.status_code == 304
    assert (wrong.status_code, changed.status_code) == (200, 200)


def test_secret_of_a_feed_is_kept_as_a_hash_left_out_of_the_log_and_ends(airflow, anonymous, feeds, database):
    address = addresses(feeds, "atom")["watch"]
    secret = address.split("/")[-1].removesuffix(".atom")
    paths = []

    async def logged(scope, receive, send):
        await airflow(scope, receive, send)
        paths.append((scope["path"], scope["query_string"]))

    type(anonymous)(logged, base_url="http://testserver/warta").get(address)
    type(anonymous)(logged, base_url="http://testserver/warta").get(addresses(feeds, "atom")["edits"])
    rows = str(database.execute("SELECT * FROM watches").fetchall())
    watches.new_feed(database, "Tanker")

    assert paths == [("/warta/feeds/watches/***.atom", b""), ("/warta/feeds/edits.atom", b"token=***")]
    assert secret not in rows
    assert anonymous.get(address).status_code == 404
