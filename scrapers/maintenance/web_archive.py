"""Web archives (WARC, ISO 28500) as `warta ingest` takes them: the pages that a crawler captured, one after the other.

A file may be compressed record by record, as a whole, or not at all. A record that is nobody's or too long is passed
over without being held in memory.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from fastwarc.stream_io import ChunkedReader
from fastwarc.warc import ArchiveIterator, HeaderMap, WarcRecord
from scrapy.http import HtmlResponse, Request, Response
from scrapy.http.headers import Headers
from scrapy.responsetypes import responsetypes

from scrapers.errors import DamageError, UsageError, WartaError
from scrapers.fetch.body_integrity import CorruptBody, unpacked
from scrapers.fetch.heads import request_head
from scrapers.settings import DOWNLOAD_MAXSIZE
from scrapers.spiders.base import NewsSpider

SUFFIXES = (".warc", ".warc.gz")
# Of an answer that an archive holds unpacked, the headers that told how it was sent have these before their names: in
# Warta's exports, and in Common Crawl's archives.
PREFIXES = ("x-archive-orig-", "x-crawl-")
AS_SENT = ("content-encoding", "transfer-encoding", "content-length")
MARKUP = (b"<!", b"<h", b"<?")  # how what is not packed begins, whatever its headers say


class Place(NamedTuple):
    """Whose a captured page is: the outlet, and the address under which it has the page."""

    spider: NewsSpider
    url: str


class Record(NamedTuple):
    """A record of an archive that is read: `block` is its HTTP message, `source` the file's name and its offset."""

    kind: str
    url: str
    place: Place
    at: datetime
    source: str
    block: bytes = b""


@dataclass(frozen=True, slots=True)
class Capture:
    """A page as it was captured at a time, which is aware; `source` is the archive's name and the record's offset.

    The response has its body unpacked, and the headers with which it came.
    """

    place: Place
    at: datetime
    source: str
    response: Response
    request_head: bytes | None = None


class Archive:
    """One file, from its beginning to its end, or to where it is cut or damaged.

    `place` says whose a page is, or why it is nobody's. While captures() goes on, `skipped` counts what is left out by
    its reason; `fault` is set afterwards where the file could not be read to its end.
    """

    def __init__(self, path: Path, place: Callable[[str], Place | str]) -> None:
        self.path = path
        self.skipped: Counter[str] = Counter()
        self.fault: WartaError | None = None
        self._place = place

    def captures(self) -> Iterator[Capture]:
        """Yield the captured pages that are an outlet's and have status 200, in the order of the file."""
        waiting: Capture | None = None  # for its request, which may follow it
        request: Record | None = None
        for record in self._records():
            if record.kind == "request":
                request = record
                if waiting and waiting.request_head is None and waiting.response.url == record.url:
                    waiting, request = replace(waiting, request_head=_request_head(record)), None
            elif capture := self._capture(record, request):
                if waiting:
                    yield waiting
                waiting, request = capture, None
        if waiting:
            yield waiting

    def _records(self) -> Iterator[Record]:
        """Yield the requests and responses that are wanted; where the file breaks off, keep why."""
        offset: int | None = None
        try:
            with self.path.open("rb") as file:
                for record in ArchiveIterator(file, parse_http=False):
                    offset = record.stream_pos
                    wanted = self._wanted(record)
                    block = record.reader.read() if wanted else b""
                    if "Content-Length" not in record.headers or len(block) + record.consume() < record.content_length:
                        raise OSError("the file ends within a record")
                    if wanted:
                        yield wanted._replace(block=block)
        except OSError as error:
            self.fault = self._fault_at(offset, error)
        else:
            self.fault = UsageError(f"{self.path} is no web archive: it holds no record") if offset is None else None

    def _fault_at(self, offset: int | None, error: OSError) -> WartaError:
        if offset is None:
            return UsageError(f"{self.path} is no web archive (WARC) that can be read: {error.strerror or error}")
        return DamageError(f"{self.path} is cut or damaged at byte {offset} ({error}); what stands before it is stored")

    def _wanted(self, record: WarcRecord) -> Record | None:
        """Return a record of which the block is to be read; count a response of which it is not."""
        kind = record.headers.get("WARC-Type")
        if kind not in ("response", "request"):
            return None
        url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
        place, at = self._place(url), record.record_date
        if isinstance(place, str):
            why = place
        elif not at or at > datetime.now(UTC):
            why = "no date, or one to come"
        elif record.content_length > DOWNLOAD_MAXSIZE:
            why = "too large"
        else:
            return Record(kind, url, place, at, f"{self.path.name}:{record.stream_pos}")
        self.skipped[why] += kind == "response"
        return None

    def _capture(self, record: Record, request: Record | None) -> Capture | None:
        """Return the page that a response brought; None, counted, where it brought none."""
        try:
            response = _response(record)
        except (OSError, ValueError, CorruptBody):
            self.skipped["body that can't be unpacked"] += 1
            return None
        if response.status != 200 or not isinstance(response, HtmlResponse):
            self.skipped["no HTML with status 200"] += 1
            return None
        head = _request_head(request) if request and request.url == record.url else None
        return Capture(record.place, record.at, record.source, response, head)


def _response(record: Record) -> Response:
    """Return the answer that a record holds; raises OSError or ValueError where its body can't be unpacked."""
    head, headers, body = _taken_apart(record.block)
    if body[:2].lower() not in MARKUP:
        if b"chunked" in (headers.get("Transfer-Encoding") or b"").lower():
            body = ChunkedReader(BytesIO(body)).read()
        body = unpacked(body, headers.getlist("Content-Encoding"), DOWNLOAD_MAXSIZE)
    type_ = responsetypes.from_args(headers=headers, url=record.url, body=body)
    return type_(record.url, status=head.status_code or 0, headers=_as_sent(headers), body=body)


def _taken_apart(block: bytes) -> tuple[HeaderMap, Headers, bytes]:
    """Return the first line and the headers of an HTTP message, the headers again as Scrapy has them, and its body."""
    head = HeaderMap("latin1")
    length = head.parse(BytesIO(block))
    return (
        head,
        Headers((name.encode("latin-1"), value.encode("latin-1")) for name, value in head.to_tuples()),
        block[length:],
    )


def _as_sent(headers: Headers) -> Headers:
    """Return the headers, those that told how the body was sent under their own names again."""
    sent = Headers((name, headers.getlist(name)) for name in headers)
    for prefix in PREFIXES:
        for name in AS_SENT:
            if values := sent.pop(prefix + name, None):
                sent[name] = values
    return sent


def _request_head(record: Record) -> bytes | None:
    """Return the request line and the headers of a request, without cookies; None where they can't be read."""
    try:
        head, headers, _ = _taken_apart(record.block)
    except OSError:
        return None
    method = (head.status_line or "").split(" ")[0]
    headers.pop("Host", None)  # the address has it
    return request_head(Request(record.url, method=method, headers=headers)) if method.isalpha() else None
