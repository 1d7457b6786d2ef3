import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.extract import ANY_SITE, body_scores, cases, warta
from scrapers.extract.body.article_body import find_body
from scrapers.extract.body.density import ArticleHints
from scrapers.extract.dom.tree import parse
from scrapers.extract.page import Page, Rules

PAGES = Path(__file__).parents[2] / "fixtures" / "pages"
FIRST = "Harga beras di tingkat petani turun menjadi Rp6.200 per kilogram sejak awal pekan ini."
SECOND = "Penurunan itu terjadi karena panen raya berlangsung serentak di empat kabupaten sekaligus."
THIRD = "Pemerintah daerah berjanji membeli gabah petani sebelum harganya jatuh lebih dalam lagi."
STORY = tuple(
    f"{sentence} {rest}"
    for rest in ("Hal itu disampaikan kepala dinas pertanian pada Senin pagi.", "Warga menyambutnya dengan gembira.")
    for sentence in (FIRST, SECOND, THIRD)
)
FLOOR = 0.98  # the mean was .989 when this was written
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in STORY)
LINKS = "".join(f'<li><a href="/{i}">Judul berita lain yang cukup panjang nomor {i}</a></li>' for i in range(9))


def body(html, **hints):
    found = find_body(
        parse(Page(url="https://kabar.example/berita", body=html.encode())), ANY_SITE, ArticleHints(**hints)
    )
    return found.value if found else None


@pytest.mark.parametrize(
    "html",
    [
        f"<div>{PARAGRAPHS}</div>",
        f"<div>{'<br><br>'.join(STORY)}</div>",
        "".join(f"<div>{line}</div>" for line in STORY),
        "".join(f"<section><div><p>{line}</p></div></section>" for line in STORY),
        f"<font><b>{STORY[0]}</b><br>{{}}</font>".format("<br>".join(STORY[1:])),
        f"<table><tr><td><a href=/>Beranda</a><br><a href=/a>Bola</a></td><td>{'<br>'.join(STORY)}</td></tr></table>",
    ],
    ids=["p", "br", "div", "sections", "inline", "layout table"],
)
def test_paragraphs_are_found_however_they_are_marked_up(html):
    lines = body(f"<body><h1>Judul</h1><ul>{LINKS}</ul>{html}<ul>{LINKS}</ul></body>")

    assert lines == STORY


@pytest.mark.parametrize(
    "clutter",
    [
        f"<nav><p>{FIRST}</p></nav>",
        f"<aside><p>{FIRST}</p></aside>",
        f'<div class="related-posts"><p>{FIRST}</p></div>',
        f'<div id="relatedPosts"><p>{FIRST}</p></div>',
        f'<div class="comments"><p>{FIRST}</p></div>',
        f"<div hidden><p>{FIRST}</p></div>",
        f'<div style="display: none"><p>{FIRST}</p></div>',
        f'<div role="complementary"><p>{FIRST}</p></div>',
        f'<ul><li><a href="/x">Judul berita lain</a><p>{FIRST}</p></li></ul>',
        f"<ul>{LINKS}</ul>",
        "<script>var teks = 'bukan isi';</script>",
    ],
)
def test_what_is_no_story_is_left_out_inside_the_story(clutter):
    lines = body(f"<article>{PARAGRAPHS}{clutter}{PARAGRAPHS}</article>")

    assert lines == STORY * 2


def test_name_of_clutter_is_not_believed_of_what_holds_the_page_s_prose():
    lines = body(f'<div class="page has-sidebar"><div class="sponsored">{PARAGRAPHS}</div></div>')

    assert lines == STORY


def test_short_lines_count_where_an_element_calls_itself_the_article_s_text():
    winners = [f"Pemenang {i}: Regu {i}" for i in range(20)]
    items = "".join(f"<li>{line}</li>" for line in winners)

    lines = body(f'<div class="article-body"><p>{FIRST}</p><ul>{items}</ul><p>{SECOND}</p></div>')

    assert lines == (FIRST, *winners, SECOND)


def test_subheads_quotes_lists_and_linked_words_stay_in_the_body():
    lines = body(
        f"<article><p>{FIRST}</p><h2>Panen raya</h2><blockquote>{SECOND}</blockquote><ul><li>Satu</li></ul>"
        f'<p>Menurut <a href="/x">laporan dinas pertanian</a>, {THIRD}</p></article>'
    )

    assert lines == (FIRST, "Panen raya", SECOND, "Satu", f"Menurut laporan dinas pertanian, {THIRD}")


@pytest.mark.parametrize("tag", ["span", "div", "p", "td", "b"])
def test_declared_body_may_be_any_element(tag):
    page = Page(url="https://kabar.example/x", body=f"<table><tr><{tag} class=isi>Satu.<br>Dua.</{tag}>".encode())

    found = find_body(parse(page), Rules(outlet="kabar", article_body=".isi"))

    assert found.value == ("Satu.", "Dua.")


def test_page_in_another_template_than_the_declared_one_is_read_where_its_text_is_densest():
    page = Page(url="https://kabar.example/x", body=f"<h1>Judul</h1><div class=lama>{PARAGRAPHS}</div>".encode())

    found = find_body(parse(page), Rules(outlet="kabar", article_body=".isi"))

    assert found.value == STORY
    assert found.rule == "body:density"


def body_in(html, rules=ANY_SITE):
    return find_body(
        parse(Page(url="https://kabar.example/x", body=html.encode())), rules, url="https://kabar.example/x"
    )


@pytest.mark.parametrize("rules", [ANY_SITE, Rules(outlet="kabar", article_body=".isi")])
def test_subheads_lists_and_quotes_are_told_from_paragraphs(rules):
    items = ("Satu gudang di tiap kecamatan.", "Dua mesin pengering untuk setiap gudang.")

    found = body_in(
        f"<article class=isi><p>{FIRST}</p><h2>Panen raya</h2><blockquote><p>{SECOND}</p></blockquote>"
        f"<ul><li>{items[0]}</li><li>{items[1]}</li></ul><p>{THIRD}</p></article>",
        rules,
    )

    assert found.value == (FIRST, "Panen raya", SECOND, *items, THIRD)
    assert found.kinds == ("paragraph", "subhead", "quote", "list_item", "list_item", "paragraph")


def test_list_that_holds_the_whole_story_is_layout():
    found = body_in(f"<ul><li><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></li></ul>")

    assert set(found.kinds) == {"paragraph"}


def test_body_in_several_parts_of_the_page_is_read_whole():
    html = f"<div class=isi><p>{FIRST}</p></div><p>Iklan</p><section class=lanjutan><p>{SECOND}</p></section>"

    found = body_in(html, Rules(outlet="kabar", article_body=(".isi", ".lanjutan")))

    assert found.value == (FIRST, SECOND)
    assert found.rule == "css:.isi, .lanjutan"


def test_pictures_of_the_body_are_those_inside_it():
    html = (
        f"<img src=/kepala.jpg><article><p>{FIRST}</p><p><img src=/isi.jpg></p><p>{SECOND}</p><p>{THIRD}</p></article>"
        "<div><img src=/lain.jpg></div>"
    )

    assert [image.url for image in body_in(html).images] == ["https://kabar.example/isi.jpg"]


def test_what_stands_before_the_headline_in_the_same_element_is_left_out():
    news = "".join(f"<li>{line}</li>" for line in reversed(STORY))

    lines = body(f"<div><ul>{news}</ul><h2>Harga beras turun</h2>{PARAGRAPHS}</div>", headline="Harga beras turun")

    assert lines == STORY


def test_part_of_the_article_that_is_named_like_its_headline_does_not_begin_it():
    lines = body(
        f"<div><h2>Mengapa turun</h2>{PARAGRAPHS}<h2>Harga beras turun</h2>{PARAGRAPHS}</div>",
        headline="Harga beras turun",
    )

    assert lines == ("Mengapa turun", *STORY, "Harga beras turun", *STORY)


def test_text_that_no_reader_sees_is_left_out():
    lines = body(f'<article>{PARAGRAPHS}<span style="display:none">{FIRST}</span><p>{SECOND}</p></article>')

    assert lines == (*STORY, SECOND)


def test_lines_of_a_long_paragraph_with_an_image_are_no_captions():
    items = [f"Barang murah nomor {i}" for i in range(5)]

    lines = body(f"<article>{PARAGRAPHS}<p><img src=a.jpg>{'<br>'.join(items)}</p><p>{FIRST}</p></article>")

    assert lines == (*STORY, *items, FIRST)


def test_counting_pixel_makes_no_caption():
    lines = body(f"<article>{PARAGRAPHS}<p>Harga naik lagi<img src=a.gif width=1 height=1></p><p>{FIRST}</p></article>")

    assert lines == (*STORY, "Harga naik lagi", FIRST)


def test_heading_is_not_judged_by_an_id_made_of_its_words():
    lines = body(f'<article>{PARAGRAPHS}<h2 id="share-of-newsletter">Pangsa pasar</h2>{PARAGRAPHS}</article>')

    assert lines == (*STORY, "Pangsa pasar", *STORY)


def test_list_before_the_first_paragraph_begins_the_body_with_the_line_above_it():
    lines = body(f"<article><p>Tiga hal:</p><ul><li>Satu</li><li>Dua</li></ul>{PARAGRAPHS}</article>")

    assert lines == ("Tiga hal:", "Satu", "Dua", *STORY)


@pytest.mark.parametrize("name", ["standfirst", "article-deck", "subHeadline", "post__excerpt"])
def test_line_that_its_name_calls_a_standfirst_is_one_however_short(name):
    lines = body(f'<header><h1>Judul</h1><p class="{name}">Harga gabah turun di 2026</p></header>{PARAGRAPHS}')

    assert lines == ("Harga gabah turun di 2026", *STORY)


def test_quote_that_repeats_a_sentence_of_the_story_is_left_out():
    lines = body(f"<article>{PARAGRAPHS}<blockquote>… {FIRST[:-1]} …</blockquote><p>{THIRD}</p></article>")

    assert lines == (*STORY, THIRD)


def test_author_s_life_at_the_end_is_left_out():
    life = "Siti Rahma adalah wartawan yang meliput pertanian di Jawa Barat sejak sepuluh tahun lalu."

    assert body(f"<article>{PARAGRAPHS}<p>{life}</p></article>", authors=("Siti Rahma",)) == STORY
    assert body(f"<article>{PARAGRAPHS}<p>{life}</p></article>") == (*STORY, life)


@pytest.mark.parametrize(
    "caption",
    [
        "<p>© Kantor Berita Petani menjemur gabah di halaman rumah.</p>",
        '<div class="imgcaption">Petani di sawah.</div>',
    ],
)
def test_caption_is_left_out_where_no_figure_holds_it(caption):
    lines = body(f"<article>{PARAGRAPHS}{caption}<p>{FIRST}</p></article>")

    assert lines == (*STORY, FIRST)


def test_short_article_is_found_among_pointers_and_advertisements():
    pointer = '<table><tr><td>Lihat juga: <a href="/x">Judul berita lain</a></td></tr></table><div>ADVERTISEMENT</div>'

    lines = body(f"<div><p>{FIRST}</p>{pointer * 3}<p>{SECOND}</p></div>", is_article=True)

    assert lines == (FIRST, SECOND)


def test_standfirst_under_the_headline_begins_the_body():
    lines = body(f"<header><h1>Judul</h1><p>{THIRD}</p></header><article><p>{FIRST}</p><p>{SECOND}</p></article>")

    assert lines == (THIRD, FIRST, SECOND)


@pytest.mark.parametrize(
    "foot",
    [
        "Sign up for our newsletter.",
        "© 2026 Kabar",
        "Follow us on X.",
        "Copyright 2026. All rights reserved.",
        "This website uses cookies to count its visitors.",
        "Kabar by post. Click here for more.",
        "Comments on this article are read before they appear, which takes a while.",
    ],
)
def test_note_at_the_foot_is_left_out(foot):
    lines = body(f"<article>{PARAGRAPHS}<p>{foot}</p></article>")

    assert lines == STORY


@pytest.mark.parametrize(
    "caption",
    ["<p><img src=a.jpg> Petani di sawah</p>", "<div>Petani memanen padi di Karawang (Foto: Antara/Budi)</div>"],
)
def test_caption_is_left_out(caption):
    lines = body(f"<article><p>{FIRST}</p>{caption}<p>{SECOND}</p><p>{THIRD}</p></article>")

    assert lines == (FIRST, SECOND, THIRD)


def test_row_of_a_table_is_not_judged_by_its_name():
    rows = "".join(f'<tr class="odd player"><td>{at}</td><td>Pebalap</td></tr>' for at in (1, 2))

    lines = body(f'<div class="article-body">{PARAGRAPHS}<table>{rows}</table><p>{FIRST}</p></div>')

    assert lines == (*STORY, "1 Pebalap", "2 Pebalap", FIRST)


def test_data_of_a_picture_that_no_script_has_read_are_left_out():
    assert body(f"<div>{PARAGRAPHS}<p>https://kabar.example/a.jpeg 1200 676 admin {FIRST}</p></div>") == STORY


def test_headline_that_is_printed_once_more_is_left_out():
    headline = "Harga Beras di Tingkat Petani Turun Menjadi Rp6.200, Kata Bupati: “Wajar”"

    lines = body(f"<title>{headline} - Kabar.com</title><h1>Kabar</h1><article><p>{headline}</p>{PARAGRAPHS}</article>")

    assert lines == STORY


def test_captions_are_the_body_of_a_gallery():
    pictures = "".join(f"<figure><img src=a.jpg><figcaption>{line}</figcaption></figure>" for line in STORY)

    lines = body(f"<main><h1>Galeri</h1>{pictures}</main><ul>{LINKS}</ul>")

    assert lines == STORY


@pytest.mark.parametrize("header", ["<h1>{}</h1>", "<nav><h1>{}</h1></nav>"], ids=["headline", "left out"])
def test_body_ends_where_the_page_scrolls_on_to_the_next_story(header):
    other = "<p>Berita yang lain ini membahas hal yang sama sekali berbeda dari berita di atas.</p>" * 9

    stories = (
        f"<article>{header.format(name)}{text}</article>" for name, text in (("Satu", PARAGRAPHS), ("Dua", other))
    )

    lines = body(f"<main>{''.join(stories)}</main>")

    assert lines == STORY


def test_chinese_paragraphs_are_long_enough_though_their_characters_are_few():
    lines = (
        "中国警方关闭了三万四千个网络账号。",
        "据新华社报道，这些账号散布谣言，扰乱社会秩序，影响恶劣。",
        "警方表示，专项行动还将继续进行下去。",
    )

    assert body("".join(f"<p>{line * 2}</p>" for line in lines)) == tuple(line * 2 for line in lines)


def test_page_that_an_unclosed_button_swallows_keeps_its_body():
    lines = body(f"<header><button>Menu</header><main><article>{PARAGRAPHS}</article></main>")

    assert lines == STORY


@pytest.mark.parametrize(
    "html",
    [
        f"<h1>Indeks</h1><ul>{LINKS}</ul>",
        "".join(f'<div><h3><a href="/{i}">{FIRST}</a></h3><p>2 jam lalu</p></div>' for i in range(30)),
        "<p>Halaman tidak ditemukan.</p>",
        f"<rss><channel><item><title>Judul</title><description>{FIRST} {SECOND}</description></item></channel></rss>",
    ],
    ids=["links", "cards", "one line", "feed"],
)
def test_page_without_a_story_has_no_body(html):
    assert body(html) is None


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 1500 + PARAGRAPHS,
        f"<article>{PARAGRAPHS}" + "<ul><li><a href=x>y</a></ul>" * 15_000,
        f"<p>{'kata ' * 1_000_000}</p>",
        f"<p>{'<b>' * 200}{FIRST}" + "<i>x</i>" * 40_000,
        f'<article class="{"a" * 2_000_000}">{PARAGRAPHS}',
        "<article><h1>Judul</h1>" * 1500 + PARAGRAPHS,
    ],
    ids=["deep", "wide", "long", "inline", "long name", "articles"],
)
def test_hostile_page_is_read_in_bounded_time(html):
    begun = time.process_time()

    body(html)

    assert time.process_time() - begun < 10  # seconds; a time in the square of the size would be minutes


TAGS = st.sampled_from(
    ["div", "p", "a", "article", "aside", "h1", "ul", "li", "table", "tr", "td", "br", "img", "button", "script"]
)
ATTRIBUTES = st.sampled_from(["", ' class="article-body"', ' class="comments"', " hidden", ' itemprop="articleBody"'])
PIECES = st.one_of(
    st.builds("<{}{}>".format, TAGS, ATTRIBUTES),
    st.builds("</{}>".format, TAGS),
    st.sampled_from(STORY),
    st.text(max_size=30),
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_soup_of_tags_gives_lines_of_text_or_none(html):
    found = body("<p>x</p>" + html.encode("utf-8", "replace").decode())

    assert found is None or (found and all(line.strip() == line != "" for line in found))


def test_bodies_of_the_saved_pages_are_found_without_their_outlet_s_rules():
    saved = list(cases(PAGES))

    scores = [body_scores(case.gold.body, warta(case).body)[2] for case in saved]

    assert len(scores) >= 3
    assert sum(scores) / len(scores) >= FLOOR


def test_attribute_with_a_name_that_lxml_refuses_is_passed_over():
    story = "<p>Warga menanti harga turun di pasar. Pedagang menanti pembeli yang datang pagi hari." * 5
    html = f"<body><div class=isi a\x01b=1>{story}</div></body>"

    assert find_body(parse(Page(url="https://kabar.example/x", body=html.encode())), ANY_SITE)


def test_name_that_modifies_a_block_hides_no_story():
    story = f"<div class='field field--label-hidden has-rail-right'>{PARAGRAPHS}</div>"
    said = f"<div class=comments>{PARAGRAPHS}<p>{STORY[0]}</p></div>"

    assert body(f"<main><h1>Judul</h1>{story}{said}</main>") == STORY


@pytest.mark.parametrize("apart", ["comments", "cookie-consent"])
def test_what_readers_or_a_consent_window_say_is_no_part_of_the_prose_that_a_story_is_measured_by(apart):
    others = f"<div class={apart}>{PARAGRAPHS}</div><div class=bio><p>{STORY[0]}</p></div>"

    assert body(f"<main><h1>Judul</h1><div class='entry share'>{PARAGRAPHS}</div>{others}</main>") == STORY


def test_page_with_a_headline_or_a_date_of_which_nothing_was_found_is_looked_at_again():
    parts = "".join(f"<div class={name}><p>{a}</p><p>{b}</p></div>" for name, a, b in (
        ("promo", *STORY[:2]), ("gallery", *STORY[2:4]), ("print", *STORY[4:]),
    ))  # fmt: skip

    assert body(f"<div>{parts}</div>") is None
    assert body(f"<div>{parts}</div>", day=date(2026, 3, 8)) == STORY
    assert body(f"<div><h1>Judul</h1>{parts}</div>") == STORY


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Beratnya 10<sup>6</sup> ton", "Beratnya 10⁶ ton"),
        ("Tebalnya 3×10<sup>-3</sup> meter", "Tebalnya 3×10⁻³ meter"),
        ("Abad ke-19<sup>th</sup> lalu", "Abad ke-19th lalu"),
        ("Harganya <del>dua</del> tiga juta", "Harganya tiga juta"),
        ("Harganya <s>dua</s> tiga juta", "Harganya tiga juta"),
        ("Ia berkata <q>tak ada yang bayar</q> tadi", "Ia berkata “tak ada yang bayar” tadi"),
        ("Kota <ruby>桟橋<rp>(</rp><rt>さんばし</rt><rp>)</rp></ruby> itu", "Kota 桟橋 itu"),
        ("Kota <a href=/x>Wela<span class=sr-only> (tab baru)</span></a> itu", "Kota Wela itu"),
        ("Kota <a href=/x>Wela<span class='visually-hidden'>, baru</span></a> itu", "Kota Wela itu"),
    ],
)
def test_text_keeps_the_meaning_that_its_elements_give_it(written, read):
    assert body(f"<div><p>{written}. {STORY[0]}</p>{PARAGRAPHS}</div>")[0] == f"{read}. {STORY[0]}"


@pytest.mark.parametrize(
    "style", ["visibility:hidden", "position:absolute; left: -9999px", "display: none", "font-size:0", "top:-9999px"]
)
def test_paragraph_that_no_reader_sees_is_none_of_the_body(style):
    assert body(f"<div>{PARAGRAPHS}<p style='{style}'>{FIRST} {SECOND}</p></div>") == STORY


def test_heading_that_links_to_itself_is_one_without_its_sign():
    head = "<h2 id=a><a href='#toc1'>Mengapa tiang lapuk</a><a class=headerlink href='#a'>¶</a></h2>"

    assert "Mengapa tiang lapuk" in body(f"<div><p>{STORY[0]}</p>{head}{PARAGRAPHS}</div>")


def test_code_keeps_its_lines():
    code = "for tiang in dermaga:\n    if tiang.lapuk:\n        ganti(tiang)"

    assert code in body(f"<div>{PARAGRAPHS}<pre>{code}\n</pre>{PARAGRAPHS}</div>")
