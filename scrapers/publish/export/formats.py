"""The formats of an export, by the names that users give."""

from collections.abc import Callable
from typing import BinaryIO, NamedTuple, Protocol

import pyarrow as pa

from scrapers.errors import UsageError
from scrapers.publish.export import csv, jsonl, parquet


class Writer(Protocol):
    """Writes articles to a file."""

    def write(self, table: pa.Table) -> None:
        """Write the articles of a table of SCHEMA."""

    def close(self) -> None:
        """Write what ends the file; the file itself stays open."""


class Format(NamedTuple):
    """A format: the ending of its files, their media type, and what opens a writer on a file."""

    suffix: str
    media_type: str
    open_writer: Callable[[BinaryIO], Writer]


FORMATS = {
    "parquet": Format(parquet.SUFFIX, parquet.MEDIA_TYPE, parquet.open_writer),
    "jsonl": Format(jsonl.SUFFIX, jsonl.MEDIA_TYPE, jsonl.Writer),
    "csv": Format(csv.SUFFIX, csv.MEDIA_TYPE, csv.Writer),
}


def format_of(name: str) -> Format:
    """Return the format of this name; raises UsageError."""
    try:
        return FORMATS[name]
    except KeyError:
        raise UsageError(f"no format {name!r}: choose one of {', '.join(FORMATS)}") from None
