"""What an outlet's CSS selectors find on a page."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

import cssselect
from cssselect.parser import Class, CombinedSelector, Element
from lxml import etree
from parsel import css2xpath
from parsel.csstranslator import HTMLTranslator

from scrapers.extract.clean import clean
from scrapers.extract.found import Found

TRANSLATOR = HTMLTranslator()
TEXTS = etree.XPath(".//text()[not(ancestor::script or ancestor::style or ancestor::template)]", smart_strings=False)


ByClass = Mapping[str, Sequence[etree._Element]]
"""A page's elements by each of their classes, in document order."""


def by_class(root: etree._Element) -> ByClass:
    """Return the tree's elements by class: one walk instead of one for each selector."""
    found: defaultdict[str, list[etree._Element]] = defaultdict(list)
    for element in root.iter(etree.Element):
        if names := element.get("class"):
            for name in _names(names):
                found[name].append(element)
    return found


@lru_cache(maxsize=4096)  # pages say the same few over and over
def _names(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.split()))


@lru_cache(maxsize=256)
def _xpath(css: str) -> etree.XPath:
    return etree.XPath(css2xpath(css))


@lru_cache(maxsize=256)
def _from_class(css: str) -> tuple[tuple[str, etree.XPath], ...] | None:
    """Return for each selector of a list the class that its first element must have, and what to try on that element.

    None where one of them begins with no class.
    """
    found = []
    for selector in cssselect.parse(css):
        if not (name := _first_class(selector.parsed_tree)):
            return None
        path = TRANSLATOR.selector_to_xpath(selector, prefix="self::", translate_pseudo_elements=True)
        found.append((name, etree.XPath(path)))
    return tuple(found)


def _first_class(tree: Any) -> str | None:
    while isinstance(tree, CombinedSelector):
        tree = tree.selector
    while not isinstance(tree, Element):
        if isinstance(tree, Class):
            return tree.class_name
        tree = tree.selector
    return None


def elements(root: etree._Element, css: str | None, classes: ByClass | None = None) -> list[etree._Element]:
    """Return the elements that the selector matches, in document order; none where there is no selector.

    With the root's elements by class, a selector that begins with a class is tried on those that have it alone.
    """
    paths = _from_class(css) if css and classes is not None else None
    if paths is None or classes is None:
        return cast("list[etree._Element]", _xpath(css)(root)) if css else []
    found = [_matching(path, classes.get(name, ())) for name, path in paths]
    matched = [every for every in found if every]
    return matched[0] if len(matched) == 1 else elements(root, css) if matched else []


def _matching(path: etree.XPath, candidates: Sequence[etree._Element]) -> list[etree._Element]:
    return list(dict.fromkeys(one for element in candidates for one in cast("list[etree._Element]", path(element))))


def text_of(element: etree._Element | str) -> str:
    """Return the element's text in one line; a selector that ends in `::attr(name)` gives a text itself."""
    if isinstance(element, str):
        return clean(element)
    return clean("".join(cast("list[str]", TEXTS(element))))


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
