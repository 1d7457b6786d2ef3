import pytest
from lxml import etree

from scrapers.extract.dom.streamed import place_streamed


@pytest.mark.parametrize(
    ("page", "placed"),
    [
        ('<p>a<template id="B:0"></template>z</p><div hidden id="S:0">b</div>', "abz"),
        (
            '<i><template id="B:1"></template></i><u>c</u><div hidden id="S:0">d</div>x<div hidden id="S:1">b</div>',
            "bcdx",
        ),
        (
            '<i><template id="B:0"></template></i><u>d</u><div hidden id="S:0">b</div><div hidden id="S:1">c</div>',
            "bcd",
        ),
        ('<div hidden id="S:0">a<template id="B:0"></template></div>', "a"),
        ('<p id="S:x">a</p>', "a"),
    ],
    ids=["in its place", "only one has a place", "after the one before", "inside itself", "no part"],
)
def test_streamed_part_is_moved_to_its_place(page, placed):
    root = etree.HTML(page)

    place_streamed(root)

    assert "".join(root.itertext()) == placed
