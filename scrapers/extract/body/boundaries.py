"""Where in the element that holds it the body begins and ends; all functions work on indices of blocks."""

import re
from collections import Counter
from collections.abc import Sequence

from scrapers.extract.body.blocks import HEADINGS, Block, Box
from scrapers.extract.text.clean import compact, words_of

SENTENCE = 50  # characters free of links, where a full stop ends it
LINE = 80  # characters free of links, without a full stop
PARAGRAPH = 120  # characters free of links: prose without doubt
LEAST_STORY = 400  # characters free of links before the headline of the next story
LONGEST_NOTE = 400  # characters of a note at the foot
CAPTION_LINES = 2  # beside an image: a caption and its credit
MOST_LEADS = 3  # blocks of prose between headline and body; where there are more, they are no standfirst
# a bare address, a picture's data, a shortcode that no program has read
MARKUP = re.compile(r"(?:https?://\S+|https?://\S+\.(?:jpe?g|png|gif|webp)\s.*|\[\w+ \w+=.*)$")
NOTE = re.compile(
    r"newsletter|\binbox\b|©|\bcopyright\b|all rights reserved|affiliate|may earn|contributed to this"
    r"|^(?:sign up|subscribe|follow|join|like this|share|read more|click here|tags?:|disclaimer)\b"
    r"|^if you (?:purchase|buy)|^you can email|^(?:photo|image|foto)s?\W|^(?:additional )?reporting by"
    r"|\buses? cookies\b|\bcookie settings\b|click here (?:for|to) "
    r"|is an? \w+ (?:reporter|writer|editor)",
    re.IGNORECASE,
)
STAMP = re.compile(r"\b(?:19|20)\d\d|Photo|Getty")  # what else stands under a headline
TITLES = frozenset({"title", "headline"})
SUBTITLES = frozenset({
    "standfirst", "subheadline", "subheading", "subhead", "subtitle", "subtitles", "subline", "sub", "deck", "dek",
    "teaser", "lead", "lede", "intro", "summary", "excerpt", "sapo", "chapeau", "chapo", "vorspann", "entradilla",
})  # fmt: skip
MOST_QUOTES = 50  # that are compared with the story
LEAST_SUBTITLE = 20  # characters of a line under the headline that its name calls a standfirst
CREDIT = re.compile(r"[(\[](?:foto|photo|image|picture|bild|gambar|credit)s?\b ?[:/][^()]{1,80}[)\]]$", re.IGNORECASE)
CELLS = frozenset({"td", "th"})
LINKED_TAGS = HEADINGS | CELLS  # whose links are titles or data, not ways to other pages
LEAD_TAGS = frozenset({"p", "h2", "h3", "h4", "div"})


def is_prose(block: Block) -> bool:
    """Return whether the block is long enough for a paragraph."""
    return block.free > PARAGRAPH or (block.free >= SENTENCE and block.is_sentence)


def from_headline(boxes: Sequence[Box], blocks: Sequence[Block], inside: Sequence[int], headline: str) -> Sequence[int]:
    """Return the blocks from the article's headline on, if it is the first heading among them and prose follows."""
    at = next((at for at, i in enumerate(inside) if boxes[blocks[i].box].tag in HEADINGS), 0)
    if not inside or words_of(blocks[inside[at]].text) != words_of(headline):
        return inside
    follows = sum(blocks[i].free for i in inside[at + 1 :] if is_prose(blocks[i]))
    return inside[at:] if follows >= LEAST_STORY else inside


def without_next_story(boxes: Sequence[Box], blocks: Sequence[Block], inside: Sequence[int]) -> Sequence[int]:
    """Return the blocks up to where another article element has a headline, as on pages that scroll on and on."""
    articles: list[int] = []
    for i, box in enumerate(boxes):
        articles.append(i if box.tag == "article" else articles[box.parent] if box.parent >= 0 else -1)
    begun = 0.0
    mine = next((articles[blocks[i].box] for i in inside if is_prose(blocks[i])), -1)
    for at, i in enumerate(inside):
        place = blocks[i].box
        if boxes[place].tag == "h1" and begun >= LEAST_STORY and articles[place] not in (-1, mine):
            return inside[:at]
        begun += blocks[i].free if is_prose(blocks[i]) else 0.0
    return inside


def trimmed(
    boxes: Sequence[Box], blocks: Sequence[Block], inside: Sequence[int], authors: Sequence[str] = ()
) -> list[int]:
    """Return the blocks from the first paragraph of prose to the last, without notes at the foot.

    Short paragraphs before and after stay where they stand beside such ones, and so do the items of a list before;
    headlines, captions, lines that are nothing but a link or markup and the author's life at the end go.
    """
    lines = Counter(block.box for block in blocks)
    kept = [i for i in inside if _is_text(boxes, blocks[i], lines[blocks[i].box])]
    prose = [at for at, i in enumerate(kept) if is_prose(blocks[i])]
    if not prose:
        return kept
    first, last = prose[0], prose[-1]
    places = {place for at in prose for place in (blocks[kept[at]].box, boxes[blocks[kept[at]].box].parent)}

    def is_beside(at: int) -> bool:
        box = boxes[blocks[kept[at]].box]
        return box.tag == "p" and box.parent in places

    def begins(at: int) -> bool:
        box = boxes[blocks[kept[at]].box]
        return box.tag == "li" and boxes[box.parent].parent in places

    while first > 0 and (is_beside(first - 1) or begins(first - 1)):
        first -= 1
    while last + 1 < len(kept) and is_beside(last + 1):
        last += 1
    while last > first + 1 and _is_note(blocks[kept[last]].text, authors):
        last -= 1
    return kept[first : last + 1]


def without_pull_quotes(boxes: Sequence[Box], blocks: Sequence[Block], body: Sequence[int]) -> list[int]:
    """Return the body without the quotes that only repeat in large letters what one of its paragraphs says."""
    quotes = [i for i in body if _is_quote(boxes, blocks[i].box)][:MOST_QUOTES]
    if not quotes:
        return list(body)
    story = "\n".join(compact(blocks[i].text) for i in body if not _is_quote(boxes, blocks[i].box))
    repeated = {i for i in quotes if len(text := compact(blocks[i].text)) >= SENTENCE and text in story}
    return [i for i in body if i not in repeated]


def _is_quote(boxes: Sequence[Box], place: int) -> bool:
    return boxes[place].tag == "blockquote" or (
        boxes[place].parent >= 0 and boxes[boxes[place].parent].tag == "blockquote"
    )


def _is_text(boxes: Sequence[Box], block: Block, lines: int) -> bool:
    """Return whether the block, in a box of so many lines, is neither a headline, a caption nor nothing but a link."""
    box = boxes[block.box]
    if box.tag == "h1" or (block.is_link and box.tag not in LINKED_TAGS) or MARKUP.match(block.text):
        return False
    if "©" in block.text and len(block.text) < LONGEST_NOTE:  # a picture's, or the page's own at its foot
        return False
    is_caption = (box.has_image and lines <= CAPTION_LINES and not is_prose(block)) or CREDIT.search(block.text)
    return not is_caption or box.tag in CELLS


def _is_note(text: str, authors: Sequence[str]) -> bool:
    words = words_of(text)
    is_life = any(" " in name and words.startswith(f"{words_of(name)} ") for name in authors)
    return is_life or (len(text) < LONGEST_NOTE and bool(NOTE.search(text)))


def standfirst(
    boxes: Sequence[Box], blocks: Sequence[Block], clutter: Sequence[bool], body: Sequence[int]
) -> list[int]:
    """Return the paragraph that stands between the headline and the body, as a list of one or none."""
    if not body:
        return []
    above = range(body[0])
    headline = max((i for i in above if boxes[blocks[i].box].tag == "h1" and not clutter[blocks[i].box]), default=-1)
    leads = [
        i
        for i in above[headline + 1 :]
        if not clutter[blocks[i].box] and _is_lead(boxes[blocks[i].box], blocks[i], blocks[headline].text)
    ]
    return leads[:1] if headline >= 0 and len(leads) <= MOST_LEADS else []


def _is_lead(box: Box, block: Block, headline: str) -> bool:
    if box.tag not in LEAD_TAGS or block.linked or words_of(block.text) == words_of(headline):
        return False
    if box.names & SUBTITLES:
        return len(block.text) >= LEAST_SUBTITLE
    if box.names & TITLES or block.free < SENTENCE:
        return False
    is_line = block.is_sentence or block.free >= LINE
    return is_line and not STAMP.search(block.text)
