"""Recognizing pages without an article of their own, whose text is teasers under headings that link to articles."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

from lxml import etree

from scrapers.extract.body.blocks import HEADINGS, Block, Node, ancestors, first_blocks, subtree_ends
from scrapers.extract.text.clean import words_of

MIN_LINKS = 3  # links to other pages
MIN_SHARE = 0.6  # of the text, in teasers with at least that many links
MIN_SHARE_OF_FEW = 0.9  # the same with fewer links
MAX_DISTANCE = 4  # elements from a heading to the one around its teaser
MAX_OWN_TEXT = 300  # characters with which a list may begin; after more, a link is a reference in a story
MIN_HEADING_LENGTH = 4  # characters; a shorter heading may occur in a title by chance


@dataclass(slots=True)
class _LinkedHeading:
    """A heading that links to another page, and its tag."""

    href: str
    level: str
    block: Block


def is_teaser_list(
    nodes: Sequence[Node],
    blocks: Sequence[Block],
    body: Sequence[Block],
    titles: Sequence[str],
    leads_away: Callable[[str], bool],
) -> bool:
    """Return whether a body is mostly teasers of other pages, each under a heading that links to its article.

    A heading with the words of the page's own titles is not a teaser's, whatever its link; `leads_away` tells whether
    an href leads to another page of the site.
    """
    if not body:
        return False
    own_titles = [f" {words_of(title)} " for title in titles]
    count = _TeaserCount(nodes, blocks, {id(block) for block in body})
    heading: _LinkedHeading | None = None
    end = next(i for i in range(len(blocks), 0, -1) if blocks[i - 1] is body[-1])
    for block in islice(blocks, end):
        if level := _level(nodes, block.node):
            heading = _heading_for(nodes, block, level, heading, own_titles, leads_away)
            count.skip()
        else:
            count.add(block, heading)
    return count.is_list


class _TeaserCount:
    """Adds up the body's text in teasers and the page's own, in document order."""

    def __init__(self, nodes: Sequence[Node], blocks: Sequence[Block], body: Set[int]) -> None:
        self._nodes, self._body = nodes, body
        self._blocks = blocks
        self._own_before = [0.0]  # for each block, the text of the page's own before it
        self._in_teasers = 0.0
        self._hrefs: set[str] = set()

    def skip(self) -> None:
        """Pass a heading."""
        self._own_before.append(self._own_before[-1])

    def add(self, block: Block, heading: "_LinkedHeading | None") -> None:
        """Add a block that follows the heading."""
        own = 0.0
        if id(block) in self._body:
            card = _card(self._nodes, self._ends, heading.block, block) if heading else None
            if heading and card is not None and self._own_since(card) <= MAX_OWN_TEXT:
                self._in_teasers += block.free
                self._hrefs.add(heading.href)
            else:
                own = block.free
        self._own_before.append(self._own_before[-1] + own)

    def _own_since(self, card: int) -> float:
        return self._own_before[-1] - self._own_before[self._firsts[card]]

    @cached_property
    def _ends(self) -> list[int]:
        return subtree_ends(self._nodes)

    @cached_property
    def _firsts(self) -> list[int]:
        return first_blocks(self._nodes, self._blocks)

    @property
    def is_list(self) -> bool:
        """Whether most of the text is in teasers; nearly all, where they are few."""
        total = self._in_teasers + self._own_before[-1]
        share = MIN_SHARE if len(self._hrefs) >= MIN_LINKS else MIN_SHARE_OF_FEW
        return total > 0 and self._in_teasers >= total * share


def _level(nodes: Sequence[Node], index: int) -> str:
    """Return the tag of the heading that the node is or stands in; empty where there is none near."""
    for _ in range(MAX_DISTANCE):
        node = nodes[index]
        if node.tag in HEADINGS:
            return node.tag
        if (index := node.parent) < 0:
            break
    return ""


def _heading_for(
    nodes: Sequence[Node],
    block: Block,
    level: str,
    heading: "_LinkedHeading | None",
    own_titles: Sequence[str],
    leads_away: Callable[[str], bool],
) -> "_LinkedHeading | None":
    """Return the linked heading above the text that follows: the block, or `heading` if that ranks higher."""
    words = words_of(block.text)
    href = heading_href(nodes[block.node].element) if block.is_link else ""
    is_own = len(words) >= MIN_HEADING_LENGTH and any(f" {words} " in title for title in own_titles)
    if href and not is_own and leads_away(href):
        return _LinkedHeading(href, level, block)
    return heading if heading and level > heading.level else None


def heading_href(heading: etree._Element) -> str:
    """Return the address of the link in a heading or around it."""
    links = chain(islice(heading.iter("a"), MAX_DISTANCE), islice(heading.iterancestors(), MAX_DISTANCE))
    return next((href for link in links if (href := link.get("href"))), "")


def _card(nodes: Sequence[Node], ends: Sequence[int], heading: Block, block: Block) -> int | None:
    """Return the node close around the heading that also holds the block; None where there is none."""
    near = islice(ancestors(nodes, heading.node), MAX_DISTANCE)
    return next((index for index in near if index <= block.node < ends[index]), None)
