"""CSV as RFC 4180 has it, in UTF-8: lists and pictures as JSON, and no cell that a spreadsheet takes for a formula.

A cell that begins with one of FORMULA, or with an apostrophe, gets an apostrophe before it, as OWASP advises
(https://owasp.org/www-community/attacks/CSV_Injection); who takes the first apostrophe of each cell away has the text
again. Null is an empty cell, and empty text is "".
"""

import json
from typing import BinaryIO

import pyarrow as pa
from pyarrow import compute, csv, types

from scrapers.publish.export.fields import SCHEMA

SUFFIX = ".csv"
MEDIA_TYPE = "text/csv"
FORMULA = "=+\\-@\t\r\n＝＋－＠"  # in brackets of a regular expression
RISKY = f"^[{FORMULA}']"


class Writer:
    """Writes tables of SCHEMA to a file, with a line of names before the first."""

    def __init__(self, file: BinaryIO) -> None:
        self._writer = csv.CSVWriter(file, _flat(SCHEMA.empty_table()).schema)

    def write(self, table: pa.Table) -> None:
        """Write the articles of a table."""
        self._writer.write_table(_flat(table))

    def close(self) -> None:
        """End the file."""
        self._writer.close()


def _flat(table: pa.Table) -> pa.Table:
    return pa.table({name: _cells(table[name]) for name in table.column_names})


def _cells(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if types.is_nested(column.type):
        texts = [None if value is None else json.dumps(value, ensure_ascii=False) for value in column.to_pylist()]
        return pa.chunked_array([texts], pa.string())
    return _defused(column) if types.is_string(column.type) else column


def _defused(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    is_risky = compute.match_substring_regex(texts, RISKY)
    return compute.if_else(is_risky, compute.binary_join_element_wise("'", texts, ""), texts)
