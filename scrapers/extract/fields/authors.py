"""Who wrote the article, by what the page's layers say."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import cast

from lxml import etree

from scrapers.extract.candidate import Candidate, present
from scrapers.extract.layers import json_ld, meta, microdata, selectors
from scrapers.extract.parsed_page import MARKS, ParsedPage
from scrapers.extract.text.bylines import author_names, first_name_first, is_full_name, is_person
from scrapers.extract.text.clean import clean, compact, contains_any

Authors = list[Candidate[tuple[str, ...]]]

OF_AUTHOR = contains_any(r"author|byline|by-line|writer|penulis|autor|auteur|reporter|redaktur|journalist|vcard")
OF_PICTURE = contains_any(r"(?:^|[\s_-])(?:photo|foto|figure|caption|gallery)(?:$|[\s_-])")
OF_LIFE = contains_any(r"bio|about|desc")
BY = re.compile(
    r"(?:(?:by|von|par|por|di|door|af|av|oleh)(?::|\s|$)"
    r"|(?:authors?|autor(?:en|in|es)?|auteurs?|autor[ei]|penulis|reporter|(?:written|posted) by)\b)",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"\s{0,20}(?:(?:by|von|autor(?:in)?|author|auteur|autore|penulis|reporter|text|oleh)\s?:"
    r"|(?:autor(?:in)?(?:/-?(?:autor|in))?|author|auteur|autore|penulis))\s{0,20}",
    re.IGNORECASE,
)
# As WordPress's commonest plugin for such cards says it: https://developer.yoast.com/features/opengraph/
WRITTEN_BY = re.compile(
    r"(?:written|posted) by|author|verfasst von|geschrieben von|écrit par|auteur|escrito por|scritto da|autore"
    r"|geschreven door|ditulis oleh|napisane przez|skriven av|skrevet af|skrevet av|написано автором|автор",
    re.IGNORECASE,
)
# Where the markup itself says that the text is an author's name, it may be any word: rel, hCard, h-card.
IS_AUTHOR = re.compile(r"(?:^|\s)(?:author|nofollow author|vcard|fn|p-author)(?:$|\s)")
# Of BY and LABEL: few texts need the patterns.
BEGINNINGS = frozenset({"af", "au", "av", "by", "di", "do", "ol", "pa", "pe", "po", "re", "te", "vo", "wr"})
# https://schema.org/author pages of the usual systems: /author/jane-doe, /autoren/…, /penulis/…
PROFILE = re.compile(
    r"/(?:authors?|autor(?:es|en|in)?|auteurs?|autore|penulis|reporters?|journalists?|journalistes?|writers?|byline"
    r"|contributors?|columnists?|redaktion|staff|profile|people|person(?:en)?)/[^/?#]{2,80}/?$",
    re.IGNORECASE,
)
TEXTS = etree.XPath("/descendant::text()", smart_strings=False)  # of these few have to be known as nodes
TEXT_NODES = etree.XPath("/descendant::text()")
MOST_ASKED = 20  # places in one XPath; for more TEXT_NODES takes less time
TEXTS_ABOVE = etree.XPath("count(preceding::text())")
EMPHASIS = ("b", "em", "i", "strong")
SLUG = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
BESIDE_DATE = re.compile(r"\s[-–—|•·/]\s")
YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
# A single name, where a word that says whose it is stands before it: `Pewarta: Melati`.
LABELLED = re.compile(
    r"(?:pewarta|reporter|penulis|wartawan|jurnalis|author|autor(?:in)?) ?: ?([^\W\d_][\w'’.-]{1,30})", re.IGNORECASE
)
LEAST_TITLE = 15  # characters beside the byline in a link to another article
LONGEST_BYLINE = 120  # characters; a text about the author has more
MOST_BYLINES = 200
MOST_ABOVE = 4  # elements around a byline that may say whose it is


def authors(parsed: ParsedPage) -> Authors:
    """Return the article's authors, best first: people before agencies and teams, structured before printed.

    Where an unknown site names only itself as the author, it is: nobody else signed. Of a declared outlet that is known
    without saying.
    """
    structured = _structured(parsed)
    every = [found for said in structured if (found := _people(parsed, said))]
    if not any(_is_signed(found) and not _is_slug(found) for found in every):
        every += _printed(parsed, _marked(parsed)) or _printed(parsed, _introduced(parsed))
    if not every:
        every += _printed(parsed, _profiles(parsed)) or _dated_line(parsed)
    if not every and not parsed.rules.publisher:
        every += [said for said in structured if said.rule.startswith("json_ld") or all(map(is_full_name, said.value))]
    signed = sorted((found for found in every if _is_signed(found)), key=_is_slug)
    teams = [found for found in every if not _is_signed(found)]
    return signed + sorted(teams, key=lambda found: -len(found.value))


def _is_slug(found: Candidate[tuple[str, ...]]) -> bool:
    """Return whether all names are the handles by which a site's software knows its authors: `jdoe`, `jane-doe`."""
    return all(SLUG.fullmatch(name) for name in found.value)


def _dated_line(parsed: ParsedPage) -> Authors:
    """Return who is named beside the date in the bare text below the headline: `June 15, 2025 - Jane Doe`."""
    for heading in parsed.elements_by_tag["h1"][:1]:
        below = heading.getnext()
        lines = (heading.tail, below.text if below is not None else None)
        for line in (clean(line or "") for line in lines):
            parts = [part.strip() for part in BESIDE_DATE.split(line)] if len(line) <= LONGEST_BYLINE else []
            names = tuple(part for part in parts if " " in part and is_full_name(part))
            if len(parts) > 1 and len(names) == 1 and any(YEAR.search(part) for part in parts):
                return [Candidate(names, "html:date_line", raw=line)]
    return []


def signature(parsed: ParsedPage, said: Authors, bodies: Sequence[Candidate[tuple[str, ...]]]) -> Authors:
    """Return who signed below the story, where nobody but the site itself is named elsewhere.

    A signature is a last line that is a full name and nothing else, and set apart by bold or slanted letters.
    """
    line = bodies[0].value[-1] if bodies else ""
    names = (name for found in said for name in found.value)
    if (
        not line[-1:].isalnum()
        or not is_full_name(line)
        or any(compact(name) not in parsed.site_names for name in names)
    ):
        return []
    is_set_apart = any(selectors.text_of(element) == line for element in parsed.root.iter(*EMPHASIS))
    return [Candidate((line,), "body:signature")] if is_set_apart else []


def _people(parsed: ParsedPage, said: Candidate[tuple[str, ...]]) -> Candidate[tuple[str, ...]] | None:
    names = author_names(said.value, parsed.rules, parsed.site_names)
    return Candidate(names, said.rule, raw=" | ".join(said.value)) if names else None


def _is_signed(found: Candidate[tuple[str, ...]]) -> bool:
    return any(is_person(name) for name in found.value)


def _structured(parsed: ParsedPage) -> Authors:
    return present(
        json_ld.people(parsed.json_ld_article, "author", parsed.json_ld_objects),
        json_ld.people(parsed.json_ld_article, "creator", parsed.json_ld_objects),
        parsed.selected("author"),
        _card(parsed.meta),
        _cited(parsed.meta),
        *sorted(parsed.meta_by_field["author"], key=lambda said: said.rule != "meta:article:author"),
        microdata.texts(parsed.microdata, "author"),
    )


def _cited(heads: meta.Meta) -> Candidate[tuple[str, ...]] | None:
    """Return the authors that a page names for citations, whose last name stands first.

    https://scholar.google.com/intl/en/scholar/inclusion.html#indexing
    """
    said = meta.contents(heads, "citation_author")
    return replace(said, value=tuple(map(first_name_first, said.value))) if said else None


def _card(heads: meta.Meta) -> Candidate[tuple[str, ...]] | None:
    """Return the author of a Twitter card, whose labels are for whatever a site likes: `Written by`, `Reading time`."""
    for label, data in (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")):
        if label in heads and WRITTEN_BY.fullmatch(heads[label][0]):
            return meta.contents(heads, data)
    return None


def _marks(element: etree._Element) -> str:
    """Return the element's rel and class."""
    return f"{element.get('rel') or ''} {element.get('class') or ''}"


def _marked(parsed: ParsedPage) -> list[etree._Element]:
    """Return the elements whose class, id, rel or test id speaks of an author and of nothing about him, and h1."""
    marked = parsed.marked_elements(OF_AUTHOR, "h1")
    return [one for one in marked if one.tag == "h1" or not any(map(OF_LIFE, filter(None, map(one.get, MARKS))))]


def _profiles(parsed: ParsedPage) -> list[etree._Element]:
    """Return the links to a page about an author, by their address, and the headings."""
    return [one for one in parsed.root.iter("h1", "a") if one.tag == "h1" or PROFILE.search(one.get("href") or "")]


def _introduced(parsed: ParsedPage) -> list[etree._Element]:
    """Return the elements in which a text begins with a word such as `By`, and the first heading between them."""
    texts = cast("list[str]", TEXTS(parsed.root))
    begun = [at for at, text in enumerate(texts) if _begins(text) and _may_introduce(text)]
    if not begun:
        return []
    holders = [(at, _holder(node)) for at, node in zip(begun, _nodes_at(parsed.root, begun), strict=True)]
    headings = parsed.elements_by_tag["h1"][:1]
    above = int(cast("float", TEXTS_ABOVE(headings[0]))) if headings else 0
    before, after = ([one for at, one in holders if (at < above) == is_above] for is_above in (True, False))
    return list(dict.fromkeys(one for one in (*before, *headings, *after) if one is not None))


def _nodes_at(root: etree._Element, places: Sequence[int]) -> list[etree._ElementUnicodeResult]:
    """Return the texts at these places of TEXTS as nodes: to ask for each takes less time than to make all of them."""
    if len(places) <= MOST_ASKED:
        asked = etree.XPath(" | ".join(f"/descendant::text()[{at + 1}]" for at in places))
        return cast("list[etree._ElementUnicodeResult]", asked(root))
    every = cast("list[etree._ElementUnicodeResult]", TEXT_NODES(root))
    return [every[at] for at in places]


def _may_introduce(text: str) -> bool:
    return _introduces(text) or LABEL.fullmatch(text) is not None


def _holder(text: etree._ElementUnicodeResult) -> etree._Element | None:
    """Return the element whose byline the text begins: its own, but that around it where it is all of its own."""
    element = text.getparent()
    if element is None or (text.is_text and element.tag in ("script", "style")):
        return None
    is_label = text.is_text and len(element) == 0 and LABEL.fullmatch(text)  # `<b>Autor:</b> <a>Jane Doe</a>`
    if is_label or text.is_tail:
        return element.getparent() if is_label or _introduces(text) else None
    return element if _introduces(text) else None


def _introduces(text: str | None) -> bool:
    return bool(text and _begins(text) and BY.match(text.lstrip()[:LONGEST_BYLINE]))


def _begins(text: str) -> bool:
    return text.lstrip()[:2].lower() in BEGINNINGS


def _printed(parsed: ParsedPage, elements: Sequence[etree._Element]) -> Authors:
    """Return the page's bylines, those after the headline first; of an element in another the inner one counts."""
    lines: list[tuple[bool, etree._Element, str]] = []
    is_before = True
    for element in elements[:MOST_BYLINES]:
        if element.tag == "h1":
            is_before = False
        elif 2 <= len(text := _byline(element)) <= LONGEST_BYLINE and not (
            BY.fullmatch(text) or parsed.is_aside(element) or _is_of_card(element, text) or _is_of_another(element)
        ):
            lines.append((is_before, element, text))
    inner = _inner([(element, text) for _, element, text in lines])
    found = []
    for _, element, text in sorted(lines, key=lambda line: line[0]):
        people = _people(parsed, Candidate(tuple(inner.get(element, {text: None})), "html:byline"))
        if people and IS_AUTHOR.search(_marks(element)):
            found.append(people)
        elif people and (names := _full_names(people.value)):
            found.append(replace(people, value=names))
        elif single := LABELLED.fullmatch(text):
            found.append(Candidate((single[1],), "html:byline", raw=text))
    return _together(lines, found)


def _together(lines: Sequence[tuple[bool, etree._Element, str]], found: Authors) -> Authors:
    """Return what was found, first all whom links with rel=author in one element name, if these are several."""
    links = [(one.getparent(), text) for _, one, text in lines if "author" in (one.get("rel") or "").split()]
    named = dict.fromkeys(text for parent, text in links if parent is links[0][0])
    if len(named) < 2 or not all(is_full_name(name) for name in named):
        return found
    return [Candidate(tuple(named), "html:byline", raw=" | ".join(named)), *found]


def _is_of_another(element: etree._Element) -> bool:
    """Return whether the name stands in a quoted post or beside a picture, whose it is."""
    above = islice(element.iterancestors(), MOST_ABOVE)
    return any(one.tag in ("blockquote", "figure") or OF_PICTURE(one.get("class") or "") for one in above)


def _byline(element: etree._Element) -> str:
    """Return the element's text; of a long one that which begins with a word such as `by` behind another element."""
    text = selectors.spaced_text_of(element)
    if len(text) <= LONGEST_BYLINE:
        return text
    return next((clean(child.tail or "") for child in element if _introduces(child.tail)), "")


def _is_of_card(element: etree._Element, text: str) -> bool:
    """Return whether the byline stands in a link with more text, which is another article's card."""
    link = next(element.iterancestors("a"), None)
    return link is not None and len(selectors.text_of(link)) > len(text) + LEAST_TITLE


def _full_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names, where they are full ones, without the broadcaster or the place after one: `Jane Doe, NDR`."""
    people = tuple(name for at, name in enumerate(names) if not at or " " in name)
    return people if all(is_full_name(name) for name in people) else ()


def _inner(lines: Sequence[tuple[etree._Element, str]]) -> dict[etree._Element, dict[str, None]]:
    """Return of each byline that holds others the texts of those which hold none, each once."""
    elements = {element for element, _ in lines}
    holders = {element: [one for one in element.iterancestors() if one in elements] for element in elements}
    holding = {holder for every in holders.values() for holder in every}
    inner: dict[etree._Element, dict[str, None]] = {}
    for element, text in lines:
        for holder in holders[element] if element not in holding else ():
            inner.setdefault(holder, {})[text] = None
    return inner
