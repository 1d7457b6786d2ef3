"""What a search finds, as a file."""

import csv
import io
import json

import pytest
from pyarrow import parquet

from scrapers.errors import UsageError
from scrapers.publish import found
from scrapers.publish.export.fields import SCHEMA
from scrapers.publish.search import Search
from scrapers.storage.articles import store
from tests.factories import URL, article, leased, result

HEADLINES = [f"Judul {number}" for number in range(7)]


@pytest.fixture
def stored(database, run_id):
    for number, headline in enumerate(HEADLINES):
        item = article(url=f"{URL}/{number}", canonical_url=f"{URL}/{number}", headline=headline)
        [page] = leased(database, run_id, item.url)
        store(database, run_id, [result(page, article=item)])


def taken(database, format, query="judul"):
    _, pieces = found.found_articles(database, Search(query), format)
    return b"".join(pieces)


def headlines_of(format, data):
    if format == "csv":
        return [row["headline"] for row in csv.DictReader(io.StringIO(data.decode()))]
    if format == "jsonl":
        return [json.loads(line)["headline"] for line in data.splitlines()]
    table = parquet.read_table(io.BytesIO(data))
    assert table.schema.equals(SCHEMA)
    return table["headline"].to_pylist()


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet"])
def test_file_holds_each_article_that_matches_once(database, stored, format, monkeypatch):
    monkeypatch.setattr(found, "AT_ONCE", 3)

    assert sorted(headlines_of(format, taken(database, format))) == HEADLINES


def test_file_ends_at_the_most_that_a_search_gives(database, stored, monkeypatch):
    monkeypatch.setattr(found, "AT_ONCE", 2)
    monkeypatch.setattr(found, "MOST", 4)

    assert len(headlines_of("jsonl", taken(database, "jsonl"))) == 4


@pytest.mark.parametrize(
    ("format", "query", "told"),
    [("warc", "judul", "choose csv"), ("xlsx", "judul", "no format"), ("csv", "gempa", "no article matches")],
)
def test_file_that_cannot_be_had_is_told_at_once(database, stored, format, query, told):
    with pytest.raises(UsageError, match=told):
        taken(database, format, query)
