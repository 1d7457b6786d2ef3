"""Exports in the hands of their users: the lines of docs/how-to/export.md, and the reference reader of Croissant.

`make test-readers` runs them; without its libraries they are skipped.
"""

import re

import pytest

from scrapers.config import ROOT
from scrapers.publish.export.export import export
from scrapers.publish.export.formats import FORMATS
from scrapers.publish.export.selection import Selection
from tests.publish.export.conftest import stored
from tests.publish.export.test_export import at

LINES = re.findall(
    r"^(?:pandas|duckdb|datasets)\..*", (ROOT / "docs/how-to/export.md").read_text("utf-8"), re.MULTILINE
)

__all__ = ["stored"]


@pytest.fixture
def corpus(stored, dsn, tmp_path, monkeypatch):
    """Return the name of an export below the present folder, of three articles in two files."""
    stored(at(1, headline="=1"), at(2, outlet="kompas", date_published=None), at(3, author=("A", "B")))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    def export_as(format):
        export(tmp_path / "corpus", Selection(), format, dsn=dsn)
        return "corpus"

    return export_as


@pytest.mark.parametrize("line", [line for line in LINES if "csv" not in line], ids=lambda line: line.split(".")[0])
def test_line_of_the_docs_loads_the_corpus(corpus, line):
    library = line.split(".")[0]
    loaded = eval(line, {library: pytest.importorskip(library), "corpus": corpus("parquet")})  # noqa: S307 - our own docs

    if library == "duckdb":
        assert sorted(loaded.fetchall()) == [("kompas", 1), ("seed", 2)]
    else:
        assert len(loaded) == 3
        assert sorted(loaded["outlet"]) == ["kompas", "seed", "seed"]


def test_line_of_the_docs_gives_the_texts_of_csv_again(corpus):
    pandas = pytest.importorskip("pandas")
    [line] = [line for line in LINES if "csv" in line]
    corpus("csv")

    loaded = eval(line.replace("kompas/2026-01", "seed/2025-12"), {"pandas": pandas})  # noqa: S307 - our own docs

    assert list(loaded["headline"]) == ["=1", "Judul"]


def test_duckdb_leaves_out_what_is_not_meant_for_training(corpus):
    duckdb = pytest.importorskip("duckdb")
    corpus("parquet")

    left = duckdb.sql("SELECT url FROM 'corpus/data/*/*.parquet' WHERE NOT list_contains(opt_outs, 'noai')").fetchall()

    assert len(left) == 3


@pytest.mark.parametrize("format", FORMATS)
def test_data_card_is_valid_croissant(corpus, format):
    mlcroissant = pytest.importorskip("mlcroissant")
    corpus(format)

    card = mlcroissant.Dataset("corpus/croissant.json")

    assert not card.metadata.ctx.issues.errors
    if FORMATS[format].is_table:
        assert len(list(card.records("articles"))) == 3
