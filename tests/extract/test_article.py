import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.errors import NotAnArticle
from scrapers.extract.article import extract_article, read_fields
from scrapers.extract.fields.next_pages import count_pages
from scrapers.extract.page import Page, Rules
from scrapers.extract.parsed_page import ParsedPage
from scrapers.items import Charset, Contributor

PAGES = Path(__file__).parent.parent / "fixtures" / "pages" / "inews"
URL = "https://www.inews.id/news/nasional/sebuah-berita-yang-diuji"
FETCHED_AT = datetime(2026, 4, 1, tzinfo=UTC)
ANY_SITE = Rules(outlet="any")


def page_from(html, url=URL):
    return Page(url=url, body=html.encode(), content_type="text/html; charset=utf-8", fetched_at=FETCHED_AT)


def article_page(head="", body="<p>JAKARTA, iNews.id - Isi berita.</p>"):
    return page_from(
        f"<head>{head}</head><body><h1 class=headerTitle>Judul</h1>"
        f"<article class=bodyArticleWrapper>{body}</article></body>"
    )


def test_home_page_is_no_article_whatever_it_says_of_itself(inews):
    page = replace(article_page('<meta property="og:type" content="article">'), url="https://www.inews.id/")

    with pytest.raises(NotAnArticle, match="another kind"):
        extract_article(page, inews)


def test_date_line_credits_and_initials_are_kept_beside_the_story(inews):
    body = (
        "<p>JAKARTA, iNews.id - Isi berita.</p><h3>Sub</h3><p>Akhir berita. (fyk/ash)</p>"
        "<p>Reporter: Ratna Wulandari</p><p>Editor: Maria</p>"
    )

    article = extract_article(article_page(body=body), inews)

    assert article.article_body == ("Isi berita.", "Sub", "Akhir berita.")
    assert article.body_kinds == ("paragraph", "subhead", "paragraph")
    assert (article.date_line, article.date_line_agency, article.initials) == ("JAKARTA", "iNews.id", "fyk/ash")
    assert (article.editor, article.contributor) == ("Maria", (Contributor("Ratna Wulandari", "reporter"),))


def test_lead_image_is_not_counted_among_those_of_the_body(inews):
    head = '<meta property="og:image" content="https://img.inews.co.id/media/600/a.jpg">'
    body = "<p>Isi.</p><img src=https://img.inews.co.id/media/1200/a.jpg><p>Lagi.</p><img data-original=/b.jpg>"

    article = extract_article(article_page(head, body), inews)

    assert [image.url for image in article.images] == ["https://www.inews.id/b.jpg"]


def test_charset_is_told_where_header_and_page_disagree(inews):
    article = extract_article(article_page("<meta charset=windows-1252>"), inews)

    assert article.charset == Charset("utf-8", header="utf-8", declared="cp1252")
    assert extract_article(article_page("<meta charset=utf-8>"), inews).charset is None


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (["/2", "/3", "/2", "/all", "/1"], ["/2", "/3"]),
        (["?page=2", "?page=all"], ["?page=2"]),
        (["/2026", "-lain", "#2", "?utm=1"], []),
    ],
)
def test_next_pages_are_the_addresses_of_the_articles_further_ones(inews, links, expected):
    anchors = "".join(f'<a href="{URL}{link}">x</a>' for link in links)

    article = extract_article(article_page(body=f"<p>Isi.</p><div>{anchors}</div>"), inews)

    assert article.next_pages == tuple(URL + link for link in expected)


def test_utc_that_is_really_local_time_is_read_so_where_the_outlet_declares_it(inews):
    page = article_page('<meta property="article:published_time" content="2026-03-08T10:56:00Z">')

    lying = extract_article(page, replace(inews, utc_is_local=True))
    honest = extract_article(page, inews)

    assert lying.date_published.isoformat() == "2026-03-08T10:56:00+07:00"
    assert lying.date_published_raw == "2026-03-08T10:56:00Z"
    assert honest.date_published.astimezone(UTC).hour == 10


def test_selector_may_name_an_attribute_and_the_editor():
    rules = Rules(outlet="k", publisher="K", selectors={"author": "meta[name=penulis]::attr(content)", "editor": ".ed"})
    page = page_from(
        f"<meta name=penulis content='Ratna Wulandari'><h1>Judul</h1><p class=ed>Editor: Maria Dewi</p>"
        f"<article><p>{'Isi berita yang cukup panjang untuk sebuah paragraf. ' * 4}</p></article>"
    )

    article = extract_article(page, rules)

    assert article.author == ("Ratna Wulandari",)
    assert article.editor == "Maria Dewi"


@pytest.mark.parametrize("saved", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_saved_page_gives_the_article_beside_it(saved, inews, as_json):
    expected = json.loads(saved.with_suffix(".json").read_text("utf-8"))
    page = Page(url=expected["url"], body=saved.read_bytes(), content_type="text/html", fetched_at=FETCHED_AT)

    try:
        given = as_json(extract_article(page, inews))
    except NotAnArticle as error:
        given = {"url": page.url, "reason": error.reason}

    # Fields that a saved page's JSON leaves out are tested elsewhere.
    provenance = given.get("provenance", {})
    given["provenance"] = {name: provenance.get(name) for name in expected.get("provenance", {})}
    assert {name: given.get(name) for name in expected} == expected


SIGNED = '<a rel="author">Siti Rahma</a><time datetime="2026-03-08T10:56:00+07:00">Minggu</time>'


@pytest.mark.parametrize(("byline", "is_article"), [(SIGNED, True), ("", False)])
def test_few_lines_are_an_article_where_headline_author_and_date_are_printed(byline, is_article):
    lines = (
        "<p>Harga gabah turun lagi di tingkat petani sejak awal pekan ini.</p>"
        "<p>Panen raya berlangsung serentak di empat kabupaten.</p>"
    )
    cards = "".join(f"<li><a href=/{i}>Judul berita lain yang panjang nomor {i}</a></li>" for i in range(3))
    page = page_from(f"<h1>Harga gabah turun lagi di empat kabupaten</h1>{byline}<div>{lines}</div><ul>{cards}</ul>")

    assert bool(read_fields(page, ANY_SITE)["article_body"]) == is_article


def test_page_without_an_article_is_named_in_one_line_with_its_address(inews):
    with pytest.raises(NotAnArticle) as caught:
        extract_article(page_from("<h1 class=headerTitle>Judul</h1>"), inews)

    assert str(caught.value) == f"{URL} is not an article: it has no body"


def test_body_without_a_headline_is_not_an_article(inews):
    page = page_from("<article class=bodyArticleWrapper><p>Isi berita tanpa judul.</p></article>")

    with pytest.raises(NotAnArticle, match="no headline"):
        extract_article(page, inews)


@pytest.mark.parametrize("body", [b"", b" \r\n", b"\x00\x00", b"<!-- only a comment -->"])
def test_page_without_text_is_empty(body, inews):
    with pytest.raises(NotAnArticle) as caught:
        extract_article(Page(url=URL, body=body), inews)

    assert caught.value.reason == "empty_page"


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        ("https://m.inews.id/news/nasional/x", "https://m.inews.id/news/nasional/x"),
        ("/news/nasional/x#isi", "https://www.inews.id/news/nasional/x"),
        ("https://www.inews.id/", URL),
        ("https://www.inews.id/news/nasional", URL),
        ("https://www.inews.id/finance/", URL),
        ("https://inews.example/news/nasional/x", URL),
        ("https://evil-inews.id/news/nasional/x", URL),
        ("javascript:alert(1)", URL),
        ("https://www.inews.id:harga/x", URL),
        ("https://[inews.id/x", URL),
    ],
)
def test_canonical_url_is_what_the_page_says_only_within_its_own_site(canonical, expected, inews):
    article = extract_article(article_page(f'<link rel="canonical" href="{canonical}">'), inews)

    assert article.canonical_url == expected


@pytest.mark.parametrize(
    ("canonical", "same"),
    [
        ("http://karawang.inews.localhost:8900/read/1/x", True),
        ("http://www.inews.localhost:9999/read/1/x", False),
        ("http://www.okezone.localhost:8900/read/1/x", False),
    ],
)
def test_local_copy_of_a_site_is_told_by_its_last_two_labels_and_its_port(canonical, same, inews):
    url = "http://www.inews.localhost:8900/news/nasional/x"
    html = article_page(f'<link rel="canonical" href="{canonical}">').body.decode()

    article = extract_article(page_from(html, url), inews)

    assert article.canonical_url == (canonical if same else url)


def test_date_that_cannot_be_read_keeps_its_raw_text(inews):
    page = article_page('<meta property="article:published_time" content="0000-00-00 00:00:00">')

    article = extract_article(page, inews)

    assert article.date_published is None
    assert article.date_published_raw == "0000-00-00 00:00:00"


def test_date_that_cannot_be_read_gives_way_to_one_that_can(inews):
    page = article_page(
        '<meta property="article:published_time" content="baru saja">'
        '<div class="timeAndShare"><div class="createdAt">Minggu, 08 Maret 2026 - 10:56 WIB</div></div>'
    )

    article = extract_article(page, inews)

    assert article.date_published == datetime(2026, 3, 8, 3, 56, tzinfo=UTC)
    assert article.date_published_raw == "Minggu, 08 Maret 2026 - 10:56 WIB"
    assert article.provenance["date_published"].startswith("css:.timeAndShare .createdAt")


def test_headline_that_is_too_long_for_one_is_none():
    page = page_from(
        f"<title>Warga Menanti Harga Turun</title><h1>{'kata ' * 1_000_000}</h1><p>{'Isi berita. ' * 50}</p>"
    )

    assert extract_article(page, ANY_SITE).headline == "Warga Menanti Harga Turun"


def test_no_control_character_half_character_or_direction_mark_reaches_the_article(inews, as_json):
    dirty = "a\u202eb\u0007c&#0;d\u200be\u0085f&#xD800;g"
    page = page_from(
        f'<meta name="description" content="{dirty}">'
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x\\ud800\\u0000y"}</script>'
        f"<article class=bodyArticleWrapper><p>{dirty}</p></article>",
    )

    article = extract_article(page, inews)

    text = json.dumps(as_json(article), ensure_ascii=False)
    assert all(mark not in text for mark in "\u202e\u0007\x00\u200b\u0085\ud800")
    assert article.headline == "x\ufffdy"


def test_paragraph_ends_where_a_block_begins_or_ends(inews):
    page = article_page(
        body="<div>Sa<b>tu</b>.<p>Dua.</p>Tiga.<br>Empat.<table><tr><td>Beras<td>Rp14.500</table></div>"
    )

    article = extract_article(page, inews)

    assert article.article_body == ("Satu.", "Dua.", "Tiga.", "Empat.", "Beras Rp14.500")


def test_body_nested_deeper_than_lxml_reads_by_default_keeps_its_text(inews):
    page = article_page(body="<div>" * 1000 + "Teks yang dalam." + "</div>" * 1000)

    article = extract_article(page, inews)

    assert article.article_body == ("Teks yang dalam.",)


def test_page_nested_too_deeply_to_be_read_is_refused_instead_of_losing_its_text(inews):
    page = article_page(body="<p>Awal.</p>" + "<div>" * 100_000 + "Teks yang hilang.")

    with pytest.raises(NotAnArticle) as caught:
        extract_article(page, inews)

    assert caught.value.reason == "too_deep"


def test_page_of_more_elements_than_any_article_is_refused_at_once(inews):
    page = article_page(body="<p>x</p>" * 100_001)

    with pytest.raises(NotAnArticle) as caught:
        extract_article(page, inews)

    assert caught.value.reason == "too_large"


def test_page_of_an_unknown_site_gives_its_densest_paragraphs():
    sentence = "Kalimat berita yang cukup panjang supaya dihitung sebagai paragraf. " * 2
    page = page_from(
        "<html lang=id><meta property=og:site_name content=Kabar><h1>Judul Kabar</h1>"
        + "".join(f'<p><a href="/{i}">{sentence}</a></p>' for i in range(9))
        + f"<div><p>{sentence}</p><p>Ya.</p><p>{sentence}</p><p>Baca Juga: Lain</p></div>"
        + f"<footer><p>{sentence}</p></footer>"
    )

    article = extract_article(page, ANY_SITE)

    assert article.article_body == (sentence.strip(), "Ya.", sentence.strip())
    assert (article.headline, article.publisher, article.in_language) == ("Judul Kabar", "Kabar", "id")


def test_body_of_the_structured_data_is_used_where_the_page_shows_none(inews):
    block = {"@type": "NewsArticle", "headline": "Judul", "articleBody": "JAKARTA, iNews.id - Satu.\n\nDua."}
    page = page_from(f'<script type="application/ld+json">{json.dumps(block)}</script><p>x</p>')

    article = extract_article(page, inews)

    assert article.article_body == ("Satu.", "Dua.")
    assert article.date_line == "JAKARTA"


@pytest.mark.parametrize(
    ("html", "pages"),
    [
        ("<script>var x = {'total_page':'3'}</script>", 3),
        ('<script>var x = {"total_page": 12}</script>', 12),
        ("<script>var x = {'total_page':''}</script>", 1),
        ('<ul class="paginationContent"><li class="pageList"><a>1</a><li class="pageList"><a>4</a>'
         '<li class="showAll"><a>Show All</a></ul>', 4),
        ("<p>satu halaman</p>", 1),
    ],
)  # fmt: skip
def test_page_count_is_what_the_page_says(html, pages):
    assert count_pages(ParsedPage(page_from(f"<body>teks {html}</body>"), ANY_SITE)) == pages


WORDS = st.sampled_from([
    "<article class=bodyArticleWrapper>", "<p>", "</p>", "<div>", "</article>", "<h1 class=headerTitle>", "&#0;",
    "&#xD800;", "<script type=application/ld+json>", '{"@type":"NewsArticle","headline":', "[", "}", "</script>",
    '<meta property=article:published_time content="2026-13-45">', "<link rel=canonical href=http://[>", "<!--",
    '<img src="x"><em>', "<article class=bacaJuga>", "Editor : A", "KOTA, iNews.id -", "<![CDATA[", "\x00", "teks ",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400) | st.lists(WORDS, max_size=30).map(lambda words: "".join(words).encode()))
def test_any_bytes_give_an_article_or_are_said_not_to_be_one(inews, body):
    page = Page(url=URL, body=body, fetched_at=FETCHED_AT)

    for rules in (inews, ANY_SITE):
        try:
            article = extract_article(page, rules)
        except NotAnArticle:
            continue
        assert article.headline
        assert all(article.article_body)
        article.headline.encode()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_page_gives_an_article_or_is_said_not_to_be_one(inews, data):
    whole = bytearray((PAGES / "article_two_authors.html").read_bytes())
    for position in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=20)):
        whole[position] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    page = Page(url=URL, body=bytes(whole[:cut]), content_type=data.draw(st.none() | st.just("text/html; charset=hex")))

    try:
        article = extract_article(page, inews)
    except NotAnArticle:
        return
    assert article.headline
    assert all(article.article_body)


def test_keywords_are_tags_without_the_marks_of_a_sites_software():
    head = "".join(
        f'<meta property="article:tag" content="{word}">'
        for word in ("garam", "Category: Kota", "type:article", "0b5c1f0e-9d5e-4c9a-8a5f-0123456789ab", "kapal")
    )

    found = read_fields(
        Page("https://k.example/x", f"<head>{head}</head><h1>Judul</h1><p>isi</p>".encode()), Rules("k")
    )

    assert found["keywords"][0].value == ("garam", "kapal")


def test_section_is_that_of_the_breadcrumbs_where_nothing_else_names_one():
    steps = ",".join(f'{{"@type": "ListItem", "name": "{name}"}}' for name in ("Beranda", "Kota", "Pasar", "Judul"))
    ld = f'{{"@type": "BreadcrumbList", "itemListElement": [{steps}]}}'
    script = f'<meta property="article:section" content="Post"><script type="application/ld+json">{ld}</script>'

    found = read_fields(Page("https://k.example/x", f"{script}<h1>Judul</h1><p>isi</p>".encode()), Rules("k"))

    assert found["article_section"][0].value == ("Kota", "Pasar")
