"""Evaluating an outlet's CSS selectors on a page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import cssselect
from cssselect.parser import Class, CombinedSelector, Element
from lxml import etree
from parsel import css2xpath
from parsel.csstranslator import HTMLTranslator

from scrapers.extract.candidate import Candidate
from scrapers.extract.text.clean import clean

TRANSLATOR = HTMLTranslator()
TEXT_NODES = etree.XPath(
    ".//text()[not(ancestor::script or ancestor::style or ancestor::template)]", smart_strings=False
)


ByClass = Mapping[str, Sequence[etree._Element]]
"""A page's elements, in document order, by each class with which one of the outlet's selectors begins."""


def index_by_class(root: etree._Element, selectors: Iterable[str]) -> ByClass:
    """Return the elements of each class with which a selector begins, from one walk over the tree."""
    wanted = frozenset(name for css in selectors for start in _parse_starts(css) or () if (name := start.name))
    unwanted: set[str | None] = {None}  # pages repeat the same few classes
    elements_by_class: defaultdict[str, list[etree._Element]] = defaultdict(list)
    for element in root.iter("*"):
        if (value := element.get("class")) not in unwanted:
            names = wanted.intersection((value or "").split())
            if not names:
                unwanted.add(value)
            for name in names:
                elements_by_class[name].append(element)
    return elements_by_class


@lru_cache(maxsize=256)
def _xpath(css: str) -> etree.XPath:
    return etree.XPath(css2xpath(css))


@dataclass(frozen=True, slots=True)
class _Start:
    """The class, or else the tag, of the first element of a selector, and the `path` from there to its matches.

    `path` is None where class and tag are the whole selector.
    """

    name: str | None
    tag: str | None
    path: etree.XPath | None

    def matches(self, root: etree._Element, classes: ByClass) -> list[etree._Element]:
        candidates = root.iter(self.tag) if self.name is None else classes.get(self.name, ())
        if self.path is None:
            return [element for element in candidates if self.tag is None or element.tag == self.tag]
        matches = (cast("list[etree._Element]", self.path(element)) for element in candidates)
        return list(dict.fromkeys(element for matched in matches for element in matched))


@lru_cache(maxsize=256)
def _parse_starts(css: str) -> tuple[_Start, ...] | None:
    """Return the start of each selector in a comma-separated list; None where one begins with neither class nor tag."""
    starts = []
    for selector in cssselect.parse(css):
        name, tag = _first_class_and_tag(selector.parsed_tree)
        if name is None and tag is None:
            return None
        is_whole = isinstance(selector.parsed_tree, Class) and isinstance(selector.parsed_tree.selector, Element)
        path = TRANSLATOR.selector_to_xpath(selector, prefix="self::", translate_pseudo_elements=True)
        starts.append(_Start(name, tag, None if is_whole and not selector.pseudo_element else etree.XPath(path)))
    return tuple(starts)


def _first_class_and_tag(tree: Any) -> tuple[str | None, str | None]:
    """Return the class and the tag that the selector's first element must have, each None where not given."""
    name = None
    while isinstance(tree, CombinedSelector):
        tree = tree.selector
    while not isinstance(tree, Element):
        if isinstance(tree, Class):
            name = tree.class_name
        tree = tree.selector
    return name, tree.element


def elements(root: etree._Element, css: str | None, classes: ByClass | None = None) -> list[etree._Element]:
    """Return the elements that the selector matches, in document order; none where `css` is None.

    With `classes` (see `index_by_class`), a selector is evaluated only on the elements of its first class or tag.
    """
    starts = _parse_starts(css) if css and classes is not None else None
    if starts is None or classes is None:
        return cast("list[etree._Element]", _xpath(css)(root)) if css else []
    matched = [found_elements for start in starts if (found_elements := start.matches(root, classes))]
    return matched[0] if len(matched) == 1 else elements(root, css) if matched else []


def text_of(element: etree._Element | str) -> str:
    """Return the element's text on one line; a string, which `::attr(name)` selects, is cleaned."""
    if isinstance(element, str):
        return clean(element)
    return clean("".join(cast("list[str]", TEXT_NODES(element))))


def spaced_text_of(element: etree._Element) -> str:
    """Return the element's text on one line, with a space at every element boundary."""
    return clean(" ".join(cast("list[str]", TEXT_NODES(element))))


def texts(root: etree._Element, css: str | None, classes: ByClass | None = None) -> Candidate[tuple[str, ...]] | None:
    """Return the non-empty texts of the elements that the selector matches, without duplicates."""
    values = tuple(dict.fromkeys(filter(None, map(text_of, elements(root, css, classes)))))
    return Candidate(values, f"css:{css}") if values else None


def text(root: etree._Element, css: str | None, classes: ByClass | None = None) -> Candidate[str] | None:
    """Return the first text of the elements that the selector matches."""
    values = texts(root, css, classes)
    return Candidate(values.value[0], values.rule) if values else None


def attribute(
    root: etree._Element, css: str | None, *names: str, classes: ByClass | None = None
) -> Candidate[str] | None:
    """Return the first non-empty attribute with one of these names on the elements that the selector matches."""
    values = (clean(element.get(name) or "") for element in elements(root, css, classes) for name in names)
    return next((Candidate(value, f"css:{css}") for value in values if value), None)
