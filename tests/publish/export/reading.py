"""Reads exports back: the articles as rows of JSON, in the order of the files."""

import csv
import json
from datetime import datetime

from fastwarc.warc import ArchiveIterator, WarcRecordType
from pyarrow import csv as arrow_csv
from pyarrow import parquet, types

from scrapers.publish.export.fields import SCHEMA

NESTED = [field.name for field in SCHEMA if types.is_nested(field.type)]
NUMBERS = [field.name for field in SCHEMA if types.is_integer(field.type)]
FLAT = arrow_csv.ConvertOptions(
    column_types={field.name: field.type for field in SCHEMA if not types.is_nested(field.type)}
    | dict.fromkeys(NESTED, "string"),
    strings_can_be_null=True,
    quoted_strings_can_be_null=False,
)


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def data(folder):
    return files(folder / "data")


def rows(folder):
    return [row for file in data(folder) for row in READERS[file.suffix](file)]


def _of_parquet(file):
    return json.loads(json.dumps(parquet.read_table(file).to_pylist(), default=datetime.isoformat))


def _of_jsonl(file):
    return [json.loads(line) for line in file.read_text("utf-8").split("\n")[:-1]]


def _of_csv(file):
    read = arrow_csv.read_csv(
        file, parse_options=arrow_csv.ParseOptions(newlines_in_values=True), convert_options=FLAT
    ).to_pylist()
    fused = [{name: _fused(value) for name, value in row.items()} for row in read]
    plain = [row | {name: row[name] and json.loads(row[name]) for name in NESTED} for row in fused]
    return json.loads(json.dumps(plain, default=datetime.isoformat))


def _of_warc(file):
    with file.open("rb") as archive:
        articles = [json.loads(one.reader.read()) for one in ArchiveIterator(archive, WarcRecordType.metadata)]
    return [{name: article[name] for name in SCHEMA.names} for article in articles]


def _fused(value):
    """Return the text of a cell without the apostrophe before what a spreadsheet would take for a formula."""
    return value.removeprefix("'") if isinstance(value, str) else value


def spreadsheet(file):
    """Return the cells as a spreadsheet sees them."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


READERS = {".parquet": _of_parquet, ".jsonl": _of_jsonl, ".csv": _of_csv, ".gz": _of_warc}
