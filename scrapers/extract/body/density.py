"""Finding the blocks of the article's body on a site of which nothing is known.

Each block has a weight: prose counts its characters, links and scraps count against it. The body is the element with
the highest sum of weights: a menu or a list of cards makes an element lighter, another section of the story heavier.
Inside it, elements with a negative sum are left out, and those whose name marks them as clutter. Each step goes over
the nodes once, so the time is linear in the page's size.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from scrapers.extract.body import boundaries, declared_text
from scrapers.extract.body.blocks import HEADINGS, TEXT_TAGS, Block, Node
from scrapers.extract.body.boundaries import MIN_LINE_LENGTH, MIN_SENTENCE_LENGTH
from scrapers.extract.body.clutter import RELAXED, Layout, Trust, find_clutter, is_title, never
from scrapers.extract.body.short_story import find_short_story
from scrapers.extract.text.promos import is_promo

STORY_NAMES = frozenset({"articlebody", "storybody", "postbody", "bodytext", "articletext"})
STORY_KINDS = frozenset({"article", "story", "post", "entry", "news"})
STORY_PARTS = frozenset({"body", "content", "text", "copy"})
STORY_ENDS = STORY_NAMES | STORY_PARTS  # one of which occurs in each name of a story

# In characters, unless a share.
MIN_BODY_WEIGHT = 150  # the teasers of a list page weigh less
MIN_STORY_WEIGHT = 50  # of an element that is named as an article's text
MAX_PENALTY = 200  # that a menu may subtract from the element around it
SCRAP_PENALTY = 10  # that a line that is no prose subtracts from its node
MAX_LINK_SHARE = 0.5
MIN_CAPTIONS = 3
MIN_LIST_TITLES = 3  # links that may be other articles' titles; a page under a headline with fewer is no list
MIN_PROSE_SHARE = 0.1  # of the prose that the page displays
ENOUGH_PROSE = 400  # that make a story, whatever else the page displays


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


def find_body_blocks(
    nodes: Sequence[Node],
    blocks: Sequence[Block],
    hints: ArticleHints = NO_HINTS,
    leads_away: Callable[[str], bool] = never,
) -> list[Block]:
    """Return the article's blocks in order; empty where no element has enough prose or captions.

    Where the page declares an article, a few lines are enough. Where such a page, or one that prints its headline or
    date, displays far more prose than was found, the rules that exclude clutter are taken back step by step.
    `leads_away` tells whether an href leads to another page of the site.
    """
    in_story = _in_story(nodes)
    weights = [_weight(block, nodes[block.node].tag, in_story[block.node]) for block in blocks]
    page = Layout(nodes, blocks, weights, hints.headline, leads_away)
    least = MIN_STORY_WEIGHT if hints.is_article else MIN_BODY_WEIGHT
    story = _find_story(page, in_story, hints, Trust.ALL, least)
    if hints.is_article or hints.day or any(page.holds_headline):
        for trust in RELAXED:
            if _holds_enough_prose(page, story):
                break
            story = max(story, _find_story(page, in_story, hints, trust, least), key=_prose_length)
    story = story or _captions(nodes, blocks) or _find_short_story(page, hints)
    if story or not any(page.holds_headline) or _is_list(page):
        return story
    few_lines = _find_story(page, in_story, hints, Trust.ALL, MIN_STORY_WEIGHT)
    return few_lines if few_lines and _follow_headline(page, few_lines) else []


def _follow_headline(page: Layout, lines: Sequence[Block]) -> bool:
    """Return whether no title of another article stands between the headline and the lines."""
    is_title_between = False
    for block in takewhile(lambda block: block is not lines[0], page.blocks):
        is_title_between = (is_title_between or is_title(block)) and not page.holds_headline[block.node]
    return not is_title_between


def _is_list(page: Layout) -> bool:
    """Return whether the page has several links to other articles outside of its menus."""
    clutter = find_clutter(page, Trust.TAGS)
    return sum(is_title(block) for block in page.blocks if not clutter[block.node]) >= MIN_LIST_TITLES


def _find_short_story(page: Layout, hints: ArticleHints) -> list[Block]:
    return find_short_story(
        page.nodes,
        page.blocks,
        find_clutter(page, Trust.TAGS),
        hints.headline,
        hints.authors,
        hints.day,
        is_declared=hints.is_declared,
    )


def _find_story(
    page: Layout, in_story: Sequence[bool], hints: ArticleHints, trust: Trust, least: float = MIN_BODY_WEIGHT
) -> list[Block]:
    """Return the blocks of the heaviest element outside the clutter, trimmed to the story."""
    nodes, blocks, clutter = page.nodes, page.blocks, find_clutter(page, trust)
    wanted = _densest(page, clutter, in_story, least)
    inside: Sequence[int] = [i for i, block in enumerate(blocks) if wanted[block.node]]
    inside = boundaries.start_at_headline(nodes, blocks, inside, hints.headline)
    inside = boundaries.trim(
        nodes, blocks, boundaries.cut_next_story(nodes, blocks, inside), hints.authors, hints.headline
    )
    body = boundaries.drop_pull_quotes(nodes, blocks, declared_text.keep_declared(nodes, blocks, inside, hints.text))
    return [blocks[i] for i in boundaries.find_standfirst(nodes, blocks, clutter, body) + body]


def _prose_length(story: Sequence[Block]) -> float:
    return sum(block.free for block in story)


def _holds_enough_prose(page: Layout, story: Sequence[Block]) -> bool:
    """Return whether the story is more than a small share of the prose that the page displays."""
    prose_length = _prose_length(story)
    if prose_length >= ENOUGH_PROSE:
        return True
    clutter = find_clutter(page, RELAXED[-1])
    shown = sum(block.free for block in page.blocks if not clutter[block.node] and boundaries.is_prose(block))
    return prose_length >= shown * MIN_PROSE_SHARE


def _captions(nodes: Sequence[Node], blocks: Sequence[Block]) -> list[Block]:
    """Return the captions of a gallery; empty where there are only a few."""
    captions = [block for block in blocks if nodes[block.node].tag == "figcaption" and boundaries.is_prose(block)]
    return captions if len(captions) >= MIN_CAPTIONS else []


def _densest(page: Layout, clutter: Sequence[bool], in_story: Sequence[bool], least: float) -> list[bool]:
    """Return for each node whether it belongs to the heaviest one, the innermost of equals, and is no clutter.

    A node with a negative sum is left out, so it may subtract only MAX_PENALTY from the node around it.
    """
    nodes = page.nodes
    weights = [0.0 if clutter[block.node] else w for block, w in zip(page.blocks, page.weights, strict=True)]
    net_weights = page.sum_by_node(weights, least=-MAX_PENALTY)
    heaviest = max(reversed(range(len(nodes))), key=net_weights.__getitem__, default=-1)
    wanted = [False] * len(nodes)
    if heaviest < 0 or net_weights[heaviest] < (MIN_STORY_WEIGHT if in_story[heaviest] else least):
        return wanted
    wanted[heaviest] = True
    for i in range(heaviest + 1, len(nodes)):
        node = nodes[i]
        wanted[i] = wanted[node.parent] and not clutter[i] and (node.tag in TEXT_TAGS or net_weights[i] >= 0)
    return wanted


def _in_story(nodes: Sequence[Node]) -> list[bool]:
    """Return for each node whether it is in an element that is named as an article's text."""
    inside: list[bool] = []
    for node in nodes:
        is_in = node.parent >= 0 and inside[node.parent]
        inside.append(is_in or node.role == "articleBody" or (bool(node.labels) and _is_named_story(node)))
    return inside


def _is_named_story(node: Node) -> bool:
    if all(map(STORY_ENDS.isdisjoint, node.labels)):  # as most are
        return False
    names = node.names
    return bool(names & STORY_NAMES or (node.tag != "body" and names & STORY_KINDS and names & STORY_PARTS))


def _weight(block: Block, tag: str, in_story: bool) -> float:
    """Return the block's weight; in a story element scraps subtract half, and short lines count."""
    if is_promo(block.text):  # promos occur only in articles, and are removed later
        return 0.0
    is_text = tag in TEXT_TAGS and (not block.linked or (tag == "li" and block.linked < len(block.text) / 2))
    cost = SCRAP_PENALTY / 2 if in_story else SCRAP_PENALTY
    if tag in HEADINGS or (block.linked > len(block.text) * MAX_LINK_SHARE and block.free < MIN_LINE_LENGTH):
        return 0.0 if is_text else -cost - block.linked / (2 if in_story else 1)
    if block.free >= (MIN_SENTENCE_LENGTH if block.is_sentence else MIN_LINE_LENGTH):
        return block.free - MIN_SENTENCE_LENGTH / 2
    if block.in_passage:
        return block.free / 2
    if is_text:
        return block.free / 2 if in_story else 0.0
    return -cost
