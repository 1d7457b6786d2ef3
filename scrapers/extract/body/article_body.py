"""The article's body: the paragraphs under the outlet's selector, else those where the page's text is densest."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from lxml import etree

from scrapers.extract.body.blocks import HEADINGS, Block, Node, ancestors, read_blocks
from scrapers.extract.body.density import NO_HINTS, ArticleHints, find_body_blocks
from scrapers.extract.body.inline_images import find_images
from scrapers.extract.body.teasers import is_teaser_list
from scrapers.extract.body.unshown import find_unshown
from scrapers.extract.candidate import Candidate
from scrapers.extract.dom.links import absolute, same_page, same_site
from scrapers.extract.layers import selectors
from scrapers.extract.page import Rules
from scrapers.extract.text.clean import clean
from scrapers.extract.text.promos import is_promo
from scrapers.items import Image

CLUTTER_TAGS = frozenset({"aside", "figcaption", "figure", "footer", "form", "nav"})
CELLS = frozenset(("td", "th"))
KIND_BY_TAG = (
    dict.fromkeys(HEADINGS, "subhead") | dict.fromkeys(("li", "dt", "dd"), "list_item") | {"blockquote": "quote"}
)


@dataclass(slots=True)
class Body(Candidate[tuple[str, ...]]):
    """The paragraphs with the kind of each (see items.Article.body_kinds), and the pictures among them.

    `is_teaser_list`: the body is mostly teasers of other pages.
    """

    kinds: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    is_teaser_list: bool = False


def find_body(
    root: etree._Element,
    rules: Rules,
    hints: ArticleHints = NO_HINTS,
    url: str = "",
    classes: selectors.ByClass | None = None,
) -> Candidate[tuple[str, ...]] | None:
    """Return the paragraphs under the outlet's selector, else those where the page's text is densest.

    The selector matches nothing on pages of an older template. A page whose text is rendered by a script may hold the
    body in JSON data. `url` is the page's address, `classes` its elements by class (see selectors.index_by_class).
    """
    if selected := _select_body(root, rules, url, classes):
        return selected
    shown = _find_dense(root, rules, hints, url)

    def read_tree(tree: etree._Element, tags: Set[str]) -> Candidate[tuple[str, ...]] | None:
        return _find_dense(tree, rules, hints, url, tags)

    return find_unshown(root, shown.value if shown else (), hints.headline, read_tree) or shown


def _find_dense(
    root: etree._Element, rules: Rules, hints: ArticleHints, url: str, shown_tags: Set[str] = frozenset()
) -> Body | None:
    """Return the paragraphs where the text under the root is densest; None where there are none."""
    unwanted = _elements_to_remove(root, rules.remove)
    nodes, blocks = read_blocks(root, unwanted, shown_tags)
    leads_away = partial(_leads_away, url)
    story = find_body_blocks(nodes, blocks, hints, leads_away)
    title = hints.titles[-1] if hints.titles else clean(root.findtext(".//title") or "")
    lines, kinds = _without_title(*_lines(nodes, story), title)
    if not lines:
        return None
    holder = _innermost_holder(nodes, story)
    images = find_images(holder, unwanted, url) if holder is not None else ()
    is_list = bool(url) and is_teaser_list(nodes, blocks, story, hints.titles, leads_away)
    return Body(lines, "body:density", kinds=kinds, images=images, is_teaser_list=is_list)


def _leads_away(url: str, href: str) -> bool:
    """Return whether a link on the page leads to another page of the site, and not to one above it in the path."""
    address = absolute(href, url)
    if not address or href.startswith("#") or not same_site(address, url) or same_page(address, url):
        return False
    return not urlsplit(url).path.startswith(urlsplit(address).path.rstrip("/") + "/")


def _select_body(root: etree._Element, rules: Rules, url: str, classes: selectors.ByClass | None) -> Body | None:
    """Return the body under the outlet's selector: the first element with text, or all of several selectors."""
    if isinstance(rules.article_body, tuple):
        rule = ", ".join(rules.article_body)
        elements = _outermost(selectors.elements(root, rule, classes))
        return _joined([_read_subtree(element, rules, rule, url) for element in elements], rule)
    rule = rules.article_body or ""
    bodies = (_read_subtree(element, rules, rule, url) for element in selectors.elements(root, rule, classes))
    return next((body for body in bodies if body.value), None)


def _joined(bodies: Sequence[Body], rule: str) -> Body | None:
    """Return the bodies as one; None where none has text."""
    lines = tuple(line for body in bodies for line in body.value)
    kinds = tuple(kind for body in bodies for kind in body.kinds)
    images = tuple(image for body in bodies for image in body.images)
    return Body(lines, f"css:{rule}", kinds=kinds, images=images) if lines else None


def _outermost(elements: Sequence[etree._Element]) -> list[etree._Element]:
    """Return the elements that stand in no other of them."""
    all_elements = set(elements)
    return [element for element in elements if all_elements.isdisjoint(element.iterancestors())]


def _read_subtree(subtree: etree._Element, rules: Rules, rule: str, url: str) -> Body:
    """Return the subtree's paragraphs, without what the outlet's `remove` matches and without promos."""
    unwanted = _elements_to_remove(subtree, rules.remove)
    clutter = unwanted | set(subtree.iterdescendants(*CLUTTER_TAGS))
    lines, kinds = _lines(*read_blocks(subtree, clutter))
    return Body(lines, f"css:{rule}", kinds=kinds, images=find_images(subtree, unwanted, url))


def _elements_to_remove(root: etree._Element, remove: Sequence[str]) -> Set[etree._Element]:
    return set(selectors.elements(root, ", ".join(remove)))


def _lines(nodes: Sequence[Node], blocks: Sequence[Block]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the blocks' texts without promos, with the cells of a table row joined, and the kind of each."""
    lines: list[tuple[str, str]] = []
    previous: Block | None = None
    for block, kind in zip(blocks, _kinds(nodes, blocks), strict=True):
        if previous and _is_same_row(nodes, previous, block):
            lines[-1] = (f"{lines[-1][0]} {block.text}", lines[-1][1])
        else:
            lines.append((block.text, kind))
        previous = block
    kept = [(line, kind) for line, kind in lines if not is_promo(line)]
    return tuple(line for line, _ in kept), tuple(kind for _, kind in kept)


def _kinds(nodes: Sequence[Node], blocks: Sequence[Block]) -> list[str]:
    """Return each block's kind, by the nearest element around it that has one in KIND_BY_TAG.

    A list or quote that contains all blocks is the page's layout, and gives no kind.
    """
    nearest: list[int] = []  # for each node, the nearest one with a kind
    for i, node in enumerate(nodes):
        nearest.append(i if node.tag in KIND_BY_TAG else nearest[node.parent] if node.parent >= 0 else -1)
    marks = [nearest[block.node] for block in blocks]
    if len(marks) > 1 and len(set(marks)) == 1:
        return ["paragraph"] * len(blocks)
    return [KIND_BY_TAG[nodes[mark].tag] if mark >= 0 else "paragraph" for mark in marks]


def _innermost_holder(nodes: Sequence[Node], story: Sequence[Block]) -> etree._Element | None:
    """Return the innermost element around the middle half of the story's blocks, which surely belong to it."""
    middle = story[len(story) // 4 : len(story) - len(story) // 4] or story
    shared: list[int] = []
    for block in middle:
        above = list(ancestors(nodes, block.node))
        shared = list(filter(set(above).__contains__, shared)) if shared else above
    return nodes[shared[0]].element if shared else None


def _without_title(
    lines: tuple[str, ...], kinds: tuple[str, ...], title: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines without a first line with which the page's title begins."""
    return (lines[1:], kinds[1:]) if lines and title.startswith(lines[0]) else (lines, kinds)


def _is_same_row(nodes: Sequence[Node], block: Block, next_block: Block) -> bool:
    """Return whether the blocks are in two cells of one table row."""
    cell, next_cell = nodes[block.node], nodes[next_block.node]
    is_pair = block.node != next_block.node and cell.tag in CELLS and next_cell.tag in CELLS
    return is_pair and cell.parent == next_cell.parent
