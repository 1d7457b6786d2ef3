"""The cards of related articles."""

from lxml import etree

from scrapers.extract.candidate import Candidate
from scrapers.extract.dom.links import absolute
from scrapers.extract.layers import selectors
from scrapers.extract.parsed_page import ParsedPage
from scrapers.items import RelatedLink


def find_related(parsed: ParsedPage) -> Candidate[tuple[RelatedLink, ...]] | None:
    """Return the cards that the outlet's selector `related` matches, without those that have no headline."""
    css = parsed.rules.selectors.get("related")
    elements = selectors.elements(parsed.root, css, parsed.elements_by_class)
    cards = tuple(card for element in elements if (card := _read_card(parsed, element)))
    return Candidate(cards, f"css:{css}") if cards else None


def _read_card(parsed: ParsedPage, element: etree._Element) -> RelatedLink | None:
    headline = _part(parsed, element, "headline")
    if not headline:
        return None
    href = selectors.attribute(element, "a[href]", "href")
    url = absolute(href.value, parsed.page.url) if href else None
    section, age = (_part(parsed, element, name) for name in ("article_section", "relative_age"))
    return RelatedLink(headline, url, section, age)


def _part(parsed: ParsedPage, element: etree._Element, name: str) -> str | None:
    text = selectors.text(element, parsed.rules.selectors.get(f"related.{name}"))
    return text.value if text else None
