"""Finding elements of a page's body by what their class, id, rel or test id says."""

from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cached_property
from typing import cast

from lxml import etree

from scrapers.extract.text.clean import TextTest, contains_any

NAMING_ATTRIBUTES = ("class", "id", "rel", "data-testid")
ATTRIBUTE_VALUES = {
    name: etree.XPath(f"descendant-or-self::*/@{name}", smart_strings=False) for name in NAMING_ATTRIBUTES
}
ELEMENTS_WITH = {name: etree.XPath(f"descendant-or-self::*[@{name}]") for name in NAMING_ATTRIBUTES}
# Not an article's own footer, not a name that only scripts use, not the widget that holds the posts on Blogger.
IS_ASIDE = contains_any(
    r"related|sidebar|recommend|popular|latest|trending"
    r"|(?<!post[_-])(?<!entry[_-])(?<!headline[_-])(?<!headline__)(?<!article[_-])(?<!article__)(?<!byline[_-])footer|teaser|promo|most-?read|newsletter|cookie|carousel"
    r"|(?:^|[\s_-])(?<!\bjs-)(?:comments?|nav|menu|more|ad|ads|(?<!author-)(?<!author_)(?<!byline-)card|widget(?!\sblog\b))(?:$|[\s_-])"
)


class ElementIndex:
    """The elements of the body of a page with this root."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        body = root.find("body")
        self._body = root if body is None else body

    @cached_property
    def _values(self) -> Mapping[str, Set[str]]:
        """All values of each of NAMING_ATTRIBUTES in the body; there are far fewer of them than elements."""
        return {name: set(cast("list[str]", values(self._body))) for name, values in ATTRIBUTE_VALUES.items()}

    def elements(self) -> Iterator[etree._Element]:
        """Yield all elements of the body in document order."""
        return self._body.iter("*")

    def find_named(self, is_wanted: TextTest, *tags: str) -> list[etree._Element]:
        """Return in document order the elements with a wanted class, id, rel or test id, and those with these tags."""
        elements = set(self._body.iter(*tags)) if tags else set()
        for name, values in self._values.items():
            if wanted := set(filter(is_wanted, values)):
                elements.update(element for element in self._with(name) if element.get(name) in wanted)
        return self.in_document_order(elements)

    def _with(self, name: str) -> list[etree._Element]:
        return cast("list[etree._Element]", ELEMENTS_WITH[name](self._body))

    def in_document_order(self, elements: Set[etree._Element]) -> list[etree._Element]:
        """Return those of the elements that are in the body, in document order."""
        return list(filter(elements.__contains__, self._body.iter("*"))) if elements else []


class Asides:
    """Which elements stand outside the article: in a footer, a sidebar, a list of related articles and the like.

    An element that holds one of the `headlines` is part of the article, whatever its class.
    """

    def __init__(self, headlines: Iterable[etree._Element]) -> None:
        self._is_aside = {holder: False for headline in headlines for holder in headline.iterancestors()}

    def contain(self, element: etree._Element) -> bool:
        """Return whether the element is one of these or inside one."""
        visited: list[etree._Element] = []
        is_aside = False
        for ancestor in (element, *element.iterancestors()):
            if ancestor in self._is_aside:
                is_aside = self._is_aside[ancestor]
                break
            visited.append(ancestor)
            if is_aside := _is_aside(ancestor):
                break
        self._is_aside.update(dict.fromkeys(visited, is_aside))
        return is_aside


def _is_aside(element: etree._Element) -> bool:
    if element.tag in ("article", "main", "body", "html"):
        return False
    return element.tag in ("footer", "aside", "nav") or IS_ASIDE(f"{element.get('class')} {element.get('id')}")
