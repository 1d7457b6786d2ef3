from datetime import UTC, datetime

import pytest

from scrapers.errors import NotAnArticle
from scrapers.extract.article import extract_article
from scrapers.extract.page import Page, Rules

FETCHED = datetime(2026, 3, 9, tzinfo=UTC)
TEXT = "Para nelayan di pelabuhan lama menunggu kapal yang membawa garam dari pulau seberang selama tiga hari penuh. "


def card(name, excerpt=TEXT * 2):
    return f"<div class=box><h2><a href='/2026/{name}/'>Kabar tentang {name} di kota</a></h2><p>{excerpt}</p></div>"


def page_of(main, url="https://k.example/seri/garam/", title="Seri Garam", head=""):
    html = f"<html><head><title>{title}</title>{head}</head><body><main><h1>{title}</h1>{main}</main></body></html>"
    return Page(url, html.encode(), None, FETCHED)


def is_article(page):
    try:
        extract_article(page, Rules(outlet="k.example"))
    except NotAnArticle:
        return False
    return True


def test_page_of_teasers_is_no_article():
    assert not is_article(page_of(card("garam") + card("kapal") + card("pasar")))


def test_page_of_one_teaser_is_no_article():
    assert not is_article(page_of(card("garam", TEXT * 4)))


def test_page_of_teasers_after_a_short_introduction_is_no_article():
    intro = "<p>Berisi kabar tentang garam, kapal dan pasar di kota pelabuhan, yang terbaru lebih dahulu.</p>"

    assert not is_article(page_of(intro + card("garam") + card("kapal") + card("pasar")))


def test_page_of_teasers_is_no_article_though_json_ld_says_so_of_every_page_of_the_site():
    ld = """<script type="application/ld+json">{"@type": "BlogPosting", "headline": "Seri Garam",
    "author": {"@type": "Person", "name": "Sari Dewi"}, "datePublished": "2026-03-08"}</script>"""

    assert not is_article(page_of(card("garam") + card("kapal") + card("pasar"), head=ld))


def test_page_of_whole_posts_under_linked_titles_is_no_article():
    text = f"<p>{TEXT * 3}</p><h3>Bagian</h3><p>{TEXT}</p>"
    heads = (f"<h2><a href='/p/{i}'>Cerita ke-{i} dari pelabuhan</a></h2>" for i in range(4))
    posts = "".join(f"<article>{head}{text}</article>" for head in heads)

    assert not is_article(page_of(posts, url="https://k.example/cerita", title="Cerita"))


def test_article_whose_own_headline_is_a_link_to_it_is_one():
    story = f"<article><h2><a href='/?p=7'>Garam dari pulau seberang</a></h2><p>{TEXT * 4}</p></article>"
    page = page_of(story, url="https://k.example/garam-dari-pulau", title="Garam dari pulau seberang - K")

    assert is_article(page)


def test_article_with_linked_headings_of_related_ones_between_its_paragraphs_is_one():
    related = "<h3><a href='/2026/kapal/'>Baca kabar kapal di kota</a></h3>"
    story = f"<p>{TEXT * 4}</p>{related}<p>{TEXT * 4}</p>{related}<p>{TEXT * 4}</p>"

    assert is_article(page_of(story, url="https://k.example/garam", title="Garam"))


def test_signed_and_dated_article_that_lists_others_is_one():
    head = '<meta name=author content="Sari Dewi"><meta property="article:published_time" content="2026-03-08">'
    main = card("garam") + card("kapal") + card("pasar")

    assert is_article(page_of(main, "https://k.example/2026/03/tiga-kabar-dari-kota", "Tiga kabar dari kota", head))


def test_section_front_with_one_sentence_and_links_is_no_article():
    node = '{"@type": "WebPage", "name": "Garam", "datePublished": "2026-03-08"}'
    ld = f'<script type="application/ld+json">{node}</script>'
    links = "".join(f"<div><h2><a href='/garam/{i}'>Bab {i} tentang garam</a></h2></div>" for i in range(5))

    assert not is_article(page_of(f"<p>{TEXT}</p>{links}", "https://k.example/garam/", "Garam", ld))


@pytest.mark.parametrize("path", ["/tentang/", "/garam.html"])
def test_page_that_the_sites_menu_leads_to_is_no_article(path):
    menu = f"<nav><a href='/'>Beranda</a><a href='/kapal/'>Kapal</a><a href='{path}'>Ini</a></nav>"

    assert not is_article(page_of(f"{menu}<p>{TEXT * 5}</p>", f"https://k.example{path}"))


def test_dated_article_that_a_menu_leads_to_for_a_day_is_one():
    path = "/2026/03/garam-habis-di-kota"
    menu = f"<nav><a href='/'>Beranda</a><a href='{path}'>Garam habis</a></nav>"
    head = '<meta property="article:published_time" content="2026-03-08T10:00:00+07:00">'

    assert is_article(page_of(f"{menu}<p>{TEXT * 5}</p>", f"https://k.example{path}", "Garam habis", head))


def test_breadcrumb_that_ends_in_the_page_says_nothing_of_its_kind():
    menu = "<nav aria-label=Breadcrumb><a href='/'>Beranda</a><a href='/garam'>Garam</a></nav>"

    assert is_article(page_of(f"{menu}<p>{TEXT * 5}</p>", "https://k.example/garam"))


@pytest.mark.parametrize("path", ["/about/", "/id/tentang-kami", "/privacy-policy.html", "/pages/contact"])
def test_page_about_the_site_is_no_article_by_its_address(path):
    assert not is_article(page_of(f"<p>{TEXT * 5}</p>", f"https://k.example{path}"))


@pytest.mark.parametrize("path", ["/news/about/", "/about-the-harbour", "/privacy-policy-of-the-port-changes"])
def test_article_about_something_is_one(path):
    assert is_article(page_of(f"<p>{TEXT * 5}</p>", f"https://k.example{path}"))


def test_wordpress_page_is_an_article_only_where_it_is_signed_or_dated():
    body = f'<body class="page page-id-7 wp-x"><h1>Panduan garam</h1>%s<p>{TEXT * 5}</p>'
    page = Page("https://k.example/panduan", (body % "").encode(), None, FETCHED)
    signed = Page("https://k.example/panduan", (body % "<p class=byline>By Sari Dewi</p>").encode(), None, FETCHED)

    assert (is_article(page), is_article(signed)) == (False, True)


DATED_BY_PLUGIN = """<script type="application/ld+json">
{"@type": "%s", "headline": "Kursus garam", "datePublished": "2026-03-22T08:13:51+00:00"}</script>
<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Sari Dewi">"""


@pytest.mark.parametrize(
    ("type_in_data", "byline", "expected"),
    [("WebPage", "", False), ("WebPage", "<p class=byline>By Sari Dewi</p>", True), ("NewsArticle", "", True)],
)
def test_wordpress_page_is_no_article_by_the_date_and_the_name_that_a_plugin_writes_into_every_page(
    type_in_data, byline, expected
):
    head = DATED_BY_PLUGIN % type_in_data
    body = f'<head>{head}</head><body class="page page-id-7 wp-x"><h1>Kursus garam</h1>{byline}<p>{TEXT * 5}</p>'

    assert is_article(Page("https://k.example/kursus", body.encode(), None, FETCHED)) == expected


@pytest.mark.parametrize("menu", ['<a href="/">Beranda</a>', '<a href="/tentang/">Tentang kami</a>'])
def test_page_that_the_sites_menu_links_to_is_none_whether_the_menu_has_the_home_page_or_one_about_the_site(menu):
    nav = f'<nav class="menu">{menu}<a href="/lapak/">Lapak</a></nav><time datetime="2026-01-24T14:00:00Z"></time>'

    assert not is_article(page_of(f"{nav}<p>{TEXT * 5}</p>", "https://k.example/lapak/"))
    assert is_article(page_of(f"{nav}<p>{TEXT * 5}</p>", "https://k.example/garam/"))
