"""The article's lead image, with its caption and credit."""

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from scrapers.extract.candidate import Candidate
from scrapers.extract.dom.links import absolute, same_page
from scrapers.extract.layers import json_ld, meta, selectors
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.bylines import split_credit
from scrapers.extract.text.clean import clean, contains_any
from scrapers.items import Image

SOURCE_ATTRIBUTES = ("data-original", "data-src", "data-lazy-src", "data-srcset", "srcset", "src")
IS_CREDIT = contains_any(r"credit|copyright|photographer|source|sumber|kredit|byline|author|quelle|agency")
CREDIT_WORD = re.compile(
    r"^\W*(?:(?:foto|photo(?:graph)?|image|picture|bild|gambar|credits?|copyright|sumber|source|quelle"
    r"|crédit(?: photo)?|dok(?:umentasi)?|ilustrasi)\b\s?(?:by|oleh|von|par|:|/|©|\.)*\s*)+|^\s*©\s*",
    re.IGNORECASE,
)
# The size or scale at the end of a file's name: `pier-1200x800.jpg`, `pier_800.jpg`, `pier@2x.jpg`.
RENDITION = re.compile(r"(?:[-_@.](?:[0-9]{2,4}x[0-9]{2,4}|[0-9]{2,4}w?|scaled|large|medium|small|[23]x))+$")
EXTENSION = re.compile(r"\.(?:jpe?g|png|webp|avif|gif)$", re.IGNORECASE)
MIN_FILE_NAME_LENGTH = 5  # characters; many pictures are called `1.jpg`
MAX_FIGURES = 40  # that are examined
MAX_SOURCES = 9  # img and source elements of a figure that are examined
MAX_CAPTION_LENGTH = 600  # characters

Caption = tuple[str | None, str | None]  # with the credit


def find_lead_image(parsed: ParsedPage) -> Candidate[Image] | None:
    """Return the lead image; its rule names the sources of the address and of the caption.

    The caption comes from the outlet's selector, else from the figure that shows the same file, else from JSON-LD's
    image. Alternative texts are not captions, and are not read.
    """
    source = _find_source(parsed)
    url = absolute(source.value, parsed.page.url) if source else None
    caption = _find_caption(parsed, url)
    rule = " + ".join(part.rule for part in (source if url else None, caption) if part)
    return Candidate(Image(url, *(caption.value if caption else (None, None))), rule) if rule else None


def _find_caption(parsed: ParsedPage, url: str | None) -> Candidate[Caption] | None:
    if selected := parsed.selected_text("caption"):
        return Candidate(split_credit(selected.value), selected.rule)
    in_figure = _figure_caption(parsed, url) if url and not parsed.rules.publisher else None
    return in_figure or _json_ld_caption(parsed)


def _find_source(parsed: ParsedPage) -> Candidate[str] | None:
    """Return the image's address, without one in JSON-LD that is the page's own, as an `@id` may be."""
    declared = json_ld.text(_node_with_images(parsed), "image", "url", "contentUrl", "@id")
    css = parsed.rules.selectors.get("image")
    return (
        (declared if declared and not _is_page(declared.value, parsed.page.url) else None)
        or meta.content(parsed.meta, "og:image", "og:image:url", "twitter:image")
        or selectors.attribute(parsed.root, css, "data-original", "data-src", "src", classes=parsed.elements_by_class)
    )


def _is_page(address: str, url: str) -> bool:
    absolute_url = absolute(address, url)
    return absolute_url is not None and (same_page(absolute_url, url) or urlsplit(absolute_url).path in ("", "/"))


def _node_with_images(parsed: ParsedPage) -> json_ld.Node:
    """Return the article's JSON-LD node, with the nodes of images that it names only by `@id`."""
    images = parsed.json_ld_article.get("image")
    images_by_id = {str(node["@id"]): node for node in parsed.json_ld_objects if "@id" in node and _has_address(node)}
    values: list[Any] = images if isinstance(images, list) else [images]
    return {**parsed.json_ld_article, "image": [_resolve(value, images_by_id) for value in values[:MAX_FIGURES]]}


def _resolve(value: Any, images_by_id: Mapping[str, json_ld.Node]) -> Any:
    """Return the image that a node without an address refers to by its `@id`; anything else as it is."""
    is_reference = isinstance(value, dict) and "@id" in value and not _has_address(value)
    return images_by_id.get(str(value["@id"]), value) if is_reference else value


def _has_address(node: json_ld.Node) -> bool:
    return not node.keys().isdisjoint(("url", "contentUrl"))


def _json_ld_caption(parsed: ParsedPage) -> Candidate[Caption] | None:
    """Return the caption and credit of JSON-LD's image; None where the caption is empty, too long or a file name."""
    images = _node_with_images(parsed)["image"]
    image = next((image for image in images if isinstance(image, dict)), {})
    caption = next(iter(json_ld.texts_of(image.get("caption"))), None)
    if not caption or len(caption) > MAX_CAPTION_LENGTH or EXTENSION.search(caption):
        return None
    text, credit = split_credit(caption)
    credit = credit or next(iter(json_ld.texts_of(image.get("creditText"), "name")), None)
    return Candidate((text, credit), "json_ld:ImageObject.caption") if text != _headline(parsed) else None


def _headline(parsed: ParsedPage) -> str | None:
    headline = json_ld.headline(parsed.json_ld_article)
    return headline.value if headline else None


def _figure_caption(parsed: ParsedPage, url: str) -> Candidate[Caption] | None:
    """Return the caption and credit of the first figure that shows the file; None where it has none."""
    name = _file_stem(url)
    for figure in islice(parsed.root.iter("figure"), MAX_FIGURES):
        if parsed.is_aside(figure) or not _shows(figure, name):
            continue
        figcaption = next(figure.iter("figcaption"), None)
        return _caption_of(figcaption) if figcaption is not None else None
    return None


def _file_stem(url: str) -> str:
    """Return the name of an image file without size and extension."""
    file_name = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2].lower()
    return RENDITION.sub("", EXTENSION.sub("", file_name))


def _shows(figure: etree._Element, name: str) -> bool:
    if len(name) < MIN_FILE_NAME_LENGTH:
        return False
    pictures = islice(figure.iter("img", "source"), MAX_SOURCES)
    addresses = (picture.get(attribute) for picture in pictures for attribute in SOURCE_ATTRIBUTES)
    return any(name in unquote(address[:2000]).lower() for address in addresses if address)


def _caption_of(figcaption: etree._Element) -> Candidate[Caption] | None:
    """Return a figcaption's text, and the credit in an element of its own or in the last words."""
    text = selectors.spaced_text_of(figcaption)
    if not text or len(text) > MAX_CAPTION_LENGTH:
        return None
    descendants = islice(figcaption.iterdescendants(), 20)
    element = next((descendant for descendant in descendants if IS_CREDIT(descendant.get("class") or "")), None)
    credit_text = selectors.spaced_text_of(element) if element is not None else ""
    caption, credit = split_credit(text.replace(credit_text, " ", 1)) if credit_text != text else (None, None)
    return Candidate((caption, clean(CREDIT_WORD.sub("", credit_text)).strip(" .()") or credit), "css:figcaption")
