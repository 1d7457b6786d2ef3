import json
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.errors import NotAnArticle
from scrapers.extract.article import extract_article
from scrapers.extract.page import Page
from scrapers.extract.text_document import read_text_document, text_document_url
from scrapers.local.seed_site import SeedSite

SEED = Path(__file__).parent.parent.parent / "seeds" / "000_650c3db9ef69406e.txt"
URL = "ni:///sha-256;x"
LEAD = "BANDUNG, iNews.id - Warga memperbaiki saluran air di lima kelurahan sejak pagi."
LONG = "Warga memperbaiki saluran air di lima kelurahan sejak pagi hingga petang, Kamis (2/9/2021), kata camat."


def read(text, inews):
    return read_text_document(text, url=URL, rules=inews)


@pytest.mark.parametrize("change", [
    lambda text: text,
    lambda text: text.replace("\n", "\r\n"),
    lambda text: "\ufeff" + text,
    lambda text: text.replace("\n", "  \t\n"),
    lambda text: text.replace("\n\n", "\n"),
], ids=["as it is", "CRLF", "byte order mark", "trailing spaces", "no empty lines"])  # fmt: skip
def test_seed_document_gives_the_article_beside_it(change, inews, as_json):
    expected = json.loads(SEED.with_suffix(".json").read_text("utf-8"))

    article = as_json(read(change(SEED.read_text("utf-8")), inews))

    assert {name: article[name] for name in expected} == expected
    assert article["provenance"].keys() - expected.keys() == {"canonical_url", "body_kinds", "date_line_agency"}


def test_seed_page_and_seed_document_give_the_same_article(inews, as_json):
    document = as_json(read(SEED.read_text("utf-8"), inews))
    with SeedSite() as site:
        url = next(url for url in site.urls() if "/dulu-berperang-" in url)
        connection = HTTPConnection("127.0.0.1", site.port, timeout=10)
        connection.request("GET", urlsplit(url).path, headers={"Host": urlsplit(url).netloc})
        response = connection.getresponse()
        page = as_json(extract_article(Page(url, response.read(), response.headers["Content-Type"]), inews))
        connection.close()

    # What only a page can say: addresses and the breadcrumb.
    assert page["article_section"] == ["News", "Internasional"]
    assert page["image"].pop("url") is not None
    assert all(card.pop("url") for card in page["related"])
    for card in [document["image"], *document["related"]]:
        assert card.pop("url") is None
    only_of_one = {"url", "canonical_url", "article_section", "provenance", "word_count"}
    assert {name: page[name] for name in page.keys() - only_of_one} == {
        name: document[name] for name in document.keys() - only_of_one
    }


def test_every_field_that_was_found_says_where(inews):
    article = read(SEED.read_text("utf-8"), inews)

    assert article.provenance == {
        "canonical_url": "document:url",
        "headline": "text:first_line",
        "author": "text:byline",
        "image": "text:caption",
        "date_line": "body:date_line",
        "date_line_agency": "body:date_line",
        "article_body": "text:paragraphs",
        "body_kinds": "text:paragraphs",
        "editor": "body:editor_line",
        "related": "text:related_cards",
        "publisher": "outlet",
        "in_language": "outlet",
    }


def test_document_without_an_address_is_named_by_its_bytes():
    # The example of RFC 6920, section 8.1.
    assert text_document_url(b"Hello World!") == "ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk"


def test_headline_and_body_are_enough(inews):
    article = read(f"Saluran Air Diperbaiki\n\n{LONG}\n\nKedua.", inews)

    assert article.headline == "Saluran Air Diperbaiki"
    assert article.article_body == (LONG, "Kedua.")
    assert (article.author, article.editor, article.date_line, article.image, article.related) == (
        (),
        None,
        None,
        None,
        (),
    )


def test_date_is_read_from_a_line_of_its_own_in_the_head(inews):
    article = read(f"Judul\nMinggu, 08 Maret 2026 - 10:56:00 WIB\nRatna Wulandari\n\n{LEAD}", inews)

    assert article.date_published == datetime(2026, 3, 8, 3, 56, tzinfo=UTC)
    assert article.date_published_raw == "Minggu, 08 Maret 2026 - 10:56:00 WIB"
    assert article.author == ("Ratna Wulandari",)


def test_date_is_guessed_neither_from_text_nor_from_a_caption_nor_from_a_related_card(inews):
    caption = "Warga antre, Kamis, 2 September 2021 - 10:00 WIB (Foto: Reuters)"

    article = read(
        f"Judul\n{caption}\n\n{LONG}\n\nMinggu, 08 Maret 2026\n\nArtikel Terkait\nNasional\n2 hari lalu\n\nLain", inews
    )

    assert article.date_published is None
    assert article.date_published_raw is None


def test_two_authors_and_a_caption_without_credit_stand_in_the_head(inews):
    article = read(f"Judul\nRatna Wulandari\nDadan Hermawan\nPetugas mengangkat lumpur dari selokan\n\n{LEAD}", inews)

    assert article.author == ("Ratna Wulandari", "Dadan Hermawan")
    assert article.image.caption == "Petugas mengangkat lumpur dari selokan"
    assert article.image.credit_text is None


@pytest.mark.parametrize("promo", [
    "Baca Juga: Banjir Surut di Tiga Desa",
    "Baca Juga\nBanjir Surut di Tiga Desa",
    "Baca Juga\n\nBanjir Surut di Tiga Desa",
    "Advertisement . Scroll to see content",
])  # fmt: skip
def test_promo_inside_the_body_is_dropped(promo, inews):
    article = read(f"Judul\n\n{LEAD}\n\n{promo}\n\nKedua.", inews)

    assert article.article_body == (LEAD.split(" - ")[1], "Kedua.")


@pytest.mark.parametrize(
    "foot", ["Berita Terkini\nx", "Tags:\nkopi", "Page:\n1\n2", "Network\nx", "Artikel Terkait\nx"]
)
def test_body_without_an_editor_line_ends_at_the_foot(foot, inews):
    article = read(f"Judul\n\n{LEAD}\n\nTagihan air naik.\n{foot}", inews)

    assert article.article_body == (LEAD.split(" - ")[1], "Tagihan air naik.")


def test_related_card_without_a_section_or_a_headline_does_not_shift_the_others(inews):
    cards = "1 jam lalu\nSatu\n\n3 jam lalu\nTiga\n\nNasional\n2 jam lalu\nDua\n\nsetahun lalu\nBerita Terkini\nLain"

    article = read(f"Judul\n\n{LEAD}\nEditor : A B\nArtikel Terkait\n{cards}", inews)

    shown = [(card.article_section, card.relative_age, card.headline) for card in article.related]
    assert shown == [
        (None, "1 jam lalu", "Satu"),
        (None, "3 jam lalu", "Tiga"),
        ("Nasional", "2 jam lalu", "Dua"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty_page"),
        (" \r\n\ufeff\x00\n", "empty_page"),
        ("Halo dunia", "not_an_article"),
        ("User-agent: *\nDisallow: /\n", "not_an_article"),
        ("Judul satu\n2 jam lalu\nJudul dua\n3 jam lalu\nJudul tiga\n", "not_an_article"),
        (f"{LONG * 4}\n\n{LONG}", "not_an_article"),
        ("Judul\n\nBANDUNG, iNews.id -\nEditor : A B", "not_an_article"),
    ],
)
def test_text_that_is_no_article_is_refused(text, reason, inews):
    with pytest.raises(NotAnArticle) as caught:
        read(text, inews)

    assert caught.value.reason == reason


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.characters(), max_size=300) | st.lists(
    st.sampled_from(["Judul", LEAD, LONG, "Editor : A B", "Artikel Terkait", "2 hari lalu", "Baca Juga", "Kanal", ""])
).map("\n".join))  # fmt: skip
def test_any_text_gives_an_article_or_is_said_not_to_be_one(text, inews):
    try:
        article = read(text, inews)
    except NotAnArticle:
        return
    assert article.headline
    assert all(article.article_body)
