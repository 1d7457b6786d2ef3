import json

import pytest

from scrapers.extract.fields.lead_image import find_lead_image
from scrapers.extract.page import Page, Rules
from scrapers.extract.parsed_page import ParsedPage

URL = "https://k.example/kabar/kapal-tiba"
OG = '<meta property="og:image" content="https://k.example/foto/kapal-garam-1200x630.jpg">'


def image(html, nodes=()):
    script = f'<script type="application/ld+json">{json.dumps({"@graph": list(nodes)})}</script>'
    page = f"<html><head>{script}{OG}</head><body><h1>Kapal tiba</h1>{html}</body></html>"
    found = find_lead_image(ParsedPage(Page(URL, page.encode()), Rules(outlet="k")))
    return found.value if found else None


def figure(caption, src="https://cdn.k.example/600/kapal-garam-600x315.jpg"):
    return f"<figure><img src='{src}'><figcaption>{caption}</figcaption></figure>"


@pytest.mark.parametrize(
    ("written", "caption", "credit"),
    [
        ("Kapal garam di dermaga.", "Kapal garam di dermaga.", None),
        ("Kapal garam di dermaga. <span class=credit>Foto: Sari Dewi</span>", "Kapal garam di dermaga.", "Sari Dewi"),
        ("Kapal garam di dermaga. (Foto: Sari Dewi)", "Kapal garam di dermaga.", "Sari Dewi"),
        ("<span class=copyright>© Sari Dewi</span> Kapal garam di dermaga.", "Kapal garam di dermaga.", "Sari Dewi"),
    ],
)
def test_caption_and_credit_are_those_of_the_figure_that_shows_the_same_file(written, caption, credit):
    found = image(figure("Kota lain.", "/foto/kota-lain.jpg") + figure(written))

    assert (found.caption, found.credit_text) == (caption, credit)


PROSE = "<p>" + "Kapal garam itu tiba di dermaga kota kecil sebelum fajar, kata syahbandar. " * 2 + "</p>"


@pytest.mark.parametrize(
    "html",
    [
        PROSE * 2 + figure("Kota lain.", "/foto/kota-lain.jpg"),
        f"<aside>{figure('Kota lain.', '/foto/kota-lain.jpg')}</aside>",
        f"<a href=/lain>{figure('Kota lain.', '/foto/kota-lain.jpg')}</a>",
        "<figure><video></video><img src=/b.jpg><figcaption>Kota lain.</figcaption></figure>",
    ],
    ids=["inside the story", "in an aside", "of a card", "of a video"],
)
def test_caption_of_another_picture_is_not_the_lead_images(html):
    assert image(html).caption is None


@pytest.mark.parametrize(
    "html",
    [
        figure("Kapal garam.", "/potong/8f3a.jpg"),
        PROSE + figure("Kapal garam.", "/potong/8f3a.jpg"),
        "<div class=foto><img src=/8f3a.jpg><p class=photo__caption>Kapal garam.</p></div>",
        "<figure><img src=/8f3a.jpg><div>Kapal garam.</div></figure>",
    ],
    ids=["figure", "below the standfirst", "named caption", "figure without figcaption"],
)
def test_picture_beside_the_headline_is_the_lead_image_whatever_its_file_is_called(html):
    assert image(html + PROSE).caption == "Kapal garam."


def test_credit_that_the_figure_lacks_is_json_lds():
    node = {
        "@type": "NewsArticle",
        "headline": "Kapal tiba",
        "image": {"@type": "ImageObject", "url": "https://k.example/kapal-garam.jpg", "creditText": "Sari Dewi"},
    }

    found = image(figure("Kapal garam."), [node])

    assert (found.caption, found.credit_text) == ("Kapal garam.", "Sari Dewi")


@pytest.mark.parametrize("file", ["blank.jpg", "og-default.png", "fb_logo_512x512.png", "apple-touch-icon.png"])
def test_file_named_as_a_stand_in_is_no_lead_image(file):
    node = {"@type": "NewsArticle", "headline": "Kapal tiba", "image": f"https://k.example/{file}"}

    assert image("", [node]).url.endswith("630.jpg")


def test_picture_of_a_logo_in_the_news_is_a_lead_image():
    node = {"@type": "NewsArticle", "headline": "Logo baru", "image": "https://k.example/logo-baru-garuda.jpg"}

    assert image("", [node]).url.endswith("garuda.jpg")


def test_image_that_json_ld_names_by_its_id_is_looked_up():
    nodes = (
        {"@type": "NewsArticle", "headline": "Kapal tiba", "image": {"@id": f"{URL}#foto"}},
        {"@type": "ImageObject", "@id": f"{URL}#foto", "url": "https://k.example/foto/a.jpg", "caption": "Kapal garam"},
    )

    found = image("", nodes)

    assert (found.url, found.caption) == ("https://k.example/foto/a.jpg", "Kapal garam")


@pytest.mark.parametrize("said", [{"@id": f"{URL}#foto"}, URL, "https://k.example/"])
def test_the_pages_own_address_is_no_image(said):
    assert image("", [{"@type": "NewsArticle", "headline": "Kapal tiba", "image": said}]).url.endswith("630.jpg")


def test_address_that_lost_a_slash_is_not_taken_for_a_path():
    node = {"@type": "NewsArticle", "headline": "Kapal tiba", "image": "http:/img.k.example/kapal.jpg"}

    assert image("", [node]).url == "http://img.k.example/kapal.jpg"


def test_number_is_no_caption():
    assert image(figure("5")).caption is None
