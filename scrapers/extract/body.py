"""The paragraphs of an article's body.

lxml finds the subtree, BeautifulSoup takes it apart: on a few kilobytes its tolerance costs little, on a
whole page it would cost ten times the parse. `html.parser` is used as it has no limit of depth.
"""

import re
from collections.abc import Iterable

from bs4 import BeautifulSoup
from lxml import etree

from scrapers.extract import selectors
from scrapers.extract.clean import clean
from scrapers.extract.found import Found
from scrapers.extract.page import Rules

NEVER_TEXT = "script, style, noscript, template, figure, figcaption, iframe, form, button, svg, aside, nav"
BLOCKS = [
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
]  # fmt: skip
CELLS = ["td", "th"]
BREAK = "\x1e"  # ASCII's record separator, which no page prints
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


def paragraphs(subtree: etree._Element, remove: Iterable[str]) -> tuple[str, ...]:
    """Return the subtree's paragraphs, without what the selectors in `remove` match and without promos."""
    markup = etree.tostring(subtree, encoding="unicode", method="html", with_tail=False)
    soup = BeautifulSoup(markup, "html.parser")
    for unwanted in soup.select(", ".join([NEVER_TEXT, *remove])):
        unwanted.extract()
    for block in soup.find_all(BLOCKS):
        block.insert_before(BREAK)
        block.insert_after(BREAK)
    for cell in soup.find_all(CELLS):
        cell.insert_after(" ")
    lines = filter(None, map(clean, soup.get_text().split(BREAK)))
    return tuple(line for line in lines if not is_promo(line))


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
