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
    ],
)
def test_kind_is_what_json_ld_the_address_or_og_type_name(layers, expected):
    assert kinds.kind(layers)[0].value == expected


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
