from scrapers.extract.fields.identifier import find_identifiers
from scrapers.extract.page import Page, Rules
from scrapers.extract.parsed_page import ParsedPage
from tests.extract.conftest import page_with


def test_outlets_number_of_the_article_stands_in_its_address():
    page = Page("https://kab.k.example/read/123456/judul?x=1", b"<h1>Judul</h1>")

    found = find_identifiers(ParsedPage(page, Rules(outlet="k", article_id=r"^([a-z]+)\.k\.example/read/(\d+)/")))

    assert [one.value for one in found] == ["123456"]


def test_identifier_is_a_number_or_a_name_but_no_address():
    ld = {"identifier": [{"value": "https://k.example/x"}, {"value": "a-123"}]}

    found = find_identifiers(page_with(ld, head='<meta name="article:id" content="1404582">'))

    assert [one.value for one in found] == ["a-123", "1404582"]
