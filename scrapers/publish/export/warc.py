"""WARC 1.1 (ISO 28500:2017), each record compressed by itself: the raw pages behind the articles, and the articles.

Of each article there are, in this order: the kept answers of its page, each a `response` followed by its `request`; and
a `metadata` record with the fields of the export, and the rules that gave them, as JSON. An answer with bytes that its
page had before, or that said 304 Not Modified, is a `revisit`. A document that no server sent is a `resource`.

What is kept of a body is unpacked. The headers that tell how it was sent are kept under names that begin with
X-Archive-Orig-, as web archives do, and Content-Length is that of the unpacked body.
"""

import json
from base64 import b32encode
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha1
from http import HTTPStatus
from importlib.metadata import version
from io import BytesIO
from itertools import groupby
from operator import attrgetter
from typing import Any, BinaryIO, NamedTuple
from uuid import NAMESPACE_URL, uuid5

import pyarrow as pa
from psycopg.rows import class_row
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from scrapers.publish.export.selection import Corpus
from scrapers.storage.connection import open_connection, query
from scrapers.storage.snapshots import read_snapshot, unpack

SUFFIX = ".warc.gz"
MEDIA_TYPE = "application/warc"
WARC = "1.1"  # whose dates have fractions of a second
SPECIFICATION = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"  # section 6.7.3
AS_SENT = ("content-encoding", "transfer-encoding", "content-length")


class Capture(NamedTuple):
    """One answer of an article's page: a row of query `archived_captures`."""

    article_id: int
    fetch_id: int
    page_id: int
    url: str
    requested_at: datetime
    status: int | None
    content_type: str | None
    snapshot_sha256: bytes | None
    request_headers: bytes | None
    response_headers: bytes | None
    source: str | None

    def id(self, what: str) -> str:
        """Return the id of one of its records, which is the same in every export."""
        return record_id(what, self.fetch_id, self.url, self.requested_at)


class Written(NamedTuple):
    """A record that later ones refer to."""

    record_id: str
    url: str
    date: str
    payload_digest: str


class Writer:
    """Writes the pages and the fields of articles to a file; raises DamageError for a page that can't be unpacked."""

    def __init__(self, file: BinaryIO, corpus: Corpus) -> None:
        self._connection = open_connection(corpus.dsn)  # the export's own still gives articles
        self._as_of = corpus.as_of
        self._warc = WARCWriter(file, gzip=True, warc_version=WARC)
        self._is_begun = False

    def write(self, table: pa.Table) -> None:
        """Write the articles of a table, with their pages."""
        articles = table.to_pylist()
        if not self._is_begun:
            self._begin(articles[0])
        ids = [article["article_id"] for article in articles]
        captures = {key: list(rows) for key, rows in groupby(self._captures(ids), attrgetter("article_id"))}
        read_from = self._extractions(ids, [article["revision"] for article in articles])
        for article in articles:
            snapshot, provenance = read_from[article["article_id"]]
            written = self._write_captures(captures.get(article["article_id"], ()))
            self._write_article(article | {"provenance": provenance}, written.get(snapshot))

    def close(self) -> None:
        """End what it reads from; the file needs no end."""
        self._connection.close()

    def _begin(self, first: dict[str, Any]) -> None:
        told = {
            "software": f"Warta/{version('warta')}",
            "format": f"WARC File Format {WARC}",
            "conformsTo": SPECIFICATION,
            "description": f"Articles of {first['outlet']} as they were known at {date_of(self._as_of)}",
        }
        record = self._warc.create_warcinfo_record(None, told)
        record.rec_headers.replace_header("WARC-Date", date_of(self._as_of))
        record.rec_headers.replace_header("WARC-Record-ID", record_id("warcinfo", first["article_id"], self._as_of))
        self._warc.write_record(record)
        self._is_begun = True

    def _captures(self, article_ids: Sequence[int]) -> Iterator[Capture]:
        with self._connection.cursor(row_factory=class_row(Capture)) as cursor:
            yield from cursor.execute(
                query("archived_captures"), {"article_ids": list(article_ids), "as_of": self._as_of}
            )

    def _extractions(self, article_ids: Sequence[int], revisions: Sequence[int]) -> dict[int, tuple[bytes | None, Any]]:
        """Return for each article the snapshot that its revision was read from, and its provenance."""
        wanted = {"article_ids": article_ids, "revisions": revisions}
        return {row[0]: row[1:] for row in self._connection.execute(query("archived_extractions"), wanted)}

    def _write_captures(self, captures: Sequence[Capture]) -> dict[bytes | None, Written]:
        """Write the answers of an article's page, and return the records of bodies by these bodies' SHA-256."""
        bodies: dict[bytes | None, Written] = {}
        last: dict[int, Written] = {}  # by page, what it showed last
        for capture in captures:
            digest = capture.snapshot_sha256
            if digest is None:
                if shown := last.get(capture.page_id):
                    self._write_revisit(capture, shown, profile=NOT_MODIFIED)
            elif digest in bodies:
                self._write_revisit(capture, bodies[digest])
                last[capture.page_id] = bodies[digest]
            elif (body := read_snapshot(self._connection, digest)) is not None:
                bodies[digest] = last[capture.page_id] = self._write_body(capture, body)
        return bodies

    def _write_body(self, capture: Capture, body: bytes) -> Written:
        kind = "response" if capture.status else "resource"
        written = Written(capture.id(kind), capture.url, date_of(capture.requested_at), digest_of(body))
        self._write(
            capture,
            kind,
            headers={"WARC-Payload-Digest": written.payload_digest},
            http=response_head(capture, len(body)) if capture.status else None,
            payload=body,
            content_type="" if capture.status else (capture.content_type or "text/plain"),
        )
        self._write_request(capture, written.record_id)
        return written

    def _write_revisit(self, capture: Capture, shown: Written, profile: str | None = None) -> None:
        record = self._warc.create_revisit_record(
            capture.url,
            shown.payload_digest,
            shown.url,
            shown.date,
            http_headers=response_head(capture, None),
            warc_headers_dict=_named(capture, "revisit") | {"WARC-Refers-To": shown.record_id},
        )
        if profile:
            record.rec_headers.replace_header("WARC-Profile", profile)
        self._warc.write_record(record)
        self._write_request(capture, capture.id("revisit"))

    def _write_request(self, capture: Capture, concurrent_to: str) -> None:
        if capture.request_headers:
            http = _parsed(unpack(capture.request_headers))
            self._write(capture, "request", headers={"WARC-Concurrent-To": concurrent_to}, http=http)

    def _write(
        self,
        capture: Capture,
        kind: str,
        *,
        headers: dict[str, str],
        http: StatusAndHeaders | None,
        payload: bytes = b"",
        content_type: str = "",
    ) -> None:
        record = self._warc.create_warc_record(
            capture.url,
            kind,
            payload=BytesIO(payload),
            length=len(payload),
            warc_content_type=content_type,
            warc_headers_dict=_named(capture, kind) | headers,
            http_headers=http,
        )
        self._warc.write_record(record)

    def _write_article(self, article: dict[str, Any], read_from: Written | None) -> None:
        about = {
            "WARC-Record-ID": record_id(
                "metadata", article["article_id"], article["revision"], article["canonical_url"]
            ),
            "WARC-Date": date_of(article["stored_at"]),
        }
        payload = json.dumps(article, ensure_ascii=False, default=datetime.isoformat).encode()
        record = self._warc.create_warc_record(
            article["canonical_url"],
            "metadata",
            payload=BytesIO(payload),
            length=len(payload),
            warc_content_type="application/json",
            warc_headers_dict=about | ({"WARC-Refers-To": read_from.record_id} if read_from else {}),
        )
        self._warc.write_record(record)


def record_id(*parts: object) -> str:
    """Return the id of a record that is known by these values: equal ones give equal ids."""
    return f"<{uuid5(NAMESPACE_URL, ' '.join(map(str, ('warta', *parts)))).urn}>"


def date_of(moment: datetime) -> str:
    """Return a time as WARC-Date."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def digest_of(payload: bytes) -> str:
    """Return a payload's digest in the form that other archives' tools compare: SHA-1 in base 32."""
    return f"sha1:{b32encode(sha1(payload, usedforsecurity=False).digest()).decode()}"


def response_head(capture: Capture, length: int | None) -> StatusAndHeaders:
    """Return the head of an answer as it fits an unpacked body of this length; of a revisit, which has none, as it is.

    Where no head was kept it is made of what the ledger has.
    """
    if capture.response_headers:
        head = _parsed(unpack(capture.response_headers))
    else:
        head = StatusAndHeaders(_status_line(capture.status), [], protocol="HTTP/1.1")
        if capture.content_type:
            head.add_header("Content-Type", capture.content_type)
    if length is not None:
        head.headers = [
            (f"X-Archive-Orig-{name}" if name.lower() in AS_SENT else name, value) for name, value in head.headers
        ]
        head.add_header("Content-Length", str(length))
    return head


def _status_line(status: int | None) -> str:
    return f"{status} {HTTPStatus(status).phrase}" if status in set(HTTPStatus) else f"{status}"


def _parsed(head: bytes) -> StatusAndHeaders:
    """Return a kept head, taken apart."""
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    protocol, _, status_line = first.partition(" ")
    headers = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
    return StatusAndHeaders(status_line, headers, protocol=protocol)


def _named(capture: Capture, kind: str) -> dict[str, str]:
    """Return the headers of a capture's record: its id, its date, and who else made the request."""
    named = {"WARC-Record-ID": capture.id(kind), "WARC-Date": date_of(capture.requested_at)}
    return named | ({"Warta-Source": capture.source} if capture.source else {})
