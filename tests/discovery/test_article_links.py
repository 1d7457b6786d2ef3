"""Which addresses of any site are taken for articles, by who announces them."""

import pytest

from scrapers.discovery.article_links import is_named_as_article, section_fronts
from scrapers.discovery.feeds import Rss, Section, Sitemap
from scrapers.items import Link

SITE = "https://kabar.example"
FEED, SITEMAP, LIST = Rss(f"{SITE}/rss"), Sitemap(f"{SITE}/sitemap.xml"), Section(f"{SITE}/blog/")
SHORT = ["/nftables/", "/posts/selamat-datang/", "/%E6%97%A5%E6%9C%AC/", "/a.html", "/?id=5"]
LISTS = ["/tag/desa/", "/kategori/ekonomi", "/page/2/", "/2026/08/", "/blog/", "/id/"]
ABOUT = ["/about/", "/kontak.html", "/en/privacy-policy/", "/tentang-kami"]


def named(path, feed, *, is_item=False):
    return is_named_as_article(Link(url=SITE + path, is_item=is_item), feed)


@pytest.mark.parametrize("path", SHORT)
def test_what_a_feed_or_a_sitemap_names_is_an_article_whatever_its_address(path):
    assert named(path, FEED, is_item=True)
    assert named(path, SITEMAP, is_item=True)


@pytest.mark.parametrize("path", ABOUT)
@pytest.mark.parametrize("feed", [FEED, SITEMAP, LIST], ids=lambda feed: feed.kind)
def test_page_by_which_a_site_tells_of_itself_is_none_whatever_names_it(path, feed):
    assert not named(path, feed, is_item=True)


@pytest.mark.parametrize("path", LISTS)
def test_what_looks_like_a_list_is_none_in_a_sitemap_of_everything_or_in_a_list(path):
    assert named(path, FEED, is_item=True)
    assert not named(path, SITEMAP)
    assert not named(path, LIST, is_item=True)


@pytest.mark.parametrize("path", SHORT[:-1])
def test_short_address_is_an_article_in_a_sitemap_or_as_an_entry_of_a_list_and_no_article_as_a_mere_link(path):
    assert named(path, SITEMAP)
    assert named(path, LIST, is_item=True)
    assert not named(path, LIST)
    assert not named(path, None)


@pytest.mark.parametrize("feed", [FEED, SITEMAP, LIST], ids=lambda feed: feed.kind)
@pytest.mark.parametrize("path", ["/", ""])
def test_front_of_the_site_is_no_article(path, feed):
    assert not named(path, feed, is_item=True)


@pytest.mark.parametrize("query", ["?p=4711", "?lang=id&p=12"])
def test_number_of_a_post_is_an_article_wherever_it_is_linked(query):
    assert named(f"/{query}", None)
    assert not named(f"/{query}x", None)


def test_address_with_three_others_below_it_is_the_front_of_a_section():
    paths = ("/css/", "/css/warna/", "/css/teks/latihan/", "/css/batas/?x=/css/y", "/html/", "/html/a/", "/html/b/")

    fronts = section_fronts([Link(url=SITE + path) for path in paths])

    assert fronts == {f"{SITE}/css"}
