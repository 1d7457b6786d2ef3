import json

import pytest
from lxml import etree

from scrapers.extract import json_ld

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
    ],
)
def test_article_is_found_however_the_site_writes_it(block):
    root = page_with("{broken", '{"@type": "Organization", "headline": "x"}', block)
    node = json_ld.article_of(json_ld.nodes(root))

    headline = json_ld.text(node, "headline")

    assert headline.value == "Judul & Isi"
    assert headline.rule == "json_ld:NewsArticle.headline"


@pytest.mark.parametrize(
    "block", ["", "null", "[" * 100_000, '{"@type": "WebSite", "headline": "x"}', '{"@type": {"a": []}}', "1e999"]
)
def test_block_without_an_article_gives_nothing(block):
    assert json_ld.article_of(json_ld.nodes(page_with(block))) == {}


def test_list_of_a_million_values_is_read_in_passing():
    assert json_ld.nodes(page_with(json.dumps([0] * 1_000_000))) == []


def test_field_of_another_type_is_not_found():
    node = {"@type": "NewsArticle", "author": [{"name": [7]}, 7, None], "keywords": {"a": 1}, "articleBody": 3}

    assert json_ld.texts(node, "author") is None
    assert json_ld.keywords(node) is None
    assert json_ld.paragraphs(node) is None
