"""The picture that an article is shown with, and the caption that the page prints below it."""

import re
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

ADDRESSES = ("data-original", "data-src", "data-lazy-src", "data-srcset", "srcset", "src")
IS_CREDIT = contains_any(r"credit|copyright|photographer|source|sumber|kredit|byline|author|quelle|agency")
CREDIT_WORD = re.compile(
    r"^\W*(?:(?:foto|photo(?:graph)?|image|picture|bild|gambar|credits?|copyright|sumber|source|quelle"
    r"|crédit(?: photo)?|dok(?:umentasi)?|ilustrasi)\b\s?(?:by|oleh|von|par|:|/|©|\.)*\s*)+|^\s*©\s*",
    re.IGNORECASE,
)
# A size or a number of a rendition, at the end of a file's name: `pier-1200x800.jpg`, `pier_800.jpg`, `pier@2x.jpg`.
RENDITION = re.compile(r"(?:[-_@.](?:[0-9]{2,4}x[0-9]{2,4}|[0-9]{2,4}w?|scaled|large|medium|small|[23]x))+$")
EXTENSION = re.compile(r"\.(?:jpe?g|png|webp|avif|gif)$", re.IGNORECASE)
LEAST_NAME = 5  # characters of a file's name; `1.jpg` is of many pictures
MOST_FIGURES = 40  # that are looked at
MOST_PICTURES = 300
LONGEST_CAPTION = 600  # characters


def lead_image(parsed: ParsedPage) -> Candidate[Image] | None:
    """Return the lead image; its rule names where the address and where the caption were found.

    The caption is the outlet's selector's, else that of the figure which shows the same file, else what JSON-LD or
    og:image:alt say of the image: alternative texts are no captions, and are not read.
    """
    source = _source(parsed)
    url = absolute(source.value, parsed.page.url) if source else None
    line = parsed.selected_text("caption")
    caption, credit = split_credit(line.value) if line else (None, None)
    if not line and not parsed.rules.publisher and url and (shown := _shown(parsed, url)):
        caption, credit = shown.value
        line = Candidate(caption or "", shown.rule)
    if not line and (said := _described(parsed)):
        caption, credit = said.value
        line = Candidate(caption or "", said.rule)
    rule = " + ".join(part.rule for part in (source if url else None, line) if part)
    return Candidate(Image(url, caption, credit), rule) if rule else None


def _source(parsed: ParsedPage) -> Candidate[str] | None:
    """Return the address of the image; of JSON-LD's not one that is the page's own, as an `@id` may be."""
    in_ld = json_ld.text(_node(parsed), "image", "url", "contentUrl", "@id")
    is_page = in_ld is not None and _is_page(in_ld.value, parsed.page.url)
    return (
        (in_ld if not is_page else None)
        or meta.content(parsed.meta, "og:image", "og:image:url", "twitter:image")
        or selectors.attribute(
            parsed.root, parsed.rules.selectors.get("image"), "data-original", "data-src", "src",
            classes=parsed.elements_by_class,
        )
    )  # fmt: skip


def _is_page(address: str, url: str) -> bool:
    whole = absolute(address, url)
    return whole is not None and (same_page(whole, url) or urlsplit(whole).path in ("", "/"))


def _node(parsed: ParsedPage) -> json_ld.Node:
    """Return JSON-LD's article with the objects that its image names only by their `@id`."""
    images = parsed.json_ld_article.get("image")
    named = {
        str(one["@id"]): one for one in parsed.json_ld_objects if "@id" in one and (one.keys() & {"url", "contentUrl"})
    }
    ones: list[Any] = images if isinstance(images, list) else [images]
    whole = [named.get(str(one["@id"]), one) if _is_reference(one) else one for one in ones[:MOST_FIGURES]]
    return {**parsed.json_ld_article, "image": whole}


def _is_reference(one: Any) -> bool:
    return isinstance(one, dict) and "@id" in one and not one.keys() & {"url", "contentUrl"}


def _described(parsed: ParsedPage) -> Candidate[tuple[str | None, str | None]] | None:
    """Return caption and credit that JSON-LD gives the image."""
    said = _node(parsed)["image"]
    image = next((one for one in said if isinstance(one, dict)), {})
    caption = next(iter(json_ld.texts_of(image.get("caption"))), None)
    if not caption or len(caption) > LONGEST_CAPTION or EXTENSION.search(caption):
        return None
    text, credit = split_credit(caption)
    credit = credit or next(iter(json_ld.texts_of(image.get("creditText"), "name")), None)
    return Candidate((text, credit), "json_ld:ImageObject.caption") if text != _headline(parsed) else None


def _headline(parsed: ParsedPage) -> str | None:
    said = json_ld.headline(parsed.json_ld_article)
    return said.value if said else None


def _shown(parsed: ParsedPage, url: str) -> Candidate[tuple[str | None, str | None]] | None:
    """Return caption and credit of the first figure that shows the file; None where none does or it has no caption."""
    name = _file(url)
    for figure in islice(parsed.root.iter("figure"), MOST_FIGURES):
        if parsed.is_aside(figure) or not _shows(figure, name):
            continue
        line = next(figure.iter("figcaption"), None)
        return _caption(line) if line is not None else None
    return None


def _file(url: str) -> str:
    """Return the name of a picture's file without size and type."""
    last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2].lower()
    return RENDITION.sub("", EXTENSION.sub("", last))


def _shows(figure: etree._Element, name: str) -> bool:
    addresses = (picture.get(one) for picture in islice(figure.iter("img", "source"), 9) for one in ADDRESSES)
    if len(name) < LEAST_NAME:
        return False
    return any(name in unquote(address[:2000]).lower() for address in addresses if address)


def _caption(line: etree._Element) -> Candidate[tuple[str | None, str | None]] | None:
    """Return a figcaption's text without the credit, which an element of its own or its last words give."""
    whole = selectors.spaced_text_of(line)
    if not whole or len(whole) > LONGEST_CAPTION:
        return None
    apart = next((one for one in islice(line.iterdescendants(), 20) if IS_CREDIT(one.get("class") or "")), None)
    named = selectors.spaced_text_of(apart) if apart is not None else ""
    caption, credit = split_credit(whole.replace(named, " ", 1)) if named != whole else (None, None)
    return Candidate((caption, clean(CREDIT_WORD.sub("", named)).strip(" .()") or credit), "css:figcaption")
