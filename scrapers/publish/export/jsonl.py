"""JSON lines: an article a line, times in ISO 8601."""

import json
from datetime import datetime
from typing import BinaryIO

import pyarrow as pa

SUFFIX = ".jsonl"
MEDIA_TYPE = "application/jsonlines"  # what readers of Croissant know it by


class Writer:
    """Writes tables of SCHEMA to a file, a line an article."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, table: pa.Table) -> None:
        """Write the articles of a table."""
        lines = (json.dumps(row, ensure_ascii=False, default=datetime.isoformat) for row in table.to_pylist())
        self._file.writelines(f"{line}\n".encode() for line in lines)

    def close(self) -> None:
        """End the file: nothing is left to write."""
