import json

import pytest

from scrapers.extract.fields.topics import find_keywords, find_sections
from scrapers.extract.page import Page, Rules
from scrapers.extract.parsed_page import ParsedPage

URL = "https://kabarkota.co.id/kota/kapal-tiba"


def parsed(head="", body="", ld=None):
    node = json.dumps({"@type": "NewsArticle", "headline": "Kapal tiba", **(ld or {})})
    script = f'<script type="application/ld+json">{node}</script>'
    page = f"<html><head>{script}{head}</head><body><h1>Kapal tiba</h1>{body}</body></html>"
    return ParsedPage(Page(URL, page.encode()), Rules(outlet="k"))


def keywords(**page):
    found = find_keywords(parsed(**page))
    return found[0].value if found else ()


def meta(name, content):
    return f'<meta name="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ({"head": meta("news_keywords", "garam, kapal"), "ld": {"keywords": "garam, web, kapal"}}, ("garam", "kapal")),
        ({"head": meta("news_keywords", "kota"), "ld": {"keywords": ["garam", "kapal"]}}, ("garam", "kapal")),
        ({"head": meta("article:tag", "garam,kapal")}, ("garam", "kapal")),
        (
            {"head": meta("keywords", "garam, kapal"), "ld": {"keywords": "garam kapal dermaga kota pasar"}},
            ("garam", "kapal"),
        ),
        ({"ld": {"keywords": ["Day: Friday", "WC: 500-999", "garam"]}}, ("garam",)),
        ({"ld": {"keywords": ["NLP Category: Politics", "editors_pick", "kabarkota", "Garam", "garam"]}}, ("Garam",)),
        ({"ld": {"keywords": ["Ulasan: Laut Bercerita", "buku"]}}, ("Ulasan: Laut Bercerita", "buku")),
        ({"head": meta("keywords", "garam, berita terkini, Berita Online")}, ("garam",)),
    ],
    ids=[
        "newsroom's own first",
        "longer list",
        "commas",
        "lost commas",
        "labels",
        "of the software",
        "a title",
        "of every page",
    ],
)
def test_keywords_are_those_of_the_article(page, expected):
    assert keywords(**page) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p><a rel=tag href=/x/garam>Garam</a> <a href=/tag/lain>Lain</a></p>", ("Garam",)),
        ("<div class=detail__tags><a href=/tag/garam>Garam</a><a href=/tag/kapal>Kapal</a></div>", ("Garam", "Kapal")),
        ("<nav><a rel=tag href=/tag/garam>Garam</a></nav>", ()),
        ("<p>Baca juga <a href=/topik/abonemen>Langganan</a></p>", ()),
    ],
    ids=["rel-tag", "list of tags", "menu", "link in a text"],
)
def test_printed_tags_are_keywords_where_none_are_declared(body, expected):
    assert keywords(body=body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<ul class=breadcrumb><li><a href=/>Beranda</a><li><a href=/kota>Kota</a></ul>", ("Kota",)),
        (
            '<nav aria-label="Breadcrumb"><a href="/">Home</a><a href="/kota">Kota</a><a href="/kota/pasar">Pasar</a>'
            '<a href="/kota/kapal-tiba">Kapal tiba</a></nav>',
            ("Kota", "Pasar"),
        ),
        (f"<div class=breadcrumb>{''.join(f'<a href=/{i}>Rubrik {i}</a>' for i in 'abcdefg')}</div>", ()),
    ],
    ids=["home and section", "page itself", "menu"],
)
def test_sections_are_the_printed_breadcrumbs_where_nothing_else_names_them(body, expected):
    found = find_sections(parsed(body=body))

    assert (found[0].value if found else ()) == expected


def test_names_of_a_page_kind_and_of_the_site_are_no_sections():
    assert find_sections(parsed(ld={"articleSection": ["Article", "Kabarkota", "post"]})) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<div class=isi><p>Kapal tiba.</p></div>", ()),
        ("<div class=isi><p>Kapal tiba.</p><a class=tag>Kapal</a></div>", ("Kapal",)),
        ("<div class=lama><p>Kapal tiba.</p></div>", ("garam", "kapal")),
    ],
    ids=["the site's", "printed", "page of an older template"],
)
def test_meta_keywords_are_the_site_s_where_the_outlet_s_template_prints_the_article_s(body, expected):
    head = meta("keywords", "garam, kapal")
    page = Page(URL, f"<html><head>{head}</head><body><h1>Kapal tiba</h1>{body}</body></html>".encode())
    rules = Rules(outlet="k", publisher="K", selectors={"keywords": ".tag"}, article_body=".isi")

    found = find_keywords(ParsedPage(page, rules))

    assert (found[0].value if found else ()) == expected
