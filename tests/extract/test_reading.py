import pytest

from scrapers.errors import NotAnArticle
from scrapers.extract.page import Page
from scrapers.extract.reading import read_page
from tests.extract.conftest import INEWS

URL = "https://www.inews.id/news/nasional/sebuah-berita-yang-diuji"


def read(html):
    return read_page(Page(url=URL, body=html.encode()), INEWS)


def test_links_are_absolute_and_each_once_wherever_they_stand():
    area = "<map><area href='//c.id/c'></map>"

    reading = read(f"<p>teks <a href=/a#x>a</a><a href='b'>b</a>{area}<a href=/a>a</a></html><a href=?d>d</a>")

    assert reading.links == (
        "https://www.inews.id/a",
        "https://www.inews.id/news/nasional/b",
        "https://c.id/c",
        f"{URL}?d",
    )


def test_links_follow_the_base_that_the_page_declares():
    assert read("<base href=https://a.id/x/>teks<a href=b>b</a>").links == ("https://a.id/x/b",)


@pytest.mark.parametrize("base", ["http://[x", "javascript:", "#top"])
def test_a_base_that_is_no_address_counts_for_nothing(base):
    assert read(f"<base href='{base}'>teks<a href=b>b</a>").links == ("https://www.inews.id/news/nasional/b",)


def test_links_to_no_address_are_left_out():
    assert read("teks<a href=mailto:b@c.id>b</a><a href='http://['>c</a><a href=#d>d</a>").links == ()


def test_links_of_a_page_that_is_no_article_are_found_too():
    reading = read("<h1 class=headerTitle>Judul</h1><a href=/a>a</a><script>x = {'total_page':'3'}</script>")

    assert isinstance(reading.article, NotAnArticle)
    assert (reading.links, reading.page_count) == (("https://www.inews.id/a",), 3)
