"""The body in a page's own data, where a script would write it and the page itself holds no text."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from scrapers.extract.candidate import Found
from scrapers.extract.text.clean import clean

DATA = re.compile(r"(?:^|[\s;])(?:window|self|globalThis)\s?\.\s?[\w.]{1,60}\s?=\s?(?=[{\[])")
TAG = re.compile(r"<[^<>]{1,2000}>")
BREAK = re.compile(r"</(?:p|h[1-6]|li|div|blockquote)>|<br\s?/?>|\n", re.IGNORECASE)
MOST_CHARACTERS = 5_000_000  # of one script
LEAST_PARAGRAPH = 60
LEAST_BODY = 400  # characters of paragraphs; captions and settings of a page have fewer in one place
CARD = {"url", "href", "link", "permalink", "slug", "title", "headline"}  # an item with one of these is a teaser
DECODER = json.JSONDecoder(strict=False)


def paragraphs(root: etree._Element) -> Found[tuple[str, ...]] | None:
    """Return the paragraphs of the object or list that holds most prose of its own in the page's data scripts."""
    best: tuple[str, ...] = ()
    for script in root.iter("script"):
        for data in _loads(script.text or "", script.get("type") or ""):
            best = max(best, *_stories(data), key=lambda lines: sum(map(len, lines)))
    return Found(best, "script:data") if sum(map(len, best)) >= LEAST_BODY else None


def _loads(text: str, kind: str) -> Iterator[Any]:
    """Yield what the script is, or gives to a variable of the window; JSON-LD is read elsewhere."""
    starts = [0] if kind.endswith("/json") else [match.end() for match in DATA.finditer(text, 0, MOST_CHARACTERS)][:9]
    for start in starts if len(text) <= MOST_CHARACTERS else []:
        try:
            yield DECODER.raw_decode(text.lstrip() if not start else text[start:])[0]
        except (ValueError, RecursionError):
            continue


def _stories(data: Any) -> Iterator[tuple[str, ...]]:
    """Yield for each object and list its texts and those of its items, which is how such data keeps paragraphs."""
    yield ()
    waiting = [data]
    while waiting:
        one = waiting.pop()
        values = list(one.values()) if isinstance(one, dict) else one if isinstance(one, list) else []
        inner = [value for value in values if isinstance(value, dict | list)]
        waiting.extend(inner)
        if isinstance(one, list):
            yield tuple(line for item in one for line in _lines(item))
        else:
            yield from (tuple(_lines(value)) for value in values if isinstance(value, str))


def _lines(item: Any) -> Iterator[str]:
    """Yield the paragraphs of a text or of an object's own texts; a key, an address or a label is none."""
    texts = list(item.values()) if isinstance(item, dict) and not item.keys() & CARD else [item]
    for text in texts:
        if isinstance(text, str) and " " in text:
            lines = (clean(html.unescape(TAG.sub("", part))) for part in BREAK.split(text))
            yield from (line for line in lines if len(line) >= LEAST_PARAGRAPH)
