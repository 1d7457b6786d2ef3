"""The raw page behind an article, as its server sent it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import psycopg

from scrapers.errors import UsageError
from scrapers.extract.dom.tree import charset_of
from scrapers.extract.page import Page
from scrapers.spiders import url_forms
from scrapers.storage.connection import dict_rows, query
from scrapers.storage.snapshots import read_snapshot, unpack


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One kept answer: its decompressed body, and the heads of request and answer as HTTP/1.1 writes them.

    The heads are empty for what no server sent. `encoding` is the charset that Warta reads the body in; `requested_at`
    is in UTC.
    """

    url: str
    requested_at: datetime
    status: int | None
    content_type: str | None
    encoding: str
    sha256: bytes
    body: bytes
    request_head: bytes
    response_head: bytes

    def facts(self) -> dict[str, Any]:
        """Return all but the body, for JSON."""
        return {
            "url": self.url,
            "requested_at": self.requested_at,
            "status": self.status,
            "content_type": self.content_type,
            "encoding": self.encoding,
            "bytes": len(self.body),
            "sha256": self.sha256.hex(),
            "request_head": self.request_head.decode("latin-1"),
            "response_head": self.response_head.decode("latin-1"),
        }


def find_snapshot(connection: psycopg.Connection, url: str, at: datetime | None = None) -> Snapshot:
    """Return the newest kept answer of a page, or the newest that was asked for until `at`.

    `url` may be in any form. Raises UsageError where none is kept, DamageError where it can't be unpacked.
    """
    asked = {"url_sha256": [sha256(form.encode()).digest() for form in url_forms(url)], "at": at}
    rows = dict_rows(connection, "snapshot_of_page", **asked)
    if not rows:
        raise UsageError(_why_none(connection, url, asked))
    [row] = rows
    body = read_snapshot(connection, row["snapshot_sha256"]) or b""
    request_head, response_head = (unpack(row[name] or b"") for name in ("request_headers", "response_headers"))
    encoding = charset_of(Page(url=row["url"], body=body, content_type=row["content_type"])).used
    return Snapshot(
        url=row["url"],
        requested_at=row["requested_at"],
        status=row["status"],
        content_type=row["content_type"],
        encoding=encoding,
        sha256=row["snapshot_sha256"],
        body=body,
        request_head=request_head,
        response_head=response_head,
    )


def _why_none(connection: psycopg.Connection, url: str, asked: dict[str, Any]) -> str:
    first = connection.execute(query("first_snapshot_of_page"), asked).fetchone()
    if first and first[0]:
        return f"no snapshot of {url} is as old as that; the first one is of {first[0]:%Y-%m-%dT%H:%M:%SZ}"
    return f"no snapshot of {url} is kept; `warta why URL` says what became of the address"
