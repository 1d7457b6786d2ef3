"""Detecting a page's charset from its bytes, since declarations are often wrong."""

import codecs
import re
from collections.abc import Iterable

import chardet
from w3lib.encoding import read_bom

UTF_16_PROBE_BYTES = 4096  # of the beginning, in which NUL bytes reveal UTF-16
MAX_SAMPLE_BYTES = 16 * 1024  # of text with non-ASCII characters, without most of the markup
FALLBACK = "windows-1252"
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
NON_ASCII_RUN = re.compile(rb"[\x80-\xff]+")
# Charsets of languages in which non-ASCII letters stand alone or in pairs.
LATIN_CHARSETS = frozenset(
    codecs.lookup(name).name
    for name in ("cp1252", "latin-1", "iso8859-2", "iso8859-9", "iso8859-15", "cp1250", "cp1254", "cp1257", "mac-roman")
)


def detect_charset(body: bytes, declared: Iterable[str | None]) -> str:
    """Return the charset of `body`; `declared` are the charsets declared for it, the most binding first.

    In order: a byte order mark; UTF-8, also with some invalid bytes or a cut end; the first declared charset that
    the bytes can be decoded with; what chardet detects in a sample.
    """
    if bom := read_bom(body)[0]:
        return bom
    supported = [charset for name in declared if (charset := python_charset(name))]
    if utf_16 := _utf_16(body):
        return next((charset for charset in supported if charset.startswith(utf_16[:6])), utf_16)
    supported = [charset for charset in supported if not charset.startswith(("utf-16", "utf-32"))]
    if body.isascii():  # also where it is in one of the stateful charsets of Japan and China
        return next(iter(supported), "utf-8")
    if _is_utf_8(body, is_declared="utf-8" in supported):
        return "utf-8"
    sample = _sample(body)
    fitting = (charset for charset in supported if charset != "utf-8" and _fits(sample, charset))
    return next(fitting, None) or _guess(sample)


def python_charset(charset: str | None) -> str | None:
    """Return the charset if Python can decode it, else None; codecs of other things (`hex`, `idna`) are none."""
    try:
        return charset if charset and b"a".decode(charset, "replace") else None
    except (LookupError, ValueError):
        return None


def _utf_16(body: bytes) -> str | None:
    """Return the byte order of UTF-16 where many bytes are NUL, else None."""
    head = body[:UTF_16_PROBE_BYTES]
    if head.count(0) <= len(head) // 4:
        return None
    return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"


def _is_utf_8(body: bytes, *, is_declared: bool) -> bool:
    """Return whether less than one non-ASCII character in ten is invalid UTF-8, or in two where UTF-8 is declared."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    else:
        return True
    broken = text.count("\ufffd")
    whole = len(NOT_ASCII.findall(text)) - broken
    return broken * (2 if is_declared else 10) <= whole


def _sample(body: bytes) -> bytes:
    """Return the pieces between tags that aren't ASCII; in no charset of the web is `<` part of a longer character."""
    pieces, size = [], 0
    for piece in body.split(b"<"):
        if not piece.isascii():
            pieces.append(piece[:MAX_SAMPLE_BYTES])
            size += len(piece)
            if size > MAX_SAMPLE_BYTES:
                break
    return b"<".join(pieces)[:MAX_SAMPLE_BYTES]


def _fits(sample: bytes, charset: str) -> bool:
    """Return whether nearly all of the sample can be decoded, and looks like one of the charset's languages."""
    text = codecs.getincrementaldecoder(charset)("replace").decode(sample)
    if text.count("\ufffd") * 20 > len(NOT_ASCII.findall(text)):
        return False
    return codecs.lookup(charset).name not in LATIN_CHARSETS or sample.isascii() or _looks_latin(sample, at_least=12)


def _looks_latin(sample: bytes, at_least: int = 0) -> bool:
    """Return whether less than half of the non-ASCII bytes stand in runs of three and more."""
    runs = [len(run) for run in NON_ASCII_RUN.findall(sample)]
    return sum(runs) < at_least or 2 * sum(length for length in runs if length > 2) < sum(runs)


def _guess(sample: bytes) -> str:
    """Return the charset that chardet detects, if it fits, else windows-1252."""
    charset = (python_charset(chardet.detect(sample)["encoding"]) or FALLBACK).lower()
    if charset in ("ascii", "utf-8") or not _fits(sample, charset):
        return FALLBACK
    # a few accents are not enough for chardet's statistics
    return charset if codecs.lookup(charset).name in LATIN_CHARSETS or not _looks_latin(sample) else FALLBACK
