"""A page's bytes as a tree, in the charset that they are in."""

from functools import lru_cache

from lxml import etree
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from scrapers.errors import NotAnArticle
from scrapers.extract.dom.charsets import charset_in_use, known
from scrapers.extract.page import Page
from scrapers.items import Charset

MOST_ELEMENTS = 100_000  # some seconds' work; saved articles have a few thousand
MOST_TAGS = 3 * MOST_ELEMENTS  # start and end tags, and what looks like one in scripts
IS_TOO_LARGE = etree.XPath(f"boolean(/descendant::*[{MOST_ELEMENTS + 1}])")
# Without an index of ids, which nothing here asks for, the parse takes a twentieth less time.
PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False)
HEAD = 4096  # bytes in which a page declares its charset


def charset_of(page: Page) -> Charset:
    """Return the charset that the page is read in, and what its header and the page itself say that it is."""
    header = _of_header(page.content_type)
    declared = known(_declared(page.body))
    return Charset(charset_in_use(page.body, (header, declared)), header, declared)


@lru_cache(maxsize=256)  # an outlet's pages all have the same one, and w3lib takes as long as a field does
def _of_header(content_type: str | None) -> str | None:
    return known(http_content_type_encoding(content_type))


def decode(page: Page, charset: str | None = None) -> str:
    """Return the page's text in the charset, if it is known already; what it can't express becomes U+FFFD."""
    mark = read_bom(page.body)[1] or b""
    return page.body[len(mark) :].decode(charset or charset_of(page).used, "replace")


def _declared(body: bytes) -> str | None:
    """Return the charset of the page's own declaration; one read as ASCII can't be UTF-16, so it is UTF-8."""
    head = body[:HEAD]
    at = head.lower().find(b"charset")
    if at < 0 and not head.lstrip().startswith(b"<?xml"):
        return None
    # The scan of a whole head takes long; the tag in which the word stands first is nearly always the declaration.
    tag = head[head.rfind(b"<", 0, at) : head.find(b">", at) + 1] if at > 0 else b""
    declared = _of_tag(tag) or html_body_declared_encoding(head)
    return "utf-8" if declared and declared.startswith(("utf-16", "utf-32")) else declared


@lru_cache(maxsize=256)  # pages say it in a few ways
def _of_tag(tag: bytes) -> str | None:
    return html_body_declared_encoding(tag)


def parse(page: Page, charset: str | None = None) -> etree._Element:
    """Return the root of the page's tree, without comments, read in the charset if it is known already.

    Where elements are nested so deeply that libxml2 drops what is inside them (2048 levels; without huge_tree
    256), what is deepest stands beside instead of inside. Raises NotAnArticle: `empty_page` where no element is in
    it, `too_large` where there are more than 100,000 elements, `too_deep` where such a page is nested so too.
    """
    charset = charset or charset_of(page).used
    markup = _utf8(page, charset)
    if markup.count(b"<") > MOST_TAGS:  # before a tree is made of it, which takes a hundred times the memory
        raise _too_large(page)
    root, errors = _tree(markup)
    if etree.ErrorTypes.ERR_INVALID_ENCODING in errors:  # those bytes are for Python's decoder to replace
        root, errors = _tree(decode(page, charset).encode("utf-8", "replace"))
    if etree.ErrorTypes.ERR_RESOURCE_LIMIT in errors:
        if markup.count(b"<") > MOST_ELEMENTS:
            raise NotAnArticle("too_deep", f"{page.url} nests elements deeper than can be read")
        from scrapers.extract.dom.deep_nesting import (
            flattened,  # few processes ever need BeautifulSoup, which takes long to load
        )

        root = flattened(decode(page, charset).replace("\x00", ""))
    if root is None:
        raise empty(page)
    if len(page.body) > 3 * MOST_ELEMENTS and IS_TOO_LARGE(root):  # else it can't: `<q>` takes three bytes
        raise _too_large(page)
    return root


def _too_large(page: Page) -> NotAnArticle:
    return NotAnArticle("too_large", f"{page.url} has more than {MOST_ELEMENTS} elements, which no article has")


def empty(page: Page) -> NotAnArticle:
    """Return the error of a page without text."""
    return NotAnArticle("empty_page", f"{page.url} is an empty page ({len(page.body)} bytes without text)")


def _utf8(page: Page, charset: str) -> bytes:
    """Return the page in UTF-8; as it is where it claims to be."""
    mark = read_bom(page.body)[1] or b""
    return page.body[len(mark) :] if charset == "utf-8" else decode(page, charset).encode("utf-8", "replace")


def _tree(markup: bytes) -> tuple[etree._Element | None, set[int]]:
    """Return the tree of a page in UTF-8, and the kinds of errors in it."""
    markup = markup.replace(b"\x00", b"") if b"\x00" in markup else markup
    return etree.fromstring(markup, PARSER), {error.type for error in PARSER.error_log}
