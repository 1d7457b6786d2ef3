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


def test_caption_of_another_picture_is_not_the_lead_images():
    assert image(figure("Kota lain.", "/foto/kota-lain.jpg")).caption is None


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
