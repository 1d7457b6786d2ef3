import gzip
from datetime import UTC, datetime

import pytest
from scrapy.http import HtmlResponse, Response, TextResponse, XmlResponse

from scrapers.discovery.feeds import (
    MAX_SITEMAP_DEPTH,
    NEWEST,
    Home,
    Robots,
    Rss,
    Section,
    Sitemap,
    UnreadableFeed,
)

URL = "https://www.example.test/feed"
PUBLISHED = datetime(2025, 12, 15, 3, 56, tzinfo=UTC)

RSS = """
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Berita</title>
<item><title> Judul &amp; anak judul </title><link>/news/satu</link>
      <pubDate>Mon, 15 Dec 2025 10:56:00 +0700</pubDate></item>
<item><title>Tanpa waktu</title><link>https://www.example.test/news/dua</link></item>
<item><title>Tanpa alamat</title></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Judul</title>
<link href="https://www.example.test/news/satu"/><published>2025-12-15T10:56:00+07:00</published></entry></feed>"""
NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc> https://www.example.test/news/satu </loc>
<lastmod>2025-12-15</lastmod><news:news><news:publication_date>2025-12-15T10:56:00+07:00</news:publication_date>
<news:title>Judul</news:title></news:news></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://www.example.test/a.xml</loc></sitemap></sitemapindex>"""


def xml(body):
    return XmlResponse(URL, body=body.encode(), encoding="utf-8")


def test_rss_gives_address_title_and_time_of_each_item_also_after_a_leading_newline():
    first, second = Rss(URL).links(xml(RSS))

    assert (first.url, first.title, first.published) == (
        "https://www.example.test/news/satu",
        "Judul & anak judul",
        PUBLISHED,
    )
    assert (second.title, second.published) == ("Tanpa waktu", None)


def test_atom_is_read_too():
    [link] = Rss(URL).links(xml(ATOM))

    assert (link.url, link.published) == ("https://www.example.test/news/satu", PUBLISHED)


def test_news_sitemap_gives_time_and_title_and_a_day_without_zone_is_not_trusted():
    [link] = Sitemap(URL).links(xml(NEWS))

    assert (link.url, link.title, link.published, link.modified) == (
        "https://www.example.test/news/satu",
        "Judul",
        PUBLISHED,
        None,
    )


def test_sitemap_index_names_further_sitemaps_to_a_depth():
    assert [feed.url for feed in Sitemap(URL).feeds(xml(INDEX))] == ["https://www.example.test/a.xml"]
    assert list(Sitemap(URL, depth=MAX_SITEMAP_DEPTH).feeds(xml(INDEX))) == []


def test_section_gives_each_link_once_and_its_further_pages_while_allowed():
    page = HtmlResponse(
        URL,
        body=b'<a href="/a">A</a><a href="/a">A</a><div class="pagination"><a href="?page=2">2</a></div>',
        encoding="utf-8",
    )

    assert [link.url for link in Section(URL).links(page)] == ["https://www.example.test/a", f"{URL}?page=2"]
    assert [(feed.url, feed.pages) for feed in Section(URL, pages=2).feeds(page)] == [(f"{URL}?page=2", 1)]
    assert list(Section(URL).feeds(page)) == []


@pytest.mark.parametrize("feed", [Rss(URL), Sitemap(URL), Section(URL)], ids=lambda feed: feed.kind)
@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe", b"{}", b"not found"])
def test_answer_of_another_kind_is_said_to_be_unreadable(feed, body):
    with pytest.raises(UnreadableFeed):
        list(feed.links(TextResponse(URL, body=body, encoding="utf-8")))


@pytest.mark.parametrize("feed", [Rss(URL), Sitemap(URL)], ids=lambda feed: feed.kind)
def test_html_in_place_of_xml_is_unreadable(feed):
    with pytest.raises(UnreadableFeed):
        list(feed.links(HtmlResponse(URL, body=b"<html><a href='/a'>A</a></html>", encoding="utf-8")))


def test_binary_answer_has_no_links():
    with pytest.raises(UnreadableFeed):
        list(Section(URL).links(Response(URL, body=b"%PDF")))


def test_gzipped_sitemap_is_unpacked_and_a_broken_one_is_said_to_be_unreadable():
    packed = gzip.compress(NEWS.encode())

    [link] = Sitemap(URL).links(Response(URL, body=packed))

    assert link.url == "https://www.example.test/news/satu"
    with pytest.raises(UnreadableFeed, match="can't be unpacked"):
        list(Sitemap(URL).links(Response(URL, body=b"\x1f\x8b\x08 and then something else")))


def test_of_an_index_only_the_sitemaps_modified_last_are_followed_where_so_declared():
    days = ("2026-01-02", "2026-03-04", "2025-12-31")
    index = "".join(f"<sitemap><loc>/{day}.xml</loc><lastmod>{day}</lastmod></sitemap>" for day in days)

    feeds = list(Sitemap(URL, newest=2).feeds(xml(f"<sitemapindex>{index}</sitemapindex>")))

    assert [feed.url[-14:-4] for feed in feeds] == ["2026-03-04", "2026-01-02"]
    assert [(feed.newest, feed.depth) for feed in feeds] == [(2, 1), (2, 1)]


@pytest.mark.parametrize(
    ("lines", "urls"),
    [
        ("Sitemap: https://e.test/a.xml\nsitemap:/b.xml", ["https://e.test/a.xml", "https://www.example.test/b.xml"]),
        ("Sitemap: https://e.test/a.xml\nSitemap: https://e.test/google-news.xml", ["https://e.test/google-news.xml"]),
        ("Sitemap: https://news.e.test/a.xml", ["https://news.e.test/a.xml"]),
        ("# Sitemap: https://e.test/a.xml\nUser-agent: *\nDisallow: /sitemap:x\n", []),
        ("", []),
    ],
)
def test_robots_txt_names_sitemaps_and_those_of_news_come_alone(lines, urls):
    answer = TextResponse("https://www.example.test/robots.txt", body=lines.encode(), encoding="utf-8")

    assert [feed.url for feed in Robots(URL).feeds(answer)] == urls
    assert list(Robots(URL).links(answer)) == []


def test_no_more_than_a_few_sitemaps_of_robots_txt_are_followed():
    lines = "".join(f"Sitemap: https://e.test/{number}.xml\n" for number in range(1000))

    assert len(list(Robots(URL).feeds(Response(URL, body=lines.encode())))) == NEWEST


def test_home_page_gives_its_links_and_names_its_feeds_but_not_those_of_comments():
    page = HtmlResponse(
        URL,
        body=b'<link rel="alternate" hreflang=en href="/en"><link rel=alternate type="application/rss+xml" href="/rss">'
        b'<link rel="alternate" type="application/atom+xml" href="https://e.test/atom"><a href="/a">A</a>'
        b'<link rel="alternate" type="application/rss+xml" href="/comments/feed/">',
        encoding="utf-8",
    )

    assert [link.url for link in Home(URL).links(page)] == ["https://www.example.test/a"]
    assert list(Home(URL).feeds(page)) == [Rss("https://www.example.test/rss"), Rss("https://e.test/atom")]
