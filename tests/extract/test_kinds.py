import json

import pytest

from scrapers.extract import kinds
from scrapers.extract.layers import Layers
from scrapers.extract.page import Page, Rules


def layers_of(ld=None, *, head="", url="https://k.example/news/x"):
    node = {"@type": "NewsArticle", "headline": "Judul", **(ld or {})}
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>' if ld is not None else ""
    return Layers(Page(url, f"{head}{script}<p>isi</p>".encode()), Rules(outlet="k"))


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (layers_of({"@type": "LiveBlogPosting"}), "live_blog"),
        (layers_of({"@type": "VideoObject", "datePublished": "2026-03-08"}), "video"),
        (layers_of({}, url="https://k.example/video/x"), "video"),
        (layers_of({}, url="https://k.example/foto/123/x"), "gallery"),
        (layers_of({}, url="https://k.example/infografis/x"), "infographic"),
        (layers_of(head='<meta property="og:type" content="video.other">'), "video"),
        (layers_of({}, url="https://k.example/news/video-viral-itu"), "article"),
        (layers_of(), "article"),
        (layers_of(head='<meta property="og:type" content="article">', url="https://k.example/"), "index"),
        (layers_of(head='<meta property="og:type" content="article">', url="https://k.example/index.html"), "index"),
        (layers_of(url="https://k.example/tag/kopi"), "index"),
        (layers_of(url="https://k.example/indeks/all/08-07-2024/1"), "index"),
        (layers_of(url="https://k.example/news/page/2/"), "index"),
        (layers_of(url="https://k.example/?p=123"), "article"),
        (layers_of({"@type": "CollectionPage"}, url="https://k.example/nasional"), "index"),
        (layers_of({"@type": "JobPosting"}), "other"),
        (layers_of({"@type": "Product"}), "article"),
    ],
)
def test_kind_is_what_json_ld_the_address_or_og_type_name(layers, expected):
    assert kinds.kind(layers)[0].value == expected


def test_page_that_frames_one_of_another_site_is_of_another_kind():
    page = Page(
        "https://k.example/article/lain/1", b"<h1>Judul</h1><iframe id=bingkai src=https://l.example/x></iframe>"
    )

    assert kinds.kind(Layers(page, Rules(outlet="k", selectors={"wrapped": "iframe#bingkai"})))[0].value == "other"


def test_outlets_number_of_the_article_stands_in_its_address():
    page = Page("https://kab.k.example/read/123456/judul?x=1", b"<h1>Judul</h1>")

    found = kinds.identifier(Layers(page, Rules(outlet="k", article_id=r"^([a-z]+)\.k\.example/read/(\d+)/")))

    assert [one.value for one in found] == ["123456"]


@pytest.mark.parametrize(("free", "paywalled"), [(False, True), ("False", True), (True, False), ("true", False)])
def test_article_that_is_not_free_is_paywalled(free, paywalled):
    assert kinds.is_paywalled(layers_of({"isAccessibleForFree": free}))[0].value is paywalled


def test_page_that_says_nothing_is_neither_paywalled_nor_truncated():
    layers = layers_of({})

    assert (kinds.is_paywalled(layers), kinds.is_truncated(layers, 10)) == ([], [])


@pytest.mark.parametrize(("words", "truncated"), [(40, True), (90, False)])
def test_page_with_far_fewer_words_than_the_publisher_counted_is_truncated(words, truncated):
    assert kinds.is_truncated(layers_of({"wordCount": "100"}), words)[0].value is truncated


def test_identifier_is_a_number_or_a_name_but_no_address():
    ld = {"identifier": [{"value": "https://k.example/x"}, {"value": "a-123"}]}

    found = kinds.identifier(layers_of(ld, head='<meta name="article:id" content="1404582">'))

    assert [one.value for one in found] == ["a-123", "1404582"]


@pytest.mark.parametrize("last", ["Kapal itu lalu …", "Kapal itu lalu... Baca selengkapnya", "Baca selengkapnya"])
def test_text_that_breaks_off_is_truncated(last):
    assert kinds.is_truncated(layers_of({}), 40, last)[0].value is True


def test_text_that_ends_in_a_sentence_is_not_known_to_be_truncated():
    assert kinds.is_truncated(layers_of({}), 40, "Kapal itu lalu berangkat.") == []


MENU = "<ul class={}><li><a href=/>Beranda</a></li><li><a href=/profil-singkat/>Profil</a></li></ul>"


@pytest.mark.parametrize(("names", "kind"), [("sidebar-nav", "other"), ("menu", "other"), ("latest-posts", "article")])
def test_page_that_the_sites_menu_leads_to_is_about_the_site_also_where_a_list_is_the_menu(names, kind):
    layers = layers_of(head=MENU.format(names), url="https://k.example/profil-singkat/")

    assert kinds.kind(layers)[0].value == kind
