import pytest
from lxml import html

from scrapers.extract.body.inline_images import find_images
from scrapers.items import Image

BASE = "https://kabar.example/news/x"


def images_in(markup, unwanted=frozenset()):
    return find_images(html.fromstring(f"<article>{markup}</article>"), unwanted, BASE)


@pytest.mark.parametrize(
    ("attributes", "url"),
    [
        ('src="/a.jpg"', "https://kabar.example/a.jpg"),
        ('src="data:image/gif;base64,R0" data-src="/a.jpg"', "https://kabar.example/a.jpg"),
        ('src="/kosong.jpg" data-original="https://img.example/b.jpg"', "https://img.example/b.jpg"),
        ('src="/s.jpg" srcset="/s.jpg 300w, /l.jpg 1200w, /m.jpg 600w"', "https://kabar.example/l.jpg"),
        ('data-srcset="/s.jpg 1x, /l.jpg 2x"', "https://kabar.example/l.jpg"),
    ],
)
def test_address_is_the_pictures_own_where_it_is_loaded_late(attributes, url):
    assert images_in(f"<p>Teks</p><img {attributes}>") == (Image(url),)


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="/a.jpg" width="1" height="1">',
        '<img src="/icon-share.png">',
        '<img src="/logo.svg">',
        '<img src="data:image/png;base64,AAAA">',
        '<img class="avatar" src="/a.jpg">',
        '<div class="ads-slot"><img src="/a.jpg"></div>',
        '<aside><img src="/a.jpg"></aside>',
        "<img>",
    ],
)
def test_icon_advertisement_or_tracker_is_no_picture_of_the_story(markup):
    assert images_in(markup) == ()


def test_caption_and_credit_stand_in_the_figure_or_in_the_words_after():
    found = images_in(
        '<figure><img src="/a.jpg"><figcaption>Kebun kopi (Foto: Antara)</figcaption></figure>'
        '<p><img src="/b.jpg"><em>Pasar (Foto: Reuters)</em></p><img src="/a.jpg">'
    )

    assert found == (
        Image("https://kabar.example/a.jpg", "Kebun kopi", "Antara"),
        Image("https://kabar.example/b.jpg", "Pasar", "Reuters"),
    )
