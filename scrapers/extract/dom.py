"""A page's bytes as a tree, in the charset that a browser would read them in."""

import codecs
import re

from lxml import etree
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from scrapers.errors import NotAnArticle
from scrapers.extract.deep import flattened
from scrapers.extract.page import Page

MOST_ELEMENTS = 100_000  # some seconds' work; saved articles have a few thousand
NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def decode(page: Page) -> str:
    """Return the page's text; what the charset can't express becomes U+FFFD.

    The order is a browser's: byte order mark, HTTP header, the page's own declaration, then detection.
    https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding
    """
    marked, mark = read_bom(page.body)
    if marked and mark:
        return page.body[len(mark) :].decode(marked, "replace")
    charset = http_content_type_encoding(page.content_type) or _declared(page.body) or _detected(page.body)
    try:
        return page.body.decode(charset, "replace")
    except (LookupError, ValueError):  # codecs that are no charsets, such as `hex` and `idna`
        return page.body.decode(_detected(page.body), "replace")


def _declared(body: bytes) -> str | None:
    """Return the charset of the page's own declaration; one read as ASCII can't be UTF-16, so it is UTF-8."""
    declared = html_body_declared_encoding(body)
    return "utf-8" if declared and declared.startswith(("utf-16", "utf-32")) else declared


def _detected(body: bytes) -> str:
    """Return UTF-16 where every other byte is NUL, UTF-8 where most of it is that, else windows-1252."""
    head = body[:4096]
    if head.count(0) > len(head) // 4:
        return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
    text = codecs.decode(body, "utf-8", "replace")
    broken = text.count("\ufffd")
    whole = len(NOT_ASCII.findall(text)) - broken
    return "utf-8" if broken * 10 <= whole else "windows-1252"


def parse(page: Page) -> etree._Element:
    """Return the root of the page's tree, without comments.

    Where elements are nested so deeply that libxml2 drops what is inside them (2048 levels; without huge_tree
    256), what is deepest stands beside instead of inside. Raises NotAnArticle: `empty_page` where no text is in
    it, `too_large` where there are more than 100,000 elements, `too_deep` where such a page is nested so too.
    """
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    markup = decode(page).replace("\x00", "").encode("utf-8", "replace")
    root = etree.fromstring(markup, parser)
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        if markup.count(b"<") > MOST_ELEMENTS:
            raise NotAnArticle("too_deep", f"{page.url} nests elements deeper than can be read")
        root = flattened(markup.decode("utf-8"))
    if root is None or not any(text.strip() for text in root.itertext()):
        raise NotAnArticle("empty_page", f"{page.url} is an empty page ({len(page.body)} bytes without text)")
    # Few elements stand there without a tag of their own, so most pages needn't be counted.
    if markup.count(b"<") > MOST_ELEMENTS // 2 and root.xpath(f"count(//*) > {MOST_ELEMENTS}"):
        raise NotAnArticle("too_large", f"{page.url} has more than {MOST_ELEMENTS} elements, which no article has")
    return root
