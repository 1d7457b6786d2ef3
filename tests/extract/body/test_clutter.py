"""Which elements are no part of a story; tests of the whole body are in test_article_body.py."""

import pytest

from benchmarks.extract import ANY_SITE
from scrapers.extract.body.article_body import find_body
from scrapers.extract.body.clutter import ALL_CLUTTER, names_any
from scrapers.extract.body.density import ArticleHints
from scrapers.extract.dom.class_names import split_names
from scrapers.extract.dom.tree import parse
from scrapers.extract.page import Page
from tests.extract.body.test_article_body import FIRST, LINKS, PARAGRAPHS, SECOND, STORY, body

HEADLINE = "Harga beras turun"
CONSENT = (
    "<p>We and our 842 partners store and access information on your device, such as cookies, for these purposes.</p>"
    "<p>You may accept or manage your choices by clicking below, or at any time on the privacy page of this site.</p>"
)


@pytest.mark.parametrize(
    "name",
    [
        "related-posts",
        "gallery",
        "c-gallery",
        "article__gallery",
        "gallery-wrapper",
        "post-author",
        "author-text",
        "cta",
    ],
)
def test_name_says_that_an_element_is_clutter(name):
    assert names_any(split_names(name), ALL_CLUTTER)


@pytest.mark.parametrize(
    "name",
    [
        "field--label-hidden", "has-rail-right", "gallery-story", "print-content", "image-text", "photo-article",
        "category-gallery", "format-image", "print:hidden", "cmp-text", "modal-open", "right-rail-main", "hidden-xs",
    ],
)  # fmt: skip
def test_word_of_a_name_that_describes_a_story_is_not_believed(name):
    assert not names_any(split_names(name), ALL_CLUTTER)


@pytest.mark.parametrize("name", ["gallery", "sidebar", "comments", "hidden", "author"])
@pytest.mark.parametrize("others", ["", f'<div class="comments">{PARAGRAPHS * 9}</div>'], ids=["alone", "comments"])
def test_what_holds_the_headline_is_never_clutter(name, others):
    lines = body(f'<div class="{name}"><h1>{HEADLINE}</h1>{PARAGRAPHS}</div>{others}', headline=HEADLINE)

    assert lines == STORY


@pytest.mark.parametrize(
    "foreign",
    [
        f"<div>{CONSENT * 4}</div>",
        "<div><p>An dieser Stelle steht ein fremder Inhalt von Videoplatz, der den Beitrag ergänzt.</p>"
        "<p>Er lässt sich anzeigen und wieder verbergen.</p></div>",
        "<div><p>Subscribe now to continue reading this and every other story, without advertising.</p></div>",
        "<div><h3>Dalam gambar</h3><ul>"
        + "".join(f"<li><h4>{i}/9 Kapal nomor {i}</h4><p>{STORY[i % 6]}</p></li>" for i in range(1, 10))
        + "</ul></div>",
        '<div class="row">'
        + "".join(
            f'<div class="col"><h3><a href="/{i}">Judul berita lain nomor {i}</a></h3><p>{STORY[i]}</p>'
            f"<span>Siti Rahma</span> <time>{i} jam lalu</time></div>"
            for i in range(2)
        )
        + "</div>",
        f"<div><h2>Sedang terjadi</h2><div><span>11:20</span><h3>Lampu diganti</h3><p>{STORY[0]}</p></div></div>",
    ],
    ids=["consent", "blocked embed", "registration", "slides", "excerpts of other articles", "ticker"],
)
def test_foreign_text_is_left_out_by_what_it_says(foreign):
    assert body(f"<main><h1>{HEADLINE}</h1><div>{PARAGRAPHS}{foreign}</div></main>", headline=HEADLINE) == STORY


@pytest.mark.parametrize(
    "line",
    [
        "Il vous reste 57 % de cet article à lire. La suite est réservée aux abonnés.",
        "Dieser Artikel ist exklusiv für Abonnenten, die schon angemeldet sind.",
        "Contenido exclusivo para suscriptores, que ya han entrado en su cuenta.",
        "Articolo riservato agli abbonati, abbonati per continuare a leggere.",
        "Conteúdo exclusivo para assinantes que já entraram em sua conta.",
        "Artikel ini khusus untuk pelanggan, yang sudah mendaftar di situs ini.",
    ],
)
def test_line_that_says_the_rest_is_for_subscribers_is_left_out(line):
    assert body(f"<article>{PARAGRAPHS}<p>{line}</p></article>") == STORY


def test_article_about_cookies_keeps_what_it_says_of_them():
    lines = body(f"<article><h1>How we use cookies</h1>{CONSENT}{CONSENT}</article>", headline="How we use cookies")

    assert len(lines) == 4


def test_entries_of_a_list_are_the_story_where_it_has_no_other():
    entries = "".join(
        f'<div><h3><a href="https://lain.example/{i}">Pemenang nomor {i}</a></h3><p>{line}</p><i>2026</i></div>'
        for i, line in enumerate(STORY)
    )

    lines = body(f"<main><h1>{HEADLINE}</h1><div>{entries}</div></main>", headline=HEADLINE)

    assert set(STORY) <= set(lines)


def test_rest_of_a_story_inside_a_box_that_is_not_closed_is_kept():
    page = f'<article><h1>{HEADLINE}</h1>{PARAGRAPHS}<div class="cta"><a href=/x>Langganan</a>{PARAGRAPHS}</article>'

    assert body(page, headline=HEADLINE) == STORY * 2


def test_items_with_links_stay_after_the_line_that_introduces_them():
    items = "".join(f"<li>[<a href=/{i}>W-{i}</a>] Kemudi berputar ke arah yang salah</li>" for i in range(9))

    lines = body(f"<article><h1>{HEADLINE}</h1>{PARAGRAPHS}<h2>Perbaikan</h2><ul>{items}</ul></article>")

    assert lines[:7] == (*STORY, "Perbaikan")
    assert len(lines) == 16


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            "Dewan pelabuhan memutuskan hari Selasa untuk menutup<br>dermaga lama selama dua bulan.<br><br>"
            "Pedagang ikan asin di dermaga mengatakan bahwa mereka<br>baru diberi tahu pekan lalu oleh petugas.<br>",
            (
                "Dewan pelabuhan memutuskan hari Selasa untuk menutup dermaga lama selama dua bulan.",
                "Pedagang ikan asin di dermaga mengatakan bahwa mereka baru diberi tahu pekan lalu oleh petugas.",
            ),
        ),
        (
            "<p>旧码头星期二起关闭。</p><p>工程人员将更换腐烂的木桩，工期两个月。</p><p>其间渡轮改停北岸。</p><p>费用四百万元由省府分担。</p>",
            (
                "旧码头星期二起关闭。",
                "工程人员将更换腐烂的木桩，工期两个月。",
                "其间渡轮改停北岸。",
                "费用四百万元由省府分担。",
            ),
        ),
    ],
    ids=["wrapped lines", "short Chinese paragraphs"],
)
def test_short_lines_that_follow_one_another_are_prose(written, read):
    assert body(f"<nav><ul>{LINKS}</ul></nav><h1>{HEADLINE}</h1><div>{written}</div>") == read


def test_story_below_its_headline_that_is_named_as_comments_is_kept_beside_other_prose():
    page = f"<main><h1>{HEADLINE}</h1><div class='comments'>{PARAGRAPHS}</div></main><div><p>{STORY[0] * 4}</p></div>"

    assert body(page, headline=HEADLINE)[: len(STORY)] == STORY


def card(number: int, href: str, extra: str = "") -> str:
    return (
        f'<div><a href="{href}"><img src="/{number}.jpg"></a><span>Opini</span>'
        f'<h3><a href="{href}">Judul tulisan lain nomor {number}</a></h3><p>{SECOND}</p>{extra}</div>'
    )


def read(html: str) -> tuple[str, ...]:
    page = Page(url="https://kabar.example/beras/harga-turun", body=f"<main><h1>{HEADLINE}</h1>{html}</main>".encode())
    found = find_body(parse(page), ANY_SITE, ArticleHints(headline=HEADLINE), page.url)
    return found.value if found else ()


@pytest.mark.parametrize(
    "html",
    [
        f"<div>{PARAGRAPHS}</div><section>{card(1, '/opini/satu')}{card(2, '/opini/dua')}</section>",
        f"<div>{PARAGRAPHS}{card(1, '/opini/satu')}{PARAGRAPHS}{card(2, '/opini/dua')}</div>",
        "<div>{}</div><div>{}{}</div>".format(
            PARAGRAPHS,
            *(
                f'<article><h4><b>Sawah</b> <a href="/{i}">Judul tulisan lain nomor {i}</a></h4><p>{SECOND}</p>'
                f'<a href="/{i}">Mehr</a></article>'
                for i in (1, 2)
            ),
        ),
        f"<div>{PARAGRAPHS}</div>"
        + "".join(
            f'<section><a href="/{i}"><img src="/{i}.jpg"></a><a href="/{i}"><h2>Judul tulisan lain nomor {i}</h2></a>'
            f"<p>{SECOND}</p></section>"
            for i in (1, 2)
        ),
    ],
    ids=["below the story", "inside the story", "with a link to read on", "with a link around its heading"],
)
def test_excerpt_of_another_post_is_known_by_two_links_to_it(html):
    assert SECOND not in read(html)
    assert read(html)[: len(STORY)] == STORY


@pytest.mark.parametrize(
    "items",
    [
        card(1, "https://toko.example/satu") + card(2, "https://toko.example/dua"),
        "".join(f'<div><h3><a href="/{i}">Judul bagian nomor {i}</a></h3><p>{SECOND}</p></div>' for i in (1, 2)),
        "".join(f"<div><h3>Bagian cerita nomor {i}</h3><p>{SECOND}</p></div>" for i in (1, 2)),
        card(1, "/beras/harga-turun#satu") + card(2, "/beras/harga-turun#dua"),
        "".join(card(i, f"/{i}") for i in range(1, 20)),
    ],
    ids=["other sites", "one link each", "no links", "this page", "most of the page"],
)
def test_item_of_the_story_s_own_list_is_no_excerpt(items):
    assert SECOND in read(f"<div>{PARAGRAPHS}{items}<p>{FIRST}</p></div>")
