"""What an outlet's CSS selectors find on a page."""

from functools import lru_cache
from typing import cast

from lxml import etree
from parsel import css2xpath

from scrapers.extract.clean import clean
from scrapers.extract.found import Found

NOT_TEXT = "ancestor::script or ancestor::style or ancestor::template"


@lru_cache(maxsize=256)
def _xpath(css: str) -> etree.XPath:
    return etree.XPath(css2xpath(css))


def elements(root: etree._Element, css: str | None) -> list[etree._Element]:
    """Return the elements that the selector matches, in document order; none where there is no selector."""
    return cast("list[etree._Element]", _xpath(css)(root)) if css else []


def text_of(element: etree._Element | str) -> str:
    """Return the element's text in one line; a selector that ends in `::attr(name)` gives a text itself."""
    if isinstance(element, str):
        return clean(element)
    return clean("".join(cast("list[str]", element.xpath(f".//text()[not({NOT_TEXT})]"))))


def texts(root: etree._Element, css: str | None) -> Found[tuple[str, ...]] | None:
    """Return the texts of the elements that the selector matches, each once and none empty."""
    every = tuple(dict.fromkeys(filter(None, map(text_of, elements(root, css)))))
    return Found(every, f"css:{css}") if every else None


def text(root: etree._Element, css: str | None) -> Found[str] | None:
    """Return the first text of the elements that the selector matches."""
    every = texts(root, css)
    return Found(every.value[0], every.rule) if every else None


def attribute(root: etree._Element, css: str | None, *names: str) -> Found[str] | None:
    """Return the first non-empty attribute of these names on an element that the selector matches."""
    values = (clean(element.get(name) or "") for element in elements(root, css) for name in names)
    return next((Found(value, f"css:{css}") for value in values if value), None)
