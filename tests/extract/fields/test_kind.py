import json

import pytest

from scrapers.extract.fields.kind import find_kind
from scrapers.extract.page import Page, Rules
from scrapers.extract.parsed_page import ParsedPage
from tests.extract.conftest import page_with


@pytest.mark.parametrize(
    ("parsed", "expected"),
    [
        (page_with({"@type": "LiveBlogPosting"}), "live_blog"),
        (page_with({"@type": "VideoObject", "datePublished": "2026-03-08"}), "video"),
        (page_with({}, url="https://k.example/video/x"), "video"),
        (page_with({}, url="https://k.example/foto/123/x"), "gallery"),
        (page_with({}, url="https://k.example/infografis/x"), "infographic"),
        (page_with(head='<meta property="og:type" content="video.other">'), "video"),
        (page_with({}, url="https://k.example/news/video-viral-itu"), "article"),
        (page_with(), "article"),
        (page_with(head='<meta property="og:type" content="article">', url="https://k.example/"), "index"),
        (page_with(head='<meta property="og:type" content="article">', url="https://k.example/index.html"), "index"),
        (page_with(url="https://k.example/tag/kopi"), "index"),
        (page_with(url="https://k.example/indeks/all/08-07-2024/1"), "index"),
        (page_with(url="https://k.example/news/page/2/"), "index"),
        (page_with(url="https://k.example/?p=123"), "article"),
        (page_with({"@type": "CollectionPage"}, url="https://k.example/nasional"), "index"),
        (page_with({"@type": "JobPosting"}), "other"),
        (page_with({"@type": "Product"}), "article"),
    ],
)
def test_kind_is_what_json_ld_the_address_or_og_type_name(parsed, expected):
    assert find_kind(parsed)[0].value == expected


def test_page_that_frames_one_of_another_site_is_of_another_kind():
    page = Page(
        "https://k.example/article/lain/1", b"<h1>Judul</h1><iframe id=bingkai src=https://l.example/x></iframe>"
    )

    assert find_kind(ParsedPage(page, Rules(outlet="k", selectors={"wrapped": "iframe#bingkai"})))[0].value == "other"


MENU = "<ul class={}><li><a href=/>Beranda</a></li><li><a href=/profil-singkat/>Profil</a></li></ul>"


@pytest.mark.parametrize(("names", "kind"), [("sidebar-nav", "other"), ("menu", "other"), ("latest-posts", "article")])
def test_page_that_the_sites_menu_leads_to_is_about_the_site_also_where_a_list_is_the_menu(names, kind):
    parsed = page_with(head=MENU.format(names), url="https://k.example/profil-singkat/")

    assert find_kind(parsed)[0].value == kind


@pytest.mark.parametrize(
    ("blog", "expected"),
    [({"headline": "Judul"}, "live_blog"), ({"headline": "Lain", "url": "https://k.example/l"}, "article")],
    ids=["of this story", "of another"],
)
def test_article_beside_a_live_blogs_node_of_the_same_headline_is_a_live_blog(blog, expected):
    script = f'<script type="application/ld+json">{json.dumps({"@type": "LiveBlogPosting", **blog})}</script>'

    assert find_kind(page_with({}, head=f"<title>Judul</title>{script}"))[0].value == expected
