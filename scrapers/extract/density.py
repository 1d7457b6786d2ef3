"""Which of a page's blocks are the article's body, on a site of which nothing is known.

Every block weighs what it says: prose counts its characters, links and scraps count against. The body is the
element whose blocks together weigh most: a menu or a list of cards in it makes an element lighter, a second
section of the story heavier. Inside it, what weighs less than nothing is left out again, and so is what its
name gives away as no part of the story. Each step goes over the boxes once, so time is linear in the page.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from scrapers.extract.blocks import Block, Box

SENTENCE_END = tuple(".!?…:;\"'”’»“」。！？।)")
DENSE_SCRIPTS = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # Thai, Japanese, Chinese, Korean
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
TEXT_TAGS = HEADINGS | frozenset({"p", "li", "blockquote", "td", "th", "tr", "dt", "dd", "pre"})
CLUTTER_TAGS = frozenset({
    "aside", "caption", "dialog", "figcaption", "figure", "footer", "form", "legend", "menu", "nav",
})  # fmt: skip
CLUTTER_ROLES = frozenset({"navigation", "complementary", "contentinfo", "banner", "dialog"})
CLUTTER = frozenset({
    "footer", "nav", "navigation", "navbar", "menu", "submenu", "megamenu", "sidebar", "related", "share",
    "sharing", "shares", "social", "breadcrumb", "breadcrumbs", "byline", "author", "authors", "bio", "meta",
    "tags", "newsletter", "newsletters", "subscribe", "subscription", "signup", "caption", "captions", "gallery",
    "promo", "promos", "cookie", "cookies", "consent", "gdpr", "privacy", "pagination", "pager", "popup", "modal",
    "masthead", "banner", "recirc", "recirculation", "trending", "taboola", "outbrain", "disclaimer", "copyright",
    "toc", "ad", "ads", "adv", "advert", "advertisement", "advertising", "sponsor", "sponsored", "cta", "recommend",
    "recommended", "recommendations", "terkait", "popular", "populer", "terpopuler", "teaser", "teasers",
    "carousel", "slideshow", "player", "credit", "credits", "attachment", "sharedaddy", "toolbar", "login",
    "topics", "keywords", "colophon", "rail", "dateline", "timestamp", "hidden", "invisible", "skip", "seealso",
    "infobox", "aside", "notification", "alert", "feedback", "rating", "ratings", "donate", "donation",
    "crosspromo", "readmore", "relatedposts", "skiplink", "tooltip", "dropdown", "overlay", "flyout", "drawer",
    "print", "poll", "quiz",
})  # fmt: skip
COMMENTS = frozenset({
    "comment", "comments", "commentlist", "disqus", "respond", "reply", "replies", "komentar", "kommentar",
    "kommentare", "commentaires", "comentarios",
})  # fmt: skip

# In characters; a page's answer hardly changes with any of them by half or by double.
LEAST_BODY = 150  # what a body weighs; the teasers of a list page weigh less
SENTENCE = 50  # free of links, where a full stop ends it
LINE = 80  # free of links, without a full stop: a caption or a title may be as long
PARAGRAPH = 120  # free of links: prose without doubt
SCRAP = 10  # what a line that is no prose counts against its box
MOSTLY = 0.5  # links in a block, from which on it is one of links
ALL_BUT = 0.8  # links in a block, from which on it is nothing but links
# How much of the page's prose an element may hold and yet be clutter by its tag, by its name, or as comments.
CLUTTER_BY_TAG, CLUTTER_BY_NAME, CLUTTER_AS_COMMENTS = 0.7, 0.5, 0.7


def body_blocks(boxes: Sequence[Box], blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks of the article in their order; none where no element holds enough prose."""
    weights = [_weight(block, boxes[block.box].tag) for block in blocks]
    clutter = _clutter(boxes, blocks, weights)
    own = [0.0] * len(boxes)
    for block, weight in zip(blocks, weights, strict=True):
        if not clutter[block.box]:
            own[block.box] += weight
    net = _sums(boxes, own)
    best = max(range(len(boxes)), key=lambda i: net[i], default=-1)
    if best < 0 or net[best] < LEAST_BODY:
        return []
    wanted = [False] * len(boxes)
    wanted[best] = True
    for i in range(best + 1, len(boxes)):
        box = boxes[i]
        wanted[i] = wanted[box.parent] and not clutter[i] and (box.tag in TEXT_TAGS or net[i] >= 0)
    return _trimmed(boxes, [block for block in blocks if wanted[block.box]])


def _free(block: Block) -> float:
    """Return how many characters are in no link; a character that is a word or half of one counts three."""
    text = block.text
    size = len(text) if text.isascii() else len(text) + 2 * len(DENSE_SCRIPTS.findall(text))
    return size * (1 - block.linked / len(text))


def _weight(block: Block, tag: str) -> float:
    free = _free(block)
    if tag in HEADINGS:
        return -SCRAP - block.linked if block.linked else 0.0
    if block.linked > len(block.text) * MOSTLY and free < LINE:
        return -SCRAP - block.linked
    if free >= (SENTENCE if block.text.endswith(SENTENCE_END) else LINE):
        return free - SENTENCE / 2
    return 0.0 if tag in TEXT_TAGS and not block.linked else -SCRAP


def _sums(boxes: Sequence[Box], own: Sequence[float]) -> list[float]:
    """Return for each box its own value and those of all boxes in it."""
    sums = list(own)
    for i in range(len(boxes) - 1, 0, -1):
        if boxes[i].parent >= 0:
            sums[boxes[i].parent] += sums[i]
    return sums


def _clutter(boxes: Sequence[Box], blocks: Sequence[Block], weights: Sequence[float]) -> list[bool]:
    """Return for each box whether it is in an element that its tag, role or name gives away as no story.

    Names mislead: an element that holds much of the page's prose, alone or with all that are named like it, is
    none (`sidebar` is also a page that has one, `ad` a paragraph that one may follow).
    """
    own = [0.0] * len(boxes)
    for block, weight in zip(blocks, weights, strict=True):
        own[block.box] += max(weight, 0.0)
    prose = _sums(boxes, own)
    total = max(prose, default=0.0) or 1.0
    alike: defaultdict[tuple[str, frozenset[str]], float] = defaultdict(float)
    for box, amount in zip(boxes, prose, strict=True):
        alike[box.tag, box.names] += amount
    clutter = [False] * len(boxes)
    for i, box in enumerate(boxes):
        if box.parent >= 0 and clutter[box.parent]:
            clutter[i] = True
        elif box.tag in ("html", "body", "main"):
            continue
        elif box.names & COMMENTS:
            clutter[i] = prose[i] < total * CLUTTER_AS_COMMENTS
        elif box.tag in CLUTTER_TAGS or box.is_hidden or box.role in CLUTTER_ROLES:
            clutter[i] = prose[i] < total * CLUTTER_BY_TAG
        elif box.names & CLUTTER:
            clutter[i] = alike[box.tag, box.names] < total * CLUTTER_BY_NAME
    return clutter


def _is_prose(block: Block) -> bool:
    free = _free(block)
    return free > PARAGRAPH or (free >= SENTENCE and block.text.endswith(SENTENCE_END))


def _trimmed(boxes: Sequence[Box], blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks from the first paragraph of prose to the last, with short ones that stand beside these."""
    kept = [b for b in blocks if boxes[b.box].tag != "h1" and b.linked <= len(b.text) * ALL_BUT]
    prose = [i for i, block in enumerate(kept) if _is_prose(block)]
    if not prose:
        return kept
    first, last = prose[0], prose[-1]
    places = {boxes[kept[i].box].parent for i in prose} | {kept[i].box for i in prose}

    def is_beside(block: Block) -> bool:
        return boxes[block.box].tag == "p" and boxes[block.box].parent in places

    while first > 0 and is_beside(kept[first - 1]):
        first -= 1
    while last + 1 < len(kept) and is_beside(kept[last + 1]):
        last += 1
    return kept[first : last + 1]
