"""The text of an answer as feeds, sitemaps and robots.txt really send it: packed, or in the wrong charset."""

import codecs
import zlib
from collections.abc import Iterator
from gzip import BadGzipFile, GzipFile
from io import BytesIO

from scrapy.http import Response
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from scrapers.extract.dom.charsets import detect_charset

MAX_BYTES = 50 * 1024 * 1024  # of a document, unpacked; the limit of sitemaps.org
CHUNK = 64 * 1024  # bytes that are unpacked, decoded and parsed at once
GZIP = b"\x1f\x8b"  # RFC 1952, 2.3.1
PADDING = "Not a gzipped file"  # what GzipFile says of what follows a member and is none
START = 1024  # bytes that tell UTF-16 without a byte order mark
WIDE = 0.4  # the share of zero bytes in its halves; Latin letters are half of most texts' markup


class UnreadableFeed(ValueError):
    """The answer is not the kind of document that the feed is declared as, or not all of it."""


def decoded(response: Response) -> Iterator[str]:
    """Yield the answer's text by pieces; in UTF-8 where it can be that, else in the charset declared or told.

    Raises UnreadableFeed where it cannot be unpacked, or unpacks to more than MAX_BYTES; what came before has been
    yielded then.
    """
    decoder: codecs.IncrementalDecoder | None = None
    for chunk in _unpacked(response.body):
        decoder = decoder or codecs.getincrementaldecoder(_encoding(response, chunk))("warta-windows-1252")
        yield decoder.decode(chunk)
    if decoder:
        yield decoder.decode(b"", final=True)


def unicode_encoding(start: bytes) -> str | None:
    """Return the Unicode encoding that a byte order mark says, or the zero bytes of UTF-16; None where neither does."""
    marked, _ = read_bom(start)
    if marked:
        return "utf-8-sig" if marked == "utf-8" else marked.removesuffix("-le").removesuffix("-be")
    start = start[:START]
    for name, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if zeros.count(0) > WIDE * len(start) / 2:
            return name
    return None


def _encoding(response: Response, start: bytes) -> str:
    """Return the charset to decode by, as pages are: UTF-8 where it can be that, else what is declared, else told."""
    if told := unicode_encoding(start):
        return told
    if _is_utf_8(start):
        return "utf-8"
    header = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return detect_charset(start, (http_content_type_encoding(header), html_body_declared_encoding(start)))


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
    unpacked = 0
    try:
        with GzipFile(fileobj=BytesIO(body)) as file:
            while piece := file.read1(CHUNK):
                unpacked += len(piece)
                if unpacked > MAX_BYTES:
                    raise UnreadableFeed(f"gzipped, and unpacks to more than {MAX_BYTES >> 20} MiB")
                yield piece
    except EOFError:
        raise UnreadableFeed("gzipped, and cut off before its end") from None
    except (BadGzipFile, zlib.error) as error:
        if not (unpacked and str(error).startswith(PADDING)):
            raise UnreadableFeed(f"gzipped, and can't be unpacked ({error})") from None
