"""The formats of an export, by the names that users give."""

import zlib
from collections.abc import Callable, Mapping
from importlib.metadata import version
from types import MappingProxyType
from typing import BinaryIO, NamedTuple, Protocol

import pyarrow as pa

from scrapers.errors import UsageError
from scrapers.publish.export import csv, jsonl, parquet, warc
from scrapers.publish.export.selection import Corpus


class Writer(Protocol):
    """Writes articles to a file."""

    def write(self, table: pa.Table) -> None:
        """Write the articles of a table of SCHEMA."""

    def close(self) -> None:
        """Write what ends the file; the file itself stays open."""


class Format(NamedTuple):
    """A format: the ending of its files, their media type, and what opens a writer on a file.

    `is_table` says that its files have the fields of SCHEMA; `versions` are those of what else its bytes depend on.
    """

    suffix: str
    media_type: str
    open_writer: Callable[[BinaryIO, Corpus], Writer]
    is_table: bool = True
    versions: Mapping[str, str] = MappingProxyType({})


OF_WARC = {"warcio": version("warcio"), "zlib": zlib.ZLIB_RUNTIME_VERSION}
FORMATS = {
    "parquet": Format(parquet.SUFFIX, parquet.MEDIA_TYPE, lambda file, _: parquet.open_writer(file)),
    "jsonl": Format(jsonl.SUFFIX, jsonl.MEDIA_TYPE, lambda file, _: jsonl.Writer(file)),
    "csv": Format(csv.SUFFIX, csv.MEDIA_TYPE, lambda file, _: csv.Writer(file)),
    "warc": Format(warc.SUFFIX, warc.MEDIA_TYPE, warc.Writer, is_table=False, versions=OF_WARC),
}


def format_of(name: str) -> Format:
    """Return the format of this name; raises UsageError."""
    try:
        return FORMATS[name]
    except KeyError:
        raise UsageError(f"no format {name!r}: choose one of {', '.join(FORMATS)}") from None
