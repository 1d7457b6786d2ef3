"""Finding the blocks of the article's body on a site of which nothing is known.

Each block has a weight: prose counts its characters, links and scraps count against it. The body is the element with
the highest sum of weights: a menu or a list of cards makes an element lighter, another section of the story heavier.
Inside it, elements with a negative sum are left out, and those whose name marks them as clutter. Each step goes over
the nodes once, so the time is linear in the page's size.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from scrapers.extract.body import boundaries, declared_text
from scrapers.extract.body.blocks import HEADINGS, TEXT_TAGS, Block, Node
from scrapers.extract.body.short_story import find_short_story
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
# A table row is named after its content: `player`, `rating`.
TRUSTED_TAGS = frozenset({"article", "tr", "html", "body", "main"})
COMMENTS = frozenset({
    "comment", "comments", "commentlist", "disqus", "respond", "reply", "replies", "komentar", "kommentar",
    "kommentare", "commentaires", "comentarios",
})  # fmt: skip
CONSENT = frozenset({"cookie", "cookies", "consent", "gdpr", "cmp"})
COMMENTS_AND_CONSENT = COMMENTS | CONSENT
# Names that are trusted even when the rules are relaxed.
SURE_CLUTTER = COMMENTS_AND_CONSENT | {
    "author", "authors", "bio", "breadcrumb", "breadcrumbs", "copyright", "footer", "menu", "nav", "navbar",
    "navigation", "newsletter", "recommended", "related", "relatedposts", "terkait", "trending",
}  # fmt: skip
PAGE_TAGS = frozenset({"html", "body", "main"})
STORY_NAMES = frozenset({"articlebody", "storybody", "postbody", "bodytext", "articletext"})
STORY_KINDS = frozenset({"article", "story", "post", "entry", "news"})
STORY_PARTS = frozenset({"body", "content", "text", "copy"})

# In characters, unless a share.
MIN_BODY_WEIGHT = 150  # the teasers of a list page weigh less
MIN_SENTENCE_LENGTH = 50  # free of links, of a text that ends like a sentence
MIN_LINE_LENGTH = 80  # the same of other texts: a caption or title may be almost as long
MIN_STORY_WEIGHT = 50  # of an element that is named as an article's text
MAX_PENALTY = 200  # that a menu may subtract from the element around it
SCRAP_PENALTY = 10  # that a line that is no prose subtracts from its node
MAX_LINK_SHARE = 0.5
MIN_CAPTIONS = 3
RELAXATIONS = (1, 2)
MIN_PROSE_SHARE = 0.1  # of the prose that the page displays
ENOUGH_PROSE = 400  # that make a story, whatever else the page displays
IGNORE_TAGS = 2  # the relaxation from which on tags are ignored
MAX_TEASER_PROSE = 600  # of prose in a list item with a linked title
MIN_TITLE_LENGTH = 15
# The share of the page's prose that an element may hold and still be clutter by its tag, by its name, or as comments.
CLUTTER_BY_TAG, CLUTTER_BY_NAME, CLUTTER_AS_COMMENTS = 0.7, 0.5, 0.7


@dataclass(frozen=True, slots=True)
class ArticleHints:
    """What the page's metadata reveals about the body.

    `is_article`: structured data or the print declares an article. `text`: the body in JSON-LD. `titles`: the headlines
    of all layers. `day`: the day of publication, which `is_declared` if structured data gives it.
    """

    is_article: bool = False
    headline: str = ""
    authors: Sequence[str] = ()
    text: str | None = None
    titles: Sequence[str] = ()
    day: date | None = None
    is_declared: bool = False


NO_HINTS = ArticleHints()


@dataclass(frozen=True, slots=True)
class _Weighted:
    nodes: Sequence[Node]
    blocks: Sequence[Block]
    weights: Sequence[float]
    in_story: Sequence[bool]
    hints: ArticleHints


def find_body_blocks(nodes: Sequence[Node], blocks: Sequence[Block], hints: ArticleHints = NO_HINTS) -> list[Block]:
    """Return the article's blocks in order; empty where no element has enough prose or captions.

    Where the page declares an article, a few lines are enough. Where such a page, or a dated one, displays far more
    prose than was found, the rules that exclude clutter are relaxed step by step.
    """
    in_story = _in_story(nodes)
    weights = [_weight(block, nodes[block.node].tag, in_story[block.node]) for block in blocks]
    page = _Weighted(nodes, blocks, weights, in_story, hints)
    story = _find_story(page, _clutter(nodes, blocks, weights))
    if hints.is_article or hints.day:
        for relaxation in RELAXATIONS:
            if _holds_enough_prose(page, story):
                break
            more = _find_story(page, _clutter(nodes, blocks, weights, relaxation))
            story = max(story, more, key=_prose_length)
    return story or _captions(nodes, blocks) or _find_short_story(page)


def _find_short_story(page: _Weighted) -> list[Block]:
    hints = page.hints
    comments_and_consent = _clutter(page.nodes, page.blocks, page.weights, RELAXATIONS[0])
    return find_short_story(
        page.nodes,
        page.blocks,
        comments_and_consent,
        hints.headline,
        hints.authors,
        hints.day,
        is_declared=hints.is_declared,
    )


def _find_story(page: _Weighted, clutter: Sequence[bool]) -> list[Block]:
    """Return the blocks of the heaviest element outside the clutter, trimmed to the story."""
    nodes, blocks, hints = page.nodes, page.blocks, page.hints
    least = MIN_STORY_WEIGHT if hints.is_article else MIN_BODY_WEIGHT
    wanted = _densest(nodes, blocks, page.weights, clutter, page.in_story, least)
    inside: Sequence[int] = [i for i, block in enumerate(blocks) if wanted[block.node]]
    inside = boundaries.start_at_headline(nodes, blocks, inside, hints.headline)
    inside = boundaries.trim(nodes, blocks, boundaries.cut_next_story(nodes, blocks, inside), hints.authors)
    body = boundaries.drop_pull_quotes(nodes, blocks, declared_text.keep_declared(nodes, blocks, inside, hints.text))
    return [blocks[i] for i in boundaries.find_standfirst(nodes, blocks, clutter, body) + body]


def _prose_length(story: Sequence[Block]) -> float:
    return sum(block.free for block in story)


def _holds_enough_prose(page: _Weighted, story: Sequence[Block]) -> bool:
    """Return whether the story is more than a small share of the prose that the page displays."""
    prose_length = _prose_length(story)
    if prose_length >= ENOUGH_PROSE:
        return True
    comments_and_consent = _clutter(page.nodes, page.blocks, page.weights, RELAXATIONS[-1])
    shown = sum(
        block.free for block in page.blocks if not comments_and_consent[block.node] and boundaries.is_prose(block)
    )
    return prose_length >= shown * MIN_PROSE_SHARE


def _captions(nodes: Sequence[Node], blocks: Sequence[Block]) -> list[Block]:
    """Return the captions of a gallery; empty where there are only a few."""
    captions = [block for block in blocks if nodes[block.node].tag == "figcaption" and boundaries.is_prose(block)]
    return captions if len(captions) >= MIN_CAPTIONS else []


def _densest(
    nodes: Sequence[Node],
    blocks: Sequence[Block],
    weights: Sequence[float],
    clutter: Sequence[bool],
    in_story: Sequence[bool],
    least: float,
) -> list[bool]:
    """Return for each node whether it belongs to the heaviest one, the innermost of equals, and is no clutter."""
    net_weights = _sum_by_node(
        nodes, blocks, [0.0 if clutter[block.node] else w for block, w in zip(blocks, weights, strict=True)]
    )
    heaviest = max(reversed(range(len(nodes))), key=lambda i: net_weights[i], default=-1)
    wanted = [False] * len(nodes)
    if heaviest < 0 or net_weights[heaviest] < (MIN_STORY_WEIGHT if in_story[heaviest] else least):
        return wanted
    wanted[heaviest] = True
    for i in range(heaviest + 1, len(nodes)):
        node = nodes[i]
        wanted[i] = wanted[node.parent] and not clutter[i] and (node.tag in TEXT_TAGS or net_weights[i] >= 0)
    return wanted


@lru_cache(maxsize=4096)  # pages repeat the same few classes
def _is_clutter(names: frozenset[str]) -> bool:
    return bool(names & CLUTTER) or any(name.endswith("caption") for name in names)


@lru_cache(maxsize=4096)
def _is_story(names: frozenset[str], *, is_page: bool) -> bool:
    return bool(names & STORY_NAMES or (not is_page and names & STORY_KINDS and names & STORY_PARTS))


def _in_story(nodes: Sequence[Node]) -> list[bool]:
    """Return for each node whether it is in an element that is named as an article's text."""
    inside: list[bool] = []
    for node in nodes:
        is_in = node.parent >= 0 and inside[node.parent]
        inside.append(is_in or node.role == "articleBody" or _is_story(node.names, is_page=node.tag == "body"))
    return inside


def _weight(block: Block, tag: str, in_story: bool) -> float:
    """Return the block's weight; in a story element scraps subtract half, and short lines count."""
    if is_promo(block.text):  # promos occur only in articles, and are removed later
        return 0.0
    is_text = tag in TEXT_TAGS and not block.linked
    cost = SCRAP_PENALTY / 2 if in_story else SCRAP_PENALTY
    if tag in HEADINGS or (block.linked > len(block.text) * MAX_LINK_SHARE and block.free < MIN_LINE_LENGTH):
        return 0.0 if is_text else -cost - block.linked / (2 if in_story else 1)
    if block.free >= (MIN_SENTENCE_LENGTH if block.is_sentence else MIN_LINE_LENGTH):
        return block.free - MIN_SENTENCE_LENGTH / 2
    if is_text:
        return block.free / 2 if in_story else 0.0
    return -cost


def _sum_by_node(nodes: Sequence[Node], blocks: Sequence[Block], weights: Sequence[float]) -> list[float]:
    """Return for each node the sum of the weights of all blocks in it.

    A node with a negative sum is left out later, so it may subtract only MAX_PENALTY from the node around it.
    """
    sums = [0.0] * len(nodes)
    for block, weight in zip(blocks, weights, strict=True):
        sums[block.node] += weight
    for i in range(len(nodes) - 1, 0, -1):
        if nodes[i].parent >= 0:
            sums[nodes[i].parent] += sums[i] if sums[i] > -MAX_PENALTY else -MAX_PENALTY
    return sums


def _clutter(
    nodes: Sequence[Node], blocks: Sequence[Block], weights: Sequence[float], relaxation: int = 0
) -> list[bool]:
    """Return for each node whether it is in an element whose tag, role or name marks it as no part of the story.

    Names mislead: `sidebar` may be a page with one, `sponsored` every paragraph of an article. So an element with a
    large share of the page's prose, alone or with all that are named like it, is no clutter. Comments, consent windows
    and footers don't count as prose there. With `relaxation` 1 no other name is trusted, with 2 no tag either.
    """
    prose = _sum_by_node(nodes, blocks, [max(weight, 0.0) for weight in weights])
    titles = _sum_by_node(
        nodes, blocks, [float(block.is_link and len(block.text) >= MIN_TITLE_LENGTH) for block in blocks]
    )
    clutter = _clutter_by_kind(nodes, prose, titles, relaxation)
    if relaxation:
        return clutter
    in_clutter = sum(
        prose[i] for i, node in enumerate(nodes) if clutter[i] and node.parent >= 0 and not clutter[node.parent]
    )
    total = max(prose, default=0.0) - in_clutter
    alike: defaultdict[tuple[str, frozenset[str]], float] = defaultdict(float)
    for i, node in enumerate(nodes):
        alike[node.tag, node.names] += 0.0 if clutter[i] else prose[i]
    for i, node in enumerate(nodes):
        if node.parent >= 0 and clutter[node.parent]:
            clutter[i] = True
        elif not clutter[i] and node.names and node.tag not in TRUSTED_TAGS and _is_clutter(node.names):
            clutter[i] = alike[node.tag, node.names] < total * CLUTTER_BY_NAME
    return clutter


def _clutter_by_kind(
    nodes: Sequence[Node], prose: Sequence[float], titles: Sequence[float], relaxation: int
) -> list[bool]:
    """Return for each node whether it is clutter by its tag or role, or as a teaser, comment or consent window."""
    total = max(prose, default=0.0) or 1.0
    clutter = [False] * len(nodes)
    for i, node in enumerate(nodes):
        if node.parent >= 0 and clutter[node.parent]:
            clutter[i] = True
        elif node.tag in PAGE_TAGS:
            continue
        elif node.tag == "li" and titles[i] and not relaxation:
            clutter[i] = 0 < prose[i] < MAX_TEASER_PROSE
        elif node.names & (SURE_CLUTTER if relaxation else COMMENTS_AND_CONSENT):
            clutter[i] = prose[i] < total * CLUTTER_AS_COMMENTS
        elif node.is_hidden or (relaxation < IGNORE_TAGS and (node.tag in CLUTTER_TAGS or node.role in CLUTTER_ROLES)):
            clutter[i] = prose[i] < total * CLUTTER_BY_TAG
    return clutter
