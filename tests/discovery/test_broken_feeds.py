"""Feeds, sitemaps and robots.txt that something went wrong with: 2,000 mutations, each the same in every run."""

import random
import re

import feedparser
import pytest
from scrapy.http import Response

from scrapers.discovery.feeds import Feed, Robots, Rss, Sitemap
from scrapers.discovery.text import UnreadableFeed
from scrapers.fetch.robots_rules import RobotsRules

URL = "https://www.example.test/feed"
FEEDS, OTHERS = 250, 750  # mutations of each: RSS and Atom; sitemaps and robots.txt
ITEMS = 5
NAMES = "abcdefghi"  # of crawlers; a product token has no digits
ARTICLE = re.compile(rb"https://www\.example\.test/berita/[0-9]+-judul")
STRAYS = (b"<", b">", b"&", b'"', b"\x00", b"]]>", b"<![CDATA[", b"<!--", b"<br>", b"<p>", b"</p>", b"</item>", b"\xe9")
STRAYS += (b"&#55356;", b"&bukan;", b"\r", b"<a b='c' b='d'>")


def feed(head, item, tail):
    return (head + "".join(item.replace("{n}", str(n)) for n in range(ITEMS)) + tail).encode()


RSS = feed(
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Berita</title><link>https://www.example.test/</link>\n'
    '<atom:link href="https://www.example.test/feed" rel="self"/>\n',
    "<item><title>Judul ke-{n} &amp; “kutipan”</title>\n<link>https://www.example.test/berita/{n}-judul</link>\n"
    '<guid isPermaLink="false">{n}</guid><dc:creator><![CDATA[Siti {n}]]></dc:creator>\n'
    "<pubDate>Mon, 15 Dec 2025 10:56:00 +0700</pubDate>\n"
    "<description><![CDATA[<p>Isi <b>berita</b> {n}<br>café</p>]]></description></item>\n",
    "</channel></rss>\n",
)
ATOM = feed(
    '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>Berita</title>\n'
    '<link href="https://www.example.test/"/><updated>2025-12-15T10:56:00+07:00</updated>\n',
    '<entry><title type="html">Judul {n} &lt;b&gt;x&lt;/b&gt;</title>'
    '<link rel="alternate" type="text/html" href="https://www.example.test/berita/{n}-judul"/><id>urn:{n}</id>'
    "<updated>2025-12-15T10:56:00+07:00</updated><author><name>Siti é</name></author><summary>x</summary></entry>\n",
    "</feed>\n",
)
SITEMAP = feed(
    '<?xml version="1.0"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n',
    "<url><loc>https://www.example.test/berita/{n}-judul</loc><lastmod>2025-12-15</lastmod>"
    "<news:news><news:title>Judul “{n}”</news:title></news:news></url>\n",
    "</urlset>\n",
)
ROBOTS = "".join(f"User-agent: bot{n}\nDisallow: /{n}/\nSitemap: https://www.example.test/{n}.xml\n" for n in NAMES)


def mutated(body, seed):
    """Return the body after one to three accidents: bytes changed, cut out, repeated, put in, or encoded anew."""
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at, length = chance.randrange(len(body)), chance.choice((1, 1, 2, 5, 20, 80, 300))
        match chance.randrange(6):
            case 0:
                body = body[:at] + chance.randbytes(min(length, 5)) + body[at + min(length, 5) :]
            case 1:
                body = body[:at] + body[at + length :] or b" "
            case 2:
                body = body[: at + length] + body[at:]
            case 3:
                body = body[:at] + bytes([body[at] ^ 1 << chance.randrange(8)]) + body[at + 1 :]
            case 4:
                body = body[:at] + chance.choice(STRAYS) + body[at:]
            case _:
                encoding = chance.choice(("latin-1", "utf-8", "utf-16", "utf-8-sig", "koi8-r"))
                body = body.decode("latin-1").encode(encoding, "xmlcharrefreplace")
    return body


def intact(body, original, block):
    """Return the addresses of the blocks of the original that are in the body as they were."""
    text = body.decode("utf-16", "replace").encode() if body[:2] in (b"\xff\xfe", b"\xfe\xff") else body
    return {ARTICLE.search(found)[0].decode() for found in block.findall(original) if found in text}


def read(feed, body):
    found = set()
    try:
        for one in feed.read(Response(URL, body=body), "UTC"):
            found.add(one.url)
    except UnreadableFeed:
        pass
    return found


def feedparser_reads(body):
    try:
        return {entry.get("link") for entry in feedparser.parse(body).entries}
    except (ValueError, AssertionError):  # it ends at a reference to a surrogate, among others
        return set()


@pytest.mark.slow
@pytest.mark.parametrize(("original", "name"), [(RSS, b"item"), (ATOM, b"entry")], ids=["rss", "atom"])
def test_each_other_item_of_a_broken_feed_is_read_and_in_all_no_fewer_than_feedparser_reads(original, name):
    block = re.compile(b"<%b>.*?</%b>" % (name, name), re.DOTALL)
    articles = {address.decode() for address in ARTICLE.findall(original)}
    ours = theirs = 0
    for seed in range(FEEDS):
        body = mutated(original, seed)
        found, peer = read(Rss(URL), body) & articles, feedparser_reads(body) & articles

        assert peer & intact(body, original, block) <= found, seed
        ours, theirs = ours + len(found), theirs + len(peer)
    assert ours >= theirs > 3 * FEEDS


@pytest.mark.slow
def test_each_other_entry_of_a_broken_sitemap_is_read():
    block = re.compile(rb"<url>.*?</url>", re.DOTALL)
    expected = 0
    for seed in range(OTHERS):
        body = mutated(SITEMAP, seed)
        whole = intact(body, SITEMAP, block)

        assert whole <= read(Sitemap(URL), body), seed
        expected += len(whole)
    assert expected > 2 * OTHERS


@pytest.mark.slow
def test_each_other_line_of_a_broken_robots_txt_is_read():
    expected = 0
    for seed in range(OTHERS):
        body = mutated(ROBOTS.encode(), seed)
        lines = {line.strip() for line in re.split(r"[\r\n]", body.decode("utf-8", "replace"))}
        sitemaps = {line.removeprefix("Sitemap: ") for line in lines & set(ROBOTS.splitlines()) if "Sitemap" in line}

        assert sitemaps <= read(Robots(URL), body), seed
        for n in NAMES:
            if f"\nUser-agent: bot{n}\nDisallow: /{n}/\n".encode() in body:
                assert not RobotsRules(body, f"bot{n}").allows(f"https://www.example.test/{n}/y"), seed
        expected += len(sitemaps)
    assert expected > 6 * OTHERS


def test_every_feed_can_be_said_of_any_bytes():
    for seed in range(300):
        body = random.Random(seed).randbytes(seed)
        for one in (Rss(URL), Sitemap(URL), Robots(URL)):
            assert isinstance(one, Feed)
            assert all(url.startswith(("http://", "https://")) or len(url) <= 500 for url in read(one, body))
