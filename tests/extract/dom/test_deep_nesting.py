import time

import pytest

from scrapers.extract.article import extract_article
from scrapers.extract.dom.deep_nesting import MAX_DEPTH, parse_deeply_nested
from scrapers.extract.page import Page, Rules

SENTENCE = "Kalimat berita yang cukup panjang supaya dihitung sebagai alinea, dengan satu koma. "


def depth(root):
    return max(sum(1 for _ in element.iterancestors()) for element in root.iter())


def test_text_nested_deeper_than_libxml2_reads_is_in_the_article():
    lines = [f"{i}. {SENTENCE * 2}".strip() for i in range(4)]
    markup = "<h1>Judul Berita</h1>" + "<div>" * 5000 + "".join(f"<p>{line}</p>" for line in lines)

    article = extract_article(Page(url="https://kabar.example/x", body=markup.encode()), Rules(outlet="any"))

    assert article.article_body == tuple(lines)


def test_flattened_page_keeps_texts_in_order_and_attributes():
    root = parse_deeply_nested(
        "<p id=a>Satu<!-- tidak --> dua</p>" + "<b>" * 1000 + "tiga<i class='x y'>empat</i>lima" + "</b>" * 1000
    )

    assert "".join(root.itertext()) == "Satu duatigaempatlima"
    assert root.find("p").get("id") == "a"
    assert root.xpath("string(//i/@class)") == "x y"
    assert depth(root) == MAX_DEPTH


def test_script_stays_a_script_however_deep_it_stands():
    root = parse_deeply_nested("<div>" * 1000 + 'a<script type="application/ld+json">{"x": 1}</script>b')

    assert root.xpath("string(//script)") == '{"x": 1}'


def test_names_and_values_that_lxml_refuses_are_left_out():
    root = parse_deeply_nested('<a"b\x01c>satu</a"b\x01c><p =x "=y data-a="\x02\uffffz">dua\ufffe</p>')

    assert "".join(root.itertext()) == "satudua"
    assert root.xpath("string(//p/@data-a)") == "z"


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 25_000, "<b>" * 1000 + "<i>x</i>y" * 10_000, "<b>" * 1000 + "<!-- c -->x" * 20_000, "<p>x" * 25_000,
        "<b>" * 20_000 + "<!-- c -->x" * 20_000,
    ],
    ids=["deep", "siblings", "comments", "unclosed", "deep-comments"],
)  # fmt: skip
def test_flattening_takes_time_in_proportion_to_the_page(markup):
    begun = time.process_time()

    parse_deeply_nested(markup)

    assert time.process_time() - begun < 10  # seconds; a time in the square of the size would be longer
