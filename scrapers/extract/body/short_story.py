"""The body of a post of one or two sentences: all the text below a headline that is printed with its date.

It has no more text than a page of teasers, so that only its place below headline and date tells that it is an article.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from scrapers.extract.body.blocks import HEADINGS, Block, Node, ancestors, subtree_ends
from scrapers.extract.text.clean import words_of
from scrapers.extract.text.promos import is_promo

MIN_WEIGHT = 20  # characters free of links; one of a script without spaces counts as three
MAX_DISTANCE = 4  # blocks between headline and date, such as a section and a byline
MIN_LINKED_SHARE = 0.5  # of a line's characters, where it is a link
MIN_LIST_LINKS = 3  # links below the text that make the page a list
MAX_STAMP_LENGTH = 100  # characters of a line with the date or the byline
MIN_TITLE_LENGTH = 15  # characters of a link that may be another article's title
MAX_OTHER_DATE_LENGTH = 40  # characters of a line with another date, such as the last change
YEAR = re.compile(r"(?:19|20)[0-9]{2}")
SHORT_NUMBER = re.compile(r"[0-9]{1,4}")


def find_short_story(
    nodes: Sequence[Node],
    blocks: Sequence[Block],
    clutter: Sequence[bool],
    headline: str,
    authors: Sequence[str],
    day: date | None,
    *,
    is_declared: bool,
) -> list[Block]:
    """Return the text below a headline that is printed with its date; empty where other articles stand among it.

    `clutter` tells for each node whether it can't be part of the story. `day` is the day of publication; where it
    `is_declared` in structured data, it needn't be printed.
    """
    if not headline or day is None:
        return []
    for index in _headline_blocks(nodes, blocks, clutter, headline):
        below = _below(nodes, blocks, clutter, index, authors, day)
        story = [block for block in below if _is_text(nodes, block, authors, day)]
        is_dated = is_declared or _is_dated(blocks, index, day)
        is_enough = sum(block.free for block in story) >= MIN_WEIGHT
        if is_dated and is_enough and not _is_list(nodes, blocks, below, story[-1]):
            return story
    return []


def _headline_blocks(
    nodes: Sequence[Node], blocks: Sequence[Block], clutter: Sequence[bool], headline: str
) -> list[int]:
    """Return the indices of the blocks with the headline's words, headings first."""
    words = words_of(headline)
    equal = [i for i, block in enumerate(blocks) if not clutter[block.node] and words_of(block.text) == words]
    return sorted(equal, key=lambda i: nodes[blocks[i].node].tag not in HEADINGS)[:MAX_DISTANCE]


def _below(
    nodes: Sequence[Node],
    blocks: Sequence[Block],
    clutter: Sequence[bool],
    headline: int,
    authors: Sequence[str],
    day: date,
) -> list[Block]:
    """Return the blocks below the headline in the smallest element that contains it and any text below it."""
    ends, end = subtree_ends(nodes), headline + 1
    for holder in ancestors(nodes, blocks[headline].node):
        start = end
        while end < len(blocks) and holder <= blocks[end].node < ends[holder]:
            end += 1
        shown = (block for block in blocks[start:end] if not clutter[block.node])
        if any(_is_text(nodes, block, authors, day) for block in shown):
            return [block for block in blocks[headline + 1 : end] if not clutter[block.node]]
    return []


def _is_text(nodes: Sequence[Node], block: Block, authors: Sequence[str], day: date) -> bool:
    """Return whether the block is no heading, link, date, byline or promo."""
    if nodes[block.node].tag in HEADINGS or block.is_link or is_promo(block.text):
        return False
    is_byline = len(block.text) <= MAX_STAMP_LENGTH and any(name in block.text for name in authors)
    is_short = len(block.text) <= MAX_OTHER_DATE_LENGTH
    is_date = is_short and len(SHORT_NUMBER.findall(block.text)) > 1 and YEAR.search(block.text)
    return not is_byline and not is_date and not _is_stamp(block.text, day)


def _is_stamp(text: str, day: date) -> bool:
    """Return whether a short line prints the day in any language: its numbers include the year and the day."""
    return len(text) <= MAX_STAMP_LENGTH and {day.year, day.day} <= set(map(int, SHORT_NUMBER.findall(text)))


def _is_dated(blocks: Sequence[Block], headline: int, day: date) -> bool:
    """Return whether the day is printed near the headline, without another article's title between them."""
    near = _near(blocks, headline)
    return any(_is_stamp(blocks[i].text, day) and not _has_title_between(blocks, headline, i) for i in near)


def _near(blocks: Sequence[Block], index: int) -> Iterator[int]:
    yield from range(index + 1, min(len(blocks), index + 1 + MAX_DISTANCE))
    yield from range(max(0, index - MAX_DISTANCE), index)


def _has_title_between(blocks: Sequence[Block], index: int, other_index: int) -> bool:
    between = blocks[min(index, other_index) + 1 : max(index, other_index)]
    return any(block.is_link and len(block.text) >= MIN_TITLE_LENGTH for block in between)


def _is_list(nodes: Sequence[Node], blocks: Sequence[Block], below: Sequence[Block], last: Block) -> bool:
    """Return whether several links to other articles stand among the text, or as headings right after its last block.

    Short list items are tags, not articles' titles. A title with its date behind it is a link and little else.
    """
    links = [block for block in below if block.linked > len(block.text) * MIN_LINKED_SHARE]
    titles = sum(nodes[block.node].tag != "li" or len(block.text) >= MIN_TITLE_LENGTH for block in links)
    return titles >= MIN_LIST_LINKS or sum(1 for _ in _linked_headings_after(nodes, blocks, last)) >= MIN_LIST_LINKS


def _linked_headings_after(nodes: Sequence[Node], blocks: Sequence[Block], last: Block) -> Iterator[Block]:
    """Yield the headings that are links, up to another heading or a text, which would introduce what follows."""
    index = next(i for i, block in enumerate(blocks) if block is last)
    for block in blocks[index + 1 :]:
        is_heading = nodes[block.node].tag in HEADINGS
        if block.is_link and is_heading:
            yield block
        elif is_heading or (not block.is_link and block.free > MIN_WEIGHT):
            return
