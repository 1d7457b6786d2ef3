import re

import pytest

from scrapers.publish.history import PARTS
from scrapers.settings import ROOT
from scrapers.storage import connection
from scrapers.storage.connection import query, statements

CODE = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "scrapers").rglob("*.py")))
QUERIED = set(re.findall(r'(?:\bquery|_rows|_dicts)\((?:connection, )?"(\w+)"', CODE)) | {f"page_{p}" for p in PARTS}


@pytest.fixture
def written(monkeypatch, tmp_path):
    """Return a function that puts files in the place of queries/."""
    (tmp_path / "queries").mkdir()
    monkeypatch.setattr(connection.resources, "files", lambda _: tmp_path)
    statements.cache_clear()
    yield lambda name, text: (tmp_path / "queries" / name).write_text(text)
    statements.cache_clear()


def test_statement_is_found_by_its_name_with_its_description(written):
    written(
        "pages.sql", "-- Pages.\n\n-- name: one\n-- Says one.\nSELECT 1;\n\n-- name: two\n-- Says two.\nSELECT 2;\n"
    )

    assert query("one") == b"-- Says one.\nSELECT 1;"
    assert query("two") == b"-- Says two.\nSELECT 2;"


def test_name_that_no_statement_has_is_an_error(written):
    written("pages.sql", "-- name: one\n-- Says one.\nSELECT 1;\n")

    with pytest.raises(LookupError, match="no statement 'tow'"):
        query("tow")


def test_name_of_two_statements_is_an_error(written):
    written("pages.sql", "-- name: one\n-- Says one.\nSELECT 1;\n")
    written("feeds.sql", "-- name: one\n-- Says another.\nSELECT 2;\n")

    with pytest.raises(LookupError, match="two statements 'one'"):
        query("one")


def test_every_statement_that_the_code_asks_for_is_there():
    assert QUERIED - statements().keys() == set()


@pytest.mark.parametrize("name", statements())
def test_every_statement_is_used(name):
    assert name in QUERIED or f'"{name}"' in CODE


@pytest.mark.parametrize("name", statements())
def test_every_statement_is_described_and_is_one(name):
    statement = statements()[name].decode()
    code = re.sub(r"--.*|'[^']*'", "", statement)

    assert re.match(r"-- \S", statement)
    assert code.count(";") == 1
    assert code.rstrip().endswith(";")
