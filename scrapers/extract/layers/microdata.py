"""Reading a page's microdata: the article's properties in `itemprop` attributes."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import cast

from lxml import etree

from scrapers.extract.candidate import Candidate
from scrapers.extract.text.clean import clean

Microdata = Mapping[str, Sequence[etree._Element]]
OTHER_ITEM_TYPES = (
    "comment",
    "person",
    "organization",
    "imageobject",
    "offer",
    "rating",
    "breadcrumb",
    "listitem",
    "event",
)
"""Ends of the types of items, inside an article's item, whose properties are not the article's."""
MAX_DISTANCE = 2  # elements from the first author to the one around all authors
# Faster than @itemprop/.. and //*[@itemprop]; properties that no field uses are left out.
WANTED_ITEMPROPS = etree.XPath(
    "/descendant::*/@itemprop[contains(., 'author') or contains(., 'date') or contains(., 'headline')]"
)


def read(root: etree._Element) -> Microdata:
    """Return the elements with an author's, date's or headline's itemprop, by property, in document order.

    They may belong to other items than the article; `texts` selects those of the article.
    """
    elements_by_property: dict[str, list[etree._Element]] = {}
    for itemprop in cast("list[etree._ElementUnicodeResult]", WANTED_ITEMPROPS(root)):
        for name in itemprop.split():
            elements_by_property.setdefault(name, []).append(cast("etree._Element", itemprop.getparent()))
    return elements_by_property


def texts(items: Microdata, name: str) -> Candidate[tuple[str, ...]] | None:
    """Return the values of the article's property: an attribute where the standard defines one, else the text.

    Elements outside all items count only where the article has none.
    https://html.spec.whatwg.org/multipage/microdata.html#values
    """
    elements = _near_first(_article_elements(items.get(name, ())))
    values = tuple(dict.fromkeys(filter(None, map(_value, elements))))
    return Candidate(values, f"microdata:{name}") if values else None


def text(items: Microdata, name: str) -> Candidate[str] | None:
    """Return the first value of the article's property."""
    values = texts(items, name)
    return Candidate(values.value[0], values.rule) if values else None


def _article_elements(elements: Sequence[etree._Element]) -> Sequence[etree._Element]:
    """Return the elements inside an item that may be the article; if there are none, those outside all items."""
    in_article, in_no_item = [], []
    for element in elements:
        item = next((parent for parent in element.iterancestors() if parent.get("itemscope") is not None), None)
        if item is None:
            in_no_item.append(element)
        elif not _is_other_item(item):
            in_article.append(element)
    return in_article or in_no_item


def _is_other_item(item: etree._Element) -> bool:
    """Return whether the item is no article: by its type, or as what a review or a fact check is about."""
    is_reviewed = "itemreviewed" in (item.get("itemprop") or "").lower().split()
    return is_reviewed or (item.get("itemtype") or "").lower().endswith(OTHER_ITEM_TYPES)


def _near_first(elements: Sequence[etree._Element]) -> Sequence[etree._Element]:
    """Return the elements that stand beside the first one; those elsewhere belong to cards of other articles."""
    around = list(islice(elements[0].iterancestors(), MAX_DISTANCE)) if len(elements) > 1 else []
    return [e for e in elements if not around or e is elements[0] or not set(around).isdisjoint(e.iterancestors())]


def _value(element: etree._Element) -> str:
    name_element = next(_name_elements(element), None) if element.get("itemscope") is not None else None
    source = element if name_element is None else name_element
    return clean(source.get("content") or source.get("datetime") or "".join(cast("Iterator[str]", source.itertext())))


def _name_elements(item: etree._Element) -> Iterator[etree._Element]:
    return (inner for inner in item.iterdescendants() if "name" in (inner.get("itemprop") or "").split())
