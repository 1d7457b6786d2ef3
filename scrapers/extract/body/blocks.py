"""A page's text as blocks: what a reader sees as a paragraph, heading, list item, table cell or line."""

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import cast

from lxml import etree

from scrapers.extract.dom.class_names import MAX_NAMES_LENGTH, Name, split_names
from scrapers.extract.text.clean import INVISIBLE, SURROGATE, clean, display_length

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
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
TEXT_TAGS = HEADINGS | frozenset({"p", "li", "blockquote", "td", "th", "tr", "dt", "dd", "pre"})
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
MARKING_TAGS = frozenset({"a", "br", "img", "q"})  # what they mark concerns the block around them
INLINE_TAGS = frozenset({"span", "a", "small", "em", "strong", "b", "i"})
NO_LABELS: frozenset[Name] = frozenset()
MIN_WRAPPED_LENGTH = 40  # characters of a line that was wrapped
MIN_PASSAGE_LENGTH = 80  # of the lines of a passage
MIN_RUN_LINE = 20  # of one of them
LINE_TAGS = frozenset({"div", "td", "article", "section", "blockquote", "li", "center"})
LINK_SHARE = 0.8  # of a block's characters


@dataclass(slots=True)
class Node:
    """A block element, and the index of the node around it (`parent`).

    `labels` are its classes and its id, each as its words.
    """

    parent: int
    tag: str
    labels: frozenset[Name]
    role: str
    is_hidden: bool
    element: etree._Element
    has_image: bool = False

    @property
    def names(self) -> frozenset[str]:
        """All words of its labels."""
        return frozenset().union(*self.labels)


@dataclass(slots=True)
class Block:
    """A run of text that no block element interrupts, and the index of its node.

    `linked` counts the characters in links, `free` the others; a character of a script without spaces counts as three.
    `in_passage`: it is one of several short lines or paragraphs that together are prose.
    """

    text: str
    node: int
    linked: int = 0
    in_passage: bool = False
    free: float = field(init=False)

    def __post_init__(self) -> None:
        size = len(self.text)
        self.free = size if self.text.isascii() else display_length(self.text)
        if self.linked:
            self.linked = min(self.linked, size)
            self.free *= 1 - self.linked / size

    @property
    def is_link(self) -> bool:
        """Whether it consists of links."""
        return self.linked > len(self.text) * LINK_SHARE

    @property
    def is_sentence(self) -> bool:
        """Whether it ends like a sentence, a quotation, or an introduction to what follows."""
        return self.text.endswith(SENTENCE_END)


def _node(parent: int, tag: str, element: etree._Element) -> Node:
    items = cast("list[tuple[str, str]]", element.items())
    if not items:  # as most paragraphs
        return Node(parent, tag, NO_LABELS, "", False, element)
    if len(items) == 1 and items[0][0] == "class":  # as most other elements
        return Node(parent, tag, split_names(items[0][1]), "", False, element)
    get = dict(items).get
    value, identifier = get("class"), get("id")
    labels = split_names(value) if value else NO_LABELS
    if identifier and tag not in HEADINGS:  # the id of a heading is often made from its text
        labels |= split_names(identifier)
    return Node(parent, tag, labels, get("itemprop") or get("role") or "", is_hidden(get), element)


def is_hidden(get: Callable[[str], str | None]) -> bool:
    """Return whether an element with these attributes is not displayed."""
    style = get("style")
    return get("hidden") is not None or (style is not None and NO_DISPLAY.search(style) is not None)


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
    return names is not None and _is_name_for_screen_readers(names[:MAX_NAMES_LENGTH])


@lru_cache(maxsize=4096)  # pages repeat the same few classes
def _is_name_for_screen_readers(names: str) -> bool:
    return FOR_SCREEN_READERS.search(names) is not None


def _is_anchor(element: etree._Element) -> bool:
    """Return whether a link's text is only the sign that links to a heading."""
    text = element.text or ""
    return len(text) <= MAX_ANCHOR_LENGTH and not len(element) and HEADING_ANCHOR.fullmatch(text) is not None


def _is_wrapped(line: str, next_line: str) -> bool:
    """Return whether a sentence goes on in the next line: the text was wrapped at a width."""
    return len(line) >= MIN_WRAPPED_LENGTH and next_line[0].islower() and not line.endswith(SENTENCE_END)


def _mark_passages(nodes: Sequence[Node], blocks: Sequence[Block]) -> None:
    """Mark the runs of short lines of one node, or of short paragraphs side by side, that together are prose."""
    runs = groupby(blocks, key=lambda block: _run_of(nodes, block))
    for place, members in runs:
        run = list(members) if place is not None else []
        ends = sum(block.is_sentence for block in run)
        if len(run) > 1 and sum(block.free for block in run) >= MIN_PASSAGE_LENGTH and ends * 2 >= len(run):
            for block in run:
                block.in_passage = True


def _run_of(nodes: Sequence[Node], block: Block) -> tuple[int, str] | None:
    """Return what the lines of a run share: a paragraph's parent, or the node of lines; None for what is in no run."""
    node = nodes[block.node]
    if block.linked or node.tag in HEADINGS or block.free < MIN_RUN_LINE:
        return None
    return (node.parent, "p") if node.tag == "p" else (block.node, "br") if node.tag in LINE_TAGS else None


class _BlockReader:
    """Collects a block's text during one walk over the tree, until a block element begins or ends.

    An open element becomes a node with the first text or picture in it: a quarter of a page's elements hold neither.
    """

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.blocks: list[Block] = []
        self.open: list[etree._Element] = []
        self.indices: list[int] = []  # of the nodes of the open elements, up to the last that is a node
        self.links = 0
        self.pieces: list[str] = []
        self.linked = 0
        self.breaks = 0  # `<br>` since the last block

    def node(self) -> int:
        """Return the index of the innermost open element's node."""
        indices = self.indices
        for element in self.open[len(indices) :]:
            self.nodes.append(_node(indices[-1] if indices else -1, element.tag, element))
            indices.append(len(self.nodes) - 1)
        return indices[-1]

    def start_node(self, element: etree._Element) -> None:
        if self.pieces:
            self.flush()
        self.open.append(element)

    def end_node(self) -> None:
        if self.pieces:
            self.flush()
        self.open.pop()
        del self.indices[len(self.open) :]

    def start_inline(self, tag: str, element: etree._Element) -> None:
        if tag == "br":
            self.flush()
            self.breaks += 1
        elif tag == "a":
            self.links += not self.is_own(element)
        elif tag == "q":
            self.add("“")
        elif tag == "img" and _is_picture(element):
            self.nodes[self.node()].has_image = True

    def end_inline(self, tag: str, element: etree._Element) -> None:
        if tag == "a":
            self.links -= not self.is_own(element)
        elif tag == "q":
            self.add("”")

    def is_own(self, link: etree._Element) -> bool:
        """Return whether the link is a heading's link to itself or to the table of contents."""
        return self.open[-1].tag in HEADINGS and (link.get("href") or "").startswith("#")

    def add(self, text: str) -> None:
        """Add a text to the block; white space begins none."""
        self.pieces.append(text)
        if self.links:
            self.linked += len(text.strip())

    def flush(self) -> None:
        if self.pieces:
            is_code = self.open[-1].tag == "pre"
            text = _code("".join(self.pieces)) if is_code else clean("".join(self.pieces))
            if text:
                self.add_block(text)
            self.pieces.clear()
            self.linked = 0

    def add_block(self, text: str) -> None:
        """Add a block; a line that a single `<br>` separates from the one whose sentence it goes on with joins that."""
        node, last = self.node(), self.blocks[-1] if self.blocks else None
        if self.breaks == 1 and last and last.node == node and _is_wrapped(last.text, text):
            self.blocks[-1] = Block(f"{last.text} {text}", node, last.linked + self.linked)
        else:
            self.blocks.append(Block(text, node, self.linked))
        self.breaks = 0


def _is_shadow_root(tag: str, element: etree._Element) -> bool:
    """Return whether this is a template that browsers show in place: a declarative shadow root."""
    return tag == "template" and element.get("shadowrootmode") is not None


def read_blocks(
    root: etree._Element, unwanted: Set[etree._Element] = frozenset(), shown: Set[str] = frozenset()
) -> tuple[list[Node], list[Block]]:
    """Return the nodes and the blocks under the root, except those in `unwanted`, in document order.

    `shown` are tags whose text is read although no browser shows it, such as noscript.

    A node comes after its parent, whose index in the list it has; that of the first node, the root's, is -1. An element
    without text or picture has no node.
    """
    reader, unseen = _BlockReader(), TAGS_WITHOUT_TEXT - shown
    pieces, add = reader.pieces, reader.add
    is_skipped = False  # the element whose end is next
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            is_block = tag in BLOCK_TAGS or element is root  # a hidden block is read as well, and judged later
            if is_skipped := element in unwanted or (not is_block and _is_unseen(tag, element, unseen)):
                walker.skip_subtree()
                continue
            if is_block:
                reader.start_node(element)
            elif tag in MARKING_TAGS:
                reader.start_inline(tag, element)
            if (text := element.text) and (pieces or not text.isspace()):  # most texts between elements are white space
                add(_superscript(element) if tag == "sup" else text)
            continue
        if not is_skipped:
            if tag in BLOCK_TAGS or element is root:
                reader.end_node()
            elif tag in MARKING_TAGS:
                reader.end_inline(tag, element)
        is_skipped = False
        if (tail := element.tail) and (pieces or not tail.isspace()) and element is not root:
            add(tail)
    reader.flush()
    _mark_passages(reader.nodes, reader.blocks)
    return reader.nodes, reader.blocks


def _is_unseen(tag: object, element: etree._Element, unseen: Set[str]) -> bool:
    """Return whether an element that is no block shows no text, or only to screen readers."""
    if tag in INLINE_TAGS:
        is_label = _is_for_screen_readers(element) or (tag == "a" and _is_anchor(element))
        return is_label or is_hidden(element.get)
    if not isinstance(tag, str):
        return True
    return (tag in unseen and not _is_shadow_root(tag, element)) or is_hidden(element.get)


def ancestors(nodes: Sequence[Node], index: int) -> Iterator[int]:
    """Yield the index of the node and those of the nodes around it, the outermost last."""
    while index >= 0:
        yield index
        index = nodes[index].parent


def first_blocks(nodes: Sequence[Node], blocks: Sequence[Block]) -> list[int]:
    """Return for each node the index of the first block in it; the number of blocks where there is none."""
    firsts = [len(blocks)] * len(nodes)
    for i in range(len(blocks) - 1, -1, -1):
        firsts[blocks[i].node] = i
    for i in range(len(nodes) - 1, 0, -1):
        if (parent := nodes[i].parent) >= 0 and firsts[i] < firsts[parent]:
            firsts[parent] = firsts[i]
    return firsts


def subtree_ends(nodes: Sequence[Node]) -> list[int]:
    """Return for each node the index after its last descendant: `i <= j < ends[i]` are in the node `i`."""
    ends = list(range(1, len(nodes) + 1))
    for i in range(len(nodes) - 1, 0, -1):
        parent = nodes[i].parent
        if parent >= 0 and ends[i] > ends[parent]:
            ends[parent] = ends[i]
    return ends
