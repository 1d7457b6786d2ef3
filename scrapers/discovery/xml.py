"""XML as feeds and sitemaps really send it: packed, in the wrong charset, with HTML's entities, or cut off."""

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator
from html.entities import html5

from lxml import etree
from scrapy.http import Response
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

MAX_BYTES = 50 * 1024 * 1024  # of a document, unpacked; the limit of sitemaps.org
CHUNK = 64 * 1024  # bytes that are unpacked, decoded and parsed at once
GZIP = b"\x1f\x8b"  # RFC 1952, 2.3.1
JUNK = 1024  # characters before <?xml that are passed over: empty lines, warnings of PHP
ENTITY = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[a-zA-Z][a-zA-Z0-9]{1,31};)?")
OWN = {"lt;", "gt;", "amp;", "quot;", "apos;"}  # the only names that XML itself knows
LONGEST_ENTITY = 34
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0, 2.2


class UnreadableFeed(ValueError):
    """The answer is not the kind of document that the feed is declared as, or not all of it."""


def elements(response: Response, roots: tuple[str, ...], names: tuple[str, ...]) -> Iterator[etree._Element]:
    """Yield each element of these local names as soon as it is read, and forget it afterwards.

    Broken XML is read as far as it goes. Raises UnreadableFeed where the root is none of `roots` or the document
    is cut off, cannot be unpacked, or unpacks to more than MAX_BYTES; what came before has been yielded then.
    Entities are never resolved, so that none can grow or reach a file.
    """
    tags = tuple(f"{{*}}{name}" for name in (*roots, *names))
    parser = etree.XMLPullParser(
        events=("start", "end"), tag=tags, recover=True, resolve_entities=False, no_network=True, remove_comments=True
    )
    is_open = is_whole = False
    for text in _documents(_decoded(response)):
        parser.feed(text)
        events: Iterator[tuple[str, etree._Element]] = parser.read_events()  # type: ignore[assignment]  # no namespaces asked for
        for event, element in events:
            is_root = element.getparent() is None
            if is_root and event == "start":
                is_open = local_name(element) in roots
            elif is_root:
                is_whole = True
            elif is_open and event == "end" and local_name(element) in names:
                yield element
                _forget(element)
    if not is_open:
        raise UnreadableFeed(f"no {' or '.join(roots)} in the answer{_instead(response)}")
    if not is_whole:
        raise UnreadableFeed("cut off before its end")


def local_name(element: etree._Element) -> str:
    """Return the element's name without its namespace; empty for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _forget(element: etree._Element) -> None:
    """Free the element and its elder siblings, so that memory stays flat."""
    parent = element.getparent()
    element.clear()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _instead(response: Response) -> str:
    start = response.body[:JUNK].lstrip().lower()
    if not start:
        return ", which is empty"
    return ", which is an HTML page" if start.startswith((b"<!doctype html", b"<html")) else ""


def _documents(texts: Iterable[str]) -> Iterator[str]:
    """Yield the text as XML allows it: nothing before the declaration, no bare ampersand, no entity of HTML."""
    held, is_begun = "", False
    for text in texts:
        text = held + text
        if not is_begun:
            start = text.find("<?xml", 0, JUNK)
            text = text[start:] if start > 0 else text.lstrip()
            is_begun = bool(text)
        cut = text.rfind("&", max(len(text) - LONGEST_ENTITY, 0))
        text, held = (text, "") if cut < 0 or ";" in text[cut:] else (text[:cut], text[cut:])
        yield _mended(text)
    yield _mended(held)


def _mended(text: str) -> str:
    if "&" in text:
        text = ENTITY.sub(_entity, text)
    return ILLEGAL.sub("", text)


def _entity(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    if name.startswith("#") or name in OWN:
        return match[0]
    character = html5.get(name)
    return character if character and character not in "<>&" else f"&amp;{name}"


def _decoded(response: Response) -> Iterator[str]:
    """Yield the answer's text by pieces; in UTF-8 where it can be that, else in the declared charset."""
    decoder: codecs.IncrementalDecoder | None = None
    for chunk in _unpacked(response.body):
        decoder = decoder or codecs.getincrementaldecoder(_encoding(response, chunk))("warta-windows-1252")
        yield decoder.decode(chunk)
    if decoder:
        yield decoder.decode(b"", final=True)


def _encoding(response: Response, start: bytes) -> str:
    """Return the charset to decode by: templates declare what they were saved in years ago, and send UTF-8."""
    marked, _ = read_bom(start)
    if marked:
        return "utf-8-sig" if marked == "utf-8" else marked.removesuffix("-le").removesuffix("-be")
    header = (response.headers.get("Content-Type") or b"").decode("latin-1")
    declared = http_content_type_encoding(header) or html_body_declared_encoding(start)
    return declared if declared and not _is_utf_8(start) else "utf-8"


def _is_utf_8(start: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return True


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Read what is no UTF-8 as Windows-1252, which is what strays into it."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("windows-1252", "replace"), error.end


codecs.register_error("warta-windows-1252", _windows_1252)


def _unpacked(body: bytes) -> Iterator[bytes]:
    """Yield the body by pieces, unpacked where it is a gzipped file, such as sitemap.xml.gz."""
    if not body.startswith(GZIP):
        for start in range(0, len(body), CHUNK):
            yield body[start : start + CHUNK]
        return
    unpacker, unpacked = zlib.decompressobj(wbits=31), 0
    try:
        while body and not unpacker.eof:
            piece = unpacker.decompress(body, CHUNK)
            unpacked += len(piece)
            if unpacked > MAX_BYTES:
                raise UnreadableFeed(f"gzipped, and unpacks to more than {MAX_BYTES >> 20} MiB")
            body = unpacker.unconsumed_tail
            yield piece
    except zlib.error as error:
        raise UnreadableFeed(f"gzipped, and can't be unpacked ({error})") from None
    if not unpacker.eof:
        raise UnreadableFeed("gzipped, and cut off before its end")
