"""Which elements are no part of the story, by their tag, role, name, text and place.

Names mislead: `gallery` may be a story with pictures, `sponsored` every paragraph of an article. So what holds the
headline or most of the page's prose is never clutter, and rules are taken back one by one (Trust) where nearly nothing
was found by all of them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from itertools import islice, takewhile

from scrapers.extract.body.blocks import HEADINGS, Block, Node, ancestors, first_blocks, subtree_ends
from scrapers.extract.body.comments import find_comments
from scrapers.extract.body.teasers import heading_href
from scrapers.extract.dom.class_names import Name
from scrapers.extract.text.clean import words_of
from scrapers.extract.text.consent import find_requests, is_request

CLUTTER_TAGS = frozenset({
    "aside", "button", "caption", "dialog", "figcaption", "figure", "footer", "form", "label", "legend", "menu", "nav",
})  # fmt: skip
CLUTTER_ROLES = frozenset({"navigation", "complementary", "contentinfo", "banner", "dialog"})
# Words that say what an element is wherever they stand in its name.
CLUTTER = frozenset({
    "footer", "nav", "navigation", "navbar", "menu", "submenu", "megamenu", "sidebar", "related", "share",
    "sharing", "shares", "social", "breadcrumb", "breadcrumbs", "byline", "bio", "tags", "newsletter", "newsletters",
    "caption", "captions", "cookie", "cookies", "gdpr", "pagination", "pager", "recirc", "recirculation", "trending",
    "taboola", "outbrain", "copyright", "toc", "ads", "adv", "advert", "advertisement", "advertising", "recommend",
    "recommended", "recommendations", "terkait", "terpopuler", "sharedaddy", "colophon", "seealso", "infobox",
    "donate", "donation", "crosspromo", "readmore", "relatedposts", "skiplink", "sponsor", "sponsored", "signup",
    "modal", "popup", "consent", "login", "poll", "quiz", "promo", "promos", "subscribe", "subscription", "carousel",
    "swiper", "drawer", "onetrust", "didomi", "usercentrics",
})  # fmt: skip
# Words that also describe a story (`gallery-article`, `print-content`): they count as the last word of a name, which
# says what a compound is, or before nothing but HOLDERS.
CLUTTER_ITSELF = frozenset({
    "gallery", "masthead", "popular", "populer", "teaser", "teasers", "slideshow", "player",
    "attachment", "topics", "keywords", "rail", "dateline", "timestamp", "hidden", "invisible", "skip", "aside",
    "alert", "overlay", "print", "image", "images", "img", "photo", "photos", "lightbox",
})  # fmt: skip
# The same before TEXTS as well: `author-text` is about the author, where `image-text` may be the story.
CLUTTER_WITH_TEXT = frozenset({
    "author", "authors", "meta", "privacy", "banner", "disclaimer", "cta", "credit", "credits", "toolbar",
    "notification", "feedback", "rating", "ratings", "tooltip", "dropdown", "flyout", "button", "buttons",
})  # fmt: skip
HOLDERS = frozenset({
    "area", "bar", "block", "blocks", "bottom", "box", "card", "cards", "container", "description", "desc", "figure",
    "group", "header", "holder", "info", "inner", "item", "items", "left", "line", "list", "module", "name", "outer",
    "panel", "right", "row", "section", "top", "unit", "widget", "window", "wrap", "wrapped", "wrapper",
})  # fmt: skip
TEXTS = frozenset({"text", "texts", "content", "body", "copy", "message", "biography", "data"})
ALL_CLUTTER = CLUTTER | CLUTTER_ITSELF | CLUTTER_WITH_TEXT
# A table row is named after its content: `player`, `rating`.
TRUSTED_TAGS = frozenset({"article", "tr", "html", "body", "main"})
PAGE_TAGS = frozenset({"html", "body", "main"})
COMMENTS = frozenset({
    "comment", "comments", "commentlist", "disqus", "respond", "reply", "replies", "komentar", "kommentar",
    "kommentare", "commentaires", "comentarios",
})  # fmt: skip
ANYWHERE = CLUTTER | COMMENTS
COMMENTS_AND_CONSENT = COMMENTS | {"cookie", "cookies", "consent", "gdpr", "onetrust", "didomi", "usercentrics"}
# Names that are trusted even when the rules are relaxed.
SURE_CLUTTER = COMMENTS_AND_CONSENT | {
    "author", "authors", "bio", "breadcrumb", "breadcrumbs", "copyright", "footer", "menu", "nav", "navbar",
    "navigation", "newsletter", "recommended", "related", "relatedposts", "terkait", "trending",
}  # fmt: skip
# Boxes inside a story, which hold a sentence or two: if one holds all the rest of it, its end tag is missing.
BOXES = frozenset({"cta", "subscribe", "banner"})
SLIDE_COUNTER = re.compile(r"([0-9]{1,3}) ?/ ?([0-9]{1,3})\b")  # `3/12`, before the title of a slide
CARD_TAGS = frozenset({"article", "div", "li", "section"})
# How a card of another article ends or begins: its date, its author, an excerpt that breaks off, a link to read on.
CARD_MARK = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])$|\b(?:ago|lalu)$|^(?:read|continue|baca|weiter|lire|leer|leggi)\b.{0,30}$"
    r"|\b(?:19|20)[0-9]{2}\b.{0,20}$",
    re.IGNORECASE,
)
CLOCK_TIME = re.compile(r"[0-9]{1,2}[:.][0-9]{2}(?: ?(?:WIB|WITA|WIT|Uhr|[ap]\.?m\.?))?", re.IGNORECASE)

# In characters, unless a share.
MIN_TITLE_LENGTH = 15
MAX_CARD_PROSE = 600  # of a teaser with a linked title
MAX_MARK_LENGTH = 60  # of a line that begins or ends a card
MAX_BOX_PROSE = 300
MIN_STORY_BESIDE = 300
MIN_PROSE = 50
MAX_SLIDE_PROSE = 400
MIN_SIBLINGS = 2  # cards in one list
MIN_CARD_LINKS, MAX_CARD_LINKS = 2, 9  # to the page of a card's title; links that are examined
MAX_BESIDE_REQUEST = 300  # of other text in a window that asks for consent
MIN_CONSENT_SHARE = 0.4  # of an element's text
# The share of the page's prose that an element may hold and still be clutter by its tag, by its name, or as comments.
BY_TAG, BY_NAME, AS_COMMENTS = 0.7, 0.5, 0.7
MAX_CARD_SHARE = 0.5


class Trust(IntEnum):
    """Which marks of clutter are believed: all; only tags and a few sure names; only sure names."""

    ALL = 0
    TAGS = 1
    SURE_NAMES = 2


RELAXED = (Trust.TAGS, Trust.SURE_NAMES)


def names_any(names: frozenset[Name], words: frozenset[str]) -> bool:
    """Return whether one of the names is called after one of the words."""
    for name in names:  # noqa: SIM110 - called for every element, and slower as any()
        if not words.isdisjoint(name) and _is_called(name, words):
            return True
    return False


@lru_cache(maxsize=8192)
def _is_called(name: Name, words: frozenset[str]) -> bool:
    if any(word in words and word in ANYWHERE for word in name):
        return True
    head = next((word for word in reversed(name) if word not in HOLDERS), "")
    if head in TEXTS:
        head = next((word for word in reversed(name) if word not in HOLDERS | TEXTS), "")
        return head in words & CLUTTER_WITH_TEXT
    return head in words


def never(_href: str) -> bool:
    """Return False, where the page's address is unknown."""
    return False


@dataclass(frozen=True)
class Layout:
    """A page's nodes and blocks, the weight of each block, and the article's headline.

    `leads_away` tells whether an href leads to another page of the site.
    """

    nodes: Sequence[Node]
    blocks: Sequence[Block]
    weights: Sequence[float]
    headline: str = ""
    leads_away: Callable[[str], bool] = never

    @cached_property
    def prose(self) -> list[float]:
        """For each node the weight of its prose."""
        return self.sum_by_node([weight if weight > 0.0 else 0.0 for weight in self.weights])

    @cached_property
    def titles(self) -> list[float]:
        """For each node the number of links that may be other articles' titles."""
        return self.sum_by_node([1.0 if block.linked and is_title(block) else 0.0 for block in self.blocks])

    def ends_parent(self, index: int) -> bool:
        """Return whether no block follows the node in the node around it."""
        ends, parent = self._ends, self.nodes[index].parent
        return parent >= 0 and not any(ends[index] <= block.node < ends[parent] for block in self.blocks)

    @cached_property
    def _ends(self) -> list[int]:
        return subtree_ends(self.nodes)

    @cached_property
    def slide_show(self) -> int | None:
        """The innermost node around slides with numbers (`1/12`, `2/12`, …); None where it holds more."""
        counters = [SLIDE_COUNTER.match(text) if (text := block.text)[0].isdigit() else None for block in self.blocks]
        numbers = [(int(counter[1]), int(counter[2])) if counter else (0, 0) for counter in counters]
        counted = set(numbers)
        is_slide = [0 < i <= n and {(1, n), (2, n), (3, n)} <= counted for i, n in numbers]
        if not any(is_slide):
            return None
        slides = self.sum_by_node(list(map(float, is_slide)))
        innermost = max(i for i, count in enumerate(slides) if count == slides[0])
        return innermost if self.prose[innermost] < slides[0] * MAX_SLIDE_PROSE else None

    @cached_property
    def holds_headline(self) -> list[bool]:
        """For each node whether the headline stands in it: a heading with its words, else the only h1."""
        words = words_of(self.headline)
        headings = [block for block in self.blocks if self.nodes[block.node].tag in HEADINGS]
        found = [block for block in headings if words and words_of(block.text) == words]
        if not found:
            top = [block for block in headings if self.nodes[block.node].tag == "h1"]
            found = top if len(top) == 1 else []
        holds = [False] * len(self.nodes)
        for block in found:
            if not block.is_link and not any(self.nodes[i].is_hidden for i in ancestors(self.nodes, block.node)):
                self._mark(holds, block.node)
        return holds

    def is_near_headline(self, index: int) -> bool:
        """Return whether the node stands in the innermost element around the headline that holds a story's prose.

        True where the page has no headline.
        """
        place = self._headline_place
        return place is None or place <= index < self._ends[place]

    def is_all_below_headline(self, index: int) -> bool:
        """Return whether hardly any other prose than the node's stands near the headline."""
        place = self._headline_place
        return place is not None and self.is_near_headline(index) and self.prose[place] - self.prose[index] < MIN_PROSE

    @cached_property
    def _headline_place(self) -> int | None:
        holders = (i for i, holds in enumerate(self.holds_headline) if holds and self.prose[i] >= MIN_STORY_BESIDE)
        return max(holders, default=None)

    def _mark(self, marks: list[bool], index: int) -> None:
        while index >= 0 and not marks[index]:
            marks[index] = True
            index = self.nodes[index].parent

    @cached_property
    def is_request(self) -> list[bool]:
        """For each node whether it mostly asks for consent or a subscription."""
        requests = find_requests([block.text for block in self.blocks])
        asking = [block.free if i in requests else 0.0 for i, block in enumerate(self.blocks)]
        if not requests or is_request(f"{self.headline} {'cookies' * 5}"):
            return [False] * len(self.nodes)
        requested, texts = self.sum_by_node(asking), self.sum_by_node([block.free for block in self.blocks])
        return [
            request > 0
            and request >= text * MIN_CONSENT_SHARE
            and text - request <= MAX_BESIDE_REQUEST
            and node.tag not in PAGE_TAGS
            for node, request, text in zip(self.nodes, requested, texts, strict=True)
        ]

    @cached_property
    def is_card(self) -> list[bool]:
        """For each node whether it is the card of another article, beside others like it, or an entry of a ticker.

        Where they hold half of the page's prose, they are its content: a list of entries, a live blog.
        """
        prose, firsts = self.prose, first_blocks(self.nodes, self.blocks)
        likely = [
            i for i, node in enumerate(self.nodes)
            if node.tag in CARD_TAGS and 0 < prose[i] < MAX_CARD_PROSE and not self.holds_headline[i]
            and (self._is_marked_card(i, firsts[i]) or self._is_linked_card(i, firsts[i]))
        ]  # fmt: skip
        alike = Counter(map(self._place, likely))
        cards = {i for i in likely if alike[self._place(i)] >= MIN_SIBLINGS} | self._ticker_entries(firsts)
        if sum(prose[i] for i in sorted(cards)) >= max(prose, default=0.0) * MAX_CARD_SHARE:
            cards = set()
        return [i in cards for i in range(len(self.nodes))]

    def _is_marked_card(self, index: int, first: int) -> bool:
        """Return whether the node begins with a title, and one of its blocks ends or begins like a card's."""
        if not is_title(self.blocks[first]):
            return False
        end = self._ends[index]
        following = takewhile(lambda block: index <= block.node < end, islice(self.blocks, first, None))
        return any(map(_is_card_mark, following))

    def _is_linked_card(self, index: int, first: int) -> bool:
        """Return whether the node begins with a heading that links to another page, to which another link leads too.

        That is a picture's or one to read on. A label may stand above the heading.
        """
        if len(self.blocks[first].text) <= MAX_MARK_LENGTH and first + 1 < len(self.blocks):
            first += self.nodes[self.blocks[first].node].tag not in HEADINGS
        title = self.blocks[first]
        is_inside = index < title.node < self._ends[index]
        if not is_inside or title.linked < MIN_TITLE_LENGTH or self.nodes[title.node].tag not in HEADINGS:
            return False
        hrefs = [link.get("href") for link in islice(self.nodes[index].element.iter("a"), MAX_CARD_LINKS)]
        href = heading_href(self.nodes[title.node].element)
        return hrefs.count(href) >= MIN_CARD_LINKS and self.leads_away(href)

    @cached_property
    def comments(self) -> set[int]:
        """The nodes that are comments though nothing names them so; empty where the page holds little else."""
        comments = find_comments(self.nodes, self.blocks, self.sum_by_node)
        others = max(self.prose, default=0.0) - sum(self.prose[i] for i in comments)
        return comments if others >= MIN_STORY_BESIDE else set()

    def _ticker_entries(self, firsts: Sequence[int]) -> set[int]:
        """Return the nodes that begin with a time of day and a heading."""
        times = {
            i for i, block in enumerate(self.blocks) if block.text[0].isdigit() and CLOCK_TIME.fullmatch(block.text)
        }
        nodes = (i for i, first in enumerate(firsts) if first in times) if times else ()
        return {i for i in nodes if self.prose[i] and self._is_ticker_entry(i, firsts[i])}

    def _is_ticker_entry(self, index: int, first: int) -> bool:
        """Return whether a heading follows the node's first block."""
        if self.holds_headline[index]:
            return False
        following = self.blocks[first + 1].node if first + 1 < len(self.blocks) else 0
        return index < following < self._ends[index] and self.nodes[following].tag in HEADINGS

    def _place(self, index: int) -> tuple[int, str, frozenset[Name]]:
        node = self.nodes[index]
        return node.parent, node.tag, node.labels

    def sum_by_node(self, values: Sequence[float], least: float = float("-inf")) -> list[float]:
        """Return for each node the sum of the values of all blocks in it; a node adds no less than `least`."""
        sums, parents = [0.0] * len(self.nodes), self._parents
        for block, value in zip(self.blocks, values, strict=True):
            if value:
                sums[block.node] += value
        for i in range(len(parents) - 1, 0, -1):
            if value := sums[i]:
                sums[parents[i]] += value if value > least else least
        return sums

    @cached_property
    def _parents(self) -> list[int]:
        return [node.parent for node in self.nodes]


def is_title(block: Block) -> bool:
    """Return whether the block is a link that may be another article's title."""
    return block.is_link and len(block.text) >= MIN_TITLE_LENGTH


def _is_card_mark(block: Block) -> bool:
    is_short = len(block.text) <= MAX_MARK_LENGTH or block.text.endswith(("…", "...", "…]", "...]"))
    return is_short and CARD_MARK.search(block.text) is not None


def find_clutter(page: Layout, trust: Trust = Trust.ALL) -> list[bool]:
    """Return for each node whether it is in an element that is marked as no part of the story.

    An element that holds the headline, or a large share of the page's prose, alone or with all that are named like
    it, is none. Comments, consent windows and footers don't count as prose there.
    """
    clutter = _by_kind(page, trust)
    if trust > Trust.ALL:
        return clutter
    total = max(page.prose, default=0.0) - sum(_outermost(page, clutter))
    named = {
        i: (node.tag, node.labels) for i, node in enumerate(page.nodes)
        if node.labels and not clutter[i] and node.tag not in TRUSTED_TAGS and names_any(node.labels, ALL_CLUTTER)
    }  # fmt: skip
    alike: defaultdict[tuple[str, frozenset[Name]], float] = defaultdict(float)
    for i, place in named.items():
        alike[place] += page.prose[i]
    for i, node in enumerate(page.nodes):
        if node.parent >= 0 and clutter[node.parent]:
            clutter[i] = True
        elif i in named:
            clutter[i] = not page.holds_headline[i] and _is_believed(page, i, alike[named[i]], total)
    return clutter


def _outermost(page: Layout, clutter: Sequence[bool]) -> Iterator[float]:
    """Yield the prose of each marked node that stands in no other."""
    for i, node in enumerate(page.nodes):
        if clutter[i] and node.parent >= 0 and not clutter[node.parent]:
            yield page.prose[i]


def _is_believed(page: Layout, index: int, alike: float, total: float) -> bool:
    """Return whether an element's name is believed, by the prose that it holds, alone or with those named like it."""
    labels = page.nodes[index].labels
    if page.prose[index] > MAX_BOX_PROSE and names_any(labels, BOXES) and page.ends_parent(index):
        return False
    return alike < total * BY_NAME


def _by_kind(page: Layout, trust: Trust) -> list[bool]:
    """Return for each node whether it is clutter by its tag or role, or as a teaser, comment or consent window."""
    prose, nodes, slide_show = page.prose, page.nodes, page.slide_show
    is_request, holds_headline = page.is_request, page.holds_headline
    is_card = [False] * len(nodes) if trust else page.is_card
    titles = [] if trust else page.titles
    comments = set() if trust else page.comments
    total = max(prose, default=0.0) or 1.0
    clutter = [False] * len(nodes)
    believed = SURE_CLUTTER if trust else COMMENTS_AND_CONSENT
    for i, node in enumerate(nodes):
        if (node.parent >= 0 and clutter[node.parent]) or is_request[i]:
            clutter[i] = True
        elif node.is_hidden:
            clutter[i] = prose[i] < total * BY_TAG
        elif node.tag in PAGE_TAGS or holds_headline[i]:
            continue
        elif (not trust and ((node.tag == "li" and titles[i] and 0 < prose[i] < MAX_CARD_PROSE) or is_card[i])) or (
            (i == slide_show and total - prose[i] >= MIN_STORY_BESIDE) or i in comments
        ):
            clutter[i] = True
        elif node.labels and names_any(node.labels, believed):
            clutter[i] = not page.is_all_below_headline(i) and (
                prose[i] < total * AS_COMMENTS or not page.is_near_headline(i)
            )
        elif trust < Trust.SURE_NAMES and (node.tag in CLUTTER_TAGS or node.role in CLUTTER_ROLES):
            clutter[i] = prose[i] < total * BY_TAG
    return clutter
