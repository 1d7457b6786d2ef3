"""What the page's head says: OpenGraph, `article:…` and other meta elements, the canonical link."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from lxml import etree

from scrapers.extract.candidate import Found
from scrapers.extract.text.clean import clean

RELS = ("amphtml", "canonical", "next")
LONGEST_NAME = 100  # characters of a meta element's name that is looked at

Meta = Mapping[str, list[str]]
Links = Mapping[str, str]

# Whole names of meta elements as `read` gives them, by what they say; of a date the surest first.
NAMES = {
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
PATTERNS = tuple((field, re.compile(pattern)) for field, patterns in NAMES.items() for pattern in patterns)


def read(elements: Iterable[etree._Element]) -> Meta:
    """Return the non-empty contents of the page's meta elements by their property or name, in lower case."""
    every: dict[str, list[str]] = {}
    for element in elements:
        name = (element.get("property") or element.get("name") or "").strip().lower()
        if 0 < len(name) <= LONGEST_NAME and (text := clean(element.get("content") or "")):
            every.setdefault(name, []).append(text)
    return every


def content(meta: Meta, *names: str) -> Found[str] | None:
    """Return the first content of the first of these names that the page has."""
    return next((Found(meta[name][0], f"meta:{name}") for name in names if name in meta), None)


def contents(meta: Meta, name: str) -> Found[tuple[str, ...]] | None:
    """Return all contents of this name."""
    return Found(tuple(meta[name]), f"meta:{name}") if name in meta else None


def named(meta: Meta) -> dict[str, list[Found[tuple[str, ...]]]]:
    """Return for each of NAMES the contents of its names, those of its first pattern first, in the page's order."""
    of_pattern: list[list[Found[tuple[str, ...]]]] = [[] for _ in PATTERNS]
    for name, said in meta.items():
        for at in _patterns_of(name):
            of_pattern[at].append(Found(tuple(said), f"meta:{name}"))
    fields: dict[str, list[Found[tuple[str, ...]]]] = {field: [] for field in NAMES}
    for (field, _), found in zip(PATTERNS, of_pattern, strict=True):
        fields[field] += found
    return fields


@lru_cache(maxsize=4096)  # all pages use the same few
def _patterns_of(name: str) -> tuple[int, ...]:
    return tuple(at for at, (_, pattern) in enumerate(PATTERNS) if pattern.fullmatch(name))


def keywords(meta: Meta, *names: str) -> Found[tuple[str, ...]] | None:
    """Return the keywords, which stand in one content with commas."""
    if not (line := content(meta, *names)):
        return None
    words = tuple(dict.fromkeys(filter(None, map(clean, line.value.split(",")))))
    return Found(words, line.rule) if words else None


def read_links(elements: Iterable[etree._Element]) -> Links:
    """Return the address of the first link element of each of RELS, as it is written."""
    found: dict[str, str] = {}
    for element in elements:
        for rel in (element.get("rel") or "").lower().split():
            if rel in RELS and rel not in found and (href := clean(element.get("href") or "")):
                found[rel] = href
    return found


def link(links: Links, rel: str) -> Found[str] | None:
    """Return the address of the page's first link element of this kind."""
    return Found(links[rel], f"link:{rel}") if rel in links else None


def language(root: etree._Element) -> Found[str] | None:
    """Return the language that the html element declares."""
    lang = clean(root.get("lang") or "")
    return Found(lang, "html:lang") if lang else None
