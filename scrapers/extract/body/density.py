"""Which of a page's blocks are the article's body, on a site of which nothing is known.

Every block weighs what it says: prose counts its characters, links and scraps count against. The body is the
element whose blocks together weigh most: a menu or a list of cards in it makes an element lighter, a second
section of the story heavier. Inside it, what weighs less than nothing is left out again, and so is what its
name gives away as no part of the story. Each step goes over the boxes once, so time is linear in the page.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from scrapers.extract.body import boundaries, declared_text
from scrapers.extract.body.blocks import HEADINGS, TEXT_TAGS, Block, Box
from scrapers.extract.body.short_story import short_story
from scrapers.extract.text.promos import is_promo

CLUTTER_TAGS = frozenset({
    "aside", "button", "caption", "dialog", "figcaption", "figure", "footer", "form", "label", "legend", "menu", "nav",
})  # fmt: skip
CLUTTER_ROLES = frozenset({"navigation", "complementary", "contentinfo", "banner", "dialog"})
CLUTTER = frozenset({
    "footer", "nav", "navigation", "navbar", "menu", "submenu", "megamenu", "sidebar", "related", "share",
    "sharing", "shares", "social", "breadcrumb", "breadcrumbs", "byline", "author", "authors", "bio", "meta",
    "tags", "newsletter", "newsletters", "subscribe", "subscription", "signup", "caption", "captions", "gallery",
    "promo", "promos", "cookie", "cookies", "consent", "gdpr", "privacy", "pagination", "pager", "popup", "modal",
    "masthead", "banner", "recirc", "recirculation", "trending", "taboola", "outbrain", "disclaimer", "copyright",
    "toc", "ads", "adv", "advert", "advertisement", "advertising", "sponsor", "sponsored", "cta", "recommend",
    "recommended", "recommendations", "terkait", "popular", "populer", "terpopuler", "teaser", "teasers",
    "carousel", "slideshow", "player", "credit", "credits", "attachment", "sharedaddy", "toolbar", "login",
    "topics", "keywords", "colophon", "rail", "dateline", "timestamp", "hidden", "invisible", "skip", "seealso",
    "infobox", "aside", "notification", "alert", "feedback", "rating", "ratings", "donate", "donation",
    "crosspromo", "readmore", "relatedposts", "skiplink", "tooltip", "dropdown", "overlay", "flyout", "drawer",
    "print", "poll", "quiz", "image", "images", "img", "photo", "photos", "lightbox", "button", "buttons",
})  # fmt: skip
# A table's row is named for what it is of: `player`, `rating`.
UNNAMED = frozenset({"article", "tr", "html", "body", "main"})
COMMENTS = frozenset({
    "comment", "comments", "commentlist", "disqus", "respond", "reply", "replies", "komentar", "kommentar",
    "kommentare", "commentaires", "comentarios",
})  # fmt: skip
CONSENT = frozenset({"cookie", "cookies", "consent", "gdpr", "cmp"})
APART = COMMENTS | CONSENT
# What is believed at the second look too.
SURE = APART | {
    "author", "authors", "bio", "breadcrumb", "breadcrumbs", "copyright", "footer", "menu", "nav", "navbar",
    "navigation", "newsletter", "recommended", "related", "relatedposts", "terkait", "trending",
}  # fmt: skip
PAGE = frozenset({"html", "body", "main"})
STORY = frozenset({"articlebody", "storybody", "postbody", "bodytext", "articletext"})
STORY_KINDS = frozenset({"article", "story", "post", "entry", "news"})
STORY_PARTS = frozenset({"body", "content", "text", "copy"})

# In characters. Half or double of most changes the mean of the news pages by less than .003, of LINE and SCRAP by .005.
LEAST_BODY = 150  # what a body weighs; the teasers of a list page weigh less
SENTENCE = 50  # free of links, where a full stop ends it
LINE = 80  # free of links, without a full stop: a caption or a title may be as long
LEAST_STORY = 50  # the same of an element that calls itself an article's text
MOST_AGAINST = 200  # what a menu in an element may count against it, however long it is
SCRAP = 10  # what a line that is no prose counts against its box
MOSTLY_LINKS = 0.5
LEAST_CAPTIONS = 3
LOOKS = (1, 2)
NEXT_TO_NOTHING = 0.1  # of the prose that the page shows
ENOUGH = 400  # characters that are a story, whatever else a page shows
NO_TAGS = 2  # the look at which no tag is believed
CARD = 600  # of prose in a list's item that has a line of link for its title: a teaser
LEAST_TITLE = 15
# How much of the page's prose an element may hold and yet be clutter by its tag, by its name, or as comments.
CLUTTER_BY_TAG, CLUTTER_BY_NAME, CLUTTER_AS_COMMENTS = 0.7, 0.5, 0.7


@dataclass(frozen=True, slots=True)
class Known:
    """What the page says of its article besides the body.

    `is_article`: its structured data says that it is one. `text`: the body that JSON-LD declares. `titles`: its
    headline as each layer has it. `day`: when it was published; `is_declared`: its structured data
    says so, not its print.
    """

    is_article: bool = False
    headline: str = ""
    authors: Sequence[str] = ()
    text: str | None = None
    titles: Sequence[str] = ()
    day: date | None = None
    is_declared: bool = False


NOTHING = Known()


@dataclass(frozen=True, slots=True)
class _Page:
    boxes: Sequence[Box]
    blocks: Sequence[Block]
    weights: Sequence[float]
    in_story: Sequence[bool]
    known: Known


def body_blocks(boxes: Sequence[Box], blocks: Sequence[Block], known: Known = NOTHING) -> list[Block]:
    """Return the blocks of the article in their order; none where no element holds enough prose or captions.

    Where the page calls itself an article, a few lines are enough. Where such a page, or one that is dated, shows far
    more prose than was found, the rules by which it was left out are taken back one by one.
    """
    in_story = _in_story(boxes)
    weights = [_weight(block, boxes[block.box].tag, in_story[block.box]) for block in blocks]
    page = _Page(boxes, blocks, weights, in_story, known)
    story = _story(page, _clutter(boxes, blocks, weights))
    if known.is_article or known.day:
        for look in LOOKS:
            if _is_most(page, story):
                break
            more = _story(page, _clutter(boxes, blocks, weights, look))
            story = max(story, more, key=_size)
    return story or _captions(boxes, blocks) or _short(page)


def _short(page: _Page) -> list[Block]:
    known = page.known
    apart = _clutter(page.boxes, page.blocks, page.weights, LOOKS[0])
    return short_story(
        page.boxes, page.blocks, apart, known.headline, known.authors, known.day, is_declared=known.is_declared
    )


def _story(page: _Page, clutter: Sequence[bool]) -> list[Block]:
    """Return the blocks of what weighs most outside the clutter, between the story's begin and end."""
    boxes, blocks, known = page.boxes, page.blocks, page.known
    least = LEAST_STORY if known.is_article else LEAST_BODY
    wanted = _densest(boxes, blocks, page.weights, clutter, page.in_story, least)
    inside: Sequence[int] = [i for i, block in enumerate(blocks) if wanted[block.box]]
    inside = boundaries.from_headline(boxes, blocks, inside, known.headline)
    inside = boundaries.trimmed(boxes, blocks, boundaries.without_next_story(boxes, blocks, inside), known.authors)
    body = boundaries.without_pull_quotes(boxes, blocks, declared_text.confirmed(boxes, blocks, inside, known.text))
    return [blocks[i] for i in boundaries.standfirst(boxes, blocks, clutter, body) + body]


def _size(story: Sequence[Block]) -> float:
    return sum(block.free for block in story)


def _is_most(page: _Page, story: Sequence[Block]) -> bool:
    """Return whether the found story is more than next to nothing beside the prose that the page shows."""
    found = _size(story)
    if found >= ENOUGH:
        return True
    apart = _clutter(page.boxes, page.blocks, page.weights, LOOKS[-1])
    shown = sum(block.free for block in page.blocks if not apart[block.box] and boundaries.is_prose(block))
    return found >= shown * NEXT_TO_NOTHING


def _captions(boxes: Sequence[Box], blocks: Sequence[Block]) -> list[Block]:
    """Return the text of a gallery, which is its captions; none where there are only a few."""
    captions = [block for block in blocks if boxes[block.box].tag == "figcaption" and boundaries.is_prose(block)]
    return captions if len(captions) >= LEAST_CAPTIONS else []


def _densest(
    boxes: Sequence[Box],
    blocks: Sequence[Block],
    weights: Sequence[float],
    clutter: Sequence[bool],
    in_story: Sequence[bool],
    least: float,
) -> list[bool]:
    """Return for each box whether it is of the one that weighs most, the innermost of equals, and no clutter."""
    net = _sums(boxes, blocks, [0.0 if clutter[block.box] else w for block, w in zip(blocks, weights, strict=True)])
    best = max(reversed(range(len(boxes))), key=lambda i: net[i], default=-1)
    wanted = [False] * len(boxes)
    if best < 0 or net[best] < (LEAST_STORY if in_story[best] else least):
        return wanted
    wanted[best] = True
    for i in range(best + 1, len(boxes)):
        box = boxes[i]
        wanted[i] = wanted[box.parent] and not clutter[i] and (box.tag in TEXT_TAGS or net[i] >= 0)
    return wanted


@lru_cache(maxsize=4096)  # pages say the same few classes over and over
def _is_clutter(names: frozenset[str]) -> bool:
    return bool(names & CLUTTER) or any(name.endswith("caption") for name in names)


@lru_cache(maxsize=4096)
def _is_story(names: frozenset[str], *, is_page: bool) -> bool:
    return bool(names & STORY or (not is_page and names & STORY_KINDS and names & STORY_PARTS))


def _in_story(boxes: Sequence[Box]) -> list[bool]:
    """Return for each box whether it is in an element that calls itself the text of an article."""
    inside: list[bool] = []
    for box in boxes:
        is_in = box.parent >= 0 and inside[box.parent]
        inside.append(is_in or box.role == "articleBody" or _is_story(box.names, is_page=box.tag == "body"))
    return inside


def _weight(block: Block, tag: str, in_story: bool) -> float:
    """Return the block's weight; in what calls itself the story, scraps count half, and short lines as text."""
    if is_promo(block.text):  # it stands in articles only, and is left out later
        return 0.0
    is_text = tag in TEXT_TAGS and not block.linked
    cost = SCRAP / 2 if in_story else SCRAP
    if tag in HEADINGS or (block.linked > len(block.text) * MOSTLY_LINKS and block.free < LINE):
        return 0.0 if is_text else -cost - block.linked / (2 if in_story else 1)
    if block.free >= (SENTENCE if block.is_sentence else LINE):
        return block.free - SENTENCE / 2
    if is_text:
        return block.free / 2 if in_story else 0.0
    return -cost


def _sums(boxes: Sequence[Box], blocks: Sequence[Block], weights: Sequence[float]) -> list[float]:
    """Return for each box what the blocks in it and in all boxes inside it weigh together.

    A box inside that weighs less than nothing is left out later, so it counts only so much against the others.
    """
    sums = [0.0] * len(boxes)
    for block, weight in zip(blocks, weights, strict=True):
        sums[block.box] += weight
    for i in range(len(boxes) - 1, 0, -1):
        if boxes[i].parent >= 0:
            sums[boxes[i].parent] += sums[i] if sums[i] > -MOST_AGAINST else -MOST_AGAINST
    return sums


def _clutter(boxes: Sequence[Box], blocks: Sequence[Block], weights: Sequence[float], look: int = 0) -> list[bool]:
    """Return for each box whether it is in an element that its tag, role or name gives away as no story.

    Names mislead: an element that holds much of the page's prose, alone or with all that are named like it, is
    none. `sidebar` is also a page that has one, `sponsored` every paragraph of some articles. What readers or a
    consent window say, or what stands in a footer, is no part of that prose. At the second `look` no other name
    is believed, at the third no tag either.
    """
    prose = _sums(boxes, blocks, [max(weight, 0.0) for weight in weights])
    titles = _sums(boxes, blocks, [float(block.is_link and len(block.text) >= LEAST_TITLE) for block in blocks])
    clutter = _clutter_by_kind(boxes, prose, titles, look)
    if look:
        return clutter
    apart = sum(prose[i] for i, box in enumerate(boxes) if clutter[i] and box.parent >= 0 and not clutter[box.parent])
    total = max(prose, default=0.0) - apart
    alike: defaultdict[tuple[str, frozenset[str]], float] = defaultdict(float)
    for i, box in enumerate(boxes):
        alike[box.tag, box.names] += 0.0 if clutter[i] else prose[i]
    for i, box in enumerate(boxes):
        if box.parent >= 0 and clutter[box.parent]:
            clutter[i] = True
        elif not clutter[i] and box.names and box.tag not in UNNAMED and _is_clutter(box.names):
            clutter[i] = alike[box.tag, box.names] < total * CLUTTER_BY_NAME
    return clutter


def _clutter_by_kind(boxes: Sequence[Box], prose: Sequence[float], titles: Sequence[float], look: int) -> list[bool]:
    """Return for each box whether it is clutter by its tag or role, or as a teaser, a comment or a consent window."""
    total = max(prose, default=0.0) or 1.0
    clutter = [False] * len(boxes)
    for i, box in enumerate(boxes):
        if box.parent >= 0 and clutter[box.parent]:
            clutter[i] = True
        elif box.tag in PAGE:
            continue
        elif box.tag == "li" and titles[i] and not look:
            clutter[i] = 0 < prose[i] < CARD
        elif box.names & (SURE if look else APART):
            clutter[i] = prose[i] < total * CLUTTER_AS_COMMENTS
        elif box.is_hidden or (look < NO_TAGS and (box.tag in CLUTTER_TAGS or box.role in CLUTTER_ROLES)):
            clutter[i] = prose[i] < total * CLUTTER_BY_TAG
    return clutter
