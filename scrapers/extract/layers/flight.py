"""The elements in the data that Next.js' app router sends for a page that a script renders.

The data is a stream of rows, `ID:VALUE`, cut into pieces that scripts push. An element is `["$", tag, key, props]`, and
`$LID` or `$ID` stands for the value of another row:
https://github.com/facebook/react/blob/main/packages/react-client/src/ReactFlightClient.js
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lxml import etree

from scrapers.extract.dom.tree import PARSER

PUSH = re.compile(r"__next_f\s?\.push\(\s?\[\s?1\s?,\s?(?=\")")
ROW = re.compile(rb"([0-9a-f]{1,6}):(?:T([0-9a-f]{1,6}),)?")
REFERENCE = re.compile(r"\$L?([0-9a-f]{1,6})")
TAG = re.compile(r"[a-z][a-z0-9]{0,20}")
NOT_IN_XML = re.compile("[^\\t\\n\\r\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DECODER = json.JSONDecoder(strict=False)
MAX_LENGTH = 5_000_000  # bytes of all rows
MAX_ELEMENTS = 20_000
MAX_DEPTH = 250  # of elements and the rows that they refer to


def rows(scripts: Iterable[str]) -> dict[str, Any]:
    """Return the values of the rows that the scripts push, by id, in order."""
    data = "".join(_pieces(scripts)).encode("utf-8", "replace")[:MAX_LENGTH]
    values: dict[str, Any] = {}
    position = 0
    while match := ROW.match(data, position):
        end = match.end() + int(match[2], 16) if match[2] else _end_of_line(data, match.end())
        text = data[match.end() : end].decode("utf-8", "replace")
        values[match[1].decode()] = text if match[2] else _value(text)
        position = end if match[2] else end + 1
    return values


def _pieces(scripts: Iterable[str]) -> Iterator[str]:
    for script in scripts:
        for push in PUSH.finditer(script) if "__next_f" in script else ():
            try:
                yield str(DECODER.raw_decode(script, push.end())[0])
            except ValueError:
                continue


def _end_of_line(data: bytes, start: int) -> int:
    end = data.find(b"\n", start)
    return end if end >= 0 else len(data)


def _value(text: str) -> Any:
    try:
        return DECODER.decode(text)
    except (ValueError, RecursionError):  # a module or a hint
        return None


def element_tree(values: Mapping[str, Any]) -> etree._Element | None:
    """Return the elements in the rows as one tree; None where there are none."""
    builder = _Builder(values)
    for name in values:
        if name not in builder.used:
            builder.add(builder.root, values[name], 0)
    return builder.root if len(builder.root) else None


class _Builder:
    """Turns the values of rows into elements."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.root = etree.Element("body")
        self.used: set[str] = set()
        self._values = values
        self._left = MAX_ELEMENTS

    def add(self, parent: etree._Element, value: Any, depth: int) -> None:
        """Append what a value stands for to the parent: text, elements, or nothing."""
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            return
        if isinstance(value, str):
            self._add_text(parent, value, depth)
        elif isinstance(value, list) and len(value) > 3 and value[0] == "$":
            self._add_element(parent, value, depth)
        elif isinstance(value, list):
            for child in value:
                self.add(parent, child, depth + 1)

    def _add_text(self, parent: etree._Element, text: str, depth: int) -> None:
        if reference := REFERENCE.fullmatch(text):
            if reference[1] in self._values:
                self.used.add(reference[1])
                self.add(parent, self._values[reference[1]], depth + 1)
        elif depth and not text.startswith("$"):  # a row that is only text is no content of its own
            _append_text(parent, text)

    def _add_element(self, parent: etree._Element, value: list[Any], depth: int) -> None:
        tag, props = value[1], value[3] if isinstance(value[3], dict) else {}
        is_tag = isinstance(tag, str) and TAG.fullmatch(tag)
        element = etree.SubElement(parent, tag if is_tag else "div")
        for name, attribute in (("className", "class"), ("id", "id"), ("href", "href")):
            if isinstance(props.get(name), str) and props[name].isprintable():
                element.set(attribute, props[name])
        markup = props.get("dangerouslySetInnerHTML")
        if isinstance(markup, dict):
            self._add_markup(element, markup.get("__html"))
        self.add(element, props.get("children"), depth + 1)

    def _add_markup(self, element: etree._Element, markup: Any) -> None:
        if isinstance(markup, str) and (reference := REFERENCE.fullmatch(markup)):
            markup = self._values.get(reference[1])
        if isinstance(markup, str) and element.tag not in ("script", "style"):
            parsed = etree.fromstring(f"<div>{markup}</div>".encode("utf-8", "replace"), PARSER)
            element.extend([] if parsed is None else list(parsed))


def _append_text(parent: etree._Element, text: str) -> None:
    text = NOT_IN_XML.sub("", text)
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
