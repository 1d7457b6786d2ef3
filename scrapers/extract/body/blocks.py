"""A page's text as blocks: what a reader sees as a paragraph, heading, list item, table cell or line."""

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from scrapers.extract.dom.class_names import MAX_NAMES_LENGTH, names_of
from scrapers.extract.text.clean import INVISIBLE, SURROGATE, clean

TAGS_WITHOUT_TEXT = frozenset({
    "audio", "canvas", "datalist", "embed", "feed", "head", "iframe", "input", "map", "math", "meter", "noscript",
    "object", "option", "progress", "rp", "rss", "rt", "rtc", "script", "select", "style", "svg", "template",
    "textarea", "video",
    "del", "s", "strike",  # struck-out text is no longer part of the article
})  # fmt: skip
BLOCK_TAGS = frozenset({
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "dialog",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "html", "label", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
# A BEM modifier, and a name that describes a state or something elsewhere.
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
TEXT_TAGS = HEADINGS | frozenset({"p", "li", "blockquote", "td", "th", "tr", "dt", "dd", "pre"})
DENSE_SCRIPT = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # Thai, Japanese, Chinese, Korean
SENTENCE_END = tuple(".!?…:;\"'”’»“」。！？।)")
# Hidden, or moved off the screen, such as a trap for scrapers.
NO_DISPLAY = re.compile(
    r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}(?:hidden|collapse)|font-size\s{0,9}:\s{0,9}0(?:px|em)?\s{0,9}(?:;|$)"
    r"|(?:left|top|text-indent)\s{0,9}:\s{0,9}-[0-9]{4}",
    re.IGNORECASE,
)
# Text for screen readers only, by the classes of Bootstrap, WordPress, Drupal, Foundation and GOV.UK.
FOR_SCREEN_READERS = re.compile(
    r"(?:^|\s)(?:u-|is-|govuk-)?(?:visually-?hidden(?:-focusable)?|sr-only(?:-focusable)?|screen-?reader(?:s|-only|-text)?"
    r"|element-invisible|show-for-sr|a11y-hidden|assistive-text)(?:\s|$)",
    re.IGNORECASE,
)
SUPERSCRIPT = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
EXPONENT = re.compile(r"[+\-−–]?[0-9n]{1,4}")
HEADING_ANCHOR = re.compile(r"[¶#§🔗\s]{1,3}")
MAX_ANCHOR_LENGTH = 3
PIXEL_SIZES = ("0", "1", "0px", "1px")
MAY_BE_HIDDEN = etree.XPath("descendant::*[@hidden or @style]")
INLINE_TAGS = frozenset({"span", "a", "small", "em", "strong", "b", "i"})
NO_NAMES: frozenset[str] = frozenset()
LINK_SHARE = 0.8  # of a block's characters


@dataclass(slots=True)
class Node:
    """A block element, and the index of the node around it (`parent`); `names` are the words of its class and id."""

    parent: int
    tag: str
    names: frozenset[str]
    role: str
    is_hidden: bool
    element: etree._Element
    has_image: bool = False


@dataclass(slots=True)
class Block:
    """A run of text that no block element interrupts, and the index of its node.

    `linked` counts the characters in links, `free` the others; a character of a script without spaces counts as three.
    """

    text: str
    node: int
    linked: int = 0
    free: float = field(init=False)

    def __post_init__(self) -> None:
        size = len(self.text)
        dense = 0 if self.text.isascii() else 2 * len(DENSE_SCRIPT.findall(self.text))
        self.linked = min(self.linked, size)
        self.free = (size + dense) * (1 - self.linked / size)

    @property
    def is_link(self) -> bool:
        """Whether it consists of links."""
        return self.linked > len(self.text) * LINK_SHARE

    @property
    def is_sentence(self) -> bool:
        """Whether it ends like a sentence, a quotation, or an introduction to what follows."""
        return self.text.endswith(SENTENCE_END)


def _node(parent: int, tag: str, element: etree._Element) -> Node:
    if not (attributes := element.items()):
        return Node(parent, tag, NO_NAMES, "", False, element)
    get = dict(cast("list[tuple[str, str]]", attributes)).get
    names = names_of(get("class", ""))
    if (identifier := get("id")) and tag not in HEADINGS:  # the id of a heading is often made from its text
        names |= names_of(identifier)
    return Node(parent, tag, names, get("itemprop") or get("role") or "", _is_hidden(get), element)


def _is_hidden(get: Callable[[str], str | None]) -> bool:
    """Return whether an element with these attributes is not displayed."""
    style = get("style")
    return get("hidden") is not None or bool(style and NO_DISPLAY.search(style))


def _is_picture(image: etree._Element) -> bool:
    """Return whether an image is larger than a tracking pixel."""
    return image.get("width") not in PIXEL_SIZES and image.get("height") not in PIXEL_SIZES


def _superscript(element: etree._Element) -> str:
    """Return the text of a sup element; a number is an exponent, and returned as one: `10⁶`."""
    text = element.text or ""
    return text.translate(SUPERSCRIPT) if not len(element) and EXPONENT.fullmatch(text.strip()) else text


def _code(text: str) -> str:
    """Return preformatted text with its line breaks and indentation."""
    lines = (INVISIBLE.sub("", SURROGATE.sub("\ufffd", line)).rstrip() for line in text.expandtabs(4).split("\n"))
    return "\n".join(lines).strip("\n ")


def _is_for_screen_readers(element: etree._Element) -> bool:
    """Return whether the element's class marks it as text for screen readers only."""
    names = element.get("class")
    return names is not None and FOR_SCREEN_READERS.search(names[:MAX_NAMES_LENGTH]) is not None


def _is_anchor(element: etree._Element) -> bool:
    """Return whether a link's text is only the sign that links to a heading."""
    text = element.text or ""
    return len(text) <= MAX_ANCHOR_LENGTH and not len(element) and HEADING_ANCHOR.fullmatch(text) is not None


class _BlockReader:
    """Collects a block's text during one walk over the tree, until a block element begins or ends."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.blocks: list[Block] = []
        self.open = [-1]
        self.links = 0
        self.pieces: list[str] = []
        self.linked = 0

    def start(self, tag: str, element: etree._Element) -> None:
        if tag in BLOCK_TAGS or not self.nodes:  # the root is always a node
            if self.pieces:
                self.flush()
            self.nodes.append(_node(self.open[-1], tag, element))
            self.open.append(len(self.nodes) - 1)
        elif tag == "br":
            self.flush()
        elif tag == "a":
            self.links += not self.is_own(element)
        elif tag == "q":
            self.add("“")
        elif tag == "img" and _is_picture(element):
            self.nodes[self.open[-1]].has_image = True
        if element.text:
            self.add(_superscript(element) if tag == "sup" else element.text)

    def end(self, tag: str, element: etree._Element) -> None:
        if tag in BLOCK_TAGS:
            if self.pieces:
                self.flush()
            self.open.pop()
        elif tag == "a":
            self.links -= not self.is_own(element)
        elif tag == "q":
            self.add("”")

    def is_own(self, link: etree._Element) -> bool:
        """Return whether the link is a heading's link to itself or to the table of contents."""
        node = self.nodes[self.open[-1]] if self.nodes else None
        return node is not None and node.tag in HEADINGS and (link.get("href") or "").startswith("#")

    def add(self, text: str) -> None:
        if not self.pieces and text.isspace():  # as most texts are
            return
        self.pieces.append(text)
        if self.links:
            self.linked += len(text.strip())

    def flush(self) -> None:
        if self.pieces:
            is_code = self.nodes[self.open[-1]].tag == "pre"
            text = _code("".join(self.pieces)) if is_code else clean("".join(self.pieces))
            if text:
                self.blocks.append(Block(text, self.open[-1], self.linked))
            self.pieces.clear()
            self.linked = 0


def read_blocks(root: etree._Element, unwanted: Set[etree._Element] = frozenset()) -> tuple[list[Node], list[Block]]:
    """Return the nodes and the blocks under the root, except those in `unwanted`, in document order.

    A node comes after its parent, whose index in the list it has; that of the first node, the root's, is -1.
    """
    reader = _BlockReader()
    hidden = {element for element in cast("list[etree._Element]", MAY_BE_HIDDEN(root)) if _is_hidden(element.get)}
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        wanted = isinstance(tag, str) and tag not in TAGS_WITHOUT_TEXT and element not in unwanted
        wanted = wanted and (element not in hidden or tag in BLOCK_TAGS or element is root)
        if wanted and tag in INLINE_TAGS:
            wanted = not _is_for_screen_readers(element) and not (tag == "a" and _is_anchor(element))
        if event == "start":
            if wanted:
                reader.start(tag, element)
            else:
                walker.skip_subtree()
        else:
            if wanted:
                reader.end(tag, element)
            if element.tail and element is not root:
                reader.add(element.tail)
    reader.flush()
    return reader.nodes, reader.blocks


def ancestors(nodes: Sequence[Node], index: int) -> Iterator[int]:
    """Yield the index of the node and those of the nodes around it, the outermost last."""
    while index >= 0:
        yield index
        index = nodes[index].parent


def subtree_ends(nodes: Sequence[Node]) -> list[int]:
    """Return for each node the index after its last descendant: `i <= j < ends[i]` are in the node `i`."""
    ends = list(range(1, len(nodes) + 1))
    for i in range(len(nodes) - 1, 0, -1):
        parent = nodes[i].parent
        if parent >= 0 and ends[i] > ends[parent]:
            ends[parent] = ends[i]
    return ends
