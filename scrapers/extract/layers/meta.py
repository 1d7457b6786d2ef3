"""Reading a page's meta and link elements, and the language of its html element."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from lxml import etree

from scrapers.extract.candidate import Candidate
from scrapers.extract.text.clean import clean

LINK_RELS = ("amphtml", "canonical", "next")
MAX_NAME_LENGTH = 100  # characters; elements with a longer name are skipped

Meta = Mapping[str, list[str]]
Links = Mapping[str, str]

# Patterns of meta elements' names by field, the most reliable first.
FIELD_NAMES = {
    "author": (
        r"(?:.*[.:_-])?(?:author|authors|byl|byline|dc\.creator|dcterms\.creator|creator|author_?name|article_?author)",
    ),
    "identifier": (r"(?:.*[.:_-])?(?:article|content|post|story|news|page|cms)[._:-]?id(?:entifier)?|dc\.identifier",),
    "date_published": (
        r"(?:\w+:)*published_time|(?:article[:.])?(?:date_?)?published(?:_?date|_?at|_?time)?",
        r"(?:.*[.:_-])?(?:publi(?:sh|cation|shed)|pub|issue)[-_.]?(?:date|time)|dc(?:terms)?\.(?:issued|date\.issued)",
        r"(?:.*[.:_-])?(?:creat(?:ed|ion)|posted|released?|original)[-_.]?(?:date|time)?|date[._-]created",
        r"(?:dc(?:terms)?\.|sailthru\.|article[._:]|og:)?date(?:time)?(?:_original)?|dcterms\.created",
    ),
    "date_modified": (
        r"(?:\w+:)*(?:modified|updated)_time",
        r"(?:.*[.:_-])?(?:last[-_]?)?(?:modif\w+|updated?)(?:[-_.]?(?:date|time|at))?|revised",
    ),
}
FIELD_PATTERNS = tuple((field, re.compile(pattern)) for field, patterns in FIELD_NAMES.items() for pattern in patterns)


def read(elements: Iterable[etree._Element]) -> Meta:
    """Return the non-empty contents of the meta elements by their lower-case property or name."""
    contents_by_name: dict[str, list[str]] = {}
    for element in elements:
        name = (element.get("property") or element.get("name") or "").strip().lower()
        if 0 < len(name) <= MAX_NAME_LENGTH and (text := clean(element.get("content") or "")):
            contents_by_name.setdefault(name, []).append(text)
    return contents_by_name


def content(meta: Meta, *names: str) -> Candidate[str] | None:
    """Return the first content of the first of these names that the page has."""
    return next((Candidate(meta[name][0], f"meta:{name}") for name in names if name in meta), None)


def contents(meta: Meta, name: str) -> Candidate[tuple[str, ...]] | None:
    """Return all contents of the name."""
    return Candidate(tuple(meta[name]), f"meta:{name}") if name in meta else None


def by_field(meta: Meta) -> dict[str, list[Candidate[tuple[str, ...]]]]:
    """Return the contents for each of FIELD_NAMES, in the order of its patterns, then of the page."""
    matches: list[list[Candidate[tuple[str, ...]]]] = [[] for _ in FIELD_PATTERNS]
    for name, contents in meta.items():
        for index in _matching_patterns(name):
            matches[index].append(Candidate(tuple(contents), f"meta:{name}"))
    fields: dict[str, list[Candidate[tuple[str, ...]]]] = {field: [] for field in FIELD_NAMES}
    for (field, _), candidates in zip(FIELD_PATTERNS, matches, strict=True):
        fields[field] += candidates
    return fields


@lru_cache(maxsize=4096)  # pages use the same few names
def _matching_patterns(name: str) -> tuple[int, ...]:
    return tuple(index for index, (_, pattern) in enumerate(FIELD_PATTERNS) if pattern.fullmatch(name))


def keywords(meta: Meta, *names: str) -> Candidate[tuple[str, ...]] | None:
    """Return the comma-separated keywords of the first of these names that the page has."""
    if not (line := content(meta, *names)):
        return None
    words = tuple(dict.fromkeys(filter(None, map(clean, line.value.split(",")))))
    return Candidate(words, line.rule) if words else None


def read_links(elements: Iterable[etree._Element]) -> Links:
    """Return the href of the first link element for each of LINK_RELS, as written."""
    href_by_rel: dict[str, str] = {}
    for element in elements:
        for rel in (element.get("rel") or "").lower().split():
            if rel in LINK_RELS and rel not in href_by_rel and (href := clean(element.get("href") or "")):
                href_by_rel[rel] = href
    return href_by_rel


def link(links: Links, rel: str) -> Candidate[str] | None:
    """Return the href of the page's first link element with this rel."""
    return Candidate(links[rel], f"link:{rel}") if rel in links else None


def language(root: etree._Element) -> Candidate[str] | None:
    """Return the lang attribute of the html element."""
    lang = clean(root.get("lang") or "")
    return Candidate(lang, "html:lang") if lang else None
