"""The paragraphs of an article's body: under the outlet's selector, else where a page's text is densest."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from lxml import etree

from scrapers.extract.body.blocks import HEADINGS, Block, Box, path, read_blocks
from scrapers.extract.body.density import NOTHING, Known, body_blocks
from scrapers.extract.body.inline_images import inline_images
from scrapers.extract.body.teasers import is_of_teasers
from scrapers.extract.candidate import Candidate
from scrapers.extract.dom.links import absolute, same_page, same_site
from scrapers.extract.layers import embedded_json, selectors
from scrapers.extract.page import Rules
from scrapers.extract.text.clean import clean
from scrapers.extract.text.promos import is_promo
from scrapers.items import Image

NO_STORY = frozenset({"aside", "figcaption", "figure", "footer", "form", "nav"})
CELLS = frozenset(("td", "th"))
KINDS = dict.fromkeys(HEADINGS, "subhead") | dict.fromkeys(("li", "dt", "dd"), "list_item") | {"blockquote": "quote"}


@dataclass(slots=True)
class Body(Candidate[tuple[str, ...]]):
    """An article's paragraphs, of what kind each is (see items.Article.body_kinds), and the pictures among them.

    `is_of_teasers`: it is mostly what a list says of other pages.
    """

    kinds: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    is_of_teasers: bool = False


def body_of(
    root: etree._Element,
    rules: Rules,
    known: Known = NOTHING,
    url: str = "",
    classes: selectors.ByClass | None = None,
) -> Candidate[tuple[str, ...]] | None:
    """Return the paragraphs under the outlet's selector; where that finds none, those where the page's text is densest.

    An outlet's older pages have another template than the declared one. A page that holds no text of its own may have
    the body in its scripts' data. `url` is the page's address, `classes` are the root's elements by class.
    """
    if declared := _declared(root, rules, url, classes):
        return declared
    unwanted = _unwanted(root, rules.remove)
    boxes, blocks = read_blocks(root, unwanted)
    story = body_blocks(boxes, blocks, known)
    lines, kinds = _without_title(*_lines(boxes, story), clean(root.findtext(".//title") or ""))
    if not lines:
        return embedded_json.paragraphs(root)
    holder = _holder(boxes, story)
    pictures = inline_images(holder, unwanted, url) if holder is not None else ()
    is_list = is_of_teasers(boxes, blocks, story, known.titles, partial(_leads_away, url)) if url else False
    return Body(lines, "body:density", kinds=kinds, images=pictures, is_of_teasers=is_list)


def _leads_away(url: str, href: str) -> bool:
    """Return whether a link on the page of this address leads to another page of its site, and not to one above it."""
    address = absolute(href, url)
    if not address or href.startswith("#") or not same_site(address, url) or same_page(address, url):
        return False
    return not urlsplit(url).path.startswith(urlsplit(address).path.rstrip("/") + "/")


def _declared(root: etree._Element, rules: Rules, url: str, classes: selectors.ByClass | None) -> Body | None:
    """Return what stands under the outlet's selector: the first element with text, or all of a selector of parts."""
    if isinstance(rules.article_body, tuple):
        rule = ", ".join(rules.article_body)
        bodies = [_body(part, rules, rule, url) for part in _outermost(selectors.elements(root, rule, classes))]
        return Body(
            tuple(line for body in bodies for line in body.value),
            f"css:{rule}",
            kinds=tuple(kind for body in bodies for kind in body.kinds),
            images=tuple(image for body in bodies for image in body.images),
        ) if any(body.value for body in bodies) else None  # fmt: skip
    rule = rules.article_body or ""
    bodies_of = (_body(subtree, rules, rule, url) for subtree in selectors.elements(root, rule, classes))
    return next((body for body in bodies_of if body.value), None)


def _outermost(elements: Sequence[etree._Element]) -> list[etree._Element]:
    every = set(elements)
    return [element for element in elements if not any(above in every for above in element.iterancestors())]


def _body(subtree: etree._Element, rules: Rules, rule: str, url: str) -> Body:
    """Return the subtree's paragraphs, without what the outlet's `remove` matches and without promos."""
    unwanted = _unwanted(subtree, rules.remove)
    no_story = unwanted | set(subtree.iterdescendants(*NO_STORY))
    lines, kinds = _lines(*read_blocks(subtree, no_story))
    return Body(lines, f"css:{rule}", kinds=kinds, images=inline_images(subtree, unwanted, url))


def _unwanted(root: etree._Element, remove: Sequence[str]) -> Set[etree._Element]:
    return set(selectors.elements(root, ", ".join(remove)))


def _lines(boxes: Sequence[Box], blocks: Sequence[Block]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the blocks' texts without promos, the cells of a table's row in one line, and the kind of each."""
    lines: list[tuple[str, str]] = []
    before: Block | None = None
    for block, kind in zip(blocks, _kinds(boxes, blocks), strict=True):
        if before and _same_row(boxes, before, block):
            lines[-1] = (f"{lines[-1][0]} {block.text}", lines[-1][1])
        else:
            lines.append((block.text, kind))
        before = block
    kept = [(line, kind) for line, kind in lines if not is_promo(line)]
    return tuple(line for line, _ in kept), tuple(kind for _, kind in kept)


def _kinds(boxes: Sequence[Box], blocks: Sequence[Block]) -> list[str]:
    """Return what each block is by the nearest element around it that says so.

    A list or a quote that holds all of the blocks is the page's layout.
    """
    marked: list[int] = []
    for at, box in enumerate(boxes):
        marked.append(at if box.tag in KINDS else marked[box.parent] if box.parent >= 0 else -1)
    marks = [marked[block.box] for block in blocks]
    if len(marks) > 1 and len(set(marks)) == 1:
        return ["paragraph"] * len(blocks)
    return [KINDS[boxes[mark].tag] if mark >= 0 else "paragraph" for mark in marks]


def _holder(boxes: Sequence[Box], story: Sequence[Block]) -> etree._Element | None:
    """Return the innermost element that holds the blocks of the middle half of the story, which are surely its own."""
    middle = story[len(story) // 4 : len(story) - len(story) // 4] or story
    shared: list[int] = []
    for block in middle:
        above = list(path(boxes, block.box))
        shared = [place for place in shared if place in set(above)] if shared else above
    return boxes[shared[0]].element if shared else None


def _without_title(
    lines: tuple[str, ...], kinds: tuple[str, ...], title: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines without a first one that is the page's title, which may go on with the site's name."""
    return (lines[1:], kinds[1:]) if lines and title.startswith(lines[0]) else (lines, kinds)


def _same_row(boxes: Sequence[Box], one: Block, other: Block) -> bool:
    """Return whether the blocks are in two cells of one row."""
    cell, next_cell = boxes[one.box], boxes[other.box]
    return one.box != other.box and cell.tag in CELLS and next_cell.tag in CELLS and cell.parent == next_cell.parent
