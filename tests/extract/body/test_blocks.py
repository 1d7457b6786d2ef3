"""Blocks and the elements around them."""

from lxml import html

from scrapers.extract.body.blocks import read_blocks


def test_element_without_text_or_picture_is_no_node():
    root = html.fromstring("<div><div><hr></div><section>a<p>b</p></section><div><img></div></div>")

    nodes, blocks = read_blocks(root)

    assert [node.tag for node in nodes] == ["div", "section", "p", "div"]
    assert [node.parent for node in nodes] == [-1, 0, 1, 0]
    assert [(block.text, block.node) for block in blocks] == [("a", 1), ("b", 2)]
    assert nodes[3].has_image
