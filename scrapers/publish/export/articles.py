"""Articles as an export takes them from Postgres: in tables of bounded size, file by file."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, NamedTuple
from urllib.parse import quote

import psycopg
import pyarrow as pa
from psycopg.rows import namedtuple_row
from pyarrow import json

from scrapers.publish.export.fields import AS_READ, in_order
from scrapers.publish.export.selection import Selection
from scrapers.storage.connection import query

ROWS = 2_000  # articles a table at most
BYTES = 8 * 2**20  # of JSON, after which a table is full: articles may be long
STREAMED = 50  # rows that libpq keeps at once


class Part(NamedTuple):
    """A file of the export: an outlet's articles of one month of publication, such as `2026-03`, in UTC."""

    outlet: str
    month: str

    def path(self, suffix: str) -> str:
        """Return where it is in the export; an outlet's name may hold what a file's name can't."""
        return f"data/{quote(self.outlet, safe='')}/{self.month}{suffix}"


def parts(connection: psycopg.Connection, selection: Selection) -> Iterator[tuple[Part, Iterator[pa.Table]]]:
    """Yield each part with its articles, as tables of SCHEMA; the same selection gives the same tables.

    It has to be within one transaction of isolation level REPEATABLE READ.
    """
    with connection.cursor(name="export_plan", row_factory=namedtuple_row) as plan:
        plan.itersize = ROWS
        plan.execute(query("export_plan"), selection.as_parameters())
        for found, articles in groupby(plan, attrgetter("outlet", "month")):
            yield Part(*found), _tables(connection, articles, selection.as_of)


def _tables(connection: psycopg.Connection, planned: Iterator[Any], as_of: datetime | None) -> Iterator[pa.Table]:
    while some := list(islice(planned, ROWS)):
        for lines in _bounded(_lines(connection, some, as_of)):
            yield _table(lines)


def _lines(connection: psycopg.Connection, planned: Sequence[Any], as_of: datetime | None) -> Iterator[bytes]:
    """Yield each article as JSON."""
    wanted = {
        "article_ids": [article.article_id for article in planned],
        "revisions": [article.revision for article in planned],
        "cluster_ids": [article.representative_id for article in planned],
        "copy_kinds": [article.kind for article in planned],
    }
    rows = connection.cursor(binary=True).stream(
        query("export_articles"), {**wanted, "as_of": as_of}, size=STREAMED
    )  # fmt: skip
    return (line for (line,) in rows)


def _bounded(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    some, size = [], 0
    for line in lines:
        some.append(line)
        size += len(line)
        if size >= BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


def _table(lines: Sequence[bytes]) -> pa.Table:
    text = b"\n".join(lines)
    one_block = json.ReadOptions(use_threads=False, block_size=len(text) + 1)
    return in_order(
        json.read_json(BytesIO(text), one_block, json.ParseOptions(AS_READ, unexpected_field_behavior="ignore"))
    )
