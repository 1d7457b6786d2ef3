"""Putting in place what a page streams: React sends a part that is late at the page's end, and a script moves it.

https://react.dev/reference/react-dom/server/renderToPipeableStream: `<template id="B:0">` is the place of
`<div hidden id="S:0">`.
"""

import re
from typing import cast

from lxml import etree

PART_ID = re.compile(r"[SB]:[0-9a-f]{1,6}")
PARTS = etree.XPath("descendant::*[starts-with(@id, 'S:') or starts-with(@id, 'B:')]")


def place_streamed(root: etree._Element) -> None:
    """Move each streamed part to its place in the tree; one without a place follows the part before it."""
    found = cast("list[etree._Element]", PARTS(root))
    parts = {element.get("id"): element for element in found if PART_ID.fullmatch(element.get("id") or "")}
    previous: etree._Element | None = None
    for name, part in parts.items():
        if not name or not name.startswith("S:"):
            continue
        place = parts.get(f"B:{name[2:]}")
        if place is not None and part not in place.iterancestors():
            _move(part, place)
        elif previous is not None and part not in previous.iterancestors():
            _move(part, previous)
        part.attrib.pop("hidden", "")
        previous = part


def _move(part: etree._Element, place: etree._Element) -> None:
    """Move an element behind another; the text behind it stays where it is."""
    tail, parent, before = part.tail, part.getparent(), part.getprevious()
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail and parent is not None:
        parent.text = (parent.text or "") + tail
    part.tail, place.tail = place.tail, None
    place.addnext(part)
