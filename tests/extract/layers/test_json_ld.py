import json

import pytest
from lxml import etree

from scrapers.extract.layers import json_ld

ARTICLE = '{"@type": "NewsArticle", "headline": "Judul & Isi"}'


def page_with(*blocks):
    scripts = "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)
    return etree.fromstring(f"<html><body>{scripts}<p>x</p></body></html>", etree.HTMLParser())


@pytest.mark.parametrize(
    "block",
    [
        ARTICLE,
        f"[{ARTICLE}]",
        f'{{"@graph": [{{"@type": "WebSite"}}, {ARTICLE}]}}',
        f'{{"@type": "WebPage", "mainEntity": {ARTICLE}}}',
        f"<!-- {ARTICLE} -->",
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        f"{ARTICLE};",
        '{"@type": "NewsArticle", "headline": "Judul & Isi",}',
        '{"@type": ["WebPage", "http://schema.org/NewsArticle"], "headline": "Judul &amp; Isi"}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Judul & Isi&quot;}",
        '{"@type": "NewsArticle", "headline": "Judul\n& Isi"}',
        '{"@type": "NewsArticle", "headline": {"@value": "Judul & Isi"}}',
        '{"@type": "NewsArticle" /* a comment */, "headline": "Judul & Isi"}',
        '{"@type": "NewsArticle"\n "headline": "Judul & Isi"}',
    ],
)
def test_article_is_found_however_the_site_writes_it(block):
    root = page_with("{broken", '{"@type": "Organization", "headline": "x"}', block)
    node = json_ld.main_article(json_ld.parse_nodes(root.iter("script")))

    headline = json_ld.text(node, "headline")

    assert headline.value == "Judul & Isi"
    assert headline.rule == "json_ld:NewsArticle.headline"


@pytest.mark.parametrize(
    "block", ["", "null", "[" * 100_000, '{"@type": "WebSite", "headline": "x"}', '{"@type": {"a": []}}', "1e999"]
)
def test_block_without_an_article_gives_nothing(block):
    assert json_ld.main_article(json_ld.parse_nodes(page_with(block).iter("script"))) == {}


def test_list_of_a_million_values_is_read_in_passing():
    assert json_ld.parse_nodes(page_with(json.dumps([0] * 1_000_000)).iter("script")) == []


def test_field_of_another_type_is_not_found():
    node = {"@type": "NewsArticle", "author": [{"name": [7]}, 7, None], "keywords": {"a": 1}, "articleBody": 3}

    assert json_ld.texts(node, "author") is None
    assert json_ld.keywords(node) is None
    assert json_ld.paragraphs(node) is None


def test_block_that_no_repair_makes_json_still_gives_its_simple_pairs():
    block = '{"headline": "Judul \\"Isi\\"", "about": "kata "itu" rusak", "datePublished": "2026-03-08"}'

    node = json_ld.main_article(json_ld.parse_nodes(page_with(block).iter("script")))

    assert json_ld.text(node, "headline").value == 'Judul "Isi"'
    assert json_ld.text(node, "datePublished").rule == "json_ld:Article.datePublished"


@pytest.mark.parametrize(
    "mine",
    [
        {"headline": "Satu", "url": "https://k.example/satu/"},
        {"headline": "Satu", "mainEntityOfPage": {"@id": "http://k.example/satu"}},
        {"headline": "Satu: Isi!"},
    ],
)
def test_of_several_articles_the_one_with_the_page_s_address_or_title_is_meant(mine):
    others = [
        {"@type": "NewsArticle", "headline": "Dua", "url": "https://k.example/dua"},
        {"@type": "Review", "name": "S"},
    ]
    block = json.dumps([*others, {"@type": "NewsArticle", **mine}])

    nodes = json_ld.parse_nodes(page_with(block).iter("script"))
    node = json_ld.main_article(nodes, "https://k.example/satu", "Satu - isi | Kabar")

    assert node["headline"] == mine["headline"]


def test_video_stands_in_where_no_article_is():
    block = json.dumps({"@type": "VideoObject", "name": "Judul", "datePublished": "2026-03-08"})

    node = json_ld.main_article(json_ld.parse_nodes(page_with(block).iter("script")))

    assert json_ld.type_of(node) == "VideoObject"


def test_claim_that_a_fact_check_examines_is_not_the_article():
    claim = {"@type": "NewsArticle", "headline": "Klaim lama", "datePublished": "2021-01-02"}
    review = {"@type": "ClaimReview", "name": "Cek fakta", "datePublished": "2026-03-09", "itemReviewed": claim}

    node = json_ld.main_article(json_ld.parse_nodes(page_with(json.dumps(review)).iter("script")))

    assert json_ld.text(node, "datePublished").value == "2026-03-09"
