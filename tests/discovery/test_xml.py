import time
import tracemalloc

import pytest
from scrapy.http import Response

from scrapers.discovery.feeds import Rss, Sitemap
from scrapers.discovery.text import UnreadableFeed
from scrapers.items import Link, NotTaken

URL = "https://www.example.test/feed"
GOOD = "<item><title>Sesudah</title><link>https://www.example.test/sesudah</link></item>"


def read(feed, body, **headers):
    """Return what is announced, and why the rest could not be read."""
    body = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    found, given = [], feed.read(Response(URL, body=body, headers=headers), "UTC")
    while True:
        try:
            found.append(next(given))
        except StopIteration:
            return found, None
        except UnreadableFeed as unreadable:
            return found, str(unreadable)


def channel(*items, head="", attributes=""):
    return f"<?xml version='1.0'?><rss version='2.0' {attributes}><channel>{head}{''.join(items)}</channel></rss>"


def paths(found):
    return [one.url.removeprefix("https://www.example.test") for one in found if isinstance(one, Link)]


@pytest.mark.parametrize(
    "item",
    [
        "<atom:link rel='related' href='/lain'/><link>/a</link>",
        "<atom:link href='/a?utm=1' rel='self'/><link>/a</link>",
        "<link/><link>/a</link>",
        "<link></link><guid>https://www.example.test/a</guid>",
        "<media:link>/lain</media:link><link>/a</link>",
        "<media:content url='/x.jpg'><media:title>x</media:title><link>/lain</link></media:content><link>/a</link>",
        "<source url='/lain'><link>/lain</link></source><link>/a</link>",
        "<image><url>/x.png</url><title>x</title><link>/lain</link></image><link>/a</link>",
        "<itunes:link>/lain</itunes:link><LINK>/a</LINK>",
        "<foreign xmlns='http://elsewhere.test/'><link>/lain</link></foreign><link>/a</link>",
        "<link xmlns='http://www.w3.org/1999/xhtml'>/lain</link><link>/a</link>",
    ],
)
def test_link_of_an_item_is_its_own_and_an_empty_one_hides_none(item):
    body = channel(f"<item>{item}</item>", attributes="xmlns:atom='http://www.w3.org/2005/Atom'")

    found, error = read(Rss(URL), body)

    assert (paths(found), error) == (["/a"], None)


@pytest.mark.parametrize(
    "printed",
    [
        "<media:title>Foto</media:title><title>Judul</title>",
        "<title/><title>Judul</title>",
        "<itunes:title>Siniar</itunes:title><title>Judul</title>",
        "<m:title xmlns:m='http://search.yahoo.com/mrss/'>Foto</m:title><title>Judul</title>",
        "<title><b>Ju</b>dul</title>",
    ],
)
def test_title_of_an_item_is_its_own(printed):
    [link], _ = read(Rss(URL), channel(f"<item>{printed}<link>/a</link></item>"))

    assert link.title == "Judul"


@pytest.mark.parametrize(
    ("root", "prefix"),
    [
        ("xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'", ""),
        ("xmlns='https://www.sitemaps.org/schemas/sitemap/0.9/'", ""),
        ("xmlns='http://www.google.com/schemas/sitemap/0.84'", ""),
        ("xmlns='http://www.example.test/'", ""),
        ("", ""),
        ("xmlns:sm='http://www.sitemaps.org/schemas/sitemap/0.9'", "sm:"),
        ("", "sm:"),
    ],
)
@pytest.mark.parametrize(
    "image", ["<image:image><image:loc>/x.jpg</image:loc></image:image>", "<image:loc>/x.jpg</image:loc>", "<loc/>"]
)
def test_sitemap_is_read_whatever_its_namespace(root, prefix, image):
    said = f"<p:url>{image}<p:loc>/a</p:loc><p:lastmod>2025-12-15T10:00Z</p:lastmod></p:url>"
    body = f"<p:urlset {root}>{said}</p:urlset>".replace("p:", prefix)

    [link], error = read(Sitemap(URL), body)

    assert (link.url, link.modified.hour, error) == ("https://www.example.test/a", 10, None)


@pytest.mark.parametrize(
    ("declared", "prefix"),
    [
        ("xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'", "news"),
        ("xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'", "n"),
        ("xmlns:news='http://www.google.com/schemas/sitemap-news/0.90'", "news"),
        ("", "news"),
    ],
)
def test_news_of_a_sitemap_is_read_however_its_prefix_is_declared(declared, prefix):
    said = "<p:title>Judul</p:title><p:publication_date>2025-12-15T10:56:00+07:00</p:publication_date>"
    news = f"<p:news>{said}</p:news>".replace("p:", f"{prefix}:")

    [link], error = read(Sitemap(URL), f"<urlset {declared}><url><loc>/a</loc>{news}</url></urlset>")

    assert (link.title, link.published.hour, link.is_item, error) == ("Judul", 3, True, None)


@pytest.mark.parametrize(
    "root",
    [
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/'>",
        "<rdf:RDF xmlns='http://purl.org/rss/1.0/'>",
    ],
)
def test_rss_of_the_kind_that_is_rdf_ends_its_channel_before_the_items(root):
    body = f"{root}<channel><link>https://www.example.test/</link></channel><item><link>a</link></item>"

    assert read(Rss(URL), f"{body}</rdf:RDF>") == ([Link("https://www.example.test/a", URL, is_item=True)], None)
    assert read(Rss(URL), body)[1] == "cut off before its end"


@pytest.mark.parametrize("namespace", ["http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", ""])
@pytest.mark.parametrize("prefix", ["", "a:"])
def test_atom_is_read_whatever_its_namespace_and_prefix(namespace, prefix):
    declared = f"xmlns{':' * bool(prefix)}{prefix[:-1]}='{namespace}'" if namespace else ""
    said = "<p:link href='/a'/><p:title>Judul</p:title><p:issued>2025-12-15T10:56:00+07:00</p:issued>"
    body = f"<p:feed {declared}><p:entry>{said}</p:entry></p:feed>".replace("p:", prefix)

    [link], error = read(Rss(URL), body)

    assert (link.title, link.published.hour, error) == ("Judul", 3, None)


@pytest.mark.parametrize(
    "broken",
    [
        "<title>Inflasi < 3 persen</title>",
        "<title>a <b dan <3</title>",
        "<title>a << b <</title>",
        "<description><p>Satu<br>dua</description>",
        "<description><div><p>Satu <img src=x></div></description>",
        "<description>Satu</p></div></description>",
        "<description>tak ditutup<title>Judul</title>",
        "<title>tak ditutup",
        "<tidak>dikenal<title>Judul</title>",
        "<title>Piala &#55356;&#57286; diraih &#55356; &#xDFFF;</title>",
        "<title>&tidakada; &#0; &#9999999; &amp &</title>",
        "<title>\x01\x1f\x00\ufffe</title>",
        "<title a='1' a='2' b=3 c>x</title>",
        "<content:encoded><![CDATA[<p>x = [[1,2]]>0</p><br></div>]]></content:encoded>",
        "<content:encoded><![CDATA[a ]]> b ]]> c ]]></content:encoded>",
        "<content:encoded><![CDATA[tak ditutup</content:encoded>",
        "<content:encoded><!-- tak ditutup</content:encoded>",
        "<title>x</title><link>https://www.example.test/a</link></item></item>",
        "<title 'x\">y</title>",
        "<title>x</title",
    ],
)
def test_what_is_wrong_with_one_item_costs_no_other(broken):
    before = GOOD.replace("sesudah", "sebelum")
    body = channel(before, f"<item>{broken}<link>https://www.example.test/a</link></item>", GOOD)

    found, error = read(Rss(URL), body)

    assert (paths(found), error) == (["/sebelum", "/a", "/sesudah"], None)


@pytest.mark.parametrize(
    "url",
    [
        "https://[domain]/x",
        "https://{{host}}/x",
        "http://",
        "https://a b/x",
        "https://e.test:99999/",
        "mailto:a@e.test",
    ],
)
def test_item_with_a_bad_address_costs_only_itself_and_is_told(url):
    body = channel(f"<item><link>{url}</link></item>", "<item><title>Tanpa</title></item>", GOOD)
    sitemap = f"<urlset><url><loc>{url}</loc></url><url><loc/></url><url><loc>/sesudah</loc></url></urlset>"

    for feed, text in ((Rss(URL), body), (Sitemap(URL), sitemap)):
        found, error = read(feed, text)

        assert found[:2] == [NotTaken(url, "bad_address"), NotTaken("", "no_address")]
        assert (paths(found), error) == (["/sesudah"], None)


def test_pair_of_surrogates_is_the_character_that_was_meant_and_one_alone_is_none():
    [link], _ = read(Rss(URL), channel("<item><link>/a</link><title>&#55356;&#57286; &#xd83c;!</title></item>"))

    assert link.title == "\U0001f3c6 \ufffd!"


@pytest.mark.parametrize("declaration", ["<?xml version='1.0'?>\n", ""])
@pytest.mark.parametrize(
    "junk",
    [
        "\n\n",
        "\ufeff\ufeff",
        "<br />\n<b>Warning</b>: Undefined variable $x in <b>/srv/feed.php</b> on line <b>12</b><br />\n",
        "Deprecated: x < y in feed.php\n" * 100,
        "<!-- cache --><!DOCTYPE rss [<!ENTITY item '<x>'>]>",
        "<?php echo 1; ?>",
    ],
)
def test_what_stands_before_the_root_is_passed_over(declaration, junk):
    body = junk + channel(GOOD).removeprefix("<?xml version='1.0'?>").replace("<rss", f"{declaration}<rss")

    assert paths(read(Rss(URL), body)[0]) == ["/sesudah"]
    assert read(Rss(URL), body)[1] is None


@pytest.mark.parametrize(
    "item", ["<!-- <item><link>/lama</link></item> -->", "<![CDATA[<item><link>/a</link></item>]]>"]
)
def test_item_in_a_comment_or_a_text_is_none(item):
    assert paths(read(Rss(URL), channel(item, GOOD))[0]) == ["/sesudah"]


@pytest.mark.parametrize(
    ("feed", "body"),
    [
        (Rss(URL), "<rss><channel><title>Sepi</title></channel></rss>"),
        (Rss(URL), "<feed xmlns='http://www.w3.org/2005/Atom'></feed>"),
        (Rss(URL), "<rdf:RDF/>"),
        (Sitemap(URL), "<urlset/>"),
        (Sitemap(URL), "<urlset xmlns:news='x'>\n</urlset>\n"),
        (Sitemap(URL), "<sitemapindex></sitemapindex>"),
    ],
)
def test_feed_that_announces_nothing_is_an_answer(feed, body):
    assert read(feed, body) == ([], None)


@pytest.mark.parametrize(
    "body", ["", " \n", "<!doctype html><title>x</title>", "<html><item><link>/a</link></item>", "x" * 99]
)
def test_what_is_no_feed_is_said_to_be_none(body):
    for feed in (Rss(URL), Sitemap(URL)):
        found, error = read(feed, body)

        assert (found, error[:3]) == ([], "no ")


@pytest.mark.parametrize("cut", ["</channel></rss>", "</item></channel></rss>", "sudah</link></item></channel></rss>"])
def test_feed_that_is_cut_off_gives_what_came_whole_and_says_so(cut):
    found, error = read(Rss(URL), channel(GOOD.replace("sesudah", "a"), GOOD).removesuffix(cut))

    assert paths(found) == ["/a", "/sesudah"][: 2 if cut == "</channel></rss>" else 1]
    assert error == "cut off before its end"


def test_item_is_read_as_it_is_wherever_the_pieces_of_the_answer_end():
    item = "<item><title><![CDATA[Kopi & <b>teh</b>]]></title><link>https://www.example.test/{}</link><!-- > --></item>"
    body = "<?xml version='1.0' encoding='utf-16'?>" + channel(*(item.format(n) for n in range(3000)))

    found, error = read(Rss(URL), body)

    assert (len(found), {one.title for one in found}, error) == (3000, {"Kopi & teh"}, None)
    assert len({one.url for one in found}) == 3000


HOSTILE = [
    "<",
    "<a ",
    "<a>",
    "</b>",
    "<a></b>",
    "<![CDATA[",
    "<!--",
    "<!-- -",
    "]]",
    "<a b='\"",
    "<?",
    "&#",
    "<link>",
    "<a xmlns:b='c'>",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_a_time_that_grows_with_its_length_alone(unit):
    def seconds(length):
        started = time.process_time()
        read(Rss(URL), "<rss><channel><item><title>" + unit * (length // len(unit)))
        return time.process_time() - started

    seconds(1000)
    assert seconds(400_000) < 10 * max(seconds(100_000), 0.05)


def test_hostile_item_keeps_no_more_than_an_item_needs():
    body = "<rss><item>" + "<author>x</author>" * 20_000 + "<title>" + "x<b>" * 100_000 + "</item></rss>"
    answer = Response(URL, body=body.encode())

    tracemalloc.start()
    try:
        assert [one.reason for one in Rss(URL).read(answer, "UTC")] == ["no_address"]
        assert tracemalloc.get_traced_memory()[1] < 6 << 20
    finally:
        tracemalloc.stop()
