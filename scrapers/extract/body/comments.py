"""Readers' comments that nothing names: elements of one form, each with a time and a link to reply, or `Jane says:`."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, takewhile

from scrapers.extract.body.blocks import Block, Node, ancestors, first_blocks, subtree_ends
from scrapers.extract.dom.class_names import Name, names_of

REPLY_WORDS = (
    "reply|antworten|répondre|responder|rispondi|balas|svara|svar|besvara|beantwoorden|reageer|odpowiedz|odpovědět|vastaa"
    "|ответить|відповісти|yanıtla|cevapla|trả lời|返信(?:する)?|回复|回覆|답글(?: ?달기)?"
)
# A link to reply, alone or among others: `Like · Reply`, `Reply to Jane`.
REPLY = re.compile(rf"(?:.{{0,25}}\W)?(?:{REPLY_WORDS})(?:\W.{{0,25}})?")
# The line above a comment: `Jane says:`.
SAYS = re.compile(
    r".{2,40} (?:says|said|wrote|sagt|schreibt|schrieb|dit|a écrit|dice|escribió|ha scritto|disse|berkata|menulis|mówi"
    r"|pisze|пишет)\s?:"
)
# When a comment was written: a year, a time of day, or how long ago.
TIME = re.compile(
    r"\b(?:19|20)[0-9]{2}\b|\b[0-9]{1,2}[:.][0-9]{2}\b|\b(?:ago|lalu|geleden|sedan|siden|temu|назад|тому|önce)\b"
    r"|\b(?:vor|il y a|hace|há|pred|před) [0-9a-z]|[0-9] ?[^\W\d_]{1,3} ?(?:前|전)"
)
MAX_MARK_LENGTH = 80  # characters of a line with a link to reply or with the time
MIN_TEXT_LENGTH = 20  # free of links
MIN_COMMENTS = 2  # of one form
MAX_DISTANCE, MAX_BLOCKS, MAX_PICTURES = 8, 200, 3  # elements around a mark, blocks and pictures that are examined
AVATAR_WORDS = frozenset({"avatar", "gravatar"})


def find_comments(
    nodes: Sequence[Node], blocks: Sequence[Block], sum_by_node: Callable[[Sequence[float]], list[float]]
) -> set[int]:
    """Return the nodes that are comments; `sum_by_node` adds up values of the blocks in each node."""
    texts = [block.text.lower() if len(block.text) <= MAX_MARK_LENGTH else "" for block in blocks]
    comments: list[tuple[int, int]] = []
    for mark in (REPLY, SAYS):
        marked = {i for i, text in enumerate(texts) if text and mark.fullmatch(text)}
        if len(marked) >= MIN_COMMENTS:
            marks = sum_by_node([float(i in marked) for i in range(len(blocks))])
            around = (takewhile(lambda i: marks[i] == 1, ancestors(nodes, blocks[i].node)) for i in marked)  # noqa: B023
            comments += _with_text(nodes, blocks, [holders for holders in map(list, around) if holders])
    alike = Counter(_form(nodes[inner]) for inner, _ in comments)
    return {outer for inner, outer in comments if alike[_form(nodes[inner])] >= MIN_COMMENTS}


def _with_text(
    nodes: Sequence[Node], blocks: Sequence[Block], marks: Sequence[Sequence[int]]
) -> Iterator[tuple[int, int]]:
    """Yield the innermost node around each mark that holds a comment, and the outermost that holds no other mark.

    `marks` are the nodes around each mark that hold no other, the innermost first.
    """
    firsts, ends = first_blocks(nodes, blocks), subtree_ends(nodes)
    for around in marks:
        inside = ((i, list(_blocks_of(blocks, firsts[i], i, ends[i]))) for i in around[:MAX_DISTANCE])
        inner = next((i for i, held in inside if _is_comment(nodes[i], held)), None)
        if inner is not None:
            yield inner, around[-1]


def _blocks_of(blocks: Sequence[Block], first: int, index: int, end: int) -> Iterator[Block]:
    return takewhile(lambda block: index <= block.node < end, islice(blocks, first, first + MAX_BLOCKS))


def _is_comment(node: Node, blocks: Sequence[Block]) -> bool:
    """Return whether there is a text, and a line with a time or a picture that is called an avatar."""
    times = list(map(_is_time, blocks))
    has_text = any(block.free >= MIN_TEXT_LENGTH and not is_time for block, is_time in zip(blocks, times, strict=True))
    return has_text and (any(times) or _has_avatar(node))


def _is_time(block: Block) -> bool:
    is_line = len(block.text) <= MAX_MARK_LENGTH and not block.is_sentence
    return is_line and TIME.search(block.text.lower()) is not None


def _has_avatar(node: Node) -> bool:
    pictures = islice(node.element.iter("img"), MAX_PICTURES)
    return any(not AVATAR_WORDS.isdisjoint(names_of(picture.get("class") or "")) for picture in pictures)


def _form(node: Node) -> tuple[str, frozenset[Name]]:
    return node.tag, node.labels
