"""Parquet, compressed with zstd: typed, and read by all that reads tables."""

from typing import BinaryIO

from pyarrow import parquet

from scrapers.publish.export.fields import SCHEMA

SUFFIX = ".parquet"
LEVEL = 3  # zstd's own default
FEW_VALUES = [
    "outlet",
    "publisher",
    "editor",
    "in_language",
    "kind",
    "copy_kind",
    "withdrawn_reason",
    "robots",
]  # told once
MEDIA_TYPE = "application/x-parquet"  # what readers of Croissant know it by


def open_writer(file: BinaryIO) -> parquet.ParquetWriter:
    """Return what writes tables of SCHEMA to the file, each as a row group; close() ends it."""
    return parquet.ParquetWriter(
        file, SCHEMA, compression="zstd", compression_level=LEVEL, use_dictionary=FEW_VALUES, version="2.6"
    )
