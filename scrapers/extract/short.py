"""The body of a post of a sentence or two: all the text that a page shows below its headline and date.

So little text weighs no more than a list page's, so that only how the page prints it tells that it is an article's.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from scrapers.extract.blocks import HEADINGS, Block, Box, ends, path
from scrapers.extract.clean import words_of
from scrapers.extract.promos import is_promo

LEAST = 20  # what the text weighs, by characters; one of a script without spaces counts as three
NEAR = 4  # blocks from the headline to the date, such as a section and a byline
MANY = 3  # links below the text, which make the page a list
MOSTLY_LINK = 0.5  # of a line's characters
LONGEST_STAMP = 100  # characters of a line that says when, and who
LEAST_TITLE = 15  # characters of a link that may be another article's title
LONGEST_DATE = 40  # characters of a line that gives another day, such as that of a change
YEAR = re.compile(r"(?:19|20)[0-9]{2}")
NUMBER = re.compile(r"[0-9]{1,4}")


def short_story(
    boxes: Sequence[Box],
    blocks: Sequence[Block],
    apart: Sequence[bool],
    headline: str,
    authors: Sequence[str],
    day: date | None,
    *,
    is_declared: bool,
) -> list[Block]:
    """Return the text below a headline that is printed with a date; none where the page is not so plain.

    `apart` tells the boxes that are no story by their kind; `day` is when the article was published, `is_declared`
    whether its structured data says so: then it need not be printed.
    """
    if not headline or day is None:
        return []
    for at in _headlines(boxes, blocks, apart, headline):
        below = _below(boxes, blocks, apart, at, authors, day)
        story = [block for block in below if _is_text(boxes, block, authors, day)]
        is_dated = is_declared or _is_dated(blocks, at, day)
        if is_dated and sum(block.free for block in story) >= LEAST and not _is_list(boxes, blocks, below, story[-1]):
            return story
    return []


def _headlines(boxes: Sequence[Box], blocks: Sequence[Block], apart: Sequence[bool], headline: str) -> list[int]:
    """Return the blocks that are the headline, headings first."""
    words = words_of(headline)
    same = [i for i, block in enumerate(blocks) if not apart[block.box] and words_of(block.text) == words]
    return sorted(same, key=lambda i: boxes[blocks[i].box].tag not in HEADINGS)[:NEAR]


def _below(
    boxes: Sequence[Box], blocks: Sequence[Block], apart: Sequence[bool], at: int, authors: Sequence[str], day: date
) -> list[Block]:
    """Return what stands below the headline in the smallest element that holds it and any text below it."""
    behind, end = ends(boxes), at + 1
    for holder in path(boxes, blocks[at].box):
        begin = end
        while end < len(blocks) and holder <= blocks[end].box < behind[holder]:
            end += 1
        shown = (block for block in blocks[begin:end] if not apart[block.box])
        if any(_is_text(boxes, block, authors, day) for block in shown):
            return [block for block in blocks[at + 1 : end] if not apart[block.box]]
    return []


def _is_text(boxes: Sequence[Box], block: Block, authors: Sequence[str], day: date) -> bool:
    """Return whether the block is neither a heading, a link, the date, the byline nor an advertisement's label."""
    if boxes[block.box].tag in HEADINGS or block.is_link or is_promo(block.text):
        return False
    is_byline = len(block.text) <= LONGEST_STAMP and any(name in block.text for name in authors)
    is_date = len(block.text) <= LONGEST_DATE and len(NUMBER.findall(block.text)) > 1 and YEAR.search(block.text)
    return not is_byline and not is_date and not _is_stamp(block.text, day)


def _is_stamp(text: str, day: date) -> bool:
    """Return whether a short line gives the day, in whatever language: its numbers are those of year and day."""
    return len(text) <= LONGEST_STAMP and {day.year, day.day} <= set(map(int, NUMBER.findall(text)))


def _is_dated(blocks: Sequence[Block], at: int, day: date) -> bool:
    """Return whether the day is printed beside the headline, and no other article's title between them."""
    return any(_is_stamp(blocks[i].text, day) and not _has_title(blocks, at, i) for i in _around(blocks, at))


def _around(blocks: Sequence[Block], at: int) -> Iterator[int]:
    yield from range(at + 1, min(len(blocks), at + 1 + NEAR))
    yield from range(max(0, at - NEAR), at)


def _has_title(blocks: Sequence[Block], at: int, other: int) -> bool:
    between = blocks[min(at, other) + 1 : max(at, other)]
    return any(block.is_link and len(block.text) >= LEAST_TITLE for block in between)


def _is_list(boxes: Sequence[Box], blocks: Sequence[Block], below: Sequence[Block], last: Block) -> bool:
    """Return whether there are several links to other pages among the text, or as headings right after its last line.

    The items of a list are tags, if they are short. A title with its date behind it is a link and little else.
    """
    links = [block for block in below if block.linked > len(block.text) * MOSTLY_LINK]
    titles = sum(boxes[block.box].tag != "li" or len(block.text) >= LEAST_TITLE for block in links)
    return titles >= MANY or sum(1 for _ in _headings_after(boxes, blocks, last)) >= MANY


def _headings_after(boxes: Sequence[Box], blocks: Sequence[Block], last: Block) -> Iterator[Block]:
    """Yield the headings that are links, up to a heading that is none or a text, which would tell what follows."""
    at = next(i for i, block in enumerate(blocks) if block is last)
    for block in blocks[at + 1 :]:
        is_heading = boxes[block.box].tag in HEADINGS
        if block.is_link and is_heading:
            yield block
        elif is_heading or (not block.is_link and block.free > LEAST):
            return
