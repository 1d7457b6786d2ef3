"""The heads of requests and responses as HTTP/1.1 writes them, so that what was kept can be written as a WARC."""

import re
from collections.abc import Iterable
from http import HTTPStatus

from scrapy.http import Request, Response
from scrapy.http.headers import Headers
from scrapy.utils.httpobj import urlparse_cached

MOST_BYTES = 64 * 1024  # of a head; what goes beyond it is left out, line by line
# Whose session it is, and what proves it: nobody's business, and nothing that an archive is asked for.
SECRET = re.compile(rb"cookie|authori[sz]|authenti|(?:^|-)auth(?:-|$)|token|secret|session|passw|credential|api-?key")


def request_head(request: Request) -> bytes:
    """Return the request line and the headers as they are sent, but for what Twisted adds for the connection."""
    parts = urlparse_cached(request)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.netloc.rpartition("@")[2]
    first = f"{request.method} {target} HTTP/1.1\r\nHost: {host}"
    return _head(first, request.headers)


def response_head(response: Response) -> bytes:
    """Return the status line and the headers as they came; the reason is the status's own, which Scrapy keeps not."""
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:
        phrase = ""
    return _head(f"{response.protocol or 'HTTP/1.1'} {response.status} {phrase}".rstrip(), response.headers)


def _head(first: str, headers: Headers) -> bytes:
    """Return the first line and the headers, each name in the order of its first value, an empty line at the end."""
    lines, size = [first.encode("latin-1", "replace")], 0
    for line in _lines(headers.items()):
        size += len(line) + 2
        if size > MOST_BYTES:
            break
        lines.append(line)
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _lines(headers: Iterable[tuple[bytes, Iterable[bytes]]]) -> Iterable[bytes]:
    for name, values in headers:
        if not SECRET.search(name.lower()):
            yield from (b": ".join((name, value)) for value in values)
