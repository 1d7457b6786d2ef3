"""The paragraphs of an article's body.

lxml finds the subtree, BeautifulSoup takes it apart: on a few kilobytes its tolerance costs little, on a
whole page it would cost ten times the parse. `html.parser` is used as it has no limit of depth.
"""

import re
from collections.abc import Iterator, Sequence, Set

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from lxml import etree

from scrapers.extract import selectors
from scrapers.extract.clean import clean
from scrapers.extract.found import Found
from scrapers.extract.page import Rules

NO_TEXT = {
    "aside", "button", "figcaption", "figure", "form", "iframe", "nav", "noscript", "script", "style", "svg",
    "template",
}  # fmt: skip
BLOCKS = {
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
}  # fmt: skip
CELLS = {"td", "th"}
BREAK = "\x1e"  # between paragraphs: ASCII's record separator, which no page prints
PROMO = re.compile(
    r"(?:baca juga|baca selengkapnya|lihat juga ?:|simak juga ?:|follow (?:berita )?inews).{0,250}"
    r"|advertisement(?: ?\. scroll .{0,40})?|scroll to continue with content",
    re.IGNORECASE,
)
LEAST_PARAGRAPH = 40  # characters that are no link; menus, captions and cards have fewer
LEAST_BODY = 250  # characters of such paragraphs under one parent; a list page's teasers have fewer


def is_promo(line: str) -> bool:
    """Return whether the line advertises another article or channel, or is the label of an advertisement."""
    return bool(PROMO.fullmatch(line))


def body_of(root: etree._Element, rules: Rules) -> Found[tuple[str, ...]] | None:
    """Return the paragraphs under the outlet's selector, or where none is declared, where text is densest."""
    if rules.article_body:
        subtrees = selectors.elements(root, rules.article_body)
        rule = f"css:{rules.article_body}"
    else:
        subtrees, rule = densest(root), "body:density"
    every = (paragraphs(subtree, rules.remove) for subtree in subtrees)
    return next((Found(lines, rule) for lines in every if lines), None)


def paragraphs(subtree: etree._Element, remove: Sequence[str]) -> tuple[str, ...]:
    """Return the subtree's paragraphs, without what the selectors in `remove` match and without promos."""
    markup = etree.tostring(subtree, encoding="unicode", method="html", with_tail=False)
    soup = BeautifulSoup(markup, "html.parser")
    unwanted = {id(element) for element in (soup.select(", ".join(remove)) if remove else ())}
    lines = filter(None, map(clean, "".join(_texts(soup, unwanted)).split(BREAK)))
    return tuple(line for line in lines if not is_promo(line))


def _texts(soup: BeautifulSoup, unwanted: Set[int]) -> Iterator[str]:
    """Yield the texts that are wanted, with a break where one block ends or another begins.

    One pass, and nothing is taken out: bs4 takes time in the square of their number to remove siblings.
    """
    blocks: dict[int, Tag | None] = {id(soup): soup}  # the block that an element's text is of; None: unwanted
    last: Tag | None = soup
    for node in soup.descendants:
        block = blocks[id(node.parent)]
        if isinstance(node, Tag):
            is_block = node.name in BLOCKS
            own = node if is_block else block
            is_wanted = block is not None and node.name not in NO_TEXT and id(node) not in unwanted
            blocks[id(node)] = own if is_wanted else None
            yield BREAK if is_block else " " if node.name in CELLS else ""
        elif block is not None and type(node) is NavigableString:
            yield BREAK if block is not last else ""
            yield node
            last = block


def densest(root: etree._Element) -> list[etree._Element]:
    """Return the element whose own paragraphs hold the most text that is no link; none on a page of lists."""
    weights: dict[etree._Element, int] = {}
    for paragraph in root.iter("p"):
        text = len(clean(str(paragraph.xpath("string()"))))
        linked = len(clean(str(paragraph.xpath("string(.//a)"))))
        parent = paragraph.getparent()
        if parent is not None and text - linked >= LEAST_PARAGRAPH:
            weights[parent] = weights.get(parent, 0) + text - linked
    best = max(weights, key=lambda parent: weights[parent], default=None)
    return [best] if best is not None and weights[best] >= LEAST_BODY else []
