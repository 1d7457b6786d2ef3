"""The lines of a robots.txt (RFC 9309), for its rules and its sitemaps alike."""

import codecs
import re
from collections.abc import Iterator
from urllib.parse import quote

from scrapers.discovery.text import unicode_encoding

LINE_END = re.compile(r"\r\n|\r|\n")
RECORD = re.compile(
    r"(?P<user_agent>user-?[ \t]?agent)|(?P<disallow>dis{1,2}allow|dis{1,2}alow|diasllow|disallaw)|(?P<allow>allow)"
    r"|(?P<crawl_delay>crawl[- ]delay)|(?P<request_rate>request[- ]rate)|(?P<sitemap>sitemaps?|site-map)",
    re.IGNORECASE,
)
SEPARATOR = re.compile(r"[ \t]*+:[ \t]*+|[ \t]++")  # the colon is forgotten now and then
OTHER_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")  # of Python's, not of RFC 9309


def records(body: bytes, limit: int | None = None) -> Iterator[tuple[str, str]]:
    """Yield the records that we know, by their names such as `user_agent`, with their values.

    With `limit`, no more bytes are read, and no line that is cut by it: half a line could forbid more, or less.
    """
    lines = LINE_END.split(_text(body[:limit]))
    for line in lines[:-1] if limit and len(body) >= limit else lines:
        if record := _record(line):
            yield record


def _record(line: str) -> tuple[str, str] | None:
    """Return a line's record; names are misspelt in the ways that Google's and Scrapy's parsers know."""
    line = line.partition("#")[0].strip(" \t")
    found = RECORD.match(line)
    separator = SEPARATOR.match(line, found.end()) if found else None
    if not found or not separator:
        return None
    return str(found.lastgroup), OTHER_LINE_ENDS.sub(lambda end: quote(end[0]), line[separator.end() :])


def _text(body: bytes) -> str:
    """Return the text; a byte that is no UTF-8 is escaped, as it is in the addresses that it stands for."""
    told = unicode_encoding(body)
    text = body.decode(told, "ignore") if told else body.decode("utf-8", "warta-escaped")
    return text.replace("\x00", "").removeprefix("\ufeff")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(f"%{byte:02X}" for byte in error.object[error.start : error.end]), error.end


codecs.register_error("warta-escaped", _escaped)
