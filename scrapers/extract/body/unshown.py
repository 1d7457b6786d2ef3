"""The story where the page shows only its beginning, or nothing: in its data, for scripts, or for readers without them.

What stands there is often something else: settings, styles, other articles. So it is taken only if it goes on from
what is shown, or speaks of what the headline does.
"""

import re
from collections.abc import Callable, Sequence

from lxml import etree

from scrapers.extract.candidate import Candidate
from scrapers.extract.layers import embedded_json, flight
from scrapers.extract.text.clean import compact, words_of

Lines = Sequence[str]
ReadTree = Callable[[etree._Element, frozenset[str]], Candidate[tuple[str, ...]] | None]
"""Reads the body under an element, in which elements with these tags are shown as well."""

MAX_STUB_LENGTH = 1500  # characters; a story that shows more is not looked for elsewhere
MAX_SCRAP_LENGTH = 300  # characters; what a page without a story shows may be something else
MIN_LENGTH = 400
MIN_GAIN = 1.3  # how much longer than what is shown the whole story must be
MIN_SHOWN_SHARE = 0.6  # of the shown text that must be in it
MIN_WORD_LENGTH = 4
MIN_SHARED_WORDS = 2
EDGE_LENGTH = 40  # letters and digits at the beginning of a line that are looked up
DENSE_WORD = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}")


def find_unshown(
    root: etree._Element, shown: Lines, headline: str, read_tree: ReadTree
) -> Candidate[tuple[str, ...]] | None:
    """Return the whole story that the page holds and doesn't show; None where it holds none.

    `read_tree` finds a body in a tree.
    """
    if sum(map(len, shown)) > MAX_STUB_LENGTH:
        return None

    def is_wanted(lines: Lines) -> bool:
        return embedded_json.is_prose(lines) and _is_whole(lines, shown, headline)

    body = _in_noscript(root, read_tree)
    if body and is_wanted(body.value):
        return body
    return _in_flight(root, read_tree, is_wanted) or embedded_json.paragraphs(root, is_wanted)


def _in_noscript(root: etree._Element, read_tree: ReadTree) -> Candidate[tuple[str, ...]] | None:
    paragraphs = (element.findtext(".//p") or "" for element in root.iter("noscript"))
    has_text = any(len(text) > EDGE_LENGTH for text in paragraphs)  # others hold pictures and trackers
    body = read_tree(root, frozenset({"noscript"})) if has_text else None
    return Candidate(tuple(dict.fromkeys(body.value)), "html:noscript") if body else None  # what is shown may recur


def _in_flight(
    root: etree._Element, read_tree: ReadTree, is_wanted: Callable[[Lines], bool]
) -> Candidate[tuple[str, ...]] | None:
    rows = flight.rows(script.text or "" for script in root.iter("script"))
    tree = flight.element_tree(rows) if rows else None
    body = read_tree(tree, frozenset()) if tree is not None else None
    if body and is_wanted(body.value):
        return body
    return embedded_json.longest(embedded_json.in_rows(rows.values()), is_wanted) if rows else None


def _is_whole(lines: Lines, shown: Lines, headline: str) -> bool:
    """Return whether the lines are the story of which `shown` is the beginning, or of which the headline speaks."""
    length, shown_length = sum(map(len, lines)), sum(map(len, shown))
    if length < max(MIN_LENGTH, shown_length * MIN_GAIN):
        return False
    text = compact(" ".join(lines))
    covered = sum(len(line) for line in shown if compact(line)[:EDGE_LENGTH] in text)
    if shown and covered >= shown_length * MIN_SHOWN_SHARE:
        return True
    return shown_length <= MAX_SCRAP_LENGTH and _shares_words(headline, " ".join(lines))


def _shares_words(headline: str, text: str) -> bool:
    """Return whether the text has some of the headline's words, or of its pairs of characters in a dense script."""
    words = {word for word in words_of(headline).split() if len(word) >= MIN_WORD_LENGTH}
    if pairs := set(DENSE_WORD.findall(headline)):
        return sum(pair in text for pair in pairs) >= min(MIN_SHARED_WORDS, len(pairs))
    shared = words & set(words_of(text).split())
    return len(shared) >= min(MIN_SHARED_WORDS, len(words)) > 0
