import pytest
from lxml import html

from scrapers.extract.layers import selectors

PAGE = html.fromstring(
    "<div class='a x'><p class=b id=i>1</p><div class='a y'><p class='b c'>2</p><em>3</em></div></div>"
    "<section class=z><p class=b>4</p><img class=lead src=/g.jpg><p>5</p></section>"
)


@pytest.mark.parametrize(
    "css",
    [".a .b", ".a > .b", "p.b", ".b:not(.c)", ".b:not(#i)", ".a.y em", ".z, .a .c", ".none", ".none, .z p", "p", "#i",
     ".lead + p", ".a .b, .z .b", "[class^=z]", ".b:nth-child(1)", ".lead::attr(src)"],
)  # fmt: skip
def test_selector_finds_the_same_with_the_elements_by_class_as_without(css):
    classes = selectors.index_by_class(PAGE, [css])

    found = selectors.elements(PAGE, css, classes)

    assert found == selectors.elements(PAGE, css)
    assert bool(found) is (css != ".none")


def test_text_of_an_attribute_is_the_attribute():
    assert selectors.text(PAGE, "img.lead::attr(src)").value == "/g.jpg"
