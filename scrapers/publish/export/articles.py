"""Articles as an export takes them from Postgres: in batches of bounded size, file by file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple
from urllib.parse import quote

import psycopg
import pyarrow as pa
from pyarrow import json

from scrapers.publish.export.fields import CONTENT, FIELDS, OF_REVISION, PLANNED, SCHEMA
from scrapers.publish.export.selection import Selection
from scrapers.storage.connection import query

ROWS = 2_000  # articles a batch at most
BYTES = 8 * 2**20  # of JSON, after which a batch is full: articles may be long
STREAMED = 50  # rows that libpq keeps at once


class Part(NamedTuple):
    """A file of the export: an outlet's articles of one month of publication, such as `2026-03`, in UTC."""

    outlet: str
    month: str

    def path(self, suffix: str) -> str:
        """Return where it is in the export; no outlet's name leads elsewhere or hides its folder."""
        folder = quote(self.outlet, safe="")
        return f"data/{'%2E' + folder[1:] if folder.startswith('.') else folder}/{self.month}{suffix}"


Row = tuple[Any, ...]


class Batch(NamedTuple):
    """Some articles of one part, by id: the rows of the queries `export_plan` and `export_revisions`."""

    planned: Sequence[Row]
    revisions: Sequence[Row]

    @property
    def part(self) -> Part:
        """Return the part that the first of them belongs to."""
        outlet, month, *_ = self.planned[0]
        return Part(outlet, month)


def batches(connection: psycopg.Connection, selection: Selection, is_wanted: Callable[[Part], bool]) -> Iterator[Batch]:
    """Yield the selected articles of the wanted parts, part by part; the same selection gives the same batches.

    It has to be within one transaction of isolation level REPEATABLE READ.
    """
    with connection.cursor(name="export_plan", binary=True) as plan:
        plan.execute(query("export_plan"), selection.as_parameters())
        rows = chain.from_iterable(iter(lambda: plan.fetchmany(ROWS), []))
        for (outlet, month), planned in groupby(rows, itemgetter(0, 1)):
            if is_wanted(Part(outlet, month)):
                yield from _batches(connection, planned)


def _batches(connection: psycopg.Connection, rows: Iterator[Row]) -> Iterator[Batch]:
    while planned := list(islice(rows, ROWS)):
        done = 0
        for revisions in _bounded(_revisions(connection, planned)):
            yield Batch(planned[done : done + len(revisions)], revisions)
            done += len(revisions)


def _revisions(connection: psycopg.Connection, planned: Sequence[Row]) -> Iterator[Row]:
    _, _, article_ids, revisions, *_ = map(list, zip(*planned, strict=True))
    wanted = {"article_ids": article_ids, "revisions": revisions}
    return connection.cursor(binary=True).stream(query("export_revisions"), wanted, size=STREAMED)


def _bounded(revisions: Iterable[Row]) -> Iterator[list[Row]]:
    some: list[Row] = []
    size = 0
    for revision in revisions:
        some.append(revision)
        size += len(revision[-1])
        if size >= BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


def table_of(batch: Batch) -> pa.Table:
    """Return the articles of a batch as a table of SCHEMA."""
    *columns, contents = zip(*batch.revisions, strict=True)
    given = dict(zip(PLANNED + OF_REVISION, [*zip(*batch.planned, strict=True), *columns], strict=True))
    content = _content(b"\n".join(contents))
    return pa.table(
        [
            content[field.name] if field.name in CONTENT.names else pa.array(given[field.name], field.type)
            for field in FIELDS
        ],
        schema=SCHEMA,
    )


def _content(lines: bytes) -> pa.Table:
    one_block = json.ReadOptions(use_threads=False, block_size=len(lines) + 1)
    return json.read_json(BytesIO(lines), one_block, json.ParseOptions(CONTENT, unexpected_field_behavior="ignore"))
