"""The article in a page's JSON-LD, in the many ways that sites write and break it."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lxml import etree

from scrapers.extract.candidate import Found
from scrapers.extract.text.clean import clean, words_of

# https://schema.org/Article and its kinds; a report, a review or a recipe on a news site is one to its readers.
ARTICLES = re.compile(r"\w*Article|\w*BlogPosting|LiveBlogPosting|Report|Review|\w*Review|Recipe|HowTo")
NEWS = re.compile(r"\w*Article|\w*BlogPosting")
OTHERS = re.compile(r"VideoObject|ImageGallery|MediaGallery|PodcastEpisode|WebPage|ItemPage|QAPage")
WRAPPERS = re.compile(
    r"^\s*(?:<!--|(?://|/\*)?\s{0,99}<!\[CDATA\[(?:\s{0,99}\*/)?)"
    r"|(?:-->|(?://|/\*)?\s{0,99}\]\]>(?:\s{0,99}\*/)?|;)\s*$"
)
TRAILING_COMMA = re.compile(r",(\s{0,99}[}\]])")
MISSING_COMMA = re.compile(r"([}\]\"])(\s{1,99}\")")
COMMENT = re.compile(r"(?m)^\s{0,99}//.*$|/\*[^*]{0,999}\*/")
# What can be saved of a block that no repair makes JSON, such as one with quotes inside a text.
PAIR = re.compile(
    r'"(headline|datePublished|dateModified|articleSection)"\s{0,9}:\s{0,9}"((?:[^"\\\n]|\\.){1,500})"\s{0,9}[,}\n]'
)
MOST_NODES = 2_000
MOST_STEPS = 20  # of a path of breadcrumbs


def _unwrapped(block: str) -> str:
    return WRAPPERS.sub("", WRAPPERS.sub("", block))


def _tidied(block: str) -> str:
    return MISSING_COMMA.sub(r"\1,\2", TRAILING_COMMA.sub(r"\1", COMMENT.sub("", _unwrapped(block))))


REPAIRS = (
    str,  # most blocks need none
    _unwrapped,
    lambda block: TRAILING_COMMA.sub(r"\1", _unwrapped(block)),
    _tidied,
    lambda block: html.unescape(_unwrapped(block)),
)

Node = dict[str, Any]
DECODER = json.JSONDecoder(strict=False)


def nodes(scripts: Iterable[etree._Element]) -> list[Node]:
    """Return the objects of the page's JSON-LD blocks, as parsed.

    Blocks that are no JSON are tried again without comment marks, entities and wrong commas; of one that is
    none even then, the simple pairs of an article are kept.
    """
    found: list[Node] = []
    for script in scripts:
        if "ld+json" in (script.get("type") or "").lower():
            for parsed in _loads(script.text or ""):
                found.extend(_flat(parsed))
    return found[:MOST_NODES]


def article_of(every: Sequence[Node], url: str = "", title: str = "") -> Node:
    """Return the article among the page's objects that the page is about; empty where there is none.

    Several on one page are common (a list of related ones, a live blog's entries): the one whose address is the
    page's wins, then the one whose headline is in the page's title, then the first. A video or a page that is
    described like an article stands in where no article is.
    """
    articles = [node for node in every if _kind(node, ARTICLES) and headline(node)]
    every = articles or [
        node for node in every if _kind(node, OTHERS) and ("datePublished" in node or "author" in node)
    ]
    return max(every, key=lambda node: _fit(node, url, title)) if len(every) > 1 else every[0] if every else {}


def is_article(node: Node) -> bool:
    """Return whether the object calls itself an article, not a page, a video or nothing."""
    return _kind(node, ARTICLES)


def headline(node: Node) -> Found[str] | None:
    """Return the node's headline, which some sites call its name."""
    return text(node, "headline") or text(node, "name")


def _fit(node: Node, url: str, title: str) -> tuple[bool, bool, bool]:
    addresses = {str(one).rstrip("/").lower() for one in texts_of(node.get("url"), "@id", "url")}
    addresses |= {one.rstrip("/").lower() for one in texts_of(node.get("mainEntityOfPage"), "@id", "url")}
    said = headline(node)
    is_news = bool(NEWS.fullmatch(type_of(node)))
    is_of_page = bool(url) and any(
        one.split("://")[-1] == url.split("://")[-1].rstrip("/").lower() for one in addresses
    )
    is_shown = bool(said and words_of(said.value) in words_of(title))
    return is_news, is_of_page, is_shown


def _loads(block: str) -> Iterator[Any]:
    """Yield the values that a block holds: usually one, but some sites write several in a row."""
    for repair in REPAIRS:
        try:
            yield DECODER.decode(repair(block))
            return
        except (ValueError, RecursionError):
            continue
    saved = {name: _unquoted(value) for name, value in reversed(PAIR.findall(block))}
    if "headline" in saved:
        yield saved | {"@type": "Article"}


def _unquoted(value: str) -> str:
    try:
        return str(DECODER.decode(f'"{value}"'))
    except ValueError:
        return value


def _flat(parsed: Any) -> Iterator[Node]:
    """Yield the objects at the top, in arrays, in @graph and as a page's main entity."""
    waiting = [parsed]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(reversed(one))
        elif isinstance(one, dict):
            yield one
            waiting.extend(
                one[key] for key in ("mainEntity", "mainEntityOfPage", "@graph", "itemReviewed") if key in one
            )


def type_of(node: Node) -> str:
    """Return the node's first type without its address; that of an article goes first."""
    kinds = node.get("@type")
    if isinstance(kinds, str):  # as most are
        return kinds.rsplit("/", 1)[-1]
    names = [str(kind).rsplit("/", 1)[-1] for kind in (kinds if isinstance(kinds, list) else [kinds]) if kind]
    return next((name for name in names if ARTICLES.fullmatch(name)), names[0] if names else "")


def _kind(node: Node, kinds: re.Pattern[str]) -> bool:
    return bool(kinds.fullmatch(type_of(node)))


def texts_of(value: Any, *keys: str) -> tuple[str, ...]:
    """Return the texts of a value that is a text, an object with one of the keys, or a list of these."""
    if value is None:
        return ()
    if isinstance(value, str):  # as most are
        text = clean(html.unescape(value))
        return (text,) if text else ()
    ones = value if isinstance(value, list) else [value]
    flat = [next((one[key] for key in keys if one.get(key)), None) if isinstance(one, dict) else one for one in ones]
    spread = [text for one in flat for text in (one if isinstance(one, list) else [one])]
    return tuple(filter(None, (clean(html.unescape(one)) for one in spread if isinstance(one, str))))


def texts(node: Node, field: str, *keys: str) -> Found[tuple[str, ...]] | None:
    """Return the texts of a field; of objects in it the first of `keys` that they have."""
    every = texts_of(node.get(field), *(keys or ("name", "@value")))
    return Found(every, rule_of(node, field)) if every else None


def text(node: Node, field: str, *keys: str) -> Found[str] | None:
    """Return the first text of a field; of an object in it the first of `keys` that it has."""
    every = texts(node, field, *keys)
    return Found(every.value[0], every.rule) if every else None


def rule_of(node: Node, field: str) -> str:
    """Return the name of the rule that reads this field."""
    return f"json_ld:{type_of(node)}.{field}"


def people(node: Node, field: str, every: Sequence[Node]) -> Found[tuple[str, ...]] | None:
    """Return the names of those in a field who are no organization, or of organizations where there is nobody else.

    An object that is only an `@id` is looked up among the page's other objects.
    """
    value = node.get(field)
    named = {str(one["@id"]): one for one in every if "@id" in one and "name" in one}
    people: list[str] = []
    organizations: list[str] = []
    for one in value if isinstance(value, list) else [value]:
        whole = named.get(str(one["@id"]), one) if isinstance(one, dict) and "@id" in one and "name" not in one else one
        is_organization = isinstance(whole, dict) and "Organization" in type_of(whole)
        (organizations if is_organization else people).extend(texts_of(whole, "name", "@value"))
    names = tuple(people or organizations)
    return Found(names, rule_of(node, field)) if names else None


def keywords(node: Node) -> Found[tuple[str, ...]] | None:
    """Return the keywords, which are a list or one text with commas."""
    every = texts(node, "keywords")
    if not every:
        return None
    words = tuple(dict.fromkeys(filter(None, map(clean, ",".join(every.value).split(",")))))
    return Found(words, every.rule) if words else None


def breadcrumbs(every: Sequence[Node]) -> Found[tuple[str, ...]] | None:
    """Return the names between the home page and the page itself in the page's BreadcrumbList."""
    for node in every:
        items = node.get("itemListElement")
        if type_of(node) == "BreadcrumbList" and isinstance(items, list):
            steps = [one for one in items[:MOST_STEPS] if isinstance(one, dict)]
            named = [next(iter(texts_of(one, "name") or texts_of(one.get("item"), "name")), "") for one in steps]
            names = tuple(filter(None, named[1:-1]))
            return Found(names, "json_ld:BreadcrumbList") if names else None
    return None


def paragraphs(node: Node) -> Found[tuple[str, ...]] | None:
    """Return the lines of articleBody."""
    body = node.get("articleBody")
    lines = html.unescape(body).splitlines() if isinstance(body, str) else []
    every = tuple(filter(None, map(clean, lines)))
    return Found(every, rule_of(node, "articleBody")) if every else None
