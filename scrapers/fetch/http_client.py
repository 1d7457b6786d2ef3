"""HTTP/1.1 as servers really speak it: what browsers and curl read of an answer's head is read, within bounds.

Twisted's parser refuses an answer for a header line of more than 16,384 bytes, a name that is no token, a transfer
coding other than `chunked`, or an odd status line.
"""

import re
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.web._newclient import BODY, HEADER, STATUS, ParseError
from twisted.web.http_headers import InvalidHeaderName
from twisted.web.iweb import IResponse

MOST_HEAD = 256 * 1024  # bytes of all headers of an answer, as in Chromium (net/http/http_stream_parser.cc)
STEP = 4096  # bytes that are split into lines at once: each line copies what follows it
STATUS_LINE = re.compile(
    rb"\s{0,8}(?:(?i:HTTP)(?:/(?P<version>\d(?:\.\d)?))?|ICY)\s+(?P<code>\d{3})(?:\s+(?P<phrase>.*))?"
)


class HttpParser(_LenientHTTPClientParser):
    """Reads one answer; its class is set on Scrapy's own parser, so that what it keeps has defaults in the class."""

    MAX_LENGTH = MOST_HEAD
    head_size = 0

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Take what has come; lines in small steps."""
        start = 0
        while start < len(data) and self.state in (STATUS, HEADER):
            super().dataReceived(data[start : start + STEP])  # type: ignore[no-untyped-call]
            start += STEP
        if start < len(data) and self.state == BODY:
            super().dataReceived(data[start:])  # type: ignore[no-untyped-call]

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        """Read a line of the head; raises ParseError where there are too many."""
        self.head_size += len(line) + 1
        if self.head_size > MOST_HEAD:
            self.lineLengthExceeded(line)
        if self.state == STATUS and not line.strip():  # left of the answer before
            return
        if self.state == HEADER and self._partialHeader is None and line[:1] in (b" ", b"\t"):
            return  # goes on with nothing
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802
        """Refuse the answer."""
        raise ParseError(f"more than {MOST_HEAD >> 10} KiB of headers", line[:100])  # type: ignore[no-untyped-call]

    def statusReceived(self, status: bytes) -> None:  # noqa: N802
        """Read a status line, also of a radio server (`ICY 200 OK`), without a version, or with further spaces."""
        if found := STATUS_LINE.fullmatch(status):
            version = found["version"] if b"." in (found["version"] or b"") else b"1.0"
            status = b"HTTP/%s %s %s" % (version, found["code"], found["phrase"] or b"")
        super().statusReceived(status)  # type: ignore[no-untyped-call]

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802
        """Keep a header; one whose name is none is left out, as browsers do."""
        try:
            super().headerReceived(name.strip(), value)  # type: ignore[no-untyped-call]
        except InvalidHeaderName:
            return

    def allHeadersReceived(self) -> None:  # noqa: N802
        """Tell how the body is sent: `identity` is no coding, and a length that is no number is none."""
        codings = self._values(b"Transfer-Encoding")
        if codings:
            known = {coding for coding in codings if coding not in (b"", b"identity")}
            if known - {b"chunked"}:
                raise ParseError("unknown transfer coding", b", ".join(codings)[:100])  # type: ignore[no-untyped-call]
            self._set(b"Transfer-Encoding", list(known))
        lengths = self._values(b"Content-Length")
        if lengths and not all(length.isdigit() for length in lengths):
            self._set(b"Content-Length", [])
        super().allHeadersReceived()  # type: ignore[no-untyped-call]

    def _values(self, name: bytes) -> list[bytes]:
        lines = self.connHeaders.getRawHeaders(name) or ()
        return [value.strip().lower() for line in lines for value in line.split(b",")]

    def _set(self, name: bytes, values: list[bytes]) -> None:
        if values:
            self.connHeaders.setRawHeaders(name, values)
        else:
            self.connHeaders.removeHeader(name)


class HttpProtocol(_LenientHTTP11ClientProtocol):
    """A connection whose answers HttpParser reads."""

    def request(self, request: Any) -> Deferred[IResponse]:
        """Send a request and return its answer to come."""
        answer = super().request(request)
        if self._parser is not None:
            self._parser.__class__ = HttpParser  # Twisted names its parser in the code; Scrapy sets its own in this way
        return answer


class HttpFactory(_LenientHTTP11ClientFactory):
    """Makes such connections."""

    def buildProtocol(self, addr: IAddress | None) -> HttpProtocol:  # noqa: N802
        """Return a connection."""
        return HttpProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
