"""Where the body begins and ends within the element that holds it. Functions take and return indices of blocks."""

import re
from collections import Counter
from collections.abc import Sequence

from scrapers.extract.body.blocks import HEADINGS, Block, Node, ancestors
from scrapers.extract.text.clean import compact, words_of

MIN_SENTENCE_LENGTH = 50  # characters free of links, of a text that ends like a sentence
MIN_LINE_LENGTH = 80  # the same of any other text: a caption or title may be almost as long
MIN_PARAGRAPH_LENGTH = 120  # the same of what is surely prose
MIN_STORY_LENGTH = 400  # the same before the headline of the next story
MAX_NOTE_LENGTH = 400  # characters
MAX_CAPTION_LINES = 2  # blocks beside an image: a caption and its credit
MAX_LEADS = 3  # paragraphs between headline and body; more of them are no standfirst
# A bare address, an image with its attributes, an unprocessed shortcode.
MARKUP_LINE = re.compile(r"(?:https?://\S+|https?://\S+\.(?:jpe?g|png|gif|webp)\s.*|\[\w+ \w+=.*)$")
FOOT_NOTE = re.compile(
    r"newsletter|\binbox\b|©|\bcopyright\b|all rights reserved|affiliate|may earn|contributed to this"
    r"|^(?:sign up|subscribe|follow|join|like this|share|read more|click here|tags?:|disclaimer)\b"
    r"|^our standards\b|^if you (?:purchase|buy)|^you can email|^(?:photo|image|foto)s?\W|^(?:additional )?reporting by"
    r"|\buses? cookies\b|\bcookie settings\b|click here (?:for|to) "
    r"|is an? \w+ (?:reporter|writer|editor)"
    r"|^comments on this (?:piece|article|story) are\b",
    re.IGNORECASE,
)
STAMP_OR_CREDIT = re.compile(r"\b(?:19|20)\d\d|Photo|Getty")  # other lines under a headline
TITLE_NAMES = frozenset({"title", "headline"})
SUBTITLE_NAMES = frozenset({
    "standfirst", "subheadline", "subheading", "subhead", "subtitle", "subtitles", "subline", "sub", "deck", "dek",
    "teaser", "lead", "lede", "intro", "summary", "excerpt", "sapo", "chapeau", "chapo", "vorspann", "entradilla",
})  # fmt: skip
MAX_QUOTES = 50  # that are examined
MIN_SUBTITLE_LENGTH = 20  # characters of an element whose name is a standfirst's
CAPTION_CREDIT = re.compile(
    r"[(\[](?:foto|photo|image|picture|bild|gambar|credit)s?\b ?[:/][^()]{1,80}[)\]]$", re.IGNORECASE
)
CELLS = frozenset({"td", "th"})
LINKED_TAGS = HEADINGS | CELLS  # whose links are titles or data
SUBHEADS = HEADINGS - {"h1"}
LEAD_TAGS = frozenset({"p", "h2", "h3", "h4", "div"})


def is_prose(block: Block) -> bool:
    """Return whether the block is long enough for a paragraph, or part of a passage."""
    return (
        block.in_passage
        or block.free > MIN_PARAGRAPH_LENGTH
        or (block.free >= MIN_SENTENCE_LENGTH and block.is_sentence)
    )


def start_at_headline(
    nodes: Sequence[Node], blocks: Sequence[Block], inside: Sequence[int], headline: str
) -> Sequence[int]:
    """Return the blocks from the article's headline on, if it is their first heading and enough prose follows."""
    start = next((at for at, i in enumerate(inside) if nodes[blocks[i].node].tag in HEADINGS), 0)
    if not inside or words_of(blocks[inside[start]].text) != words_of(headline):
        return inside
    holder = nodes[blocks[inside[start]].node].parent
    if any(is_prose(blocks[i]) and nodes[blocks[i].node].parent == holder for i in inside[:start]):
        return inside  # a subhead that repeats the headline
    prose = sum(blocks[i].free for i in inside[start + 1 :] if is_prose(blocks[i]))
    return inside[start:] if prose >= MIN_STORY_LENGTH else inside


def cut_next_story(nodes: Sequence[Node], blocks: Sequence[Block], inside: Sequence[int]) -> Sequence[int]:
    """Return the blocks before the headline of another article element, as on pages with infinite scrolling.

    A headline that was left out, as part of a header, counts if its article stands outside the story's own.
    """
    headlines = [i for i, block in enumerate(blocks) if nodes[block.node].tag == "h1"]
    if not headlines:
        return inside
    articles: list[int] = []  # for each node, the article element around it
    for i, node in enumerate(nodes):
        articles.append(i if node.tag == "article" else articles[node.parent] if node.parent >= 0 else -1)
    prose = [i for i in inside if is_prose(blocks[i])]
    own = articles[blocks[prose[0]].node] if prose else -1
    for headline in headlines:
        article = articles[blocks[headline].node]
        is_beside = own >= 0 and own not in ancestors(nodes, article)
        if article in (-1, own) or not (is_beside or headline in inside):
            continue
        if sum(blocks[i].free for i in prose if i < headline) >= MIN_STORY_LENGTH:
            return [i for i in inside if i < headline]
    return inside


def trim(
    nodes: Sequence[Node],
    blocks: Sequence[Block],
    inside: Sequence[int],
    authors: Sequence[str] = (),
    headline: str = "",
) -> list[int]:
    """Return the blocks from the first prose to the last, without notes at the foot.

    Short paragraphs next to these stay, and so do list items before them. Headlines, captions, lines that are only a
    link or markup, and the author's biography at the end are removed.
    """
    lines = Counter(block.node for block in blocks)
    kept = [i for i in inside if _is_text(nodes, blocks[i], lines[blocks[i].node])]
    prose = [at for at, i in enumerate(kept) if is_prose(blocks[i])]
    if not prose:
        return kept
    first, last = _with_neighbours(nodes, [blocks[i].node for i in kept], prose)
    if first < prose[0] and words_of(blocks[kept[first]].text) == words_of(headline):
        first += 1
    while last > first + 1 and _is_note(blocks[kept[last]].text, authors):
        last -= 1
    return kept[first : last + 1]


def _with_neighbours(nodes: Sequence[Node], indices: Sequence[int], prose: Sequence[int]) -> tuple[int, int]:
    """Return the positions of the first and the last block that belong to the prose; `indices` are the blocks' nodes.

    Beside the prose these are the short paragraphs next to it, in an element that also holds prose, and the items of
    such an element's lists before it.
    """
    first, last = prose[0], prose[-1]
    holders = {holder for at in prose for holder in (indices[at], nodes[indices[at]].parent)}

    def is_paragraph(at: int) -> bool:
        node = nodes[indices[at]]
        return node.tag == "p" and node.parent in holders

    def is_item(at: int) -> bool:
        node = nodes[indices[at]]
        return node.tag == "li" and nodes[node.parent].parent in holders

    def is_subhead(at: int) -> bool:
        node = nodes[indices[at]]
        return node.tag in SUBHEADS and node.parent == nodes[indices[at + 1]].parent

    while first > 0 and (is_paragraph(first - 1) or is_item(first - 1)):
        first -= 1
    if first > 0 and is_subhead(first - 1):
        first -= 1

    def goes_on(at: int) -> bool:
        """Return whether the block is a paragraph, an item, or a subhead of items."""
        is_subhead_of_items = at + 1 < len(indices) and nodes[indices[at]].tag in SUBHEADS and is_item(at + 1)
        return is_paragraph(at) or is_item(at) or is_subhead_of_items

    while last + 1 < len(indices) and goes_on(last + 1):
        last += 1
    return first, last


def drop_pull_quotes(nodes: Sequence[Node], blocks: Sequence[Block], body: Sequence[int]) -> list[int]:
    """Return the body without quotes that only repeat a sentence of its paragraphs."""
    quotes = [i for i in body if _is_quote(nodes, blocks[i].node)][:MAX_QUOTES]
    if not quotes:
        return list(body)
    story = "\n".join(compact(blocks[i].text) for i in body if not _is_quote(nodes, blocks[i].node))
    repeated = {i for i in quotes if len(text := compact(blocks[i].text)) >= MIN_SENTENCE_LENGTH and text in story}
    return [i for i in body if i not in repeated]


def _is_quote(nodes: Sequence[Node], index: int) -> bool:
    parent = nodes[index].parent
    return nodes[index].tag == "blockquote" or (parent >= 0 and nodes[parent].tag == "blockquote")


def _is_text(nodes: Sequence[Node], block: Block, lines: int) -> bool:
    """Return whether the block is no headline, caption, bare link or markup; its node has this many `lines`."""
    node = nodes[block.node]
    if node.tag == "h1" or (block.is_link and node.tag not in LINKED_TAGS) or MARKUP_LINE.match(block.text):
        return False
    if "©" in block.text and len(block.text) < MAX_NOTE_LENGTH:  # of a picture, or of the page at its foot
        return False
    is_beside_image = node.has_image and lines <= MAX_CAPTION_LINES and not is_prose(block)
    return node.tag in CELLS or not (is_beside_image or CAPTION_CREDIT.search(block.text))


def _is_note(text: str, authors: Sequence[str]) -> bool:
    words = words_of(text)
    is_biography = any(" " in name and words.startswith(f"{words_of(name)} ") for name in authors)
    return is_biography or (len(text) < MAX_NOTE_LENGTH and bool(FOOT_NOTE.search(text)))


def find_standfirst(
    nodes: Sequence[Node], blocks: Sequence[Block], clutter: Sequence[bool], body: Sequence[int]
) -> list[int]:
    """Return the paragraph between the headline and the body, as a list of one or none."""
    if not body:
        return []
    above = [i for i in range(body[0]) if not clutter[blocks[i].node]]
    headline = max((i for i in above if nodes[blocks[i].node].tag == "h1"), default=-1)
    if headline < 0:
        return []
    below = (i for i in above if i > headline)
    leads = [i for i in below if _is_lead(nodes[blocks[i].node], blocks[i], blocks[headline].text)]
    return leads[:1] if len(leads) <= MAX_LEADS else []


def _is_lead(node: Node, block: Block, headline: str) -> bool:
    if node.tag not in LEAD_TAGS or block.linked or words_of(block.text) == words_of(headline):
        return False
    if node.names & SUBTITLE_NAMES:
        return len(block.text) >= MIN_SUBTITLE_LENGTH
    if node.names & TITLE_NAMES or block.free < MIN_SENTENCE_LENGTH:
        return False
    is_line = block.is_sentence or block.free >= MIN_LINE_LENGTH
    return is_line and not STAMP_OR_CREDIT.search(block.text)
