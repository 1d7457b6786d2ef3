"""The NewsArticle in a page's JSON-LD, in the many ways that sites write it."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from scrapers.extract.clean import clean
from scrapers.extract.found import Found

ARTICLES = re.compile(r"\w*(?:Article|BlogPosting)")
WRAPPERS = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$")
TRAILING_COMMA = re.compile(r",(\s{0,99}[}\]])")

Node = dict[str, Any]


def news_article(root: etree._Element) -> Node:
    """Return the page's first article with a headline, as parsed; empty where there is none.

    Blocks that are no JSON are tried again without comment marks, entities and trailing commas, then skipped.
    """
    blocks = (script.text or "" for script in root.iter("script") if "ld+json" in (script.get("type") or ""))
    for block in blocks:
        for node in _nodes(_loads(block)):
            if _type(node) and text(node, "headline"):
                return node
    return {}


def _loads(block: str) -> Any:
    unwrapped = WRAPPERS.sub("", WRAPPERS.sub("", block))
    for attempt in (block, unwrapped, TRAILING_COMMA.sub(r"\1", unwrapped), html.unescape(unwrapped)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(parsed: Any) -> Iterator[Node]:
    """Yield the objects at the top, in arrays, in @graph and as a page's main entity."""
    waiting = [parsed]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(reversed(one))
        elif isinstance(one, dict):
            yield one
            waiting.extend(one[key] for key in ("mainEntity", "@graph") if key in one)


def _type(node: Node) -> str:
    """Return the node's type without its address if that is a kind of article, else nothing."""
    kinds = node.get("@type")
    names = [str(kind).rsplit("/", 1)[-1] for kind in (kinds if isinstance(kinds, list) else [kinds])]
    return next((name for name in names if ARTICLES.fullmatch(name)), "")


def _strings(value: Any, *keys: str) -> tuple[str, ...]:
    """Return the texts of a value that is a text, an object with one of the keys, or a list of these."""
    ones = value if isinstance(value, list) else [value]
    flat = [next((one[key] for key in keys if key in one), None) if isinstance(one, dict) else one for one in ones]
    return tuple(filter(None, (clean(html.unescape(one)) for one in flat if isinstance(one, str))))


def texts(node: Node, field: str, *keys: str) -> Found[tuple[str, ...]] | None:
    """Return the texts of a field; of objects in it the first of `keys` that they have."""
    every = _strings(node.get(field), *(keys or ("name", "@value")))
    return Found(every, f"json_ld:{_type(node)}.{field}") if every else None


def text(node: Node, field: str, *keys: str) -> Found[str] | None:
    """Return the first text of a field; of an object in it the first of `keys` that it has."""
    every = texts(node, field, *keys)
    return Found(every.value[0], every.rule) if every else None


def keywords(node: Node) -> Found[tuple[str, ...]] | None:
    """Return the keywords, which are a list or one text with commas."""
    every = texts(node, "keywords")
    if not every:
        return None
    words = tuple(dict.fromkeys(filter(None, map(clean, ",".join(every.value).split(",")))))
    return Found(words, every.rule) if words else None


def paragraphs(node: Node) -> Found[tuple[str, ...]] | None:
    """Return the lines of articleBody."""
    body = node.get("articleBody")
    lines = html.unescape(body).splitlines() if isinstance(body, str) else []
    every = tuple(filter(None, map(clean, lines)))
    return Found(every, f"json_ld:{_type(node)}.articleBody") if every else None
