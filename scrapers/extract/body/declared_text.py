"""The text that JSON-LD declares as a witness of which of the blocks that were found are the article's.

It is no body itself: paragraphs run together in it, and often it is a teaser. But where nearly all that was found
stands in it, what does not is of another: a subscription's terms, a caption, the next story's lead.
"""

import html
import re
from collections.abc import Sequence

from scrapers.extract.body.blocks import Block, Box
from scrapers.extract.text.clean import compact

TAG = re.compile(r"<[^<>]{1,500}>")
COVERED = 0.8  # of the found characters that must stand in the declared text before it is believed
LEAST_TEXT = 400  # letters and digits of a declared text; a teaser has fewer
EDGE = 50  # letters and digits at either end of a block by which it is recognized
LEAST_LINE = 50  # the same of a block that is judged: subheads and labels are left out of many declared texts
APART = frozenset({"blockquote", "li", "td", "th"})  # what many declared texts leave out of the story


def confirmed(
    boxes: Sequence[Box], blocks: Sequence[Block], body: Sequence[int], declared: str | None
) -> Sequence[int]:
    """Return the body without all that follows the declared text's end, and without the paragraphs that it lacks.

    What stands before it stays, as few declare their standfirst, and so does what stands beside its paragraphs in the
    same element, as some declare not all. All of the body where the text declares too little.
    """
    said = compact(html.unescape(TAG.sub(" ", declared or "")))
    if len(said) < LEAST_TEXT or not body:
        return body
    known = [_occurs(compact(blocks[i].text), said) for i in body]
    found = [len(blocks[i].text) for i in body]
    if sum(size for size, is_known in zip(found, known, strict=True) if is_known) < sum(found) * COVERED:
        return body
    first, last = known.index(True), len(known) - known[::-1].index(True)
    if compact(blocks[body[last - 1]].text)[-EDGE:] not in said:  # it was cut to a length
        last = len(body)
    holders = {boxes[blocks[i].box].parent for i, is_known in zip(body, known, strict=True) if is_known}

    def is_beside(i: int) -> bool:
        box = boxes[blocks[i].box]
        return box.tag in APART or box.parent in holders or blocks[i].box in holders

    return [
        i
        for at, i in enumerate(body[:last])
        if at < first or known[at] or len(blocks[i].text) < LEAST_LINE or is_beside(i)
    ]


def _occurs(text: str, said: str) -> bool:
    return text[:EDGE] in said or text[-EDGE:] in said
