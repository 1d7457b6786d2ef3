"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

import json
import re
from collections.abc import Iterator
from typing import Any

from scrapy.http import Response

from scrapers.discovery.text import UnreadableFeed, decoded

BETWEEN = re.compile(r"[\s,]*+")
COLON = re.compile(r"\s*+:\s*+")
BEGIN = re.compile(r"\s*+\{\s*+\"")
decoder = json.JSONDecoder(strict=False)  # control characters in a text cost nobody the feed


def is_json(response: Response) -> bool:
    """Return whether the answer begins as an object of JSON does."""
    return BEGIN.match(next(decoded(response), "")) is not None


def json_items(response: Response) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each item, and with it what the feed says of itself before its items.

    Raises UnreadableFeed where it is no JSON Feed or not all there; what came before has been yielded then.
    """
    feed: dict[str, Any] = {}
    has_items = False
    for name, value in _members("".join(decoded(response))):
        if name == "items":
            has_items = True
            yield (value if isinstance(value, dict) else {}), feed
        else:
            feed[name] = value
    if not has_items and "jsonfeed.org" not in str(feed.get("version")):
        raise UnreadableFeed("JSON, but no JSON Feed")


def _members(text: str) -> Iterator[tuple[str, Any]]:
    """Yield the members of the object; of `items` each one by itself."""
    at = text.index("{") + 1
    while (at := _after(text, at, BETWEEN)) < len(text) and text[at] != "}":
        name, at = _value(text, at)
        at = _after(text, at, COLON)
        if name != "items" or text[at : at + 1] != "[":
            value, at = _value(text, at)
            yield str(name), value
            continue
        at += 1
        while (at := _after(text, at, BETWEEN)) < len(text) and text[at] != "]":
            value, at = _value(text, at)
            yield "items", value
        at += 1
    if at >= len(text):
        raise UnreadableFeed("cut off before its end")


def _value(text: str, at: int) -> tuple[Any, int]:
    try:
        return decoder.raw_decode(text, at)
    except (ValueError, RecursionError) as error:
        raise UnreadableFeed(f"JSON that is broken or cut off ({error})") from None


def _after(text: str, at: int, pattern: re.Pattern[str]) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
