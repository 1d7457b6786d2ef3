"""Which charset bytes from the web are in: templates declare what they were saved in years ago, and send UTF-8."""

import codecs
import re
from collections.abc import Iterable

import chardet
from w3lib.encoding import read_bom

HEAD = 4096  # bytes in which every other one tells UTF-16
SAMPLE = 16 * 1024  # bytes of text that are looked at: what isn't ASCII, without most of the markup
GUESS = "windows-1252"
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
HIGH = re.compile(rb"[\x80-\xff]+")
# In the languages that these are for, letters beyond ASCII stand alone or in pairs among others.
LATIN = frozenset(
    codecs.lookup(name).name
    for name in ("cp1252", "latin-1", "iso8859-2", "iso8859-9", "iso8859-15", "cp1250", "cp1254", "cp1257", "mac-roman")
)


def charset_in_use(body: bytes, declared: Iterable[str | None]) -> str:
    """Return the charset that `body` is in; `declared` is what is said of it, the most binding first.

    A byte order mark counts before all, then bytes that are valid UTF-8 (or are but for some stray ones or a cut end),
    then the first declaration that the bytes can be in, then what chardet tells of a sample by statistics.
    """
    if mark := read_bom(body)[0]:
        return mark
    said = [charset for name in declared if (charset := known(name))]
    if wide := _wide(body):
        return next((charset for charset in said if charset.startswith(wide[:6])), wide)
    said = [charset for charset in said if not charset.startswith(("utf-16", "utf-32"))]
    if body.isascii():  # so are the stateful charsets of Japan and China
        return next(iter(said), "utf-8")
    if _is_utf_8(body, is_declared="utf-8" in said):
        return "utf-8"
    sample = _sample(body)
    return next((charset for charset in said if charset != "utf-8" and _fits(sample, charset)), None) or _told(sample)


def known(charset: str | None) -> str | None:
    """Return the charset if Python knows it; `hex`, `idna` and their like are codecs of other things."""
    try:
        return charset if charset and b"a".decode(charset, "replace") else None
    except (LookupError, ValueError):
        return None


def _wide(body: bytes) -> str | None:
    """Return UTF-16 where every other byte is NUL, as markup is in it."""
    head = body[:HEAD]
    if head.count(0) <= len(head) // 4:
        return None
    return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"


def _is_utf_8(body: bytes, *, is_declared: bool) -> bool:
    """Return whether it is UTF-8 but for a few bytes: one in ten, or less than half where it is declared so."""
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
    """Return the pieces between tags that aren't ASCII; no charset of the web has `<` in a longer character."""
    pieces, size = [], 0
    for piece in body.split(b"<"):
        if not piece.isascii():
            pieces.append(piece[:SAMPLE])
            size += len(piece)
            if size > SAMPLE:
                break
    return b"<".join(pieces)[:SAMPLE]


def _fits(sample: bytes, charset: str) -> bool:
    """Return whether the sample can be in the charset: nearly all can be read, and it looks like its languages."""
    text = codecs.getincrementaldecoder(charset)("replace").decode(sample)
    if text.count("\ufffd") * 20 > len(NOT_ASCII.findall(text)):
        return False
    return codecs.lookup(charset).name not in LATIN or sample.isascii() or _looks_latin(sample, at_least=12)


def _looks_latin(sample: bytes, at_least: int = 0) -> bool:
    """Return whether less than half of the bytes beyond ASCII stand in runs of three and more."""
    runs = [len(run) for run in HIGH.findall(sample)]
    return sum(runs) < at_least or 2 * sum(length for length in runs if length > 2) < sum(runs)


def _told(sample: bytes) -> str:
    charset = (known(chardet.detect(sample)["encoding"]) or GUESS).lower()
    if charset in ("ascii", "utf-8") or not _fits(sample, charset):
        return GUESS
    # A few accents are too few for statistics
    return charset if codecs.lookup(charset).name in LATIN or not _looks_latin(sample) else GUESS
