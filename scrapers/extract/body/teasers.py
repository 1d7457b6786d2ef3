"""Pages that lead to articles and hold none: what is read on them stands under headings that are links to others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from lxml import etree

from scrapers.extract.body.blocks import HEADINGS, Block, Box, ends, path
from scrapers.extract.text.clean import words_of

MANY = 3  # links to other pages
MOST = 0.6  # of the text that stands under so many
ALL = 0.9  # of the text that stands under fewer
NEAR = 4  # elements from a heading to the one that holds its teaser
INTRO = 300  # characters of its own with which a list may begin; after more, a link is a pointer in a story
LEAST_HEADING = 4  # letters; a shorter one may stand in a title by chance


@dataclass(slots=True)
class _Lead:
    """A heading that leads to another page, or none, and how deep it is."""

    href: str
    level: str
    block: Block


def is_of_teasers(
    boxes: Sequence[Box],
    blocks: Sequence[Block],
    body: Sequence[Block],
    titles: Sequence[str],
    leads_away: Callable[[str], bool],
) -> bool:
    """Return whether a body is mostly teasers of other pages, each under a heading that is a link to its article.

    A heading that says what the page's own titles say leads nowhere else, whatever its link; `leads_away` tells
    whether a link leads to another page of the site.
    """
    if not body:
        return False
    of_body, own = {id(block) for block in body}, [f" {words_of(title)} " for title in titles]
    behind, firsts = ends(boxes), _firsts(boxes, blocks)
    under: _Lead | None = None
    hrefs: set[str] = set()
    led = 0.0
    told = [0.0]  # the text of the page's own before each block
    for block in blocks:
        amount = 0.0
        if level := _level(boxes, block.box):
            under = _lead(boxes, block, level, under, own, leads_away)
        elif id(block) in of_body:
            card = _card(boxes, behind, under.block, block) if under else None
            if under and card is not None and told[-1] - told[firsts[card]] <= INTRO:
                led += block.free
                hrefs.add(under.href)
            else:
                amount = block.free
        told.append(told[-1] + amount)
    every = led + told[-1]
    return every > 0 and led >= every * (MOST if len(hrefs) >= MANY else ALL)


def _firsts(boxes: Sequence[Box], blocks: Sequence[Block]) -> list[int]:
    """Return for each box the index of the first block in it."""
    found = [len(blocks)] * len(boxes)
    for at in range(len(blocks) - 1, -1, -1):
        found[blocks[at].box] = at
    for i in range(len(boxes) - 1, 0, -1):
        if (parent := boxes[i].parent) >= 0:
            found[parent] = min(found[parent], found[i])
    return found


def _level(boxes: Sequence[Box], place: int) -> str:
    """Return the name of the heading that the box is, or is close inside; nothing where it is none."""
    return next((boxes[one].tag for one in islice(path(boxes, place), NEAR) if boxes[one].tag in HEADINGS), "")


def _lead(
    boxes: Sequence[Box],
    block: Block,
    level: str,
    under: _Lead | None,
    own: Sequence[str],
    leads_away: Callable[[str], bool],
) -> _Lead | None:
    """Return the heading under which the next texts stand, which may be the one before if this one is below it."""
    words = words_of(block.text)
    href = _href(boxes[block.box].element) if block.is_link else ""
    is_own = len(words) >= LEAST_HEADING and any(f" {words} " in title for title in own)
    if href and not is_own and leads_away(href):
        return _Lead(href, level, block)
    return under if under and level > under.level else None


def _href(heading: etree._Element) -> str:
    """Return where a heading leads: the link in it or around it."""
    links = (one.get("href") for one in chain(islice(heading.iter("a"), NEAR), islice(heading.iterancestors(), NEAR)))
    return next((href for href in links if href), "")


def _card(boxes: Sequence[Box], behind: Sequence[int], heading: Block, block: Block) -> int | None:
    """Return the element that holds the heading close under it, and the block; None where they stand apart."""
    near = islice(path(boxes, heading.box), NEAR)
    return next((place for place in near if place <= block.box < behind[place]), None)
