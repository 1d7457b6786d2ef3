"""Lists of a site that nobody declared: which links are its entries, and which pages follow."""

import pytest
from scrapy.http import HtmlResponse, Response

from scrapers.discovery.feeds import Window
from scrapers.discovery.listings import LIST_PAGES, MOST_LISTS, FrontPage, Listing, list_pages, next_pages, page_number
from scrapers.discovery.xml import UnreadableFeed
from scrapers.items import Link

HOME = "https://kabar.example/"
BLOG = "https://kabar.example/blog/"


def page(body, url=BLOG):
    return HtmlResponse(url, body=f"<html><body>{body}</body></html>".encode(), encoding="utf-8")


def items(feed, response):
    found = feed.read(response, "UTC")
    return [one.url.removeprefix(HOME) for one in found if isinstance(one, Link) and one.is_item]


def named(feed, response):
    return [(one.kind, one.url.removeprefix(HOME)) for one in feed.read(response, "UTC") if not isinstance(one, Link)]


@pytest.mark.parametrize("entry", [
    '<h2><a href="/jembatan/">Jembatan</a></h2>',
    '<a href="/jembatan/"><h3>Jembatan</h3></a>',
    '<h4 class="c"><span><a href="/jembatan/">Jembatan</a></span></h4>',
    '<li><time datetime="2026-08-12">12 Agustus</time> <a href="/jembatan/">Jembatan</a></li>',
    '<a href="/jembatan/"><p>Jembatan</p><time>12 Agustus</time></a>',
    '<article><div><span><time>12 Agustus</time></span></div><a href="/jembatan/">Jembatan</a></article>',
    '<div><a class="post-title-link" href="/jembatan/">Jembatan</a></div>',
    '<div class="archive-title"><a href="/jembatan/#more">Jembatan</a></div>',
    '<a rel="bookmark" href="/jembatan/">Jembatan</a>',
])  # fmt: skip
def test_entry_of_a_list_is_an_item_by_its_heading_its_title_or_its_time(entry):
    assert [
        url.split("#")[0] for url in items(Listing(BLOG), page(entry + '<nav><a href="/kami/">Kami</a></nav>'))
    ] == ["jembatan/"]


def test_link_to_what_is_no_address_harms_no_other():
    body = '<h2><a href="http://[kabar]/x">x</a></h2><h2><a href="/jembatan/">J</a></h2><a href="/blog/page/2/">2</a>'

    assert items(Listing(BLOG), page(body)) == ["jembatan/"]
    assert named(Listing(BLOG), page(body)) == [("listing", "blog/page/2/")]


@pytest.mark.parametrize(("url", "number"), [
    (BLOG, 1), (f"{BLOG}page/2/", 2), (f"{BLOG}page3.html", 3), (f"{BLOG}?page=4", 4), (f"{BLOG}?paged=5&x=9", 5),
    (f"{BLOG}page/12/index.html", 12), (f"{HOME}2026/08/12/page-of-history/", 1), (f"{BLOG}?page=x", 1),
])  # fmt: skip
def test_number_of_a_lists_page_stands_in_its_path_or_its_query(url, number):
    assert page_number(url) == number


@pytest.mark.parametrize(("here", "links", "following"), [
    ("blog/", '<a href="/blog/page/2/">2</a><a href="/blog/page/3/">3</a>', ["blog/page/2/"]),
    ("blog/page/2/", '<a href="/blog/page/3/">3</a><a href="/tag/x/page/3/">x</a>', ["blog/page/3/"]),
    ("blog/?page=2", '<a href="?page=1">1</a><a href="?page=3">3</a>', ["blog/?page=3"]),
    ("blog/", '<a rel="next" href="/blog/older.html">Older</a>', ["blog/older.html"]),
    ("blog/", '<link rel="next" href="/blog/page/2/"><a href="/blog/page/2/">2</a>', ["blog/page/2/"]),
    ("", '<a href="/page/2">2</a><a href="/blog/page/2">2</a>', ["page/2"]),
    ("blog/page/9/", '<a href="/blog/page/8/">8</a>', []),
    ("blog/", '<a href="/blog/page/0/">first</a><a href="/blog/?page=0">0</a><a href="/blog/page/1/">1</a>', []),
])  # fmt: skip
def test_list_is_followed_by_its_next_page_and_no_other(here, links, following):
    found = next_pages(page(links, HOME + here))

    assert [url.removeprefix(HOME) for url in found] == following


@pytest.mark.parametrize("path", [
    "/archives/", "/archive.html", "/blog", "/posts/", "/2026/", "/2026/08/", "/arsip/2025", "/berita/", "/en/blog/",
    "/indeks", "/archives/index.html",
])  # fmt: skip
def test_list_is_told_by_its_address(path):
    assert list_pages(page(f'<a href="{path}">x</a>', HOME)) == [f"https://kabar.example{path}"]


@pytest.mark.parametrize(
    "path", ["/", "/kami/", "/2026/08/12/", "/blog/jembatan/", "/tag/x/", "/blog/?q=x", "/2026/13/"]
)
def test_other_pages_are_no_lists(path):
    assert list_pages(page(f'<a href="{path}">x</a>', HOME)) == []


def test_home_page_gives_feeds_entries_and_lists_in_bounds():
    lists = "".join(f'<a href="/{year}/">{year}</a>' for year in range(2000, 2040))
    body = f'<link rel="alternate" type="application/rss+xml" href="/rss"><h2><a href="/jembatan/">J</a></h2>{lists}'
    response = page(body, HOME)
    home = FrontPage(HOME)
    feeds = [one for one in home.read(response, "UTC") if not isinstance(one, Link)]

    assert items(home, response) == ["jembatan/"]
    assert len(feeds) == 1 + 40
    assert [feed.kind for feed in home.followed(feeds, None)] == ["rss"] + ["listing"] * MOST_LISTS
    assert [feed.kind for feed in home.followed(feeds, Window())] == ["rss"]


def test_list_names_its_own_lists_once_and_counts_down_its_pages():
    body = '<a href="/blog/page/2/">2</a><a href="/2026/">2026</a>'

    first = [one for one in Listing(BLOG).read(page(body), "UTC") if isinstance(one, Listing)]
    second = [
        one
        for one in first[0].read(page('<a href="/blog/page/3/">3</a><a href="/2025/">2025</a>', first[0].url), "UTC")
        if isinstance(one, Listing)
    ]

    assert [(feed.url.removeprefix(HOME), feed.pages) for feed in first] == [
        ("blog/page/2/", LIST_PAGES - 1),
        ("2026/", LIST_PAGES),
    ]
    assert [(feed.url.removeprefix(HOME), feed.pages) for feed in second] == [("blog/page/3/", LIST_PAGES - 2)]


def test_answer_without_html_is_no_list():
    with pytest.raises(UnreadableFeed, match="no HTML"):
        list(Listing(BLOG).read(Response(BLOG, body=b"%PDF"), "UTC"))
