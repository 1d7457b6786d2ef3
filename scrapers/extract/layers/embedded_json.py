"""The article's body in the page's JSON data, for pages whose text is rendered by a script."""

import html
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

from scrapers.extract.candidate import Candidate
from scrapers.extract.text.clean import clean

WINDOW_ASSIGNMENT = re.compile(r"(?:^|[\s;])(?:window|self|globalThis)\s?\.\s?[\w.]{1,60}\s?=\s?(?=[{\[])")
MARKUP_TAG = re.compile(r"<[^<>]{1,2000}>")
PARAGRAPH_BREAK = re.compile(r"</(?:p|h[1-6]|li|div|blockquote)>|<br\s?/?>|\n", re.IGNORECASE)
MAX_SCRIPT_LENGTH = 5_000_000  # of one script
MIN_PARAGRAPH_LENGTH = 60
MIN_TOTAL_LENGTH = 400  # characters of paragraphs; captions and settings have fewer in one list
TEASER_KEYS = {
    "url",
    "href",
    "link",
    "permalink",
    "slug",
    "title",
    "headline",
}  # an object with one of these is a teaser
MAX_ASSIGNMENTS = 9  # of one script
DECODER = json.JSONDecoder(strict=False)


def paragraphs(root: etree._Element) -> Candidate[tuple[str, ...]] | None:
    """Return the paragraphs of the text or list with the most prose in the page's data scripts, if it is enough."""
    best: tuple[str, ...] = ()
    for script in root.iter("script"):
        for data in _parse_script(script.text or "", script.get("type") or ""):
            best = max(best, *_paragraph_lists(data), key=lambda lines: sum(map(len, lines)))
    return Candidate(best, "script:data") if sum(map(len, best)) >= MIN_TOTAL_LENGTH else None


def _parse_script(text: str, script_type: str) -> Iterator[Any]:
    """Yield the JSON that the script consists of or assigns to the window; JSON-LD is read elsewhere."""
    if len(text) > MAX_SCRIPT_LENGTH:
        return
    is_json = script_type.endswith("/json")
    starts = [0] if is_json else [match.end() for match in islice(WINDOW_ASSIGNMENT.finditer(text), MAX_ASSIGNMENTS)]
    for start in starts:
        try:
            yield DECODER.raw_decode(text.lstrip() if not start else text[start:])[0]
        except (ValueError, RecursionError):
            continue


def _paragraph_lists(data: Any) -> Iterator[tuple[str, ...]]:
    """Yield the paragraphs of each text, and those of all items of each list, anywhere in the data."""
    yield ()
    pending = [data]
    while pending:
        container = pending.pop()
        values = _values(container)
        pending.extend(value for value in values if isinstance(value, dict | list))
        if isinstance(container, list):
            yield tuple(line for item in container for line in _lines(item))
        else:
            yield from (tuple(_lines(value)) for value in values if isinstance(value, str))


def _values(container: Any) -> list[Any]:
    if isinstance(container, dict):
        return list(container.values())
    return container if isinstance(container, list) else []


def _lines(item: Any) -> Iterator[str]:
    """Yield the paragraphs of a text or of an object's own texts, without short strings such as keys and addresses."""
    texts = list(item.values()) if isinstance(item, dict) and not item.keys() & TEASER_KEYS else [item]
    for text in texts:
        if isinstance(text, str) and " " in text:
            lines = (clean(html.unescape(MARKUP_TAG.sub("", part))) for part in PARAGRAPH_BREAK.split(text))
            yield from (line for line in lines if len(line) >= MIN_PARAGRAPH_LENGTH)
