"""The pictures inside an article's body."""

from collections.abc import Iterator, Set

from lxml import etree

from scrapers.extract.dom.links import absolute
from scrapers.extract.layers import selectors
from scrapers.extract.text.bylines import split_credit
from scrapers.extract.text.clean import contains_any
from scrapers.items import Image

SOURCES = ("data-original", "data-src", "data-lazy-src", "src")  # of lazy pictures src is a placeholder
SETS = ("data-srcset", "srcset")
NO_STORY = frozenset({"aside", "button", "footer", "form", "nav"})
NO_PICTURE = contains_any(
    r"(?:^|[\W_])(?:ads?|avatar|author|banner|emoji|icons?|logos?|pixel|placeholder|related|share|social|spacer"
    r"|tracker|tracking|promo|sponsor|widget)(?:$|[\W_])|\.svg\b|\.gif\b"
)
LEAST_SIZE = 100  # pixels of a side; icons and trackers are smaller
MOST_IMAGES = 100
MOST_ABOVE = 50  # elements around a picture that are looked at


def inline_images(body: etree._Element, unwanted: Set[etree._Element], base: str) -> tuple[Image, ...]:
    """Return the pictures in the body's subtree, each once, without icons, advertisements and trackers.

    `base` is the page's address.
    """
    found: dict[str, Image] = {}
    for picture in body.iter("img"):
        if len(found) == MOST_IMAGES:
            break
        url = _url(picture, base)
        if url and url not in found and _is_of_story(picture, body, unwanted):
            found[url] = Image(url, *split_credit(_caption(picture, body)))
    return tuple(found.values())


def _url(picture: etree._Element, base: str) -> str | None:
    """Return the picture's absolute address; None for what is told to be no picture of a story."""
    marks = f"{picture.get('class') or ''} {picture.get('id') or ''}"
    if NO_PICTURE(marks) or any(_is_small(picture.get(side)) for side in ("width", "height")):
        return None
    for source in _sources(picture):
        address = absolute(source, base) if source and not source.startswith("data:") else None
        if address:
            return None if NO_PICTURE(address) else address
    return None


def _sources(picture: etree._Element) -> Iterator[str]:
    """Yield the addresses that its attributes give, the real before the placeholder's, the largest of a set."""
    yield from filter(None, map(picture.get, SOURCES[:-1]))
    for name in SETS:
        entries = [entry.split() for entry in (picture.get(name) or "").split(", ")[:20]]
        if sizes := [(_size(entry), entry[0]) for entry in entries if entry]:
            yield max(sizes)[1]
    yield picture.get("src") or ""


def _size(entry: list[str]) -> int:
    """Return the width or density of an entry of a srcset, such as `a.jpg 1200w`."""
    digits = entry[-1][:-1]
    return int(digits) if len(entry) > 1 and digits.isdecimal() and len(digits) < 6 else 0


def _is_small(size: str | None) -> bool:
    digits = (size or "").removesuffix("px")
    return digits.isdecimal() and len(digits) < 6 and int(digits) < LEAST_SIZE


def _is_of_story(picture: etree._Element, body: etree._Element, unwanted: Set[etree._Element]) -> bool:
    """Return whether nothing between the picture and the body is known to be of something else."""
    above = [picture, *_between(picture, body)]
    return not any(
        element in unwanted
        or element.tag in NO_STORY
        or NO_PICTURE(f"{element.get('class') or ''} {element.get('id') or ''}")
        for element in above
    )


def _between(element: etree._Element, outer: etree._Element) -> Iterator[etree._Element]:
    for _, above in zip(range(MOST_ABOVE), element.iterancestors(), strict=False):
        if above is outer:
            return
        yield above


def _caption(picture: etree._Element, body: etree._Element) -> str:
    """Return the text of the figcaption of the figure around the picture, or of the em element after it."""
    figure = next((above for above in _between(picture, body) if above.tag == "figure"), None)
    line = figure.find(".//figcaption") if figure is not None else picture.getnext()
    if line is None or (figure is None and line.tag != "em"):
        return ""
    return selectors.text_of(line)
