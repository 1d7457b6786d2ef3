"""The page's microdata: the properties of the article that its elements carry as `itemprop`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from lxml import etree

from scrapers.extract.candidate import Found
from scrapers.extract.text.clean import clean

Microdata = Mapping[str, Sequence[etree._Element]]
OTHERS = ("comment", "person", "organization", "imageobject", "offer", "rating", "breadcrumb", "listitem", "event")
"""Kinds of items whose properties are not the article's, though they stand inside it."""
# Half of the time of @itemprop/.., a third of //*[@itemprop]'s. What nobody asks for is left out.
ITEMS = etree.XPath("/descendant::*/@itemprop[contains(., 'author') or contains(., 'date') or contains(., 'headline')]")


def read(root: etree._Element) -> Microdata:
    """Return the elements of authors, dates and headlines on the page, each in document order, be they of the article.

    The keys are the properties' names, such as `datePublished`.
    """
    found: dict[str, list[etree._Element]] = {}
    for value in cast("list[etree._ElementUnicodeResult]", ITEMS(root)):
        for name in value.split():
            found.setdefault(name, []).append(cast("etree._Element", value.getparent()))
    return found


def texts(items: Microdata, name: str) -> Found[tuple[str, ...]] | None:
    """Return the values of the article's property: an attribute where the standard puts it there, else the text.

    One outside all items, which the standard gives to none, counts where no article has it.
    https://html.spec.whatwg.org/multipage/microdata.html#values
    """
    values = tuple(dict.fromkeys(filter(None, map(_value, _of_article(items.get(name, ()))))))
    return Found(values, f"microdata:{name}") if values else None


def text(items: Microdata, name: str) -> Found[str] | None:
    """Return the first value of a property."""
    every = texts(items, name)
    return Found(every.value[0], every.rule) if every else None


def _of_article(elements: Sequence[etree._Element]) -> Sequence[etree._Element]:
    """Return those that stand in an item that may be the article; where none does, those that stand in none."""
    of_article, of_none = [], []
    for element in elements:
        item = next((parent for parent in element.iterancestors() if parent.get("itemscope") is not None), None)
        if item is None:
            of_none.append(element)
        elif not (item.get("itemtype") or "").lower().endswith(OTHERS):
            of_article.append(element)
    return of_article or of_none


def _value(element: etree._Element) -> str:
    named = next(_named(element), None) if element.get("itemscope") is not None else None
    of = element if named is None else named
    return clean(of.get("content") or of.get("datetime") or "".join(cast("Iterator[str]", of.itertext())))


def _named(item: etree._Element) -> Iterator[etree._Element]:
    return (inner for inner in item.iterdescendants() if "name" in (inner.get("itemprop") or "").split())
