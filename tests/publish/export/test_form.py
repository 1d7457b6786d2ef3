import json
from datetime import UTC, datetime, timedelta

import pytest

from scrapers import config
from scrapers.errors import UsageError
from scrapers.publish.export import export as room
from scrapers.publish.export.form import export_form
from scrapers.storage.connection import connect
from tests.publish.export.reading import rows
from tests.publish.export.test_export import at

FORM = dict.fromkeys(("outlet", "since", "until", "as_of", "folder")) | {"format": "jsonl", "level": "all"}


@pytest.fixture
def form(dsn, tmp_path, monkeypatch):
    """Return a function that exports by a form, below a folder of its own."""
    monkeypatch.setattr(config, "EXPORTS", tmp_path / "exports")
    monkeypatch.setattr(room, "connect", lambda _: connect(dsn))
    return lambda moment, **fields: export_form(FORM | fields, moment)


def test_form_exports_as_of_the_moment_of_its_run_into_a_folder_of_that_name(stored, form, tmp_path):
    stored(at(1), at(2, outlet="kompas"))
    moment = datetime.now(UTC)

    told = form(moment, outlet="kompas", since="2025-01-01")

    [folder] = (tmp_path / "exports").iterdir()
    assert told == {"folder": str(folder), "articles": 1, "as_of": moment.isoformat()}
    assert [row["outlet"] for row in rows(folder)] == ["kompas"]
    assert form(moment, outlet="kompas", since="2025-01-01") == told


def test_form_names_moment_and_folder(stored, form, tmp_path):
    stored(at(1))
    moment = datetime.now(UTC) - timedelta(microseconds=1)

    told = form(datetime.now(UTC), as_of=moment.replace(tzinfo=None).isoformat(), folder="corpus")

    manifest = json.loads((tmp_path / "exports" / "corpus" / "manifest.json").read_text())
    assert told["as_of"] == manifest["request"]["selection"]["as_of"] == moment.isoformat()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"folder": "../corpus"}, "is no name of a folder below"),
        ({"folder": "/etc"}, "is no name of a folder below"),
        ({"folder": ".."}, "is no name of a folder below"),
        ({"since": "yesterday"}, "a field that is no date"),
        ({"as_of": "now"}, "a field that is no date"),
    ],
)
def test_form_that_makes_no_sense_is_refused(form, fields, told):
    with pytest.raises(UsageError, match=told):
        form(datetime.now(UTC), **fields)
