"""Parsing a page that nests elements deeper than libxml2 can, which would lose the text inside them.

BeautifulSoup with `html.parser` has no limit of depth and accepts any markup. It takes some ten times as long, so that
other pages are left to lxml.
"""

import re

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag
from lxml import etree

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # characters that lxml rejects
MAX_DEPTH = 200  # levels; articles have some fifty


def parse_deeply_nested(markup: str) -> etree._Element:
    """Return the root of the page's tree; elements below MAX_DEPTH become siblings of their parents."""
    soup = _Soup(markup, "html.parser")
    tree = _TreeBuilder()
    places: dict[int, tuple[etree._Element, int]] = {id(soup): (tree.root, 0)}
    for node in soup.descendants:
        parent, depth = places[id(node.parent)]
        if isinstance(node, Tag):
            places[id(node)] = (tree.child(parent, depth, node), min(depth + 1, MAX_DEPTH))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):  # comments and their like
            tree.text(parent, depth, node)
    tree.flush()
    return tree.root


class _Soup(BeautifulSoup):
    """BeautifulSoup without a walk from each string up to the root: its time would be the depth times the strings."""

    def _linkage_fixer(self, el: Tag) -> None:
        """Leave the links as they are: html.parser puts all at the end, where nothing follows that was to be linked."""


class _TreeBuilder:
    """Builds an lxml tree; joins the pieces of a text before setting it, as appending each takes quadratic time."""

    def __init__(self) -> None:
        self.root = etree.Element("html")
        self.place: tuple[etree._Element, bool] = (self.root, True)  # whose text (True) or tail (False) the pieces are
        self.pieces: list[str] = []

    def child(self, parent: etree._Element, depth: int, tag: Tag) -> etree._Element:
        """Append and return a child like the tag, without names and values that lxml rejects."""
        beside = parent.getparent() if depth >= MAX_DEPTH else None
        host = parent if beside is None else beside
        try:
            child = etree.SubElement(host, tag.name)
        except ValueError:
            child = etree.SubElement(host, "span")
        for name, value in tag.attrs.items():
            try:
                child.set(name, NOT_XML.sub("", value if isinstance(value, str) else " ".join(value)))
            except ValueError:
                continue
        return child

    def text(self, parent: etree._Element, depth: int, text: str) -> None:
        """Add a text after everything that was added before."""
        beside = parent.getparent() if depth >= MAX_DEPTH else None
        last = parent[-1] if len(parent) else beside[-1] if beside is not None else parent
        place = (last, last is parent)
        if place != self.place:
            self.flush()
            self.place = place
        self.pieces.append(NOT_XML.sub("", text))

    def flush(self) -> None:
        """Set the collected pieces as text or tail."""
        element, is_inside = self.place
        text = "".join(self.pieces)
        self.pieces.clear()
        if text and is_inside:
            element.text = (element.text or "") + text
        elif text:
            element.tail = (element.tail or "") + text
