import json

import pytest

from scrapers.extract.fields.headline import find_alternative_headlines, find_headlines
from scrapers.extract.page import Page, Rules
from scrapers.extract.parsed_page import ParsedPage

LONG = "Warga Memperbaiki Saluran Air di Lima Kelurahan"
OTHER = "Ini Cara Warga Mengatasi Banjir, Nomor Tiga Mudah"


def parsed_page(body="", *, ld=None, og=None, title=None):
    """Read a page that says these headlines."""
    head = f"<title>{title}</title>" if title else ""
    head += (
        f'<meta property="og:title" content="{og}"><meta property="og:site_name" content="Kabar Kota">' if og else ""
    )
    if ld:
        head += f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": ld})}</script>'
    page = Page("https://www.kabarkota.example/news/x", f"<head>{head}</head><body>{body}<p>isi</p>".encode())
    return ParsedPage(page, Rules(outlet="kabarkota"))


@pytest.mark.parametrize(
    ("body", "said", "expected"),
    [
        (f"<h1>{LONG}</h1>", {}, LONG),
        (f"<h1>{LONG} – Kabar Kota</h1>", {}, LONG),
        ("", {"title": f"{LONG} | Kabar Kota"}, LONG),
        ("", {"og": f"{LONG} - Kabar Kota Nasional"}, LONG),
        (f"<h1>{LONG}</h1>", {"og": f"{LONG} - Nasional | Kabar", "title": f"{LONG} - Nasional"}, LONG),
        (f"<h1>Kabar Kota</h1><h1>{LONG}</h1>", {"og": LONG}, LONG),
        ("<h1>Nasional</h1>", {"ld": LONG, "og": LONG}, LONG),
        (f"<h1>Nasional</h1><h2>{LONG}</h2>", {"title": f"{LONG} - Kabar Kota"}, LONG),
        (f"<h1>Banjir: {LONG}</h1>", {"og": LONG}, LONG),
        (f"<h1><span>Banjir</span><span>{LONG}</span></h1>", {"ld": LONG, "og": LONG}, LONG),
        (f"<h1>{LONG}</h1>", {"ld": OTHER, "og": LONG, "title": OTHER}, LONG),
        (f"<h1>{LONG}</h1>", {"og": OTHER, "title": OTHER}, LONG),
        ("<h1>Foto</h1>", {"ld": LONG, "og": OTHER, "title": LONG}, LONG),
        (f"<h1>{LONG}</h1>", {"ld": f"Banjir - {LONG}", "og": f"Banjir: {LONG}"}, f"Banjir - {LONG}"),
        (f"<h1>{LONG}</h1>", {"ld": f"Kabar dari {LONG}", "og": f"Kabar dari {LONG}"}, LONG),
        (f"<h1>{LONG}</h1>", {"ld": LONG, "og": f"Banjir: {LONG}"}, LONG),
        (f"<h1>Banjir / {LONG}</h1>", {"ld": LONG, "og": f"Banjir / {LONG}"}, f"Banjir / {LONG}"),
        (f"<h1>Banjir: {LONG}</h1>", {"og": f"Musim Hujan - {LONG}"}, LONG),
        (f"<h1>Warga: Saluran. Wali kota: {LONG}</h1>", {"og": f"Air. Wali kota: {LONG}"},
         f"Warga: Saluran. Wali kota: {LONG}"),
    ],
    ids=[
        "an h1 alone", "an h1 with the site's name", "a title with the site's name",
        "og:title with the site's name and a section", "og:title with a section", "a logo as h1", "a section as h1",
        "a lower heading that the title confirms", "a kicker before a colon", "a kicker in an element of its own",
        "h1 and og:title against JSON-LD and title", "h1 against og:title, which title copies",
        "JSON-LD and title against og:title", "a kicker in JSON-LD and og:title that the h1 lacks",
        "an h1 that two others have as a part without a separator", "a kicker in og:title alone",
        "a kicker that only JSON-LD lacks", "two kickers of one headline", "two headlines with one end",
    ],
)  # fmt: skip
def test_headline_is_what_most_layers_agree_on(body, said, expected):
    found = find_headlines(parsed_page(body, **said))

    assert found[0].value == expected


def test_json_ld_that_alone_differs_holds_the_newsroom_s_own_headline():
    found = find_headlines(parsed_page(f"<h1>{OTHER}</h1>", ld=LONG, og=OTHER, title=f"{OTHER} - Kabar Kota"))

    assert found[0].value == LONG
    assert found[0].rule == "json_ld:NewsArticle.headline"


def test_other_headline_is_the_alternative_one():
    parsed = parsed_page(f"<h1>{LONG}</h1>", ld=LONG, og=OTHER)

    found = find_alternative_headlines(parsed, find_headlines(parsed))

    assert [one.value for one in found] == [OTHER]
    assert found[0].rule == "meta:og:title"


def test_page_that_says_no_headline_has_none():
    assert find_headlines(parsed_page("<p>isi</p>")) == []


def test_text_that_was_cut_keeps_the_raw_one():
    found = find_headlines(parsed_page("", title=f"{LONG} | Kabar Kota"))

    assert (found[0].rule, found[0].raw) == ("title", f"{LONG} | Kabar Kota")


def test_headline_with_a_colon_is_whole_where_heading_and_title_have_it_whole():
    page = parsed_page(f"<h1>Banjir: {LONG}</h1>", og=f"Air naik: {LONG}", title=f"Banjir: {LONG} - Kabar Kota")

    assert find_headlines(page)[0].value == f"Banjir: {LONG}"


@pytest.mark.parametrize("number", ["Halaman 2", "Page 12", "Seite 3"])
def test_number_of_a_page_is_no_part_of_the_headline(number):
    page = parsed_page(f"<h1>{LONG} - {number}</h1>", og=f"{LONG} - {number} - Kabar Kota")

    assert find_headlines(page)[0].value == LONG
