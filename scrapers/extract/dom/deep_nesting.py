"""A page that nests elements deeper than libxml2 reads, where it would lose the text inside them.

BeautifulSoup on `html.parser` has no limit of depth and forgives whatever markup led there; on every page its
price, some ten times the parse, would be too high.
"""

import re

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag
from lxml import etree

NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # characters that lxml refuses
DEEPEST = 200  # levels that are kept; saved articles have some fifty


def flattened(markup: str) -> etree._Element:
    """Return the root of the page's tree, in which what is nested too deeply stands beside instead of inside."""
    soup = BeautifulSoup(markup, "html.parser")
    tree = _Tree()
    places: dict[int, tuple[etree._Element, int]] = {id(soup): (tree.root, 0)}
    for node in soup.descendants:
        parent, depth = places[id(node.parent)]
        if isinstance(node, Tag):
            places[id(node)] = (tree.child(parent, depth, node), min(depth + 1, DEEPEST))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):  # comments and their like
            tree.text(parent, depth, node)
    tree.flush()
    return tree.root


class _Tree:
    """Builds the tree; text is set once for each place, as adding to it takes time in the square of the pieces."""

    def __init__(self) -> None:
        self.root = etree.Element("html")
        self.place: tuple[etree._Element, bool] = (self.root, True)  # whose text, or (False) what follows whose end
        self.pieces: list[str] = []

    def child(self, parent: etree._Element, depth: int, tag: Tag) -> etree._Element:
        """Return a new last child like the tag, without names and values that lxml refuses."""
        beside = parent.getparent() if depth >= DEEPEST else None
        host = parent if beside is None else beside
        try:
            child = etree.SubElement(host, tag.name)
        except ValueError:
            child = etree.SubElement(host, "span")
        for name, value in tag.attrs.items():
            try:
                child.set(name, NO_XML.sub("", value if isinstance(value, str) else " ".join(value)))
            except ValueError:
                continue
        return child

    def text(self, parent: etree._Element, depth: int, text: str) -> None:
        """Add the text where the page has it, behind all that was added before."""
        beside = parent.getparent() if depth >= DEEPEST else None
        last = parent[-1] if len(parent) else beside[-1] if beside is not None else parent
        place = (last, last is parent)
        if place != self.place:
            self.flush()
            self.place = place
        self.pieces.append(NO_XML.sub("", text))

    def flush(self) -> None:
        """Set the text that was added last."""
        element, is_inside = self.place
        text = "".join(self.pieces)
        self.pieces.clear()
        if text and is_inside:
            element.text = (element.text or "") + text
        elif text:
            element.tail = (element.tail or "") + text
