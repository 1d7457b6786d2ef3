"""The article's body in the page's JSON data, for pages whose text is rendered by a script."""

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
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
CHILD_KEYS, TEXT_KEYS = ("content", "children", "nodes", "spans"), ("text", "value", "literal")  # of rich text
MAX_DEPTH = 12  # of rich text in a paragraph
CODE_SIGN = re.compile(r"[{};=<>\\|]|\w\(")
MAX_CODE_SHARE = 0.01
MAX_ASSIGNMENTS = 9  # of one script
DECODER = json.JSONDecoder(strict=False)


def paragraphs(
    root: etree._Element, is_wanted: Callable[[Sequence[str]], bool] = bool
) -> Candidate[tuple[str, ...]] | None:
    """Return the paragraphs of the wanted text or list with the most prose in the page's data scripts.

    None where no wanted one has enough prose.
    """
    lists = (
        lines
        for script in root.iter("script")
        for data in _parse_script(script.text or "", script.get("type") or "")
        for lines in _paragraph_lists(data)
    )
    return longest(lists, is_wanted)


def longest(
    lists: Iterable[tuple[str, ...]], is_wanted: Callable[[Sequence[str]], bool] = bool
) -> Candidate[tuple[str, ...]] | None:
    """Return the wanted paragraphs with the most prose; None where none has enough."""
    best: tuple[str, ...] = ()
    length = MIN_TOTAL_LENGTH - 1
    for lines in lists:
        if (total := sum(map(len, lines))) > length and is_wanted(lines):
            best, length = lines, total
    return Candidate(best, "script:data") if best else None


def is_prose(lines: Sequence[str]) -> bool:
    """Return whether the lines are a text, not a stylesheet or a script: few signs of code, and words apart."""
    text = " ".join(lines)
    return len(CODE_SIGN.findall(text)) <= len(text) * MAX_CODE_SHARE


def in_rows(values: Iterable[Any]) -> Iterator[tuple[str, ...]]:
    """Yield the paragraphs of each text and list in values that were read from JSON."""
    for value in values:
        yield from _paragraph_lists(value)


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
    """Yield the paragraphs of each long text, and those of all items of each list, anywhere in the data."""
    pending = [data]
    while pending:
        container = pending.pop()
        values = _values(container)
        pending.extend(value for value in values if isinstance(value, dict | list))
        if isinstance(container, list):
            yield tuple(line for item in container for line in _lines(item))
        else:
            texts = (value for value in values if isinstance(value, str) and len(value) >= MIN_TOTAL_LENGTH)
            yield from (tuple(_lines(text)) for text in texts)


def _values(container: Any) -> list[Any]:
    if isinstance(container, dict):
        return list(container.values())
    return container if isinstance(container, list) else []


def _lines(item: Any) -> Iterator[str]:
    """Yield the paragraphs of a text or of an object's own texts, without short strings such as keys and addresses."""
    texts = [item]
    if isinstance(item, dict) and not item.keys() & TEASER_KEYS:
        texts = [*item.values(), _rich_text(item)]
    for text in texts:
        if isinstance(text, str) and len(text) >= MIN_PARAGRAPH_LENGTH and " " in text.strip():
            lines = (clean(html.unescape(MARKUP_TAG.sub("", part))) for part in PARAGRAPH_BREAK.split(text))
            yield from (line for line in lines if len(line) >= MIN_PARAGRAPH_LENGTH)


def _rich_text(item: dict[str, Any], depth: int = 0) -> str:
    """Return the text of an editor's paragraph, whose pieces are the leaves of nested lists."""
    children = next((item[key] for key in CHILD_KEYS if isinstance(item.get(key), list)), None)
    if children is None or depth > MAX_DEPTH:
        return "" if not depth else next((item[key] for key in TEXT_KEYS if isinstance(item.get(key), str)), "")
    return "".join(_rich_text(child, depth + 1) for child in children if isinstance(child, dict))
