"""What an outlet's CSS selectors find on a page."""

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

from scrapers.extract.candidate import Found
from scrapers.extract.text.clean import clean

TRANSLATOR = HTMLTranslator()
TEXTS = etree.XPath(".//text()[not(ancestor::script or ancestor::style or ancestor::template)]", smart_strings=False)


ByClass = Mapping[str, Sequence[etree._Element]]
"""A page's elements by each class that its outlet's selectors begin with, in document order."""


def by_class(root: etree._Element, selectors: Iterable[str]) -> ByClass:
    """Return the elements of the classes with which the selectors begin: one walk instead of one for each of them."""
    wanted = frozenset(name for css in selectors for start in _starts(css) or () if (name := start.name))
    others: set[str | None] = {None}  # pages say the same few classes over and over
    found: defaultdict[str, list[etree._Element]] = defaultdict(list)
    for element in root.iter("*"):
        if (value := element.get("class")) not in others:
            names = wanted.intersection((value or "").split())
            if not names:
                others.add(value)
            for name in names:
                found[name].append(element)
    return found


@lru_cache(maxsize=256)
def _xpath(css: str) -> etree.XPath:
    return etree.XPath(css2xpath(css))


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a selector's first element is looked for: among those of a class, else of a tag; `path` goes on from it.

    `path` is None where tag and class are the whole selector.
    """

    name: str | None
    tag: str | None
    path: etree.XPath | None

    def matches(self, root: etree._Element, classes: ByClass) -> list[etree._Element]:
        candidates = root.iter(self.tag) if self.name is None else classes.get(self.name, ())
        if self.path is None:
            return [element for element in candidates if self.tag is None or element.tag == self.tag]
        found = (cast("list[etree._Element]", self.path(element)) for element in candidates)
        return list(dict.fromkeys(one for every in found for one in every))


@lru_cache(maxsize=256)
def _starts(css: str) -> tuple[_Start, ...] | None:
    """Return for each selector of a list where it starts; None where one of them names neither class nor tag there."""
    found = []
    for selector in cssselect.parse(css):
        name, tag = _first(selector.parsed_tree)
        if name is None and tag is None:
            return None
        is_whole = isinstance(selector.parsed_tree, Class) and isinstance(selector.parsed_tree.selector, Element)
        path = TRANSLATOR.selector_to_xpath(selector, prefix="self::", translate_pseudo_elements=True)
        found.append(_Start(name, tag, None if is_whole and not selector.pseudo_element else etree.XPath(path)))
    return tuple(found)


def _first(tree: Any) -> tuple[str | None, str | None]:
    """Return a class and the tag that a selector's first element must have, as far as it says."""
    name = None
    while isinstance(tree, CombinedSelector):
        tree = tree.selector
    while not isinstance(tree, Element):
        if isinstance(tree, Class):
            name = tree.class_name
        tree = tree.selector
    return name, tree.element


def elements(root: etree._Element, css: str | None, classes: ByClass | None = None) -> list[etree._Element]:
    """Return the elements that the selector matches, in document order; none where there is no selector.

    With the root's elements by class, one that begins with a class or a tag is tried on those that have it alone.
    """
    starts = _starts(css) if css and classes is not None else None
    if starts is None or classes is None:
        return cast("list[etree._Element]", _xpath(css)(root)) if css else []
    matched = [every for start in starts if (every := start.matches(root, classes))]
    return matched[0] if len(matched) == 1 else elements(root, css) if matched else []


def text_of(element: etree._Element | str) -> str:
    """Return the element's text in one line; a selector that ends in `::attr(name)` gives a text itself."""
    if isinstance(element, str):
        return clean(element)
    return clean("".join(cast("list[str]", TEXTS(element))))


def spaced_text_of(element: etree._Element) -> str:
    """Return the element's text in one line, with a space wherever an element begins or ends."""
    return clean(" ".join(cast("list[str]", TEXTS(element))))


def texts(root: etree._Element, css: str | None, classes: ByClass | None = None) -> Found[tuple[str, ...]] | None:
    """Return the texts of the elements that the selector matches, each once and none empty."""
    every = tuple(dict.fromkeys(filter(None, map(text_of, elements(root, css, classes)))))
    return Found(every, f"css:{css}") if every else None


def text(root: etree._Element, css: str | None, classes: ByClass | None = None) -> Found[str] | None:
    """Return the first text of the elements that the selector matches."""
    every = texts(root, css, classes)
    return Found(every.value[0], every.rule) if every else None


def attribute(root: etree._Element, css: str | None, *names: str, classes: ByClass | None = None) -> Found[str] | None:
    """Return the first non-empty attribute of these names on an element that the selector matches."""
    values = (clean(element.get(name) or "") for element in elements(root, css, classes) for name in names)
    return next((Found(value, f"css:{css}") for value in values if value), None)
