"""What a search finds, as one file: CSV, JSON lines or Parquet, with the fields of an export."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import BinaryIO, cast

import psycopg

from scrapers.errors import UsageError
from scrapers.publish.export.articles import Batch, table_of
from scrapers.publish.export.formats import Format, format_of
from scrapers.publish.export.selection import Corpus
from scrapers.publish.search import Search, find
from scrapers.storage.connection import query

MOST = 5_000  # articles that a search gives as a file, the newest; an export takes any number
AT_ONCE = 500


class _Pipe:
    """A file that is read while it is written."""

    def __init__(self) -> None:
        self._written: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> int:
        self._written.append(bytes(data))
        return len(data)

    def writelines(self, lines: Iterator[bytes]) -> None:
        self._written.extend(lines)

    def writable(self) -> bool:
        return True

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        """Return what was written since the last call."""
        taken, self._written = b"".join(self._written), []
        return taken


def found_articles(connection: psycopg.Connection, search: Search, format: str) -> tuple[Format, Iterator[bytes]]:
    """Return the format, and the file of the newest MOST articles that match, in pieces.

    Raises UsageError where the search or the format is none, or nothing matches.
    """
    chosen = format_of(format)
    if not chosen.is_table:
        raise UsageError(f"a search gives no {format}: choose csv, jsonl or parquet")
    batches = _batches(connection, search)
    first = next(batches, None)
    if first is None:
        raise UsageError("nothing to take away: no article matches")
    return chosen, _written(chosen, first, batches)


def _written(chosen: Format, first: Batch, others: Iterator[Batch]) -> Iterator[bytes]:
    pipe = _Pipe()
    writer = chosen.open_writer(cast(BinaryIO, pipe), Corpus(None, datetime.now(UTC)))
    for batch in chain((first,), others):
        writer.write(table_of(batch))
        yield pipe.take()
    writer.close()
    yield pipe.take()


def _batches(connection: psycopg.Connection, search: Search) -> Iterator[Batch]:
    after: str | None = None
    for _ in range(MOST // AT_ONCE):
        page = find(connection, search, limit=AT_ONCE, after=after)
        if page.hits:
            yield _batch(connection, [hit.article_id for hit in page.hits])
        if (after := page.after) is None:
            return


def _batch(connection: psycopg.Connection, article_ids: list[int]) -> Batch:
    planned = connection.execute(query("planned_articles"), {"article_ids": article_ids}).fetchall()
    wanted = {"article_ids": [row[2] for row in planned], "revisions": [row[3] for row in planned]}
    return Batch(planned, connection.cursor(binary=True).execute(query("export_revisions"), wanted).fetchall())
