"""Parsing a page's bytes into an lxml tree, in the page's charset."""

from functools import lru_cache

from lxml import etree
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from scrapers.errors import NotAnArticle
from scrapers.extract.dom.charsets import detect_charset, python_charset
from scrapers.extract.page import Page
from scrapers.items import Charset

MAX_ELEMENTS = 100_000  # take some seconds; articles have a few thousand
MAX_TAGS = 3 * MAX_ELEMENTS  # start and end tags, also in scripts
IS_TOO_LARGE = etree.XPath(f"boolean(/descendant::*[{MAX_ELEMENTS + 1}])")
# Nothing here looks up ids, so no index of them is built.
PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False)
CHARSET_SCAN_BYTES = 4096  # of the beginning, where pages declare their charset


def charset_of(page: Page) -> Charset:
    """Return the charset to read the page in, and those that its HTTP header and the page itself declare."""
    header = _header_charset(page.content_type)
    declared = python_charset(_declared_charset(page.body))
    return Charset(detect_charset(page.body, (header, declared)), header, declared)


@lru_cache(maxsize=256)  # all pages of an outlet send the same header
def _header_charset(content_type: str | None) -> str | None:
    return python_charset(http_content_type_encoding(content_type))


def decode(page: Page, charset: str | None = None) -> str:
    """Return the page's text, decoded with `charset` or its detected charset; undecodable bytes become U+FFFD."""
    bom = read_bom(page.body)[1] or b""
    return page.body[len(bom) :].decode(charset or charset_of(page).used, "replace")


def _declared_charset(body: bytes) -> str | None:
    """Return the charset in the page's markup; a declaration readable as ASCII can't be UTF-16, so it means UTF-8."""
    head = body[:CHARSET_SCAN_BYTES]
    at = head.lower().find(b"charset")
    if at < 0 and not head.lstrip().startswith(b"<?xml"):
        return None
    # Scanning the whole head is slow; the first tag that contains the word is nearly always the declaration.
    tag = head[head.rfind(b"<", 0, at) : head.find(b">", at) + 1] if at > 0 else b""
    declared = _tag_charset(tag) or html_body_declared_encoding(head)
    return "utf-8" if declared and declared.startswith(("utf-16", "utf-32")) else declared


@lru_cache(maxsize=256)  # pages declare it in a few ways
def _tag_charset(tag: bytes) -> str | None:
    return html_body_declared_encoding(tag)


def parse(page: Page, charset: str | None = None) -> etree._Element:
    """Return the root of the page's tree without comments, read in `charset` or the detected charset.

    libxml2 drops what is nested deeper than 2048 levels (256 without huge_tree); such a page is parsed by
    BeautifulSoup, and its deepest elements become siblings. Raises NotAnArticle: `empty_page` where there is no
    element, `too_large` above 100,000 elements, `too_deep` for such a page that is also nested too deeply.
    """
    charset = charset or charset_of(page).used
    markup = _as_utf8(page, charset)
    # Before parsing, which takes a hundred times the memory.
    if len(markup) > MAX_TAGS and markup.count(b"<") > MAX_TAGS:
        raise _too_large_error(page)
    root, errors = _tree(markup)
    if etree.ErrorTypes.ERR_INVALID_ENCODING in errors:  # let Python's decoder replace them
        root, errors = _tree(decode(page, charset).encode("utf-8", "replace"))
    if etree.ErrorTypes.ERR_RESOURCE_LIMIT in errors:
        if markup.count(b"<") > MAX_ELEMENTS:
            raise NotAnArticle("too_deep", f"{page.url} nests elements deeper than can be read")
        from scrapers.extract.dom.deep_nesting import (
            parse_deeply_nested,  # BeautifulSoup is slow to import and rarely needed
        )

        root = parse_deeply_nested(decode(page, charset).replace("\x00", ""))
    if root is None:
        raise empty_page_error(page)
    if len(page.body) > 3 * MAX_ELEMENTS and IS_TOO_LARGE(root):  # fewer bytes can't hold so many: `<q>` takes three
        raise _too_large_error(page)
    return root


def _too_large_error(page: Page) -> NotAnArticle:
    return NotAnArticle("too_large", f"{page.url} has more than {MAX_ELEMENTS} elements, which no article has")


def empty_page_error(page: Page) -> NotAnArticle:
    """Return the error for a page without text."""
    return NotAnArticle("empty_page", f"{page.url} is an empty page ({len(page.body)} bytes without text)")


def _as_utf8(page: Page, charset: str) -> bytes:
    """Return the page encoded in UTF-8; unchanged where that is its charset."""
    bom = read_bom(page.body)[1] or b""
    return page.body[len(bom) :] if charset == "utf-8" else decode(page, charset).encode("utf-8", "replace")


def _tree(markup: bytes) -> tuple[etree._Element | None, set[int]]:
    """Return the tree of a page in UTF-8, or None, and libxml2's error types."""
    markup = markup.replace(b"\x00", b"") if b"\x00" in markup else markup
    return etree.fromstring(markup, PARSER), {error.type for error in PARSER.error_log}
