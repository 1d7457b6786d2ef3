"""Finding elements by what they are called."""

from lxml import html

from scrapers.extract.dom.element_index import ElementIndex
from scrapers.extract.text.clean import contains_any

PAGE = '<html><body><h1>A</h1><p class="byline">B</p><p>C</p><a rel="author">D</a><h1>E</h1></body></html>'


def find(pattern: str, *tags: str) -> list[str | None]:
    return [element.text for element in ElementIndex(html.fromstring(PAGE)).find_named(contains_any(pattern), *tags)]


def test_only_named_elements_are_found_where_no_tag_is_given():
    assert find("byline|author") == ["B", "D"]


def test_named_elements_and_tags_come_in_document_order():
    assert find("byline|author", "h1") == ["A", "B", "D", "E"]
    assert find("nothing", "h1") == ["A", "E"]
