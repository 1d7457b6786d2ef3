"""Bylines that a page prints: found by class, by a word such as `By`, by a link to an author's page, or by the date."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import cast

from lxml import etree

from scrapers.extract.candidate import Candidate
from scrapers.extract.dom.element_index import NAMING_ATTRIBUTES
from scrapers.extract.layers import selectors
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.bylines import author_names, is_full_name
from scrapers.extract.text.clean import clean, contains_any

Names = tuple[str, ...]

NAMES_AUTHOR = contains_any(r"author|byline|by-line|writer|penulis|autor|auteur|reporter|redaktur|journalist|vcard")
NAMES_PICTURE = contains_any(r"(?:^|[\s_-])(?:photo|foto|figure|caption|gallery)(?:$|[\s_-])")
NAMES_BIOGRAPHY = contains_any(r"bio|about|desc")
BYLINE_START = re.compile(
    r"(?:(?:by|von|par|por|di|door|af|av|oleh)(?::|\s|$)"
    r"|(?:authors?|autor(?:en|in|es)?|auteurs?|autor[ei]|penulis|reporter|(?:written|posted) by)\b)",
    re.IGNORECASE,
)
AUTHOR_LABEL = re.compile(
    r"\s{0,20}(?:(?:by|von|autor(?:in)?|author|auteur|autore|penulis|reporter|text|oleh)\s?:"
    r"|(?:autor(?:in)?(?:/-?(?:autor|in))?|author|auteur|autore|penulis))\s{0,20}",
    re.IGNORECASE,
)
# First letters of BYLINE_START and AUTHOR_LABEL, since few texts have to be matched.
BYLINE_STARTS = frozenset({"af", "au", "av", "by", "di", "do", "ol", "pa", "pe", "po", "re", "te", "vo", "wr"})
# rel and class values (hCard, h-card) that mark an author's name, so that a single word is accepted as one.
IS_AUTHOR = re.compile(r"(?:^|\s)(?:author|nofollow author|vcard|fn|p-author)(?:$|\s)")
# Authors' pages at the common systems: /author/jane-doe, /autoren/…, /penulis/…
PROFILE_URL = re.compile(
    r"/(?:authors?|autor(?:es|en|in)?|auteurs?|autore|penulis|reporters?|journalists?|journalistes?|writers?|byline"
    r"|contributors?|columnists?|redaktion|staff|profile|people|person(?:en)?)/[^/?#]{2,80}/?$",
    re.IGNORECASE,
)
ALL_TEXTS = etree.XPath("/descendant::text()", smart_strings=False)  # faster than selecting nodes
ALL_TEXT_NODES = etree.XPath("/descendant::text()")
MAX_XPATH_POSITIONS = 20  # in one expression; for more, ALL_TEXT_NODES is faster
COUNT_TEXTS_BEFORE = etree.XPath("count(preceding::text())")
DATE_SEPARATOR = re.compile(r"\s[-–—|•·/]\s")
YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
# A single name after a label: `Pewarta: Melati`.
LABELLED = re.compile(
    r"(?:pewarta|reporter|penulis|wartawan|jurnalis|author|autor(?:in)?) ?: ?([^\W\d_][\w'’.-]{1,30})", re.IGNORECASE
)
CJK_NAME = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,8}")  # without spaces between the names
MIN_TITLE_LENGTH = 15  # characters besides the byline in a link to another article
MAX_PRINTED_BYLINE_LENGTH = 120  # characters; a text about the author has more
MAX_BYLINES = 200
MAX_ANCESTORS = 4  # of a byline that are examined


def elements_named_author(parsed: ParsedPage) -> list[etree._Element]:
    """Return the elements whose class, id, rel or test id names an author and not his biography, and the h1."""
    elements = parsed.index.find_named(NAMES_AUTHOR, "h1")
    return [element for element in elements if element.tag == "h1" or not _is_biography(element)]


def _is_biography(element: etree._Element) -> bool:
    return any(map(NAMES_BIOGRAPHY, filter(None, map(element.get, NAMING_ATTRIBUTES))))


def profile_links(parsed: ParsedPage) -> list[etree._Element]:
    """Return the links whose address is that of an author's page, and the h1."""
    elements = parsed.root.iter("h1", "a")
    return [element for element in elements if element.tag == "h1" or PROFILE_URL.search(element.get("href") or "")]


def names_beside_date(parsed: ParsedPage) -> list[Candidate[Names]]:
    """Return the name beside the date in the bare text below the headline: `June 15, 2025 - Jane Doe`."""
    for heading in parsed.elements_by_tag["h1"][:1]:
        below = heading.getnext()
        for text in (heading.tail, below.text if below is not None else None):
            line = clean(text or "")
            if name := _name_beside_date(line):
                return [Candidate((name,), "html:date_line", raw=line)]
    return []


def _name_beside_date(line: str) -> str | None:
    parts = [part.strip() for part in DATE_SEPARATOR.split(line)] if len(line) <= MAX_PRINTED_BYLINE_LENGTH else []
    names = [part for part in parts if " " in part and is_full_name(part)]
    is_dated = len(parts) > 1 and any(YEAR.search(part) for part in parts)
    return names[0] if len(names) == 1 and is_dated else None


def elements_with_byline(parsed: ParsedPage) -> list[etree._Element]:
    """Return the elements in which a text begins with a word such as `By`, and the first h1 between them."""
    texts = cast("list[str]", ALL_TEXTS(parsed.root))
    positions = [i for i, text in enumerate(texts) if _starts_like_byline(text) and _may_introduce(text)]
    if not positions:
        return []
    nodes = _text_nodes_at(parsed.root, positions)
    elements = [(position, _byline_element(node)) for position, node in zip(positions, nodes, strict=True)]
    headings = parsed.elements_by_tag["h1"][:1]
    texts_before = int(cast("float", COUNT_TEXTS_BEFORE(headings[0]))) if headings else 0
    above = [element for position, element in elements if position < texts_before]
    below = [element for position, element in elements if position >= texts_before]
    return list(dict.fromkeys(element for element in (*above, *headings, *below) if element is not None))


def _text_nodes_at(root: etree._Element, positions: Sequence[int]) -> list[etree._ElementUnicodeResult]:
    """Return the texts at these positions of ALL_TEXTS as nodes; selecting a few is faster than creating all."""
    if len(positions) <= MAX_XPATH_POSITIONS:
        find_nodes = etree.XPath(" | ".join(f"/descendant::text()[{position + 1}]" for position in positions))
        return cast("list[etree._ElementUnicodeResult]", find_nodes(root))
    nodes = cast("list[etree._ElementUnicodeResult]", ALL_TEXT_NODES(root))
    return [nodes[position] for position in positions]


def _may_introduce(text: str) -> bool:
    return _introduces(text) or AUTHOR_LABEL.fullmatch(text) is not None


def _byline_element(text: etree._ElementUnicodeResult) -> etree._Element | None:
    """Return the element whose byline begins with the text: its parent, or the grandparent of a mere label."""
    element = text.getparent()
    if element is None or (text.is_text and element.tag in ("script", "style")):
        return None
    is_label = text.is_text and len(element) == 0 and AUTHOR_LABEL.fullmatch(text)  # `<b>Autor:</b> <a>Jane Doe</a>`
    if is_label or text.is_tail:
        return element.getparent() if is_label or _introduces(text) else None
    return element if _introduces(text) else None


def _introduces(text: str | None) -> bool:
    is_candidate = text and _starts_like_byline(text)
    return bool(text and is_candidate and BYLINE_START.match(text.lstrip()[:MAX_PRINTED_BYLINE_LENGTH]))


def _starts_like_byline(text: str) -> bool:
    return text.lstrip()[:2].lower() in BYLINE_STARTS


def read_bylines(parsed: ParsedPage, elements: Sequence[etree._Element]) -> list[Candidate[Names]]:
    """Return the names in these elements' bylines, those after the headline first; nested elements count once."""
    lines: list[tuple[bool, etree._Element, str]] = []
    is_above = True
    for element in elements[:MAX_BYLINES]:
        if element.tag == "h1":
            is_above = False
        elif _is_byline(parsed, element, text := _byline(element)):
            lines.append((is_above, element, text))
    ordered = [(element, text) for _, element, text in sorted(lines, key=lambda line: line[0])]
    innermost = _innermost_texts([(element, text) for _, element, text in lines])
    candidates = (
        _read_byline(parsed, element, text, innermost.get(element, {text: None})) for element, text in ordered
    )
    return _linked_together(lines, list(filter(None, candidates)))


def _is_byline(parsed: ParsedPage, element: etree._Element, text: str) -> bool:
    if not 2 <= len(text) <= MAX_PRINTED_BYLINE_LENGTH or BYLINE_START.fullmatch(text):
        return False
    if _is_of_other_article(parsed, element) or (
        parsed.is_aside(element) and not _is_linked_as_author(parsed, element)
    ):
        return False
    return not _is_in_card(element, text) and not _is_of_quote_or_picture(element)


def _is_of_other_article(parsed: ParsedPage, element: etree._Element) -> bool:
    """Return whether the element stands in another article element than the first h1: a card, a comment."""
    own = next((heading for heading in parsed.elements_by_tag["h1"][:1]), None)
    article = None if own is None else next(own.iterancestors("article"), None)
    other = None if article is None else next(element.iterancestors("article"), None)
    return other is not None and other is not article


def _is_linked_as_author(parsed: ParsedPage, element: etree._Element) -> bool:
    """Return whether a link with rel=author stands in the article element with the first h1, if only in an aside."""
    headings = parsed.elements_by_tag["h1"][:1]
    article = next(element.iterancestors("article", "main"), None)
    is_author = element.tag == "a" and "author" in (element.get("rel") or "").split()
    return is_author and article is not None and any(article in heading.iterancestors() for heading in headings)


def _read_byline(
    parsed: ParsedPage, element: etree._Element, text: str, texts: dict[str, None]
) -> Candidate[Names] | None:
    """Return the names in a byline: any where the markup names an author, else full or labelled names."""
    names = author_names(tuple(texts), parsed.rules, parsed.site_names)
    candidate = Candidate(names, "html:byline", raw=" | ".join(texts))
    if names and IS_AUTHOR.search(f"{element.get('rel') or ''} {element.get('class') or ''}"):
        return candidate
    if names and (full_names := _full_names(names)):
        return replace(candidate, value=full_names)
    if names and all(map(CJK_NAME.fullmatch, names)) and NAMES_AUTHOR(element.get("class") or ""):
        return candidate
    single = LABELLED.fullmatch(text)
    return Candidate((single[1],), "html:byline", raw=text) if single else None


def _linked_together(
    lines: Sequence[tuple[bool, etree._Element, str]], candidates: list[Candidate[Names]]
) -> list[Candidate[Names]]:
    """Return the candidates; before them the names in several links with rel=author in one element."""
    authors = [(element, text) for _, element, text in lines if "author" in (element.get("rel") or "").split()]
    names = dict.fromkeys(text for element, text in authors if element.getparent() is authors[0][0].getparent())
    if len(names) < 2 or not all(map(is_full_name, names)):
        return candidates
    return [Candidate(tuple(names), "html:byline", raw=" | ".join(names)), *candidates]


def _is_of_quote_or_picture(element: etree._Element) -> bool:
    """Return whether the name is that of a quoted post's author or of a photographer."""
    ancestors = islice(element.iterancestors(), MAX_ANCESTORS)
    return any(above.tag in ("blockquote", "figure") or NAMES_PICTURE(above.get("class") or "") for above in ancestors)


def _byline(element: etree._Element) -> str:
    """Return the element's text; of a long one only the text that begins with a word such as `by` after a child."""
    text = selectors.spaced_text_of(element)
    if len(text) <= MAX_PRINTED_BYLINE_LENGTH:
        return text
    return next((clean(child.tail or "") for child in element if _introduces(child.tail)), "")


def _is_in_card(element: etree._Element, text: str) -> bool:
    """Return whether the byline stands in a link with more text, which is the card of another article."""
    link = next(element.iterancestors("a"), None)
    if link is not None and NAMES_AUTHOR(link.get("class") or ""):
        return False
    return link is not None and len(selectors.text_of(link)) > len(text) + MIN_TITLE_LENGTH


def _full_names(names: Sequence[str]) -> Names:
    """Return the names if all are full names, without a broadcaster or place after the first: `Jane Doe, NDR`."""
    people = tuple(name for i, name in enumerate(names) if not i or " " in name)
    return people if all(map(is_full_name, people)) else ()


def _innermost_texts(bylines: Sequence[tuple[etree._Element, str]]) -> dict[etree._Element, dict[str, None]]:
    """Return, for each byline that contains others, the texts of those that contain none, without duplicates."""
    elements = {element for element, _ in bylines}
    holders = {element: [above for above in element.iterancestors() if above in elements] for element in elements}
    holding = {holder for ancestors in holders.values() for holder in ancestors}
    texts: dict[etree._Element, dict[str, None]] = {}
    for element, text in bylines:
        for holder in holders[element] if element not in holding else ():
            texts.setdefault(holder, {})[text] = None
    return texts
