import json

import pytest
from lxml import html

from scrapers.extract.candidate import Candidate
from scrapers.extract.fields.authors import find_authors, find_signature
from scrapers.extract.page import Page, Rules
from scrapers.extract.parsed_page import ParsedPage


def parsed_page(body="", *, ld=None, head="", publisher=None):
    """Read a page whose JSON-LD names these authors."""
    if ld is not None:
        node = {"@type": "NewsArticle", "headline": "Judul", "author": ld, "publisher": {"name": "Kabar Kota"}}
        people = {"@type": "Person", "@id": "#ratna", "name": "Ratna Wulandari"}
        head += f'<script type="application/ld+json">{json.dumps({"@graph": [node, people]})}</script>'
    page = Page("https://www.kabarkota.example/x", f"<head>{head}</head><h1>Judul</h1>{body}<p>isi</p>".encode())
    return ParsedPage(page, Rules(outlet="kabarkota", publisher=publisher))


def names_of(parsed):
    found = find_authors(parsed)
    return found[0].value if found else ()


@pytest.mark.parametrize(
    "ld",
    [
        "Ratna Wulandari",
        {"@type": "Person", "name": "By Ratna Wulandari"},
        {"@type": "Person", "name": ["Ratna Wulandari"]},
        {"@id": "#ratna"},
        [{"@type": "Person", "name": "Ratna Wulandari"}, {"@type": "Organization", "name": "Kabar Kota"}],
        "Ratna Wulandari (Jakarta)",
        "Ratna Wulandari | ratna@kabarkota.example",
        "Ratna Wulandari, Political Editor",
        "Ratna Wulandari and Admin",
    ],
)
def test_author_is_the_person_however_json_ld_writes_it(ld):
    assert names_of(parsed_page(ld=ld)) == ("Ratna Wulandari",)


@pytest.mark.parametrize(
    "line",
    ["Ratna Wulandari dan Dadan Hermawan", "Ratna Wulandari, Dadan Hermawan", "Ratna Wulandari & Dadan Hermawan",
     "Oleh: Ratna Wulandari und Dadan Hermawan"],
)  # fmt: skip
def test_each_person_of_a_line_is_an_author(line):
    assert names_of(parsed_page(ld=line)) == ("Ratna Wulandari", "Dadan Hermawan")


@pytest.mark.parametrize(
    "body",
    [
        '<div class="byline">By Ratna Wulandari</div>',
        '<div class="article-author"><span class="author-name">Ratna Wulandari</span> KABAR KOTA</div>',
        "<p>Oleh <a>Ratna Wulandari</a></p>",
        '<a rel="author">Ratna Wulandari</a>',
        '<span itemprop="author" itemscope><b itemprop="name">Ratna Wulandari</b></span>',
        '<aside class="author">Orang Lain</aside><div class="author">Ratna Wulandari</div>',
        '<a href="/penulis/ratna-wulandari">Ratna Wulandari</a>',
        "<p><b>Penulis:</b> <a>Ratna Wulandari</a></p>",
        '<p class="byline">Oleh Ratna Wulandari, TVRI</p>',
        '<div class="author-bio">Tentang Ratna</div><div class="byline">Ratna Wulandari 8 Maret 2026</div>',
        '<div class="byline"><span>By</span><a>Ratna Wulandari</a><span>Thursday, March 5</span></div>',
        '<p class="author-line"><span class="author-word">By </span>Ratna Wulandari</p>',
        "<p>Autoren Ratna Wulandari</p>",
        "<ul><li>Von: <span><a>Ratna Wulandari</a>, </span></li></ul>",
        f"<div><p>{'Warga memperbaiki saluran air. ' * 5}</p> pada <time>8 Maret</time> oleh Ratna Wulandari</div>",
    ],
)
def test_printed_byline_is_read_where_nothing_else_names_a_person(body):
    assert names_of(parsed_page(body, ld="Admin")) == ("Ratna Wulandari",)


def test_link_to_a_profile_is_no_byline_where_an_agency_signed():
    body = '<a href="/author/orang-lain">Orang Lain</a>'

    assert names_of(parsed_page(body, ld=[{"name": "Reuters"}])) == ("Reuters",)


@pytest.mark.parametrize(("label", "names"), [("Written by", ("Ratna Wulandari",)), ("Est. reading time", ())])
def test_twitter_card_may_say_who_wrote(label, names):
    head = f'<meta name="twitter:label1" content="{label}"><meta name="twitter:data1" content="Ratna Wulandari">'

    assert names_of(parsed_page(head=head)) == names


def test_team_stands_for_an_author_where_nobody_signed():
    assert names_of(parsed_page(ld=[{"name": "Reuters"}, {"name": "Admin"}])) == ("Reuters",)
    assert names_of(parsed_page(ld=[{"name": "Reuters"}, {"name": "Ratna Wulandari"}])) == ("Ratna Wulandari",)


def test_unknown_site_that_names_only_itself_is_the_author():
    assert names_of(parsed_page(ld="Kabar Kota")) == ("Kabar Kota",)


@pytest.mark.parametrize(("name", "authors"), [("Ratna Wulandari", ("Ratna Wulandari",)), ("Kabar", ())])
def test_site_that_is_named_after_a_person_is_written_by_that_person(name, authors):
    head = f'<meta property="og:site_name" content="{name}"><meta name="author" content="{name}">'

    assert names_of(parsed_page(head=head)) == authors


def test_declared_outlet_is_no_author_of_its_own_articles():
    assert names_of(parsed_page(ld="Kabar Kota", publisher="Kabar Kota")) == ()


def test_address_of_a_profile_is_no_name():
    head = '<meta property="article:author" content="https://www.facebook.com/kabarkota">'

    assert names_of(parsed_page(head=head)) == ()


@pytest.mark.parametrize(
    "body",
    [
        '<div class="byline">Oleh Ratna Wulandari, Bandung</div>',
        "<ul><li><strong>Autorin/Autor</strong> Ratna Wulandari</li></ul>",
    ],
    ids=["a place behind the name", "a label without a colon"],
)
def test_printed_byline_names_the_author_alone(body):
    assert names_of(parsed_page(body)) == ("Ratna Wulandari",)


def test_byline_in_an_element_whose_name_no_xml_could_have_is_read():
    assert names_of(parsed_page('<p\x01 class="byline">By Ratna Wulandari</p\x01>')) == ("Ratna Wulandari",)


def test_byline_in_a_card_that_leads_to_another_article_is_not_the_author_s():
    card = '<a href="/lain"><b>Warga Memperbaiki Saluran Air</b> <span class="byline">Oleh Orang Lain</span></a>'

    assert names_of(parsed_page(card)) == ()
    assert names_of(parsed_page('<a href="/penulis/ratna"><span class="byline">Ratna Wulandari</span></a>')) != ()


def test_name_beside_the_site_s_own_address_is_the_site_s():
    head = '<meta name="author" content="Warta Kota Raya (www.kabarkota.example)">'

    assert names_of(parsed_page('<div class="byline">Oleh Ratna Wulandari</div>', head=head)) == ("Ratna Wulandari",)


SIGNED = "<b>Ratna Wulandari</b>"


@pytest.mark.parametrize(
    ("last", "ld", "expected"),
    [
        (SIGNED, None, ("Ratna Wulandari",)),
        (SIGNED, "Kabar Kota", ("Ratna Wulandari",)),
        (SIGNED, "Dadan Hermawan", ()),
        ("Ratna Wulandari", None, ()),
        ("<b>Selamat Pagi Semua.</b>", None, ()),
    ],
    ids=["nobody else named", "only the site named", "somebody else named", "plain letters", "a sentence"],
)
def test_bold_name_below_the_story_signs_it(last, ld, expected):
    parsed = parsed_page(ld=ld)
    parsed.root.find("body").append(html.fromstring(f"<p>{last}</p>"))
    bodies = [Candidate(("Sebuah cerita.", html.fromstring(f"<p>{last}</p>").text_content()), "body:density")]

    found = find_signature(parsed, find_authors(parsed), bodies)

    assert tuple(name for one in found for name in one.value) == expected


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (
            "<address><a rel=author href=/a>Sari Dewi</a> dan <a rel=author href=/b>Budi Hartono</a></address>",
            ("Sari Dewi", "Budi Hartono"),
        ),
        ("<div class=byline>Pewarta: Melati</div>", ("Melati",)),
        ("<div class=byline>By Jane Doe in Piers on 12 March 2024</div>", ("Jane Doe",)),
        ("<blockquote><div class=author>Captain Jo</div>Siapa yang bertanya?</blockquote>", ()),
        ("<div class=photo><span class='pb author'>Sari Dewi</span> Dermaga</div>", ()),
    ],
)
def test_byline_names_those_who_signed_and_no_other(body, names):
    assert names_of(parsed_page(body)) == names


def test_name_beside_the_date_in_bare_text_below_the_headline_is_the_authors():
    html = b"<body><article><h1>Judul</h1>\nJune 15, 2025 -\n\nSari Dewi\n<a>(@s)</a><p>isi"
    page = Page("https://k.example/x", html)

    assert names_of(ParsedPage(page, Rules(outlet="k"))) == ("Sari Dewi",)


def test_printed_name_goes_before_the_handle_that_meta_elements_give():
    head = '<meta property="article:author" content="sdewi">'

    assert names_of(parsed_page("<div class=byline>By Sari Dewi</div>", head=head)) == ("Sari Dewi",)


def test_author_of_a_citation_is_named_first_name_first():
    head = '<meta name=citation_author content="Dewi, Sari"><meta name=citation_author content="Hartono, Budi">'

    assert names_of(parsed_page(head=head)) == ("Sari Dewi", "Budi Hartono")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("DK4471", "DK4471"),
        ("한가람 기자", "한가람"),
        ("Foundation for Harbour Reporting", "Foundation for Harbour Reporting"),
        ("Jane Doe for The Harbour", "Jane Doe"),
    ],
)
def test_name_is_cut_only_where_it_ends(said, name):
    assert names_of(parsed_page(ld={"@type": "Person", "name": said})) == (name,)
