"""Parquet, compressed with zstd: typed, and read by all that reads tables."""

from typing import BinaryIO

from pyarrow import parquet

from scrapers.publish.export.fields import SCHEMA

SUFFIX = ".parquet"
MEDIA_TYPE = "application/vnd.apache.parquet"


def open_writer(file: BinaryIO) -> parquet.ParquetWriter:
    """Return what writes tables of SCHEMA to the file, each as a row group; close() ends it."""
    return parquet.ParquetWriter(file, SCHEMA, compression="zstd", version="2.6", data_page_version="1.0")
