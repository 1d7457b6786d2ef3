"""The paragraphs of an article's body: under the outlet's selector, else where a page's text is densest."""

from collections.abc import Sequence

from lxml import etree

from scrapers.extract import embedded_json, selectors
from scrapers.extract.blocks import Block, Box, read_blocks
from scrapers.extract.clean import clean
from scrapers.extract.density import NOTHING, Known, body_blocks
from scrapers.extract.found import Found
from scrapers.extract.page import Rules
from scrapers.extract.promos import is_promo

NO_STORY = frozenset({"aside", "figcaption", "figure", "footer", "form", "nav"})
CELLS = frozenset(("td", "th"))


def body_of(root: etree._Element, rules: Rules, known: Known = NOTHING) -> Found[tuple[str, ...]] | None:
    """Return the paragraphs under the outlet's selector; where that finds none, those where the page's text is densest.

    An outlet's older pages have another template than the declared one. A page that holds no text of its own may have
    the body in its scripts' data.
    """
    declared = (paragraphs(subtree, rules.remove) for subtree in selectors.elements(root, rules.article_body))
    if lines := next(filter(None, declared), ()):
        return Found(lines, f"css:{rules.article_body}")
    boxes, blocks = read_blocks(root, _unwanted(root, rules.remove))
    lines = _without_title(_lines(boxes, body_blocks(boxes, blocks, known)), clean(root.findtext(".//title") or ""))
    return Found(lines, "body:density") if lines else embedded_json.paragraphs(root)


def paragraphs(subtree: etree._Element, remove: Sequence[str]) -> tuple[str, ...]:
    """Return the subtree's paragraphs, without what the selectors in `remove` match and without promos."""
    unwanted = _unwanted(subtree, remove) | set(subtree.iterdescendants(*NO_STORY))
    return _lines(*read_blocks(subtree, unwanted))


def _unwanted(root: etree._Element, remove: Sequence[str]) -> set[etree._Element]:
    return set(selectors.elements(root, ", ".join(remove)))


def _lines(boxes: Sequence[Box], blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the blocks' texts without promos; the cells of a table's row in one line."""
    lines: list[str] = []
    before: Block | None = None
    for block in blocks:
        if before and _same_row(boxes, before, block):
            lines[-1] += f" {block.text}"
        else:
            lines.append(block.text)
        before = block
    return tuple(line for line in lines if not is_promo(line))


def _without_title(lines: tuple[str, ...], title: str) -> tuple[str, ...]:
    """Return the lines without a first one that is the page's title, which may go on with the site's name."""
    return lines[1:] if lines and title.startswith(lines[0]) else lines


def _same_row(boxes: Sequence[Box], one: Block, other: Block) -> bool:
    """Return whether the blocks are in two cells of one row."""
    cell, next_cell = boxes[one.box], boxes[other.box]
    return one.box != other.box and cell.tag in CELLS and next_cell.tag in CELLS and cell.parent == next_cell.parent
