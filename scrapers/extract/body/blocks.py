"""A page's text as blocks: what a reader sees as one paragraph, heading, list item, cell or line."""

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from lxml import etree

from scrapers.extract.text.clean import INVISIBLE, SURROGATE, clean

NO_TEXT = frozenset({
    "audio", "canvas", "datalist", "embed", "feed", "head", "iframe", "input", "map", "math", "meter", "noscript",
    "object", "option", "progress", "rp", "rss", "rt", "rtc", "script", "select", "style", "svg", "template",
    "textarea", "video",
    "del", "s", "strike",  # what was struck out is said no more
})  # fmt: skip
BLOCK_TAGS = frozenset({
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "dialog",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "html", "label", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# A modifier in BEM's ways, and a name that tells a state or what stands elsewhere.
MODIFIER = re.compile(r"(?<=[A-Za-z0-9])--[\w-]{1,60}|(?<!\S)(?:has|is|with|without|no|not|hide|show)[-_]\S{1,60}")
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
TEXT_TAGS = HEADINGS | frozenset({"p", "li", "blockquote", "td", "th", "tr", "dt", "dd", "pre"})
DENSE_SCRIPTS = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # Thai, Japanese, Chinese, Korean
SENTENCE_END = tuple(".!?…:;\"'”’»“」。！？।)")
# Not shown, or moved off the screen: such a text is for machines, be it a trap for those who copy.
NO_DISPLAY = re.compile(
    r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}(?:hidden|collapse)|font-size\s{0,9}:\s{0,9}0(?:px|em)?\s{0,9}(?:;|$)"
    r"|(?:left|top|text-indent)\s{0,9}:\s{0,9}-[0-9]{4}",
    re.IGNORECASE,
)
# Words for screen readers, by the classes that frameworks give them: Bootstrap, WordPress, Drupal, Foundation, GOV.UK.
FOR_SCREEN_READERS = re.compile(
    r"(?:^|\s)(?:u-|is-|govuk-)?(?:visually-?hidden(?:-focusable)?|sr-only(?:-focusable)?|screen-?reader(?:s|-only|-text)?"
    r"|element-invisible|show-for-sr|a11y-hidden|assistive-text)(?:\s|$)",
    re.IGNORECASE,
)
SUPERSCRIPT = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
EXPONENT = re.compile(r"[+\-−–]?[0-9n]{1,4}")
ANCHOR = re.compile(r"[¶#§🔗\s]{1,3}")
ANCHOR_LENGTH = 3
PIXEL = ("0", "1", "0px", "1px")
MAY_BE_HIDDEN = etree.XPath("descendant::*[@hidden or @style]")
INLINE_SPEECH = frozenset({"span", "a", "small", "em", "strong", "b", "i"})
NO_NAMES: frozenset[str] = frozenset()
LINKS_ONLY = 0.8  # of a block's characters
LONGEST_NAMES = 400  # characters of class and id that are read


@dataclass(slots=True)
class Box:
    """A block element: the index of the one around it, and what is known of it; `names` are words of class and id."""

    parent: int
    tag: str
    names: frozenset[str]
    role: str
    is_hidden: bool
    element: etree._Element
    has_image: bool = False


@dataclass(slots=True)
class Block:
    """A run of text that no other block interrupts, in the box of that index.

    `linked` counts its characters in links, `free` the others; a character that is a word or half of one
    counts as three.
    """

    text: str
    box: int
    linked: int = 0
    free: float = field(init=False)

    def __post_init__(self) -> None:
        size = len(self.text)
        dense = 0 if self.text.isascii() else 2 * len(DENSE_SCRIPTS.findall(self.text))
        self.linked = min(self.linked, size)
        self.free = (size + dense) * (1 - self.linked / size)

    @property
    def is_link(self) -> bool:
        """Whether it is nothing but a link, or links."""
        return self.linked > len(self.text) * LINKS_ONLY

    @property
    def is_sentence(self) -> bool:
        """Whether it ends as a sentence does, also one in quotes or brackets, or one that leads to what follows."""
        return self.text.endswith(SENTENCE_END)


@lru_cache(maxsize=4096)
def names_of(raw: str) -> frozenset[str]:
    """Return the words of a class or id, which may be written `related-posts`, `relatedPosts` or `RELATED`.

    What modifies a block is none of its names: `field--label-hidden` (https://getbem.com/naming/), `has-rail-right`.
    """
    said = raw[:LONGEST_NAMES]
    if "-" in said or "_" in said:
        said = MODIFIER.sub(" ", said)
    return frozenset(word.lower() for word in WORD.findall(said))


def _box(parent: int, tag: str, element: etree._Element) -> Box:
    if not (attributes := element.items()):
        return Box(parent, tag, NO_NAMES, "", False, element)
    get = dict(cast("list[tuple[str, str]]", attributes)).get
    names = names_of(get("class", ""))
    if (identifier := get("id")) and tag not in HEADINGS:  # a heading's is often made of its own words
        names |= names_of(identifier)
    return Box(parent, tag, names, get("itemprop") or get("role") or "", _is_hidden(get), element)


def _is_hidden(get: Callable[[str], str | None]) -> bool:
    """Return whether an element is not shown, by what this gives of its attributes."""
    style = get("style")
    return get("hidden") is not None or bool(style and NO_DISPLAY.search(style))


def _is_picture(image: etree._Element) -> bool:
    """Return whether an image is one to look at, not the pixel by which a page counts its readers."""
    return image.get("width") not in PIXEL and image.get("height") not in PIXEL


def _raised(element: etree._Element) -> str:
    """Return the text of a superscript: a number after a number or a unit is its power, `10⁶`, any other as it is."""
    text = element.text or ""
    return text.translate(SUPERSCRIPT) if not len(element) and EXPONENT.fullmatch(text.strip()) else text


def _code(text: str) -> str:
    """Return preformatted text with its lines as they are."""
    lines = (INVISIBLE.sub("", SURROGATE.sub("\ufffd", line)).rstrip() for line in text.expandtabs(4).split("\n"))
    return "\n".join(lines).strip("\n ")


def _is_spoken(element: etree._Element) -> bool:
    """Return whether an element holds words for screen readers only."""
    names = element.get("class")
    return names is not None and FOR_SCREEN_READERS.search(names[:LONGEST_NAMES]) is not None


def _is_anchor(element: etree._Element) -> bool:
    """Return whether a link is nothing but the sign by which a heading is linked to."""
    text = element.text or ""
    return len(text) <= ANCHOR_LENGTH and not len(element) and ANCHOR.fullmatch(text) is not None


class _Reader:
    """The one pass over a tree: collects the text of a block until a block element begins or ends."""

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.blocks: list[Block] = []
        self.open = [-1]
        self.links = 0
        self.pieces: list[str] = []
        self.linked = 0

    def start(self, tag: str, element: etree._Element) -> None:
        if tag in BLOCK_TAGS or not self.boxes:  # the root is a box whatever it is
            if self.pieces:
                self.flush()
            self.boxes.append(_box(self.open[-1], tag, element))
            self.open.append(len(self.boxes) - 1)
        elif tag == "br":
            self.flush()
        elif tag == "a":
            self.links += not self.is_own(element)
        elif tag == "q":
            self.add("“")
        elif tag == "img" and _is_picture(element):
            self.boxes[self.open[-1]].has_image = True
        if element.text:
            self.add(_raised(element) if tag == "sup" else element.text)

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
        """Return whether the link is that of a heading to itself, or to its line in the page's contents."""
        box = self.boxes[self.open[-1]] if self.boxes else None
        return box is not None and box.tag in HEADINGS and (link.get("href") or "").startswith("#")

    def add(self, text: str) -> None:
        if not self.pieces and text.isspace():  # most of a page's texts are the white space between its elements
            return
        self.pieces.append(text)
        if self.links:
            self.linked += len(text.strip())

    def flush(self) -> None:
        if self.pieces:
            is_code = self.boxes[self.open[-1]].tag == "pre"
            text = _code("".join(self.pieces)) if is_code else clean("".join(self.pieces))
            if text:
                self.blocks.append(Block(text, self.open[-1], self.linked))
            self.pieces.clear()
            self.linked = 0


def read_blocks(root: etree._Element, unwanted: Set[etree._Element] = frozenset()) -> tuple[list[Box], list[Block]]:
    """Return the block elements and the blocks under the root but those in `unwanted`, in document order.

    A box stands after its parent, which is its index in the list, -1 for the first: the root's.
    """
    reader = _Reader()
    hidden = {element for element in cast("list[etree._Element]", MAY_BE_HIDDEN(root)) if _is_hidden(element.get)}
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        wanted = isinstance(tag, str) and tag not in NO_TEXT and element not in unwanted
        wanted = wanted and (element not in hidden or tag in BLOCK_TAGS or element is root)
        if wanted and tag in INLINE_SPEECH:
            wanted = not _is_spoken(element) and not (tag == "a" and _is_anchor(element))
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
    return reader.boxes, reader.blocks


def path(boxes: Sequence[Box], place: int) -> Iterator[int]:
    """Yield the box of this index and those around it, the outermost last."""
    while place >= 0:
        yield place
        place = boxes[place].parent


def ends(boxes: Sequence[Box]) -> list[int]:
    """Return for each box the index of the first one behind all that it holds: `i <= other < ends[i]` are inside."""
    found = list(range(1, len(boxes) + 1))
    for i in range(len(boxes) - 1, 0, -1):
        parent = boxes[i].parent
        if parent >= 0 and found[i] > found[parent]:
            found[parent] = found[i]
    return found
