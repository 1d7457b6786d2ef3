"""The article's lead image, with its caption and credit."""

import re
from collections.abc import Mapping, Set
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from scrapers.extract.candidate import Candidate, present
from scrapers.extract.dom.links import absolute, same_page
from scrapers.extract.layers import json_ld, meta, selectors
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.clean import contains_any
from scrapers.extract.text.picture_credits import MAX_CREDIT_LENGTH, credit_name, split_picture_credit
from scrapers.items import Image

SOURCE_ATTRIBUTES = ("data-original", "data-src", "data-lazy-src", "data-srcset", "srcset", "src")
IS_CREDIT = contains_any(r"credit|copyright|photographer|source|sumber|kredit|byline|author|quelle|agency")
# The size or scale at the end of a file's name: `pier-1200x800.jpg`, `pier_800.jpg`, `pier@2x.jpg`.
RENDITION = re.compile(r"(?:[-_@.](?:[0-9]{2,4}x[0-9]{2,4}|[0-9]{2,4}w?|scaled|large|medium|small|[23]x))+$")
NAMES_CAPTION = contains_any(r"caption")
EXTENSION = re.compile(r"\.(?:jpe?g|png|webp|avif|gif)$", re.IGNORECASE)
# Names of files that stand in for a picture: `og-default.png`, `kabarkota_logo.png`, WordPress's `blank.jpg`.
STAND_IN = frozenset({"logo", "default", "blank", "placeholder", "favicon", "icon", "avatar", "blavatar", "gravatar"})
BESIDE_STAND_IN = frozenset({
    "og", "opengraph", "ogimage", "image", "images", "img", "fb", "facebook", "twitter", "social", "share", "sharing",
    "banner", "card", "site", "apple", "touch", "large", "small", "square", "white", "black", "color", "new", "v",
})  # fmt: skip
WORD = re.compile(r"[^\W\d_]+")
LOST_SLASH = re.compile(r"^(https?):/(?!/)", re.IGNORECASE)  # `http:/img.example.org/a.jpg`, as some templates join it
AVATAR_HOST = re.compile(r"(?:^|\.)gravatar\.com$")
MIN_FILE_NAME_LENGTH = 5  # characters; many pictures are called `1.jpg`
MAX_FIGURES = 40  # that are examined
MAX_SOURCES = 9  # img and source elements of a figure that are examined
MAX_CAPTION_LENGTH = 600  # characters
MIN_PROSE_LENGTH = 120  # of a paragraph; a standfirst above the lead picture may be one
MAX_LEADS = 1  # such paragraphs between the headline and its picture
NOT_BESIDE = ("a", "aside", "figure", "footer", "nav")  # in which no lead picture stands
FIGURE_TAGS = ("figure", "h1", "p")
ALL_LEAD_TAGS = (*FIGURE_TAGS, "div", "em", "small", "span")  # where an element may be named a caption
CAPTION_MARK = b"aption"
MAX_DISTANCE = 3  # elements from a caption to the one that also holds its picture
MAX_ELEMENTS = 5000  # that are examined

Caption = tuple[str | None, str | None]  # with the credit


def find_lead_image(parsed: ParsedPage) -> Candidate[Image] | None:
    """Return the lead image; its rule names the sources of the address and of the caption.

    The caption comes from the outlet's selector, else from the figure that shows the same file, else from JSON-LD's
    image, else from the figure beside the headline, whose file may be another crop. A credit that is missing there is
    JSON-LD's. Alternative texts are not captions, and are not read.
    """
    source = _find_source(parsed)
    url = absolute(LOST_SLASH.sub(r"\1://", source.value), parsed.page.url) if source else None
    caption = _find_caption(parsed, url)
    rule = " + ".join(part.rule for part in (source if url else None, caption) if part)
    return Candidate(Image(url, *(caption.value if caption else (None, None))), rule) if rule else None


def _find_caption(parsed: ParsedPage, url: str | None) -> Candidate[Caption] | None:
    if selected := parsed.selected_text("caption"):
        return Candidate(split_picture_credit(selected.value), selected.rule)
    is_unknown = not parsed.rules.publisher
    in_figure = _figure_caption(parsed, url) if url and is_unknown else None
    declared = _json_ld_caption(parsed)
    caption = in_figure or (declared if declared and declared.value[0] else None)
    caption = caption or (_caption_beside_headline(parsed) if is_unknown else None) or declared
    if caption and declared and not caption.value[1] and declared.value[1]:
        return Candidate((caption.value[0], declared.value[1]), f"{caption.rule} + json_ld:ImageObject.creditText")
    return caption


def _find_source(parsed: ParsedPage) -> Candidate[str] | None:
    """Return the image's address, without one that is the page's own, as an `@id` may be, or a stand-in's."""
    css = parsed.rules.selectors.get("image")
    declared = json_ld.text(_node_with_images(parsed), "image", "url", "contentUrl", "@id")
    in_meta = meta.content(parsed.meta, "og:image", "og:image:url", "twitter:image")
    for source in present(declared, in_meta):
        if not _is_page(source.value, parsed.page.url) and not _is_stand_in(source.value, parsed.site_names):
            return source
    return selectors.attribute(parsed.root, css, "data-original", "data-src", "src", classes=parsed.elements_by_class)


def _is_stand_in(address: str, site_names: Set[str]) -> bool:
    """Return whether a file's name says nothing but that it is the site's logo or a default picture."""
    words = set(WORD.findall(_file_stem(address)))
    names = words - STAND_IN - BESIDE_STAND_IN
    is_of_site = all(len(name) > 1 and any(name in site for site in site_names) for name in names)
    return bool(words & STAND_IN and is_of_site) or bool(AVATAR_HOST.search(urlsplit(address).hostname or ""))


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
    """Return the caption and credit of JSON-LD's image; the caption is None where it is too long or a file name."""
    images = _node_with_images(parsed)["image"]
    image = next((image for image in images if isinstance(image, dict)), {})
    caption = next(iter(json_ld.texts_of(image.get("caption"))), "")
    is_usable = len(caption) <= MAX_CAPTION_LENGTH and not EXTENSION.search(caption) and caption != _headline(parsed)
    text, credit = split_picture_credit(caption) if is_usable else (None, None)
    declared = (*json_ld.texts_of(image.get("creditText"), "name"), *json_ld.texts_of(image.get("creator"), "name"))
    credit = credit or next((credit_name(name) for name in declared if len(name) <= MAX_CREDIT_LENGTH), None)
    is_declared = (text and text != _headline(parsed)) or credit
    return Candidate((text, credit), "json_ld:ImageObject.caption") if is_declared else None


def _headline(parsed: ParsedPage) -> str | None:
    headline = json_ld.headline(parsed.json_ld_article)
    return headline.value if headline else None


def _figure_caption(parsed: ParsedPage, url: str) -> Candidate[Caption] | None:
    """Return the caption and credit of the first figure that shows the file; None where it has none."""
    name = _file_stem(url)
    for figure in islice(parsed.root.iter("figure"), MAX_FIGURES):
        if _may_be_lead(figure) and _shows(figure, name):
            return _caption_in(figure)
    return None


def _caption_beside_headline(parsed: ParsedPage) -> Candidate[Caption] | None:
    """Return the caption of the first picture below the headline, or else right above it, before the story's prose."""
    above: Candidate[Caption] | None = None
    paragraphs, is_below = 0, False
    tags = ALL_LEAD_TAGS if CAPTION_MARK in parsed.page.body else FIGURE_TAGS
    for element in islice(parsed.root.iter(*tags), MAX_ELEMENTS):
        if element.tag == "h1":
            above, is_below, paragraphs = (None if paragraphs else above), True, 0
        elif element.tag == "p" and len(selectors.text_of(element)) >= MIN_PROSE_LENGTH:
            paragraphs += 1
        elif caption := _caption_at(element):
            if is_below:
                return caption
            above, paragraphs = caption, 0
        if is_below and paragraphs > MAX_LEADS:
            break
    return above if is_below else None


def _caption_at(element: etree._Element) -> Candidate[Caption] | None:
    """Return the caption that the element is or, as a figure, holds; None for that of a video or of a card."""
    if element.tag == "figure":
        return _caption_in(element) if _may_be_lead(element) and _holds_picture(element) else None
    if not NAMES_CAPTION(element.get("class") or ""):
        return None
    around = islice(element.iterancestors(), MAX_DISTANCE)
    return _caption_of(element) if _may_be_lead(element) and any(map(_holds_picture, around)) else None


def _may_be_lead(element: etree._Element) -> bool:
    return next(element.iterancestors(*NOT_BESIDE), None) is None


def _holds_picture(element: etree._Element) -> bool:
    return next(element.iter("img", "picture"), None) is not None and next(element.iter("h1", "video"), None) is None


def _caption_in(figure: etree._Element) -> Candidate[Caption] | None:
    """Return the caption in a figure: its figcaption, else an element that is called so, else all its text."""
    figcaption = next(figure.iter("figcaption"), None)
    if figcaption is None:
        descendants = islice(figure.iterdescendants("div", "p", "span"), MAX_SOURCES)
        figcaption = next((child for child in descendants if NAMES_CAPTION(child.get("class") or "")), figure)
    return _caption_of(figcaption)


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
    if not WORD.search(text) or len(text) > MAX_CAPTION_LENGTH:  # `5` is a slide's number
        return None
    descendants = islice(figcaption.iterdescendants(), 20)
    element = next((descendant for descendant in descendants if IS_CREDIT(descendant.get("class") or "")), None)
    credit_text = selectors.spaced_text_of(element) if element is not None else ""
    if not credit_text:
        return Candidate(split_picture_credit(text), "css:figcaption")
    caption, credit = split_picture_credit(text.replace(credit_text, " ", 1)) if credit_text != text else (None, None)
    return Candidate((caption, credit_name(credit_text) or credit), "css:figcaption")
