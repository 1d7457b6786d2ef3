"""The pictures in an article's body."""

from collections.abc import Iterator, Set

from lxml import etree

from scrapers.extract.dom.links import absolute
from scrapers.extract.layers import selectors
from scrapers.extract.text.bylines import split_credit
from scrapers.extract.text.clean import contains_any
from scrapers.items import Image

SOURCE_ATTRIBUTES = (
    "data-original",
    "data-src",
    "data-lazy-src",
    "src",
)  # src of a lazily loaded picture is a placeholder
SRCSET_ATTRIBUTES = ("data-srcset", "srcset")
CLUTTER_TAGS = frozenset({"aside", "button", "footer", "form", "nav"})
IS_NO_PICTURE = contains_any(
    r"(?:^|[\W_])(?:ads?|avatar|author|banner|emoji|icons?|logos?|pixel|placeholder|related|share|social|spacer"
    r"|tracker|tracking|promo|sponsor|widget)(?:$|[\W_])|\.svg\b|\.gif\b"
)
MIN_SIDE = 100  # pixels; icons and tracking pixels are smaller
MAX_IMAGES = 100
MAX_ANCESTORS = 50  # of a picture that are examined


def find_images(body: etree._Element, unwanted: Set[etree._Element], base: str) -> tuple[Image, ...]:
    """Return the pictures in the body's subtree without duplicates, icons, advertisements and tracking pixels.

    `base` is the page's address.
    """
    images: dict[str, Image] = {}
    for picture in body.iter("img"):
        if len(images) == MAX_IMAGES:
            break
        url = _url(picture, base)
        if url and url not in images and _is_of_story(picture, body, unwanted):
            images[url] = Image(url, *split_credit(_caption(picture, body)))
    return tuple(images.values())


def _url(picture: etree._Element, base: str) -> str | None:
    """Return the picture's absolute address; None where its attributes mark it as no picture of the story."""
    marks = f"{picture.get('class') or ''} {picture.get('id') or ''}"
    if IS_NO_PICTURE(marks) or any(_is_small(picture.get(side)) for side in ("width", "height")):
        return None
    for source in _sources(picture):
        address = absolute(source, base) if source and not source.startswith("data:") else None
        if address:
            return None if IS_NO_PICTURE(address) else address
    return None


def _sources(picture: etree._Element) -> Iterator[str]:
    """Yield the addresses in the picture's attributes, the largest of a srcset, and `src` last."""
    yield from filter(None, map(picture.get, SOURCE_ATTRIBUTES[:-1]))
    for name in SRCSET_ATTRIBUTES:
        entries = [entry.split() for entry in (picture.get(name) or "").split(", ")[:20]]
        if sizes := [(_size(entry), entry[0]) for entry in entries if entry]:
            yield max(sizes)[1]
    yield picture.get("src") or ""


def _size(entry: list[str]) -> int:
    """Return the width or density in a srcset entry, such as `a.jpg 1200w`; 0 where it has none."""
    digits = entry[-1][:-1]
    return int(digits) if len(entry) > 1 and digits.isdecimal() and len(digits) < 6 else 0


def _is_small(size: str | None) -> bool:
    digits = (size or "").removesuffix("px")
    return digits.isdecimal() and len(digits) < 6 and int(digits) < MIN_SIDE


def _is_of_story(picture: etree._Element, body: etree._Element, unwanted: Set[etree._Element]) -> bool:
    """Return whether neither the picture nor an element between it and the body is unwanted or clutter."""
    elements = [picture, *_between(picture, body)]
    return not any(
        element in unwanted
        or element.tag in CLUTTER_TAGS
        or IS_NO_PICTURE(f"{element.get('class') or ''} {element.get('id') or ''}")
        for element in elements
    )


def _between(element: etree._Element, outer: etree._Element) -> Iterator[etree._Element]:
    for _, ancestor in zip(range(MAX_ANCESTORS), element.iterancestors(), strict=False):
        if ancestor is outer:
            return
        yield ancestor


def _caption(picture: etree._Element, body: etree._Element) -> str:
    """Return the text of the figcaption in the figure around the picture, or of an em element right after it."""
    figure = next((ancestor for ancestor in _between(picture, body) if ancestor.tag == "figure"), None)
    caption = figure.find(".//figcaption") if figure is not None else picture.getnext()
    if caption is None or (figure is None and caption.tag != "em"):
        return ""
    return selectors.text_of(caption)
