import gzip
import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from scrapy.http import HtmlResponse, Response, TextResponse, XmlResponse

from scrapers.discovery import text as discovery_text
from scrapers.discovery.feeds import (
    MAX_SITEMAP_DEPTH,
    NEWEST,
    Archive,
    Feed,
    Home,
    Robots,
    Rss,
    Section,
    Sitemap,
    Window,
)
from scrapers.discovery.kinds import KINDS, feed_of
from scrapers.discovery.text import UnreadableFeed
from scrapers.items import Link, NotTaken

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


def links(feed, answer):
    return [one for one in feed.read(answer, "Asia/Jakarta") if isinstance(one, Link)]


def feeds(feed, answer):
    return [one for one in feed.read(answer, "Asia/Jakarta") if isinstance(one, Feed)]


def read_as_far_as_it_goes(feed, answer):
    """Return what is found before the answer turns out to be unreadable, and why it is."""
    found, given = [], feed.read(answer, "UTC")
    while True:
        try:
            found.append(next(given).url)
        except UnreadableFeed as unreadable:
            return found, str(unreadable)


def items(*inner):
    return f"<rss version='2.0'><channel>{''.join(f'<item>{one}</item>' for one in inner)}</channel></rss>"


def test_rss_gives_address_title_and_time_of_each_item_also_after_a_leading_newline():
    first, second = links(Rss(URL), xml(RSS))

    assert (first.url, first.title, first.published) == (
        "https://www.example.test/news/satu",
        "Judul & anak judul",
        PUBLISHED,
    )
    assert (second.title, second.published) == ("Tanpa waktu", None)


def test_atom_is_read_too():
    [link] = links(Rss(URL), xml(ATOM))

    assert (link.url, link.published) == ("https://www.example.test/news/satu", PUBLISHED)


def test_news_sitemap_gives_time_and_title_and_a_day_without_zone_is_not_trusted():
    [link] = links(Sitemap(URL), xml(NEWS))

    assert (link.url, link.title, link.published, link.modified) == (
        "https://www.example.test/news/satu",
        "Judul",
        PUBLISHED,
        None,
    )


def test_sitemap_index_names_further_sitemaps_to_a_depth():
    deep = Sitemap(URL, above=tuple(f"{URL}/{level}" for level in range(MAX_SITEMAP_DEPTH)))

    assert [feed.url for feed in feeds(Sitemap(URL), xml(INDEX))] == ["https://www.example.test/a.xml"]
    with pytest.raises(UnreadableFeed, match="deeper than 3 levels"):
        feeds(deep, xml(INDEX))


def test_section_gives_each_link_once_and_its_further_pages_while_allowed():
    page = HtmlResponse(
        URL,
        body=b'<a href="/a">A</a><a href="/a">A</a><div class="pagination"><a href="?page=2">2</a></div>',
        encoding="utf-8",
    )

    assert [link.url for link in links(Section(URL), page)] == ["https://www.example.test/a", f"{URL}?page=2"]
    assert [(feed.url, feed.pages) for feed in feeds(Section(URL, pages=2), page)] == [(f"{URL}?page=2", 1)]
    assert feeds(Section(URL), page) == []


@pytest.mark.parametrize("feed", [Rss(URL), Sitemap(URL), Section(URL)], ids=lambda feed: feed.kind)
@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe", b"{}", b"not found"])
def test_answer_of_another_kind_is_said_to_be_unreadable(feed, body):
    with pytest.raises(UnreadableFeed):
        links(feed, TextResponse(URL, body=body, encoding="utf-8"))


@pytest.mark.parametrize("feed", [Rss(URL), Sitemap(URL)], ids=lambda feed: feed.kind)
def test_html_in_place_of_xml_is_unreadable(feed):
    with pytest.raises(UnreadableFeed):
        links(feed, HtmlResponse(URL, body=b"<html><a href='/a'>A</a></html>", encoding="utf-8"))


def test_binary_answer_has_no_links():
    with pytest.raises(UnreadableFeed):
        links(Section(URL), Response(URL, body=b"%PDF"))


def test_gzipped_sitemap_is_unpacked_and_a_broken_one_is_said_to_be_unreadable():
    packed = gzip.compress(NEWS.encode())

    [link] = links(Sitemap(URL), Response(URL, body=packed))

    assert link.url == "https://www.example.test/news/satu"
    with pytest.raises(UnreadableFeed, match="can't be unpacked"):
        links(Sitemap(URL), Response(URL, body=b"\x1f\x8b\x08 and then something else"))


def test_of_an_index_only_the_sitemaps_modified_last_are_followed_where_so_declared():
    days = ("2026-01-02", "2026-03-04", "2025-12-31")
    index = "".join(f"<sitemap><loc>/{day}.xml</loc><lastmod>{day}</lastmod></sitemap>" for day in days)

    found = feeds(Sitemap(URL, newest=2), xml(f"<sitemapindex>{index}</sitemapindex>"))
    followed = Sitemap(URL, newest=2).followed(found, None)

    assert [feed.lastmod for feed in followed] == ["2026-03-04", "2026-01-02"]
    assert [(feed.newest, feed.above) for feed in followed] == [(2, (URL,)), (2, (URL,))]


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

    assert [feed.url for feed in Robots(URL).followed(feeds(Robots(URL), answer), None)] == urls
    assert links(Robots(URL), answer) == []


def index_of(*names, lastmod=""):
    entries = "".join(f"<sitemap><loc>/{name}.xml</loc>{lastmod}</sitemap>" for name in names)
    return feeds(Sitemap(URL, newest=4), xml(f"<sitemapindex>{entries}</sitemapindex>"))


@pytest.mark.parametrize(
    ("names", "followed"),
    [
        (
            [f"wp-sitemap-posts-post-{n}" for n in range(1, 14)],
            [f"wp-sitemap-posts-post-{n}" for n in (13, 12, 11, 10)],
        ),
        (
            [
                *(f"wp-sitemap-posts-post-{n}" for n in range(1, 12)),
                *("wp-sitemap-posts-page-1", "wp-sitemap-taxonomies-category-1", "wp-sitemap-users-1"),
                *(f"wp-sitemap-posts-liputan-{n}" for n in range(1, 12)),
            ],
            [
                *("wp-sitemap-posts-post-11", "wp-sitemap-posts-liputan-11", "wp-sitemap-posts-page-1"),
                "wp-sitemap-posts-post-10",
            ],
        ),
        (
            ["post-sitemap", "page-sitemap", "attachment-sitemap", "post_tag-sitemap", "author-sitemap"],
            ["post-sitemap", "page-sitemap"],
        ),
        (["page-sitemap", "post_tag-sitemap"], ["page-sitemap", "post_tag-sitemap"]),  # which may have what is new
        (["post-sitemap", *(f"post-sitemap{n}" for n in range(2, 8))], [f"post-sitemap{n}" for n in (7, "", 6, 5)]),
        (
            [f"sitemap-pt-post-{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13)],
            [f"sitemap-pt-post-2025-{month}" for month in (12, 11, 10)] + ["sitemap-pt-post-2025-09"],
        ),
        (["sitemap-3", "sitemap-2", "sitemap-1"], ["sitemap-3", "sitemap-1", "sitemap-2"]),
    ],
)
def test_of_an_index_without_lastmod_those_that_can_hold_the_newest_are_followed(names, followed):
    found = Sitemap(URL, newest=4).followed(index_of(*names), None)

    assert [one.url for one in found] == [f"https://www.example.test/{name}.xml" for name in followed]


def test_of_an_index_whose_lastmods_are_the_same_the_latest_parts_are_followed():
    found = index_of(*(f"post-sitemap{n}" for n in range(1, 20)), lastmod="<lastmod>2026-01-01</lastmod>")

    assert [one.url[-6:-4] for one in Sitemap(URL, newest=4).followed(found, None)] == ["19", "18", "17", "16"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_sitemap_of_plain_text_has_an_address_a_line_and_a_bad_line_costs_only_itself(end):
    lines = [
        "",
        "https://e.test/a ",
        "/relative",
        "https://[domain]/b",
        "# note",
        "HTTPS://e.test/c#x",
        "https://e.test/d",
    ]
    body = ("\ufeff" + end.join(lines)).encode()

    for answer in (TextResponse(URL, body=body), Response(URL, body=gzip.compress(body)), HtmlResponse(URL, body=body)):
        assert [link.url for link in links(Sitemap(URL), answer)] == [
            *("https://e.test/a", "HTTPS://e.test/c", "https://e.test/d")
        ]
        assert [one for one in Sitemap(URL).read(answer, "UTC") if isinstance(one, NotTaken)] == [
            NotTaken("/relative", "bad_address"),
            NotTaken("https://[domain]/b", "bad_address"),
        ]


@pytest.mark.parametrize("body", [RSS, ATOM, items("<link>https://www.example.test/news/satu</link>")])
def test_feed_is_a_sitemap_too(body):
    assert links(Sitemap(URL), xml(body)) == links(Rss(URL), xml(body)) != []


@pytest.mark.parametrize(
    ("name", "is_item"),
    [
        *(("post-sitemap.xml", True), ("post-sitemap12.xml", True), ("wp-sitemap-posts-post-1.xml", True)),
        *(("sitemap-articles.xml.gz", True), ("sitemap-news-2025-12.xml", True), ("berita.xml", True)),
        *(("wp-sitemap-posts-page-1.xml", False), ("wp-sitemap-posts-product-1.xml", False), ("sitemap.xml", False)),
        *(("post_tag-sitemap.xml", False), ("news-category-sitemap.xml", False), ("newsletters.xml", False)),
        *(("page-sitemap.xml", False), ("posts/sitemap.xml", False), ("artikel-author.xml", False)),
    ],
)
def test_entry_of_a_sitemap_is_an_article_where_the_sitemaps_own_name_says_so(name, is_item):
    [link] = links(Sitemap(f"https://www.example.test/{name}"), xml("<urlset><url><loc>/a</loc></url></urlset>"))

    assert link.is_item is is_item


def test_no_more_than_a_few_sitemaps_of_robots_txt_are_followed():
    lines = "".join(f"Sitemap: https://e.test/{number}.xml\n" for number in range(1000))

    assert len(Robots(URL).followed(feeds(Robots(URL), Response(URL, body=lines.encode())), None)) == NEWEST


def test_bad_link_of_a_page_and_a_bad_base_cost_only_themselves_and_a_fragment_makes_no_address():
    hrefs = ("https://[domain]/x", "https://{{host}}/x", "/a#more", "/a", "#top", "javascript:void(0)", "/b")
    body = "".join(f"<a href='{href}'>x</a>" for href in hrefs)

    for base in ("", "<base href='https://[domain]/'>"):
        page = HtmlResponse(URL, body=(base + body).encode(), encoding="utf-8")
        for feed in (Section(URL, pages=2), Home(URL)):
            found = {one.url.removeprefix("https://www.example.test") for one in links(feed, page)}
            assert found - {"/feed"} == {"/a", "/b"}


def test_section_names_neither_itself_nor_page_zero_nor_a_page_that_cannot_be():
    hrefs = ("?page=0", "?page=2", "?page=2#top", "/feed", "#", "https://[domain]/2", "/feed/page/0/", "?page=10")
    body = "".join(f"<a rel=next href='{href}'>x</a>" for href in hrefs)

    found = feeds(Section(URL, pages=2), HtmlResponse(URL, body=body.encode(), encoding="utf-8"))

    assert [(feed.url, feed.may_be_missing) for feed in found] == [(f"{URL}?page=2", True), (f"{URL}?page=10", True)]
    assert not Section(URL).may_be_missing


def test_home_page_gives_its_links_and_names_its_feeds_but_not_those_of_comments():
    page = HtmlResponse(
        URL,
        body=b'<link rel="alternate" hreflang=en href="/en"><link rel=alternate type="application/rss+xml" href="/rss">'
        b'<link rel="alternate" type="application/atom+xml" href="https://e.test/atom"><a href="/a">A</a>'
        b'<link rel="alternate" type="application/rss+xml" href="/comments/feed/">',
        encoding="utf-8",
    )

    assert [link.url for link in links(Home(URL), page)] == ["https://www.example.test/a"]
    assert feeds(Home(URL), page) == [Rss("https://www.example.test/rss"), Rss("https://e.test/atom")]


def test_home_page_that_a_script_fills_with_links_still_names_its_feeds():
    body = b'<link rel="alternate" type="application/rss+xml" href="/rss"><div id="app"></div>'

    assert feeds(Home(URL), HtmlResponse(URL, body=body, encoding="utf-8")) == [Rss("https://www.example.test/rss")]


@pytest.mark.parametrize(
    ("printed", "instant"),
    [
        ("Mon, 15 Dec 2025 10:56:00 +0700", PUBLISHED),
        ("Mon, 15 Dec 2025 10:56:00 WIB", PUBLISHED),
        ("Senin, 15 Desember 2025 10:56 WIB", PUBLISHED),
        ("2025/12/15 10:56:00", PUBLISHED),
        ("2025-12-15T03:56:00Z", PUBLISHED),
        ("2025/12/15", None),
        ("0000-00-00 00:00:00", None),
        ("Mon, 15 Dec 9999 10:56:00 +0700", None),
        ("hari ini", None),
    ],
)
def test_time_of_an_item_is_read_in_its_own_zone_else_in_the_outlets_and_never_guessed(printed, instant):
    [link] = links(Rss(URL), xml(items(f"<link>/a</link><pubDate>{printed}</pubDate>")))

    assert link.published == instant


@pytest.mark.parametrize(
    "body",
    [
        "\n\n<?xml version='1.0'?>" + items("<title>Café & kopi</title><link>/a?x=1&y=2</link>"),
        "<br /><b>Warning</b>: x in <b>y</b>\n<?xml version='1.0'?>"
        + items("<title>Café &amp;amp; kopi</title><link>/a?x=1&amp;y=2</link>"),
        items("<title><![CDATA[Caf&eacute; &amp; kopi]]></title><link><![CDATA[/a?x=1&y=2]]></link>"),
        items("<title>Caf&eacute;&nbsp;&amp; kopi</title><link>/a?x=1&amp;y=2</link>"),
        items("<title>&lt;b&gt;Café&lt;/b&gt; &#38; kopi</title><guid>https://www.example.test/a?x=1&amp;y=2</guid>"),
        items("<title>Café\x00\x0b &amp; kopi</title><link>/a?x=1&amp;y=2</link>"),
        items("<media:title>Foto</media:title><title>Café &amp; kopi</title><link>/a?x=1&amp;y=2</link>"),
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='html'>Café &amp;amp; kopi</title>"
        "<link rel='self' href='/x'/><link href='/a?x=1&amp;y=2'/></entry></feed>",
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://www.example.test/'><entry>"
        "<title>Café &amp; kopi</title><link href='a?x=1&amp;y=2'/></entry></feed>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
        "<item><title>Café &amp; kopi</title><link>/a?x=1&amp;y=2</link></item></rdf:RDF>",
    ],
)
def test_malformed_feed_gives_its_item_as_it_was_meant(body):
    [link] = links(Rss(URL), xml(body))

    assert (link.url, link.title) == ("https://www.example.test/a?x=1&y=2", "Café & kopi")


@pytest.mark.parametrize(
    ("header", "declared", "sent"),
    [
        ("text/xml; charset=iso-8859-1", "utf-8", "utf-8"),
        ("text/xml", "iso-8859-1", "utf-8"),
        ("text/xml", "iso-8859-1", "iso-8859-1"),
        ("text/xml; charset=utf-8", "utf-8", "windows-1252"),
        ("text/xml", "utf-16", "utf-16"),
        ("text/xml; charset=klingon", "klingon", "utf-8"),
    ],
)
def test_feed_is_read_in_the_charset_that_it_was_sent_in_whatever_it_declares(header, declared, sent):
    text = f"<?xml version='1.0' encoding='{declared}'?>" + items("<title>Café</title><link>/a</link>")

    [link] = links(Rss(URL), Response(URL, body=text.encode(sent), headers={"Content-Type": header}))

    assert link.title == "Café"


def test_what_came_before_a_cut_is_read_and_the_cut_is_said():
    found, reason = read_as_far_as_it_goes(Sitemap(URL), xml(NEWS.removesuffix("</urlset>")))

    assert (found, reason) == (["https://www.example.test/news/satu"], "cut off before its end")


def test_html_in_place_of_a_sitemap_is_called_so():
    with pytest.raises(UnreadableFeed, match="which is an HTML page"):
        links(Sitemap(URL), HtmlResponse(URL, body=b"<!DOCTYPE html><html><body>404", encoding="utf-8"))


def test_index_that_names_what_led_to_it_is_said_to_be_a_cycle_and_its_other_sitemaps_are_found():
    index = f"<sitemapindex><sitemap><loc>{URL}</loc></sitemap><sitemap><loc>/b.xml</loc></sitemap></sitemapindex>"

    found, reason = read_as_far_as_it_goes(Sitemap(URL), xml(index))

    assert found == ["https://www.example.test/b.xml"]
    assert "cycle" in reason


def test_gzip_of_several_members_is_one_sitemap_and_padding_after_them_is_none_of_it():
    urls = [f"<url><loc>/{n}</loc></url>" for n in range(3)]
    packed = b"".join(gzip.compress(part.encode()) for part in ("<urlset>", *urls, "", "</urlset>"))

    for padding in (b"", b"\x00" * 512, b"\x1a", b"garbage" * 1000):
        assert len(links(Sitemap(URL), Response(URL, body=packed + padding))) == 3
    found, reason = read_as_far_as_it_goes(Sitemap(URL), Response(URL, body=packed[:-12]))
    assert (len(found), reason) == (3, "gzipped, and cut off before its end")


def test_bomb_is_unpacked_no_further_than_a_sitemap_may_be(monkeypatch):
    monkeypatch.setattr(discovery_text, "MAX_BYTES", 1 << 20)
    bomb = gzip.compress(b"<urlset>" + b" " * (8 << 20) + b"</urlset>")

    with pytest.raises(UnreadableFeed, match="unpacks to more than"):
        links(Sitemap(URL), Response(URL, body=bomb))


def test_packed_sitemap_that_is_cut_off_gives_what_came():
    packed = gzip.compress(("<urlset>" + "".join(f"<url><loc>/{n}</loc></url>" for n in range(20_000))).encode())

    found, reason = read_as_far_as_it_goes(Sitemap(URL), Response(URL, body=packed[: len(packed) // 2]))

    assert len(found) > 5000
    assert "cut off" in reason


def test_entities_are_never_expanded():
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'

    [link] = links(Rss(URL), xml(bomb + items("<title>x &b; &f;</title><link>/a</link>")))

    assert link.title == "x &b; &f;"


@pytest.mark.parametrize(
    ("url", "lastmod", "held"),
    [
        ("/sitemap-2025-12.xml", None, True),
        ("/sitemap-2025-11.xml", None, False),
        ("/sitemap.xml?yyyymm=202601", None, False),
        ("/2025/12/10.xml", None, True),
        ("/2025/12/09.xml", None, True),  # in another zone that day still lasts
        ("/2025/12/08.xml", None, False),
        ("/2025/sitemap-05.xml", None, True),
        ("/sitemap-7.xml", "2025-12-01", False),
        ("/sitemap-7.xml", "2026-03-01T00:00:00Z", True),
        ("/sitemap-7.xml", None, True),
    ],
)
def test_of_an_index_a_backfill_reads_only_what_can_hold_its_days(url, lastmod, held):
    days = Window(datetime(2025, 12, 10, tzinfo=UTC).date(), datetime(2025, 12, 20, tzinfo=UTC).date())

    assert Sitemap(f"https://www.example.test{url}", lastmod=lastmod).may_hold(days) == held


def test_archive_gives_a_list_for_each_day_and_names_the_next_page():
    archive = Archive("https://www.example.test/indeks/{day:%d-%m-%Y}/{page}", pages=2)
    day = datetime(2025, 12, 15, tzinfo=UTC).date()
    page = HtmlResponse(URL, body=b'<a href="/a">A</a>', encoding="utf-8")

    backfill = archive.declared(Window(first=day.replace(day=1), last=day), day)

    assert archive.declared(Window(), day) == ()
    assert (len(backfill), backfill[-1].url[-12:]) == (15, "01-12-2025/1")
    [second] = feeds(backfill[0], page)
    assert second.url == "https://www.example.test/indeks/15-12-2025/2"
    assert feeds(second, page) == []


USUAL = tuple(f"https://www.example.test/{name}.xml" for name in ("a", "b", "news-a", "news-b"))
GUESS = Sitemap(USUAL[0], is_guess=True, otherwise=USUAL[1:])
ONE_LINK = "<urlset><url><loc>/a</loc></url></urlset>"


def test_usual_sitemaps_of_each_folder_are_tried_one_after_the_other():
    first, elsewhere = Robots(URL, usual=(*USUAL, "https://www.example.test/x/a.xml")).read_missing()
    [second] = first.read_missing()
    [third] = second.read_missing()

    assert [one.url for one in (first, second, third)] == list(USUAL[:3])
    assert elsewhere.url == "https://www.example.test/x/a.xml"
    assert list(elsewhere.read_missing()) == []
    assert all(one.may_be_missing for one in (first, second, third))


@pytest.mark.parametrize(
    ("body", "following"),
    [
        ("<sitemapindex><sitemap><loc>/c.xml</loc></sitemap></sitemapindex>", [("/c.xml", 0)]),  # names those of news
        (ONE_LINK, [("/news-a.xml", 1)]),
        ("<urlset></urlset>", [("/b.xml", 2)]),
    ],
    ids=["index", "sitemap", "empty"],
)
def test_guess_that_is_a_sitemap_leaves_only_those_of_news_to_be_tried(body, following):
    found = feeds(GUESS, xml(body))

    assert [(urlsplit(one.url).path, len(one.otherwise)) for one in found] == following
    assert GUESS.followed(found, None) == found


def test_guess_that_is_something_else_brings_the_next_before_it_fails():
    found, reason = read_as_far_as_it_goes(GUESS, HtmlResponse(URL, body=b"<html><body>x", encoding="utf-8"))

    assert (found, bool(reason)) == ([USUAL[1]], True)


def test_sitemap_of_news_that_was_guessed_is_the_last_that_is_tried():
    assert feeds(Sitemap(USUAL[2], is_guess=True, otherwise=USUAL[3:]), xml(ONE_LINK)) == []


def test_feed_is_made_again_of_what_the_ledger_keeps_of_it():
    for feed in (
        Rss(URL),
        Sitemap(URL, newest=3, above=("https://www.example.test/",), is_guess=True, otherwise=(URL, URL)),
        Section(URL, pages=2, further_pages="a.next", page=2),
        *Archive(URL + "/{day:%Y}/{page}").declared(
            Window(last=datetime(2025, 12, 15, tzinfo=UTC).date()), datetime(2025, 12, 15, tzinfo=UTC).date()
        ),
    ):
        assert feed_of(feed.kind, feed.url, json.loads(json.dumps(feed.parameters()))) == feed
    assert len(KINDS) == 7


@pytest.mark.parametrize(
    ("head", "link", "url"),
    [
        ("<link>https://www.example.test/</link>", "/a/b", "https://www.example.test/a/b"),
        ("<link>https://www.example.test/x/</link>", "a/b", "https://www.example.test/x/a/b"),
        ("<image><link>https://i.test/</link></image>", "/a", "https://feeds.test/a"),
        ("<link>https://[domain]/</link>", "/a", "https://feeds.test/a"),
        ("<atom:link rel='self' href='https://feeds.test/x/y'/>", "a", "https://feeds.test/a"),
        ("<link>/</link>", "//www.example.test/a", "https://www.example.test/a"),
    ],
)
def test_relative_link_of_rss_is_of_the_site_that_the_channel_names(head, link, url):
    body = f"<rss><channel>{head}<item><link>{link}</link></item></channel></rss>"

    assert [one.url for one in links(Rss(""), Response("https://feeds.test/rss", body=body.encode()))] == [url]


@pytest.mark.parametrize(
    ("root", "entry", "url"),
    [
        ("xml:base='https://www.example.test/'", "<link href='a'/>", "https://www.example.test/a"),
        ("xml:base='https://www.example.test/'", "<link xml:base='x/' href='a'/>", "https://www.example.test/x/a"),
        ("xml:base='/x/'", "<link href='a'/>", "https://feeds.test/x/a"),
        ("xml:base='https://[domain]/'", "<link href='a'/>", "https://feeds.test/a"),
        ("", "<link href='a'/>", "https://feeds.test/a"),
    ],
)
def test_relative_link_of_atom_is_of_its_xml_base_else_of_the_feed(root, entry, url):
    body = f"<feed {root}><link href='https://feeds.test/blog/'/><entry>{entry}</entry></feed>"

    assert [one.url for one in links(Rss(""), Response("https://feeds.test/atom", body=body.encode()))] == [url]


def test_relative_link_of_an_atom_feed_on_another_host_is_of_its_site():
    body = b"<feed><link href='https://www.example.test/'/><entry><link href='/a'/></entry></feed>"

    assert [one.url for one in links(Rss(""), Response("https://f.test/", body=body))] == ["https://www.example.test/a"]


@pytest.mark.parametrize(
    "said",
    [
        "<link rel='self' href='/x'/><link rel='enclosure' href='/x.mp3'/><link href='/a'/>",
        "<link rel='replies' href='/x'/><link rel='edit' href='/x'/><link rel='related' href='/x'/><link href='/a'/>",
        "<link rel='alternate' type='application/json' href='/x'/><link rel='alternate' type='text/html' href='/a'/>",
        "<link rel='alternate' type='application/json' href='/x'/><link href='/a'/>",
        "<link rel='http://www.iana.org/assignments/relation/alternate' href='/a'/>",
        "<link rel='self' href='/x'/><id>https://www.example.test/a</id>",
        "<id>https://www.example.test/a#1</id>",
        "<id>tag:example.test,2025:1</id><link href='/a'/>",
        "<link href='https://[domain]/a'/><id>https://www.example.test/a</id>",
        "<link>/a</link>",
    ],
)
def test_article_of_an_atom_entry_is_its_page_else_its_id(said):
    assert [one.url for one in links(Rss(URL), xml(f"<feed><entry>{said}</entry></feed>"))] == [
        "https://www.example.test/a"
    ]


@pytest.mark.parametrize(
    "said",
    [
        "<guid isPermaLink='false'>https://www.example.test/?p=1</guid><link>/a</link>",
        "<guid isPermaLink='false'>https://www.example.test/?p=1</guid><guid>https://www.example.test/a</guid>",
        "<guid isPermaLink='false'>https://www.example.test/a</guid>",
        "<guid>4711</guid><link>/a</link>",
        "<link>https://feedproxy.test/1</link><feedburner:origLink>https://www.example.test/a</feedburner:origLink>",
        "<enclosure url='/x.mp3'/><comments>/a/comments</comments><link>/a</link>",
        "<link>\n  https://www.example.test\n/a#more\t</link>",
    ],
)
def test_article_of_an_rss_item_is_its_link_else_its_guid(said):
    assert [one.url for one in links(Rss(URL), xml(items(said)))] == ["https://www.example.test/a"]


def test_item_that_has_no_address_is_told():
    given = list(Rss(URL).read(xml(items("<guid>4711</guid>", "<title>x</title>")), "UTC"))

    assert given == [NotTaken("", "no_address")] * 2


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("<author>siti@example.test (Siti Aminah)</author>", ("Siti Aminah",)),
        ("<author>Siti Aminah &lt;siti@example.test&gt;</author>", ("Siti Aminah",)),
        ("<author>siti@example.test</author>", ()),
        ("<dc:creator><![CDATA[Siti  Aminah]]></dc:creator><dc:creator>Budi</dc:creator>", ("Siti Aminah", "Budi")),
        ("<author/><dc:creator>Siti (Antara)</dc:creator>", ("Siti (Antara)",)),
        (
            "<author><name>Siti</name><email>s@example.test</email></author><author><name>Budi</name></author>",
            ("Siti", "Budi"),
        ),
        ("<itunes:author>Siniar</itunes:author>", ()),
        ("<dc:creator>Siti</dc:creator><author>s@e.test (Siti)</author>", ("Siti",)),
        ("<author>(" + "(" * 5000 + "@</author>", ()),
    ],
)
def test_authors_of_an_item_are_names(said, names):
    [link] = links(Rss(URL), xml(items(f"<link>/a</link>{said}")))

    assert link.author[: len(names) or None] == names or len(link.author[0]) <= 200


def test_author_of_an_atom_entry_is_its_own_else_the_feeds():
    entries = "<entry><id>https://e.test/a</id></entry><entry><id>https://e.test/b</id><author><name>Budi</name></author></entry>"

    found = links(Rss(URL), xml(f"<feed><author><name>Redaksi</name></author>{entries}</feed>"))

    assert [link.author for link in found] == [("Redaksi",), ("Budi",)]
    assert all(link.is_item for link in found)


@pytest.mark.parametrize(
    ("printed", "url"),
    [
        ("/2026/08/%25E5%25B2%259B-%25E7%259B%2590/", "/2026/08/%E5%B2%9B-%E7%9B%90/"),
        ("/%25e5%25b2%259b", "/%e5%b2%9b"),
        ("/100%25-katun/", "/100%25-katun/"),  # a per cent sign
        ("/a%252Fb", "/a%252Fb"),  # a slash that is none
        ("/%25E5%25B2", "/%25E5%25B2"),  # no letters
    ],
)
def test_address_that_was_escaped_twice_in_a_sitemap_or_a_feed_is_meant_as_escaped_once(printed, url):
    entry = f"<urlset><url><loc>https://www.example.test{printed}</loc></url></urlset>"
    item = f"<rss><channel><item><link>https://www.example.test{printed}</link></item></channel></rss>"

    found = [*links(Sitemap(URL), xml(entry)), *links(Rss(URL), xml(item))]

    assert [link.url for link in found] == [f"https://www.example.test{url}"] * 2
