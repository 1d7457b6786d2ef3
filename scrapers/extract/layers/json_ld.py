"""Reading a page's JSON-LD, in the many forms that sites write and break it."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from scrapers.extract.candidate import Candidate
from scrapers.extract.text.clean import clean, words_of

# https://schema.org/Article and its subtypes; on a news site a report, review or recipe is an article as well.
ARTICLE_TYPE = re.compile(r"\w*Article|\w*BlogPosting|LiveBlogPosting|Report|Review|\w*Review|Recipe|HowTo")
NEWS_TYPE = re.compile(r"\w*Article|\w*BlogPosting")
STAND_IN_TYPE = re.compile(r"VideoObject|ImageGallery|MediaGallery|PodcastEpisode|WebPage|ItemPage|QAPage")
WRAPPERS = re.compile(
    r"^\s*(?:<!--|(?://|/\*)?\s{0,99}<!\[CDATA\[(?:\s{0,99}\*/)?)"
    r"|(?:-->|(?://|/\*)?\s{0,99}\]\]>(?:\s{0,99}\*/)?|;)\s*$"
)
TRAILING_COMMA = re.compile(r",(\s{0,99}[}\]])")
MISSING_COMMA = re.compile(r"([}\]\"])(\s{1,99}\")")
COMMENT = re.compile(r"(?m)^\s{0,99}//.*$|/\*[^*]{0,999}\*/")
# What can be salvaged from a block that no repair makes valid, such as one with quotes inside a text.
SIMPLE_PAIR = re.compile(
    r'"(headline|datePublished|dateModified|articleSection)"\s{0,9}:\s{0,9}"((?:[^"\\\n]|\\.){1,500})"\s{0,9}[,}\n]'
)
SALVAGED_AUTHOR = re.compile(r'"author"\s{0,9}:\s{0,9}\[?\s{0,9}\{[^{}]{0,300}?"name"\s{0,9}:\s{0,9}"([^"\\\n]{2,80})"')
QUOTED_HEADLINE = re.compile(
    r'"headline"\s{0,9}:\s{0,9}"([^\n]{1,300}?)"\s{0,9},\s{0,9}"'
)  # with quotes that aren't escaped
HOLDERS = ("mainEntity", "mainEntityOfPage", "@graph", "itemReviewed")  # keys under which the article's node may stand
MAX_NODES = 2_000
MAX_BREADCRUMBS = 20  # of one list


def _without_wrappers(block: str) -> str:
    return WRAPPERS.sub("", WRAPPERS.sub("", block))


def _without_comments_and_commas(block: str) -> str:
    return MISSING_COMMA.sub(r"\1,\2", TRAILING_COMMA.sub(r"\1", COMMENT.sub("", _without_wrappers(block))))


REPAIRS = (
    str,  # most blocks need no repair
    _without_wrappers,
    lambda block: TRAILING_COMMA.sub(r"\1", _without_wrappers(block)),
    _without_comments_and_commas,
    lambda block: html.unescape(_without_wrappers(block)),
)

Node = dict[str, Any]
DECODER = json.JSONDecoder(strict=False)


def parse_nodes(scripts: Iterable[etree._Element]) -> list[Node]:
    """Return all nodes (JSON objects) of the page's JSON-LD scripts.

    A block of invalid JSON is parsed again without comment marks, entities and stray commas; if it stays invalid, the
    simple key-value pairs of an article are salvaged.
    """
    nodes: list[Node] = []
    for script in scripts:
        if "ld+json" in (script.get("type") or "").lower():
            for parsed in _parse_block(script.text or ""):
                nodes.extend(_flatten(parsed))
    return nodes[:MAX_NODES]


def main_article(nodes: Sequence[Node], url: str = "", title: str = "") -> Node:
    """Return the node of the article that the page is about; an empty one where there is none.

    Of several articles (related ones, a live blog's entries) the one with the page's address wins, then the one whose
    headline occurs in the page's title, then the first. A video or page node stands in where no node is an article.
    """
    articles = [node for node in nodes if _has_type(node, ARTICLE_TYPE) and headline(node)]
    if not articles:
        stand_ins = [node for node in nodes if _has_type(node, STAND_IN_TYPE)]
        articles = [node for node in stand_ins if "datePublished" in node or "author" in node]
    if len(articles) > 1:
        return max(articles, key=lambda node: _rank(node, url, title))
    return articles[0] if articles else {}


def is_article(node: Node) -> bool:
    """Return whether the node's type is an article's, not a page's or a video's."""
    return _has_type(node, ARTICLE_TYPE)


def headline(node: Node) -> Candidate[str] | None:
    """Return the node's headline, or its `name`, which some sites use instead."""
    return text(node, "headline") or text(node, "name")


def is_same(node: Node, article: Node, url: str) -> bool:
    """Return whether a node is about the same as the article: it has the page's address, or the article's headline."""
    own, other = headline(node), headline(article)
    return _has_address(node, url) or bool(own and other and words_of(own.value) == words_of(other.value))


def _has_address(node: Node, url: str) -> bool:
    addresses = (*texts_of(node.get("url"), "@id", "url"), *texts_of(node.get("mainEntityOfPage"), "@id", "url"))
    plain = url.split("://")[-1].rstrip("/").lower()
    return bool(url) and any(address.rstrip("/").lower().split("://")[-1] == plain for address in addresses)


def _rank(node: Node, url: str, title: str) -> tuple[bool, bool, bool]:
    """Return a sort key: a news article, with the page's address, with a headline that the page's title contains."""
    node_headline = headline(node)
    is_news = bool(NEWS_TYPE.fullmatch(type_of(node)))
    is_shown = bool(node_headline and words_of(node_headline.value) in words_of(title))
    return is_news, _has_address(node, url), is_shown


def _parse_block(block: str) -> Iterator[Any]:
    """Yield the value of a block after the first repair that makes it valid JSON, else an article of salvaged pairs."""
    for repair in REPAIRS:
        try:
            yield DECODER.decode(repair(block))
            return
        except (ValueError, RecursionError):
            continue
    salvaged = {name: _unquoted(value) for name, value in reversed(SIMPLE_PAIR.findall(block))}
    if "headline" not in salvaged and (headline_match := QUOTED_HEADLINE.search(block)):
        salvaged["headline"] = clean(headline_match[1])
    if author := SALVAGED_AUTHOR.search(block):
        salvaged["author"] = clean(author[1])
    if "headline" in salvaged:
        yield salvaged | {"@type": "Article"}


def _unquoted(value: str) -> str:
    try:
        return str(DECODER.decode(f'"{value}"'))
    except ValueError:
        return value


def _flatten(parsed: Any) -> Iterator[Node]:
    """Yield the nodes at the top level, in arrays, in @graph, and those that are a page's main entity."""
    pending = [parsed]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(reversed(value))
        elif isinstance(value, dict):
            yield value
            pending.extend(value[key] for key in HOLDERS if key in value and not _is_claim(value, key))


def _is_claim(node: Node, key: str) -> bool:
    """Return whether the value under the key is the claim that a fact check examines, which is by somebody else."""
    return key == "itemReviewed" and type_of(node) == "ClaimReview"


def type_of(node: Node) -> str:
    """Return the local name of the node's type; of several, an article's type if there is one, else the first."""
    types = node.get("@type")
    if isinstance(types, str):  # as in most nodes
        return types.rsplit("/", 1)[-1]
    names = [str(type_).rsplit("/", 1)[-1] for type_ in (types if isinstance(types, list) else [types]) if type_]
    return next((name for name in names if ARTICLE_TYPE.fullmatch(name)), names[0] if names else "")


def _has_type(node: Node, pattern: re.Pattern[str]) -> bool:
    return bool(pattern.fullmatch(type_of(node)))


def texts_of(value: Any, *keys: str) -> tuple[str, ...]:
    """Return the texts in a value: a text, a node with the text under one of `keys`, or a list of these."""
    if value is None:
        return ()
    if isinstance(value, str):  # as most are
        text = clean(html.unescape(value))
        return (text,) if text else ()
    values = [_first_of(item, keys) for item in (value if isinstance(value, list) else [value])]
    flat = [item for inner in values for item in (inner if isinstance(inner, list) else [inner])]
    return tuple(filter(None, (clean(html.unescape(item)) for item in flat if isinstance(item, str))))


def _first_of(item: Any, keys: Sequence[str]) -> Any:
    """Return the first non-empty value that a node has under one of the keys; anything else as it is."""
    return next((item[key] for key in keys if item.get(key)), None) if isinstance(item, dict) else item


def texts(node: Node, field: str, *keys: str) -> Candidate[tuple[str, ...]] | None:
    """Return the texts of a field; of a node in it the text under the first of `keys` that it has."""
    values = texts_of(node.get(field), *(keys or ("name", "@value")))
    return Candidate(values, rule_of(node, field)) if values else None


def text(node: Node, field: str, *keys: str) -> Candidate[str] | None:
    """Return the first text of a field; see `texts`."""
    values = texts(node, field, *keys)
    return Candidate(values.value[0], values.rule) if values else None


def rule_of(node: Node, field: str) -> str:
    """Return the rule's name for this field, as in `provenance`."""
    return f"json_ld:{type_of(node)}.{field}"


def people(node: Node, field: str, nodes: Sequence[Node]) -> Candidate[tuple[str, ...]] | None:
    """Return the names of the people in a field; where it names only organizations, their names.

    A node that is only an `@id` is looked up among all nodes of the page.
    """
    value = node.get(field)
    named_nodes = {str(other["@id"]): other for other in nodes if "@id" in other and "name" in other}
    names_of_people: list[str] = []
    names_of_organizations: list[str] = []
    for reference in value if isinstance(value, list) else [value]:
        person = _resolve(reference, named_nodes)
        is_organization = isinstance(person, dict) and "Organization" in type_of(person)
        (names_of_organizations if is_organization else names_of_people).extend(texts_of(person, "name", "@value"))
    names = tuple(names_of_people or names_of_organizations)
    return Candidate(names, rule_of(node, field)) if names else None


def _resolve(reference: Any, named_nodes: Mapping[str, Node]) -> Any:
    """Return the named node that a node without a name refers to by its `@id`; anything else as it is."""
    is_bare = isinstance(reference, dict) and "@id" in reference and "name" not in reference
    return named_nodes.get(str(reference["@id"]), reference) if is_bare else reference


def keywords(node: Node) -> Candidate[tuple[str, ...]] | None:
    """Return the keywords, given as a list or as comma-separated text."""
    values = texts(node, "keywords")
    if not values:
        return None
    words = tuple(dict.fromkeys(filter(None, map(clean, ",".join(values.value).split(",")))))
    return Candidate(words, values.rule) if words else None


def breadcrumbs(nodes: Sequence[Node]) -> Candidate[tuple[str, ...]] | None:
    """Return the names in the page's BreadcrumbList between the first (home page) and the last (the page itself)."""
    for node in nodes:
        items = node.get("itemListElement")
        if type_of(node) == "BreadcrumbList" and isinstance(items, list):
            steps = [item for item in items[:MAX_BREADCRUMBS] if isinstance(item, dict)]
            named = [next(iter(texts_of(item, "name") or texts_of(item.get("item"), "name")), "") for item in steps]
            names = tuple(filter(None, named[1:-1]))
            return Candidate(names, "json_ld:BreadcrumbList") if names else None
    return None


def paragraphs(node: Node) -> Candidate[tuple[str, ...]] | None:
    """Return the non-empty lines of `articleBody`."""
    body = node.get("articleBody")
    lines = html.unescape(body).splitlines() if isinstance(body, str) else []
    texts = tuple(filter(None, map(clean, lines)))
    return Candidate(texts, rule_of(node, "articleBody")) if texts else None
