"""Checking the body that was found against the text that JSON-LD declares as the article's.

The declared text is not used as the body: it has no paragraphs, and often it is only a teaser. But where it contains
nearly all of the found body, the rest is something else: a subscription's terms, a caption, the next story's lead.
"""

import html
import re
from collections.abc import Sequence, Set
from itertools import compress

from scrapers.extract.body.blocks import Block, Node
from scrapers.extract.text.clean import compact

MARKUP_TAG = re.compile(r"<[^<>]{1,500}>")
MIN_COVERAGE = 0.8  # of the found characters that the declared text must contain to be trusted
MIN_TEXT_LENGTH = 400  # letters and digits of the declared text; a teaser has fewer
EDGE_LENGTH = 50  # letters and digits at either end of a block that are looked up
MIN_BLOCK_LENGTH = 50  # characters; many declared texts omit subheads and labels
OFTEN_OMITTED_TAGS = frozenset({"blockquote", "li", "td", "th"})  # elements that many declared texts omit


def keep_declared(
    nodes: Sequence[Node], blocks: Sequence[Block], body: Sequence[int], declared: str | None
) -> Sequence[int]:
    """Return the body without what follows the end of the declared text, and without paragraphs that it lacks.

    Blocks before its first paragraph stay, since few sites declare the standfirst, and so do blocks in one element with
    its paragraphs, since some sites leave a few out. Where the declared text covers too little, the body stays whole.
    """
    text = compact(html.unescape(MARKUP_TAG.sub(" ", declared or "")))
    if len(text) < MIN_TEXT_LENGTH or not body:
        return body
    is_declared = [_occurs(compact(blocks[i].text), text) for i in body]
    lengths = [len(blocks[i].text) for i in body]
    if sum(compress(lengths, is_declared)) < sum(lengths) * MIN_COVERAGE:
        return body
    first, end = is_declared.index(True), len(body) - is_declared[::-1].index(True)
    if compact(blocks[body[end - 1]].text)[-EDGE_LENGTH:] not in text:  # the declared text was cut to a length
        end = len(body)
    holders = {nodes[blocks[i].node].parent for i in compress(body, is_declared)}
    return [
        i for at, i in enumerate(body[:end]) if at < first or is_declared[at] or _is_beside(nodes, blocks[i], holders)
    ]


def _is_beside(nodes: Sequence[Node], block: Block, holders: Set[int]) -> bool:
    """Return whether a block that is not declared may be the article's: short, often omitted, or in a holder."""
    node = nodes[block.node]
    is_inside = node.parent in holders or block.node in holders
    return len(block.text) < MIN_BLOCK_LENGTH or node.tag in OFTEN_OMITTED_TAGS or is_inside


def _occurs(text: str, declared_text: str) -> bool:
    """Return whether the declared text contains the beginning or the end of the text."""
    return text[:EDGE_LENGTH] in declared_text or text[-EDGE_LENGTH:] in declared_text
